/** A set of texts of which the first are kept and the rest are counted, so that no input makes it grow without end. */
export class CappedSet extends Set<string> {
  /** How many more there were, the same ones counted each time. */
  beyond: number;
  readonly #most: number;

  constructor(most: number, from?: CappedSet) {
    super();
    this.#most = most;
    for (const each of from ?? []) super.add(each);
    this.beyond = from?.beyond ?? 0;
  }

  override add(text: string): this {
    if (this.has(text)) return this;
    if (this.size < this.#most) super.add(text);
    else this.beyond += 1;
    return this;
  }

  /** All that are kept, and how many are not. */
  list(): readonly string[] {
    return this.beyond === 0 ? [...this] : [...this, `${this.beyond} more of the kind, which are not listed`];
  }
}
