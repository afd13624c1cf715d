/**
 * From which states of a graph can one of some others be reached?
 *
 * The graph is given by forward edges, the targets of all states in one list. It is turned round once, in the
 * same form, and then searched from behind as often as wanted.
 */
import { EACH_TIME, forEachBelow, type Work } from './judging.ts';

export class BackwardReach {
  readonly #states: number;
  /** Where the predecessors of each state begin; one more at the end. */
  readonly #starts: Uint32Array;
  readonly #sources: Uint32Array;

  private constructor(states: number, starts: Uint32Array, sources: Uint32Array) {
    this.#states = states;
    this.#starts = starts;
    this.#sources = sources;
  }

  /**
   * The graph, turned round.
   *
   * @param states - number of states
   * @param starts - where the targets of each state begin
   * @param targets - the targets, `edges` of them
   */
  static *of(states: number, starts: Int32Array, targets: Int32Array, edges: number): Work<BackwardReach> {
    const stage = 'turning the steps round';
    const begins = new Uint32Array(states + 1);
    const endOf = (s: number): number => (s + 1 < states ? starts[s + 1]! : edges);
    yield* forEachBelow(states, stage, (s) => {
      const end = endOf(s);
      for (let e = starts[s]!; e < end; e++) begins[targets[e]! + 1]!++;
    });
    for (let s = 0; s < states; s++) begins[s + 1]! += begins[s]!;
    const free = begins.slice();
    const sources = new Uint32Array(edges);
    yield* forEachBelow(states, stage, (s) => {
      const end = endOf(s);
      for (let e = starts[s]!; e < end; e++) sources[free[targets[e]!]!++] = s;
    });
    return new BackwardReach(states, begins, sources);
  }

  /** A 1 for each state that reaches (in any number of steps, none included) a state for which `goal` is true. */
  *reaching(goal: (state: number) => boolean): Work<Uint8Array> {
    const marks = new Uint8Array(this.#states);
    const queue = new Uint32Array(this.#states);
    let tail = 0;
    for (let s = 0; s < this.#states; s++) {
      if (!goal(s)) continue;
      marks[s] = 1;
      queue[tail++] = s;
    }
    for (let head = 0; head < tail; head++) {
      if (head % EACH_TIME === 0) yield { stage: 'going back', done: head, of: this.#states };
      const s = queue[head]!;
      for (let e = this.#starts[s]!; e < this.#starts[s + 1]!; e++) {
        const source = this.#sources[e]!;
        if (marks[source] === 1) continue;
        marks[source] = 1;
        queue[tail++] = source;
      }
    }
    return marks;
  }
}
