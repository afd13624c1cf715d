/**
 * The states that a fair run must leave, in scope and not goal; the steps between them; and what one look at each
 * tells of the run that stays there.
 */
import type { DemandTable } from './demands.ts';
import { forEachMet, indexIn } from './fair-graph.ts';
import { GrowingInts } from './growing-ints.ts';
import type { StepReader } from './steps-of-state.ts';
import { StronglyConnected } from './strongly-connected.ts';

/** A run may stay at the state, and do nothing. */
export const FAIR = 0;
/** A run may not stay there: some demand is raised by the state alone, and no step in place meets it. */
export const UNFAIR = 1;
/** If a run may stay there, it has to do something in place, which may raise further demands. */
export const UNDECIDED = 2;

export class FairRegion {
  /** The states, by vertex, lowest first. */
  readonly states: Int32Array;
  /** `FAIR`, `UNFAIR` or `UNDECIDED`, by vertex. */
  readonly looks: Uint8Array;
  /** For each vertex the set of bounds that cut steps off there, as far as they count. */
  readonly bounds: Int32Array;
  readonly #components: StronglyConnected;

  /**
   * @param mustLeave - a 1 for each state of the region
   * @param counting - the set of bounds that count
   */
  constructor(mustLeave: Uint8Array, reader: StepReader, demands: DemandTable, counting: number) {
    const states = new GrowingInts();
    for (let state = 0; state < mustLeave.length; state++) if (mustLeave[state] === 1) states.push(state);
    this.states = states.data.slice(0, states.length);
    this.looks = new Uint8Array(states.length);
    this.bounds = new Int32Array(states.length);
    const starts = new Int32Array(states.length + 1);
    const targets = new GrowingInts();
    const vertexOf = new Int32Array(mustLeave.length).fill(-1);
    for (let v = 0; v < states.length; v++) vertexOf[this.states[v]!] = v;
    const look = new Look(demands);
    for (let v = 0; v < states.length; v++) {
      const state = this.states[v]!;
      reader.read(state);
      for (let step = 0; step < reader.count; step++) {
        const target = vertexOf[reader.targets.data[step]!]!;
        if (target >= 0 && target !== v) targets.push(target);
      }
      starts[v + 1] = targets.length;
      this.bounds[v] = reader.bounds & counting;
      this.looks[v] = look.at(state, reader);
    }
    this.#components = new StronglyConnected(starts, targets.data.slice(0, targets.length));
  }

  /** The vertex of a state, or -1. */
  vertexOf(state: number): number {
    return indexIn(this.states, state);
  }

  /** Tells the strongly connected components that some vertices have. The array is theirs only during the call. */
  searchComponents(vertices: Int32Array, found: (component: Int32Array) => void): void {
    this.#components.search(vertices, () => true, found);
  }
}

/** Looks at one state after the other. */
class Look {
  readonly #demands: DemandTable;
  /** For each demand, at which look it was last found to be sent, possible, and met in place. */
  readonly #sent: number[] = [];
  readonly #possible: number[] = [];
  readonly #inPlace: number[] = [];
  #looks = 0;

  constructor(demands: DemandTable) {
    this.#demands = demands;
  }

  /** What the state that was read last tells. */
  at(state: number, reader: StepReader): number {
    const now = ++this.#looks;
    const demands = this.#demands;
    const sent = this.#sent;
    const possible = this.#possible;
    const inPlace = this.#inPlace;
    const raised: number[] = [];
    demands.forEachAgain(reader.ids, (demand) => {
      sent[demand] = now;
    });
    for (let step = 0; step < reader.count; step++) {
      const stays = reader.targets.data[step] === state;
      forEachMet(reader, demands, step, (demand) => {
        if (stays) inPlace[demand] = now;
        if (possible[demand] === now) return;
        possible[demand] = now;
        if (demands.isGroup(demand) || sent[demand] === now) raised.push(demand);
      });
    }
    if (raised.length === 0) return FAIR;
    return raised.every((demand) => inPlace[demand] === now) ? UNDECIDED : UNFAIR;
  }
}
