/**
 * Distinct rows of words, numbered 0, 1, 2 ... in the order in which they are first inserted.
 *
 * Rows lie one after the other in blocks, so that a growing table is never copied. They are found through an
 * open-addressed hash table of one 32-bit slot each:
 *
 *     | high bits of the hash | number of the row plus one |     0: empty slot
 *
 * With 2^k slots the low k bits of the hash say where to begin to look, and they suffice for the number as well,
 * since there are fewer rows than slots. So the other bits of the slot hold the rest of the hash: most strangers
 * are told apart without looking at their row. Rows are compared in full: nothing is ever omitted. When the
 * table of slots grows, it is filled anew from the rows, which is one pass over memory in its order; so no hash
 * is kept.
 *
 * Nearly all of the time of a search goes into waiting for memory: slots and rows are all over the place. A
 * processor can wait for ten of them at once if it knows early which ones. So rows are inserted some hundred at a
 * time: one pass, as short as can be, does nothing but load the slot that each row will need, the next one loads the
 * row that the slot points to, and the last one, which decides, finds all of them near.
 */

import { type MakeInts, plainInts } from './growing-ints.ts';
import { mixed } from './mix.ts';

/** Rows in a block, as a power of two. */
export const BLOCK_BITS = 16;
export const BLOCK_ROWS = 1 << BLOCK_BITS;
export const IN_BLOCK = BLOCK_ROWS - 1;
/** The first block begins small, since most systems are. */
const FIRST_ROWS = 256;
const FIRST_SLOTS = 1024;
/** Rows inserted together. It divides the rows of a block, of the first small one as well. */
const TOGETHER = 256;

/** Where rows are found: integers only, so that other threads can have it. */
export interface RowIndex {
  /** Words of a row. */
  readonly words: number;
  readonly slots: Int32Array;
  /** Number of slots less one. */
  readonly mask: number;
  readonly blocks: Blocks;
}

/** Rows one after the other, in blocks of as many, but for a first one that is smaller as long as it suffices. */
export type Blocks = readonly Int32Array[];

/**
 * The number of a row, or -1.
 *
 * @param limit - rows from this number on are not looked at: another thread may be adding them at the moment
 */
export function findRow({ words, slots, mask, blocks }: RowIndex, row: Int32Array, limit: number): number {
  const hash = hashOf(row, 0, words);
  for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
    const entry = slots[slot]!;
    if (((entry ^ hash) & ~mask) !== 0) continue;
    const number = (entry & mask) - 1;
    if (number >= limit) continue;
    const block = blocks[number >>> BLOCK_BITS]!;
    const from = (number & IN_BLOCK) * words;
    let i = 0;
    while (i < words && block[from + i] === row[i]) i++;
    if (i === words) return number;
  }
  return -1;
}

/** Copies a row of so many words. */
export function readRow(words: number, blocks: Blocks, number: number, into: Int32Array): void {
  const block = blocks[number >>> BLOCK_BITS]!;
  const at = (number & IN_BLOCK) * words;
  for (let i = 0; i < words; i++) into[i] = block[at + i]!;
}

/** Whether this is the row with a number. */
export function isRowAt(words: number, blocks: Blocks, number: number, row: Int32Array): boolean {
  const block = blocks[number >>> BLOCK_BITS]!;
  const from = (number & IN_BLOCK) * words;
  return row.every((word, i) => block[from + i] === word);
}

/** All rows, in parts: those of each block, one after the other. Valid until the next change. */
export const rowsIn = (words: number, blocks: Blocks, count: number): readonly Int32Array[] =>
  blocks.map((block, index) =>
    block.subarray(0, Math.max(0, Math.min(BLOCK_ROWS, count - index * BLOCK_ROWS)) * words),
  );

export class RowTable {
  readonly #make: MakeInts;
  #count = 0;
  #words: number;
  #blocks: Int32Array[];
  /** Rows that the blocks have room for. */
  #capacity = FIRST_ROWS;
  #slots: Int32Array;
  /** Number of slots less one. */
  #mask = FIRST_SLOTS - 1;
  /** Hashes of rows that are inserted together. */
  readonly #hashes = new Int32Array(TOGETHER);
  /** Where the result of a load goes that is made for its own sake, so that it is not optimised away. */
  readonly #sink = new Int32Array(1);

  /** @param words - words of a row: 1 or more */
  constructor(words: number, make: MakeInts = plainInts) {
    this.#make = make;
    this.#words = words;
    this.#blocks = [make(FIRST_ROWS * words)];
    this.#slots = make(FIRST_SLOTS);
  }

  /** A table of rows that lie in blocks already, distinct and as they would lie here. They are not copied. */
  static of(words: number, blocks: readonly Int32Array[], count: number): RowTable {
    const table = new RowTable(words);
    if (count === 0) return table;
    table.#blocks = [...blocks];
    table.#count = count;
    table.#capacity = BLOCK_ROWS * blocks.length;
    table.#slots = NO_SLOTS;
    table.#slots = new Int32Array(slotsFor(count, FIRST_SLOTS));
    table.#mask = table.#slots.length - 1;
    table.#fillSlots();
    return table;
  }

