/** Traces from files and standard input, whatever their format. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Capture, readCapture } from './capture/capture.ts';
import { looksLikeCapture } from './capture/frames.ts';
import { joinKeys, type Keys, NO_KEYS, readKeys } from './crypto/keys.ts';
import type { Event } from './event.ts';
import { InputError } from './input-error.ts';

/** How a file is written: a capture (pcap or pcapng), or events in JSON Lines. */
export type TraceFormat = 'pcap' | 'jsonl';

export const TRACE_FORMATS: readonly TraceFormat[] = ['pcap', 'jsonl'];

/** What was read of a trace. JSON Lines have no frames: the counts of frames are 0 for them. */
export interface Trace extends Omit<Capture, 'events'> {
  /** As the user named it; `-` is standard input. */
  readonly file: string;
  readonly format: TraceFormat;
  readonly events: readonly Event[];
}

export interface ReadOptions {
  /** Key files. Without any, those that lie beside a capture are taken. */
  readonly keys?: readonly string[];
  /** Without it, the content tells. */
  readonly format?: TraceFormat;
}

/** What a capture's keys are called if they are to be found without being asked for. */
const KEYS_BESIDE = ['keys.csv', 'esp_keys.csv'];

/**
 * Reads a trace.
 *
 * @param path of the file; `-` is standard input
 * @throws InputError if it cannot be read, is in no known format, or does not fit the keys
 */
export async function readTrace(path: string, { keys = [], format }: ReadOptions = {}): Promise<Trace> {
  const octets = await contentOf(path);
  return (format ?? formatOf(path, octets)) === 'pcap'
    ? capture(path, octets, keys)
    : jsonLines(path, octets, keys);
}

async function capture(path: string, octets: Uint8Array, keyFiles: readonly string[]): Promise<Trace> {
  const { keys, remarks } = await keysFor(path, keyFiles);
  const read = readCapture(path, octets, keys);
  return { file: path, format: 'pcap', ...read, remarks: [...remarks, ...read.remarks] };
}

async function jsonLines(path: string, octets: Uint8Array, keyFiles: readonly string[]): Promise<Trace> {
  // Loaded only when needed: the schema takes longer to load than most captures take to read.
  const { readEvents } = await import('./jsonl.ts');
  const events = readEvents(path, textOf(path, octets));
  const remarks = keyFiles.length === 0 ? [] : [`${path} holds events in JSON Lines: the keys are not used`];
  const counts = { frames: 0, keepalives: 0, other: 0, fragments: 0, endsEarly: null };
  return { file: path, format: 'jsonl', events, unread: [], ...counts, remarks };
}

async function keysFor(
  path: string,
  keyFiles: readonly string[],
): Promise<{ readonly keys: Keys; readonly remarks: readonly string[] }> {
  if (keyFiles.length > 0) return { keys: joinKeys(await Promise.all(keyFiles.map(keysIn))), remarks: [] };
  if (path === '-') return { keys: NO_KEYS, remarks: [] };
  const beside: string[] = [];
  const found: Keys[] = [];
  for (const name of KEYS_BESIDE) {
    const keyFile = join(dirname(path), name);
    const octets = await contentIfAny(keyFile);
    if (octets === undefined) continue;
    beside.push(keyFile);
    found.push(readKeys(keyFile, textOf(keyFile, octets)));
  }
  if (beside.length === 0) return { keys: NO_KEYS, remarks: [] };
  const names = beside.map((file) => basename(file)).join(' and ');
  return { keys: joinKeys(found), remarks: [`${path}: keys taken from ${names} beside it`] };
}

async function keysIn(file: string): Promise<Keys> {
  return readKeys(file, textOf(file, await contentOf(file)));
}

function formatOf(file: string, octets: Uint8Array): TraceFormat {
  if (looksLikeCapture(octets)) return 'pcap';
  if (octets.length === 0) throw new InputError({ file }, 'the file is empty', EXPECTED);
  if (octets[0] === 0x1f && octets[1] === 0x8b) {
    throw new InputError({ file }, 'the file is compressed', 'Uncompress it first: gunzip FILE.gz');
  }
  const start = Buffer.from(octets.subarray(0, 4096))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/u, '')
    .trimStart();
  if (start.startsWith('{')) return 'jsonl';
  const shown = JSON.stringify(Buffer.from(octets.subarray(0, 16)).toString('latin1'));
  throw new InputError({ file }, `neither a capture nor JSON Lines: it begins with ${shown}`, EXPECTED);
}

const EXPECTED = 'Expected a pcap capture, or JSON Lines whose lines are events ({"event":"seen",...}).';

function textOf(file: string, octets: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets);
  } catch {
    throw new InputError({ file }, 'not text in UTF-8', 'Save the file as UTF-8, or name the right file.');
  }
}

/** The content of a file, or nothing if there is no such file. */
async function contentIfAny(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
}

async function contentOf(path: string): Promise<Uint8Array> {
  try {
    return path === '-' ? await standardInput() : await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function standardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** An operating system's error code such as ENOENT, if the error has one. */
function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

const PROBLEMS: ReadonlyMap<string, readonly [problem: string, hint: string]> = new Map([
  ['ENOENT', ['there is no such file', 'Check the path; relative paths start at the current directory.']],
  ['ENOTDIR', ['there is no such file', 'A part of the path is not a directory.']],
  ['EISDIR', ['this is a directory', 'Name a file in it.']],
  ['EACCES', ['reading is not permitted', 'Check the permissions: ls -l FILE']],
  ['EPERM', ['reading is not permitted', 'Check the permissions: ls -l FILE']],
  ['ERR_FS_FILE_TOO_LARGE', ['the file is larger than 2 GiB', 'Split it: editcap -c 1000000 FILE part.pcap']],
]);

function unreadable(file: string, error: unknown): InputError {
  const code = codeOf(error) ?? '';
  const [problem, hint] = PROBLEMS.get(code) ?? [
    error instanceof Error ? error.message : String(error),
    undefined,
  ];
  return new InputError({ file }, problem, hint);
}
