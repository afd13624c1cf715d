/** Turns sources of any format into JSON Lines of our schema. */
import type { Event } from './events/event.ts';
import { eventLine, headerLine, trailerLine } from './sources/jsonl.ts';
import { readAsNeeded, type Streamed, type StreamOptions, streamTrace } from './sources/stream.ts';
import { readTogether } from './validate-together.ts';

/** How much text is written at once, in characters. */
const PIECE = 256 * 1024;
/** And how many lines of events that are in memory. */
const LINES = 500;

/**
 * Writes the events of a source as they are read, and last, what could not be read: a verdict depends on that too.
 *
 * @param path of the source; `-` is standard input
 * @param write is given pieces of text, each when the one before is written
 * @returns what was read, and how many events there are
 * @throws InputError if the source cannot be read
 */
export function importFile(
  path: string,
  write: (text: string) => Promise<void> | void,
  options: StreamOptions = {},
): Promise<Streamed & { readonly events: number }> {
  // What was written stays written: then wrong keys of one SA are an error as well.
  let written = false;
  const writing = (text: string): Promise<void> | void => {
    written = true;
    return write(text);
  };
  return readAsNeeded(
    path,
    options,
    (chosen) => importOnce(path, writing, chosen),
    () => !written,
  );
}

async function importOnce(
  path: string,
  write: (text: string) => Promise<void> | void,
  options: StreamOptions,
): Promise<Streamed & { readonly events: number }> {
  let text = headerLine();
  let events = 0;
  const pieces: string[] = [];
  const take = (event: Event): void => {
    events += 1;
    text += eventLine(event);
    if (text.length < PIECE) return;
    pieces.push(text);
    text = '';
  };
  // Written between the chunks of the source, so that memory stays bounded whatever the reader on the other side does.
  const flush = async (): Promise<void> => {
    for (const piece of pieces.splice(0)) await write(piece);
  };
  const streamed = await streamTrace(path, { take }, { ...options, afterChunk: flush });
  text += trailerLine(streamed.unread, streamed.facts);
  pieces.push(text);
  await flush();
  return { ...streamed, events };
}

/**
 * Writes the events of several files of one run as one trace, each with its frame as in the file that has it first.
 *
 * @throws InputError if a source cannot be read, if they are of several runs, or too large to be taken together
 */
export async function importTogether(
  paths: readonly string[],
  write: (text: string) => Promise<void> | void,
  options: StreamOptions = {},
): Promise<Streamed & { readonly events: number }> {
  const { events, ...streamed } = await readTogether(paths, options);
  await write(headerLine());
  for (let at = 0; at < events.length; at += LINES) {
    await write(
      events
        .slice(at, at + LINES)
        .map(eventLine)
        .join(''),
    );
  }
  await write(trailerLine(streamed.unread, streamed.facts));
  return { ...streamed, events: events.length };
}
