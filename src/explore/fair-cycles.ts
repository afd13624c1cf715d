/**
 * In which part of a graph can a fair run stay for ever?
 *
 * What a run visits infinitely often is a strongly connected set of states and edges (a single state without an edge
 * included: there, nothing more happens). It is fair if every demand that is raised in it is met in it. A strongly
 * connected component in which all are met is fair itself, and the widest there is. In any other one, some demand is
 * raised and no edge meets it; so a fair set within the component does not raise it either: it does without the
 * states where it is possible, or else without the states and edges that send the message. Either is tried, and the
 * components of what is left are looked at in the same way, until nothing is left (Streett automata are decided so;
 * there, demands have one premise, and there is nothing to choose).
 */
import type { DemandTable } from './demands.ts';
import { ANSWERED, type FairGraph, SENT } from './fair-graph.ts';
import { GrowingInts } from './growing-ints.ts';
import { EACH_TIME, forEachBelow, type Work } from './judging.ts';
import { StronglyConnected } from './strongly-connected.ts';

/** A part of a graph in which a fair run can stay. */
export interface FairPart {
  /** The vertices, in any order. */
  readonly vertices: Int32Array;
  /** Edges that send one of these messages are not in the part. */
  readonly silent: ReadonlySet<number>;
}

/** The search was given up: it would have taken too long. */
export class TooManyChoices extends Error {
  override readonly name = 'TooManyChoices';
}

/** How much work is done on a graph at most: states and edges looked at, each time they are. */
const MOST_WORK = 500_000_000;

export class FairCycles {
  readonly #graph: FairGraph;
  readonly #components: StronglyConnected;
  readonly #demands: Pick<DemandTable, 'count' | 'isGroup'>;
  /** For each vertex, the last component judged that it was in. */
  readonly #inside: Int32Array;
  #judged = 0;
  #work = 0;
  /** How much work is done when there is a word again of how far it is. */
  #nextWord = 0;
  #best: FairPart | undefined;
  /** The lowest vertex of the best part. */
  #lowest = Number.POSITIVE_INFINITY;

  constructor(graph: FairGraph, demands: Pick<DemandTable, 'count' | 'isGroup'>) {
    this.#graph = graph;
    this.#components = new StronglyConnected(graph.starts, graph.targets);
    this.#demands = demands;
    this.#inside = new Int32Array(graph.states.length);
  }

  /**
   * The fair part with the lowest vertex of all that a fair run can stay at.
   *
   * @throws TooManyChoices
   */
  *find(): Work<FairPart | undefined> {
    const all = Int32Array.from(this.#graph.states, (_, vertex) => vertex);
    yield* this.#searchIn(all, new Set());
    return this.#best;
  }

  *#searchIn(vertices: Int32Array, silent: ReadonlySet<number>): Work<void> {
    const isAllowed = (edge: number): boolean => !this.#sendsAny(edge, silent);
    const components: Int32Array[] = [];
    yield* this.#components.search(vertices, isAllowed, (component) => components.push(component.slice()));
    for (const component of components) yield* this.#judge(component, silent);
  }

  *#judge(vertices: Int32Array, silent: ReadonlySet<number>): Work<void> {
    const lowest = vertices.reduce((least, vertex) => Math.min(least, vertex));
    if (lowest >= this.#lowest) return;
    const unmet = yield* this.#unmetIn(vertices, silent);
    if (unmet.length === 0) {
      this.#best = { vertices, silent };
      this.#lowest = lowest;
      return;
    }
    let left = vertices;
    let silenced = silent;
    let choice: number | undefined;
    for (const demand of unmet) {
      const withoutPossible = yield* this.#notSaying(left, 2 * demand + ANSWERED);
      const withoutSent = this.#demands.isGroup(demand)
        ? NOTHING
        : yield* this.#notSaying(left, 2 * demand + SENT);
      if (withoutPossible.length > 0 && withoutSent.length > 0) {
        choice ??= demand;
      } else if (withoutSent.length > 0) {
        left = withoutSent;
        silenced = new Set([...silenced, demand]);
      } else {
        left = withoutPossible;
      }
    }
    if (left.length === 0) return;
    if (left.length < vertices.length || silenced.size > silent.size || choice === undefined) {
      // What there is no choice about comes first: it may settle the rest.
      yield* this.#searchIn(left, silenced);
      return;
    }
    yield* this.#searchIn(yield* this.#notSaying(left, 2 * choice + ANSWERED), silenced);
    yield* this.#searchIn(yield* this.#notSaying(left, 2 * choice + SENT), new Set([...silenced, choice]));
  }

