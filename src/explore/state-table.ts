/**
 * The set of states found, which is the queue of the search as well: state n is the n-th that was found.
 *
 * A state is a row (`row-layout.ts`) in a table that finds it again (`row-table.ts`), and has a parent, the state
 * that it was first reached from (`lineage.ts`).
 */
import { Lineage } from './lineage.ts';
import type { RowLayout } from './row-layout.ts';
import { RowTable } from './row-table.ts';

export { NO_PARENT } from './lineage.ts';

export class StateTable {
  readonly #rows: RowTable;
  readonly #lineage: Lineage;

  /**
   * @param words - words of a row
   * @param initial - rows of the initial states; equal ones count once
   */
  constructor(words: number, initial: readonly Int32Array[]) {
    this.#rows = new RowTable(words);
    for (const row of initial) this.#rows.insert(row);
    this.#lineage = new Lineage(this.#rows.count);
  }

  /** Number of states found. */
  get count(): number {
    return this.#rows.count;
  }

  get bytes(): number {
    return this.#rows.bytes + this.#lineage.bytes;
  }

  /** States per slot of the hash table. */
  get load(): number {
    return this.#rows.load;
  }

  /** Copies the row of a state. */
  read(state: number, into: Int32Array): void {
    this.#rows.read(state, into);
  }

  /** @throws RangeError if there is no state with this row */
  numberOf(row: Int32Array): number {
    const { count } = this.#rows;
    const number = this.#rows.insert(row);
    if (number === count) throw new RangeError('there is no such state');
    return number;
  }

  /** The state that a state was first reached from, or `NO_PARENT`. */
  parentOf(state: number): number {
    return this.#lineage.parentOf(state);
  }

  /**
   * Adds the successors of the states that come next in the order of their numbers.
   *
   * @param rows - rows of the successors of all of them, one after the other
   * @param ends - for each state, the number of successors of it and of those before it
   * @param states - how many states
   * @param targets - where the numbers of the successors go
   */
  addSuccessors(rows: Int32Array, ends: Int32Array, states: number, targets: Int32Array): void {
    let known = this.#rows.count;
    const successors = states === 0 ? 0 : ends[states - 1]!;
    this.#rows.insertAll(rows, successors, targets);
    let at = 0;
    for (let i = 0; i < states; i++) {
      let children = 0;
      for (const end = ends[i]!; at < end; at++) if (targets[at] === known + children) children++;
      known += children;
      this.#lineage.add(children);
    }
  }

  /** Lays all rows out anew; the states keep their numbers. */
  widen(from: RowLayout, to: RowLayout): void {
    this.#rows.widen(to.words, (row, into) => from.convert(row, to, into));
  }
}
