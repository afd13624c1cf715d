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
import { lassoIn } from './lasso.ts';
import { satisfying } from './predicate.ts';
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

export function fairProgressOf<C, M, O, A>(
  search: Search<C, M, O, A>,
  progress: FairProgress<C, M, A>,
): FairFinding<C, M, O, A> {
  const finder = new FairFinder(search, progress);
  try {
    return finder.find();
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

  constructor(search: Search<C, M, O, A>, progress: FairProgress<C, M, A>) {
    this.#search = search;
    this.#reader = new StepsOfState(search);
    this.#demands = new Demands(search, progress.fairness);
    const scope = satisfying(search, progress.scope);
    const goal = satisfying(search, progress.goal);
    const mustLeave = scope.map((isIn, state) => isIn & (1 - goal[state]!));
    const counting = boundsOfOtherKinds(search, progress.fairness.without);
    this.#region = new FairRegion(mustLeave, this.#reader, this.#demands, counting);
  }

  find(): FairFinding<C, M, O, A> {
    const { bounds } = this.#region;
    const certain = this.#firstPart((vertex) => bounds[vertex] === 0);
    if (certain !== undefined) {
      const { graph, part } = certain;
      return { kind: 'violated', lasso: lassoIn(this.#reader, this.#demands, graph, part) };
    }
    if (bounds.every((set) => set === 0)) return { kind: 'fine' };
    const doubtful = this.#firstPart(() => true);
    return doubtful === undefined
      ? { kind: 'fine' }
      : { kind: 'cut-off', settings: this.#settingsAt(doubtful) };
  }

  /** The part with the first state, breadth first, of all in which a fair run can stay among some of the states. */
  #firstPart(isIn: (vertex: number) => boolean): Found | undefined {
    const region = this.#region;
    const vertices = Int32Array.from(region.states.keys()).filter(isIn);
    // A run may stay at this one at least; only a part with an earlier state is better.
    let first = vertices.find((vertex) => region.canStay[vertex] === 1) ?? Number.POSITIVE_INFINITY;
    let best = Number.isFinite(first) ? this.#partOf(Int32Array.of(region.states[first]!)) : undefined;
    region.searchComponents(vertices, (component) => {
      const lowest = component.reduce((least, vertex) => Math.min(least, vertex));
      // Of single states, the first one is known.
      if (component.length === 1 || lowest >= first) return;
      const found = this.#partOf(component.map((vertex) => region.states[vertex]!).sort());
      const own = found === undefined ? first : region.vertexOf(lowestState(found));
      if (own >= first) return;
      first = own;
      best = found;
    });
    return best;
  }

  /** The part with the first state of all among these states, which are given with the first one first. */
  #partOf(states: Int32Array): Found | undefined {
    const graph = new FairGraph(states, this.#reader, this.#demands);
    const cycles = new FairCycles(graph, this.#demands);
    const part = cycles.find();
    return part === undefined ? undefined : { graph, part };
  }

  /** The settings whose bounds were met in a part. */
  #settingsAt({ graph, part }: Found): readonly string[] {
    const { bounds } = this.#region;
    const met = part.vertices.reduce(
      (set, vertex) => set | bounds[this.#region.vertexOf(graph.states[vertex]!)]!,
      0,
    );
    const settings = this.#search.words.boundsIn(met).map(({ setting }) => setting);
    return [...new Set(settings)].sort();
  }
}

const lowestState = ({ graph, part }: Found): number =>
  graph.states[part.vertices.reduce((least, vertex) => Math.min(least, vertex))]!;

/** The set of bounds on kinds of steps other than these. */
function boundsOfOtherKinds<C, M, O, A>({ words }: Search<C, M, O, A>, without: readonly string[]): number {
  let set = 0;
  for (let id = 0; id < words.bounds.size; id++) {
    if (!without.includes(words.kinds[words.bounds.valueOf(id).kind]!)) set |= 1 << id;
  }
  return set;
}
