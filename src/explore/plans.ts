/**
 * What a state can do depends on its components and its messages. There are far fewer ways for all components to be,
 * at once, than states; so what all views tell of one is remembered as a *plan*, for any messages, and most states
 * need one look-up and not one for each view. A plan is a few integers in one list:
 *
 *     | words of the row that hold components, the rest 0 | tried, for each word | where the plan ends | items ...
 *
 * *Tried* are the messages of a word of the message set that rules have been asked about, in all views that receive.
 * Items stand in the order of the views. One integer below zero is the code entry of rules that receive nothing, as
 * its complement; or three integers are a word of the message set, the messages of it that do something, and the block
 * that has their code entries (`view.ts`).
 *
 * Plans are found through a hash table. They are made anew when they are out of date, and all are forgotten when there
 * are too many: nothing that is found depends on them.
 */
import { enlarged } from './growing-ints.ts';
import { hashOf } from './row-table.ts';
import type { StepTables } from './step-tables.ts';
import { findTuple } from './tuple-table.ts';
import { ACTIVE, BLOCK, BUSY, deliveriesAt, OWN, TRIED } from './view.ts';

/** There is no such plan; and there cannot be: the rules have not been asked about these components. */
export const NO_PLAN = -1;

/** Integers of all plans, at most: enough for most systems, and little beside their states. */
const MOST_INTS = 2 ** 22;
const FIRST_INTS = 2 ** 12;
const FIRST_SLOTS = 2 ** 10;

export class Plans {
  /** All plans. Replaced when it grows. */
  data: Int32Array = new Int32Array(FIRST_INTS);
  /** From the beginning of a plan to its parts. */
  tried = 0;
  items = 0;
  #tables: StepTables;
  #length = 0;
  #count = 0;
  /** Where the plan begins, plus one; 0: empty slot. */
  #slots = new Int32Array(FIRST_SLOTS);
  /** For each word of a row, the bits that hold components. */
  #mask = new Int32Array(0);
  #key = new Int32Array(0);

  constructor(tables: StepTables) {
    this.#tables = tables;
    this.#begin();
  }

  /** Takes what has been learnt since. */
  use(tables: StepTables): void {
    const { layout, sets } = this.#tables;
    this.#tables = tables;
    if (sets.words !== tables.sets.words || !isAlike(layout, tables.layout)) this.#begin();
  }

  /** Begins without plans, for rows and sets of messages as they are now. */
  #begin(): void {
    const { layout, components, sets } = this.#tables;
    const { words } = layout;
    this.#mask = new Int32Array(words);
    for (let c = 0; c < components; c++) {
      this.#mask[layout.word[c]!]! |= layout.mask[c]! << layout.shift[c]!;
    }
    this.#key = new Int32Array(words);
    this.tried = words;
    this.items = words + sets.words + 1;
    this.#forget();
  }

  #forget(): void {
    this.#slots.fill(0);
    this.#length = 0;
    this.#count = 0;
  }

  /** Where the plan begins that is for a row, or `NO_PLAN`. */
  find(row: Int32Array): number {
    return this.#slots[this.#slotOf(row)]! - 1;
  }

  /** The slot of the plan for a row, or the empty one where it would be. */
  #slotOf(row: Int32Array): number {
    const key = this.#key;
    const bits = this.#mask;
    for (let w = 0; w < key.length; w++) key[w] = row[w]! & bits[w]!;
    const slots = this.#slots;
    const data = this.data;
    const mask = slots.length - 1;
    for (let slot = hashOf(key, 0, key.length) & mask; ; slot = (slot + 1) & mask) {
      const plan = slots[slot]! - 1;
      if (plan < 0) return slot;
      let w = 0;
      while (w < key.length && data[plan + w] === key[w]) w++;
      if (w === key.length) return slot;
    }
  }

  /**
   * Makes a plan for a row, or makes it anew.
   *
   * @param ids - of its components
   * @returns where it begins, or `NO_PLAN` if the rules have not been asked about them
   */
  make(row: Int32Array, ids: Int32Array): number {
    const { views, sets } = this.#tables;
    this.#makeRoom();
    const begin = this.#length;
    const slot = this.#slotOf(row);
    for (let w = 0; w < this.#key.length; w++) this.#push(this.#key[w]!);
    for (let w = 0; w < sets.words; w++) this.#push(-1);
    this.#push(0);
    for (let v = 0; v < views.length; v++) {
      const view = views[v]!;
      const tuple = findTuple(view.tuples, ids);
      if (tuple < 0) {
        this.#length = begin;
        return NO_PLAN;
      }
      const record = tuple * view.stride;
      const own = view.records[record + OWN]!;
      if (own !== 0) this.#push(~own);
      if (view.receives) this.#addDeliveries(begin, view.records, record);
    }
    this.data[begin + this.items - 1] = this.#length;
    if (this.#slots[slot] === 0) this.#count++;
    this.#slots[slot] = begin + 1;
    return begin;
  }

  #addDeliveries(plan: number, records: Int32Array, record: number): void {
    const { words } = this.#tables.sets;
    for (let w = 0; w < words; w++) this.data[plan + this.tried + w]! &= records[record + TRIED + w]!;
    // With more than 32 words, a bit of `busy` stands for every 32nd of them.
    for (let busy = records[record + BUSY]!; busy !== 0; busy &= busy - 1) {
      for (let w = 31 - Math.clz32(busy & -busy); w < words; w += 32) {
        const at = deliveriesAt(record, words, w);
        if (records[at + ACTIVE] === 0) continue;
        this.#push(w);
        this.#push(records[at + ACTIVE]!);
        this.#push(records[at + BLOCK]!);
      }
    }
  }

  #push(value: number): void {
    if (this.#length === this.data.length) this.data = enlarged(this.data, 2 * this.#length);
    this.data[this.#length++] = value;
  }

  /** Sees to it that another plan can be added. */
  #makeRoom(): void {
    if (this.#length > MOST_INTS) this.#forget();
    if (this.#count * 2 < this.#slots.length) return;
    const plans = this.#slots;
    this.#slots = new Int32Array(4 * plans.length);
    const mask = this.#slots.length - 1;
    for (const plan of plans) {
      if (plan === 0) continue;
      let slot = hashOf(this.data, plan - 1, this.#key.length) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = plan;
    }
  }
}

type Layout = StepTables['layout'];

/** Whether two layouts are the same. Their arrays are not, when they have come from another thread. */
const isAlike = (one: Layout, other: Layout): boolean =>
  one.words === other.words &&
  [one.word, one.shift, one.mask].every((numbers, i) => {
    const others = [other.word, other.shift, other.mask][i]!;
    return numbers.every((number, field) => number === others[field]);
  });
