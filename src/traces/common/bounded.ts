/** Maps and sets of at most so many entries, for what is remembered of a source without an end. */

/** What is remembered of SAs, hosts or threads at most, where nothing else bounds it. */
export const MOST_ENTRIES = 100_000;

/**
 * Whichever key has been there for longest, one after the other. Goes on from where it stands: to begin anew each time
 * would pass over all that have given way.
 */
class OldestFirst<Key> {
  readonly #all: { keys(): IterableIterator<Key> };
  #at: IterableIterator<Key>;

  constructor(all: { keys(): IterableIterator<Key> }) {
    this.#all = all;
    this.#at = all.keys();
  }

  next(): Key {
    const { value, done } = this.#at.next();
    if (done !== true) return value;
    // It was at the end while there was nothing more.
    this.#at = this.#all.keys();
    return this.next();
  }
}

/** A map in which the entry that has been there for longest gives way to a new one. */
export class BoundedMap<Key, Value> extends Map<Key, Value> {
  readonly #most: number;
  readonly #oldest = new OldestFirst<Key>(this);

  constructor(most = MOST_ENTRIES) {
    super();
    this.#most = most;
  }

  override set(key: Key, value: Value): this {
    super.set(key, value);
    if (this.size > this.#most) this.delete(this.#oldest.next());
    return this;
  }
}

/** A set in which the value that has been there for longest gives way to a new one. */
export class BoundedSet<Value> extends Set<Value> {
  readonly #most: number;
  readonly #oldest = new OldestFirst<Value>(this);

  constructor(most = MOST_ENTRIES) {
    super();
    this.#most = most;
  }

  override add(value: Value): this {
    super.add(value);
    if (this.size > this.#most) this.delete(this.#oldest.next());
    return this;
  }
}
