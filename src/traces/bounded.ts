/** Maps and sets of at most so many entries, for what is remembered of a source without an end. */

/** What is remembered of SAs, hosts or threads at most, where nothing else bounds it. */
export const MOST_ENTRIES = 100_000;

/** A map in which the entry that has been there for longest gives way to a new one. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #most: number;
  /** Goes on from where it stands: to begin anew each time would pass over all that have given way. */
  #oldest = this.keys();

  constructor(most = MOST_ENTRIES) {
    super();
    this.#most = most;
  }

  override set(key: Key, value: Value): this {
    super.set(key, value);
    if (this.size > this.#most) this.delete(this.#next());
    return this;
  }

  #next(): Key {
    const { value, done } = this.#oldest.next();
    if (done !== true) return value;
    // It was at the end while there was nothing more.
    this.#oldest = this.keys();
    return this.#next();
  }
}

/** A set in which the value that has been there for longest gives way to a new one. */
export class BoundedSet<Value> extends Set<Value> {
  readonly #most: number;
  /** As that of the map. */
  #oldest = this.values();

  constructor(most = MOST_ENTRIES) {
    super();
    this.#most = most;
  }

  override add(value: Value): this {
    super.add(value);
    if (this.size > this.#most) this.delete(this.#next());
    return this;
  }

  #next(): Value {
    const { value, done } = this.#oldest.next();
    if (done !== true) return value;
    this.#oldest = this.values();
    return this.#next();
  }
}
