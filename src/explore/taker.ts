/**
 * Takes the steps of one state after the other: look-ups in tables (`step-tables.ts`), and a row for each successor,
 * which goes into a batch. No rule is evaluated, and nothing is allocated.
 *
 * It can come by what has not been learnt yet. Then it says so, and has put nothing into the batch. Two kinds of
 * things a learner tells it at once: moves of monitors, and ids of sets of messages that are new. Where there is no
 * learner, such sets are left open (`Batch.openSet`).
 */
import type { Batch } from './batch.ts';
import { dropDead } from './dead-messages.ts';
import { knownMove, type Moves, VIOLATED } from './monitor-table.ts';
import { NO_PLAN, Plans } from './plans.ts';
import { writeField } from './row-layout.ts';
import { findRow, type RowIndex, readRow } from './row-table.ts';
import type { StepTables } from './step-tables.ts';
import { sortGroups } from './symmetry.ts';

/** How many sets after a step are remembered, as a power of two. */
const MEMO_BITS = 12;

/** The empty set of messages. */
export const NO_MESSAGE = 0;
/** A set that is new, and is written down as an open one. */
const OPEN = -1;

/** Who is asked for what a taker does not know. */
export interface Learner {
  /** Where a list of observations takes a monitor from a state, and the moves of the monitor from now on. */
  moveOf(monitor: number, state: number, list: number): { readonly next: number; readonly moves: Moves };
  /** The id of a set of messages, and where sets are found from now on. */
  setOf(set: Int32Array): { readonly id: number; readonly sets: RowIndex };
}

/** What a taker has counted, in memory that others may see: first messages dropped as dead, then steps by label. */
export const DROPPED = 0;
export const FIRST_LABEL = 1;

export class Taker {
  #tables: StepTables;
  readonly #learner: Learner | null;
  /** Of the tables, what the learner changes. */
  #sets: RowIndex;
  #moves: Moves[];
  /** Sets from this id on are not looked at: see `findRow`. */
  #limit = 2 ** 31 - 1;
  #tally: Float64Array;
  /** For each monitor, the first state from which a step violated its property, or -1. */
  readonly violatedFrom: Int32Array;

  readonly #plans: Plans;
  // The state: its row, its ids of components and monitors, and its set of messages by id and by words. Then the ids,
  // the set and the monitors of a successor.
  #row: Int32Array;
  readonly #ids: Int32Array;
  #set = -1;
  #sent: Int32Array;
  readonly #nextIds: Int32Array;
  #nextSent: Int32Array;
  readonly #after: Int32Array;
  /** Sets after some steps lately taken: triples of the set before, where the step is in the code, the set after. */
  readonly #memo = new Int32Array(3 << MEMO_BITS).fill(-1);
  /** Entries of the code that the state has, and labels of its steps. */
  #entries: Int32Array;
  #labels = new Int32Array(64);
  #labelled = 0;
  #dropped = 0;
  /** Bounds met in the state. */
  #bounds = 0;
  /** Whether something was met that nobody has told, or that does not fit into a row. */
  #isLost = false;

  constructor(tables: StepTables, tally: Float64Array, violatedFrom: Int32Array, learner: Learner | null) {
    this.#tables = tables;
    this.#sets = tables.sets;
    this.#moves = [...tables.monitors];
    this.#tally = tally;
    this.violatedFrom = violatedFrom;
    this.#learner = learner;
    const fields = tables.components + tables.monitors.length;
    this.#row = new Int32Array(tables.layout.words);
    this.#ids = new Int32Array(fields);
    this.#nextIds = new Int32Array(tables.components);
    this.#plans = new Plans(tables);
    this.#after = new Int32Array(tables.monitors.length);
    this.#sent = new Int32Array(tables.sets.words);
    this.#nextSent = new Int32Array(tables.sets.words);
    this.#entries = new Int32Array(mostEntries(tables));
  }

  /** From now on, only so many sets are looked at. */
  limitSets(limit: number): void {
    this.#limit = limit;
  }

