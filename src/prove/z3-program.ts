/** Where Z3 is: the npm package `z3-solver`. What is installed of ipsecha has another module in the place of this one. */
import type { init as initType, killThreads as killType } from 'z3-solver';

export interface Z3Program {
  readonly init: typeof initType;
  readonly killThreads: typeof killType;
  /** What `init` is given: the WebAssembly, if it does not find that by itself. */
  readonly overrides: { readonly wasmBinary?: Uint8Array };
}

/** @throws Error if it is not there */
export async function z3Program(): Promise<Z3Program> {
  const { init, killThreads } = await import('z3-solver').catch((error: unknown) => {
    throw new Error('Z3 could not be loaded; is the npm package z3-solver installed?', { cause: error });
  });
  return { init, killThreads, overrides: {} };
}
