/**
 * What the search and the other threads have in common: the fields of the control block, which all of them see, and
 * what is sent beside it.
 *
 * The search writes down a job and raises `JOB`; each thread does its share and then raises its own field from `DONE`
 * on to the same number. A job can follow another one, of the other kind, that is not done yet: each kind has fields of
 * its own. Typed arrays that are new since the last job are sent as messages before it, and `SENT` tells how many there
 * must be.
 */
import type { BatchArrays } from './batch.ts';
import type { StepTables } from './step-tables.ts';

/** Number of the last job. */
export const JOB = 0;
/** What is to be done: in the first of two fields if the number of the job is even, in the second one if it is odd. */
export const KIND = 1;
/** Words of a row. */
export const WORDS = 3;
/** How often arrays were sent. */
export const SENT = 4;

/** Which batch steps are taken for; its first state, and how many there are. */
export const BATCH = 5;
export const FIRST = 6;
export const STATES = 7;
/** The next chunk of states of which nobody takes the steps yet. */
export const NEXT = 8;
/** Each thread has a region of so many successors in a batch, in the order of the threads. */
export const REGION = 9;
/** 1: some thread had no room for more successors. */
export const FULL = 10;
/** Sets of messages that threads may look at: the search may be adding others. */
export const SETS = 11;

/** Which batch is inserted, and how many states it is for. */
export const INSERTED = 12;
export const EXPANDED = 13;
/** Number of states that have a number. */
export const KNOWN = 14;
/** How often all rows were laid out anew. */
export const LAYOUT = 15;

/** Not 0: a thread could not do its job. */
export const FAILED = 16;
/** From here on, for each thread, the last job that it has done. */
export const DONE = 17;
/** Most threads that there may be: more would have nothing to do, since the hash table is cut into so many segments. */
export const MOST_THREADS = 16;
/** From here on, for each thread, a number that changes while it is at work. */
export const BEAT = DONE + MOST_THREADS;
export const CONTROL_SIZE = BEAT + MOST_THREADS;

/** Kinds of jobs: to take the steps of states, to insert the successors, and to end. */
export const TAKE = 0;
export const INSERT = 1;
export const CLOSE = 2;

/** Why a thread could not do its job. */
export const FAILED_FOR_MEMORY = 1;
export const FAILED_OTHERWISE = 2;

/** States whose steps are taken by one thread together. */
export const CHUNK = 64;

export type SharedInts = Int32Array<SharedArrayBuffer>;

/** Arrays that are new. */
export type Sent =
  /** Rows of states. */
  | { readonly kind: 'block'; readonly index: number; readonly rows: Int32Array }
  | { readonly kind: 'batch'; readonly index: number; readonly arrays: BatchArrays }
  /** What has been learnt, and for each thread where it counts (see `Taker`). */
  | {
      readonly kind: 'tables';
      readonly tables: StepTables;
      readonly tallies: readonly Float64Array[];
      readonly violatedFrom: readonly Int32Array[];
    };

/** What a thread is told when it starts. */
export interface ThreadData {
  readonly control: SharedInts;
  /** Which of the threads it is, and how many there are, that of the search included, which is number 0. */
  readonly index: number;
  readonly threads: number;
}
