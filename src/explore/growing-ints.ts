import { sharedMemory } from './host.ts';

/** Makes an array of so many integers, all 0. */
export type MakeInts = (length: number) => Int32Array;

export const plainInts: MakeInts = (length) => new Int32Array(length);

/** In memory that other threads can see. */
export const sharedInts = (length: number): Int32Array<SharedArrayBuffer> =>
  new Int32Array(sharedMemory(4 * length));

/** The same of 64-bit floating-point numbers. */
export const sharedDoubles = (length: number): Float64Array => new Float64Array(sharedMemory(8 * length));

/** A list of 32-bit integers in one typed array, which is replaced by a larger one when it is full. */
export class GrowingInts {
  /** The first `length` elements count. Replaced by `push`: do not hold it across one. */
  data: Int32Array;
  length = 0;
  readonly #make: MakeInts;

  constructor(make: MakeInts = plainInts) {
    this.#make = make;
    this.data = make(16);
  }

  push(value: number): void {
    if (this.length === this.data.length) this.data = enlarged(this.data, this.length * 2, 0, this.#make);
    this.data[this.length++] = value;
  }

  /** The elements that count. */
  get all(): Int32Array {
    return this.data.subarray(0, this.length);
  }

  /** Begins anew with these elements. */
  restore(elements: Int32Array): void {
    this.data = this.#make(Math.max(16, elements.length));
    this.data.set(elements);
    this.length = elements.length;
  }

  /** Bytes that come on top while so many more are pushed. */
  growth(more: number): number {
    return this.length + more <= this.data.length ? 0 : 8 * Math.max(this.data.length, more);
  }

  get bytes(): number {
    return this.data.byteLength;
  }
}

/** A copy of the array with room for `size` elements, filled up with `filler`. */
export function enlarged(array: Int32Array, size: number, filler = 0, make = plainInts): Int32Array {
  const larger = make(size);
  larger.set(array);
  if (filler !== 0) larger.fill(filler, array.length);
  return larger;
}
