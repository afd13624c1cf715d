/**
 * What is remembered of the sequence numbers of all ESP SAs: for each number, two digests of its packet and the
 * frame it came in. Pages of 32 numbers in typed arrays, as many as the bound allows; when they are used up, the
 * page that was begun longest ago is given to another, whatever its SA.
 */

import { share } from './seeded-hash.ts';

/** Numbers of one page. */
const PAGE = 32;

/** Octets of a page: its numbers with two digests and a frame each, owner, place, bit mask, link and hash heads. */
export const PAGE_OCTETS = PAGE * 12 + 4 + 8 + 4 + 4 + 8;

/** How many pages there are, unless another bound is asked for: 8.4 million numbers in 108 MiB. */
export const USUAL_PAGES = 2 ** 18;

/** Room is made for so many at first, and doubled as need be: most captures are small. */
const FIRST_PAGES = 64;

/** Told of each page that is forgotten: its SA, its first number, and a bit for each number that was seen. */
export type Forget = (sa: number, first: number, mask: number) => void;

export class NumberMemory {
  /** How many pages there may be, and how many there are room for now. */
  readonly #most: number;
  #room: number;
  readonly #forget: Forget;
  #body: Int32Array;
  #tail: Int32Array;
  #frame: Uint32Array;
  #owner: Int32Array;
  #place: Float64Array;
  #mask: Int32Array;
  /** The next page with the same hash, -1 at the end. */
  #link: Int32Array;
  #heads: Int32Array;
  #used = 0;
  #oldest = 0;

  /** @param most how many pages there may be, a power of two */
  constructor(most: number, forget: Forget) {
    this.#most = most;
    this.#forget = forget;
    this.#room = Math.min(most, FIRST_PAGES);
    this.#body = new Int32Array(this.#room * PAGE);
    this.#tail = new Int32Array(this.#room * PAGE);
    this.#frame = new Uint32Array(this.#room * PAGE);
    this.#owner = new Int32Array(this.#room);
    this.#place = new Float64Array(this.#room);
    this.#mask = new Int32Array(this.#room);
    this.#link = new Int32Array(this.#room);
    this.#heads = new Int32Array(this.#room * 2).fill(-1);
  }

  /** The page of a number, -1 if it is not there (any more). */
  find(sa: number, number: number): number {
    const place = Math.floor(number / PAGE);
    let page = this.#heads[this.#hash(sa, place)]!;
    while (page >= 0 && (this.#owner[page] !== sa || this.#place[page] !== place)) page = this.#link[page]!;
    return page;
  }

  /** Whether `page` is the page of this number of this SA: pages may have been given away. */
  holds(page: number, sa: number, number: number): boolean {
    return this.#owner[page] === sa && this.#place[page] === Math.floor(number / PAGE);
  }

  /** Begins the page of a number that is not there. */
  begin(sa: number, number: number): number {
    if (this.#used === this.#room && this.#room < this.#most) this.#grow();
    let page = this.#used;
    if (page < this.#room) this.#used += 1;
    else {
      page = this.#oldest;
      this.#oldest = (this.#oldest + 1) % this.#room;
      this.#give(page);
    }
    const place = Math.floor(number / PAGE);
    const hash = this.#hash(sa, place);
    this.#owner[page] = sa;
    this.#place[page] = place;
    this.#mask[page] = 0;
    this.#link[page] = this.#heads[hash]!;
    this.#heads[hash] = page;
    return page;
  }

  wasSeen(page: number, number: number): boolean {
    return (this.#mask[page]! & (1 << (number % PAGE))) !== 0;
  }

  note(page: number, number: number, body: number, tail: number, frame: number): void {
    const bit = number % PAGE;
    const at = page * PAGE + bit;
    this.#mask[page] = this.#mask[page]! | (1 << bit);
    this.#body[at] = body;
    this.#tail[at] = tail;
    this.#frame[at] = frame;
  }

  bodyIs(page: number, number: number, body: number): boolean {
    return this.#body[page * PAGE + (number % PAGE)] === (body | 0);
  }

  tailIs(page: number, number: number, tail: number): boolean {
    return this.#tail[page * PAGE + (number % PAGE)] === (tail | 0);
  }

  /** The frame of a number that was seen; 0 if it was not told. */
  frameOf(page: number, number: number): number {
    return this.#frame[page * PAGE + (number % PAGE)]!;
  }

  #grow(): void {
    this.#room *= 2;
    this.#body = doubled(this.#body, new Int32Array(this.#room * PAGE));
    this.#tail = doubled(this.#tail, new Int32Array(this.#room * PAGE));
    this.#frame = doubled(this.#frame, new Uint32Array(this.#room * PAGE));
    this.#owner = doubled(this.#owner, new Int32Array(this.#room));
    this.#place = doubled(this.#place, new Float64Array(this.#room));
    this.#mask = doubled(this.#mask, new Int32Array(this.#room));
    this.#link = new Int32Array(this.#room);
    this.#heads = new Int32Array(this.#room * 2).fill(-1);
    for (let page = 0; page < this.#used; page += 1) {
      const hash = this.#hash(this.#owner[page]!, this.#place[page]!);
      this.#link[page] = this.#heads[hash]!;
      this.#heads[hash] = page;
    }
  }

  #give(page: number): void {
    const [owner, place] = [this.#owner[page]!, this.#place[page]!];
    const hash = this.#hash(owner, place);
    let before = this.#heads[hash]!;
    if (before === page) this.#heads[hash] = this.#link[page]!;
    else {
      while (this.#link[before] !== page) before = this.#link[before]!;
      this.#link[before] = this.#link[page]!;
    }
    this.#forget(owner, place * PAGE, this.#mask[page]!);
  }

  #hash(sa: number, place: number): number {
    const low = place | 0;
    const high = Math.floor(place / 2 ** 32) | 0;
    return (share(0, sa) ^ share(1, low) ^ share(2, high)) & (this.#heads.length - 1);
  }
}

function doubled<T extends Int32Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
