/** What is to be proved, and what came of it. */
import type { RuleId } from '../../model/index.ts';
import type { Satisfiability, Solver } from './solver.ts';

/** Something that the proof takes for granted. */
export interface Assumption {
  /** Never changes once published. */
  readonly name: string;
  readonly says: string;
}

/** What an obligation says of itself. */
export interface ObligationText {
  /** Never changes once published. */
  readonly id: string;
  readonly title: string;
  /** What is claimed, in plain words. */
  readonly statement: string;
  readonly assumptions: readonly Assumption[];
  /** How it is decided, in plain words. */
  readonly method: string;
  readonly expected: 'proved' | 'refuted';
  /** Ids of the rules that it rests on. */
  readonly rules: readonly RuleId[];
}

export interface Obligation extends ObligationText {
  readonly prove: (solver: Solver) => Promise<Outcome>;
}

export type Verdict = 'proved' | 'refuted' | 'inconclusive';

export interface Outcome {
  readonly verdict: Verdict;
  /** A run in which the claim is false. */
  readonly countermodel?: Countermodel;
}

/** A run from an initial state, with all values. */
export interface Countermodel {
  /** The first is not a step but the initial state. */
  readonly steps: readonly CountermodelStep[];
}

export interface CountermodelStep {
  /** What happens, in words. */
  readonly action: string;
  /** The state after it, by variable in words. */
  readonly state: Readonly<Record<string, string | number | boolean>>;
  /** Which of them the step changed. */
  readonly changed: readonly string[];
}

/** One question that was put to the solver. */
export interface Part {
  readonly name: string;
  readonly result: Satisfiability;
  /** The answer that the argument needs; `either` in a search. */
  readonly wanted: 'unsat' | 'sat' | 'either';
  readonly seconds: number;
}

export interface ProofResult {
  readonly id: string;
  readonly verdict: Verdict;
  readonly parts: readonly Part[];
  readonly countermodel?: Countermodel;
  readonly solver: { readonly name: string; readonly version: string };
  /** Of the whole, loading the solver included. */
  readonly seconds: number;
  /** SHA-256 of all questions (SMT-LIB, in order, UTF-8), in hexadecimal. */
  readonly digest: string;
  readonly obligation: ObligationText;
}
