/** Maps and sets of at most so many entries, for what is remembered of a source without an end. */

/** What is remembered of SAs, hosts or threads at most, where nothing else bounds it. */
export const MOST_ENTRIES = 100_000;

/** A map in which the entry that was set longest ago gives way to a new one. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #most: number;

  constructor(most = MOST_ENTRIES) {
    super();
    this.#most = most;
  }

  override set(key: Key, value: Value): this {
    super.delete(key);
    super.set(key, value);
    if (this.size > this.#most) {
      for (const oldest of this.keys()) {
        this.delete(oldest);
        break;
      }
    }
    return this;
  }
}

/** A set in which the value that was added longest ago gives way to a new one. */
export class BoundedSet<Value> extends Set<Value> {
  readonly #most: number;

  constructor(most = MOST_ENTRIES) {
    super();
    this.#most = most;
  }

  override add(value: Value): this {
    super.delete(value);
    super.add(value);
    if (this.size > this.#most) {
      for (const oldest of this) {
        this.delete(oldest);
        break;
      }
    }
    return this;
  }
}
