/**
 * The search: breadth first, one state after the other, each in two movements.
 *
 * First it *learns*: whatever the rules have not been asked about the values of this state, they are asked
 * now. Only here are rules evaluated. Then it *takes* every enabled step: look-ups in tables, and the successor's
 * row is put at the end of a batch. Nothing is allocated. The batch is inserted into the table of states when it
 * has the successors of a few hundred states, and at the end of each level at the latest.
 *
 * Ids (of values, messages, monitor states, sets of messages) can become more than the layout of rows has room
 * for. Then all rows, those of the batch as well, are laid out anew before anything else happens.
 */
import { Batch } from './batch.ts';
import { canonicalText } from './canonical.ts';
import { CheckpointError } from './checkpoint.ts';
import { CompactStates } from './compact-states.ts';
import { DeadMessages } from './dead-messages.ts';
import { EdgeLog, type SavedLog } from './edge-log.ts';
import type { Inserters } from './inserters.ts';
import { LocalSteps } from './local-steps.ts';
import { MessageSets } from './message-sets.ts';
import { MonitorTable, VIOLATED } from './monitor-table.ts';
import type { Options } from './options.ts';
import { MOST_IDS, RowLayout } from './row-layout.ts';
import { SharedStates, sharedInts } from './shared-states.ts';
import { type SavedStates, type States, StateTable } from './state-table.ts';
import { Symmetry } from './symmetry.ts';
import type { Monitor, System } from './system.ts';
import { ACTIVE, BLOCK, PER_WORD, type SavedView } from './view.ts';
import { type SavedVocabulary, Vocabulary } from './vocabulary.ts';

/** States expanded together: enough to wait for memory in common, few enough for their successors to stay near. */
const STATES_IN_BATCH = 256;
/** The same where others insert them: each hand-over takes some microseconds. */
const STATES_IN_SHARED_BATCH = 2048;
const SUCCESSORS_FORESEEN = 2 ** 17;
/** How many sets after a step are remembered, as a power of two. */
const MEMO_BITS = 12;
/** The empty set of messages. */
const NO_MESSAGE = 0;

/** A search as it stands in a checkpoint; what rules say is not in it. */
export interface SavedSearch {
  readonly vocabulary: SavedVocabulary;
  readonly monitors: readonly (readonly unknown[])[];
  readonly views: readonly SavedView[];
  readonly sets: readonly Int32Array[];
  readonly layout: readonly number[];
  readonly states: SavedStates;
  readonly logs: readonly SavedLog[];
  readonly times: Float64Array;
  readonly violatedFrom: Int32Array;
  readonly head: number;
  readonly depth: number;
  readonly levelEnd: number;
  readonly levels: readonly number[];
  readonly dropped: number;
}

export class Search<C, M, O, A> {
  readonly system: System<C, M, O, A>;
  readonly words: Vocabulary<C, M, O, A>;
  readonly steps: LocalSteps<C, M, O, A>;
  readonly monitors: readonly MonitorTable<O>[];
  /** One for each set of kinds that do not count. */
  readonly logs: readonly EdgeLog[];
  table: States;
  /** The reductions that are made; null: not this one. */
  readonly symmetry: Symmetry | null;
  readonly dead: DeadMessages<C, M, O, A> | null;
  layout: RowLayout;

  /** The sets of messages that states have. */
  readonly sets = new MessageSets();

  /** How many components there are; in a row, the fields of the monitors come after theirs, then the set. */
  readonly #components: number;
  readonly #setField: number;
  /** Two, if one is filled while the other is being inserted. */
  #batches: readonly Batch[];
  /** The one that is being filled. */
  #batch: Batch;
  /** The one that is being inserted. */
  #underWay: Batch | undefined;
  /** States before this one are expanded. */
  #head = 0;
  #depth = 0;
  /** The first state that is deeper than `#depth`. */
  #levelEnd = 0;
  /** The number of the first state of each level, up to the one that is being expanded. */
  #levels: number[] = [0];
  /** For each monitor, the state from which a step first violated its property, or -1. */
  readonly #violatedFrom: Int32Array;
  #unviolated: number;
  /** For each label, how many transitions there were. */
  #times = new Float64Array(0);
  /** Whether some id or message may not fit into a row any more. */
  #outgrown = false;

