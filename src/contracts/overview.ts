/** `ipsecha overview --json`: one result. */
import * as Schema from '@effect/schema/Schema';
import { CheckResult } from './check.ts';
import { oneOf } from './parts.ts';
import { ValidateResult } from './validate.ts';

export const OverviewResult = Schema.Struct({
  conclusions: Schema.Array(
    Schema.Struct({
      says: Schema.String,
      /** Ids of the findings that it stands on. */
      findings: Schema.Array(Schema.String),
    }),
  ),
  checks: Schema.Array(CheckResult),
  traces: Schema.Array(ValidateResult),
  /** Proofs over the derived relation: those that are short are made. */
  theorems: Schema.Array(
    Schema.Struct({
      property: Schema.String,
      verdict: oneOf(['proved', 'not proved', 'inconclusive', 'not made here']),
      assumes: Schema.Array(Schema.String),
      paths: Schema.Number,
      seconds: Schema.Number,
    }),
  ),
  /** What is not as expected. */
  surprises: Schema.Array(Schema.String),
  seconds: Schema.Number,
  interrupted: Schema.Boolean,
});
