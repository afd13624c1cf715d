/**
 * The components that some rules touch, and what those rules can do for each tuple of their values.
 *
 * All rules that touch the same components share a view, so one look-up per state and view finds what all of
 * them do. A tuple of values has the code entry of the rules that receive nothing and, per word of the message
 * set, three integers: which messages have been tried, which of these do something, and where the block is
 * that holds the code entry for each of the 32 messages (0: no block). So what a state can receive is the
 * intersection of two bit masks, and messages that do nothing cost nothing.
 */
import { enlarged, GrowingInts } from './growing-ints.ts';
import { TupleTable } from './tuple-table.ts';

/** Integers per tuple and message word. */
export const PER_WORD = 3;
export const TRIED = 0;
export const ACTIVE = 1;
export const BLOCK = 2;

export class View {
  readonly tuples: TupleTable;
  /** Indexes of the rules, those that receive nothing and those that receive a message. */
  readonly spontaneous: readonly number[];
  readonly receiving: readonly number[];
  /** Code entry of the spontaneous rules for each tuple. */
  readonly own = new GrowingInts();
  /** `PER_WORD` integers per tuple and message word. Replaced when it grows. */
  deliveries = new Int32Array(0);
  /** Code entries of received messages, in blocks of 32. The first block is not used. */
  readonly blocks = new GrowingInts();
  messageWords: number;

  constructor(
    fields: readonly number[],
    spontaneous: readonly number[],
    receiving: readonly number[],
    messageWords: number,
  ) {
    this.tuples = new TupleTable(fields);
    this.spontaneous = spontaneous;
    this.receiving = receiving;
    this.messageWords = messageWords;
    this.addBlock();
  }

  get receives(): boolean {
    return this.receiving.length > 0;
  }

  get bytes(): number {
    return this.tuples.bytes + this.own.bytes + this.deliveries.byteLength + this.blocks.bytes;
  }

  /** Adds a tuple for which nothing has been tried yet. Returns its number. */
  addTuple(ids: Int32Array, own: number): number {
    const tuple = this.tuples.add(ids);
    this.own.push(own);
    const needed = this.receives ? this.tuples.count * this.messageWords * PER_WORD : 0;
    if (needed > this.deliveries.length) this.deliveries = enlarged(this.deliveries, needed * 2);
    return tuple;
  }

  /** Where the three integers of a tuple and message word begin. */
  deliveryAt(tuple: number, word: number): number {
    return (tuple * this.messageWords + word) * PER_WORD;
  }

  /** Notes what a message does for a tuple: its code entry, or 0. */
  setDelivery(tuple: number, message: number, entry: number): void {
    const at = this.deliveryAt(tuple, message >>> 5);
    const bit = 1 << (message & 31);
    this.deliveries[at + TRIED]! |= bit;
    if (entry === 0) return;
    this.deliveries[at + ACTIVE]! |= bit;
    if (this.deliveries[at + BLOCK] === 0) this.deliveries[at + BLOCK] = this.addBlock();
    this.blocks.data[this.deliveries[at + BLOCK]! + (message & 31)] = entry;
  }

  /** Makes room for more words of messages. */
  widen(messageWords: number): void {
    const old = this.deliveries;
    const had = this.messageWords * PER_WORD;
    const has = messageWords * PER_WORD;
    this.messageWords = messageWords;
    if (!this.receives) return;
    this.deliveries = new Int32Array((old.length / had) * has);
    for (let tuple = 0; tuple < this.tuples.count; tuple++) {
      this.deliveries.set(old.subarray(tuple * had, (tuple + 1) * had), tuple * has);
    }
  }

  private addBlock(): number {
    const start = this.blocks.length;
    for (let i = 0; i < 32; i++) this.blocks.push(0);
    return start;
  }
}
