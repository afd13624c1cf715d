/** What could not be read of a source: the first records one by one, the rest by number. */
import type { Unread } from '../../events/event.ts';
import type { Concern } from '../../events/source-facts.ts';

/** How many are told one by one, so that a file full of rubbish takes no memory. */
export const MOST_UNREAD = 10_000;

/** A place in one of several files. */
export interface PlaceInFile {
  readonly file: string;
  readonly number: number;
}

export class UnreadList {
  readonly #file: string;
  readonly #entries: Unread[] = [];
  #more = 0;
  #firstMore: number | undefined;

  /** @param file the one that is meant where no other is named */
  constructor(file: string) {
    this.#file = file;
  }

  /** How many there are. */
  get count(): number {
    return this.#entries.length + this.#more;
  }

  /**
   * @param place number of the frame or line, or where it is in which file
   * @param incomplete that it is a part of a message whose other parts were not seen
   * @param concern which SA it belongs to, if that is known
   * @param told that an event says what it means
   */
  add(
    place: number | PlaceInFile | undefined,
    reason: string,
    incomplete = false,
    concern?: Concern,
    told = false,
  ): void {
    const { file, number: at } = typeof place === 'object' ? place : { file: this.#file, number: place };
    if (this.#entries.length < MOST_UNREAD) {
      this.#entries.push({
        file,
        ...(at !== undefined && { at }),
        reason,
        ...(incomplete && { incomplete }),
        ...(concern !== undefined && { concern }),
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

  /** In the order of their places; of several files, in that in which they came. */
  list(): readonly Unread[] {
    const files = new Map<string, number>();
    for (const { file } of this.#entries) if (!files.has(file)) files.set(file, files.size);
    const inOrder = this.#entries.toSorted(
      (one, other) =>
        (files.get(one.file) ?? 0) - (files.get(other.file) ?? 0) || (one.at ?? 0) - (other.at ?? 0),
    );
    if (this.#more === 0) return inOrder;
    const from = this.#firstMore === undefined ? '' : `, from ${this.#firstMore} on`;
    return [...inOrder, { file: this.#file, reason: `${this.#more} more that could not be read${from}` }];
  }
}
