/**
 * Fair progress, on a state space that was visited completely: no fair run stays for ever in scope and outside goal.
 *
 * The states where it must not stay are the region (`fair-region.ts`). All that a run can visit infinitely often lies in a strongly
 * connected component of the region. Nearly all components are single states, and for these one look decides whether
 * a run may stay there; the others are put to `fair-cycles.ts`, one component after the other.
 *
 * A run that stays for ever among states where no bound cuts off what fairness may ask for violates the property for
 * certain. If there is none, but one that stays where something was cut off, nothing is known: beyond the bound it
 * might not be fair.
 */
import { Demands } from './demands.ts';
import { FairCycles, type FairPart, TooManyChoices } from './fair-cycles.ts';
import { FairGraph } from './fair-graph.ts';
import { FairRegion } from './fair-region.ts';
import { GrowingInts } from './growing-ints.ts';
import type { Work } from './judging.ts';
import { lassoIn } from './lasso.ts';
import type { Predicates } from './predicate.ts';
import type { Counterexample } from './result.ts';
import type { Search } from './search.ts';
import { StepsOfState } from './steps-of-state.ts';
import type { FairProgress } from './system.ts';

export type FairFinding<C, M, O, A> =
  | { readonly kind: 'fine' }
  | { readonly kind: 'violated'; readonly lasso: Omit<Counterexample<C, M, O, A>, 'because'> }
  /** Some runs are fair unless these bounds cut off what makes them unfair; none is fair for certain. */
  | { readonly kind: 'cut-off'; readonly settings: readonly string[] }
  | { readonly kind: 'given-up' };

export function* fairProgressOf<C, M, O, A>(
  search: Search<C, M, O, A>,
  progress: FairProgress<C, M, A>,
  predicates: Predicates<C, M, O, A>,
): Work<FairFinding<C, M, O, A>> {
  const reader = new StepsOfState(search);
  const demands = new Demands(search, progress.fairness);
  const scope = yield* predicates.satisfying(progress.scope);
  const goal = yield* predicates.satisfying(progress.goal, scope);
  const mustLeave = scope.map((isIn, state) => isIn & (1 - goal[state]!));
  const counting = boundsOfOtherKinds(search, progress.fairness.without);
  const region = yield* FairRegion.of(mustLeave, reader, demands, counting);
  try {
    return yield* new FairFinder(search, reader, demands, region).find();
  } catch (error) {
    if (error instanceof TooManyChoices) return { kind: 'given-up' };
    throw error;
  }
}

/** A part of a graph of states of the search. */
interface Found {
  readonly graph: FairGraph;
  readonly part: FairPart;
}

class FairFinder<C, M, O, A> {
  readonly #search: Search<C, M, O, A>;
  readonly #reader: StepsOfState<C, M, O, A>;
  readonly #demands: Demands<C, M, O, A>;
  readonly #region: FairRegion;

  constructor(
    search: Search<C, M, O, A>,
    reader: StepsOfState<C, M, O, A>,
    demands: Demands<C, M, O, A>,
    region: FairRegion,
  ) {
    this.#search = search;
    this.#reader = reader;
    this.#demands = demands;
    this.#region = region;
  }

  *find(): Work<FairFinding<C, M, O, A>> {
    const { bounds } = this.#region;
    const certain = yield* this.#firstPart((vertex) => bounds[vertex] === 0);
    if (certain !== undefined) {
      const { graph, part } = certain;
      return { kind: 'violated', lasso: yield* lassoIn(this.#reader, this.#demands, graph, part) };
    }
    if (bounds.every((set) => set === 0)) return { kind: 'fine' };
    const doubtful = yield* this.#firstPart(() => true);
    return doubtful === undefined
      ? { kind: 'fine' }
      : { kind: 'cut-off', settings: this.#settingsAt(doubtful) };
  }

  /** The part with the first state, breadth first, of all in which a fair run can stay among some of the states. */
  *#firstPart(isIn: (vertex: number) => boolean): Work<Found | undefined> {
    const region = this.#region;
    const among = new GrowingInts();
    // A run may stay at this one at least; only a part with an earlier state is better.
    let first = Number.POSITIVE_INFINITY;
    for (let vertex = 0; vertex < region.states.length; vertex++) {
      if (!isIn(vertex)) continue;
      among.push(vertex);
      if (region.canStay[vertex] === 1) first = Math.min(first, vertex);
    }
    let best = Number.isFinite(first) ? yield* this.#partOf(Int32Array.of(region.states[first]!)) : undefined;
    for (const component of yield* this.#severalTogether(among.data.slice(0, among.length))) {
      if (component[0]! >= first) break;
      const found = yield* this.#partOf(component.map((vertex) => region.states[vertex]!));
      const own = found === undefined ? first : region.vertexOf(lowestState(found));
      if (own >= first) continue;
      first = own;
      best = found;
    }
    return best;
  }

  /** The components of more than one vertex, the lowest first, each with its lowest vertex first. */
  *#severalTogether(vertices: Int32Array): Work<readonly Int32Array[]> {
    const components: Int32Array[] = [];
    yield* this.#region.searchComponents(vertices, (component) => {
      if (component.length > 1) components.push(component.slice().sort());
    });
    return components.sort(([a], [b]) => a! - b!);
  }

  /** The part with the first state of all among these states, which are given with the first one first. */
  *#partOf(states: Int32Array): Work<Found | undefined> {
    const graph = yield* FairGraph.of(states, this.#reader, this.#demands);
    const part = yield* new FairCycles(graph, this.#demands).find();
    return part === undefined ? undefined : { graph, part };
  }

  /** The settings whose bounds were met in a part. */
  #settingsAt({ graph, part }: Found): readonly string[] {
    const { bounds } = this.#region;
    const met = part.vertices.reduce(
      (set, vertex) => set | bounds[this.#region.vertexOf(graph.states[vertex]!)]!,
      0,
    );
    const settings = this.#search.knowledge.words.boundsIn(met).map(({ setting }) => setting);
    return [...new Set(settings)].sort();
  }
}

const lowestState = ({ graph, part }: Found): number =>
  graph.states[part.vertices.reduce((least, vertex) => Math.min(least, vertex))]!;

/** The set of bounds on kinds of steps other than these. */
function boundsOfOtherKinds<C, M, O, A>(
  { knowledge: { words } }: Search<C, M, O, A>,
  without: readonly string[],
): number {
  let set = 0;
  for (let id = 0; id < words.bounds.size; id++) {
    if (!without.includes(words.kinds[words.bounds.valueOf(id).kind]!)) set |= 1 << id;
  }
  return set;
}
