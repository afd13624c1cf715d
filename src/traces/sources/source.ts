/** What the readers of all formats have in common. */
import type { ShortCutTarget } from '../esp/short-cut.ts';
import type { Event } from '../events/event.ts';
import type { CaptureCounts } from './capture/capture.ts';

/** Who is told the events of a source, one after the other. */
export interface EventSink {
  /** @param file the one of several that it is from */
  take(event: Event, file?: string): void;
  /** If there is one, ESP packets of captures that need no event take the short cut to it. */
  readonly shortCut?: ShortCutTarget;
}

/** What was read, besides the events. Only captures have frames: for others their counts are 0. */
export type SourceCounts = CaptureCounts;

export const NO_FRAMES = {
  ...{ frames: 0, keepalives: 0, other: 0, fragments: 0, endsEarly: null },
  facts: [],
} as const;

/** What is known of a source that has not ended. */
export interface KnownSoFar extends Pick<SourceCounts, 'unread' | 'facts'> {
  /** What was given and is of no use, so that not all can be read. */
  readonly missing?: readonly string[];
  /** The latest time, in seconds, if the source has any besides those of its events. */
  readonly latest?: number | undefined;
}

/** Reads a source that comes in chunks, and tells its events as they come. */
export interface SourceReader {
  /** @throws InputError if the source is not of this format */
  push(chunk: Uint8Array): void;
  /**
   * The source has ended.
   *
   * @param stopped whether only the reading has: then a last record that is not whole may still be written, and is left
   *   out
   * @throws InputError if nothing of it can be read
   */
  end(stopped?: boolean): SourceCounts;
  /** What is known so far. */
  readonly known: KnownSoFar;
  /**
   * Tells what is held back in case that something earlier follows.
   *
   * @param quiet whether nothing more came for a while; else what came last is still held back
   * @throws InputError if the source cannot be followed, since its newest record is first
   */
  settle(quiet: boolean): void;
  /** Another file follows, which goes on where this one ends: after a rotation. */
  next(file: string): void;
}
