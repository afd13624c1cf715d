/**
 * Values become small integers: 0, 1, 2 ... in the order in which they are first seen.
 *
 * The same value (by what it holds, see `structure.ts`) always has the same id, so states are compared, hashed and
 * stored as integers, and the values themselves are kept once, frozen.
 */
import { freezeDeeply } from './canonical.ts';
import { SystemDefect } from './defect.ts';
import { isSameStructure, structuralHash } from './structure.ts';
import { invisibleIn } from './visible.ts';

/** The hashes of objects that have been looked through, and are frozen: most parts of a new value were parts of one before. */
const looked = new WeakMap<object, number>();

function noteLooked(value: unknown): void {
  if (typeof value !== 'object' || value === null || looked.has(value)) return;
  for (const part of Object.values(value)) noteLooked(part);
  looked.set(value, structuralHash(value, looked));
}

export class Interner<T> {
  /** By hash the id of the last value that has it; and for each id that of the one before it with the same hash, or -1. */
  readonly #last = new Map<number, number>();
  readonly #before: number[] = [];
  /** The ids of the values that are kept, by the objects themselves: they are frozen, so they stay as they are. */
  readonly #kept = new WeakMap<object, number>();
  readonly #values: T[] = [];
  readonly #isPlain: boolean;

  /** @param isPlain - whether all values are plain data for certain, so that none is looked through for what is not */
  constructor(isPlain = false) {
    this.#isPlain = isPlain;
  }

  /** Number of distinct values so far; all ids are below it. */
  get size(): number {
    return this.#values.length;
  }

  /** All values, in the order of their ids. */
  get values(): readonly T[] {
    return this.#values;
  }

  /**
   * The id of a value; a value not seen before is frozen and gets the next id.
   *
   * @throws SystemDefect if the value is not plain data
   */
  idOf(value: T): number {
    const isObject = typeof value === 'object' && value !== null;
    const kept = isObject ? this.#kept.get(value) : undefined;
    if (kept !== undefined) return kept;
    const invisible = this.#isPlain ? undefined : invisibleIn(value, looked);
    if (invisible !== undefined) throw new SystemDefect(`${invisible} is not plain data`);
    const hash = structuralHash(value, looked);
    const last = this.#last.get(hash) ?? -1;
    for (let id = last; id >= 0; id = this.#before[id]!) {
      if (isSameStructure(value, this.#values[id])) return id;
    }
    const id = this.#values.length;
    this.#last.set(hash, id);
    this.#before.push(last);
    this.#values.push(freezeDeeply(value));
    noteLooked(value);
    if (isObject) this.#kept.set(value, id);
    return id;
  }

  /** The value of an id that `idOf` gave. */
  valueOf(id: number): T {
    if (id < 0 || id >= this.#values.length) throw new RangeError(`no value has the id ${id}`);
    return this.#values[id] as T;
  }
}
