/**
 * The successors of some states that are expanded together: their rows, one after the other, in the order in which
 * the steps are taken. See `row-table.ts` for why they are not inserted at once.
 */
import { enlarged } from './growing-ints.ts';
import type { RowLayout } from './row-layout.ts';

export class Batch {
  /** States that a batch has room for. */
  readonly capacity: number;
  /** Number of states expanded. */
  states = 0;
  /** Number of successors. */
  count = 0;
  /** Rows of the successors. Replaced when it grows. */
  rows = new Int32Array(64);
  /** Labels of the steps that lead to them. */
  labels = new Int32Array(64);
  /** Numbers of the successors, once they are inserted. */
  targets = new Int32Array(64);
  /** For each state, the number of successors of it and of those before it. */
  readonly ends: Int32Array;
  /** For each state, the bounds met there. */
  readonly bounds: Int32Array;

  constructor(capacity: number) {
    this.capacity = capacity;
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
    if (this.count === this.labels.length) {
      this.labels = enlarged(this.labels, this.count * 2);
      this.targets = enlarged(this.targets, this.count * 2);
    }
    if ((this.count + 1) * words > this.rows.length) {
      this.rows = enlarged(this.rows, 2 * (this.count + 1) * words);
    }
  }

  /** No more successors of this state. */
  end(bounds: number): void {
    this.ends[this.states] = this.count;
    this.bounds[this.states] = bounds;
    this.states++;
  }

  /** Lays all rows out anew, and has room for one more. */
  widen(from: RowLayout, to: RowLayout): void {
    const laidOut = new Int32Array(Math.max(this.rows.length, (this.count + 1) * to.words));
    const into = new Int32Array(to.words);
    for (let i = 0; i < this.count; i++) {
      from.convert(this.rows.subarray(i * from.words, (i + 1) * from.words), to, into);
      laidOut.set(into, i * to.words);
    }
    this.rows = laidOut;
  }
}
