/**
 * Sets of messages that threads have found in a batch and could not give ids to, because only the search may: collected
 * in the order of the states, and given ids some at a time, for the same reason as rows are inserted so (`row-table.ts`).
 */
import { type Batch, LEFT, NO_MORE } from './batch.ts';
import { enlarged, GrowingInts } from './growing-ints.ts';
import type { MessageSets } from './message-sets.ts';
import type { RowLayout } from './row-layout.ts';

export class OpenSets {
  #batch: Batch | undefined;
  /** Words of a set in the batch. */
  #words = 0;
  /** States before this place have been collected. */
  #collected = 0;
  /** Places in the batch of the successors that have them. */
  readonly #places = new GrowingInts();
  /** The sets, one after the other, each of `#width` words. */
  #sets: Int32Array = new Int32Array(0);
  #ids = new Int32Array(0);
  #width = 0;

  /**
   * From now on, they are those of this batch.
   *
   * @param words - of a set there
   */
  begin(batch: Batch, words: number): void {
    this.#batch = batch;
    this.#words = words;
    this.#collected = 0;
  }

  /**
   * Takes those of the states before a place.
   *
   * @param width - words of a set by now: since they were found there can have been new messages
   * @returns how many there are
   */
  collect(end: number, width: number): number {
    const { opens, ends, sets } = this.#batch!;
    const words = this.#words;
    this.#width = width;
    for (let place = this.#collected; place < end; place++) {
      if (ends[place] === LEFT || opens[place] === 0) continue;
      for (let at = opens[place]! - 1; sets[at] !== NO_MORE; at += 1 + words) {
        const to = this.#places.length * width;
        if (to + width > this.#sets.length) this.#sets = enlarged(this.#sets, 2 * (to + width));
        for (let w = 0; w < width; w++) this.#sets[to + w] = w < words ? sets[at + 1 + w]! : 0;
        this.#places.push(sets[at]!);
      }
    }
    this.#collected = end;
    return this.#places.length;
  }

  /** Gives ids to all that were collected; they have still to be written down. */
  identify(known: MessageSets): void {
    const { length } = this.#places;
    if (this.#ids.length < length) this.#ids = new Int32Array(2 * length);
    if (length > 0) known.idsOf(this.#sets.subarray(0, length * this.#width), length, this.#ids);
  }

  /** Writes the ids into the rows of the batch, at a field, and forgets them. */
  write(layout: RowLayout, field: number): void {
    const { data, length } = this.#places;
    for (let i = 0; i < length; i++) this.#batch!.write(data[i]!, layout, field, this.#ids[i]!);
    this.#places.length = 0;
  }
}
