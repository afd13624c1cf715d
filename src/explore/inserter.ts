/**
 * One thread's share of the set of states: it finds out which successors are new, for its part of the hash table; see
 * `shared-states.ts`.
 *
 * The hash table is cut into segments, each with its own linear probing; segments are dealt out to the threads. A slot
 * is what it is in `row-table.ts`: the high bits of the hash, and the number of the row plus one. While a batch is
 * being inserted, its new rows have no numbers yet: the slot has that of the first of them plus the place in the
 * batch. When the next batch comes, they have been numbered, and the slots are put right.
 */
import type { BatchArrays } from './batch.ts';
import { GrowingInts } from './growing-ints.ts';
import { BLOCK_BITS, hashOf, IN_BLOCK, loadSlots, slotsFor } from './row-table.ts';
import { MOST_THREADS } from './shared-job.ts';

/** In `targets`, before they are numbered: a row that is new, or (this less its place) as the one in another place. */
export const NEW = -1;
export const SAME_AS = -2;

const SEGMENTS = MOST_THREADS;
const SEGMENT_BITS = Math.log2(SEGMENTS);
/** Slots of all threads together at first. */
const FIRST_SLOTS = 1 << 17;
/**
 * Rows inserted together: enough to wait for memory in common, few enough for what they need to stay near. It divides
 * the rows of a block.
 */
const TOGETHER = 256;

/** The states that there are: rows of so many words in blocks, as they lie since they were last laid out anew. */
export interface KnownRows {
  readonly blocks: readonly Int32Array[];
  readonly count: number;
  readonly words: number;
  readonly layout: number;
}

export class Inserter {
  readonly #index: number;
  readonly #threads: number;
  readonly #beat: () => void;
  #layout = 0;
  #words = 0;
  /** Slots of all segments of all threads; this one has its own segments side by side. */
  #allSlots = 0;
  #slots = new Int32Array(0);
  /** Where each segment begins in `#slots`, or -1 if it is another's. */
  readonly #starts = new Int32Array(SEGMENTS).fill(-1);
  /** Of rows that are its own: places in the batch, or numbers; hashes; and the slots where they are looked for first. */
  readonly #places = new Int32Array(2 * TOGETHER);
  readonly #hashes = new Int32Array(2 * TOGETHER);
  readonly #homes = new Int32Array(2 * TOGETHER);
  /** Hashes of rows that the slots are filled from. */
  readonly #rowHashes = new Int32Array(TOGETHER);
  /** Slots of new rows of the last batch, and their places in it. */
  readonly #openSlots = new GrowingInts();
  readonly #openPlaces = new GrowingInts();
  #openTargets: Int32Array | undefined;
  readonly #sink = new Int32Array(1);

  /** @param beat - called now and then while it is at work for long */
  constructor(index: number, threads: number, beat: () => void) {
    this.#index = index;
    this.#threads = threads;
    this.#beat = beat;
  }

  /** Slots of all threads together. */
  get allSlots(): number {
    return Math.max(this.#allSlots, FIRST_SLOTS);
  }

  /** Writes into `targets` what the successors of so many states are, as far as they are its own. */
  insert(batch: BatchArrays, states: number, known: KnownRows): void {
    this.#settle();
    const room = batch.targets.length;
    const slots = slotsFor(known.count + room, this.allSlots);
    if (slots !== this.#allSlots || known.layout !== this.#layout) {
      this.#layout = known.layout;
      this.#words = known.words;
      this.#fill(slots, known);
    }
    this.#insert(batch, states, known);
  }

  /** Puts the slots of the last batch right. */
  #settle(): void {
    const targets = this.#openTargets;
    if (targets === undefined) return;
    const slots = this.#slots;
    const mask = this.#allSlots - 1;
    const { data: open, length } = this.#openSlots;
    const { data: places } = this.#openPlaces;
    for (let first = 0; first < length; first += TOGETHER) {
      const end = Math.min(first + TOGETHER, length);
      this.#sink[0] = loadSlots(slots, -1, open, first, end);
      for (let i = first; i < end; i++) {
        const slot = open[i]!;
        slots[slot] = (slots[slot]! & ~mask) | (targets[places[i]!]! + 1);
      }
    }
    this.#openSlots.length = 0;
    this.#openPlaces.length = 0;
    this.#openTargets = undefined;
  }

  /** Begins with empty slots, and fills those of its own segments from the rows. */
  #fill(allSlots: number, { blocks, count }: KnownRows): void {
    this.#allSlots = allSlots;
    const size = allSlots >>> SEGMENT_BITS;
    let own = 0;
    for (let segment = 0; segment < SEGMENTS; segment++) {
      if (segment % this.#threads === this.#index) this.#starts[segment] = own++ * size;
    }
    // The old ones are let go first: they are not read.
    this.#slots = NO_SLOTS;
    this.#slots = new Int32Array(own * size);
    for (let row = 0; row < count; row += TOGETHER) {
      if ((row & IN_BLOCK) === 0) this.#beat();
      this.#fillFrom(row, Math.min(TOGETHER, count - row), blocks[row >>> BLOCK_BITS]!);
    }
  }

