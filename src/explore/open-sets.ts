/**
 * Sets of messages that other threads have found and could not give ids to, because only the search may: collected in
 * the order of the states, and given ids some at a time, for the same reason as rows are inserted so (`row-table.ts`).
 */
import { type Batch, NO_MORE } from './batch.ts';
import { enlarged, GrowingInts } from './growing-ints.ts';
import type { MessageSets } from './message-sets.ts';
import type { RowLayout } from './row-layout.ts';

export class OpenSets {
  /** Places in the batch of the successors that have them. */
  readonly #places = new GrowingInts();
  /** The sets, one after the other, each of `#width` words. */
  #sets: Int32Array = new Int32Array(0);
  #ids = new Int32Array(0);
  #width = 0;

  /**
   * Takes those of a state in the batch.
   *
   * @param words - of a set there
   * @param width - words of a set by now: since then there can have been new messages
   */
  collect({ opens, sets }: Batch, place: number, words: number, width: number): void {
    this.#width = width;
    for (let at = opens[place]! - 1; sets[at] !== NO_MORE; at += 1 + words) {
      const to = this.#places.length * width;
      if (to + width > this.#sets.length) this.#sets = enlarged(this.#sets, 2 * (to + width));
      for (let w = 0; w < width; w++) this.#sets[to + w] = w < words ? sets[at + 1 + w]! : 0;
      this.#places.push(sets[at]!);
    }
  }

  /** Gives ids to all that were collected; they have still to be written down. */
  identify(known: MessageSets): void {
    const { length } = this.#places;
    if (this.#ids.length < length) this.#ids = new Int32Array(2 * length);
    if (length > 0) known.idsOf(this.#sets.subarray(0, length * this.#width), length, this.#ids);
  }

  /** Writes the ids into the rows of the batch, at a field, and forgets them. */
  writeInto(batch: Batch, layout: RowLayout, field: number): void {
    const { data, length } = this.#places;
    for (let i = 0; i < length; i++) batch.write(data[i]!, layout, field, this.#ids[i]!);
    this.#places.length = 0;
  }
}
