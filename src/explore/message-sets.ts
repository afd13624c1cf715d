/**
 * Sets of messages become small integers: a set is a bit per message, a row of whole words in a table.
 *
 * There are far fewer sets than states, and most steps send nothing, or nothing new. So a state has the id of its
 * set in its row, and not the set. Set 0 is the empty one.
 */
import { type MakeInts, plainInts } from './growing-ints.ts';
import { type RowIndex, RowTable } from './row-table.ts';

export class MessageSets {
  readonly #sets: RowTable;
  #words = 1;

  constructor(make: MakeInts = plainInts) {
    this.#sets = new RowTable(this.#words, make);
    this.#sets.insert(new Int32Array(this.#words));
  }

  /** See `RowTable.index`. */
  get index(): RowIndex {
    return this.#sets.index;
  }

  /** Number of distinct sets. */
  get size(): number {
    return this.#sets.count;
  }

  /** Words of a set. */
  get words(): number {
    return this.#words;
  }

  get bytes(): number {
    return this.#sets.bytes;
  }

  /** Whether there is room for that many messages. */
  fits(messages: number): boolean {
    return messages <= this.#words * 32;
  }

  /** Makes room for that many messages. Sets keep their ids. */
  widen(messages: number): void {
    this.#words = Math.max(1, Math.ceil(messages / 32));
    this.#sets.widen(this.#words, (set, into) => {
      for (let w = 0; w < set.length; w++) into[w] = set[w]!;
    });
  }

  /** The id of a set; a new one is added. */
  idOf(set: Int32Array): number {
    return this.#sets.insert(set);
  }

  /** The ids of sets that lie one after the other, as if it were asked for one by one. */
  idsOf(sets: Int32Array, count: number, ids: Int32Array): void {
    this.#sets.insertAll(sets, count, ids);
  }

  /** The id of a set, or -1: nothing is added. */
  find(set: Int32Array): number {
    return this.#sets.numberOf(set);
  }

  /** All sets, one after the other, in parts. */
  save(): readonly Int32Array[] {
    return this.#sets.save();
  }

  /** Adds sets that were saved; they have room for that many messages. Only the empty one may be there. */
  restore(sets: readonly Int32Array[], messages: number): void {
    this.widen(messages);
    this.#sets.restore(sets);
  }

  /** Copies the words of a set. */
  read(id: number, into: Int32Array): void {
    this.#sets.read(id, into);
  }

  /** The messages in a set. */
  messagesIn(id: number): readonly number[] {
    const set = new Int32Array(this.#words);
    this.read(id, set);
    const found: number[] = [];
    for (let m = 0; m < set.length * 32; m++) if ((set[m >>> 5]! >>> (m & 31)) & 1) found.push(m);
    return found;
  }
}
