/**
 * What uncompresses: gzip, and Zstandard where Node has it, by node:zlib; xz, lz4, bzip2 (and Zstandard elsewhere) by the
 * programs of these names, which come with every system. A page has another module in the place of this one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import type { Codec } from './compression.ts';
import { InputError } from './input-error.ts';

type Chunks = AsyncIterable<Uint8Array>;

/**
 * The octets that were compressed.
 *
 * @throws InputError if there is nothing here that can uncompress them
 */
export function decoderOf(path: string, codec: Codec, chunks: Chunks): Chunks {
  if (codec.name === 'gzip') return through(zlib.createGunzip(), chunks);
  // In Node from 22.15 and 23.8 on.
  const zstd: unknown = Reflect.get(zlib, 'createZstdDecompress');
  if (codec.name === 'Zstandard' && typeof zstd === 'function') {
    return through(Reflect.apply(zstd, zlib, []), chunks);
  }
  return byProgram(path, codec, chunks);
}

/** Copies, since a stream may hold what it is given for longer than until the next chunk is read. */
const copies = (chunks: Chunks): Readable =>
  Readable.from(
    (async function* () {
      for await (const chunk of chunks) yield Buffer.from(chunk);
    })(),
    { objectMode: false },
  );

function through(decoder: NodeJS.ReadWriteStream, chunks: Chunks): Chunks {
  const source = copies(chunks);
  source.on('error', (error) => decoder.emit('error', error));
  return asOctets(source.pipe(decoder));
}

async function* asOctets(
  stream: AsyncIterable<string | Buffer>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** Runs the program; it ends when nobody reads any more. */
async function* byProgram(
  path: string,
  { name, program }: Codec,
  chunks: Chunks,
): AsyncGenerator<Uint8Array, void, undefined> {
  const child = spawn(program, ['-dc'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const closed = once(child, 'close').then(
    () => undefined,
    (error: unknown) => error,
  );
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => {
    // Advice may follow; what is wrong comes first.
    complaint = `${complaint}${text.toString()}`.slice(0, 400);
  });
  // Who does not read on to the end closes the pipe.
  child.stdin.on('error', () => {});
  const source = copies(chunks);
  let failure: unknown;
  source.on('error', (error) => {
    failure = error;
    child.kill();
  });
  source.pipe(child.stdin);
  try {
    yield* asOctets(child.stdout);
    const error = await closed;
    if (failure !== undefined) throw failure;
    if (error !== undefined) {
      throw new InputError(
        { file: path },
        `the file is compressed (${name}), and there is no program ${program} to uncompress it`,
        `Install ${program}, or uncompress the file first and name that.`,
      );
    }
    const [wrong = `${program} ended in ${child.exitCode}`] = complaint.trim().split('\n').filter(Boolean);
    if (child.exitCode !== 0) throw new Error(wrong);
  } finally {
    source.destroy();
    child.kill();
  }
}
