/**
 * What is known of differences of integers, x - y <= c, with everything that follows from it: a matrix, closed under
 * addition along paths. Null stands for the number zero. Values are never changed: `with` makes another.
 */
import type { Variable } from './linear.ts';

export class Bounds {
  /** The place of each variable in the matrix, by its index; 0, which is the place of zero, for those not in it. */
  readonly #places: Uint16Array;
  readonly #size: number;
  readonly #most: Float64Array;

  private constructor(places: Uint16Array, size: number, most: Float64Array) {
    this.#places = places;
    this.#size = size;
    this.#most = most;
  }

  static readonly nothing = new Bounds(new Uint16Array(0), 1, new Float64Array([0]));

  #has(variable: Variable): boolean {
    return (this.#places[variable.index] ?? 0) > 0;
  }

  /** The least c for which x - y <= c is known; Infinity if nothing is. */
  most(x: Variable | null, y: Variable | null): number {
    if (x === y) return 0;
    const [row, column] = [this.#placeOf(x), this.#placeOf(y)];
    return row < 0 || column < 0 ? Infinity : (this.#most[row * this.#size + column] ?? Infinity);
  }

  #placeOf(variable: Variable | null): number {
    if (variable === null) return 0;
    return this.#has(variable) ? (this.#places[variable.index] ?? -1) : -1;
  }

  /** With a variable, and its own limits. */
  having(variable: Variable): Bounds {
    if (this.#has(variable)) return this;
    const [before, size] = [this.#size, this.#size + 1];
    const most = new Float64Array(size * size);
    for (let row = 0; row < before; row++) {
      for (let column = 0; column < before; column++) {
        most[row * size + column] = this.#most[row * before + column] ?? Infinity;
      }
    }
    // Nothing else is known of it but its limits: so every way from it and to it goes by zero.
    const [up, down] = [variable.most ?? Infinity, variable.least === undefined ? Infinity : -variable.least];
    for (let other = 0; other < before; other++) {
      most[before * size + other] = up + (this.#most[other] ?? Infinity);
      most[other * size + before] = (this.#most[other * before] ?? Infinity) + down;
    }
    const places = new Uint16Array(Math.max(this.#places.length, variable.index + 1));
    places.set(this.#places);
    places[variable.index] = before;
    return new Bounds(places, size, most);
  }

  /** Knowing x - y <= c as well; null if that cannot be. */
  with(x: Variable | null, y: Variable | null, c: number): Bounds | null {
    if (x === y) return c >= 0 ? this : null;
    if (x !== null && !this.#has(x)) return this.having(x).with(x, y, c);
    if (y !== null && !this.#has(y)) return this.having(y).with(x, y, c);
    if (c >= this.most(x, y)) return this;
    if (this.most(y, x) + c < 0) return null;
    const size = this.#size;
    const most = this.#most.slice();
    const [toX, fromY] = [this.#placeOf(x), this.#placeOf(y) * size];
    for (let row = 0; row < size * size; row += size) {
      const before = (most[row + toX] ?? Infinity) + c;
      if (before === Infinity) continue;
      for (let column = 0; column < size; column++) {
        const by = before + (most[fromY + column] ?? Infinity);
        if (by < (most[row + column] ?? Infinity)) most[row + column] = by;
      }
    }
    return new Bounds(this.#places, size, most);
  }
}
