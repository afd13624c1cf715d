/** Sources of any format, read from files or standard input in bounded memory: events are told as they come. */
import { basename, dirname, join } from 'node:path';
import { copyOf } from '../common/octets.ts';
import { rightKeysMissing, WrongKeys, type WrongRow } from '../crypto/key-use.ts';
import { joinKeys, type Keys, NO_KEYS, readKeys } from '../crypto/keys.ts';
import type { MessageEvent, Unread } from '../events/event.ts';
import { CaptureReader } from './capture/capture.ts';
import { FramesOutOfOrder } from './capture/in-order.ts';
import { NO_PORTS, type Ports } from './capture/ports.ts';
import { chunksOf } from './chunks.ts';
import { contentIfAny, type ReadProgress } from './files.ts';
import { formatOf, LOOKED_AT, type TraceFormat } from './format.ts';
import { InputError } from './input-error.ts';
import { logFormat } from './logs/registry.ts';
import type { EventSink, SourceCounts, SourceReader } from './source.ts';
import { TsharkReader } from './tshark.ts';

export interface StreamOptions {
  /** Key files. Without any, those that lie beside a capture are taken. */
  readonly keys?: readonly string[];
  /** Without it, the content tells. */
  readonly format?: TraceFormat;
  /** Told after each chunk. */
  readonly onProgress?: (progress: ReadProgress) => void;
  /** Ends the reading; what was read until then is all there is, and that is told. */
  readonly signal?: AbortSignal;
  /** Waited for after each chunk: time to do something with its events. */
  readonly afterChunk?: () => Promise<void>;
  /** Ports besides the usual ones that carry IKE and ESP. */
  readonly ports?: Ports;
  /** False if frames are in the order of their times: then others are an error, and memory is not needed for them. */
  readonly sort?: boolean;
  /** Whether the source is followed as it grows: then keys that do not fit are missing, and no error. */
  readonly live?: boolean;
  /** IKE SAs whose keys are known to be wrong: they are read by their headers alone, and that is said. */
  readonly withoutKeys?: ReadonlyMap<string, WrongRow>;
}

/** What was read of a source, besides its events. */
export interface Streamed extends SourceCounts {
  /** As the user named it; `-` is standard input. */
  readonly file: string;
  readonly format: TraceFormat;
  /** What was given and is of no use, so that not all could be read. */
  readonly missing: readonly string[];
}

/** What a capture's keys are called if they are to be found without being asked for. */
const KEYS_BESIDE = ['keys.csv', 'esp_keys.csv'];

/**
 * Reads a source, and tells its events to `sink`.
 *
 * @param path of the file; `-` is standard input
 * @throws InputError if it cannot be read, is in no known format, or does not fit the keys
 * @throws FramesOutOfOrder if its frames are not to be sorted, and do not stand in the order of their times
 */
export const streamTrace = (path: string, sink: EventSink, options: StreamOptions = {}): Promise<Streamed> =>
  streamChain([path], sink, options);

/**
 * Reads sources that follow one another as one: the files of a ring buffer.
 *
 * @param paths in the order of their times; several only if all are captures
 * @throws InputError as `streamTrace`
 */
export async function streamChain(
  paths: readonly [string, ...string[]],
  sink: EventSink,
  options: StreamOptions = {},
): Promise<Streamed> {
  const { afterChunk, onProgress, signal, withoutKeys = new Map() } = options;
  const [first] = paths;
  const cut: Unread[] = [];
  let reader: Begun | undefined;
  let stopped: string | undefined;
  for (const path of paths) {
    if (reader !== undefined) reader.next(path);
    // What comes before the format is known: as much as is looked at, or the whole of a small file.
    let start = Buffer.alloc(0);
    for await (const chunk of chunksOf(path, onProgress, signal, (reason) =>
      cut.push({ file: path, reason }),
    )) {
      if (reader !== undefined) reader.push(chunk);
      else {
        start = Buffer.concat([start, chunk]);
        if (start.length >= LOOKED_AT) reader = await begin(path, start, sink, options);
      }
      await afterChunk?.();
    }
    if (reader === undefined && start.length === 0 && signal?.aborted === true) {
      throw new InputError({ file: path }, 'interrupted before anything of it was read');
    }
    reader ??= await begin(path, start, sink, options);
    if (signal?.aborted === true) {
      stopped = path;
      break;
    }
  }
  if (reader === undefined) throw new Error('no path');
  const ended = stopped === undefined ? reader.end() : interrupted(stopped, reader.end());
  // What a compressed file lacks is a hole, even if it is cut between two records.
  const counts = { ...ended, unread: [...ended.unread, ...cut] };
  const missing = rightKeysMissing(withoutKeys, 'of which the headers alone are judged');
  return {
    ...{ file: paths.length === 1 ? first : paths.join(', '), format: reader.format, ...counts },
    endsEarly: cut[0]?.reason ?? counts.endsEarly,
    missing,
    remarks: [...reader.remarks, ...counts.remarks],
  };
}

