/**
 * The components that some rules touch, and what those rules can do for each tuple of their values.
 *
 * All rules that touch the same components share a view, so one look-up per state and view finds what all of
 * them do. A tuple of values has the code entry of the rules that receive nothing and, per word of the message
 * set, three integers: which messages have been tried; which of these do something, and where the block is
 * that holds the code entry for each of the 32 messages (0: no block). So what a state can receive is the
 * intersection of two bit masks, and messages that do nothing cost nothing. The first of the three stand by
 * themselves, since all of them are looked at for each state, and the others only where something can be received:
 * `busy` has a bit for each word (by its number modulo 32) in which some message does something.
 */
import { enlarged, GrowingInts, type MakeInts, plainInts } from './growing-ints.ts';
import { TupleTable } from './tuple-table.ts';

/** Integers per tuple and message word, beside the messages tried. */
export const PER_WORD = 2;
export const ACTIVE = 0;
export const BLOCK = 1;

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
  /** Code entry of the spontaneous rules for each tuple. */
  readonly own: GrowingInts;
  /** For each tuple, in which words some message does something. */
  readonly busy: GrowingInts;
  /** One integer per tuple and message word: the messages tried. Replaced when it grows. */
  tried: Int32Array;
  /** `PER_WORD` integers per tuple and message word. Replaced when it grows. */
  deliveries: Int32Array;
  /** Code entries of received messages, in blocks of 32. The first block is not used. */
  readonly blocks: GrowingInts;
  messageWords: number;
  readonly #make: MakeInts;

  constructor(
    fields: readonly number[],
    spontaneous: readonly number[],
    receiving: readonly number[],
    messageWords: number,
    make: MakeInts = plainInts,
  ) {
    this.#make = make;
    this.tuples = new TupleTable(fields, make);
    this.own = new GrowingInts(make);
    this.busy = new GrowingInts(make);
    this.blocks = new GrowingInts(make);
    this.tried = make(0);
    this.deliveries = make(0);
    this.spontaneous = spontaneous;
    this.receiving = receiving;
    this.messageWords = messageWords;
    this.addBlock();
  }

  get receives(): boolean {
    return this.receiving.length > 0;
  }

  get bytes(): number {
    const lists = [this.tuples, this.own, this.busy, this.blocks].reduce((sum, { bytes }) => sum + bytes, 0);
    return lists + this.tried.byteLength + this.deliveries.byteLength;
  }

  /** Adds a tuple for which nothing has been tried yet. Returns its number. */
  addTuple(ids: Int32Array, own: number): number {
    const tuple = this.tuples.add(ids);
    this.own.push(own);
    this.busy.push(0);
    const needed = this.receives ? this.tuples.count * this.messageWords : 0;
    if (needed > this.tried.length) {
      this.tried = enlarged(this.tried, needed * 2, 0, this.#make);
      this.deliveries = enlarged(this.deliveries, needed * 2 * PER_WORD, 0, this.#make);
    }
    return tuple;
  }

  /** Notes what a message does for a tuple: its code entry, or 0. */
  setDelivery(tuple: number, message: number, entry: number): void {
    const word = message >>> 5;
    const bit = 1 << (message & 31);
    this.tried[tuple * this.messageWords + word]! |= bit;
    if (entry === 0) return;
    this.busy.data[tuple]! |= 1 << (word & 31);
    const at = (tuple * this.messageWords + word) * PER_WORD;
    this.deliveries[at + ACTIVE]! |= bit;
    if (this.deliveries[at + BLOCK] === 0) this.deliveries[at + BLOCK] = this.addBlock();
    this.blocks.data[this.deliveries[at + BLOCK]! + (message & 31)] = entry;
  }

  /** The ids of all tuples, one after the other, and which messages have been tried for each. */
  save(): SavedView {
    const tuples = this.tuples.ids;
    const words = this.receives ? this.tuples.count * this.messageWords : 0;
    return { count: this.tuples.count, tuples, tried: this.tried.slice(0, words) };
  }

  /** Makes room for more words of messages. */
  widen(messageWords: number): void {
    const had = this.messageWords;
    this.messageWords = messageWords;
    if (!this.receives) return;
    this.tried = this.#spread(this.tried, had, messageWords);
    this.deliveries = this.#spread(this.deliveries, had * PER_WORD, messageWords * PER_WORD);
  }

  private addBlock(): number {
    const start = this.blocks.length;
    for (let i = 0; i < 32; i++) this.blocks.push(0);
    return start;
  }

  /** An array of parts, each given more room. */
  #spread(parts: Int32Array, had: number, has: number): Int32Array {
    const spread = this.#make((parts.length / had) * has);
    for (let i = 0; i * had < parts.length; i++) spread.set(parts.subarray(i * had, (i + 1) * had), i * has);
    return spread;
  }
}
