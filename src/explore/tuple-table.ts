/**
 * Tuples of ids become small integers 0, 1, 2 ..., as values do, but without any text: this look-up is made
 * for each state and each tuple of components that a rule touches.
 *
 * A tuple of one is looked up directly. Longer ones (and the empty one) are in an open-addressed hash table,
 * each slot holding the ids and then the number plus one (0: empty slot).
 */
import { enlarged } from './growing-ints.ts';

export class TupleTable {
  /** Which elements of the list of ids make up the tuple. */
  readonly fields: Int32Array;
  readonly #arity: number;
  #count = 0;
  /** For tuples of one: number by id, -1 where there is none. */
  #direct = new Int32Array(16).fill(-1);
  #slots: Int32Array;
  #mask = 63;

  constructor(fields: readonly number[]) {
    this.fields = Int32Array.from(fields);
    this.#arity = fields.length;
    this.#slots = new Int32Array(64 * (this.#arity + 1));
  }

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#direct.byteLength + this.#slots.byteLength;
  }

  /** The number of the tuple that these ids have at `fields`, or -1. */
  find(ids: Int32Array): number {
    if (this.#arity === 1) {
      const id = ids[this.fields[0]!]!;
      return id < this.#direct.length ? this.#direct[id]! : -1;
    }
    return this.#slots[this.#slotOf(ids) + this.#arity]! - 1;
  }

  /** Adds a tuple that is not there. Returns its number. */
  add(ids: Int32Array): number {
    const number = this.#count++;
    if (this.#arity === 1) {
      const id = ids[this.fields[0]!]!;
      if (id >= this.#direct.length) {
        this.#direct = enlarged(this.#direct, Math.max(id + 1, this.#direct.length * 2), -1);
      }
      this.#direct[id] = number;
      return number;
    }
    const slot = this.#slotOf(ids);
    for (let i = 0; i < this.#arity; i++) this.#slots[slot + i] = ids[this.fields[i]!]!;
    this.#slots[slot + this.#arity] = number + 1;
    if (this.#count * 2 > this.#mask) this.#grow();
    return number;
  }

  /** All tuples, in no order in particular. */
  *all(): Iterable<readonly number[]> {
    if (this.#arity === 1) {
      for (const [id, number] of this.#direct.entries()) if (number >= 0) yield [id];
      return;
    }
    const step = this.#arity + 1;
    for (let at = 0; at < this.#slots.length; at += step) {
      if (this.#slots[at + this.#arity] !== 0) yield [...this.#slots.subarray(at, at + this.#arity)];
    }
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
