/** Interruptions at a known moment, for tests. */
import type { Options } from '../options.ts';

/** Says `aborted` when it is looked at for the n-th time, and from then on. */
export const abortingAtLook = (n: number): NonNullable<Options['signal']> => {
  let looks = 0;
  return {
    get aborted() {
      looks++;
      return looks >= n;
    },
  };
};
