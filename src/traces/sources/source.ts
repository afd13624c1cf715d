/** What the readers of all formats have in common. */
import type { CaptureCounts } from '../capture/capture.ts';
import type { ShortCutTarget } from '../esp/short-cut.ts';
import type { Event } from '../event.ts';

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

/** Reads a source that comes in chunks, and tells its events as they come. */
export interface SourceReader {
  /** @throws InputError if the source is not of this format */
  push(chunk: Uint8Array): void;
  /**
   * The source has ended.
   *
   * @throws InputError if nothing of it can be read
   */
  end(): SourceCounts;
}
