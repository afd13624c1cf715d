/**
 * The right to say `holds`.
 *
 * A property holds only if the whole reachable state space was visited. So `Holds` is made from an
 * `Exhausted`, and an `Exhausted` only from a search whose queue is empty and that compared states in full. Both have a private field: no
 * object literal passes for one.
 */

export interface ExactCounts {
  readonly found: number;
  readonly expanded: number;
  /** Of a search that may take a state for another one, this cannot be said. */
  readonly isExact: true;
}

/** The whole reachable state space was visited. */
export class Exhausted {
  readonly kind = 'exhausted';
  readonly #states: number;

  private constructor(states: number) {
    this.#states = states;
  }

  /**
   * Of the number of states found, and of those whose steps have all been taken, by an exact search.
   *
   * @throws RangeError unless they are the same
   */
  static of({ found, expanded }: ExactCounts): Exhausted {
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
