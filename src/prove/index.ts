/** Proofs for all numbers, asked of Z3. */
import { type DerivedResult, proveDerived, type TheoremQuestion } from './derived.ts';
import { openZ3 } from './z3.ts';

export type { DerivedResult, ScheduleFound, TheoremQuestion, Validation } from './derived.ts';
export type { Inferred } from './infer.ts';
export type { BrokenStep, Row } from './theorem-proof.ts';
export { closeZ3 } from './z3.ts';

export interface ProveOptions {
  /** Time for each question, in seconds; what is not decided by then is `inconclusive`. Default: 120. */
  readonly seconds?: number;
  /** Abort to give up: then `Interrupted` is thrown. */
  readonly signal?: AbortSignal;
  /** Is told what is being asked, in words. */
  readonly onProgress?: (what: string) => void;
}

export const DEFAULT_SECONDS = 120;

/**
 * Proves a property of a revision for all numbers, over the relation that is derived from its own functions; or says which
 * clause stands in the way. Call `closeZ3` after the last proof: else the process does not end.
 *
 * @throws UsageError where something is asked that no proof is about, or a function cannot be followed
 * @throws RangeError if the time is not a number of seconds from 0
 */
export async function prove(question: TheoremQuestion, options: ProveOptions = {}): Promise<DerivedResult> {
  const { seconds = DEFAULT_SECONDS, signal, onProgress } = options;
  if (!(seconds >= 0)) throw new RangeError(`the time must be 0 seconds or more, not ${seconds}`);
  const z3 = await openZ3();
  return proveDerived(question, {
    solver: `Z3 ${z3.version}`,
    ask: ({ text }) => z3.check(text, seconds * 1000, signal),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}
