/**
 * The right to say `holds`.
 *
 * A property holds only if the whole reachable state space was visited. So `Holds` is made from an
 * `Exhausted`, and an `Exhausted` only from a search whose queue is empty. Both have a private field: no
 * object literal passes for one.
 */

/** The whole reachable state space was visited. */
export class Exhausted {
  readonly kind = 'exhausted';
  readonly #states: number;

  private constructor(states: number) {
    this.#states = states;
  }

  /**
   * Of the number of states found, and of those whose steps have all been taken.
   *
   * @throws RangeError unless they are the same
   */
  static of({ found, expanded }: { readonly found: number; readonly expanded: number }): Exhausted {
    if (found !== expanded) throw new RangeError(`${found - expanded} states are still to be expanded`);
    return new Exhausted(found);
  }

  /** Number of states that there are. */
  get states(): number {
    return this.#states;
  }
}

/** A property was found to hold. */
export class Holds {
  readonly id: string;
  readonly verdict = 'holds';
  readonly #after: Exhausted;

  constructor(id: string, after: Exhausted) {
    this.id = id;
    this.#after = after;
  }

  /** What gives the right to say so. */
  get after(): Exhausted {
    return this.#after;
  }
}
