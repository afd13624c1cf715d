/** Traces as a whole, in memory. Files of any size are read by `stream.ts`. */
import type { Event } from '../events/event.ts';
import { readAsNeeded, type Streamed, type StreamOptions, streamTrace } from './stream.ts';

export { TRACE_FORMATS, type TraceFormat } from './format.ts';

/** What was read of a trace. JSON Lines have no frames: the counts of frames are 0 for them. */
export interface Trace extends Streamed {
  readonly events: readonly Event[];
}

export type ReadOptions = StreamOptions;

/**
 * Reads a trace.
 *
 * @param path of the file; `-` is standard input
 * @throws InputError if it cannot be read, is in no known format, or does not fit the keys
 */
export async function readTrace(path: string, options: ReadOptions = {}): Promise<Trace> {
  return await readAsNeeded(path, options, async (chosen) => {
    const events: Event[] = [];
    const read = await streamTrace(path, { take: (event) => events.push(event) }, chosen);
    return { events, ...read };
  });
}
