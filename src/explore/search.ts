/**
 * The search: breadth first, one state after the other.
 *
 * The steps of a state are *taken* from tables (`taker.ts`): nothing is evaluated, and nothing allocated. If that
 * comes by something that the rules have not been asked yet, the search *learns*: it asks them, and only here are rules
 * evaluated. Then the steps are taken once more. Successors are put into a batch, which is inserted into the table of
 * states when it has those of a few hundred states, and at the end of each level at the latest. With several workers,
 * several threads take steps (`shared-search.ts`).
 *
 * Ids (of values, messages, monitor states, sets of messages) can become more than the layout of rows has room
 * for. Then all rows, those of the batch as well, are laid out anew before anything else happens.
 */
import { Batch, LEFT } from './batch.ts';
import { CompactStates } from './compact-states.ts';
import { EdgeLog, type SavedLog } from './edge-log.ts';
import { sharedDoubles, sharedInts } from './growing-ints.ts';
import { Knowledge, type SavedKnowledge } from './knowledge.ts';
import { OpenSets } from './open-sets.ts';
import type { Options } from './options.ts';
import { MOST_IDS, RowLayout } from './row-layout.ts';
import { type Learnt, SharedSearch } from './shared-search.ts';
import { SharedStates } from './shared-states.ts';
import { type SavedStates, type States, StateTable } from './state-table.ts';
import type { Monitor, System } from './system.ts';
import { DROPPED, FIRST_LABEL, Taker } from './taker.ts';
import type { Workers } from './workers.ts';

/** States expanded together: enough to wait for memory in common, few enough for their successors to stay near. */
const STATES_IN_BATCH = 256;
const SUCCESSORS_FORESEEN = 2 ** 17;

/** A search as it stands in a checkpoint. */
export interface SavedSearch {
  readonly knowledge: SavedKnowledge;
  readonly layout: readonly number[];
  readonly states: SavedStates;
  readonly logs: readonly SavedLog[];
  /** See `Taker`. */
  readonly tally: Float64Array;
  readonly violatedFrom: Int32Array;
  readonly head: number;
  readonly depth: number;
  readonly levelEnd: number;
  readonly levels: readonly number[];
}

export class Search<C, M, O, A> {
  readonly system: System<C, M, O, A>;
  readonly knowledge: Knowledge<C, M, O, A>;
  /** One for each set of kinds that do not count. */
  readonly logs: readonly EdgeLog[];
  table: States;
  layout: RowLayout;

  /** In a row, the field of the set comes after those of the components and of the monitors. */
  readonly #setField: number;
  readonly #batch = Batch.for(STATES_IN_BATCH);
  /** With several workers: a batch of which all steps are taken, and which is still to be inserted. */
  #taken: Batch | undefined;
  /** A batch that is being inserted, and whose successors have no numbers yet. */
  #inserted: Batch | undefined;
  /** With several workers. */
  #shared: SharedSearch | undefined;
  /** States before this one are expanded. */
  #head = 0;
  #depth = 0;
  /** The first state that is deeper than `#depth`. */
  #levelEnd = 0;
  /** The number of the first state of each level, up to the one that is being expanded. */
  #levels: number[] = [0];
  /** For each monitor, the state from which a step first violated its property, or -1. */
  readonly #violatedFrom: Int32Array;
  /** What has been learnt, and what each thread has counted since then; that of the search is the first. */
  #learnt: Learnt;
  readonly #taker: Taker;
  /** Whether something has been learnt that may not be in the tables that other threads have. */
  #isStale = false;
  readonly #openSets = new OpenSets();
  /** What had been counted before the steps of the batch that is being expanded. */
  #talliesBefore: readonly Float64Array[] | undefined;
  /** The state about whose steps the rules are asked. */
  #asking = -1;

