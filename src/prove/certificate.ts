/**
 * What is kept of a proof, so that anyone can do it again and compare: no times, no dates, nothing of the
 * machine.
 */
import type { RuleId } from '../../model/index.ts';
import type { ProofResult, Verdict } from './obligation.ts';
import type { Satisfiability } from './solver.ts';

export interface Certificate {
  readonly id: string;
  readonly statement: string;
  readonly assumptions: ProofResult['obligation']['assumptions'];
  readonly rules: readonly RuleId[];
  readonly method: string;
  readonly verdict: Verdict;
  readonly solver: { readonly name: string; readonly version: string };
  /** Every question with its answer, in order. */
  readonly parts: readonly { readonly name: string; readonly result: Satisfiability }[];
  /** A run that breaks the claim, step by step, if it is refuted. */
  readonly run?: readonly string[];
  /** SHA-256 of the SMT-LIB text of all questions. */
  readonly sha256: string;
}

export const certificateOf = (result: ProofResult): Certificate => ({
  id: result.id,
  statement: result.obligation.statement,
  assumptions: result.obligation.assumptions,
  rules: result.obligation.rules,
  method: result.obligation.method,
  verdict: result.verdict,
  solver: result.solver,
  parts: result.parts.map(({ name, result: answer }) => ({ name, result: answer })),
  ...(result.countermodel === undefined
    ? {}
    : { run: result.countermodel.steps.map(({ action }) => action) }),
  sha256: result.digest,
});

/** A certificate as it is kept in a file. */
export const certificateText = (certificate: Certificate): string =>
  `${JSON.stringify(certificate, null, 2)}\n`;
