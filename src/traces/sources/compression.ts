/** Compressed sources: how they are told, and what becomes of those that are damaged. */
import { decoderOf } from './decoders.ts';
import { InputError } from './input-error.ts';

/** A way to compress, told by the first octets. */
export interface Codec {
  readonly name: string;
  readonly magic: readonly number[];
  /** The program that uncompresses from standard input to standard output with `-dc`. */
  readonly program: string;
}

const CODECS: readonly Codec[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], program: 'gzip' },
  { name: 'Zstandard', magic: [0x28, 0xb5, 0x2f, 0xfd], program: 'zstd' },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], program: 'xz' },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18], program: 'lz4' },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68], program: 'bzip2' },
];

/** How a file with this beginning is compressed; nothing if it is not. */
export const codecOf = (start: Uint8Array): Codec | undefined =>
  CODECS.find(({ magic }) => magic.every((octet, at) => start[at] === octet));

/**
 * The octets that were compressed.
 *
 * @param onCut is told why they end too early
 * @throws InputError if nothing can be uncompressed
 */
export async function* uncompressed(
  path: string,
  codec: Codec,
  chunks: AsyncIterable<Uint8Array>,
  onCut: (why: string) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let any = false;
  try {
    for await (const chunk of decoderOf(path, codec, chunks)) {
      any = true;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    const problem = `its ${codec.name} compression ends early or is damaged (${why})`;
    if (!any) throw new InputError({ file: path }, problem, 'Copy the file again.');
    onCut(problem);
  }
}