  /** Its blocks are those of the table; the rest of it is valid until the next change. */
  get index(): RowIndex {
    return { words: this.#words, slots: this.#slots, mask: this.#mask, blocks: this.#blocks };
  }

  /** Number of rows. */
  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#blocks.reduce((sum, block) => sum + block.byteLength, this.#slots.byteLength);
  }

  /** Bytes that come on top while so many more rows are inserted: new blocks and, beside the old ones, new slots. */
  growth(more: number): number {
    const count = this.#count + more;
    const blocks = count <= this.#capacity ? 0 : 4 * this.#words * (more + BLOCK_ROWS);
    const slots = slotsFor(count, this.#slots.length);
    return blocks + (slots > this.#slots.length ? 4 * slots : 0);
  }

  /** Rows per slot of the hash table: between 0 and 3/4. */
  get load(): number {
    return this.#count / this.#slots.length;
  }

  /** The number of a row; a new one is added. */
  insert(row: Int32Array): number {
    this.#reserve(1);
    return this.#find(row, 0, hashOf(row, 0, this.#words));
  }

  /**
   * The numbers of rows that lie one after the other, as if they were inserted one by one.
   *
   * @param count - how many
   * @param numbers - where the numbers go
   */
  insertAll(rows: Int32Array, count: number, numbers: Int32Array): void {
    this.#reserve(count);
    for (let from = 0; from < count; from += TOGETHER) {
      this.#insertSome(rows, from, Math.min(TOGETHER, count - from), numbers);
    }
  }

  #insertSome(rows: Int32Array, from: number, count: number, numbers: Int32Array): void {
    const words = this.#words;
    const hashes = this.#hashes;
    for (let i = 0; i < count; i++) hashes[i] = hashOf(rows, (from + i) * words, words);
    this.#touchSlots(count);
    const slots = this.#slots;
    const mask = this.#mask;
    const blocks = this.#blocks;
    let touched = 0;
    for (let i = 0; i < count; i++) {
      const hash = hashes[i]!;
      const entry = slots[hash & mask]!;
      if (entry === 0 || ((entry ^ hash) & ~mask) !== 0) continue;
      const number = (entry & mask) - 1;
      touched ^= blocks[number >>> BLOCK_BITS]![(number & IN_BLOCK) * words]!;
    }
    this.#sink[0] = touched;
    for (let i = 0; i < count; i++) numbers[from + i] = this.#find(rows, (from + i) * words, hashes[i]!);
  }

  /** Loads the slots that rows with these hashes need, all at once. */
  #touchSlots(count: number): void {
    this.#sink[0] = loadSlots(this.#slots, this.#mask, this.#hashes, 0, count);
  }

