/**
 * From which state each state was first reached, in two bits a state.
 *
 * States are expanded in the order of their numbers, and those found are numbered in the order in which they are
 * found. So parents never go down as numbers go up, and it suffices to know how many children each state has. They
 * are written down in strokes: for each expanded state in turn a 1 for each child, and then a 0.
 *
 *     children of state 0: 1 and 2; of 1: none; of 2: 3         110 0 10
 *
 * The parent of the n-th child (from 0) is the number of 0s before the n-th 1. To find it, the number of 1s before
 * each block of strokes is kept.
 */
import { GrowingInts } from './growing-ints.ts';

/** The parent of an initial state. */
export const NO_PARENT = 0xffff_ffff;

/** Words of strokes in a block, as a power of two. */
const BLOCK_BITS = 6;

export class Lineage {
  readonly #initial: number;
  readonly #strokes = new GrowingInts();
  /** How many 1s there are before each block. */
  readonly #before = new GrowingInts();
  #word = 0;
  /** Bits of `#word` that are written. */
  #bits = 0;
  #children = 0;
  #expanded = 0;

  /** @param initial - number of initial states */
  constructor(initial: number) {
    this.#initial = initial;
  }

  /** Number of states whose children are known. */
  get expanded(): number {
    return this.#expanded;
  }

  get bytes(): number {
    return this.#strokes.bytes + this.#before.bytes;
  }

  /** Bytes that come on top while so many more children are added. */
  growth(children: number): number {
    return this.#strokes.growth(children >>> 4);
  }

  /** All that there is of it, in a list. */
  save(): Int32Array {
    const numbers = [
      this.#initial,
      this.#word,
      this.#bits,
      this.#children,
      this.#expanded,
      this.#before.length,
    ];
    const saved = new Int32Array(numbers.length + this.#before.length + this.#strokes.length);
    saved.set(numbers);
    saved.set(this.#before.all, numbers.length);
    saved.set(this.#strokes.all, numbers.length + this.#before.length);
    return saved;
  }

  /** Of what was saved. */
  static restored(saved: Int32Array): Lineage {
    const [initial, word, bits, children, expanded, blocks] = saved;
    const lineage = new Lineage(initial!);
    lineage.#word = word!;
    lineage.#bits = bits!;
    lineage.#children = children!;
    lineage.#expanded = expanded!;
    lineage.#before.restore(saved.subarray(6, 6 + blocks!));
    lineage.#strokes.restore(saved.subarray(6 + blocks!));
    return lineage;
  }

  /** The next state has been expanded: so many states were found from it. */
  add(children: number): void {
    this.#children += children;
    this.#expanded++;
    // Mostly there is room for all strokes in the word, and for more after them.
    if (this.#bits + children < 31) {
      this.#word |= ((1 << children) - 1) << this.#bits;
      this.#bits += children + 1;
      return;
    }
    for (let i = 0; i < children; i++) this.#stroke(1);
    this.#stroke(0);
  }

  /** The state that a state was first reached from, or `NO_PARENT`. */
  parentOf(state: number): number {
    if (state < this.#initial) return NO_PARENT;
    const child = state - this.#initial;
    if (child >= this.#children) throw new RangeError(`state ${state} has not been found`);
    const before = this.#before.data;
    let block = 0;
    for (let above = this.#before.length; above - block > 1; ) {
      const middle = (block + above) >>> 1;
      if (before[middle]! <= child) block = middle;
      else above = middle;
    }
    // Before the first block, and in none, nothing comes: then the strokes are still in `#word`.
    let ones = this.#before.length === 0 ? 0 : before[block]!;
    let at = block << BLOCK_BITS;
    for (; ; at++) {
      const inWord = onesIn(this.#wordAt(at));
      if (ones + inWord > child) break;
      ones += inWord;
    }
    const word = this.#wordAt(at);
    let bit = 0;
    for (; ; bit++) {
      if (((word >>> bit) & 1) === 0) continue;
      if (ones === child) break;
      ones++;
    }
    return at * 32 + bit - child;
  }

  #wordAt(at: number): number {
    return at < this.#strokes.length ? this.#strokes.data[at]! : this.#word;
  }

  #stroke(bit: 0 | 1): void {
    this.#word |= bit << this.#bits;
    this.#bits++;
    if (this.#bits < 32) return;
    this.#strokes.push(this.#word);
    this.#word = 0;
    this.#bits = 0;
    if (this.#strokes.length === 1) this.#before.push(0);
    if ((this.#strokes.length & ((1 << BLOCK_BITS) - 1)) === 0) {
      this.#before.push(this.#onesSoFar());
    }
  }

  /** The number of 1s in all whole words; the last block is counted. */
  #onesSoFar(): number {
    const strokes = this.#strokes;
    let ones = this.#before.data[this.#before.length - 1]!;
    for (let at = strokes.length - (1 << BLOCK_BITS); at < strokes.length; at++) {
      ones += onesIn(strokes.data[at]!);
    }
    return ones;
  }
}

function onesIn(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