  // The state being expanded: its row, its ids of components and monitors, its set of messages by id and by words,
  // and for each view the tuple that it has there. Then the ids of the successor, its set and its monitors.
  #row: Int32Array;
  readonly #ids: Int32Array;
  #set = -1;
  #sent: Int32Array;
  readonly #tuples: Int32Array;
  readonly #nextIds: Int32Array;
  #nextSent: Int32Array;
  readonly #after: Int32Array;
  /** Sets after some steps lately taken: triples of the set before, where the step is in the code, the set after. */
  readonly #memo = new Int32Array(3 << MEMO_BITS).fill(-1);
  /** Bounds met while the state is expanded. */
  #bounds = 0;

  /** @param saved - goes on from there */
  constructor(
    system: System<C, M, O, A>,
    monitors: readonly Monitor<O>[],
    without: readonly (readonly string[])[],
    {
      checkPurity = false,
      noReductions = [],
      hashCompaction = false,
    }: Pick<Options, 'checkPurity' | 'noReductions' | 'hashCompaction'> = {},
    saved: SavedSearch | undefined = undefined,
  ) {
    this.system = system;
    const { components, interchangeable, isObsolete } = system;
    this.symmetry =
      interchangeable === undefined || noReductions.includes('symmetry')
        ? null
        : new Symmetry(interchangeable, components);
    const interned = this.symmetry?.representatives(components.length) ?? components.map((_, i) => i);
    this.words = new Vocabulary(system, interned);
    this.dead =
      isObsolete === undefined || noReductions.includes('dead-messages')
        ? null
        : new DeadMessages(system, this.words, interned);
    this.steps = new LocalSteps(system, this.words, checkPurity, this.symmetry, this.dead);
    this.monitors = monitors.map((monitor) => new MonitorTable(monitor, this.words));
    this.logs = without.map((kinds) => new EdgeLog(kinds));
    this.#components = system.components.length;
    this.#setField = this.#components + monitors.length;
    this.#violatedFrom = new Int32Array(monitors.length).fill(-1);
    this.#unviolated = monitors.length;

    const initial = system.initial.map((values) => [
      ...values.map((value, i) => this.words.components[i]!.idOf(value)),
      ...this.monitors.map((monitor) => monitor.initial),
      NO_MESSAGE,
    ]);
    // Where rows cannot be laid out anew, there has to be room for all ids at once.
    this.layout = new RowLayout(this.#sizes().map((size) => (hashCompaction ? MOST_IDS : size)));
    const rows = initial.map((ids) => {
      const row = new Int32Array(this.layout.words);
      this.symmetry?.sort(ids);
      ids.forEach((id, field) => {
        this.layout.write(row, field, id);
      });
      return row;
    });
    this.table = hashCompaction
      ? new CompactStates(this.layout.words, rows)
      : new StateTable(this.layout.words, rows);
    this.#batches = [new Batch(0, STATES_IN_BATCH, (length) => new Int32Array(length))];
    this.#batch = this.#batches[0]!;
    this.#row = new Int32Array(this.layout.words);
    this.#ids = new Int32Array(this.#setField);
    this.#nextIds = new Int32Array(this.#setField);
    this.#sent = new Int32Array(this.sets.words);
    this.#nextSent = new Int32Array(this.sets.words);
    this.#tuples = new Int32Array(this.steps.views.length);
    this.#after = new Int32Array(monitors.length);
    this.#levelEnd = this.table.count;
    if (saved !== undefined) this.#restore(saved);
  }

  /** From now on, other threads find out which states are new. */
  share(inserters: Inserters): void {
    this.settle();
    this.table = new SharedStates(this.layout.words, this.table.save(), inserters);
    this.#batches = ([0, 1] as const).map((index) => new Batch(index, STATES_IN_SHARED_BATCH, sharedInts));
    this.#batch = this.#batches[0]!;
  }

  /** All that is needed to go on later. */
  save(): SavedSearch {
    this.settle();
    return {
      vocabulary: this.words.save(),
      monitors: this.monitors.map(({ states }) => states),
      views: this.steps.views.map((view) => view.save()),
      sets: this.sets.save(),
      layout: this.layout.sizes,
      states: this.table.save(),
      logs: this.logs.map((log) => log.save()),
      times: this.#times,
      violatedFrom: this.#violatedFrom,
      head: this.#head,
      depth: this.#depth,
      levelEnd: this.#levelEnd,
      levels: this.#levels,
      dropped: this.dead?.dropped ?? 0,
    };
  }

  /** @throws CheckpointError if the rules do not say what they said when it was saved */
  #restore(saved: SavedSearch): void {
    const { words, sets, steps } = this;
    words.restore(saved.vocabulary);
    this.monitors.forEach((monitor, m) => {
      monitor.restore(saved.monitors[m]!);
    });
    sets.restore(saved.sets, words.messages.size);
    const known = canonicalText(words.save());
    steps.views.forEach((view, v) => {
      view.widen(sets.words);
      steps.restore(view, saved.views[v]!);
    });
    if (canonicalText(words.save()) !== known) {
      throw new CheckpointError('the rules are not those of the exploration that the checkpoint is of');
    }
    this.layout = new RowLayout(saved.layout);
    this.table = this.table.isExact
      ? new StateTable(this.layout.words, saved.states)
      : new CompactStates(this.layout.words, saved.states);
    this.#row = new Int32Array(this.layout.words);
    this.#sent = new Int32Array(sets.words);
    this.#nextSent = new Int32Array(sets.words);
    this.logs.forEach((log, l) => {
      log.restore(saved.logs[l]!);
    });
    this.#times = new Float64Array(saved.times);
    this.#violatedFrom.set(saved.violatedFrom);
    this.#unviolated = saved.violatedFrom.filter((state) => state < 0).length;
    this.#head = saved.head;
    this.#depth = saved.depth;
    this.#levelEnd = saved.levelEnd;
    this.#levels = [...saved.levels];
    this.dead?.restore(saved.dropped);
    this.#outgrown = true;
  }