  /** Whether this is the row with a number. */
  isAt(number: number, row: Int32Array): boolean {
    return isRowAt(this.#words, this.#blocks, number, row);
  }

  /** The number of a row, or -1: nothing is added. */
  numberOf(row: Int32Array): number {
    return findRow(this.index, row, this.#count);
  }

  /** All rows, in parts: those of each block, one after the other. Valid until the next change. */
  save(): readonly Int32Array[] {
    return rowsIn(this.#words, this.#blocks, this.#count);
  }

  /** Adds rows that were saved, and are distinct. */
  restore(parts: readonly Int32Array[]): void {
    const words = this.#words;
    const numbers = new Int32Array(RESTORED_TOGETHER);
    for (const rows of parts) {
      for (let at = 0; at < rows.length; at += RESTORED_TOGETHER * words) {
        const some = rows.subarray(at, at + RESTORED_TOGETHER * words);
        this.insertAll(some, some.length / words, numbers);
      }
    }
  }

  /** Copies a row. */
  read(number: number, into: Int32Array): void {
    readRow(this.#words, this.#blocks, number, into);
  }

  /**
   * Lays all rows out anew; they keep their numbers.
   *
   * @param words - words of a row from now on
   * @param convert - writes an old row as a new one; no two may become the same
   */
  widen(words: number, convert: (row: Int32Array, into: Int32Array) => void): void {
    const had = this.#words;
    const row = new Int32Array(had);
    const wider = new Int32Array(words);
    this.#words = words;
    this.#blocks.forEach((block, index) => {
      const room = block.length / had;
      const rows = Math.min(room, this.#count - index * BLOCK_ROWS);
      const laidOut = this.#make(room * words);
      for (let i = 0; i < rows; i++) {
        for (let w = 0; w < had; w++) row[w] = block[i * had + w]!;
        convert(row, wider);
        for (let w = 0; w < words; w++) laidOut[i * words + w] = wider[w]!;
      }
      this.#blocks[index] = laidOut;
    });
    this.#slots.fill(0);
    this.#fillSlots();
  }

  /** The number of the row that begins `at`; a new one is added. There must be room for it in the slots. */
  #find(rows: Int32Array, at: number, hash: number): number {
    const words = this.#words;
    const slots = this.#slots;
    const mask = this.#mask;
    const tag = hash & ~mask;
    let slot = hash & mask;
    for (;;) {
      const entry = slots[slot]!;
      if (entry === 0) break;
      if ((entry & ~mask) === tag) {
        const number = (entry & mask) - 1;
        const block = this.#blocks[number >>> BLOCK_BITS]!;
        const from = (number & IN_BLOCK) * words;
        let i = 0;
        while (i < words && block[from + i] === rows[at + i]) i++;
        if (i === words) return number;
      }
      slot = (slot + 1) & mask;
    }
    const number = this.#count;
    if (number === this.#capacity) this.#addBlock();
    const block = this.#blocks[number >>> BLOCK_BITS]!;
    const to = (number & IN_BLOCK) * words;
    for (let i = 0; i < words; i++) block[to + i] = rows[at + i]!;
    slots[slot] = tag | (number + 1);
    this.#count = number + 1;
    return number;
  }

  #addBlock(): void {
    if (this.#capacity < BLOCK_ROWS) {
      const rows = this.#make(this.#capacity * 2 * this.#words);
      rows.set(this.#blocks[0]!);
      this.#blocks[0] = rows;
      this.#capacity *= 2;
    } else {
      this.#blocks.push(this.#make(BLOCK_ROWS * this.#words));
      this.#capacity += BLOCK_ROWS;
    }
  }

  /** Sees to it that there are slots for so many more rows. */
  #reserve(more: number): void {
    const slots = slotsFor(this.#count + more, this.#slots.length);
    if (slots === this.#slots.length) return;
    if (slots > MOST_SLOTS)
      throw new RangeError('Array buffer allocation failed: too many rows for one table');
    // The old ones are let go first: they are not read.
    this.#slots = NO_SLOTS;
    this.#slots = this.#make(slots);
    this.#mask = slots - 1;
    this.#fillSlots();
  }

  /** Fills the slots, which are all empty, from the rows, some at a time for the same reason as above. */
  #fillSlots(): void {
    for (let first = 0; first < this.#count; first += TOGETHER) {
      this.#fillFrom(first, Math.min(TOGETHER, this.#count - first));
    }
  }

  /** Fills slots from rows that are all in one block. */
  #fillFrom(first: number, rows: number): void {
    const words = this.#words;
    const hashes = this.#hashes;
    const block = this.#blocks[first >>> BLOCK_BITS]!;
    const from = (first & IN_BLOCK) * words;
    for (let i = 0; i < rows; i++) hashes[i] = hashOf(block, from + i * words, words);
    this.#touchSlots(rows);
    const slots = this.#slots;
    const mask = this.#mask;
    for (let i = 0; i < rows; i++) {
      const hash = hashes[i]!;
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = (hash & ~mask) | (first + i + 1);
    }
  }
}

/** Below so many slots, a table that grows gets four times as many: what it saves in memory is not worth the filling. */
const FEW_SLOTS = 2 ** 22;

/** Slots of a table with so many rows that has had so many: a quarter is empty, so that linear probing stays short. */
export function slotsFor(rows: number, had: number): number {
  let slots = had;
  while (rows * 4 > slots * 3) slots *= slots < FEW_SLOTS ? 4 : 2;
  return slots;
}

const RESTORED_TOGETHER = 1024;
const MOST_SLOTS = 2 ** 31;
const NO_SLOTS = new Int32Array(0);

/**
 * Loads some slots: those at the places from `begin` to before `end`, less the bits that are not in the mask. What it
 * returns is of no use.
 *
 * A processor looks so many instructions ahead, so the fewer there are for each load, the more loads it waits for at
 * once. Four of them in turn take half the time of one by one, since what a loop asks at each turn is asked less often.
 */
export function loadSlots(
  slots: Int32Array,
  mask: number,
  places: Int32Array,
  begin: number,
  end: number,
): number {
  let sum = 0;
  let i = begin;
  for (; i + 3 < end; i += 4) {
    sum ^=
      slots[places[i]! & mask]! ^
      slots[places[i + 1]! & mask]! ^
      slots[places[i + 2]! & mask]! ^
      slots[places[i + 3]! & mask]!;
  }
  for (; i < end; i++) sum ^= slots[places[i]! & mask]!;
  return sum;
}

/** A hash of some words: multiply and mix, word by word. */
export function hashOf(words: Int32Array, from: number, count: number): number {
  let h = 0;
  for (let i = from; i < from + count; i++) {
    h = mixed(h, words[i]!);
  }
  h = Math.imul(h, 0x85ebca6b);
  return h ^ (h >>> 13);
}
