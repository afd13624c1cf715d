/**
 * From which states of a graph can one of some others be reached?
 *
 * The graph is given by forward edges, the targets of all states in one list. It is turned round once, in the
 * same form, and then searched from behind as often as wanted.
 */
export class BackwardReach {
  readonly #states: number;
  /** Where the predecessors of each state begin; one more at the end. */
  readonly #starts: Uint32Array;
  readonly #sources: Uint32Array;

  /**
   * @param states - number of states
   * @param starts - where the targets of each state begin
   * @param targets - the targets, `edges` of them
   */
  constructor(states: number, starts: Int32Array, targets: Int32Array, edges: number) {
    this.#states = states;
    const begins = new Uint32Array(states + 1);
    for (let e = 0; e < edges; e++) begins[targets[e]! + 1]!++;
    for (let s = 0; s < states; s++) begins[s + 1]! += begins[s]!;
    const free = begins.slice();
    const sources = new Uint32Array(edges);
    for (let s = 0; s < states; s++) {
      const end = s + 1 < states ? starts[s + 1]! : edges;
      for (let e = starts[s]!; e < end; e++) sources[free[targets[e]!]!++] = s;
    }
    this.#starts = begins;
    this.#sources = sources;
  }

  /** A 1 for each state that reaches (in any number of steps, none included) a state for which `goal` is true. */
  reaching(goal: (state: number) => boolean): Uint8Array {
    const marks = new Uint8Array(this.#states);
    const queue = new Uint32Array(this.#states);
    let tail = 0;
    for (let s = 0; s < this.#states; s++) {
      if (!goal(s)) continue;
      marks[s] = 1;
      queue[tail++] = s;
    }
    for (let head = 0; head < tail; head++) {
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