  /** The vertices whose states do not say a word. */
  *#notSaying(vertices: Int32Array, word: number): Work<Int32Array> {
    const kept = new GrowingInts();
    yield* forEachBelow(vertices.length, STAGE, (i) => {
      if (!this.#graph.stateSays(vertices[i]!, word)) kept.push(vertices[i]!);
    });
    return kept.data.slice(0, kept.length);
  }

  /** The demands that are raised in a component and not met. */
  *#unmetIn(vertices: Int32Array, silent: ReadonlySet<number>): Work<readonly number[]> {
    const tally = new Tally(this.#demands);
    const graph = this.#graph;
    const judged = ++this.#judged;
    for (const vertex of vertices) this.#inside[vertex] = judged;
    for (const vertex of vertices) {
      if (this.#work >= this.#nextWord) {
        this.#nextWord = this.#work + EACH_TIME;
        yield { stage: STAGE, done: this.#work };
      }
      graph.forEachStateWord(vertex, tally.ofState);
      const [from, to] = [graph.starts[vertex]!, graph.starts[vertex + 1]!];
      this.#work += 1 + to - from;
      for (let edge = from; edge < to; edge++) {
        if (this.#inside[graph.targets[edge]!] !== judged || this.#sendsAny(edge, silent)) continue;
        graph.forEachEdgeWord(edge, tally.ofEdge);
      }
    }
    if (this.#work > MOST_WORK) throw new TooManyChoices();
    return tally.unmet();
  }

  #sendsAny(edge: number, messages: ReadonlySet<number>): boolean {
    for (const message of messages) if (this.#graph.edgeSays(edge, 2 * message + SENT)) return true;
    return false;
  }
}

const NOTHING = new Int32Array(0);
const STAGE = 'looking for fair ways round';

/** What is said of some states and edges, taken together. */
export class Tally {
  readonly #demands: Pick<DemandTable, 'count' | 'isGroup'>;
  readonly #said: Uint8Array;

  constructor(demands: Pick<DemandTable, 'count' | 'isGroup'>) {
    this.#demands = demands;
    this.#said = new Uint8Array(demands.count);
  }

  readonly ofState = (word: number): void => {
    this.#said[word >>> 1]! |= (word & 1) === SENT ? IS_SENT : IS_POSSIBLE;
  };

  readonly ofEdge = (word: number): void => {
    this.#said[word >>> 1]! |= (word & 1) === SENT ? IS_SENT : IS_MET;
  };

  /** The demands that are raised and not met, lowest first. */
  unmet(): readonly number[] {
    return this.#where((said, demand) => {
      const raised = this.#demands.isGroup(demand) ? IS_POSSIBLE : IS_POSSIBLE | IS_SENT;
      return (said & raised) === raised && (said & IS_MET) === 0;
    });
  }

  /** The messages that are sent and not received, lowest first. */
  inVain(): readonly number[] {
    return this.#where((said) => (said & (IS_SENT | IS_MET)) === IS_SENT);
  }

  #where(isIt: (said: number, demand: number) => boolean): readonly number[] {
    const found: number[] = [];
    this.#said.forEach((said, demand) => {
      if (said !== 0 && isIt(said, demand)) found.push(demand);
    });
    return found;
  }
}

const IS_SENT = 1;
const IS_POSSIBLE = 2;
const IS_MET = 4;
