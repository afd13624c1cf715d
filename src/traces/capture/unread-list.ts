/** What could not be read of a source: the first records one by one, the rest by number. */
import type { Unread } from '../event.ts';

/** How many are told one by one, so that a file full of rubbish takes no memory. */
export const MOST_UNREAD = 10_000;

export class UnreadList {
  readonly #file: string;
  readonly #entries: Unread[] = [];
  #more = 0;
  #firstMore: number | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** How many there are. */
  get count(): number {
    return this.#entries.length + this.#more;
  }

  /**
   * @param at number of the frame or line
   * @param incomplete that it is a part of a message whose other parts were not seen
   * @param told that an event says what it means
   */
  add(at: number | undefined, reason: string, incomplete = false, told = false): void {
    if (this.#entries.length < MOST_UNREAD) {
      this.#entries.push({
        file: this.#file,
        ...(at !== undefined && { at }),
        reason,
        ...(incomplete && { incomplete }),
        ...(told && { told }),
      });
      return;
    }
    this.#more += 1;
    this.#firstMore ??= at;
  }

  /** So many more, of which no more is known. */
  addMore(count: number): void {
    this.#more += count;
  }

  /** In the order of their places. */
  list(): readonly Unread[] {
    const inOrder = this.#entries.toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0));
    if (this.#more === 0) return inOrder;
    const from = this.#firstMore === undefined ? '' : `, from ${this.#firstMore} on`;
    return [...inOrder, { file: this.#file, reason: `${this.#more} more that could not be read${from}` }];
  }
}
