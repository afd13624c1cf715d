/**
 * The steps of many states taken by several threads at once; what the search does with several workers.
 *
 *     other threads   | take steps of batch 3 | insert 2    | take steps of batch 4 ...
 *     the search      | as well               | learn for 3 | insert 2, number it, close the sets of 3, as well ...
 *
 * So nobody waits but for the end of each batch's steps, which are dealt out chunk by chunk. Nobody asks rules while
 * others take steps: where something is not known yet, the state is left, and when all are done the search takes its
 * steps itself, in the order of the states, and learns. Sets of messages that are new are left open, and the search
 * closes them, that is gives them ids, before that. So what is learnt, and in which order, is what it is with one worker.
 * Once the rules have been asked most of what they can be asked, few states are left.
 */
import { Batch } from './batch.ts';
import { sharedInts } from './growing-ints.ts';
import type { RowLayout } from './row-layout.ts';
import { BATCH, FIRST, FULL, INSERTED, NEXT, REGION, SETS, STATES, TAKE, WORDS } from './shared-job.ts';
import type { SharedStates } from './shared-states.ts';
import { ROOM_FOR_SETS, takeShare } from './shared-take.ts';
import { areSame, type StepTables } from './step-tables.ts';
import { Taker } from './taker.ts';
import type { Workers } from './workers.ts';

/** States in a batch: each has two hand-overs, of some microseconds each. */
const STATES_IN_BATCH = 8192;
/** Successors that each thread has room for at first, for each state of a batch. */
const ROOM_PER_STATE = 4;
/** Successors that the search has room for at first for states that were left. */
const ROOM_FOR_LEFT = 1024;
/** One is being taken, one waits to be inserted, and one to be numbered. */
const BATCHES = 3;

/** What has been learnt, and where each thread counts. */
export interface Learnt {
  readonly tables: StepTables;
  readonly tallies: readonly Float64Array[];
  readonly violatedFrom: readonly Int32Array[];
}

export class SharedSearch {
  /** States that can be expanded together. */
  readonly capacity: number;
  readonly #workers: Workers;
  readonly #states: SharedStates;
  readonly #batches: readonly Batch[];
  /** The rows of each batch that the threads have. */
  readonly #known: (Int32Array | undefined)[] = [];
  #learnt: Learnt;
  readonly #taker: Taker;
  /** Which batch is next. */
  #next = 0;
  #region: number;
  #isTaking = false;

  /** @param together - states in a batch */
  constructor(workers: Workers, states: SharedStates, learnt: Learnt, together = STATES_IN_BATCH) {
    this.#workers = workers;
    this.capacity = together;
    this.#region = together * ROOM_PER_STATE;
    this.#states = states;
    this.#learnt = learnt;
    workers.send({ kind: 'tables', ...learnt });
    this.#taker = new Taker(learnt.tables, learnt.tallies[0]!, learnt.violatedFrom[0]!, null);
    const room = this.#regions + ROOM_FOR_LEFT;
    const sets = (workers.count + 1) * ROOM_FOR_SETS;
    this.#batches = Array.from({ length: BATCHES }, () => Batch.for(together, sharedInts, room, sets));
  }

  get bytes(): number {
    return this.#batches.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Room of the regions of all threads; what comes after them is for states that are left. */
  get #regions(): number {
    return (this.#workers.count + 1) * this.#region;
  }

  /**
   * Takes the steps of some states, but for those that are left.
   *
   * @param sets - how many sets of messages are known: there may be more of them in the tables by and by
   * @param meanwhile - what is to be done first while the other threads begin
   */
  take(first: number, states: number, learnt: Learnt, sets: number, meanwhile: () => void): Batch {
    const { control } = this.#workers;
    const { words } = this.#states;
    const index = this.#next;
    this.#next = (index + 1) % BATCHES;
    const batch = this.#batches[index]!;
    if (control[FULL] !== 0) {
      control[FULL] = 0;
      this.#region *= 2;
    }
    const room = this.#regions + ROOM_FOR_LEFT;
    if (batch.room < room || batch.rows.length < batch.room * words) {
      batch.enlarge(Math.max(room, batch.room), words);
    }
    batch.clear(states);
    this.#send(index, batch, learnt);
    control[BATCH] = index;
    control[FIRST] = first;
    control[STATES] = states;
    control[WORDS] = words;
    control[SETS] = sets;
    control[NEXT] = 0;
    control[REGION] = this.#region;
    const job = this.#workers.begin(TAKE);
    this.#isTaking = true;
    meanwhile();
    takeShare(control, 0, this.#taker, batch, this.#states.blocks);
    this.#workers.wait(job);
    this.#isTaking = false;
    batch.fillRegion(this.#regions, batch.room);
    return batch;
  }

  /** Lays the rows of all batches anew; nobody may be taking steps. */
  widen(from: RowLayout, to: RowLayout): void {
    if (this.#isTaking) throw new Error('rows are laid out anew while others write them');
    for (const batch of this.#batches) batch.widen(from, to);
  }

  /** Begins to insert the successors, those of states that were left as well. */
  insert(batch: Batch): void {
    // They may have been given more room for that.
    const index = this.#batches.indexOf(batch);
    this.#sendBatch(index, batch);
    this.#workers.control[INSERTED] = index;
    this.#states.insert(batch);
  }

  /** Sends the threads what they do not have yet. */
  #send(index: number, batch: Batch, learnt: Learnt): void {
    this.#sendBatch(index, batch);
    if (learnt === this.#learnt) return;
    if (!areSame(learnt, this.#learnt)) this.#workers.send({ kind: 'tables', ...learnt });
    this.#learnt = learnt;
    this.#taker.use(learnt.tables, learnt.tallies[0]!);
  }

  #sendBatch(index: number, batch: Batch): void {
    if (this.#known[index] === batch.rows) return;
    this.#known[index] = batch.rows;
    this.#workers.send({ kind: 'batch', index, arrays: batch.arrays });
  }
}
