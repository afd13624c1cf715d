/** What `prove/z3-program.ts` is in a checkout, in the package: Z3 lies in it, compressed, for it has 35 MB. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type * as checkout from '../../prove/z3-program.ts';

async function z3Program(): Promise<checkout.Z3Program> {
  const { init, killThreads } = createRequire(import.meta.url)('./z3/solver.cjs') as Omit<
    checkout.Z3Program,
    'overrides'
  >;
  const compressed = await readFile(new URL('z3/z3-built.wasm.br', import.meta.url));
  return { init, killThreads, overrides: { wasmBinary: await promisify(brotliDecompress)(compressed) } };
}

export { z3Program };

({ z3Program }) satisfies typeof checkout;