/** What was counted of a source whose reading was ended before it. */
const interrupted = (file: string, counts: SourceCounts): SourceCounts => {
  const reason = 'interrupted: what comes after this was not read';
  return { ...counts, unread: [...counts.unread, { file, reason }], endsEarly: reason };
};

/**
 * Reads a source; if its frames turn out not to stand in the order of their times, again, and sorts them; if the keys
 * of some of its IKE SAs are wrong, again without these keys.
 *
 * @param read reads it from the beginning with these options; false if it cannot do so again
 * @throws InputError as `streamTrace`; also for wrong keys, if there is no other IKE SA or nothing to read again
 */
export async function readAsNeeded<T, Options extends StreamOptions>(
  path: string,
  options: Options,
  read: (options: Options) => Promise<T>,
  mayReadAgain: () => boolean = () => true,
): Promise<T> {
  const isLive = path === '-';
  const first = isLive ? { ...options, sort: true } : options;
  try {
    return await read(first);
  } catch (error) {
    if (isLive || !mayReadAgain()) throw error;
    if (error instanceof FramesOutOfOrder && first.sort !== true) {
      return await readAsNeeded(path, { ...first, sort: true }, read, mayReadAgain);
    }
    if (!(error instanceof WrongKeys) || !error.hasOthers || first.withoutKeys !== undefined) throw error;
    return await readAsNeeded(path, { ...first, withoutKeys: error.wrong }, read, mayReadAgain);
  }
}

interface Begun extends Pick<SourceReader, 'push' | 'next' | 'end'> {
  readonly format: TraceFormat;
  readonly remarks: readonly string[];
}

async function begin(
  path: string,
  start: Uint8Array,
  sink: EventSink,
  options: StreamOptions,
): Promise<Begun> {
  const format = options.format ?? formatOf(path, start);
  const { reader, remarks } = await readerOf(format, path, sink, options);
  reader.push(copyOf(start));
  return {
    ...{ format, remarks },
    push: (chunk) => reader.push(chunk),
    next: (name) => {
      if (!(reader instanceof CaptureReader)) {
        throw new InputError(
          { file: name },
          'only captures follow one another',
          'Judge each file for itself: --each',
        );
      }
      reader.next(name);
    },
    end: () => reader.end(),
  };
}

/** The reader of a format. */
export async function readerOf(
  format: TraceFormat,
  path: string,
  sink: EventSink,
  {
    keys: files = [],
    withoutKeys: without = new Map(),
    sort = true,
    ports = NO_PORTS,
    live = false,
  }: StreamOptions,
): Promise<{ readonly reader: SourceReader; readonly remarks: readonly string[] }> {
  const keyChoice = { files, without };
  if (format === 'pcap') {
    const { keys, remarks } = await keysFor(path, keyChoice);
    const target = sink.shortCut === undefined ? {} : { target: sink.shortCut };
    const take = (event: MessageEvent, file: string): void => sink.take(event, file);
    return { reader: new CaptureReader(path, keys, take, { ...target, sort, ports, live }), remarks };
  }
  if (format === 'tshark-json' || format === 'tshark-ek') {
    const { keys, remarks } = await keysFor(path, keyChoice);
    const form = format === 'tshark-json' ? 'json' : 'ek';
    return { reader: new TsharkReader(path, form, keys, sink, { ports, live }), remarks };
  }
  const unused =
    keyChoice.files.length === 0
      ? []
      : [`${path} holds ${logFormat(format)?.title ?? 'events in JSON Lines'}: the keys are not used`];
  const log = logFormat(format);
  if (log !== undefined) {
    return { reader: new log.Reader(path, observerOf(path), sink), remarks: unused };
  }
  // Loaded only when needed: the schema takes longer to load than most captures take to read.
  const { EventLines } = await import('./jsonl.ts');
  const reader = new EventLines(path, sink);
  return { reader, remarks: unused };
}

/** Whose log a file is: its name without its ending. */
const observerOf = (path: string): string =>
  path === '-' ? 'member' : basename(path).replace(/\.[^.]*$/u, '') || 'member';

/** Every file that is read for these sources, if it is there: themselves, and keys named or beside them. */
export const inputsOf = (paths: readonly string[], keys: readonly string[]): readonly string[] =>
  [
    ...paths,
    ...keys,
    ...paths.flatMap((path) => KEYS_BESIDE.map((name) => join(dirname(path), name))),
  ].filter((path) => path !== '-');

/** Which keys are taken. */
interface KeyChoice {
  readonly files: readonly string[];
  /** IKE SAs whose keys are left out. */
  readonly without: ReadonlyMap<string, unknown>;
}

async function keysFor(
  path: string,
  { files, without }: KeyChoice,
): Promise<{ readonly keys: Keys; readonly remarks: readonly string[] }> {
  const { keys, remarks } = await keysNamed(path, files);
  const ike = new Map([...keys.ike].filter(([sa]) => !without.has(sa)));
  const unusable = (keys.unusable ?? []).filter(({ sa = '' }) => !without.has(sa));
  return { keys: { ...keys, ike, unusable }, remarks };
}

async function keysNamed(
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
