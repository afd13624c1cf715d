/**
 * The octets of a file or of standard input, in chunks: what is larger than memory can be read all the same. What is
 * compressed is uncompressed on the way.
 */
import { codecOf, uncompressed } from './compression.ts';
import { type ReadProgress, storedChunksOf } from './files.ts';

/** Octets that tell whether a file is compressed. */
const MAGIC = 6;

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
