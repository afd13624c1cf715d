/** Unbounded proofs: obligations, decided by Z3. */
export { type Certificate, certificateOf, certificateText } from './certificate.ts';
export type {
  Assumption,
  Countermodel,
  CountermodelStep,
  Obligation,
  ObligationText,
  Part,
  ProofResult,
  Verdict,
} from './obligation.ts';
export { DEFAULT_SECONDS, type ProveOptions, prove } from './prove.ts';
export { renderProof } from './render.ts';
export { closeZ3 } from './z3.ts';
