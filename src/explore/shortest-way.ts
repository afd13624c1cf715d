/**
 * The shortest way from a state to one of some sort: breadth first, over all states that can be reached from there.
 * Neither symmetry nor dead messages are made use of; so it is slower than an exploration, and its way is one of the
 * system as it is.
 */
import { observed, type Position } from './by-hand.ts';
import { breathe } from './host.ts';
import { Interner } from './intern.ts';
import type { TakenStep } from './result.ts';
import { Stepper } from './stepper.ts';
import type { Observed, Predicate, System } from './system.ts';

/** What a way is to end with. */
export type Wanted<C> =
  /** A step that violates one of these properties (ids of monitors), which are not violated yet. */
  | { readonly kind: 'violation'; readonly of: readonly string[] }
  /** A state in which something holds, by steps of other kinds than `without`. */
  | { readonly kind: 'state'; readonly in: Predicate<C>; readonly without: readonly string[] };

export type WayFound<C, M, O, A> =
  | {
      readonly kind: 'found';
      readonly steps: readonly TakenStep<C, M, O, A>[];
      /** States that were looked at. */
      readonly states: number;
    }
  /** Every state that can be reached was looked at; `boundedBy` names the bounds that alone forbade a step somewhere. */
  | { readonly kind: 'none'; readonly states: number; readonly boundedBy: readonly string[] }
  | { readonly kind: 'stopped'; readonly states: number };

export interface WayOptions {
  readonly signal?: { readonly aborted: boolean };
  /** No more states than this are looked at; absent: as many as there are. */
  readonly states?: number;
  readonly onProgress?: (states: number) => void;
}

/** States that are looked at between two returns to the event loop. */
const EACH_TIME = 512;

/** Looks for such a way until it is found, or until all states have been looked at. */
export async function shortestWay<C, M, O, A>(
  system: System<C, M, O, A>,
  from: Position<C, M>,
  wanted: Wanted<C>,
  { signal, states: most = Number.POSITIVE_INFINITY, onProgress }: WayOptions = {},
): Promise<WayFound<C, M, O, A>> {
  const stepper = new Stepper(system, new Interner<unknown>(), () => 0);
  const watching =
    wanted.kind === 'violation'
      ? system.monitors.flatMap((monitor, index) =>
          wanted.of.includes(monitor.id) && from.watched[index]?.ok === true ? [{ monitor, index }] : [],
        )
      : [];
  const watches = new Interner<readonly unknown[]>();
  const isThere = (state: number): boolean =>
    wanted.kind === 'state' &&
    wanted.in.holds(wanted.in.reads.map((component) => stepper.valuesOf(state)[component] as C));
  const counts = (kind: string): boolean => wanted.kind === 'violation' || !wanted.without.includes(kind);

  /** What the monitors come to; undefined if one of them is violated. */
  const after = (watched: number, observations: readonly O[]): number | undefined => {
    if (observations.length === 0) return watched;
    const states: unknown[] = [];
    for (const [at, { monitor }] of watching.entries()) {
      const before: Observed<unknown> = { ok: true, state: watches.valueOf(watched)[at] };
      const seen = observed(monitor, before, observations);
      if (!seen.ok) return undefined;
      states.push(seen.state);
    }
    return watches.idOf(states);
  };

  const begin = stepper.stateAt(from.values, from.sent);
  const first = watches.idOf(
    watching.map(({ index }) => {
      const watched = from.watched[index];
      return watched?.ok === true ? watched.state : null;
    }),
  );
  if (isThere(begin)) return { kind: 'found', steps: [], states: 1 };
  const queue: {
    readonly state: number;
    readonly watched: number;
    readonly by: number;
    readonly arc: number;
  }[] = [{ state: begin, watched: first, by: -1, arc: -1 }];
  const seen = new Map<number, Set<number>>([[begin, new Set([first])]]);
  const boundedBy = new Set<string>();
  const told = (at: number, arc: number): readonly TakenStep<C, M, O, A>[] => {
    const steps: TakenStep<C, M, O, A>[] = [];
    for (let node = at, taken = arc; node >= 0; taken = queue[node]!.arc, node = queue[node]!.by) {
      const { state } = queue[node]!;
      if (taken >= 0) steps.unshift(stepper.told(state, stepper.arcsFrom(state)[taken]!));
    }
    return steps;
  };
  for (let head = 0; head < queue.length; head++) {
    if (head % EACH_TIME === EACH_TIME - 1) {
      onProgress?.(head);
      await breathe();
    }
    if (signal?.aborted === true || queue.length > most) return { kind: 'stopped', states: head };
    const { state, watched } = queue[head]!;
    for (const [index, arc] of stepper.arcsFrom(state).entries()) {
      if (!counts(stepper.kindOf(arc))) continue;
      const next = after(watched, watching.length === 0 ? [] : stepper.observationsOf(state, arc));
      if (next === undefined || isThere(arc.target)) {
        return { kind: 'found', steps: told(head, index), states: head + 1 };
      }
      const known = seen.get(arc.target);
      if (known?.has(next) === true) continue;
      if (known === undefined) seen.set(arc.target, new Set([next]));
      else known.add(next);
      queue.push({ state: arc.target, watched: next, by: head, arc: index });
    }
    for (const bound of stepper.boundsOf(state)) boundedBy.add(bound);
  }
  return { kind: 'none', states: queue.length, boundedBy: [...boundedBy] };
}