  /** @param saved - goes on from there */
  constructor(
    system: System<C, M, O, A>,
    monitors: readonly Monitor<O>[],
    without: readonly (readonly string[])[],
    options: Pick<Options, 'checkPurity' | 'noReductions' | 'hashCompaction'> = {},
    saved: SavedSearch | undefined = undefined,
  ) {
    this.system = system;
    this.knowledge = new Knowledge(system, monitors, options);
    this.logs = without.map((kinds) => new EdgeLog(kinds));
    this.#setField = system.components.length + monitors.length;
    this.#violatedFrom = new Int32Array(monitors.length).fill(-1);

    const initial = this.knowledge.initial();
    const { hashCompaction = false } = options;
    // Where rows cannot be laid out anew, there has to be room for all ids at once.
    this.layout = laidOut(this.knowledge.sizes.map((size) => (hashCompaction ? MOST_IDS : size)));
    const rows = initial.map((ids) => {
      const row = new Int32Array(this.layout.words);
      ids.forEach((id, field) => {
        this.layout.write(row, field, id);
      });
      return row;
    });
    this.table = hashCompaction
      ? new CompactStates(this.layout.words, rows)
      : new StateTable(this.layout.words, rows);
    this.#learnt = {
      tables: this.knowledge.tables(this.layout),
      tallies: [sharedDoubles(FIRST_LABEL)],
      violatedFrom: [sharedInts(monitors.length).fill(-1)],
    };
    const [tally, violatedFrom] = [this.#learnt.tallies[0]!, this.#learnt.violatedFrom[0]!];
    const learner = this.knowledge.learner(() => {
      this.#isStale = true;
    });
    this.#taker = new Taker(this.#learnt.tables, tally, violatedFrom, learner);
    this.#levelEnd = this.table.count;
    if (saved !== undefined) this.#restore(saved);
  }

