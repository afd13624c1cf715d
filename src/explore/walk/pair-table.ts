/** Pairs of small integers, each with a third: an open-addressed hash table in one typed array. */

/** Integers a slot: the two keys, and the value plus one (0: empty slot). */
const SLOT = 3;

export class PairTable {
  #slots = new Int32Array(64 * SLOT);
  #mask = 63;
  #count = 0;

  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** The value of a pair (0 or more), or -1 if it has none. */
  find(a: number, b: number): number {
    return this.#slots[this.#slotOf(a, b) + 2]! - 1;
  }

  /** Adds a pair that has no value yet. */
  add(a: number, b: number, value: number): void {
    const at = this.#slotOf(a, b);
    this.#slots[at] = a;
    this.#slots[at + 1] = b;
    this.#slots[at + 2] = value + 1;
    if (++this.#count * 2 > this.#mask) this.#grow();
  }

  #slotOf(a: number, b: number): number {
    const slots = this.#slots;
    for (let slot = mixed(a, b) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * SLOT;
      if (slots[at + 2] === 0 || (slots[at] === a && slots[at + 1] === b)) return at;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let at = 0; at < old.length; at += SLOT) {
      if (old[at + 2] === 0) continue;
      const to = this.#slotOf(old[at]!, old[at + 1]!);
      for (let i = 0; i < SLOT; i++) this.#slots[to + i] = old[at + i]!;
    }
  }
}

function mixed(a: number, b: number): number {
  const h = Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b);
  return h ^ (h >>> 15);
}
