/**
 * A thread that finds out which successors are new, for its share of the hash table; see `shared-states.ts`.
 *
 * The hash table is cut into segments, each with its own linear probing; segments are dealt out to the inserters.
 * A slot is what it is in `row-table.ts`: the high bits of the hash, and the number of the row plus one. While a
 * batch is being inserted, its new rows have no numbers yet: the slot has that of the first of them plus the place in
 * the batch, which is at least what the number will be. When the next job comes, the search has numbered them, and
 * the slots are put right.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { GrowingInts } from './growing-ints.ts';
import { hashOf } from './row-table.ts';
import {
  BATCH,
  BEAT,
  BLOCK_BITS,
  CLOSED,
  DONE,
  FAILED,
  FAILED_FOR_MEMORY,
  FAILED_OTHERWISE,
  IN_BLOCK,
  type InserterData,
  JOB,
  KNOWN,
  LAYOUT,
  MOST_INSERTERS,
  NEW,
  SAME_AS,
  SENT,
  type Sent,
  type SharedInts,
  SUCCESSORS,
  WORDS,
} from './shared-job.ts';

const SEGMENTS = MOST_INSERTERS;
const SEGMENT_BITS = Math.log2(SEGMENTS);
const FIRST_SLOTS = 1 << 17;

class Inserter {
  readonly #control: SharedInts;
  readonly #index: number;
  readonly #inserters: number;
  readonly #blocks: SharedInts[] = [];
  readonly #batches: { rows: SharedInts; targets: SharedInts }[] = [];
  #received = 0;
  #layout = 0;
  #words = 0;
  /** Slots of all segments of all inserters; this one has its own segments side by side. */
  #allSlots = 0;
  #slots = new Int32Array(0);
  /** Where each segment begins in `#slots`, or -1 if it is another's. */
  readonly #starts = new Int32Array(SEGMENTS).fill(-1);
  #hashes = new Int32Array(0);
  /** Slots of new rows of the last batch, and their places in it. */
  readonly #openSlots = new GrowingInts();
  readonly #openPlaces = new GrowingInts();
  #openTargets: SharedInts | undefined;
  readonly #sink = new Int32Array(1);

  constructor({ control, index, inserters }: InserterData) {
    this.#control = control;
    this.#index = index;
    this.#inserters = inserters;
  }

  /** Does jobs until there are no more. */
  run(): void {
    const control = this.#control;
    for (let job = 0; ; ) {
      Atomics.wait(control, JOB, job);
      if (Atomics.load(control, CLOSED) === 1) return;
      const next = Atomics.load(control, JOB);
      // The notice of a job can come when that job has been seen, and done, without it.
      if (next === job) continue;
      job = next;
      try {
        this.#work();
      } catch (error) {
        const isMemory = error instanceof RangeError && /allocation|array length/i.test(error.message);
        if (!isMemory) console.error(error);
        Atomics.store(control, FAILED, isMemory ? FAILED_FOR_MEMORY : FAILED_OTHERWISE);
      }
      Atomics.store(control, DONE + this.#index, job);
      Atomics.notify(control, DONE + this.#index);
    }
  }

  #work(): void {
    const control = this.#control;
    while (this.#received < control[SENT]!) this.#receive();
    const known = control[KNOWN]!;
    const successors = control[SUCCESSORS]!;
    this.#settle();
    let slots = Math.max(this.#allSlots, FIRST_SLOTS);
    while ((known + successors) * 4 > slots * 3) slots *= 2;
    if (slots !== this.#allSlots || control[LAYOUT] !== this.#layout) {
      this.#layout = control[LAYOUT]!;
      this.#words = control[WORDS]!;
      this.#fill(slots, known);
    }
    this.#insert(this.#batches[control[BATCH]!]!, successors, known);
  }

  #receive(): void {
    const received = receiveMessageOnPort(parentPort!) as { readonly message: Sent } | undefined;
    if (received === undefined) return;
    const { message } = received;
    this.#received++;
    if (message.kind === 'block') this.#blocks[message.index] = message.rows;
    else this.#batches[message.index] = { rows: message.rows, targets: message.targets };
  }

  /** Puts the slots of the last batch right. */
  #settle(): void {
    const targets = this.#openTargets;
    if (targets === undefined) return;
    const slots = this.#slots;
    const mask = this.#allSlots - 1;
    for (let i = 0; i < this.#openSlots.length; i++) {
      const slot = this.#openSlots.data[i]!;
      slots[slot] = (slots[slot]! & ~mask) | (targets[this.#openPlaces.data[i]!]! + 1);
    }
    this.#openSlots.length = 0;
    this.#openPlaces.length = 0;
  }

  /** Begins with empty slots, and fills those of its own segments from the rows. */
  #fill(allSlots: number, known: number): void {
    this.#allSlots = allSlots;
    const size = allSlots >>> SEGMENT_BITS;
    let own = 0;
    for (let segment = 0; segment < SEGMENTS; segment++) {
      if (segment % this.#inserters === this.#index) this.#starts[segment] = own++ * size;
    }
    this.#slots = new Int32Array(own * size);
    const mask = allSlots - 1;
    for (let row = 0; row < known; row++) {
      if ((row & IN_BLOCK) === 0) Atomics.add(this.#control, BEAT + this.#index, 1);
      const block = this.#blocks[row >>> BLOCK_BITS]!;
      const hash = hashOf(block, (row & IN_BLOCK) * this.#words, this.#words);
      const start = this.#starts[(hash & mask) >>> (31 - Math.clz32(size))]!;
      if (start < 0) continue;
      let at = hash & (size - 1);
      while (this.#slots[start + at] !== 0) at = (at + 1) & (size - 1);
      this.#slots[start + at] = (hash & ~mask) | (row + 1);
    }
  }

  #insert(batch: { rows: SharedInts; targets: SharedInts }, successors: number, known: number): void {
    const { rows, targets } = batch;
    const words = this.#words;
    const slots = this.#slots;
    const starts = this.#starts;
    const mask = this.#allSlots - 1;
    const size = this.#allSlots >>> SEGMENT_BITS;
    const sizeBits = 31 - Math.clz32(size);
    if (this.#hashes.length < successors) this.#hashes = new Int32Array(2 * successors);
    const hashes = this.#hashes;
    let touched = 0;
    for (let i = 0; i < successors; i++) {
      const hash = hashOf(rows, i * words, words);
      hashes[i] = hash;
      const start = starts[(hash & mask) >>> sizeBits]!;
      if (start >= 0) touched ^= slots[start + (hash & (size - 1))]!;
    }
    for (let i = 0; i < successors; i++) {
      const hash = hashes[i]!;
      const start = starts[(hash & mask) >>> sizeBits]!;
      if (start < 0) continue;
      const entry = slots[start + (hash & (size - 1))]!;
      const row = (entry & mask) - 1;
      if (entry === 0 || row >= known || ((entry ^ hash) & ~mask) !== 0) continue;
      touched ^= this.#blocks[row >>> BLOCK_BITS]![(row & IN_BLOCK) * words]!;
    }
    this.#sink[0] = touched;
    for (let i = 0; i < successors; i++) {
      const hash = hashes[i]!;
      const start = starts[(hash & mask) >>> sizeBits]!;
      if (start >= 0) targets[i] = this.#find(rows, i, hash, start, size, known);
    }
    this.#openTargets = targets;
  }

  /** The number of the row at a place of the batch, or that it is new, or the same as one before it. */
  #find(rows: SharedInts, place: number, hash: number, start: number, size: number, known: number): number {
    const words = this.#words;
    const slots = this.#slots;
    const mask = this.#allSlots - 1;
    const tag = hash & ~mask;
    const own = place * words;
    let at = hash & (size - 1);
    for (let steps = 0; ; steps++) {
      const entry = slots[start + at]!;
      if (entry === 0) break;
      if ((entry & ~mask) === tag) {
        const row = (entry & mask) - 1;
        const isStored = row < known;
        const other = isStored ? this.#blocks[row >>> BLOCK_BITS]! : rows;
        const from = (isStored ? row & IN_BLOCK : row - known) * words;
        let i = 0;
        while (i < words && other[from + i] === rows[own + i]) i++;
        if (i === words) return isStored ? row : SAME_AS - (row - known);
      }
      at = (at + 1) & (size - 1);
      if (steps > size) throw new RangeError('a segment of the hash table is full');
    }
    slots[start + at] = tag | (known + place + 1);
    this.#openSlots.push(start + at);
    this.#openPlaces.push(place);
    return NEW;
  }
}

parentPort!.postMessage('ready');
new Inserter(workerData as InserterData).run();
