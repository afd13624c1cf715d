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
import { GrowingInts, type MakeInts, plainInts } from './growing-ints.ts';
import { mixed } from './mix.ts';

/** An array of 2^20 numbers is the largest that is worth its memory. */
const MOST_BITS = 20;

/** Where tuples are found: integers only, so that other threads can have it. */
export interface TupleIndex {
  /** Which elements of the list of ids make up the tuple. */
  readonly fields: Int32Array;
  /** Numbers by index, and of each id its lowest bit in an index; no numbers once they would be too many. */
  readonly direct: Int32Array | null;
  readonly shifts: Int32Array;
  /** Bits of each id in an index. */
  readonly bits: Int32Array;
  readonly slots: Int32Array;
  readonly mask: number;
}

/** The number of the tuple that these ids have at the fields of the index, or -1. */
export function findTuple(index: TupleIndex, ids: Int32Array): number {
  const { direct, fields } = index;
  if (direct === null) return index.slots[slotOf(index, ids) + fields.length]! - 1;
  const { shifts, bits } = index;
  let at = 0;
  for (let i = 0; i < fields.length; i++) {
    const id = ids[fields[i]!]!;
    if (id >>> bits[i]! !== 0) return -1;
    at |= id << shifts[i]!;
  }
  return direct[at]! - 1;
}

/** Where the slot of the tuple begins, or the empty one where it would be put. */
function slotOf({ fields, slots, mask }: TupleIndex, ids: Int32Array): number {
  const arity = fields.length;
  let hash = 0;
  for (let i = 0; i < arity; i++) hash = mixed(hash, ids[fields[i]!]!);
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const at = slot * (arity + 1);
    if (slots[at + arity] === 0) return at;
    let i = 0;
    while (i < arity && slots[at + i] === ids[fields[i]!]) i++;
    if (i === arity) return at;
  }
}

export class TupleTable {
  /** Replaced when it changes, but for the numbers in its arrays. */
  index: TupleIndex;
  readonly #make: MakeInts;
  readonly #arity: number;
  #count = 0;
  /** The ids of all tuples, one after the other. */
  readonly #tuples = new GrowingInts();

  constructor(fields: readonly number[], make: MakeInts = plainInts) {
    this.#make = make;
    this.#arity = fields.length;
    const own = make(fields.length);
    own.set(fields);
    const bits = make(fields.length).fill(2);
    this.index = this.#laidOut(own, bits);
  }

  /** Which elements of the list of ids make up the tuple. */
  get fields(): Int32Array {
    return this.index.fields;
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    const { slots, direct } = this.index;
    return this.#tuples.bytes + slots.byteLength + (direct?.byteLength ?? 0);
  }

  /** The number of the tuple that these ids have at `fields`, or -1. */
  find(ids: Int32Array): number {
    return findTuple(this.index, ids);
  }

  /** Adds a tuple that is not there. Returns its number. */
  add(ids: Int32Array): number {
    const number = this.#count++;
    const { fields, direct, bits } = this.index;
    let isWider = false;
    for (let i = 0; i < this.#arity; i++) {
      const id = ids[fields[i]!]!;
      this.#tuples.push(id);
      if (id >>> bits[i]! !== 0) isWider = true;
    }
    if (isWider && direct !== null) {
      const needed = this.#make(this.#arity);
      for (let i = 0; i < this.#arity; i++) {
        needed[i] = bits[i]!;
        while (ids[fields[i]!]! >>> needed[i]! !== 0) needed[i]!++;
      }
      this.index = this.#laidOut(fields, needed);
      for (let each = 0; each < this.#count; each++) this.#enter(each);
    } else this.#enter(number);
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

  /** An index in which no tuple is entered yet. */
  #laidOut(fields: Int32Array, bits: Int32Array): TupleIndex {
    const shifts = this.#make(this.#arity);
    let all = 0;
    for (let i = 0; i < this.#arity; i++) {
      shifts[i] = all;
      all += bits[i]!;
    }
    if (all <= MOST_BITS && this.#arity > 0) {
      return { fields, bits, shifts, direct: this.#make(2 ** all), slots: this.#make(0), mask: 0 };
    }
    let slots = 64;
    while (slots < this.#count * 4) slots *= 2;
    return { fields, bits, shifts, direct: null, ...this.#emptySlots(slots) };
  }

  #emptySlots(slots: number): Pick<TupleIndex, 'slots' | 'mask'> {
    return { slots: this.#make(slots * (this.#arity + 1)), mask: slots - 1 };
  }

  #enter(number: number): void {
    const { direct, shifts, mask } = this.index;
    const arity = this.#arity;
    const ids = this.#tuples.data;
    const from = number * arity;
    if (direct !== null) {
      let at = 0;
      for (let i = 0; i < arity; i++) at |= ids[from + i]! << shifts[i]!;
      direct[at] = number + 1;
      return;
    }
    this.#enterSlot(number);
    if (this.#count * 2 <= mask) return;
    this.index = { ...this.index, ...this.#emptySlots((mask + 1) * 2) };
    for (let each = 0; each <= number; each++) this.#enterSlot(each);
  }

  #enterSlot(number: number): void {
    const { slots, mask } = this.index;
    const arity = this.#arity;
    const ids = this.#tuples.data;
    const from = number * arity;
    let hash = 0;
    for (let i = 0; i < arity; i++) hash = mixed(hash, ids[from + i]!);
    let slot = hash & mask;
    while (slots[slot * (arity + 1) + arity] !== 0) slot = (slot + 1) & mask;
    const at = slot * (arity + 1);
    for (let i = 0; i < arity; i++) slots[at + i] = ids[from + i]!;
    slots[at + arity] = number + 1;
  }
}
