/**
 * Progress properties, AG (scope => EF goal), on a state space that was visited completely.
 *
 * The steps that count were written down during the search; so the states that can still reach the goal are
 * found by going backwards from it. A state that cannot is stuck, and definitely so if it cannot reach a state
 * either where a bound cut off steps that count: behind the bound there might have been a way.
 */
import { BackwardReach } from './backward-reach.ts';
import type { EdgeLog } from './edge-log.ts';
import { EACH_TIME, type Work } from './judging.ts';
import type { Predicates } from './predicate.ts';
import type { Search } from './search.ts';
import type { Progress } from './system.ts';

export type ProgressFinding =
  | { readonly kind: 'fine' }
  /** The first state, breadth first, that is stuck for certain. */
  | { readonly kind: 'stuck'; readonly state: number }
  /** Some states are stuck unless there is a way behind these bounds; no state is stuck for certain. */
  | { readonly kind: 'cut-off'; readonly settings: readonly string[] };

export function* progressOf<C, M, O, A>(
  search: Search<C, M, O, A>,
  log: EdgeLog,
  progress: Progress<C>,
  predicates: Predicates<C, M, O, A>,
): Work<ProgressFinding> {
  const states = search.table.count;
  const { starts, targets, bounds } = log;
  const scope = yield* predicates.satisfying(progress.scope);
  if (targets.length === 0 && bounds.all.every((set) => set === 0)) {
    // No step counts: a state in scope has to be in the goal itself.
    const isThere = yield* predicates.satisfying(progress.goal, scope);
    const state = scope.findIndex((isIn, each) => isIn === 1 && isThere[each] === 0);
    return state < 0 ? { kind: 'fine' } : { kind: 'stuck', state };
  }
  const goal = yield* predicates.satisfying(progress.goal);
  const backward = yield* BackwardReach.of(states, starts.data, targets.data, targets.length);
  const saved = yield* backward.reaching((state) => goal[state] === 1);
  const cutOff = yield* backward.reaching((state) => bounds.data[state] !== 0);

  const doubtful: number[] = [];
  for (let state = 0; state < states; state++) {
    if (scope[state] === 0 || saved[state] === 1) continue;
    if (cutOff[state] === 0) return { kind: 'stuck', state };
    doubtful.push(state);
  }
  if (doubtful.length === 0) return { kind: 'fine' };
  const met = search.knowledge.words.boundsIn(yield* boundsReachable(log, states, doubtful));
  return { kind: 'cut-off', settings: [...new Set(met.map(({ setting }) => setting))].sort() };
}

/** The set of all bounds at states that can be reached from some of these. */
function* boundsReachable(log: EdgeLog, states: number, from: readonly number[]): Work<number> {
  const seen = new Uint8Array(states);
  const queue = [...from];
  let bounds = 0;
  let done = 0;
  for (const state of from) seen[state] = 1;
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    if (done++ % EACH_TIME === 0) yield { stage: 'asking for bounds', done, of: states };
    bounds |= log.bounds.data[state]!;
    const end = state + 1 < states ? log.starts.data[state + 1]! : log.targets.length;
    for (let e = log.starts.data[state]!; e < end; e++) {
      const target = log.targets.data[e]!;
      if (seen[target] === 1) continue;
      seen[target] = 1;
      queue.push(target);
    }
  }
  return bounds;
}