  /**
   * From now on, other threads take steps and find out which states are new as well.
   *
   * @param together - states in a batch
   */
  share(workers: Workers, together?: number): void {
    this.settle();
    const states = new SharedStates(this.layout.words, this.table.save(), workers);
    this.table = states;
    const each = Array.from({ length: workers.count });
    this.#learnt = {
      ...this.#learnt,
      tallies: [...this.#learnt.tallies, ...each.map(() => sharedDoubles(this.#learnt.tallies[0]!.length))],
      violatedFrom: [
        ...this.#learnt.violatedFrom,
        ...each.map(() => sharedInts(this.#violatedFrom.length).fill(-1)),
      ],
    };
    this.#shared = new SharedSearch(workers, states, this.#learnt, together);
  }

  /** All that is needed to go on later. */
  save(): SavedSearch {
    this.settle();
    return {
      knowledge: this.knowledge.save(),
      layout: this.layout.sizes,
      states: this.table.save(),
      logs: this.logs.map((log) => log.save()),
      tally: this.#tally,
      violatedFrom: this.#violatedFrom,
      head: this.#head,
      depth: this.#depth,
      levelEnd: this.#levelEnd,
      levels: this.#levels,
    };
  }

  /** @throws CheckpointError if the rules do not say what they said when it was saved */
  #restore(saved: SavedSearch): void {
    this.knowledge.restore(saved.knowledge);
    this.layout = laidOut(saved.layout);
    this.table = this.table.isExact
      ? new StateTable(this.layout.words, saved.states)
      : new CompactStates(this.layout.words, saved.states);
    this.logs.forEach((log, l) => {
      log.restore(saved.logs[l]!);
    });
    this.#violatedFrom.set(saved.violatedFrom);
    this.#head = saved.head;
    this.#depth = saved.depth;
    this.#levelEnd = saved.levelEnd;
    this.#levels = [...saved.levels];
    this.#refit();
    this.#learnt.tallies[0]!.set(saved.tally);
  }

  /** The state about whose steps the rules are being asked, or were asked when one of them failed; -1: none. */
  get asking(): number {
    return this.#asking;
  }

  /**
   * Gives up the batch that is being expanded, since a rule has not answered: its states are as they were before. What
   * had been found before it is found.
   */
  abandonBatch(): void {
    this.#taken = undefined;
    const before = this.#talliesBefore;
    if (before === undefined) return;
    this.#learnt.tallies.forEach((tally, thread) => {
      tally.fill(0);
      tally.set(before[thread]!);
    });
    this.#talliesBefore = undefined;
  }

  /** Number of states expanded. */
  get expanded(): number {
    return this.#head;
  }

  get finished(): boolean {
    return this.#head === this.table.count && this.#taken === undefined && this.#inserted === undefined;
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
    return this.#violatedFrom.every((state) => state >= 0);
  }

  /** The state from which a step violates the property of a monitor, as early as possible, or -1. */
  violatedFrom(monitor: number): number {
    return this.#violatedFrom[monitor]!;
  }

  /** Number of transitions with a label. */
  timesOf(label: number): number {
    return this.#counted(FIRST_LABEL + label);
  }

  /** Number of transitions so far. */
  get transitions(): number {
    return this.#tally.subarray(FIRST_LABEL).reduce((sum, times) => sum + times, 0);
  }

  /** How often a message was dropped as dead. */
  get dropped(): number {
    return this.#counted(DROPPED);
  }

  #counted(what: number): number {
    return this.#learnt.tallies.reduce((sum, tally) => sum + (tally[what] ?? 0), 0);
  }

  /** What all threads have counted. */
  get #tally(): Float64Array {
    return this.#learnt.tallies[0]!.map((_, what) => this.#counted(what));
  }

  /** Bytes in typed arrays. */
  get bytes(): number {
    const batches = this.#shared === undefined ? [this.#batch] : [this.#batch, this.#shared];
    const parts = [this.table, this.knowledge, ...batches, ...this.logs];
    return parts.reduce((sum, part) => sum + part.bytes, 0);
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
    const { dead, steps, sets } = this.knowledge;
    dead?.refresh(sets.words);
    dead?.check((rule) => steps.tuplesOf(rule));
  }

  /** States that it is worth expanding together. */
  get batchSize(): number {
    return this.#shared?.capacity ?? STATES_IN_BATCH;
  }

  /** Expands up to so many states. What was found last may not be in the tables yet: see `settle`. */
  run(states: number): void {
    for (let left = states; left > 0; ) {
      if (this.#head === this.#levelEnd) {
        this.settle();
        if (this.#head === this.table.count) return;
        this.#depth++;
        this.#levels.push(this.#levelEnd);
        this.#levelEnd = this.table.count;
      }
      const now = Math.min(left, this.batchSize, this.#levelEnd - this.#head);
      this.#talliesBefore = this.#learnt.tallies.map((tally) => tally.slice());
      if (this.#shared === undefined) this.#expandAlone(now);
      else this.#expandTogether(this.#shared, now);
      this.#head += now;
      left -= now;
      this.#talliesBefore = undefined;
    }
  }

  /** Sees to it that all that was found is in the tables. */
  settle(): void {
    this.#number();
    this.#insertTaken();
    this.#number();
  }

  /** Ends the insertion of the last batch, and gives its successors numbers. */
  #number(): void {
    const batch = this.#inserted;
    if (batch === undefined) return;
    this.#inserted = undefined;
    this.table.settle(batch);
    for (const log of this.logs) log.add(batch);
  }

  #expandAlone(states: number): void {
    const batch = this.#batch;
    batch.clear(states);
    for (let place = 0; place < states; place++) this.#expand(this.#head + place, batch, place);
    this.#noteViolations();
    this.table.insert(batch);
    this.#inserted = batch;
    this.#number();
  }

  #expandTogether(shared: SharedSearch, states: number): void {
    if (this.#isStale) this.#renewTables();
    const batch = shared.take(this.#head, states, this.#learnt, this.knowledge.sets.size, () => {
      this.#number();
      this.#closeSetsEarly();
    });
    this.#insertTaken();
    this.#taken = batch;
    this.#openSets.begin(batch, this.knowledge.sets.words);
    const first = batch.count;
    for (let place = 0; place < states; place++) {
      if (batch.ends[place] !== LEFT) continue;
      this.#closeSets(place);
      this.#expand(this.#head + place, batch, place);
    }
    batch.hash(first, this.layout.words);
    this.#noteViolations();
  }

  /** Begins to insert the batch whose steps are taken: other threads do so while the search learns. */
  #insertTaken(): void {
    const batch = this.#taken;
    if (batch === undefined) return;
    this.#closeSets(batch.states);
    this.#taken = undefined;
    this.#shared!.insert(batch);
    this.#inserted = batch;
  }

  /** Takes the steps of a state, and learns what it has to for that. */
  #expand(state: number, batch: Batch, place: number): void {
    const taker = this.#taker;
    for (;;) {
      this.table.read(state, taker.row);
      taker.load();
      if (taker.take(state, batch, place)) return;
      this.#asking = state;
      this.knowledge.learn(taker.ids, taker.sent);
      this.#refit();
      this.#asking = -1;
    }
  }

  /** Gives ids to the sets of messages that states before a place in the taken batch have left open. */
  #closeSets(end: number): void {
    const { sets } = this.knowledge;
    if (this.#openSets.collect(end, sets.words) === 0) return;
    this.#openSets.identify(sets);
    this.#isStale = true;
    if (sets.size - 1 > this.layout.mask[this.#setField]!) this.#refit();
    this.#openSets.write(this.layout, this.#setField);
  }

  /**
   * The same for all of them, while others take the steps of the next batch: they look at no sets that are new. But
   * if there could be too many ids for the layout of rows, this has to wait.
   */
  #closeSetsEarly(): void {
    if (this.#taken === undefined) return;
    const { sets } = this.knowledge;
    const open = this.#openSets.collect(this.#taken.states, sets.words);
    if (sets.size + open - 1 <= this.layout.mask[this.#setField]!) this.#closeSets(this.#taken.states);
  }

  /** Takes note of the first state of all from which some thread saw a property violated. */
  #noteViolations(): void {
    this.#violatedFrom.forEach((known, monitor) => {
      if (known >= 0) return;
      const seen = this.#learnt.violatedFrom.map((each) => each[monitor]!).filter((state) => state >= 0);
      if (seen.length > 0) this.#violatedFrom[monitor] = Math.min(...seen);
    });
  }

  /** Makes room for all ids and messages that there are by now, and tables of what has been learnt. */
  #refit(): void {
    this.knowledge.makeRoom();
    for (const log of this.logs) log.refresh(this.knowledge.words);
    const { sizes } = this.knowledge;
    if (!this.layout.fits(sizes)) {
      const wider = laidOut(sizes);
      this.#number();
      this.table.widen(this.layout, wider);
      (this.#shared ?? this.#batch).widen(this.layout, wider);
      this.layout = wider;
    }
    this.#renewTables();
  }

  #renewTables(): void {
    this.#isStale = false;
    const { labels } = this.knowledge.words;
    const { tables: had, tallies, violatedFrom } = this.#learnt;
    const tables = this.knowledge.tables(this.layout);
    const hasRoom = FIRST_LABEL + labels.size <= tallies[0]!.length;
    if (tables === had && hasRoom) return;
    this.#learnt = {
      tables,
      tallies: hasRoom ? tallies : tallies.map((tally) => copied(tally, FIRST_LABEL + 2 * labels.size)),
      violatedFrom,
    };
    this.#taker.use(this.#learnt.tables, this.#learnt.tallies[0]!);
  }
}

const laidOut = (sizes: readonly number[]): RowLayout => new RowLayout(sizes, sharedInts);

/** The same in a longer array. */
function copied(tally: Float64Array, length: number): Float64Array {
  const longer = sharedDoubles(length);
  longer.set(tally);
  return longer;
}
