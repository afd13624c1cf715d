/**
 * Random numbers that a seed decides: the same seed and stream give the same numbers on every machine.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, a few operations a number.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /**
   * @param seed - any 32-bit integer
   * @param stream - numbers of other streams of a seed have nothing to do with those of this one
   */
  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    this.#c = 0x9e3779b9 | 0;
    for (let i = 0; i < 12; i++) this.next();
  }

  /** A whole number from 0 to 2^32 - 1. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A whole number from 0 to `count` - 1; `count` is from 1 to 2^20. */
  below(count: number): number {
    return Math.floor((this.next() * count) / 0x1_0000_0000);
  }
}
