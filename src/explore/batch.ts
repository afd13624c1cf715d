/**
 * The successors of some states that are expanded together: their rows, one after the other, in the order in which
 * the steps are taken. See `row-table.ts` for why they are not inserted at once.
 */
import type { RowLayout } from './row-layout.ts';

/** Successors that a batch has room for at first. */
const FIRST_ROOM = 1024;

export class Batch {
  /** Which of the batches of a search it is. */
  readonly index: 0 | 1;
  readonly #ints: (length: number) => Int32Array;
  /** States that a batch has room for. */
  readonly capacity: number;
  /** Number of states expanded. */
  states = 0;
  /** Number of successors. */
  count = 0;
  /** Rows of the successors. Replaced when it grows. */
  rows: Int32Array;
  /** Labels of the steps that lead to them. */
  labels = new Int32Array(FIRST_ROOM);
  /** Numbers of the successors, once they are inserted. */
  targets: Int32Array;
  /** For each state, the number of successors of it and of those before it. */
  readonly ends: Int32Array;
  /** For each state, the bounds met there. */
  readonly bounds: Int32Array;

  /** @param ints - makes the arrays that others must see */
  constructor(index: 0 | 1, capacity: number, ints: (length: number) => Int32Array) {
    this.index = index;
    this.#ints = ints;
    this.capacity = capacity;
    this.rows = ints(FIRST_ROOM);
    this.targets = ints(FIRST_ROOM);
    this.ends = new Int32Array(capacity);
    this.bounds = new Int32Array(capacity);
  }

  get bytes(): number {
    return this.rows.byteLength + this.labels.byteLength + this.targets.byteLength;
  }

  clear(): void {
    this.states = 0;
    this.count = 0;
  }

  /** Sees to it that there is room for another successor. */
  makeRoom(words: number): void {
    const had = this.labels.length;
    if (this.count < had && (this.count + 1) * words <= this.rows.length) return;
    const room = this.count < had ? had : 2 * had;
    const [rows, targets] = [this.#ints(room * words), this.#ints(room)];
    rows.set(this.rows.subarray(0, this.count * words));
    const labels = new Int32Array(room);
    labels.set(this.labels);
    this.rows = rows;
    this.targets = targets;
    this.labels = labels;
  }

  /** No more successors of this state. */
  end(bounds: number): void {
    this.ends[this.states] = this.count;
    this.bounds[this.states] = bounds;
    this.states++;
  }

  /** Lays all rows out anew. */
  widen(from: RowLayout, to: RowLayout): void {
    const laidOut = this.#ints(this.labels.length * to.words);
    this.targets = this.#ints(this.labels.length);
    const into = new Int32Array(to.words);
    for (let i = 0; i < this.count; i++) {
      from.convert(this.rows.subarray(i * from.words, (i + 1) * from.words), to, into);
      laidOut.set(into, i * to.words);
    }
    this.rows = laidOut;
  }
}
