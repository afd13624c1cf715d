/**
 * The states that a fair run must leave, in scope and not goal; the steps between them; and what one look at each
 * tells of the runs that stay there.
 */
import type { DemandTable } from './demands.ts';
import { indexIn } from './fair-graph.ts';
import { GrowingInts } from './growing-ints.ts';
import { forEachBelow, type Work } from './judging.ts';
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

  private constructor(
    { states, canStay, bounds }: Pick<FairRegion, 'states' | 'canStay' | 'bounds'>,
    components: StronglyConnected,
  ) {
    this.states = states;
    this.canStay = canStay;
    this.bounds = bounds;
    this.#components = components;
  }

  /**
   * @param mustLeave - a 1 for each state of the region
   * @param counting - the set of bounds that count
   */
  static *of(
    mustLeave: Uint8Array,
    reader: StepReader,
    demands: DemandTable,
    counting: number,
  ): Work<FairRegion> {
    const found = new GrowingInts();
    for (let state = 0; state < mustLeave.length; state++) if (mustLeave[state] === 1) found.push(state);
    const states = found.data.slice(0, found.length);
    const canStay = new Uint8Array(states.length);
    const bounds = new Int32Array(states.length);
    const starts = new Int32Array(states.length + 1);
    const targets = new GrowingInts();
    const vertexOf = new Int32Array(mustLeave.length).fill(-1);
    for (let v = 0; v < states.length; v++) vertexOf[states[v]!] = v;
    const look = new Look(demands);
    yield* forEachBelow(states.length, 'looking at the steps', (v) => {
      const state = states[v]!;
      reader.read(state);
      for (let step = 0; step < reader.count; step++) {
        const target = vertexOf[reader.targets.data[step]!]!;
        if (target >= 0 && target !== v) targets.push(target);
      }
      starts[v + 1] = targets.length;
      bounds[v] = reader.bounds & counting;
      canStay[v] = look.at(state, reader) ? 1 : 0;
    });
    const components = new StronglyConnected(starts, targets.data.slice(0, targets.length));
    return new FairRegion({ states, canStay, bounds }, components);
  }

  /** The vertex of a state, or -1. */
  vertexOf(state: number): number {
    return indexIn(this.states, state);
  }

  /** Tells the strongly connected components that some vertices have. The array is theirs only during the call. */
  searchComponents(vertices: Int32Array, found: (component: Int32Array) => void): Work<void> {
    return this.#components.search(vertices, () => true, found);
  }
}

/** Looks at one state after the other; it makes no values of its own for those at which there is little to see. */
class Look {
  readonly #demands: DemandTable;
  /** For each demand, at which look it was last found to be sent, and to be possible. */
  readonly #sent: number[] = [];
  readonly #possible: number[] = [];
  #looks = 0;
  /** The demands that the state raises, whatever is done there. */
  readonly #raised = new GrowingInts();
  /** The steps in place that are not out of the question. */
  readonly #steps = new GrowingInts();
  /** For each demand, in which round of which look it was last found to be met by such a step. */
  readonly #met: number[] = [];
  #rounds = 0;
  readonly #isSent = (demand: number): void => {
    this.#sent[demand] = this.#looks;
  };

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
    this.#raise(reader);
    if (this.#raised.length === 0) return true;
    return staysInPlace(state, reader) && this.#isMetInPlace(state, reader);
  }

  #isMetInPlace(state: number, reader: StepReader): boolean {
    const steps = this.#steps;
    steps.length = 0;
    for (let step = 0; step < reader.count; step++) {
      if (reader.targets.data[step] === state) steps.push(step);
    }
    for (;;) {
      this.#rounds++;
      for (let i = 0; i < steps.length; i++) this.#meet(reader, steps.data[i]!);
      for (let i = 0; i < this.#raised.length; i++) if (!this.#isMet(this.#raised.data[i]!)) return false;
      let kept = 0;
      for (let i = 0; i < steps.length; i++) {
        if (!this.#raisesMore(reader, steps.data[i]!)) steps.data[kept++] = steps.data[i]!;
      }
      if (kept === steps.length) return true;
      steps.length = kept;
    }
  }

  #isMet(demand: number): boolean {
    return this.#met[demand] === this.#rounds;
  }

  #meet({ received, labels }: StepReader, step: number): void {
    const message = received.data[step]!;
    if (message >= 0) this.#met[this.#demands.ofMessage(message)] = this.#rounds;
    const { meets } = this.#demands.ofLabel(labels.data[step]!);
    for (let i = 0; i < meets.length; i++) this.#met[meets[i]!] = this.#rounds;
  }

  /** Whether a step sends a message that could be received, and that no step receives. */
  #raisesMore({ sent, sentEnds, labels }: StepReader, step: number): boolean {
    const demands = this.#demands;
    for (let at = step === 0 ? 0 : sentEnds.data[step - 1]!; at < sentEnds.data[step]!; at++) {
      if (this.#isInVain(demands.ofMessage(sent.data[at]!))) return true;
    }
    const { sends } = demands.ofLabel(labels.data[step]!);
    for (let i = 0; i < sends.length; i++) if (this.#isInVain(sends[i]!)) return true;
    return false;
  }

  #isInVain(demand: number): boolean {
    return this.#possible[demand] === this.#looks && !this.#isMet(demand);
  }

  #raise(reader: StepReader): void {
    this.#looks++;
    this.#raised.length = 0;
    this.#demands.forEachAgain(reader.ids, this.#isSent);
    for (let step = 0; step < reader.count; step++) {
      const received = reader.received.data[step]!;
      if (received >= 0) this.#mayBeMet(this.#demands.ofMessage(received));
      const { meets } = this.#demands.ofLabel(reader.labels.data[step]!);
      for (let i = 0; i < meets.length; i++) this.#mayBeMet(meets[i]!);
    }
  }

  #mayBeMet(demand: number): void {
    const now = this.#looks;
    if (this.#possible[demand] === now) return;
    this.#possible[demand] = now;
    if (this.#demands.isGroup(demand) || this.#sent[demand] === now) this.#raised.push(demand);
  }
}

/** Whether some step leaves everything as it is. */
function staysInPlace(state: number, { targets, count }: StepReader): boolean {
  for (let step = 0; step < count; step++) if (targets.data[step] === state) return true;
  return false;
}
