/** What `traces/sources/decoders.ts` is in Node.js, in a page: browsers have gzip, and no programs. */
import type * as node from '../../../traces/sources/decoders.ts';
import { InputError } from '../../../traces/sources/input-error.ts';

async function* decoderOf(...[path, codec, chunks]: Parameters<typeof node.decoderOf>) {
  if (codec.name !== 'gzip') {
    throw new InputError(
      { file: path },
      `the file is compressed (${codec.name}), which a browser cannot undo`,
      `Uncompress it first (${codec.program} -d), or judge it on the command line.`,
    );
  }
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  const written = (async () => {
    for await (const chunk of chunks) await writer.write(new Uint8Array(chunk));
    await writer.close();
  })().catch(() => undefined);
  const reader = stream.readable.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    yield value;
  }
  await written;
}

export { decoderOf };

({ decoderOf }) satisfies typeof node;
