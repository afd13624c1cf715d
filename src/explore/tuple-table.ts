/**
 * Tuples of ids become small integers 0, 1, 2 ..., as values do, but without any text: this look-up is made
 * for each state and each tuple of components that a rule touches.
 *
 * Two ways, by how many tuples there could be:
 *
 * - as long as the ids of a tuple fit into 20 bits side by side, those bits are the index into an array of numbers
 *   (plus one; 0: no such tuple). One load finds it.
 * - beyond that, and for the empty tuple, an open-addressed hash table: each slot holds the ids and then the number
 *   plus one (0: empty slot).
 */
import { GrowingInts } from './growing-ints.ts';

/** An array of 2^20 numbers is the largest that is worth its memory. */
const MOST_BITS = 20;

export class TupleTable {
  /** Which elements of the list of ids make up the tuple. */
  readonly fields: Int32Array;
  readonly #arity: number;
  #count = 0;
  /** The ids of all tuples, one after the other. */
  readonly #tuples = new GrowingInts();
  /** Numbers by index, and the lowest bit of each id in an index; no numbers once they would be too many. */
  #direct: Int32Array<ArrayBuffer> | null;
  readonly #shifts: Int32Array;
  /** Bits of each id in an index. */
  readonly #bits: Int32Array;
  #slots = new Int32Array(0);
  #mask = 0;

  constructor(fields: readonly number[]) {
    this.fields = Int32Array.from(fields);
    this.#arity = fields.length;
    this.#bits = new Int32Array(this.#arity).fill(2);
    this.#shifts = new Int32Array(this.#arity);
    this.#direct = null;
    this.#layOut();
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#tuples.bytes + this.#slots.byteLength + (this.#direct?.byteLength ?? 0);
  }

  /** The number of the tuple that these ids have at `fields`, or -1. */
  find(ids: Int32Array): number {
    const direct = this.#direct;
    if (direct === null) return this.#slots[this.#slotOf(ids) + this.#arity]! - 1;
    const { fields } = this;
    const shifts = this.#shifts;
    const bits = this.#bits;
    let index = 0;
    for (let i = 0; i < fields.length; i++) {
      const id = ids[fields[i]!]!;
      if (id >>> bits[i]! !== 0) return -1;
      index |= id << shifts[i]!;
    }
    return direct[index]! - 1;
  }

  /** Adds a tuple that is not there. Returns its number. */
  add(ids: Int32Array): number {
    const number = this.#count++;
    let isWider = false;
    for (let i = 0; i < this.#arity; i++) {
      const id = ids[this.fields[i]!]!;
      this.#tuples.push(id);
      while (id >>> this.#bits[i]! !== 0) {
        this.#bits[i]!++;
        isWider = true;
      }
    }
    if (isWider && this.#direct !== null) this.#layOut();
    else this.#enter(number);
    return number;
  }

  /** The ids of all tuples, one after the other. */
  get ids(): Int32Array {
    return this.#tuples.all;
  }

  /** All tuples, in the order of their numbers. */
  *all(): Iterable<readonly number[]> {
    const arity = this.#arity;
    for (let n = 0; n < this.#count; n++) yield [...this.#tuples.data.subarray(n * arity, (n + 1) * arity)];
  }

  /** Begins anew with what there is room for now, and enters all tuples. */
  #layOut(): void {
    let bits = 0;
    for (let i = 0; i < this.#arity; i++) {
      this.#shifts[i] = bits;
      bits += this.#bits[i]!;
    }
    if (bits <= MOST_BITS && this.#arity > 0) {
      this.#direct = new Int32Array(2 ** bits);
    } else {
      this.#direct = null;
      let slots = 64;
      while (slots < this.#count * 4) slots *= 2;
      this.#slots = new Int32Array(slots * (this.#arity + 1));
      this.#mask = slots - 1;
    }
    for (let number = 0; number < this.#count; number++) this.#enter(number);
  }

  #enter(number: number): void {
    const arity = this.#arity;
    const ids = this.#tuples.data;
    const from = number * arity;
    if (this.#direct !== null) {
      let index = 0;
      for (let i = 0; i < arity; i++) index |= ids[from + i]! << this.#shifts[i]!;
      this.#direct[index] = number + 1;
      return;
    }
    const slots = this.#slots;
    let hash = 0;
    for (let i = 0; i < arity; i++) hash = mixed(hash, ids[from + i]!);
    let slot = hash & this.#mask;
    while (slots[slot * (arity + 1) + arity] !== 0) slot = (slot + 1) & this.#mask;
    const at = slot * (arity + 1);
    for (let i = 0; i < arity; i++) slots[at + i] = ids[from + i]!;
    slots[at + arity] = number + 1;
    if (this.#count * 2 > this.#mask) this.#grow();
  }

  /** Where the slot of the tuple begins, or the empty one where it would be put. */
  #slotOf(ids: Int32Array): number {
    const { fields } = this;
    const arity = this.#arity;
    const slots = this.#slots;
    let hash = 0;
    for (let i = 0; i < arity; i++) hash = mixed(hash, ids[fields[i]!]!);
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * (arity + 1);
      if (slots[at + arity] === 0) return at;
      let i = 0;
      while (i < arity && slots[at + i] === ids[fields[i]!]) i++;
      if (i === arity) return at;
    }
  }

  #grow(): void {
    const old = this.#slots;
    const step = this.#arity + 1;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < old.length; at += step) {
      if (old[at + this.#arity] === 0) continue;
      let hash = 0;
      for (let i = 0; i < this.#arity; i++) hash = mixed(hash, old[at + i]!);
      let slot = hash & this.#mask;
      while (this.#slots[slot * step + this.#arity] !== 0) slot = (slot + 1) & this.#mask;
      for (let i = 0; i < step; i++) this.#slots[slot * step + i] = old[at + i]!;
    }
  }
}

function mixed(hash: number, id: number): number {
  const h = Math.imul(hash ^ id, 0x9e3779b1);
  return h ^ (h >>> 15);
}
