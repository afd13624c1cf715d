/**
 * How far an end is searched for states that nobody saw. Who makes a trace chooses how many there are: thirty sync
 * requests that nobody answers may have arrived in millions of ways. So each message earns some steps, and what is not
 * used is saved up to a bound; where they run out, the search ends early, and from there on nothing is blamed on the end.
 */

/** Steps that may be saved up. No trace that is shipped takes a third of them. */
const MOST = 2000;

/** Steps that each message earns. */
const EARNED = 100;

/** States that one search may reach. */
const MOST_REACHED = 256;

export class Effort {
  #left: number;
  /** Whether a search ended early: some possible state may not have been found. */
  ranOut = false;

  constructor(from?: Effort) {
    this.#left = from === undefined ? MOST : from.#left;
    this.ranOut = from?.ranOut ?? false;
  }

  earn(): void {
    this.#left = Math.min(MOST, this.#left + EARNED);
  }

  /** Whether a search that has reached so many states may try as many messages from a further one. */
  allows(messages: number, reached: number): boolean {
    if (messages > 0 && reached > MOST_REACHED) this.ranOut = true;
    return reached <= MOST_REACHED ? this.spend(messages) : messages === 0;
  }

  /** Takes a step into account; false if there are none left. */
  spend(steps: number): boolean {
    if (this.#left < steps) {
      this.ranOut = true;
      return false;
    }
    this.#left -= steps;
    return true;
  }
}
