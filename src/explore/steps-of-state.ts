/**
 * The steps of one state, read once more from the tables when the search is over.
 *
 * The search writes down no more than it needs to go on. Whoever has to know of a state what each of its steps
 * receives and sends, and where it leads, reads it here: all rules have been asked, and all states are there.
 * This is all that the search for fair runs (`fair-progress.ts`) reads of a search, apart from predicates.
 */
import { GrowingInts } from './growing-ints.ts';
import { VIOLATED } from './monitor-table.ts';
import type { Search } from './search.ts';
import type { View } from './view.ts';

/** The steps of whichever state was read last. */
export interface StepReader {
  read(state: number): void;
  /** The ids that the components have there. */
  readonly ids: Int32Array;
  /** Number of steps. */
  readonly count: number;
  /** The set of bounds that cut steps off there. */
  readonly bounds: number;
  /** For each step its label, the message that it receives (-1: none), and the state that it leads to. */
  readonly labels: GrowingInts;
  readonly received: GrowingInts;
  readonly targets: GrowingInts;
  /** The messages that the steps send, one step after the other, and where those of each step end. */
  readonly sent: GrowingInts;
  readonly sentEnds: GrowingInts;
}

export class StepsOfState<C, M, O, A> implements StepReader {
  readonly search: Search<C, M, O, A>;
  count = 0;
  bounds = 0;
  readonly labels = new GrowingInts();
  readonly received = new GrowingInts();
  readonly targets = new GrowingInts();
  readonly sent = new GrowingInts();
  readonly sentEnds = new GrowingInts();

  readonly #components: number;
  readonly #setField: number;
  /** The ids of components and monitors. */
  readonly #ids: Int32Array;
  readonly #row: Int32Array;
  /** The set of messages, by id and by words. */
  #set = 0;
  readonly #messages: Int32Array;
  // The same of a successor.
  readonly #nextIds: Int32Array;
  readonly #nextRow: Int32Array;
  readonly #nextMessages: Int32Array;

  constructor(search: Search<C, M, O, A>) {
    this.search = search;
    this.#components = search.system.components.length;
    this.#setField = this.#components + search.knowledge.monitors.length;
    this.#ids = new Int32Array(this.#setField);
    this.#row = new Int32Array(search.layout.words);
    this.#messages = new Int32Array(search.knowledge.sets.words);
    this.#nextIds = new Int32Array(this.#setField);
    this.#nextRow = new Int32Array(search.layout.words);
    this.#nextMessages = new Int32Array(search.knowledge.sets.words);
  }

  get ids(): Int32Array {
    return this.#ids;
  }

  read(state: number): void {
    const { table, layout } = this.search;
    const { steps, sets } = this.search.knowledge;
    this.labels.length = 0;
    this.received.length = 0;
    this.targets.length = 0;
    this.sent.length = 0;
    this.sentEnds.length = 0;
    this.count = 0;
    this.bounds = 0;
    table.read(state, this.#row);
    const ids = this.#ids;
    for (let f = 0; f < ids.length; f++) ids[f] = layout.read(this.#row, f);
    this.#set = layout.read(this.#row, this.#setField);
    sets.read(this.#set, this.#messages);
    for (const view of steps.views) this.#readView(state, view);
  }

  #readView(state: number, view: View): void {
    const messages = this.#messages;
    const tuple = view.tuples.find(this.#ids);
    if (tuple < 0) throw new RangeError(`the steps of state ${state} have not been taken yet`);
    this.#add(state, view.ownOf(tuple), -1);
    if (!view.receives) return;
    for (let w = 0; w < messages.length; w++) {
      for (let rest = messages[w]! & view.activeOf(tuple, w); rest !== 0; rest &= rest - 1) {
        const message = w * 32 + 31 - Math.clz32(rest & -rest);
        this.#add(state, view.entryOf(tuple, message), message);
      }
    }
  }

  /** Adds the steps of one entry of the code (`step-code.ts`). */
  #add(state: number, entry: number, received: number): void {
    const code = this.search.knowledge.steps.code.data;
    const ids = this.#nextIds;
    this.bounds |= code[entry + 1]!;
    let at = entry + 2;
    for (let outcomes = code[entry]!; outcomes > 0; outcomes--) {
      const label = code[at]!;
      const list = code[at + 1]!;
      const writes = at + 5 + 2 * code[at + 2]!;
      const sends = writes + 2 * code[at + 3]!;
      const consumed = code[at + 4]!;
      at += 5;
      for (let f = 0; f < ids.length; f++) ids[f] = this.#ids[f]!;
      const before = at;
      for (; at < writes; at += 2) ids[code[at]!] = code[at + 1]!;
      if (list !== 0) this.#observe(list);
      for (; at < sends; at += 2) {
        const word = code[at]!;
        for (let rest = code[at + 1]!; rest !== 0; rest &= rest - 1) {
          this.sent.push(word * 32 + 31 - Math.clz32(rest & -rest));
        }
      }
      const changes = sends > before || consumed >= 0 || list !== 0;
      this.count++;
      this.labels.push(label);
      this.received.push(received);
      this.sentEnds.push(this.sent.length);
      this.targets.push(changes ? this.#successor(consumed) : state);
    }
  }

  /** The number of the state that the step at hand leads to. */
  #successor(consumed: number): number {
    const { layout, table } = this.search;
    const { sets, dead, symmetry } = this.search.knowledge;
    const ids = this.#nextIds;
    const messages = this.#nextMessages;
    const row = this.#nextRow;
    for (let w = 0; w < messages.length; w++) messages[w] = this.#messages[w]!;
    if (consumed >= 0) messages[consumed >>> 5]! &= ~(1 << (consumed & 31));
    const sentBefore = this.count === 1 ? 0 : this.sentEnds.data[this.count - 2]!;
    for (let i = sentBefore; i < this.sent.length; i++) {
      const message = this.sent.data[i]!;
      messages[message >>> 5]! |= 1 << (message & 31);
    }
    dead?.drop(messages, ids);
    let change = 0;
    for (let w = 0; w < messages.length; w++) change |= messages[w]! ^ this.#messages[w]!;
    symmetry?.sort(ids);
    // Most fields are what they are in the row of the state itself.
    for (let w = 0; w < row.length; w++) row[w] = this.#row[w]!;
    for (let f = 0; f < ids.length; f++) if (ids[f] !== this.#ids[f]) layout.write(row, f, ids[f]!);
    if (change !== 0) layout.write(row, this.#setField, sets.find(messages));
    const state = table.numberOf(row);
    if (state < 0) throw new RangeError('a step leads to a state that has not been found');
    return state;
  }

  #observe(list: number): void {
    const { monitors } = this.search.knowledge;
    for (let m = 0; m < monitors.length; m++) {
      const before = this.#ids[this.#components + m]!;
      // It was asked for in the search, but perhaps before a checkpoint.
      const after = before === VIOLATED ? VIOLATED : monitors[m]!.after(before, list);
      this.#nextIds[this.#components + m] = after;
    }
  }
}
