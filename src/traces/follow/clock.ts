/**
 * A clock that runs with a source: the times of its events where it has them, which may be of another day, and between
 * them, and where there are none, the time that passes here.
 */
export class SourceClock {
  readonly #passed: () => number;
  #latest = 0;
  #at: number;

  /** @param passed seconds that have passed here since whenever */
  constructor(passed: () => number = () => performance.now() / 1000) {
    this.#passed = passed;
    this.#at = passed();
  }

  /** @param time of an event, in seconds */
  note(time: number | undefined): void {
    if (time === undefined || !(time > this.#latest)) return;
    this.#latest = time;
    this.#at = this.#passed();
  }

  /** Seconds; never goes back. */
  get now(): number {
    const now = this.#latest + (this.#passed() - this.#at);
    this.#latest = Math.max(this.#latest, now);
    this.#at = this.#passed();
    return this.#latest;
  }
}
