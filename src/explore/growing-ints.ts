/** A list of 32-bit integers in one typed array, which is replaced by a larger one when it is full. */
export class GrowingInts {
  /** The first `length` elements count. Replaced by `push`: do not hold it across one. */
  data = new Int32Array(16);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) this.data = enlarged(this.data, this.length * 2);
    this.data[this.length++] = value;
  }

  /** The elements that count. */
  get all(): Int32Array {
    return this.data.subarray(0, this.length);
  }

  /** Begins anew with these elements. */
  restore(elements: Int32Array): void {
    this.data = new Int32Array(Math.max(16, elements.length));
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
export function enlarged(array: Int32Array, size: number, filler = 0): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(array);
  if (filler !== 0) larger.fill(filler, array.length);
  return larger;
}
