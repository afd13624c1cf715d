/**
 * Frames in the order of their times. Adaptors with several queues, `tcpdump -i any` and `mergecap -a` write files that
 * stand in another one, and whoever judged them so would see answers before their questions.
 */
import type { OutOfOrder } from '../../events/source-facts.ts';
import type { Frame, FrameOf } from './frames.ts';

/** So many frames, and octets of them, are held at most: a file that has no more is sorted as a whole. */
const MOST_FRAMES = 131_072;
const MOST_OCTETS = 64 * 1024 * 1024;

/** Frames of several queues are not further apart than this, in seconds. */
const APART = 1;

/** Octets of one piece of memory for frames: small at first, for most captures are. */
const FIRST_PIECE = 16 * 1024;
const LARGEST_PIECE = 1024 * 1024;

/** The frames of a file that was taken to be in order are not. */
export class FramesOutOfOrder extends Error {}

/** What is known of the order of a file. */
export class OrderOfFrames {
  #earliest = Number.POSITIVE_INFINITY;
  #latest = Number.NEGATIVE_INFINITY;
  #frames = 0;
  #first: Pick<Frame, 'file' | 'number'> | undefined;
  #seconds = 0;

  /** @returns whether a frame with a later time stands before this one */
  note({ file, time, number }: FrameOf): boolean {
    if (time < this.#earliest) this.#earliest = time;
    if (!(time < this.#latest)) {
      // A frame without a time changes nothing.
      if (time > this.#latest) this.#latest = time;
      return false;
    }
    this.#frames += 1;
    this.#first ??= { file, number };
    this.#seconds = Math.max(this.#seconds, this.#latest - time);
    return true;
  }

  /** The times of the first and the last frame; nothing if no frame has one. */
  get span(): { readonly first: number; readonly last: number } | undefined {
    return this.#latest < this.#earliest ? undefined : { first: this.#earliest, last: this.#latest };
  }

  /** @param sorted whether the frames were handed on in the order of their times */
  fact(sorted: boolean): readonly OutOfOrder[] {
    if (this.#first === undefined) return [];
    const { file, number: first } = this.#first;
    return [{ kind: 'out-of-order', file, frames: this.#frames, first, seconds: this.#seconds, sorted }];
  }
}

/** Hands frames on in the order of their times: of equal times, and of frames without one, as they stand. */
export class FramesInOrder {
  readonly #take: (frame: Frame) => void;
  #held: Frame[] = [];
  #octets = 0;
  #inOrder = true;
  #piece = new Uint8Array(0);
  #used = 0;
  #latest = Number.NEGATIVE_INFINITY;
  /** The time of the last frame that was handed on. */
  #handedOn = Number.NEGATIVE_INFINITY;
  /** Whether every frame so far came after all those that have an earlier time. */
  sorted = true;

  constructor(take: (frame: Frame) => void) {
    this.#take = take;
  }

  /** Takes a copy of the frame. */
  push(frame: Frame): void {
    const length = frame.end - frame.start;
    if (this.#used + length > this.#piece.length) {
      const size = Math.min(LARGEST_PIECE, Math.max(FIRST_PIECE, 2 * this.#piece.length));
      this.#piece = new Uint8Array(Math.max(size, length));
      this.#used = 0;
    }
    const start = this.#used;
    this.#piece.set(frame.data.subarray(frame.start, frame.end), start);
    this.#used += length;
    if (frame.time < this.#latest) this.#inOrder = false;
    else if (frame.time > this.#latest) this.#latest = frame.time;
    this.#held.push({ ...frame, data: this.#piece, start, end: start + length });
    this.#octets += length;
    if (this.#held.length >= MOST_FRAMES || this.#octets >= MOST_OCTETS) this.#handOn(this.#held.length / 2);
  }

  end(): void {
    this.#handOn(this.#held.length);
  }

  /**
   * Hands on what need not wait for more: all of it if nothing came for a while, else what is older than the last by
   * more than queues are apart.
   */
  settle(quiet: boolean): void {
    if (quiet) {
      this.end();
      return;
    }
    const before = this.#latest - APART;
    const held = this.#inOrder ? this.#held : inOrderOfTime(this.#held);
    const first = held.findIndex(({ time }) => time > before);
    this.#handOn(first < 0 ? held.length : first);
  }

  #handOn(count: number): void {
    const held = this.#inOrder ? this.#held : inOrderOfTime(this.#held);
    const end = Math.ceil(count);
    for (let at = 0; at < end; at += 1) {
      const frame = held[at]!;
      if (frame.time < this.#handedOn) this.sorted = false;
      else if (frame.time > this.#handedOn) this.#handedOn = frame.time;
      this.#octets -= frame.end - frame.start;
      this.#take(frame);
    }
    this.#held = held.slice(end);
    this.#inOrder = true;
  }
}

/** A frame without a time stays behind the one before it. */
function inOrderOfTime(frames: readonly Frame[]): Frame[] {
  let last = Number.NEGATIVE_INFINITY;
  const keyed = frames.map((frame) => {
    if (!Number.isNaN(frame.time)) last = frame.time;
    return { frame, time: last };
  });
  return keyed.sort((one, other) => one.time - other.time).map(({ frame }) => frame);
}
