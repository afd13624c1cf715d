/**
 * Paths, told in values.
 *
 * The search keeps nothing of a step but the parent of the state that it led to. What the step was is found
 * out again by evaluating the rules on the values of the parent, one by one, until one leads to the child: a
 * counterexample has few steps, and so it shows what the rules say, not what the tables say.
 *
 * A stored state may stand for others (`symmetry.ts`, `dead-messages.ts`). What is told is a run of the system as
 * it is, with everything in its states: from the state that it has come to, a step is looked for to any state for
 * which the next one on the path is stored.
 */
import { SystemDefect } from './defect.ts';
import { evaluate } from './evaluate.ts';
import { VIOLATED } from './monitor-table.ts';
import type { Counterexample, TakenStep } from './result.ts';
import type { Search } from './search.ts';
import { NO_PARENT } from './state-table.ts';
import type { Outcome, StepRule } from './system.ts';

/** A global state with nothing left out: ids of all values and of monitor states, and of all messages sent. */
interface Whole {
  readonly ids: readonly number[];
  readonly monitors: readonly number[];
  readonly sent: ReadonlySet<number>;
}

/** A way to go on from a state. */
interface Candidate<C, M, O, A> {
  readonly rule: StepRule<C, M, O, A>;
  readonly received: readonly M[];
  readonly outcome: Outcome<C, M, O, A>;
  readonly before: Whole;
  readonly after: Whole;
}

/** The shortest path that ends with a step that violates the property of a monitor. */
export function violationOf<C, M, O, A>(
  search: Search<C, M, O, A>,
  monitor: number,
): Counterexample<C, M, O, A> {
  const path = wayTo(search, search.violatedFrom(monitor));
  const last = stepFrom(search, path.end, ({ after }) => after.monitors[monitor] === VIOLATED);
  const table = search.knowledge.monitors[monitor]!;
  const said = table.run(
    path.end.monitors[monitor]!,
    search.knowledge.words.listOf(last.outcome.observations),
  );
  if (said.ok) throw new SystemDefect(`monitor '${table.id}' gave two results for the same observations`);
  const steps = [...path.steps, told(search, last)];
  return { depth: steps.length, initial: path.initial, steps, because: said.because };
}

/** A step as far as it is known: the stored state that it leads to, and what else is meant. */
export interface Leg<C, M, O, A> {
  readonly to: number;
  readonly isMeant: (step: TakenStep<C, M, O, A>) => boolean;
}

/** The shortest path to a state, and what is known of the steps from there on. */
export function pathTo<C, M, O, A>(
  search: Search<C, M, O, A>,
  state: number,
  further: readonly Leg<C, M, O, A>[] = [],
): { readonly initial: readonly C[]; readonly steps: readonly TakenStep<C, M, O, A>[] } {
  const { initial, steps, end } = wayTo(search, state);
  let at = end;
  const legs = further.map(({ to, isMeant }) => {
    const step = stepFrom(
      search,
      at,
      (candidate) => isKeptAs(search, candidate.after, to) && isMeant(told(search, candidate)),
    );
    at = step.after;
    return told(search, step);
  });
  return { initial, steps: [...steps, ...legs] };
}

function wayTo<C, M, O, A>(search: Search<C, M, O, A>, state: number) {
  const states = [state];
  for (let at = search.table.parentOf(state); at !== NO_PARENT; at = search.table.parentOf(at)) {
    states.unshift(at);
  }
  const first = initialOf(search, states[0]!);
  const initial = valuesOf(search, first);
  const steps: TakenStep<C, M, O, A>[] = [];
  let end = first;
  for (const child of states.slice(1)) {
    const step = stepFrom(search, end, ({ after }) => isKeptAs(search, after, child));
    steps.push(told(search, step));
    end = step.after;
  }
  return { initial, steps, end };
}

/** The first initial state of the system for which a state is stored. */
function initialOf<C, M, O, A>(search: Search<C, M, O, A>, stored: number): Whole {
  const { system } = search;
  const { words, monitors } = search.knowledge;
  for (const values of system.initial) {
    const whole: Whole = {
      ids: values.map((value, i) => words.components[i]!.idOf(value)),
      monitors: monitors.map((monitor) => monitor.initial),
      sent: new Set(),
    };
    if (isKeptAs(search, whole, stored)) return whole;
  }
  throw new Error('a state without a parent is no initial state');
}

