/**
 * The search: breadth first, one state after the other, each in two movements.
 *
 * First it *learns*: whatever the rules have not been asked about the values of this state, they are asked
 * now. Only here are rules evaluated, and only here (and in a monitor that meets something new) can ids and
 * messages become more than the layout of rows has room for. Then it *takes* every enabled step: look-ups in
 * tables, one hash, one insertion, and nothing is allocated.
 */
import { EdgeLog } from './edge-log.ts';
import { LocalSteps } from './local-steps.ts';
import { MonitorTable, VIOLATED } from './monitor-table.ts';
import { RowLayout } from './row-layout.ts';
import { NO_PARENT, StateTable } from './state-table.ts';
import type { Monitor, System } from './system.ts';
import { ACTIVE, BLOCK, PER_WORD, TRIED } from './view.ts';
import { Vocabulary } from './vocabulary.ts';

export class Search<C, M, O, A> {
  readonly system: System<C, M, O, A>;
  readonly words: Vocabulary<C, M, O, A>;
  readonly steps: LocalSteps<C, M, O, A>;
  readonly monitors: readonly MonitorTable<O>[];
  /** One for each set of kinds that do not count. */
  readonly logs: readonly EdgeLog[];
  readonly table: StateTable;
  layout: RowLayout;

  /** How many components there are; in a row, the fields of the monitors come after theirs. */
  readonly #components: number;
  /** States before this one are expanded. */
  #head = 0;
  #depth = 0;
  /** The first state that is deeper than `#depth`. */
  #levelEnd = 0;
  /** For each monitor, the state from which a step first violated its property, or -1. */
  readonly #violatedFrom: Int32Array;
  #unviolated: number;
  /** For each label, how many transitions there were. */
  #times = new Float64Array(0);
  /** Whether some id or message may not fit into a row any more. */
  #outgrown = false;

  // The state being expanded: its row, its ids of components and monitors, its message set, and for each view
  // the tuple that it has there. Then the row of the successor and its monitors.
  #row: Int32Array;
  #ids: Int32Array;
  #sent: Int32Array;
  readonly #tuples: Int32Array;
  #next: Int32Array;
  readonly #after: Int32Array;
  /** Bounds met while the state is expanded. */
  #bounds = 0;