  /** Fills slots from rows that are all in one block. */
  #fillFrom(first: number, rows: number, block: Int32Array): void {
    const words = this.#words;
    const from = (first & IN_BLOCK) * words;
    const rowHashes = this.#rowHashes;
    for (let i = 0; i < rows; i++) rowHashes[i] = hashOf(block, from + i * words, words);
    const own = this.#choose(0, rowHashes, 0, rows, first);
    this.#touchSlots(own);
    const slots = this.#slots;
    const [places, hashes, homes] = [this.#places, this.#hashes, this.#homes];
    const mask = this.#allSlots - 1;
    const inSegment = (this.#allSlots >>> SEGMENT_BITS) - 1;
    for (let i = 0; i < own; i++) {
      let slot = homes[i]!;
      while (slots[slot] !== 0) slot = (slot & ~inSegment) | ((slot + 1) & inSegment);
      slots[slot] = (hashes[i]! & ~mask) | (places[i]! + 1);
    }
  }

  #insert(batch: BatchArrays, states: number, known: KnownRows): void {
    const { starts, ends } = batch;
    let own = 0;
    for (let i = 0; i < states; ) {
      let place = starts[i]!;
      let end = ends[i++]!;
      // Successors of states that a thread took one after the other lie side by side.
      while (i < states && starts[i] === end) end = ends[i++]!;
      while (place < end) {
        const next = Math.min(place + TOGETHER, end);
        own = this.#choose(own, batch.hashes, place, next, place);
        place = next;
        if (own < TOGETHER) continue;
        this.#insertChosen(batch, own, known);
        own = 0;
      }
    }
    this.#insertChosen(batch, own, known);
    this.#openTargets = batch.targets;
  }

  /**
   * Of the hashes from `begin` to before `end`, writes down those whose slot is in one of the own segments, with the
   * places in the batch or the numbers of their rows, which go up by one from `place` on.
   *
   * @param chosen - how many there are already; fewer than `TOGETHER`, as those that are looked at
   * @returns how many there are then
   */
  #choose(chosen: number, hashes: Int32Array, begin: number, end: number, place: number): number {
    const starts = this.#starts;
    const [places, ownHashes, homes] = [this.#places, this.#hashes, this.#homes];
    const mask = this.#allSlots - 1;
    const inSegment = (this.#allSlots >>> SEGMENT_BITS) - 1;
    const bitsInSegment = 32 - Math.clz32(inSegment);
    let own = chosen;
    for (let i = begin; i < end; i++) {
      const hash = hashes[i]!;
      const start = starts[(hash & mask) >>> bitsInSegment]!;
      places[own] = place + i - begin;
      ownHashes[own] = hash;
      homes[own] = start | (hash & inSegment);
      // Which of them are its own is chance: better no branch.
      own += 1 + (start >> 31);
    }
    return own;
  }

  /** Loads the slots that are needed, all at once: see `row-table.ts`. */
  #touchSlots(count: number): void {
    this.#sink[0] = loadSlots(this.#slots, -1, this.#homes, 0, count);
  }

  /** The same for the rows that slots point to; then one after the other is inserted. */
  #insertChosen({ rows, targets }: BatchArrays, count: number, known: KnownRows): void {
    this.#touchSlots(count);
    const { blocks } = known;
    const words = this.#words;
    const slots = this.#slots;
    const [places, hashes, homes] = [this.#places, this.#hashes, this.#homes];
    const mask = this.#allSlots - 1;
    let touched = 0;
    for (let i = 0; i < count; i++) {
      const entry = slots[homes[i]!]!;
      const row = (entry & mask) - 1;
      if (entry === 0 || row >= known.count || ((entry ^ hashes[i]!) & ~mask) !== 0) continue;
      touched ^= blocks[row >>> BLOCK_BITS]![(row & IN_BLOCK) * words]!;
    }
    this.#sink[0] = touched;
    for (let i = 0; i < count; i++) {
      const place = places[i]!;
      targets[place] = this.#find(rows, place, hashes[i]!, homes[i]!, blocks, known.count);
    }
  }

  /** The number of the row at a place of the batch, or that it is new, or the same as one before it. */
  #find(
    rows: Int32Array,
    place: number,
    hash: number,
    home: number,
    blocks: readonly Int32Array[],
    known: number,
  ): number {
    const words = this.#words;
    const slots = this.#slots;
    const mask = this.#allSlots - 1;
    const inSegment = (this.#allSlots >>> SEGMENT_BITS) - 1;
    const tag = hash & ~mask;
    const own = place * words;
    let slot = home;
    for (let steps = 0; ; steps++) {
      const entry = slots[slot]!;
      if (entry === 0) break;
      if ((entry & ~mask) === tag) {
        const row = (entry & mask) - 1;
        const isStored = row < known;
        const other = isStored ? blocks[row >>> BLOCK_BITS]! : rows;
        const from = (isStored ? row & IN_BLOCK : row - known) * words;
        let i = 0;
        while (i < words && other[from + i] === rows[own + i]) i++;
        if (i === words) return isStored ? row : SAME_AS - (row - known);
      }
      slot = (slot & ~inSegment) | ((slot + 1) & inSegment);
      if (steps > inSegment) throw new RangeError('a segment of the hash table is full');
    }
    slots[slot] = tag | (known + place + 1);
    this.#openSlots.push(slot);
    this.#openPlaces.push(place);
    return NEW;
  }
}

const NO_SLOTS = new Int32Array(0);
