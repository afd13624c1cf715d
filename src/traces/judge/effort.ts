/**
 * How far an end is searched for states that nobody saw. Who makes a trace chooses how many there are: thirty sync
 * requests that nobody answers may have arrived in millions of ways. So each message earns some steps, and what is not
 * used is saved up to a bound; where they run out, the search ends early, and from there on nothing is blamed on the end.
 */

/** How much may be spent on looking for states, in steps. */
export interface Allowance {
  /** What may be saved up. */
  readonly most: number;
  /** What each message earns. */
  readonly earned: number;
}

/** No trace that is shipped takes a third of what may be saved up. */
const USUAL: Allowance = { most: 2000, earned: 100 };

/** States that one search may reach. */
const MOST_REACHED = 256;

export class Effort {
  readonly #allowance: Allowance;
  #left: number;
  /** Whether a search ended early: some possible state may not have been found. */
  ranOut = false;

  constructor(allowance = USUAL) {
    this.#allowance = allowance;
    this.#left = allowance.most;
  }

  /** One that goes its own way from here on. */
  copy(): Effort {
    const copy = new Effort(this.#allowance);
    copy.#left = this.#left;
    copy.ranOut = this.ranOut;
    return copy;
  }

  earn(): void {
    const { most, earned } = this.#allowance;
    this.#left = Math.min(most, this.#left + earned);
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