  /** Takes what has been learnt since. */
  use(tables: StepTables, tally: Float64Array): void {
    this.#tables = tables;
    this.#sets = tables.sets;
    this.#moves = [...tables.monitors];
    this.#tally = tally;
    this.#plans.use(tables);
    if (this.#row.length !== tables.layout.words) this.#row = new Int32Array(tables.layout.words);
    if (this.#sent.length !== tables.sets.words) {
      this.#sent = new Int32Array(tables.sets.words);
      this.#nextSent = new Int32Array(tables.sets.words);
      this.#entries = new Int32Array(mostEntries(tables));
      this.#set = -1;
    }
  }

  /** The row of the state whose steps are taken next: whoever calls writes it here. */
  get row(): Int32Array {
    return this.#row;
  }

  /** The ids of components and monitors of the state last loaded, and the words of its set of messages. */
  get ids(): Int32Array {
    return this.#ids;
  }

  get sent(): Int32Array {
    return this.#sent;
  }

  /** Reads the row. */
  load(): void {
    const row = this.#row;
    const { word, shift, mask } = this.#tables.layout;
    const ids = this.#ids;
    const setField = ids.length;
    for (let f = 0; f < setField; f++) ids[f] = (row[word[f]!]! >>> shift[f]!) & mask[f]!;
    const set = (row[word[setField]!]! >>> shift[setField]!) & mask[setField]!;
    if (set === this.#set) return;
    this.#set = set;
    readRow(this.#sets.words, this.#sets.blocks, set, this.#sent);
  }

  /**
   * Takes all steps of the state that is loaded, and ends it in the batch.
   *
   * @param place - of the state in the batch
   * @returns whether all of it was known, and fits into rows; if not, the batch is as it was
   */
  take(state: number, batch: Batch, place: number): boolean {
    const plan = this.#findPlan();
    if (plan === NO_PLAN) return false;
    const first = batch.count;
    this.#labelled = 0;
    this.#dropped = 0;
    this.#bounds = 0;
    this.#isLost = false;
    this.#takeAll(state, batch, plan);
    if (this.#isLost) {
      batch.drop(first);
      return false;
    }
    batch.end(place, first, this.#bounds);
    const tally = this.#tally;
    tally[DROPPED]! += this.#dropped;
    const labels = this.#labels;
    for (let i = 0; i < this.#labelled; i++) tally[FIRST_LABEL + labels[i]!]!++;
    return true;
  }

  /** Where the plan of the state begins, or `NO_PLAN` if the rules have not been asked about all that it has. */
  #findPlan(): number {
    const plan = this.#plans.find(this.#row);
    if (plan !== NO_PLAN && this.#isTried(plan)) return plan;
    const made = this.#plans.make(this.#row, this.#ids);
    return made !== NO_PLAN && this.#isTried(made) ? made : NO_PLAN;
  }

  /** Whether the rules have been asked about all messages of the state. */
  #isTried(plan: number): boolean {
    const { data, tried } = this.#plans;
    const sent = this.#sent;
    let news = 0;
    for (let w = 0; w < sent.length; w++) news |= sent[w]! & ~data[plan + tried + w]!;
    return news === 0;
  }

  #takeAll(state: number, batch: Batch, plan: number): void {
    const { code, layout } = this.#tables;
    const found = this.#collect(plan);
    const entries = this.#entries;
    let outcomes = 0;
    for (let i = 0; i < found; i++) outcomes += code[entries[i]!]!;
    if (!batch.makeRoom(outcomes, layout.words)) {
      this.#isLost = true;
      return;
    }
    if (this.#labels.length < outcomes) this.#labels = new Int32Array(2 * outcomes);
    for (let i = 0; i < found; i++) this.#take(state, batch, entries[i]!);
  }

  /** Writes down the entries of the code that a plan has for the state, in their order. Returns how many there are. */
  #collect(plan: number): number {
    const { blocks } = this.#tables;
    const { data, items } = this.#plans;
    const sent = this.#sent;
    const entries = this.#entries;
    const end = data[plan + items - 1]!;
    let found = 0;
    for (let at = plan + items; at < end; ) {
      const item = data[at]!;
      if (item < 0) {
        entries[found++] = ~item;
        at++;
        continue;
      }
      const block = data[at + 2]!;
      for (let rest = sent[item]! & data[at + 1]!; rest !== 0; rest &= rest - 1) {
        entries[found++] = blocks[block + 31 - Math.clz32(rest & -rest)]!;
      }
      at += 3;
    }
    return found;
  }

  /** Takes the steps of one entry of the code. */
  #take(state: number, batch: Batch, entry: number): void {
    const { code, layout, components, alive, groups } = this.#tables;
    const row = this.#row;
    const words = row.length;
    const outcomes = code[entry]!;
    this.#bounds |= code[entry + 1]!;
    let at = entry + 2;
    for (let i = 0; i < outcomes; i++) {
      const label = code[at]!;
      const list = code[at + 1]!;
      const writes = code[at + 2]!;
      const sends = code[at + 3]!;
      const consumed = code[at + 4]!;
      at += 5;
      this.#labels[this.#labelled++] = label;
      if (list !== 0) this.#observe(state, list);
      const next = batch.rows;
      const to = batch.count * words;
      for (let w = 0; w < words; w++) next[to + w] = row[w]!;
      for (let from = at; from < at + 2 * writes; from += 2) {
        writeField(layout, next, to, code[from]!, code[from + 1]!);
      }
      if (list !== 0) {
        const after = this.#after;
        for (let m = 0; m < after.length; m++) {
          const field = components + m;
          if (after[m] !== this.#ids[field]) writeField(layout, next, to, field, after[m]!);
        }
      }
      if (alive !== null || groups !== null) this.#writeNextIds(at, writes);
      at += 2 * writes;
      const set =
        alive !== null
          ? this.#livingAfter(batch, alive, at, sends, consumed)
          : sends === 0 && consumed < 0
            ? this.#set
            : this.#setAfter(batch, at, sends, consumed);
      at += 2 * sends;
      if (set !== this.#set) {
        writeField(layout, next, to, this.#ids.length, set === OPEN ? NO_MESSAGE : set);
      }
      if (groups !== null && sortGroups(groups, this.#nextIds)) this.#writeGroups(groups, next, to);

      let change = 0;
      for (let w = 0; w < words; w++) change |= next[to + w]! ^ row[w]!;
      if (change === 0 && set !== OPEN) continue;
      batch.labels[batch.count++] = label;
    }
  }

  /** The ids of the components after the writes in the code at `at`. */
  #writeNextIds(at: number, writes: number): void {
    const { code, components } = this.#tables;
    const ids = this.#nextIds;
    for (let c = 0; c < components; c++) ids[c] = this.#ids[c]!;
    for (let from = at; from < at + 2 * writes; from += 2) ids[code[from]!] = code[from + 1]!;
  }

  /** Writes the ids of all groups into a row. */
  #writeGroups(groups: readonly Int32Array[], rows: Int32Array, to: number): void {
    const { layout } = this.#tables;
    const ids = this.#nextIds;
    for (let g = 0; g < groups.length; g++) {
      const group = groups[g]!;
      for (let i = 0; i < group.length; i++) {
        writeField(layout, rows, to, group[i]!, ids[group[i]!]!);
      }
    }
  }

  /** The same set as `#setAfter`, without what is dead then. */
  #livingAfter(
    batch: Batch,
    alive: readonly Int32Array[],
    at: number,
    sends: number,
    consumed: number,
  ): number {
    const sent = this.#sent;
    const next = this.#written(at, sends, consumed);
    this.#dropped += dropDead(alive, next, this.#nextIds);
    let change = 0;
    for (let w = 0; w < sent.length; w++) change |= next[w]! ^ sent[w]!;
    return change === 0 ? this.#set : this.#idOf(batch, next);
  }

  /** The set of messages without the one that is consumed (-1: none) and with those in the code at `at`. */
  #setAfter(batch: Batch, at: number, sends: number, consumed: number): number {
    const { code } = this.#tables;
    const sent = this.#sent;
    let news = 0;
    for (let i = at; i < at + 2 * sends; i += 2) news |= code[i + 1]! & ~sent[code[i]!]!;
    if (news === 0 && consumed < 0) return this.#set;
    const memo = this.#memo;
    const key = 3 * ((Math.imul(this.#set, 0x9e3779b1) ^ Math.imul(at, 0x85ebca6b)) >>> (32 - MEMO_BITS));
    if (memo[key] === this.#set && memo[key + 1] === at) return memo[key + 2]!;
    const set = this.#idOf(batch, this.#written(at, sends, consumed));
    if (set === OPEN) return set;
    memo[key] = this.#set;
    memo[key + 1] = at;
    memo[key + 2] = set;
    return set;
  }

  /** The words of that set. */
  #written(at: number, sends: number, consumed: number): Int32Array {
    const { code } = this.#tables;
    const sent = this.#sent;
    const next = this.#nextSent;
    for (let w = 0; w < sent.length; w++) next[w] = sent[w]!;
    if (consumed >= 0) next[consumed >>> 5]! &= ~(1 << (consumed & 31));
    for (let i = at; i < at + 2 * sends; i += 2) next[code[i]!]! |= code[i + 1]!;
    return next;
  }

  #idOf(batch: Batch, set: Int32Array): number {
    const known = findRow(this.#sets, set, this.#limit);
    if (known >= 0) return known;
    if (this.#learner === null) {
      if (!batch.openSet(set)) this.#isLost = true;
      return OPEN;
    }
    const { id, sets } = this.#learner.setOf(set);
    this.#sets = sets;
    this.#noteId(this.#ids.length, id);
    return id;
  }

  /** Moves all monitors by a list of observations, into `#after`. */
  #observe(state: number, list: number): void {
    const { components } = this.#tables;
    const monitors = this.#moves;
    const after = this.#after;
    for (let m = 0; m < monitors.length; m++) {
      const before = this.#ids[components + m]!;
      let next = before === VIOLATED ? VIOLATED : knownMove(monitors[m]!, before, list);
      if (next < 0) {
        if (this.#learner === null) {
          this.#isLost = true;
          return;
        }
        const learnt = this.#learner.moveOf(m, before, list);
        next = learnt.next;
        monitors[m] = learnt.moves;
        this.#noteId(components + m, next);
      }
      after[m] = next;
      if (next === VIOLATED && before !== VIOLATED && this.violatedFrom[m]! < 0) this.violatedFrom[m] = state;
    }
  }

  /** An id that does not fit into a row has to wait until rows are laid out anew. */
  #noteId(field: number, id: number): void {
    if (id > this.#tables.layout.mask[field]!) this.#isLost = true;
  }
}

/** In each view, rules that receive nothing have one entry, and those that receive one for each message. */
const mostEntries = ({ views, sets }: StepTables): number => views.length * (1 + 32 * sets.words);
