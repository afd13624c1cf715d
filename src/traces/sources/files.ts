/**
 * What reading asks of files: here of those of Node.js. A page puts another module in the place of this one
 * (`src/web/browser/instead/files.ts`).
 */
import { constants, openSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
import { InputError } from './input-error.ts';

/** Octets of a chunk. */
const CHUNK = 1024 * 1024;

/** How far reading is; `total` is absent where it is not known, as with standard input. */
export interface ReadProgress {
  readonly file: string;
  /** Octets, compressed if the file is. */
  readonly read: number;
  readonly total?: number;
}

/**
 * The octets of a file as they are stored.
 *
 * @returns chunks that are valid until the next is asked for
 * @throws InputError if it cannot be read
 */
export async function* storedChunksOf(
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

/**
 * The content of a file, or nothing if there is no such file.
 *
 * @throws InputError if it cannot be read
 */
export async function contentIfAny(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(path, error);
  }
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
