/**
 * What the search and its inserters have in common (`shared-states.ts`, `inserter.ts`): the fields of the control
 * block, which all of them see, and what is sent beside it.
 *
 * The search writes down a job and raises `JOB`; each inserter does its share and then raises its own field from
 * `DONE` on to the same number. Typed arrays that are new since the last job are sent as messages before it, and the
 * fields tell how many there must be.
 */

/** Number of the last job. */
export const JOB = 0;
/** Which of the two batches is to be inserted, and how many successors it has. */
export const BATCH = 1;
export const SUCCESSORS = 2;
/** Words of a row. */
export const WORDS = 3;
/** Number of states before the batch. */
export const KNOWN = 4;
/** How often arrays were sent. */
export const SENT = 5;
/** How often all rows were laid out anew. */
export const LAYOUT = 6;
/** 1: there are no more jobs. */
export const CLOSED = 7;
/** Not 0: an inserter could not do its job. */
export const FAILED = 8;
/** From here on, for each inserter, the last job that it has done. */
export const DONE = 9;
/** Most inserters that there may be: more would have nothing to do, since the table is cut into so many segments. */
export const MOST_INSERTERS = 16;
/** From here on, for each inserter, a number that changes while it is at work. */
export const BEAT = DONE + MOST_INSERTERS;
/** Fields for so many inserters. */
export const controlSize = (inserters: number): number => BEAT + inserters;

/** Why an inserter could not do its job. */
export const FAILED_FOR_MEMORY = 1;
export const FAILED_OTHERWISE = 2;

/** Rows in a block, as a power of two. */
export const BLOCK_BITS = 16;
export const BLOCK_ROWS = 1 << BLOCK_BITS;
export const IN_BLOCK = BLOCK_ROWS - 1;

/** In `targets`, before the search has numbered them: a row that is new, or (this less its place) as one before it. */
export const NEW = -1;
export const SAME_AS = -2;

export type SharedInts = Int32Array<SharedArrayBuffer>;

/** Arrays that are new. */
export type Sent =
  | { readonly kind: 'block'; readonly index: number; readonly rows: SharedInts }
  | {
      readonly kind: 'batch';
      readonly index: number;
      readonly rows: SharedInts;
      readonly targets: SharedInts;
    };

/** What an inserter is told when it starts. */
export interface InserterData {
  readonly control: SharedInts;
  /** Which of the inserters it is, and how many there are. */
  readonly index: number;
  readonly inserters: number;
}
