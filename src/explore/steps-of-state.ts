/**
 * The steps of one state, read once more from the tables when the search is over.
 *
 * The search writes down no more than it needs to go on. Whoever has to know of a state what each of its steps
 * receives and sends, and where it leads, reads it here: all rules have been asked, and all states are there.
 * This is all that the search for fair runs (`fair-progress.ts`) reads of a search, apart from predicates.
 */
import { GrowingInts } from './growing-ints.ts';
import { VIOLATED } from './monitor-table.ts';
import { writeField } from './row-layout.ts';
import type { Search } from './search.ts';
import { sortGroups } from './symmetry.ts';
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
  // Of a successor: the ids of its components, its row, and the words of its set.
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
    this.#nextIds = new Int32Array(this.#components);
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
    const { layout } = this.search;
    const row = this.#row;
    const next = this.#nextRow;
    this.bounds |= code[entry + 1]!;
    let at = entry + 2;
    for (let outcomes = code[entry]!; outcomes > 0; outcomes--) {
      const label = code[at]!;
      const list = code[at + 1]!;
      const before = at + 5;
      const writes = before + 2 * code[at + 2]!;
      const sends = writes + 2 * code[at + 3]!;
      const consumed = code[at + 4]!;
      this.#send(writes, sends);
      this.count++;
      this.labels.push(label);
      this.received.push(received);
      this.sentEnds.push(this.sent.length);
      if (sends > before || consumed >= 0 || list !== 0) {
        // Most fields are what they are in the row of the state itself.
        for (let w = 0; w < row.length; w++) next[w] = row[w]!;
        for (at = before; at < writes; at += 2) writeField(layout, next, 0, code[at]!, code[at + 1]!);
        if (list !== 0) this.#observe(list);
        this.targets.push(this.#successor(state, before, writes, sends, consumed));
      } else {
        this.targets.push(state);
      }
      at = sends;
    }
  }

  /** Notes the messages of a step, which are in the code from `begin` to before `end`. */
  #send(begin: number, end: number): void {
    const code = this.search.knowledge.steps.code.data;
    for (let at = begin; at < end; at += 2) {
      const word = code[at]!;
      for (let rest = code[at + 1]!; rest !== 0; rest &= rest - 1) {
        this.sent.push(word * 32 + 31 - Math.clz32(rest & -rest));
      }
    }
  }

  /**
   * The number of the state that a step leads to: its set of messages and the order of its components are still to be
   * written. What it writes is in the code from `before`, what it sends from `writes` to before `sends`.
   */
  #successor(from: number, before: number, writes: number, sends: number, consumed: number): number {
    const { layout, table } = this.search;
    const { dead, symmetry } = this.search.knowledge;
    const next = this.#nextRow;
    if (dead !== null || symmetry !== null) this.#writeNextIds(before, writes);
    if (dead !== null || sends > writes || consumed >= 0) this.#writeSet(writes, sends, consumed);
    if (symmetry !== null && sortGroups(symmetry.groups, this.#nextIds)) {
      for (const group of symmetry.groups) {
        for (let i = 0; i < group.length; i++) {
          writeField(layout, next, 0, group[i]!, this.#nextIds[group[i]!]!);
        }
      }
    }
    let change = 0;
    for (let w = 0; w < next.length; w++) change |= next[w]! ^ this.#row[w]!;
    if (change === 0) return from;
    const state = table.numberOf(next);
    if (state < 0) throw new RangeError('a step leads to a state that has not been found');
    return state;
  }

  /** The ids of the components after the writes in the code from `begin` to before `end`. */
  #writeNextIds(begin: number, end: number): void {
    const code = this.search.knowledge.steps.code.data;
    const ids = this.#nextIds;
    for (let c = 0; c < ids.length; c++) ids[c] = this.#ids[c]!;
    for (let at = begin; at < end; at += 2) ids[code[at]!] = code[at + 1]!;
  }

  /** Writes the set of messages without the one that is consumed (-1: none), with those in the code, without dead ones. */
  #writeSet(begin: number, end: number, consumed: number): void {
    const code = this.search.knowledge.steps.code.data;
    const { sets, dead } = this.search.knowledge;
    const messages = this.#nextMessages;
    for (let w = 0; w < messages.length; w++) messages[w] = this.#messages[w]!;
    if (consumed >= 0) messages[consumed >>> 5]! &= ~(1 << (consumed & 31));
    for (let at = begin; at < end; at += 2) messages[code[at]!]! |= code[at + 1]!;
    dead?.drop(messages, this.#nextIds);
    let change = 0;
    for (let w = 0; w < messages.length; w++) change |= messages[w]! ^ this.#messages[w]!;
    if (change !== 0) {
      writeField(this.search.layout, this.#nextRow, 0, this.#setField, sets.find(messages));
    }
  }

  /** Moves the monitors by a list of observations. */
  #observe(list: number): void {
    const { monitors } = this.search.knowledge;
    const components = this.#components;
    for (let m = 0; m < monitors.length; m++) {
      const before = this.#ids[components + m]!;
      if (before === VIOLATED) continue;
      // It was asked for in the search, but perhaps before a checkpoint.
      const after = monitors[m]!.after(before, list);
      if (after !== before) writeField(this.search.layout, this.#nextRow, 0, components + m, after);
    }
  }
}
