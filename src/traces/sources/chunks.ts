/**
 * The octets of a file or of standard input, in chunks: what is larger than memory can be read all the same. What is
 * compressed is uncompressed on the way.
 */
import { constants, openSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { codecOf, uncompressed } from './compression.ts';
import { InputError } from './input-error.ts';

/** Octets of a chunk. */
const CHUNK = 1024 * 1024;

/** Octets that tell whether a file is compressed. */
const MAGIC = 6;

/** How far reading is; `total` is absent where it is not known, as with standard input. */
export interface ReadProgress {
  readonly file: string;
  /** Octets, compressed if the file is. */
  readonly read: number;
  readonly total?: number;
}

/**
 * Reads a file from its beginning to its end.
 *
 * @param path `-` is standard input
 * @param signal ends it as if the file did
 * @param onCut is told why a compressed file ends before its end; what comes before was read
 * @returns chunks that are valid until the next is asked for
 * @throws InputError if it cannot be read, or is compressed in a way that cannot be undone here
 */
export async function* chunksOf(
  path: string,
  onProgress: (progress: ReadProgress) => void = () => {},
  signal?: AbortSignal,
  onCut: (why: string) => void = () => {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = storedChunksOf(path, onProgress, signal);
  try {
    yield* plainChunksOf(path, chunks, signal, onCut);
  } finally {
    // Whoever stops early leaves no file open.
    await chunks.return(undefined);
  }
}

async function* plainChunksOf(
  path: string,
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  signal: AbortSignal | undefined,
  onCut: (why: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  // As much as tells whether it is compressed: a pipe may give a single octet first.
  const start: Uint8Array[] = [];
  let length = 0;
  while (length < MAGIC) {
    const next = await chunks.next();
    if (next.done === true) break;
    start.push(new Uint8Array(next.value));
    length += next.value.length;
  }
  const codec = codecOf(Buffer.concat(start));
  const all = (async function* () {
    yield* start;
    yield* chunks;
  })();
  if (codec === undefined) {
    yield* all;
    return;
  }
  try {
    for await (const chunk of uncompressed(path, codec, all, (why) => isEnded(signal) || onCut(why))) {
      // A few octets may be many that were compressed.
      if (isEnded(signal)) return;
      yield chunk;
    }
  } catch (error) {
    if (!isEnded(signal)) throw error;
  }
}

const isEnded = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** The octets as they are stored. */
async function* storedChunksOf(
  path: string,
  onProgress: (progress: ReadProgress) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    let read = 0;
    const stream = await streamOf(path);
    if (stream !== undefined) {
      for await (const chunk of signal === undefined ? stream : addAbortSignal(signal, stream)) {
        const octets: Uint8Array = chunk;
        read += octets.length;
        yield octets;
        onProgress({ file: path, read });
      }
      return;
    }
    const file = await open(path);
    try {
      const stat = await file.stat();
      // Of a pipe or a device the size is not known.
      const total = stat.isFile() ? { total: stat.size } : {};
      const buffer = Buffer.allocUnsafe(CHUNK);
      while (signal?.aborted !== true) {
        const { bytesRead } = await file.read(buffer, 0, CHUNK);
        if (bytesRead === 0) return;
        read += bytesRead;
        yield buffer.subarray(0, bytesRead);
        onProgress({ file: path, read, ...total });
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (signal?.aborted === true && !(error instanceof InputError)) return;
    throw error instanceof InputError ? error : unreadable(path, error);
  }
}

/** What is to be waited for, and for how long nobody knows: standard input and pipes. */
async function streamOf(path: string): Promise<Readable | undefined> {
  if (path === '-') return process.stdin;
  if (!(await stat(path)).isFIFO()) return undefined;
  // Opened so that not even the end of the program has to wait for somebody who writes.
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
}

/** An operating system's error code such as ENOENT, if the error has one. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

const PROBLEMS: ReadonlyMap<string, readonly [problem: string, hint: string]> = new Map([
  ['ENOENT', ['there is no such file', 'Check the path; relative paths start at the current directory.']],
  ['ENOTDIR', ['there is no such file', 'A part of the path is not a directory.']],
  ['EISDIR', ['this is a directory', 'Name a file in it.']],
  ['EACCES', ['reading is not permitted', 'Check the permissions: ls -l FILE']],
  ['EPERM', ['reading is not permitted', 'Check the permissions: ls -l FILE']],
]);

/** What to say of an error that the operating system gave for a file. */
export function unreadable(file: string, error: unknown): InputError | Error {
  const code = codeOf(error);
  // Not the operating system's: a defect of ours is to be seen as one.
  if (code === undefined && error instanceof Error) return error;
  const [problem, hint] = PROBLEMS.get(code ?? '') ?? [
    error instanceof Error ? error.message : String(error),
    undefined,
  ];
  return new InputError({ file }, problem, hint);
}
