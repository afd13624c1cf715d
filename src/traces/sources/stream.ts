/** Sources of any format, read from files or standard input in bounded memory: events are told as they come. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CaptureReader } from '../capture/capture.ts';
import { joinKeys, type Keys, NO_KEYS, readKeys } from '../crypto/keys.ts';
import { InputError } from '../input-error.ts';
import { copyOf } from '../octets.ts';
import { CharonReader } from './charon.ts';
import { chunksOf, codeOf, type ReadProgress, unreadable } from './chunks.ts';
import { formatOf, LOOKED_AT, type TraceFormat } from './format.ts';
import type { EventSink, SourceCounts, SourceReader } from './source.ts';
import { TsharkReader } from './tshark.ts';
import { XfrmReader } from './xfrm.ts';

export interface StreamOptions {
  /** Key files. Without any, those that lie beside a capture are taken. */
  readonly keys?: readonly string[];
  /** Without it, the content tells. */
  readonly format?: TraceFormat;
  /** Told after each chunk. */
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Waited for after each chunk: time to do something with its events. */
  readonly afterChunk?: () => Promise<void>;
}

/** What was read of a source, besides its events. */
export interface Streamed extends SourceCounts {
  /** As the user named it; `-` is standard input. */
  readonly file: string;
  readonly format: TraceFormat;
}

/** What a capture's keys are called if they are to be found without being asked for. */
const KEYS_BESIDE = ['keys.csv', 'esp_keys.csv'];

/**
 * Reads a source, and tells its events to `sink`.
 *
 * @param path of the file; `-` is standard input
 * @throws InputError if it cannot be read, is in no known format, or does not fit the keys
 */
export async function streamTrace(
  path: string,
  sink: EventSink,
  { keys = [], format, onProgress, afterChunk }: StreamOptions = {},
): Promise<Streamed> {
  let reader: Begun | undefined;
  // What comes before the format is known: as much as is looked at, or the whole of a small file.
  let start = Buffer.alloc(0);
  for await (const chunk of chunksOf(path, onProgress)) {
    if (reader !== undefined) reader.push(chunk);
    else {
      start = Buffer.concat([start, chunk]);
      if (start.length >= LOOKED_AT) reader = await begin(path, start, sink, keys, format);
    }
    await afterChunk?.();
  }
  reader ??= await begin(path, start, sink, keys, format);
  const counts = reader.end();
  return { file: path, format: reader.format, ...counts, remarks: [...reader.remarks, ...counts.remarks] };
}

interface Begun extends SourceReader {
  readonly format: TraceFormat;
  readonly remarks: readonly string[];
}

async function begin(
  path: string,
  start: Uint8Array,
  sink: EventSink,
  keyFiles: readonly string[],
  told: TraceFormat | undefined,
): Promise<Begun> {
  const format = told ?? formatOf(path, start);
  const { reader, remarks } = await readerOf(format, path, sink, keyFiles);
  reader.push(copyOf(start));
  return { format, remarks, push: (chunk) => reader.push(chunk), end: () => reader.end() };
}

async function readerOf(
  format: TraceFormat,
  path: string,
  sink: EventSink,
  keyFiles: readonly string[],
): Promise<{ readonly reader: SourceReader; readonly remarks: readonly string[] }> {
  if (format === 'pcap') {
    const { keys, remarks } = await keysFor(path, keyFiles);
    const reader = new CaptureReader(path, keys, (event) => sink.take(event), sink.shortCut);
    return { reader, remarks };
  }
  if (format === 'tshark-json' || format === 'tshark-ek') {
    const { keys, remarks } = await keysFor(path, keyFiles);
    const form = format === 'tshark-json' ? 'json' : 'ek';
    return { reader: new TsharkReader(path, form, keys, sink), remarks };
  }
  const unused = keyFiles.length === 0 ? [] : [`${path} holds ${WORDS[format]}: the keys are not used`];
  if (format !== 'jsonl') {
    const Reader = format === 'charon' ? CharonReader : XfrmReader;
    return { reader: new Reader(path, observerOf(path), sink), remarks: unused };
  }
  // Loaded only when needed: the schema takes longer to load than most captures take to read.
  const { EventLines } = await import('../jsonl.ts');
  const reader = new EventLines(path, sink);
  return { reader, remarks: unused };
}

const WORDS = {
  jsonl: 'events in JSON Lines',
  charon: 'a log of charon',
  xfrm: 'output of ip xfrm',
} as const;

/** Whose log a file is: its name without its ending. */
const observerOf = (path: string): string =>
  path === '-' ? 'member' : basename(path).replace(/\.[^.]*$/u, '') || 'member';

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
  const parts: Uint8Array[] = [];
  for await (const chunk of chunksOf(file)) parts.push(copyOf(chunk));
  return readKeys(file, textOf(file, Buffer.concat(parts)));
}

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
