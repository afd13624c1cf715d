/**
 * The octets of a source that somebody still writes: a pipe as it gives them, a file as it grows, and the file that
 * takes its place when it is rotated.
 */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { chunksOf } from '../sources/chunks.ts';
import { codecOf } from '../sources/compression.ts';
import { codeOf, unreadable } from '../sources/files.ts';
import { InputError } from '../sources/input-error.ts';

/** What happened to the source. */
export type Grown =
  /** More octets, valid until the next is asked for. */
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  /** Nothing came for a while. */
  | { readonly kind: 'quiet' }
  /** Another file has taken the place of this one, which was read to its end. */
  | { readonly kind: 'replaced' }
  /** The file was emptied and is written anew; what was written since it was last read is lost. */
  | { readonly kind: 'emptied' }
  /** What a pipe gave was compressed, and ends early. */
  | { readonly kind: 'cut'; readonly why: string };

export interface GrowingOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Milliseconds: how often a file is looked at, and how long nothing comes before it is quiet. */
  readonly every?: number;
}

/** Milliseconds. */
const EVERY = 250;

const CHUNK = 1024 * 1024;

/** After a file was replaced, its writer may go on for so long, in milliseconds, if nothing is in the new one. */
const LINGER = 5000;

/**
 * The source from its beginning. A pipe ends when all who write to it have closed it; a file ends when `signal` says so.
 *
 * @param path `-` is standard input
 * @throws InputError if it cannot be read, or is a file that is compressed
 */
export async function* growing(path: string, options: GrowingOptions): AsyncGenerator<Grown> {
  try {
    const isFile = path !== '-' && (await stat(path)).isFile();
    yield* isFile ? growingFile(path, options) : givenByPipe(path, options);
  } catch (error) {
    if (options.signal.aborted && !(error instanceof InputError)) return;
    throw error instanceof InputError ? error : unreadable(path, error);
  }
}

async function* givenByPipe(path: string, { signal, every = EVERY }: GrowingOptions): AsyncGenerator<Grown> {
  let cut: string | undefined;
  const chunks = chunksOf(path, undefined, signal, (why) => {
    cut = why;
  });
  let next = chunks.next();
  for (;;) {
    const timer = new AbortController();
    const isQuiet = wait(every, 'quiet' as const, { signal: timer.signal }).catch(() => 'quiet' as const);
    const given = await Promise.race([next, isQuiet]);
    timer.abort();
    if (given === 'quiet') {
      yield { kind: 'quiet' };
      continue;
    }
    if (given.done === true) break;
    yield { kind: 'octets', octets: given.value };
    next = chunks.next();
  }
  if (cut !== undefined && !signal.aborted) yield { kind: 'cut', why: cut };
}

async function* growingFile(path: string, { signal, every = EVERY }: GrowingOptions): AsyncGenerator<Grown> {
  let file = await open(path);
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    let at = 0;
    /** Since when another file is in its place, in milliseconds. */
    let replacedAt: number | undefined;
    while (!signal.aborted) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, at);
      if (bytesRead > 0) {
        const octets = buffer.subarray(0, bytesRead);
        if (at === 0) refuseCompressed(path, octets);
        at += bytesRead;
        yield { kind: 'octets', octets };
        continue;
      }
      const { size } = await file.stat();
      if (size < at) {
        at = 0;
        yield { kind: 'emptied' };
        continue;
      }
      const other = await replacementOf(path, file);
      if (other === undefined) replacedAt = undefined;
      else {
        replacedAt ??= performance.now();
        // Whoever writes may not know yet that the file has another name.
        if (other.size > 0 || performance.now() - replacedAt > LINGER) {
          const old = file;
          file = await open(path);
          await old.close();
          at = 0;
          replacedAt = undefined;
          yield { kind: 'replaced' };
          continue;
        }
      }
      yield { kind: 'quiet' };
      await wait(every, undefined, { signal }).catch(() => {});
    }
  } finally {
    await file.close();
  }
}

/** The file that is in the place of one that is open, if it is another. */
async function replacementOf(path: string, file: FileHandle): Promise<{ readonly size: number } | undefined> {
  try {
    const [own, there] = [await file.stat(), await stat(path)];
    return own.ino === there.ino && own.dev === there.dev ? undefined : there;
  } catch (error) {
    // Taken away, and no other one is there yet.
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function refuseCompressed(path: string, start: Uint8Array): void {
  const codec = codecOf(start);
  if (codec === undefined) return;
  throw new InputError(
    { file: path },
    `it is compressed (${codec.name}), and such a file cannot be read while it is written`,
    `Judge it as it stands, without --follow; or: tail -c +1 -f ${path} | ${codec.program} -dc | ipsecha validate --follow -`,
  );
}
