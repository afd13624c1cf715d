/**
 * The set of states with the work shared out among threads: the search goes on to take the steps of the next states
 * while others (`inserter.ts`) find out which of the successors found so far are new.
 *
 * - Only the search runs rules, and only it gives numbers. So numbers, and with them all that is printed, are what
 *   they are with one worker: the first of equal rows in the order of the batch is the new one, whoever found out.
 * - Rows and batches lie in shared memory. Rows are written by the search alone. The hash table is not shared: each
 *   inserter has its own part of it, by some bits of the hash.
 * - There are two batches. While the inserters look at one, the search fills the other with successors of states that
 *   are numbered already, which are all of the present level.
 *
 * Both sides wait for each other through the control block (`shared-job.ts`).
 */
import type { Batch } from './batch.ts';
import type { Inserters } from './inserters.ts';
import { Lineage } from './lineage.ts';
import type { RowLayout } from './row-layout.ts';
import { RowTable } from './row-table.ts';
import {
  BATCH,
  BLOCK_BITS,
  BLOCK_ROWS,
  IN_BLOCK,
  KNOWN,
  LAYOUT,
  NEW,
  type SharedInts,
  SUCCESSORS,
  WORDS,
} from './shared-job.ts';
import type { SavedStates, States } from './state-table.ts';

/** An array of so many integers in shared memory. */
export const sharedInts = (length: number): SharedInts => new Int32Array(new SharedArrayBuffer(4 * length));

export class SharedStates implements States {
  readonly isPipelined = true;
  readonly isExact = true;
  readonly #inserters: Inserters;
  readonly #blocks: SharedInts[] = [];
  readonly #lineage: Lineage;
  #words: number;
  #count = 0;
  #layouts = 1;
  /** The arrays of each batch that the inserters have. */
  readonly #known: [SharedInts | undefined, SharedInts | undefined] = [undefined, undefined];
  #underWay: Batch | undefined;
  /** The states with a hash table of our own, once somebody has asked for it. */
  #found: RowTable | undefined;

  constructor(words: number, initial: readonly Int32Array[] | SavedStates, inserters: Inserters) {
    this.#words = words;
    this.#inserters = inserters;
    if ('lineage' in initial) {
      for (const rows of initial.rows) {
        for (let at = 0; at < rows.length; at += words) this.#append(rows, at);
      }
      this.#lineage = Lineage.restored(initial.lineage);
      return;
    }
    const distinct = initial.filter(
      (row, i) => initial.findIndex((other) => other.every((word, w) => word === row[w])) === i,
    );
    for (const row of distinct) this.#append(row, 0);
    this.#lineage = new Lineage(this.#count);
  }

  get count(): number {
    return this.#count;
  }

  /** Rows, parents, and the slots of all inserters. */
  get bytes(): number {
    const rows = this.#blocks.reduce((sum, block) => sum + block.byteLength, 0);
    return rows + this.#lineage.bytes + 4 * this.#slots;
  }

  growth(successors: number): number {
    const slots = this.#count + successors > 0.75 * this.#slots ? 8 * this.#slots : 0;
    return 4 * this.#words * (successors + BLOCK_ROWS) + slots + this.#lineage.growth(successors);
  }

  get load(): number {
    return this.#count / this.#slots;
  }

  /** Slots that the inserters have for that many states. */
  get #slots(): number {
    return Math.max(2 ** 17, 2 ** Math.ceil(Math.log2((this.#count * 4) / 3)));
  }

  read(state: number, into: Int32Array): void {
    const block = this.#blocks[state >>> BLOCK_BITS]!;
    const words = this.#words;
    const at = (state & IN_BLOCK) * words;
    for (let i = 0; i < words; i++) into[i] = block[at + i]!;
  }

  parentOf(state: number): number {
    return this.#lineage.parentOf(state);
  }

  isAt(state: number, row: Int32Array): boolean {
    const block = this.#blocks[state >>> BLOCK_BITS]!;
    const from = (state & IN_BLOCK) * this.#words;
    return row.every((word, i) => block[from + i] === word);
  }

  numberOf(row: Int32Array): number {
    this.#found ??= RowTable.of(this.#words, this.#blocks, this.#count);
    return this.#found.numberOf(row);
  }

  save(): SavedStates {
    const words = this.#words;
    const rows = this.#blocks.map((block, index) =>
      block.subarray(0, Math.min(BLOCK_ROWS, this.#count - index * BLOCK_ROWS) * words),
    );
    return { rows, lineage: this.#lineage.save() };
  }

  begin(batch: Batch): void {
    const inserters = this.#inserters;
    const { rows, targets } = batch;
    if (this.#known[batch.index] !== rows) {
      this.#known[batch.index] = rows as SharedInts;
      inserters.send({
        kind: 'batch',
        index: batch.index,
        rows: rows as SharedInts,
        targets: targets as SharedInts,
      });
    }
    this.#found = undefined;
    inserters.set(BATCH, batch.index);
    inserters.set(SUCCESSORS, batch.count);
    inserters.set(WORDS, this.#words);
    inserters.set(KNOWN, this.#count);
    inserters.set(LAYOUT, this.#layouts);
    this.#underWay = batch;
    inserters.begin();
  }

  finish(): void {
    const batch = this.#underWay;
    if (batch === undefined) return;
    this.#underWay = undefined;
    this.#inserters.wait();
    const { rows, targets, ends, states } = batch;
    const words = this.#words;
    let at = 0;
    for (let i = 0; i < states; i++) {
      const before = this.#count;
      for (const end = ends[i]!; at < end; at++) {
        const target = targets[at]!;
        if (target >= 0) continue;
        targets[at] = target === NEW ? this.#append(rows, at * words) : targets[-2 - target]!;
      }
      this.#lineage.add(this.#count - before);
    }
  }

  /** Adds a row that begins `at`. Returns its number. */
  #append(rows: Int32Array, at: number): number {
    const words = this.#words;
    const state = this.#count++;
    const index = state >>> BLOCK_BITS;
    if (index === this.#blocks.length) {
      const block = sharedInts(BLOCK_ROWS * words);
      this.#blocks.push(block);
      this.#inserters.send({ kind: 'block', index, rows: block });
    }
    const block = this.#blocks[index]!;
    const to = (state & IN_BLOCK) * words;
    for (let i = 0; i < words; i++) block[to + i] = rows[at + i]!;
    return state;
  }

  widen(from: RowLayout, to: RowLayout): void {
    const row = new Int32Array(from.words);
    const wider = new Int32Array(to.words);
    this.#words = to.words;
    this.#layouts++;
    this.#blocks.forEach((block, index) => {
      const rows = Math.min(BLOCK_ROWS, this.#count - index * BLOCK_ROWS);
      const laidOut = sharedInts(BLOCK_ROWS * to.words);
      for (let i = 0; i < rows; i++) {
        for (let w = 0; w < from.words; w++) row[w] = block[i * from.words + w]!;
        from.convert(row, to, wider);
        laidOut.set(wider, i * to.words);
      }
      this.#blocks[index] = laidOut;
      this.#inserters.send({ kind: 'block', index, rows: laidOut });
    });
  }
}
