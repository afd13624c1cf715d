/**
 * The set of states found, which is the queue of the search as well: state n is the n-th that was found.
 *
 * A state is a row (`row-layout.ts`) in a table that finds it again (`row-table.ts`), and has a parent, the state
 * that it was first reached from (`lineage.ts`).
 */
import type { Batch } from './batch.ts';
import { Lineage } from './lineage.ts';
import type { RowLayout } from './row-layout.ts';
import { RowTable } from './row-table.ts';

export { NO_PARENT } from './lineage.ts';

/** What a search needs of a set of states, be it the one here or one that other threads work at. */
export interface States {
  /** Number of states found. */
  readonly count: number;
  readonly bytes: number;
  /** Bytes that come on top at the worst moment while so many more successors are inserted. */
  growth(successors: number): number;
  /** States per slot of the hash table. */
  readonly load: number;
  /** Whether states are compared in full. If not, some may have been left out. */
  readonly isExact: boolean;
  /** Copies the row of a state. */
  read(state: number, into: Int32Array): void;
  /** Whether this is the row of a state. */
  isAt(state: number, row: Int32Array): boolean;
  /** The number of the state with this row, or -1. Everything must be settled. */
  numberOf(row: Int32Array): number;
  /** The state that a state was first reached from, or `NO_PARENT`. */
  parentOf(state: number): number;
  /** Inserts the successors of the states that come next in the order of their numbers, or begins to. */
  insert(batch: Batch): void;
  /** Ends the insertion, and gives those of the batch numbers that have none yet; they go into the batch. */
  settle(batch: Batch): void;
  /** Lays all rows out anew; the states keep their numbers. Everything must be settled. */
  widen(from: RowLayout, to: RowLayout): void;
  /** All rows, and the lineage. Everything must be settled. */
  save(): SavedStates;
}

export interface SavedStates {
  /** Rows in the order of their numbers, cut into parts of whole rows: of all states, or of the last ones. */
  readonly rows: readonly Int32Array[];
  readonly lineage: Int32Array;
  /** Fingerprints of all states, where rows are not kept. */
  readonly prints?: readonly Int32Array[];
}

export class StateTable implements States {
  readonly isExact = true;
  readonly #rows: RowTable;
  readonly #lineage: Lineage;

  /**
   * @param words - words of a row
   * @param initial - rows of the initial states, of which equal ones count once; or states that were saved
   */
  constructor(words: number, initial: readonly Int32Array[] | SavedStates) {
    this.#rows = new RowTable(words);
    if ('lineage' in initial) {
      this.#rows.restore(initial.rows);
      this.#lineage = Lineage.restored(initial.lineage);
    } else {
      for (const row of initial) this.#rows.insert(row);
      this.#lineage = new Lineage(this.#rows.count);
    }
  }

  save(): SavedStates {
    return { rows: this.#rows.save(), lineage: this.#lineage.save() };
  }

  get count(): number {
    return this.#rows.count;
  }

  get bytes(): number {
    return this.#rows.bytes + this.#lineage.bytes;
  }

  growth(successors: number): number {
    return this.#rows.growth(successors) + this.#lineage.growth(successors);
  }

  get load(): number {
    return this.#rows.load;
  }

  read(state: number, into: Int32Array): void {
    this.#rows.read(state, into);
  }

  isAt(state: number, row: Int32Array): boolean {
    return this.#rows.isAt(state, row);
  }

  numberOf(row: Int32Array): number {
    return this.#rows.numberOf(row);
  }

  parentOf(state: number): number {
    return this.#lineage.parentOf(state);
  }

  insert({ rows, starts, ends, states, count, targets }: Batch): void {
    let known = this.#rows.count;
    this.#rows.insertAll(rows, count, targets);
    for (let i = 0; i < states; i++) {
      let children = 0;
      for (let at = starts[i]!; at < ends[i]!; at++) if (targets[at] === known + children) children++;
      known += children;
      this.#lineage.add(children);
    }
  }

  settle(_batch: Batch): void {}

  widen(from: RowLayout, to: RowLayout): void {
    this.#rows.widen(to.words, (row, into) => from.convert(row, to, into));
  }
}