  constructor(
    system: System<C, M, O, A>,
    monitors: readonly Monitor<O>[],
    without: readonly (readonly string[])[],
    checkPurity: boolean,
  ) {
    this.system = system;
    this.words = new Vocabulary(system);
    this.steps = new LocalSteps(system, this.words, checkPurity);
    this.monitors = monitors.map((monitor) => new MonitorTable(monitor, this.words));
    this.logs = without.map((kinds) => new EdgeLog(kinds));
    this.#components = system.components.length;
    this.#violatedFrom = new Int32Array(monitors.length).fill(-1);
    this.#unviolated = monitors.length;

    const initial = system.initial.map((values) => [
      ...values.map((value, i) => this.words.components[i]!.idOf(value)),
      ...this.monitors.map((monitor) => monitor.initial),
    ]);
    this.layout = new RowLayout(this.#sizes(), 0);
    this.table = new StateTable(this.layout.words);
    this.#row = new Int32Array(this.layout.words);
    this.#next = new Int32Array(this.layout.words);
    this.#ids = new Int32Array(this.#components + monitors.length);
    this.#sent = new Int32Array(this.layout.messageWords);
    this.#tuples = new Int32Array(this.steps.views.length);
    this.#after = new Int32Array(monitors.length);
    for (const ids of initial) {
      this.#row.fill(0);
      ids.forEach((id, field) => {
        this.layout.write(this.#row, field, id);
      });
      this.table.insert(this.#row, NO_PARENT);
    }
    this.#levelEnd = this.table.count;
  }

  /** Number of states expanded. */
  get expanded(): number {
    return this.#head;
  }

  get finished(): boolean {
    return this.#head === this.table.count;
  }

  /** Every state up to this depth has been found. */
  get completeDepth(): number {
    return this.#depth;
  }

  /** The largest depth of a state that has been found. */
  get depth(): number {
    return this.table.count > this.#levelEnd ? this.#depth + 1 : this.#depth;
  }

  get allViolated(): boolean {
    return this.#unviolated === 0;
  }

  /** The state from which a step violates the property of a monitor, as early as possible, or -1. */
  violatedFrom(monitor: number): number {
    return this.#violatedFrom[monitor]!;
  }

  /** Number of transitions with a label. */
  timesOf(label: number): number {
    return this.#times[label] ?? 0;
  }

  /** Number of transitions so far. */
  get transitions(): number {
    return this.#times.reduce((sum, times) => sum + times, 0);
  }

  /** Bytes in typed arrays. */
  get bytes(): number {
    const parts = [this.table, this.steps, ...this.monitors, ...this.logs];
    return parts.reduce((sum, part) => sum + part.bytes, 0);
  }

  /** Expands up to so many states. */
  run(states: number): void {
    for (let i = 0; i < states && this.#head < this.table.count; i++) {
      if (this.#head === this.#levelEnd) {
        this.#depth++;
        this.#levelEnd = this.table.count;
      }
      this.#expand(this.#head++);
    }
  }

  #expand(state: number): void {
    this.#load(state);
    this.#learn();
    if (this.#outgrown) this.#refit(state);
    const { logs } = this;
    this.#bounds = 0;
    for (let i = 0; i < logs.length; i++) logs[i]!.begin();
    this.#takeAll(state);
    for (let i = 0; i < logs.length; i++) logs[i]!.end(this.#bounds);
  }

  #load(state: number): void {
    const row = this.#row;
    this.table.read(state, row);
    const { word, shift, mask, messagesAt } = this.layout;
    const ids = this.#ids;
    for (let f = 0; f < ids.length; f++) ids[f] = (row[word[f]!]! >>> shift[f]!) & mask[f]!;
    const sent = this.#sent;
    for (let w = 0; w < sent.length; w++) sent[w] = row[messagesAt + w]!;
  }

  /** Finds the tuple of the state in each view, and asks the rules about all that is new. */
  #learn(): void {
    const { views } = this.steps;
    const sent = this.#sent;
    for (let v = 0; v < views.length; v++) {
      const view = views[v]!;
      let tuple = view.tuples.find(this.#ids);
      if (tuple < 0) {
        tuple = this.steps.learnTuple(view, this.#ids);
        this.#outgrown = true;
      }
      this.#tuples[v] = tuple;
      if (!view.receives) continue;
      for (let w = 0; w < sent.length; w++) {
        const untried = sent[w]! & ~view.deliveries[view.deliveryAt(tuple, w) + TRIED]!;
        if (untried !== 0) {
          this.steps.learnMessages(view, tuple, this.#ids, w, untried);
          this.#outgrown = true;
        }
      }
    }
  }

  #takeAll(state: number): void {
    const { views } = this.steps;
    const sent = this.#sent;
    for (let v = 0; v < views.length; v++) {
      const view = views[v]!;
      const tuple = this.#tuples[v]!;
      const own = view.own.data[tuple]!;
      if (own !== 0) this.#take(state, own);
      if (!view.receives) continue;
      const { deliveries } = view;
      const blocks = view.blocks.data;
      let at = view.deliveryAt(tuple, 0);
      for (let w = 0; w < sent.length; w++) {
        const block = deliveries[at + BLOCK]!;
        for (let rest = sent[w]! & deliveries[at + ACTIVE]!; rest !== 0; rest &= rest - 1) {
          this.#take(state, blocks[block + 31 - Math.clz32(rest & -rest)]!);
        }
        at += PER_WORD;
      }
    }
  }

  /** Takes the steps of one entry of the code. */
  #take(state: number, entry: number): void {
    const code = this.steps.code.data;
    const times = this.#times;
    const { logs } = this;
    const outcomes = code[entry]!;
    this.#bounds |= code[entry + 1]!;
    let at = entry + 2;
    for (let i = 0; i < outcomes; i++) {
      const label = code[at]!;
      const list = code[at + 1]!;
      const writes = code[at + 2]!;
      const messageWords = code[at + 3]!;
      at += 4;
      times[label]!++;
      if (list !== 0) this.#observe(state, list);

      const row = this.#row;
      const next = this.#next;
      const { word, shift, mask, messagesAt } = this.layout;
      for (let w = 0; w < row.length; w++) next[w] = row[w]!;
      for (const end = at + 2 * writes; at < end; at += 2) {
        const field = code[at]!;
        const w = word[field]!;
        const s = shift[field]!;
        next[w] = (next[w]! & ~(mask[field]! << s)) | (code[at + 1]! << s);
      }
      for (const end = at + 2 * messageWords; at < end; at += 2) {
        next[messagesAt + code[at]!]! |= code[at + 1]!;
      }
      if (list !== 0) {
        const after = this.#after;
        for (let m = 0; m < after.length; m++) this.layout.write(next, this.#components + m, after[m]!);
      }

      let change = 0;
      for (let w = 0; w < row.length; w++) change |= next[w]! ^ row[w]!;
      if (change === 0) continue;
      const target = this.table.insert(next, state);
      for (let l = 0; l < logs.length; l++) {
        const log = logs[l]!;
        if (log.counting[label] === 1) log.targets.push(target);
      }
    }
  }

  /** Moves all monitors by a list of observations, into `#after`. */
  #observe(state: number, list: number): void {
    const { monitors } = this;
    const after = this.#after;
    for (let m = 0; m < monitors.length; m++) {
      const before = this.#ids[this.#components + m]!;
      if (before === VIOLATED) {
        after[m] = VIOLATED;
        continue;
      }
      const monitor = monitors[m]!;
      let next = monitor.known(before, list);
      if (next < 0) {
        next = monitor.learn(before, list);
        this.#outgrown = true;
      }
      after[m] = next;
      if (next === VIOLATED && this.#violatedFrom[m]! < 0) {
        this.#violatedFrom[m] = state;
        this.#unviolated--;
      }
    }
    if (this.#outgrown) this.#refit(state);
  }

  /** Makes room for all ids and messages that there are by now, and reads the state again if rows changed. */
  #refit(state: number): void {
    this.#outgrown = false;
    const { labels, messages } = this.words;
    if (this.#times.length < labels.size) {
      const times = new Float64Array(labels.size * 2);
      times.set(this.#times);
      this.#times = times;
    }
    for (const log of this.logs) log.refresh(this.words);
    const sizes = this.#sizes();
    if (this.layout.fits(sizes, messages.size)) return;
    const wider = new RowLayout(sizes, messages.size);
    this.table.widen(this.layout, wider);
    if (wider.messageWords > this.layout.messageWords) {
      for (const view of this.steps.views) view.widen(wider.messageWords);
      this.#sent = new Int32Array(wider.messageWords);
    }
    this.layout = wider;
    this.#row = new Int32Array(wider.words);
    this.#next = new Int32Array(wider.words);
    this.#load(state);
  }

  /** How many ids each field of a row may have. */
  #sizes(): number[] {
    return [
      ...this.words.components.map((component) => component.size),
      ...this.monitors.map((monitor) => monitor.size),
    ];
  }
}
