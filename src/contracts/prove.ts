/** `ipsecha prove --json`. */
import * as Schema from '@effect/schema/Schema';
import { oneOf } from './parts.ts';

const ProofVerdict = oneOf(['proved', 'refuted', 'inconclusive']);

const StatementRow = Schema.Struct({
  step: Schema.String,
  statement: Schema.String,
  cases: Schema.Number,
  result: oneOf(['holds', 'broken', 'unknown']),
});

const Saying = Schema.Struct({ id: Schema.String, says: Schema.String });

/** What derived paths came to when the model itself took them. */
const Validation = Schema.Struct({
  paths: Schema.Number,
  agreed: Schema.Number,
  empty: Schema.Number,
  unknown: Schema.Number,
  disagreement: Schema.optionalKey(Schema.String),
});

/** Of a proof over the derived relation. */
export const TheoremResult = Schema.Struct({
  revision: Schema.String,
  property: Schema.String,
  title: Schema.String,
  verdict: ProofVerdict,
  /** Whether the proof itself came out, whatever was found besides. */
  proof: oneOf(['proved', 'not proved', 'inconclusive']),
  because: Schema.optionalKey(Schema.String),
  without: Schema.Array(Schema.String),
  set: Schema.Array(Schema.String),
  assumptions: Schema.Array(Saying),
  scope: Schema.Array(Schema.String),
  clauses: Schema.Array(Saying),
  /** How the goal of a progress property is reached from any world; absent of a safety property. */
  schedule: Schema.optionalKey(
    Schema.Struct({
      /** In this order: the first that is due is taken. */
      steps: Schema.Array(Schema.Struct({ step: Schema.String, says: Schema.String })),
      /** How many steps it takes at most. */
      most: Schema.Number,
      validation: Validation,
    }),
  ),
  rows: Schema.Array(StatementRow),
  validation: Validation,
  /** The world and the step by which it fails; null if it does not. */
  broken: Schema.NullOr(Schema.Record(Schema.String, Schema.Unknown)),
  /** What became of the search for statements that the proof lacks, with --infer; absent if there was none. */
  inferred: Schema.optionalKey(
    Schema.Struct({
      candidates: Schema.Number,
      inWalks: Schema.Number,
      kept: Schema.Number,
      /** Those that make the proof; null if none were found. */
      found: Schema.NullOr(Schema.Array(Saying)),
      because: Schema.optionalKey(Schema.String),
    }),
  ),
  sources: Schema.Array(Schema.Struct({ file: Schema.String, sha256: Schema.String })),
  solver: Schema.String,
  /** Other solvers that are installed, with how many questions they answered alike. */
  others: Schema.Array(Schema.Struct({ name: Schema.String, alike: Schema.Number, unknown: Schema.Number })),
  questions: Schema.Number,
  digest: Schema.String,
  seconds: Schema.Number,
  refutation: Schema.optionalKey(
    Schema.Struct({
      command: Schema.String,
      run: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)),
    }),
  ),
});

/** A property that there is no proof of: what one lacks. */
export const OpenResult = Schema.Struct({
  revision: Schema.String,
  property: Schema.String,
  title: Schema.String,
  verdict: oneOf(['inconclusive']),
  open: Schema.String,
});

/** Of `ipsecha prove --check`. */
export const CheckedProof = Schema.Struct({
  revision: Schema.String,
  property: Schema.String,
  differences: Schema.Array(Schema.String),
});