  /** Number of states expanded. */
  get expanded(): number {
    return this.#head;
  }

  get finished(): boolean {
    return this.#head === this.table.count && this.#underWay === undefined;
  }

  /** Every state up to this depth has been found. */
  get completeDepth(): number {
    return this.#depth;
  }

  /** The largest depth of a state that has been found. */
  get depth(): number {
    return this.table.count > this.#levelEnd ? this.#depth + 1 : this.#depth;
  }

  /** The first state that is deeper than those that are being expanded. */
  get levelEnd(): number {
    return this.#levelEnd;
  }

  /** How many states there are at each depth, up to that of the states that are being expanded. */
  get levelSizes(): readonly number[] {
    const starts = [...this.#levels, this.#levelEnd];
    return this.#levels.map((start, depth) => starts[depth + 1]! - start);
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
    const parts = [this.table, this.sets, this.steps, ...this.#batches, ...this.monitors, ...this.logs];
    const reductions = this.dead?.bytes ?? 0;
    return parts.reduce((sum, part) => sum + part.bytes, reductions);
  }

  /** Bytes that come on top of them at the worst moment while the next hundred thousand successors are found. */
  get growth(): number {
    const logs = this.logs.reduce((sum, log) => sum + log.growth(SUCCESSORS_FORESEEN), 0);
    return this.table.growth(SUCCESSORS_FORESEEN) + logs;
  }

  /** The set of messages of a state, as an id in `sets`. */
  setOf(row: Int32Array): number {
    return this.layout.read(row, this.#setField);
  }

  /** @throws DeclarationDefect if what the system declares obsolete is not so in what has been visited */
  checkDeclarations(): void {
    this.dead?.refresh(this.sets.words);
    this.dead?.check((rule) => this.steps.tuplesOf(rule));
  }

  /** States that it is worth expanding together. */
  get batchSize(): number {
    return this.#batch.capacity;
  }

  /** Expands up to so many states. What was found last may still be being inserted: see `settle`. */
  run(states: number): void {
    for (let left = states; left > 0; ) {
      if (this.#head === this.#levelEnd) {
        this.settle();
        if (this.#head === this.table.count) return;
        this.#depth++;
        this.#levels.push(this.#levelEnd);
        this.#levelEnd = this.table.count;
      }
      const now = Math.min(left, this.#batch.capacity, this.#levelEnd - this.#head);
      this.#expandTogether(now);
      left -= now;
    }
  }

  /** Waits until all that was found is in the tables. */
  settle(): void {
    const batch = this.#underWay;
    if (batch === undefined) return;
    this.#underWay = undefined;
    this.table.finish();
    for (const log of this.logs) log.add(batch);
  }

  #expandTogether(states: number): void {
    const batch = this.#batch;
    batch.clear();
    for (let i = 0; i < states; i++) this.#expand(this.#head + i);
    this.#head += states;
    this.settle();
    this.table.begin(batch);
    this.#underWay = batch;
    if (this.table.isPipelined) this.#batch = this.#batches[1 - batch.index]!;
    else this.settle();
  }

  #expand(state: number): void {
    this.#load(state);
    this.#learn();
    if (this.#outgrown) this.#refit(state);
    this.#bounds = 0;
    this.#takeAll(state);
    this.#batch.end(this.#bounds);
  }

  #load(state: number): void {
    const row = this.#row;
    this.table.read(state, row);
    const { word, shift, mask } = this.layout;
    const ids = this.#ids;
    for (let f = 0; f < ids.length; f++) ids[f] = (row[word[f]!]! >>> shift[f]!) & mask[f]!;
    const set = this.layout.read(row, this.#setField);
    if (set === this.#set) return;
    this.#set = set;
    this.sets.read(set, this.#sent);
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
      const { tried } = view;
      const at = tuple * sent.length;
      let news = 0;
      for (let w = 0; w < sent.length; w++) news |= sent[w]! & ~tried[at + w]!;
      if (news === 0) continue;
      for (let w = 0; w < sent.length; w++) {
        const untried = sent[w]! & ~view.tried[at + w]!;
        if (untried !== 0) this.steps.learnMessages(view, tuple, this.#ids, w, untried);
      }
      this.#outgrown = true;
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
      // With more than 32 words, a bit of `busy` stands for every 32nd of them.
      for (let busy = view.busy.data[tuple]!; busy !== 0; busy &= busy - 1) {
        for (let w = 31 - Math.clz32(busy & -busy); w < sent.length; w += 32) {
          const at = (tuple * sent.length + w) * PER_WORD;
          const block = deliveries[at + BLOCK]!;
          for (let rest = sent[w]! & deliveries[at + ACTIVE]!; rest !== 0; rest &= rest - 1) {
            this.#take(state, blocks[block + 31 - Math.clz32(rest & -rest)]!);
          }
        }
      }
    }
  }

  /** Takes the steps of one entry of the code. */
  #take(state: number, entry: number): void {
    const code = this.steps.code.data;
    const times = this.#times;
    const batch = this.#batch;
    const isReduced = this.symmetry !== null || this.dead !== null;
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
      times[label]!++;
      if (list !== 0) this.#observe(state, list);
      if (isReduced) {
        this.#addReduced(state, label, at, writes, sends, consumed, list);
        at += 2 * (writes + sends);
        continue;
      }
      const set = sends === 0 && consumed < 0 ? this.#set : this.#setAfter(at + 2 * writes, sends, consumed);
      if (this.#outgrown) this.#refit(state);

      const row = this.#row;
      const words = row.length;
      batch.makeRoom(words);
      const next = batch.rows;
      const to = batch.count * words;
      const { word, shift, mask } = this.layout;
      for (let w = 0; w < words; w++) next[to + w] = row[w]!;
      for (const end = at + 2 * writes; at < end; at += 2) {
        const field = code[at]!;
        const w = to + word[field]!;
        const s = shift[field]!;
        next[w] = (next[w]! & ~(mask[field]! << s)) | (code[at + 1]! << s);
      }
      at += 2 * sends;
      if (list !== 0) {
        const after = this.#after;
        for (let m = 0; m < after.length; m++) {
          const field = this.#components + m;
          const w = to + word[field]!;
          const s = shift[field]!;
          next[w] = (next[w]! & ~(mask[field]! << s)) | (after[m]! << s);
        }
      }
      if (set !== this.#set) {
        const w = to + word[this.#setField]!;
        const s = shift[this.#setField]!;
        next[w] = (next[w]! & ~(mask[this.#setField]! << s)) | (set << s);
      }

      let change = 0;
      for (let w = 0; w < words; w++) change |= next[to + w]! ^ row[w]!;
      if (change === 0) continue;
      batch.labels[batch.count++] = label;
    }
  }

  /** The same for a successor of which another stands for it: one that has fewer messages, or is sorted. */
  #addReduced(
    state: number,
    label: number,
    at: number,
    writes: number,
    sends: number,
    consumed: number,
    list: number,
  ): void {
    const code = this.steps.code.data;
    const ids = this.#nextIds;
    for (let f = 0; f < ids.length; f++) ids[f] = this.#ids[f]!;
    for (let i = at; i < at + 2 * writes; i += 2) ids[code[i]!] = code[i + 1]!;
    if (list !== 0) for (let m = 0; m < this.#after.length; m++) ids[this.#components + m] = this.#after[m]!;
    const set =
      this.dead === null
        ? this.#setAfter(at + 2 * writes, sends, consumed)
        : this.#livingAfter(this.dead, at + 2 * writes, sends, consumed);
    if (this.#outgrown) this.#refit(state);
    this.symmetry?.sort(ids);

    const row = this.#row;
    const words = row.length;
    const batch = this.#batch;
    batch.makeRoom(words);
    const next = batch.rows;
    const to = batch.count * words;
    const { word, shift } = this.layout;
    for (let w = 0; w < words; w++) next[to + w] = 0;
    for (let f = 0; f < ids.length; f++) next[to + word[f]!]! |= ids[f]! << shift[f]!;
    next[to + word[this.#setField]!]! |= set << shift[this.#setField]!;
    let change = 0;
    for (let w = 0; w < words; w++) change |= next[to + w]! ^ row[w]!;
    if (change !== 0) batch.labels[batch.count++] = label;
  }

  /** The same set as `#setAfter`, without what is dead then. */
  #livingAfter(dead: DeadMessages<C, M, O, A>, at: number, sends: number, consumed: number): number {
    const code = this.steps.code.data;
    const sent = this.#sent;
    const next = this.#nextSent;
    for (let w = 0; w < sent.length; w++) next[w] = sent[w]!;
    if (consumed >= 0) next[consumed >>> 5]! &= ~(1 << (consumed & 31));
    for (let i = at; i < at + 2 * sends; i += 2) next[code[i]!]! |= code[i + 1]!;
    dead.drop(next, this.#nextIds);
    let change = 0;
    for (let w = 0; w < sent.length; w++) change |= next[w]! ^ sent[w]!;
    if (change === 0) return this.#set;
    const set = this.sets.idOf(next);
    if (set > this.layout.mask[this.#setField]!) this.#outgrown = true;
    return set;
  }

  /** The set of messages without the one that is consumed (-1: none) and with those in the code at `at`. */
  #setAfter(at: number, sends: number, consumed: number): number {
    const code = this.steps.code.data;
    const sent = this.#sent;
    let news = 0;
    for (let i = at; i < at + 2 * sends; i += 2) news |= code[i + 1]! & ~sent[code[i]!]!;
    if (news === 0 && consumed < 0) return this.#set;
    const memo = this.#memo;
    const key = (Math.imul(this.#set, 0x9e3779b1) ^ Math.imul(at, 0x85ebca6b)) >>> (32 - MEMO_BITS);
    if (memo[3 * key] === this.#set && memo[3 * key + 1] === at) return memo[3 * key + 2]!;
    const next = this.#nextSent;
    for (let w = 0; w < sent.length; w++) next[w] = sent[w]!;
    if (consumed >= 0) next[consumed >>> 5]! &= ~(1 << (consumed & 31));
    for (let i = at; i < at + 2 * sends; i += 2) next[code[i]!]! |= code[i + 1]!;
    const set = this.sets.idOf(next);
    if (set > this.layout.mask[this.#setField]!) this.#outgrown = true;
    memo[3 * key] = this.#set;
    memo[3 * key + 1] = at;
    memo[3 * key + 2] = set;
    return set;
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
    if (!this.sets.fits(messages.size)) {
      this.sets.widen(messages.size);
      for (const view of this.steps.views) view.widen(this.sets.words);
      this.#sent = new Int32Array(this.sets.words);
      this.#nextSent = new Int32Array(this.sets.words);
      this.sets.read(this.#set, this.#sent);
    }
    this.dead?.refresh(this.sets.words);
    const sizes = this.#sizes();
    if (this.layout.fits(sizes)) return;
    const wider = new RowLayout(sizes);
    this.settle();
    this.table.widen(this.layout, wider);
    this.#batch.widen(this.layout, wider);
    this.layout = wider;
    this.#row = new Int32Array(wider.words);
    this.#load(state);
  }

  /** How many ids each field of a row may have. */
  #sizes(): number[] {
    return [
      ...this.words.components.map((component) => component.size),
      ...this.monitors.map((monitor) => monitor.size),
      this.sets.size,
    ];
  }
}
