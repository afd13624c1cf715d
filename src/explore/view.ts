/**
 * The components that some rules touch, and what those rules can do for each tuple of their values.
 *
 * All rules that touch the same components share a view, so one look-up per state and view finds what all of
 * them do. A tuple of values has a record of integers:
 *
 *     | code entry of the rules that receive nothing | busy | tried, for each word | active, block; for each word |
 *
 * where a word is one of the message set. *Tried* are the messages that rules have been asked about, *active* those of
 * them that do something, and the block holds the code entry for each of the 32 messages of the word (0: there is no
 * block). So what a state can receive is the intersection of two bit masks, and messages that do nothing cost nothing.
 * *Busy* has a bit for each word (by its number modulo 32) in which some message is active. If no rule of the view
 * receives, a record ends with its first integer.
 */
import { enlarged, GrowingInts, type MakeInts, plainInts } from './growing-ints.ts';
import { TupleTable } from './tuple-table.ts';

/** Where things are in a record; after the messages tried, there are two integers for each word. */
export const OWN = 0;
export const BUSY = 1;
export const TRIED = 2;
const PER_WORD = 2;
export const ACTIVE = 0;
export const BLOCK = 1;

/** Where what messages of a word do begins, in the record that begins at `record`, with so many words in all. */
export const deliveriesAt = (record: number, words: number, word: number): number =>
  record + TRIED + words + PER_WORD * word;

export interface SavedView {
  /** Number of tuples. */
  readonly count: number;
  readonly tuples: Int32Array;
  readonly tried: Int32Array;
}

export class View {
  readonly tuples: TupleTable;
  /** Indexes of the rules, those that receive nothing and those that receive a message. */
  readonly spontaneous: readonly number[];
  readonly receiving: readonly number[];
  /** The records of all tuples, one after the other. Replaced when it grows. */
  records: Int32Array;
  readonly #blocks: Blocks;
  messageWords: number;
  readonly #make: MakeInts;

  constructor(
    fields: readonly number[],
    spontaneous: readonly number[],
    receiving: readonly number[],
    messageWords: number,
    blocks: Blocks,
    make: MakeInts = plainInts,
  ) {
    this.#make = make;
    this.tuples = new TupleTable(fields, make);
    this.#blocks = blocks;
    this.records = make(0);
    this.spontaneous = spontaneous;
    this.receiving = receiving;
    this.messageWords = messageWords;
  }

  get receives(): boolean {
    return this.receiving.length > 0;
  }

  /** Integers in a record. */
  get stride(): number {
    return this.receives ? TRIED + (1 + PER_WORD) * this.messageWords : 1;
  }

  get bytes(): number {
    return this.tuples.bytes + this.records.byteLength;
  }

  /** Adds a tuple for which nothing has been tried yet. Returns its number. */
  addTuple(ids: Int32Array, own: number): number {
    const tuple = this.tuples.add(ids);
    const needed = this.tuples.count * this.stride;
    if (needed > this.records.length) this.records = enlarged(this.records, needed * 2, 0, this.#make);
    this.records[tuple * this.stride + OWN] = own;
    return tuple;
  }

  /** The code entry of the spontaneous rules for a tuple. */
  ownOf(tuple: number): number {
    return this.records[tuple * this.stride + OWN]!;
  }

  /** The messages of a word that have been tried for a tuple. */
  triedOf(tuple: number, word: number): number {
    return this.records[tuple * this.stride + TRIED + word]!;
  }

  /** The messages of a word that do something for a tuple. */
  activeOf(tuple: number, word: number): number {
    return this.records[this.#deliveriesOf(tuple, word) + ACTIVE]!;
  }

  /** The code entry of such a message. */
  entryOf(tuple: number, message: number): number {
    const block = this.records[this.#deliveriesOf(tuple, message >>> 5) + BLOCK]!;
    return this.#blocks.data[block + (message & 31)]!;
  }

  #deliveriesOf(tuple: number, word: number): number {
    return deliveriesAt(tuple * this.stride, this.messageWords, word);
  }

  /** Notes what a message does for a tuple: its code entry, or 0. */
  setDelivery(tuple: number, message: number, entry: number): void {
    const { records } = this;
    const word = message >>> 5;
    const bit = 1 << (message & 31);
    const record = tuple * this.stride;
    records[record + TRIED + word]! |= bit;
    if (entry === 0) return;
    records[record + BUSY]! |= 1 << (word & 31);
    const at = this.#deliveriesOf(tuple, word);
    records[at + ACTIVE]! |= bit;
    if (records[at + BLOCK] === 0) records[at + BLOCK] = this.#blocks.add();
    this.#blocks.data[records[at + BLOCK]! + (message & 31)] = entry;
  }

  /** The ids of all tuples, one after the other, and which messages have been tried for each. */
  save(): SavedView {
    const { count } = this.tuples;
    const words = this.receives ? this.messageWords : 0;
    const tried = new Int32Array(count * words);
    for (let i = 0; i < tried.length; i++) tried[i] = this.triedOf(Math.floor(i / words), i % words);
    return { count, tuples: this.tuples.ids, tried };
  }

  /** Makes room for more words of messages. */
  widen(messageWords: number): void {
    const [had, stride, records] = [this.messageWords, this.stride, this.records];
    this.messageWords = messageWords;
    if (!this.receives) return;
    this.records = this.#make((records.length / stride) * this.stride);
    for (let tuple = 0; tuple < this.tuples.count; tuple++) {
      const from = tuple * stride;
      const to = tuple * this.stride;
      const deliveries = deliveriesAt(from, had, 0);
      this.records.set(records.subarray(from, deliveries), to);
      this.records.set(records.subarray(deliveries, from + stride), deliveriesAt(to, messageWords, 0));
    }
  }
}

/** Code entries of received messages, in blocks of 32; the first one is not used, so that 0 can mean: no block. */
export class Blocks extends GrowingInts {
  constructor(make: MakeInts = plainInts) {
    super(make);
    this.add();
  }

  /** Adds a block of zeros. Returns where it begins. */
  add(): number {
    const begin = this.length;
    for (let i = 0; i < 32; i++) this.push(0);
    return begin;
  }
}
