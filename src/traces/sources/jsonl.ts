/**
 * JSON Lines: one event a line, in our schema.
 *
 * The first line may be a header, which names the schema and its version; the last a trailer, which tells what of the
 * source of the events could not be read.
 */
import { takeEspLine } from '../esp/line-short-cut.ts';
import type { Event, Unread } from '../events/event.ts';
import { isEvent } from '../events/event-check.ts';
import { decodeEvent, jsonOf, SCHEMA_VERSION } from '../events/event-schema.ts';
import { isConcern, isFact, type SourceFact } from '../events/source-facts.ts';
import { UnreadList } from './capture/unread-list.ts';
import { InputError, type Place } from './input-error.ts';
import { keyTwice } from './json-keys.ts';
import { Lines } from './lines.ts';
import {
  type EventSink,
  type KnownSoFar,
  NO_FRAMES,
  type SourceCounts,
  type SourceReader,
} from './source.ts';

const SCHEMA_NAME = 'ipsecha-events';

/** Reads JSON Lines that come in chunks. A line that is no event is told as unread, and the rest is read. */
export class EventLines implements SourceReader {
  readonly #file: string;
  readonly #sink: EventSink;
  readonly #unread: UnreadList;
  readonly #lines: Lines;
  readonly #facts: SourceFact[] = [];
  #events = 0;
  /** The first line that is no event: told as an error if there is nothing else. */
  #problem: InputError | undefined;
  /** Whether a line with anything in it was seen. */
  #begun = false;

