/**
 * Tests that go through very many cases. `npm test` takes a part of each; `npm run sweeps`, which `.ci/run` does as
 * well, takes all.
 */
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether all cases are to be gone through. */
    readonly sweeps: boolean;
  }
}

/** Whether all cases are gone through. */
export const isWhole: boolean = inject('sweeps');

/** How many of something are tried: `part` of them in `npm test`, `whole` in `npm run sweeps`. */
export const sweep = (part: number, whole: number): number => (isWhole ? whole : part);
