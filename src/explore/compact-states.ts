/**
 * The set of states with less memory: of a state whose steps have been taken, 64 bits are kept that are computed from
 * its row, and not the row. This is hash compaction: a state that has the same 64 bits as another one by chance is
 * taken for it, and so it, and what can be reached only through it, is left out.
 *
 *     fingerprints, by number: a table of rows of two words (`row-table.ts`)
 *     rows, by number: only of states whose steps have still to be taken, in blocks that are dropped one by one
 *
 * With n states, two of them are the same by chance with a probability of at most n^2 / 2^65, if fingerprints are as
 * random as they look. Fingerprints would change with the layout of rows; so rows are laid out here for as many ids
 * as there can be, and never anew.
 */
import type { Batch } from './batch.ts';
import { Lineage } from './lineage.ts';
import type { RowLayout } from './row-layout.ts';
import { RowTable } from './row-table.ts';
import type { SavedStates, States } from './state-table.ts';

/** Rows in a block, as a power of two. */
const BLOCK_BITS = 12;
const BLOCK_ROWS = 1 << BLOCK_BITS;
const IN_BLOCK = BLOCK_ROWS - 1;
const WORDS_OF_FINGERPRINT = 2;

export class CompactStates implements States {
  readonly isExact = false;
  readonly #words: number;
  readonly #prints = new RowTable(WORDS_OF_FINGERPRINT);
  readonly #lineage: Lineage;
  /** Blocks of rows; the empty ones have been dropped. */
  readonly #blocks: Int32Array[] = [];
  /** The first block that has not been dropped. */
  #firstBlock = 0;
  /** Rows that are there, or were. */
  #rows = 0;
  #batchPrints = new Int32Array(0);
  readonly #print = new Int32Array(WORDS_OF_FINGERPRINT);

  constructor(words: number, initial: readonly Int32Array[] | SavedStates) {
    this.#words = words;
    if ('lineage' in initial) {
      if (initial.prints === undefined) throw new RangeError('these states were saved without fingerprints');
      this.#prints.restore(initial.prints);
      this.#lineage = Lineage.restored(initial.lineage);
      const kept = initial.rows.reduce((sum, { length }) => sum + length, 0) / words;
      this.#rows = this.#prints.count - kept;
      this.#firstBlock = this.#rows >>> BLOCK_BITS;
      for (let block = 0; block < this.#firstBlock; block++) this.#blocks.push(NONE);
      for (const rows of initial.rows) for (let at = 0; at < rows.length; at += words) this.#append(rows, at);
      return;
    }
    for (const row of initial) {
      const known = this.#prints.count;
      fingerprint(row, 0, words, this.#print, 0);
      if (this.#prints.insert(this.#print) === known) this.#append(row, 0);
    }
    this.#lineage = new Lineage(this.#prints.count);
  }

  get count(): number {
    return this.#prints.count;
  }

  get bytes(): number {
    const rows = 4 * BLOCK_ROWS * this.#words * (this.#blocks.length - this.#firstBlock);
    return rows + this.#prints.bytes + this.#batchPrints.byteLength + this.#lineage.bytes;
  }

  growth(successors: number): number {
    const rows = 4 * this.#words * (successors + BLOCK_ROWS);
    return rows + this.#prints.growth(successors) + this.#lineage.growth(successors);
  }

  get load(): number {
    return this.#prints.load;
  }

  /** @throws RangeError if the row has been dropped */
  read(state: number, into: Int32Array): void {
    const block = this.#blocks[state >>> BLOCK_BITS]!;
    if (block.length === 0) throw new RangeError(`the row of state ${state} has been dropped`);
    const words = this.#words;
    const at = (state & IN_BLOCK) * words;
    for (let i = 0; i < words; i++) into[i] = block[at + i]!;
  }

  isAt(state: number, row: Int32Array): boolean {
    return this.numberOf(row) === state;
  }

  numberOf(row: Int32Array): number {
    fingerprint(row, 0, this.#words, this.#print, 0);
    return this.#prints.numberOf(this.#print);
  }

  parentOf(state: number): number {
    return this.#lineage.parentOf(state);
  }

  insert({ rows, starts, ends, states, count, targets }: Batch): void {
    const words = this.#words;
    if (this.#batchPrints.length < WORDS_OF_FINGERPRINT * count) {
      this.#batchPrints = new Int32Array(2 * WORDS_OF_FINGERPRINT * count);
    }
    const prints = this.#batchPrints;
    for (let i = 0; i < count; i++) fingerprint(rows, i * words, words, prints, i * WORDS_OF_FINGERPRINT);
    this.#prints.insertAll(prints, count, targets);
    for (let i = 0; i < states; i++) {
      const before = this.#rows;
      for (let at = starts[i]!; at < ends[i]!; at++)
        if (targets[at] === this.#rows) this.#append(rows, at * words);
      this.#lineage.add(this.#rows - before);
    }
    // The states of the batch have been expanded: nobody reads their rows again.
    for (; this.#firstBlock < this.#lineage.expanded >>> BLOCK_BITS; this.#firstBlock++) {
      this.#blocks[this.#firstBlock] = NONE;
    }
  }

  settle(_batch: Batch): void {}

  widen(_from: RowLayout, _to: RowLayout): void {
    throw new RangeError('rows are not laid out anew here');
  }

  save(): SavedStates {
    const words = this.#words;
    const rows = this.#blocks.slice(this.#firstBlock).map((block, index) => {
      const first = (this.#firstBlock + index) * BLOCK_ROWS;
      return block.subarray(0, Math.min(BLOCK_ROWS, this.#rows - first) * words);
    });
    return { rows, prints: this.#prints.save(), lineage: this.#lineage.save() };
  }

  #append(rows: Int32Array, at: number): void {
    const words = this.#words;
    const index = this.#rows >>> BLOCK_BITS;
    if (index === this.#blocks.length) this.#blocks.push(new Int32Array(BLOCK_ROWS * words));
    const block = this.#blocks[index]!;
    const to = (this.#rows & IN_BLOCK) * words;
    for (let i = 0; i < words; i++) block[to + i] = rows[at + i]!;
    this.#rows++;
  }
}

const NONE = new Int32Array(0);

/** The most that the probability can be that one of so many states was taken for another one. */
export const omissionProbability = (states: number): number => Math.min(1, states ** 2 / 2 ** 65);

/** Writes 64 bits that depend on all bits of some words: two sums that are mixed with each other word by word. */
export function fingerprint(
  words: Int32Array,
  from: number,
  count: number,
  into: Int32Array,
  to: number,
): void {
  let a = 0x2545f491;
  let b = 0x6a09e667;
  for (let i = from; i < from + count; i++) {
    a = mixed(a ^ words[i]!) + b;
    b = mixed((b ^ ((a << 13) | (a >>> 19))) + words[i]!);
  }
  a = mixed(a ^ b);
  b = mixed(b + a);
  into[to] = mixed(a + b);
  into[to + 1] = b;
}

/** A permutation of the 32-bit integers in which each bit of the result depends on each bit. */
function mixed(word: number): number {
  let h = word ^ (word >>> 16);
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  return h ^ (h >>> 16);
}