  constructor(file: string, sink: EventSink) {
    this.#file = file;
    this.#sink = sink;
    this.#unread = new UnreadList(file);
    this.#lines = new Lines({
      line: (text, number) => this.#line(text, number),
      unread: (number, reason) => this.#refuse(number, new InputError({ file, line: number }, reason)),
    });
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  get known(): KnownSoFar {
    return { unread: this.#unread.list(), facts: this.#facts };
  }

  /** Nothing is held back. */
  settle(): void {}

  next(): void {
    this.#lines.next();
    this.#begun = false;
  }

  /** @throws InputError if no line is an event, though there are some */
  end(stopped = false): SourceCounts {
    if (stopped) this.#lines.drop();
    this.#lines.end();
    if (this.#events === 0 && this.#problem !== undefined) throw this.#problem;
    return { ...NO_FRAMES, unread: this.#unread.list(), remarks: [], facts: this.#facts };
  }

  #line(text: string, number: number): void {
    const first = !this.#begun;
    if (text.length === 0 || text.trim() === '') return;
    this.#begun = true;
    const { shortCut } = this.#sink;
    if (shortCut !== undefined && takeEspLine(shortCut, text)) {
      this.#events += 1;
      return;
    }
    let event: Event | undefined;
    try {
      const value = parse(this.#file, number, text);
      if (isTrailer(value)) {
        for (const { at, reason, incomplete, concern, told } of value.unread) {
          this.#unread.add(at, reason, incomplete, concern, told);
        }
        for (const fact of value.facts ?? []) this.#facts.push({ ...fact, file: this.#file });
        this.#events += 1;
        return;
      }
      if (isEvent(value)) event = value;
      else if (first && isHeader(this.#file, number, value)) return;
      else event = eventOf(this.#file, number, value);
    } catch (error) {
      // A header of another schema, or of another version: nothing after it can be relied on.
      if (error instanceof WrongSchema) throw error;
      this.#refuse(number, asInputError(error, { file: this.#file, line: number }));
      return;
    }
    this.#events += 1;
    // It was made here, and nobody else has it yet.
    const own: { line?: number } = event;
    own.line = number;
    this.#sink.take(event);
  }

  #refuse(number: number, error: InputError): void {
    this.#begun = true;
    this.#problem ??= error;
    this.#unread.add(number, error.problem);
  }
}

/**
 * The events in the text of a file; blank lines are passed over.
 *
 * @throws InputError naming file and line of the first line that is no event
 */
export function readEvents(file: string, text: string): readonly Event[] {
  const events: Event[] = [];
  let first = true;
  for (const [index, line] of text
    .replace(/^\ufeff/u, '')
    .split(/\r?\n/u)
    .entries()) {
    if (line.trim() === '') continue;
    const value = parse(file, index + 1, line);
    if (isTrailer(value)) continue;
    if (!(first && isHeader(file, index + 1, value))) events.push(eventOf(file, index + 1, value));
    first = false;
  }
  return events;
}

/** The first line of a file. */
export const headerLine = (): string =>
  `${JSON.stringify({ schema: SCHEMA_NAME, version: SCHEMA_VERSION })}\n`;

/**
 * The last line of a file whose source had records that could not be read, or of which the reader knows more than its
 * events; nothing if neither is so. A verdict depends on them: what is not explained may be explained by one of them.
 */
export const trailerLine = (unread: readonly Unread[], facts: readonly SourceFact[] = []): string =>
  unread.length === 0 && facts.length === 0
    ? ''
    : `${JSON.stringify({
        ...{ schema: SCHEMA_NAME, version: SCHEMA_VERSION, unread },
        ...(facts.length > 0 && { facts }),
      })}\n`;

interface Trailer {
  readonly unread: readonly Unread[];
  readonly facts?: readonly SourceFact[];
}

function isTrailer(value: unknown): value is Trailer {
  if (typeof value !== 'object' || value === null) return false;
  if (!('schema' in value && 'version' in value && 'unread' in value)) return false;
  return (
    value.schema === SCHEMA_NAME &&
    value.version === SCHEMA_VERSION &&
    Array.isArray(value.unread) &&
    value.unread.every(isUnread) &&
    (!('facts' in value) || (Array.isArray(value.facts) && value.facts.every(isFact)))
  );
}

function isUnread(value: unknown): value is Unread {
  if (typeof value !== 'object' || value === null) return false;
  const place = 'at' in value ? value.at : undefined;
  return (
    'file' in value &&
    typeof value.file === 'string' &&
    'reason' in value &&
    typeof value.reason === 'string' &&
    (place === undefined || (typeof place === 'number' && Number.isInteger(place))) &&
    (!('incomplete' in value) || value.incomplete === true) &&
    (!('concern' in value) || isConcern(value.concern))
  );
}

/** The line of an event. Of where it was read, only its frame is kept. */
export const eventLine = ({ line: _, ...event }: Event): string => `${JSON.stringify(event)}\n`;

/** The text of a file with these events, header included. */
export function writeEvents(events: readonly Event[]): string {
  return headerLine() + events.map(eventLine).join('');
}

/** @throws the error itself, if it is not of what is read */
function asInputError(error: unknown, place: Place): InputError {
  if (error instanceof InputError) return error;
  // The stack is full: whatever looks at a value goes as deep as it is nested.
  if (error instanceof RangeError) return new InputError(place, 'JSON that is nested too deeply');
  throw error;
}

class WrongSchema extends InputError {}

function parse(file: string, line: number, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError({ file, line }, `not JSON: ${why}`, 'Expected one JSON object a line.');
  }
  const twice = keyTwice(text, value);
  if (twice === undefined) return value;
  throw new InputError(
    { file, line },
    `the field ${JSON.stringify(twice)} is there twice in one object`,
    'Which of them is meant cannot be told.',
  );
}

function isHeader(file: string, line: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('schema' in value)) return false;
  const version = 'version' in value ? value.version : undefined;
  if (value.schema === SCHEMA_NAME && version === SCHEMA_VERSION) return true;
  const problem =
    value.schema === SCHEMA_NAME
      ? `version ${version === undefined ? 'missing' : jsonOf(version)} of the schema, this program reads version ${SCHEMA_VERSION}`
      : `schema ${jsonOf(value.schema)}, expected "${SCHEMA_NAME}"`;
  const hint = `A header is {"schema":"${SCHEMA_NAME}","version":${SCHEMA_VERSION}}.`;
  throw new WrongSchema({ file, line }, problem, hint);
}

function eventOf(file: string, line: number, value: unknown): Event {
  const decoded = decodeEvent(value);
  if ('event' in decoded) return decoded.event;
  const { path, expected, found } = decoded.misfit;
  const what = path === '' ? 'the line' : path;
  const problem =
    expected === 'no such field' ? `${what}: no such field` : `${what}: expected ${expected}, found ${found}`;
  throw new InputError({ file, line }, problem, 'ipsecha schema events prints the JSON Schema of a line.');
}
