/**
 * A system walked by hand: one state, all the steps that are possible there, and whatever comes of the one that is
 * taken. Nothing is left out (neither reductions nor tables are used), and nothing is kept: a state is its values.
 */
import { evaluate } from './evaluate.ts';
import type { TakenStep } from './result.ts';
import { isSameStructure } from './structure.ts';
import type { Monitor, Observed, System } from './system.ts';

/** A state with nothing left out. */
export interface Position<C, M> {
  /** One for each component. */
  readonly values: readonly C[];
  /** The set of messages, in the order of their sending. */
  readonly sent: readonly M[];
  /** What each monitor of the system has come to; why it is violated, once it is. */
  readonly watched: readonly Observed<unknown>[];
}

/** A step that can be taken. */
export interface Way<C, M, O, A> {
  readonly step: TakenStep<C, M, O, A>;
  readonly to: Position<C, M>;
  /** The properties that this very step violates. */
  readonly violates: readonly { readonly id: string; readonly because: string }[];
}

/** All steps from a position, in the order of the rules and then of the messages. */
export interface Ways<C, M, O, A> {
  readonly ways: readonly Way<C, M, O, A>[];
  /** The bounds that alone forbid others: names of settings. */
  readonly boundedBy: readonly string[];
}

/** The first initial state of a system, or another one. */
export const beginning = <C, M, O, A>(
  { initial, monitors }: System<C, M, O, A>,
  index = 0,
): Position<C, M> => ({
  values: initial[index] ?? [],
  sent: [],
  watched: monitors.map((monitor) => ({ ok: true, state: monitor.initial })),
});

/**
 * The steps that are possible.
 *
 * @throws SystemDefect if a rule is not what `System` asks for
 */
export function waysFrom<C, M, O, A>(system: System<C, M, O, A>, from: Position<C, M>): Ways<C, M, O, A> {
  const ways: Way<C, M, O, A>[] = [];
  const bounds = new Set<string>();
  for (const rule of system.rules) {
    const values = rule.touches.map((component) => from.values[component] as C);
    for (const message of rule.receives ? from.sent : [undefined]) {
      const { outcomes, boundedBy } = evaluate(rule, values, message);
      if (boundedBy !== undefined) bounds.add(boundedBy);
      for (const outcome of outcomes) {
        const after = [...from.values];
        rule.touches.forEach((component, index) => {
          after[component] = outcome.values[index] as C;
        });
        const kept =
          outcome.consumes === true
            ? from.sent.filter((each) => !isSameStructure(each, message))
            : [...from.sent];
        for (const each of outcome.sent)
          if (!kept.some((known) => isSameStructure(known, each))) kept.push(each);
        const watched = from.watched.map((state, index) =>
          observed(system.monitors[index]!, state, outcome.observations),
        );
        ways.push({
          step: {
            kind: rule.kind,
            action: outcome.action,
            ...(message === undefined ? {} : { received: message }),
            ...(outcome.consumes === true && { consumed: true as const }),
            sent: outcome.sent,
            observations: outcome.observations,
            before: from.values,
            after,
          },
          to: { values: after, sent: kept, watched },
          violates: watched.flatMap((state, index) =>
            !state.ok && from.watched[index]?.ok === true
              ? [{ id: system.monitors[index]!.id, because: state.because }]
              : [],
          ),
        });
      }
    }
  }
  return { ways, boundedBy: [...bounds] };
}

/** Whether two steps do the same: the same action, message and values. */
export const isSameStep = <C, M, O, A>(one: TakenStep<C, M, O, A>, other: TakenStep<C, M, O, A>): boolean =>
  one.kind === other.kind &&
  isSameStructure(one.action, other.action) &&
  isSameStructure(one.received ?? null, other.received ?? null) &&
  isSameStructure(one.after, other.after);

/** Whether nothing is other after a step than before it: no value, no message. */
export const changesNothing = <C, M, O, A>({ step, to }: Way<C, M, O, A>, from: Position<C, M>): boolean =>
  isSameStructure(step.before, step.after) && to.sent.length === from.sent.length;

/** What a monitor comes to by some observations. */
export function observed<O>(
  monitor: Monitor<O>,
  before: Observed<unknown>,
  observations: readonly O[],
): Observed<unknown> {
  let state = before;
  for (const observation of observations) {
    if (!state.ok) return state;
    state = monitor.observe(state.state, observation);
  }
  return state;
}
