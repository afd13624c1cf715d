/**
 * The successors of some states that are expanded together: their rows, those of each state one after the other, in
 * the order in which the steps are taken. See `row-table.ts` for why they are not inserted at once.
 *
 * Where several threads fill a batch, each has regions of its own in it, one after the other, and states stand in
 * whatever region; so there is for each state where its successors begin and end.
 */
import { type MakeInts, plainInts } from './growing-ints.ts';
import { type RowLayout, writeField } from './row-layout.ts';
import { hashOf } from './row-table.ts';

/** Successors that a batch has room for at first. */
const FIRST_ROOM = 1024;

/** In `ends`: the steps of the state have not been taken. */
export const LEFT = -1;
/** In `sets`: the state has no more of them. */
export const NO_MORE = -1;

/** Its arrays: those of a batch in shared memory are all that other threads see of it. */
export interface BatchArrays {
  /** Rows of the successors. */
  readonly rows: Int32Array;
  /** Their hashes, if several threads need them. */
  readonly hashes: Int32Array;
  /** Labels of the steps that lead to them. */
  readonly labels: Int32Array;
  /** Numbers of the successors, once they are inserted. */
  readonly targets: Int32Array;
  /** For each state, where its successors begin and end. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** For each state, the bounds met there. */
  readonly bounds: Int32Array;
  /** For each state, where its open sets begin in `sets`, plus one; 0: it has none. */
  readonly opens: Int32Array;
  /**
   * Sets of messages that are new: who found them may not give them ids. For each state the place of a successor and
   * the words of its set, in turn, and in the end `NO_MORE`. In the row of the successor the set is the empty one.
   */
  readonly sets: Int32Array;
}

export class Batch implements BatchArrays {
  readonly #make: MakeInts;
  rows: Int32Array;
  hashes: Int32Array;
  labels: Int32Array;
  targets: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly bounds: Int32Array;
  readonly opens: Int32Array;
  readonly sets: Int32Array;
  /** Number of states. */
  states = 0;
  /** Where the next successor goes. */
  count = 0;
  /** Whether somebody wanted room, and there was none. */
  isFull = false;
  /** Where the next open set goes, and where none may go any more. */
  #nextSet = 0;
  #endOfSets = 0;
  /** Where those of the state at hand begin. */
  #firstSet = 0;
  /** Where successors may not go any more; more room is made if that is the end of the arrays. */
  #end: number;

  /** @param make - makes arrays that others see as well, if they have to */
  constructor(arrays: BatchArrays, make: MakeInts = plainInts) {
    this.#make = make;
    this.rows = arrays.rows;
    this.hashes = arrays.hashes;
    this.labels = arrays.labels;
    this.targets = arrays.targets;
    this.starts = arrays.starts;
    this.ends = arrays.ends;
    this.bounds = arrays.bounds;
    this.opens = arrays.opens;
    this.sets = arrays.sets;
    this.#end = this.labels.length;
  }

  /**
   * A batch for so many states.
   *
   * @param sets - integers for open sets
   */
  static for(states: number, make: MakeInts = plainInts, room = FIRST_ROOM, sets = 0): Batch {
    const [rows, hashes, labels, targets] = [make(room), make(room), make(room), make(room)];
    const [starts, ends, bounds, opens] = [make(states), make(states), make(states), make(states)];
    return new Batch({ rows, hashes, labels, targets, starts, ends, bounds, opens, sets: make(sets) }, make);
  }

  /** Its arrays alone. */
  get arrays(): BatchArrays {
    const { rows, hashes, labels, targets, starts, ends, bounds, opens, sets } = this;
    return { rows, hashes, labels, targets, starts, ends, bounds, opens, sets };
  }

  /** States that there is room for. */
  get capacity(): number {
    return this.ends.length;
  }

  /** Successors that there is room for. */
  get room(): number {
    return this.labels.length;
  }

  get bytes(): number {
    return Object.values(this.arrays).reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** Begins anew with so many states. */
  clear(states: number): void {
    this.states = states;
    this.ends.fill(LEFT, 0, states);
    this.fillRegion(0, this.room);
  }

  /** From now on, successors go from `first` to before `end`. */
  fillRegion(first: number, end: number): void {
    this.count = first;
    this.#end = end;
    this.isFull = false;
    this.fillSets(0, 0);
  }

  /** From now on, open sets go from `first` to before `end`. */
  fillSets(first: number, end: number): void {
    this.#firstSet = first;
    this.#nextSet = first;
    this.#endOfSets = end;
  }

  /** Writes down that the next successor has this set, which has no id yet; returns false if there is no room. */
  openSet(set: Int32Array): boolean {
    if (this.#nextSet + 2 + set.length > this.#endOfSets) return false;
    this.sets[this.#nextSet++] = this.count;
    for (let w = 0; w < set.length; w++) this.sets[this.#nextSet++] = set[w]!;
    return true;
  }

  /** Sees to it that there is room for so many more successors; returns false if there cannot be. */
  makeRoom(more: number, words: number): boolean {
    const end = this.count + more;
    if (end <= this.#end && end * words <= this.rows.length) return true;
    if (this.#end < this.room) {
      this.isFull = true;
      return false;
    }
    this.enlarge(end <= this.#end ? this.room : 2 * end, words);
    this.#end = this.room;
    return true;
  }

  /** Makes room for so many successors with rows of so many words. */
  enlarge(room: number, words: number): void {
    const [rows, hashes, labels] = [this.#make(room * words), this.#make(room), this.#make(room)];
    rows.set(this.rows.subarray(0, rows.length));
    hashes.set(this.hashes);
    labels.set(this.labels);
    this.rows = rows;
    this.hashes = hashes;
    this.labels = labels;
    this.targets = this.#make(room);
  }

  /** No more successors of the state in this place: they are from `first` to here. */
  end(place: number, first: number, bounds: number): void {
    this.starts[place] = first;
    this.ends[place] = this.count;
    this.bounds[place] = bounds;
    this.opens[place] = 0;
    if (this.#nextSet === this.#firstSet) return;
    this.opens[place] = this.#firstSet + 1;
    this.sets[this.#nextSet++] = NO_MORE;
    this.#firstSet = this.#nextSet;
  }

  /** Forgets the successors of the state at hand, from `first` on. */
  drop(first: number): void {
    this.count = first;
    this.#nextSet = this.#firstSet;
  }

  /** Writes down the hashes of the successors from `first` on. */
  hash(first: number, words: number): void {
    for (let at = first; at < this.count; at++) this.hashes[at] = hashOf(this.rows, at * words, words);
  }

  /** Replaces an id in the row of a successor. */
  write(at: number, layout: RowLayout, field: number, id: number): void {
    const { words } = layout;
    writeField(layout, this.rows, at * words, field, id);
    this.hashes[at] = hashOf(this.rows, at * words, words);
  }

  /** Lays the rows of all states that are not left anew, and hashes them anew. */
  widen(from: RowLayout, to: RowLayout): void {
    const had = this.rows;
    const rows = this.#make(this.room * to.words);
    const into = new Int32Array(to.words);
    for (let i = 0; i < this.states; i++) {
      for (let at = this.starts[i]!; at < this.ends[i]!; at++) {
        from.convert(had.subarray(at * from.words, (at + 1) * from.words), to, into);
        rows.set(into, at * to.words);
        this.hashes[at] = hashOf(into, 0, to.words);
      }
    }
    this.rows = rows;
  }
}
