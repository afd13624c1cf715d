/**
 * Values become small integers: 0, 1, 2 ... in the order in which they are first seen.
 *
 * The same value (by its canonical text) always has the same id, so states are compared, hashed and stored
 * as integers, and the values themselves are kept once, frozen.
 */
import { canonicalText, freezeDeeply } from './canonical.ts';

export class Interner<T> {
  readonly #ids = new Map<string, number>();
  /** The ids of the values that are kept, by the objects themselves: they are frozen, so their text stays. */
  readonly #kept = new WeakMap<object, number>();
  readonly #values: T[] = [];

  /** Number of distinct values so far; all ids are below it. */
  get size(): number {
    return this.#values.length;
  }

  /** All values, in the order of their ids. */
  get values(): readonly T[] {
    return this.#values;
  }

  /** The id of a value; a value not seen before is frozen and gets the next id. */
  idOf(value: T): number {
    const isObject = typeof value === 'object' && value !== null;
    const kept = isObject ? this.#kept.get(value) : undefined;
    if (kept !== undefined) return kept;
    const text = canonicalText(value);
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#values.length;
    this.#ids.set(text, id);
    this.#values.push(freezeDeeply(value));
    if (isObject) this.#kept.set(value, id);
    return id;
  }

  /** The value of an id that `idOf` gave. */
  valueOf(id: number): T {
    if (id < 0 || id >= this.#values.length) throw new RangeError(`no value has the id ${id}`);
    return this.#values[id] as T;
  }
}
