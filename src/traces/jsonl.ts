/**
 * JSON Lines: one event a line, in our schema.
 *
 * The first line may be a header, which names the schema and its version.
 */
import type { Event } from './event.ts';
import { decodeEvent, SCHEMA_VERSION } from './event-schema.ts';
import { InputError } from './input-error.ts';

const SCHEMA_NAME = 'ipsecha-events';

/**
 * The events in the text of a file; blank lines are passed over.
 *
 * @throws InputError naming file and line
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
    if (!(first && isHeader(file, index + 1, value))) events.push(eventOf(file, index + 1, value));
    first = false;
  }
  return events;
}

/** The text of a file with these events, header included. */
export function writeEvents(events: readonly Event[]): string {
  const header = { schema: SCHEMA_NAME, version: SCHEMA_VERSION };
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function parse(file: string, line: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError({ file, line }, `not JSON: ${why}`, 'Expected one JSON object a line.');
  }
}

function isHeader(file: string, line: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('schema' in value)) return false;
  const version = 'version' in value ? value.version : undefined;
  if (value.schema === SCHEMA_NAME && version === SCHEMA_VERSION) return true;
  const problem =
    value.schema === SCHEMA_NAME
      ? `version ${JSON.stringify(version) ?? 'missing'} of the schema, this program reads version ${SCHEMA_VERSION}`
      : `schema ${JSON.stringify(value.schema)}, expected "${SCHEMA_NAME}"`;
  const hint = `A header is {"schema":"${SCHEMA_NAME}","version":${SCHEMA_VERSION}}.`;
  throw new InputError({ file, line }, problem, hint);
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
