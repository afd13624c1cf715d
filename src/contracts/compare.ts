/** `ipsecha compare --json`. */
import * as Schema from '@effect/schema/Schema';
import { Bounds, CheckVerdict, Cycle, oneOf, Size, Step } from './parts.ts';

const ComparedVerdict = Schema.Struct({
  verdict: CheckVerdict,
  because: Schema.optionalKey(Schema.String),
  depth: Schema.optionalKey(Schema.Number),
});

const Behaviour = oneOf(['differs', 'none', 'inconclusive']);

/** A side as it was asked for. */
const ComparedSide = Schema.Struct({
  revision: Schema.String,
  set: Schema.Array(Schema.String),
  without: Schema.Array(Schema.String),
});

export const CompareResult = Schema.Struct({
  /** What the two sides are called here: the revision, and what only that side has. */
  revisions: Schema.Tuple([Schema.String, Schema.String]),
  sides: Schema.Tuple([ComparedSide, ComparedSide]),
  size: Size,
  verdict: oneOf(['same', 'differs', 'inconclusive']),
  explorations: Schema.Array(
    Schema.Struct({
      revision: Schema.String,
      scenario: Schema.String,
      bounds: Bounds,
      states: Schema.Number,
      seconds: Schema.Number,
      complete: Schema.Boolean,
    }),
  ),
  properties: Schema.Array(
    Schema.Struct({
      scenario: Schema.String,
      property: Schema.String,
      difference: oneOf(['same', 'differs', 'unknown']),
      verdicts: Schema.Tuple([ComparedVerdict, ComparedVerdict]),
    }),
  ),
  examples: Schema.Array(
    Schema.Struct({
      revision: Schema.String,
      scenario: Schema.String,
      property: Schema.String,
      depth: Schema.Number,
      counterexample: Schema.Array(Step),
      cycle: Schema.optionalKey(Cycle),
    }),
  ),
  behaviours: Schema.Array(
    Schema.Struct({
      scenario: Schema.String,
      of: Schema.String,
      against: Schema.String,
      verdict: Behaviour,
      because: Schema.optionalKey(Schema.String),
      depth: Schema.optionalKey(Schema.Number),
      run: Schema.optionalKey(Schema.Array(Step)),
      instead: Schema.optionalKey(Schema.Array(Step)),
      pairs: Schema.Number,
      seconds: Schema.Number,
    }),
  ),
  behaviour: Behaviour,
  /** What it comes to, in one sentence. */
  conclusion: Schema.String,
});
