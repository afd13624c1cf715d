/**
 * The set of states found, which is the queue of the search as well: state n is the n-th that was found.
 *
 * Rows lie one after the other in blocks, so that a growing table is never copied. Beside each row is its
 * parent, the state that it was first reached from. An open-addressed hash table finds rows: a slot holds the
 * hash of a row and its number plus one (0: empty), so most strangers are told apart without looking at their
 * row, and the table grows without reading the rows again. Rows are compared in full: nothing is ever omitted.
 */
import type { RowLayout } from './row-layout.ts';

/** Rows in a block, as a power of two. */
const BLOCK_BITS = 16;
const BLOCK_ROWS = 1 << BLOCK_BITS;
const IN_BLOCK = BLOCK_ROWS - 1;
/** The first block begins small, since most systems are. */
const FIRST_ROWS = 256;

/** The parent of an initial state. */
export const NO_PARENT = 0xffff_ffff;

export class StateTable {
  #count = 0;
  #words: number;
  #blocks: Int32Array<ArrayBuffer>[];
  #parents: Uint32Array<ArrayBuffer>[];
  /** Rows that the blocks have room for. */
  #capacity = FIRST_ROWS;
  #slots = new Int32Array(2 * 1024);
  /** Number of slots less one. */
  #mask = 1023;

  constructor(words: number) {
    this.#words = words;
    this.#blocks = [new Int32Array(FIRST_ROWS * words)];
    this.#parents = [new Uint32Array(FIRST_ROWS)];
  }

  /** Number of states found. */
  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    let bytes = this.#slots.byteLength;
    for (const block of this.#blocks) bytes += block.byteLength;
    for (const block of this.#parents) bytes += block.byteLength;
    return bytes;
  }

  /** The number of the state with this row; a new one is added as a child of `parent`. */
  insert(row: Int32Array, parent: number): number {
    const words = this.#words;
    const slots = this.#slots;
    const mask = this.#mask;
    const blocks = this.#blocks;
    const hash = hashOf(row, 0, words);
    let slot = hash & mask;
    for (;;) {
      const entry = slots[2 * slot + 1]!;
      if (entry === 0) break;
      if (slots[2 * slot] === hash) {
        const state = (entry >>> 0) - 1;
        const block = blocks[state >>> BLOCK_BITS]!;
        const at = (state & IN_BLOCK) * words;
        let i = 0;
        while (i < words && block[at + i] === row[i]) i++;
        if (i === words) return state;
      }
      slot = (slot + 1) & mask;
    }
    return this.#append(row, parent, hash, slot);
  }

  /** Copies the row of a state. */
  read(state: number, into: Int32Array): void {
    const block = this.#blocks[state >>> BLOCK_BITS]!;
    const words = this.#words;
    const at = (state & IN_BLOCK) * words;
    for (let i = 0; i < words; i++) into[i] = block[at + i]!;
  }

  parentOf(state: number): number {
    return this.#parents[state >>> BLOCK_BITS]![state & IN_BLOCK]!;
  }

  /** Lays all rows out anew; the states keep their numbers. */
  widen(from: RowLayout, to: RowLayout): void {
    const row = new Int32Array(from.words);
    const wider = new Int32Array(to.words);
    this.#words = to.words;
    this.#slots.fill(0);
    this.#blocks.forEach((block, index) => {
      const room = block.length / from.words;
      const rows = Math.min(room, this.#count - index * BLOCK_ROWS);
      const laidOut = new Int32Array(room * to.words);
      for (let i = 0; i < rows; i++) {
        for (let w = 0; w < from.words; w++) row[w] = block[i * from.words + w]!;
        from.convert(row, to, wider);
        laidOut.set(wider, i * to.words);
        this.#occupy(hashOf(wider, 0, to.words), index * BLOCK_ROWS + i);
      }
      this.#blocks[index] = laidOut;
    });
  }

  #append(row: Int32Array, parent: number, hash: number, slot: number): number {
    const state = this.#count;
    if (state === this.#capacity) this.#addRoom();
    const words = this.#words;
    const block = this.#blocks[state >>> BLOCK_BITS]!;
    const at = (state & IN_BLOCK) * words;
    for (let i = 0; i < words; i++) block[at + i] = row[i]!;
    this.#parents[state >>> BLOCK_BITS]![state & IN_BLOCK] = parent;
    this.#slots[2 * slot] = hash;
    this.#slots[2 * slot + 1] = state + 1;
    this.#count = state + 1;
    // At most two thirds full: linear probing stays short.
    if (this.#count * 3 > (this.#mask + 1) * 2) this.#growSlots();
    return state;
  }

  #addRoom(): void {
    if (this.#capacity < BLOCK_ROWS) {
      const rows = new Int32Array(this.#capacity * 2 * this.#words);
      const parents = new Uint32Array(this.#capacity * 2);
      rows.set(this.#blocks[0]!);
      parents.set(this.#parents[0]!);
      this.#blocks[0] = rows;
      this.#parents[0] = parents;
      this.#capacity *= 2;
    } else {
      this.#blocks.push(new Int32Array(BLOCK_ROWS * this.#words));
      this.#parents.push(new Uint32Array(BLOCK_ROWS));
      this.#capacity += BLOCK_ROWS;
    }
  }

  #growSlots(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = old.length - 1;
    for (let i = 0; i < old.length; i += 2) {
      const entry = old[i + 1]!;
      if (entry !== 0) this.#occupy(old[i]!, (entry >>> 0) - 1);
    }
  }

  #occupy(hash: number, state: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = hash & mask;
    while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask;
    slots[2 * slot] = hash;
    slots[2 * slot + 1] = state + 1;
  }
}

/** A hash of some words: multiply and mix, word by word. */
export function hashOf(words: Int32Array, from: number, count: number): number {
  let h = 0;
  for (let i = from; i < from + count; i++) {
    h = Math.imul(h ^ words[i]!, 0x9e3779b1);
    h ^= h >>> 15;
  }
  h = Math.imul(h, 0x85ebca6b);
  return h ^ (h >>> 13);
}
