/**
 * The set of states with the work shared out among threads.
 *
 * - Only the search runs rules, and only it gives numbers. So numbers, and with them all that is printed, are what
 *   they are with one worker: the first of equal rows in the order of the states is the new one, whoever found out.
 * - Rows and batches lie in shared memory. Rows are written by the search alone. The hash table is not shared: each
 *   thread, that of the search as well, has its own part of it, by some bits of the hash (`inserter.ts`).
 * - Successors have been inserted before they have numbers. The search does its own share, and gives numbers, while the
 *   other threads go on to take the steps of the next states, which have numbers already: they are of the present level
 *   (`shared-search.ts`).
 */
import type { Batch } from './batch.ts';
import { sharedInts } from './growing-ints.ts';
import { Inserter, NEW, SAME_AS } from './inserter.ts';
import { Lineage } from './lineage.ts';
import type { RowLayout } from './row-layout.ts';
import {
  BLOCK_BITS,
  BLOCK_ROWS,
  IN_BLOCK,
  isRowAt,
  RowTable,
  readRow,
  rowsIn,
  slotsFor,
} from './row-table.ts';
import { EXPANDED, INSERT, KNOWN, LAYOUT, WORDS } from './shared-job.ts';
import type { SavedStates, States } from './state-table.ts';
import type { Workers } from './workers.ts';

export class SharedStates implements States {
  readonly isExact = true;
  readonly #workers: Workers;
  readonly #inserter: Inserter;
  readonly #blocks: Int32Array[] = [];
  readonly #lineage: Lineage;
  #words: number;
  #count = 0;
  #layouts = 1;
  /** The job of the threads that insert a batch that is not settled. */
  #inserting: number | undefined;
  /** The states with a hash table of our own, once somebody has asked for it. */
  #found: RowTable | undefined;

  constructor(words: number, { rows, lineage }: SavedStates, workers: Workers) {
    this.#words = words;
    this.#workers = workers;
    this.#inserter = new Inserter(0, workers.count + 1, () => {});
    for (const part of rows) for (let at = 0; at < part.length; at += words) this.#append(part, at);
    this.#lineage = Lineage.restored(lineage);
  }

  get count(): number {
    return this.#count;
  }

  /** Rows of all states, as other threads have them. */
  get blocks(): readonly Int32Array[] {
    return this.#blocks;
  }

  get words(): number {
    return this.#words;
  }

  /** Rows, parents, and the slots of all threads. */
  get bytes(): number {
    const rows = this.#blocks.reduce((sum, block) => sum + block.byteLength, 0);
    return rows + this.#lineage.bytes + 4 * this.#inserter.allSlots;
  }

  growth(successors: number): number {
    const { allSlots } = this.#inserter;
    const slots = slotsFor(this.#count + successors, allSlots);
    const more = slots > allSlots ? 4 * slots : 0;
    return 4 * this.#words * (successors + BLOCK_ROWS) + more + this.#lineage.growth(successors);
  }

  get load(): number {
    return this.#count / this.#inserter.allSlots;
  }

  read(state: number, into: Int32Array): void {
    readRow(this.#words, this.#blocks, state, into);
  }

  parentOf(state: number): number {
    return this.#lineage.parentOf(state);
  }

  isAt(state: number, row: Int32Array): boolean {
    return isRowAt(this.#words, this.#blocks, state, row);
  }

  numberOf(row: Int32Array): number {
    this.#found ??= RowTable.of(this.#words, this.#blocks, this.#count);
    return this.#found.numberOf(row);
  }

  save(): SavedStates {
    return { rows: rowsIn(this.#words, this.#blocks, this.#count), lineage: this.#lineage.save() };
  }

  /** The other threads begin with it; our own share is done when it is settled. */
  insert(batch: Batch): void {
    const { control } = this.#workers;
    this.#found = undefined;
    control[EXPANDED] = batch.states;
    control[WORDS] = this.#words;
    control[KNOWN] = this.#count;
    control[LAYOUT] = this.#layouts;
    this.#inserting = this.#workers.begin(INSERT);
  }

  #finish(batch: Batch, job: number): void {
    this.#inserter.insert(batch, batch.states, {
      blocks: this.#blocks,
      count: this.#count,
      words: this.#words,
      layout: this.#layouts,
    });
    this.#workers.wait(job);
  }

  settle(batch: Batch): void {
    if (this.#inserting === undefined) throw new Error('nothing is being inserted');
    this.#finish(batch, this.#inserting);
    this.#inserting = undefined;
    const { rows, targets, starts, ends, states } = batch;
    const words = this.#words;
    for (let i = 0; i < states; i++) {
      const before = this.#count;
      for (let at = starts[i]!; at < ends[i]!; at++) {
        const target = targets[at]!;
        if (target >= 0) continue;
        targets[at] = target === NEW ? this.#append(rows, at * words) : targets[SAME_AS - target]!;
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
      this.#workers.send({ kind: 'block', index, rows: block });
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
      this.#workers.send({ kind: 'block', index, rows: laidOut });
    });
  }
}
