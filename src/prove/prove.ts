/** Proves an obligation with Z3, and keeps account of it. */
import { createHash } from 'node:crypto';
import type { Obligation, Part, ProofResult } from './obligation.ts';
import type { Query, Solver } from './solver.ts';
import { openZ3 } from './z3.ts';

export interface ProveOptions {
  /** Time for the obligation, in seconds; what is not decided by then is `inconclusive`. Default: 30. */
  readonly seconds?: number;
  /** Abort to give up: the verdict is `inconclusive`. */
  readonly signal?: AbortSignal;
  /** Is shown each question (SMT-LIB 2, without `check-sat`), say to put it to another solver. */
  readonly onQuery?: (query: Query) => void;
}

export const DEFAULT_SECONDS = 30;

/**
 * Throws if Z3 cannot be loaded, and a RangeError if the time is not a number of seconds from 0. Call `closeZ3`
 * after the last proof: else the process does not end. A handler of Ctrl-C, if there is one, aborts `signal`.
 */
export async function prove(obligation: Obligation, options: ProveOptions = {}): Promise<ProofResult> {
  const { seconds: limit = DEFAULT_SECONDS } = options;
  if (!(limit >= 0)) throw new RangeError(`the time must be 0 seconds or more, not ${limit}`);
  const start = performance.now();
  const z3 = await openZ3();
  const deadline = performance.now() + limit * 1000;
  const parts: Part[] = [];
  const digest = createHash('sha256');
  const solver: Solver = {
    ask: async (query) => {
      options.onQuery?.(query);
      digest.update(query.text, 'utf8');
      const asked = performance.now();
      const answer = await z3.check(query.text, deadline - asked, options.signal);
      const seconds = secondsSince(asked);
      parts.push({ name: query.name, result: answer.result, wanted: query.wanted, seconds });
      return answer;
    },
  };
  const { prove: run, ...text } = obligation;
  const outcome = await run(solver);
  return {
    id: obligation.id,
    verdict: outcome.verdict,
    parts,
    ...(outcome.countermodel === undefined ? {} : { countermodel: outcome.countermodel }),
    solver: { name: 'Z3', version: z3.version },
    seconds: secondsSince(start),
    digest: digest.digest('hex'),
    obligation: text,
  };
}

/** Seconds, to the millisecond. */
const secondsSince = (start: number): number => Math.round(performance.now() - start) / 1000;