/** Whether a state is the one that the search keeps for another one: one may stand for several that make no difference. */
function isKeptAs<C, M, O, A>(
  { knowledge: { symmetry, dead, sets }, layout, table }: Search<C, M, O, A>,
  whole: Whole,
  state: number,
): boolean {
  const sent = new Int32Array(sets.words);
  for (const message of whole.sent) sent[message >>> 5]! |= 1 << (message & 31);
  dead?.drop(sent, Int32Array.from(whole.ids));
  const ids = [...whole.ids];
  symmetry?.sort(ids);
  const set = sets.find(sent);
  const fields = [...ids, ...whole.monitors, set];
  // A value that the search has not met, or a set, has no place in a row.
  if (set < 0 || !layout.fits(fields.map((id) => id + 1))) return false;
  const row = new Int32Array(layout.words);
  fields.forEach((id, field) => {
    layout.write(row, field, id);
  });
  return table.isAt(state, row);
}

/** The first step from a state that is what is looked for. */
function stepFrom<C, M, O, A>(
  search: Search<C, M, O, A>,
  from: Whole,
  isIt: (candidate: Candidate<C, M, O, A>) => boolean,
): Candidate<C, M, O, A> {
  for (const candidate of candidates(search, from)) if (isIt(candidate)) return candidate;
  throw new SystemDefect('a rule did not give again the result that it gave before for the same values');
}

/** All steps from a state, in the order of the rules. */
function* candidates<C, M, O, A>(
  search: Search<C, M, O, A>,
  before: Whole,
): Generator<Candidate<C, M, O, A>> {
  const { system } = search;
  const { words } = search.knowledge;
  const all = valuesOf(search, before);
  const sent = [...before.sent].sort((a, b) => a - b);
  for (const rule of system.rules) {
    const values = rule.touches.map((component) => all[component] as C);
    for (const message of rule.receives ? sent : [undefined]) {
      const received = message === undefined ? [] : [words.messages.valueOf(message)];
      for (const outcome of evaluate(rule, values, received[0]).outcomes) {
        yield { rule, received, outcome, before, after: successor(search, before, rule, message, outcome) };
      }
    }
  }
}

/** The state after an outcome of a rule. */
function successor<C, M, O, A>(
  { knowledge: { words, monitors } }: Search<C, M, O, A>,
  before: Whole,
  rule: StepRule<C, M, O, A>,
  message: number | undefined,
  outcome: Outcome<C, M, O, A>,
): Whole {
  const ids = [...before.ids];
  rule.touches.forEach((component, i) => {
    ids[component] = words.components[component]!.idOf(outcome.values[i] as C);
  });
  const sent = new Set(before.sent);
  if (outcome.consumes === true && message !== undefined) sent.delete(message);
  for (const each of outcome.sent) sent.add(words.messages.idOf(each));
  const list = words.listOf(outcome.observations);
  return {
    ids,
    // The empty list was never asked for, since it changes nothing.
    monitors:
      outcome.observations.length === 0
        ? before.monitors
        : before.monitors.map((state, m) =>
            state === VIOLATED ? VIOLATED : monitors[m]!.after(state, list),
          ),
    sent,
  };
}

function told<C, M, O, A>(
  search: Search<C, M, O, A>,
  { rule, received, outcome, before, after }: Candidate<C, M, O, A>,
): TakenStep<C, M, O, A> {
  return {
    kind: rule.kind,
    action: outcome.action,
    ...(received.length > 0 && { received: received[0] as M }),
    ...(outcome.consumes === true && { consumed: true }),
    sent: outcome.sent,
    observations: outcome.observations,
    before: valuesOf(search, before),
    after: valuesOf(search, after),
  };
}

const valuesOf = <C, M, O, A>({ knowledge: { words } }: Search<C, M, O, A>, { ids }: Whole): readonly C[] =>
  words.components.map((component, i) => component.valueOf(ids[i]!));
