/**
 * The states that a fair run must leave, in scope and not goal; the steps between them; and what one look at each
 * tells of the runs that stay there.
 */
import type { DemandTable } from './demands.ts';
import { forEachMet, forEachSent, indexIn } from './fair-graph.ts';
import { GrowingInts } from './growing-ints.ts';
import type { StepReader } from './steps-of-state.ts';
import { StronglyConnected } from './strongly-connected.ts';

export class FairRegion {
  /** The states, by vertex, lowest first. */
  readonly states: Int32Array;
  /** A 1 for each vertex at which a fair run can stay for ever, with steps in place or without, and 0 else. */
  readonly canStay: Uint8Array;
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
    this.canStay = new Uint8Array(states.length);
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
      this.canStay[v] = look.at(state, reader) ? 1 : 0;
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

/** A step that changes nothing, as a list of the demands that it meets and a list of the messages that it sends. */
interface InPlace {
  readonly meets: readonly number[];
  readonly sends: readonly number[];
}

/** Looks at one state after the other. */
class Look {
  readonly #demands: DemandTable;
  /** For each demand, at which look it was last found to be sent, and to be possible. */
  readonly #sent: number[] = [];
  readonly #possible: number[] = [];
  #looks = 0;

  constructor(demands: DemandTable) {
    this.#demands = demands;
  }

  /**
   * Whether a fair run can stay at the state that was read last.
   *
   * It has to meet what the state alone raises, by steps in place; what these send may raise further demands. A step
   * that raises one which no other meets is out of the question, and so are those that rely on it.
   */
  at(state: number, reader: StepReader): boolean {
    const raised = this.#raised(reader);
    if (raised.length === 0) return true;
    let steps = this.#inPlace(state, reader);
    const isMet = (demand: number) => steps.some(({ meets }) => meets.includes(demand));
    for (let before = Number.POSITIVE_INFINITY; steps.length < before && raised.every(isMet); ) {
      before = steps.length;
      steps = steps.filter(({ sends }) =>
        sends.every((message) => this.#possible[message] !== this.#looks || isMet(message)),
      );
    }
    return raised.every(isMet);
  }

  /** The demands that the state raises, whatever is done there. */
  #raised(reader: StepReader): readonly number[] {
    const now = ++this.#looks;
    const demands = this.#demands;
    const sent = this.#sent;
    const possible = this.#possible;
    const raised: number[] = [];
    demands.forEachAgain(reader.ids, (demand) => {
      sent[demand] = now;
    });
    for (let step = 0; step < reader.count; step++) {
      forEachMet(reader, demands, step, (demand) => {
        if (possible[demand] === now) return;
        possible[demand] = now;
        if (demands.isGroup(demand) || sent[demand] === now) raised.push(demand);
      });
    }
    return raised;
  }

  #inPlace(state: number, reader: StepReader): readonly InPlace[] {
    const steps: InPlace[] = [];
    for (let step = 0; step < reader.count; step++) {
      if (reader.targets.data[step] !== state) continue;
      const meets: number[] = [];
      const sends: number[] = [];
      forEachMet(reader, this.#demands, step, (demand) => meets.push(demand));
      forEachSent(reader, this.#demands, step, (demand) => sends.push(demand));
      steps.push({ meets, sends });
    }
    return steps;
  }
}
