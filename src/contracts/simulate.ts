/** `ipsecha simulate --json`. */
import * as Schema from '@effect/schema/Schema';
import { Bounds, Own, oneOf, Size, Step } from './parts.ts';

const Times = Schema.Struct({ steps: Schema.Number, walks: Schema.Number });

const SimulateVerdict = oneOf(['violated', 'inconclusive']);

export const SimulateResult = Schema.Struct({
  revision: Schema.String,
  scenario: Schema.String,
  size: Size,
  bounds: Bounds,
  covered: Schema.optionalKey(Schema.String),
  outside: Schema.optionalKey(Schema.String),
  seed: Schema.Number,
  depth: Schema.Number,
  verdict: SimulateVerdict,
  properties: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      verdict: SimulateVerdict,
      because: Schema.String,
      own: Own,
      walk: Schema.optionalKey(Schema.Number),
      foundAfter: Schema.optionalKey(Schema.Number),
      path: Schema.optionalKey(Schema.String),
      depth: Schema.optionalKey(Schema.Number),
      counterexample: Schema.optionalKey(Schema.Array(Step)),
    }),
  ),
  statistics: Schema.Struct({
    walks: Schema.Number,
    steps: Schema.Number,
    longest: Schema.Number,
    endedEarly: Schema.Number,
    seconds: Schema.Number,
    stepsPerSecond: Schema.Number,
    stopped: oneOf(['walks', 'time', 'interrupted', 'all-violated', 'unanswered']),
    unanswered: Schema.optionalKey(Schema.String),
    interesting: Schema.Struct({
      failover: Schema.Number,
      sync: Schema.Number,
      violation: Schema.Number,
    }),
    kinds: Schema.Record(Schema.String, Times),
    rules: Schema.Record(Schema.String, Times),
    evaluations: Schema.Number,
    restarts: Schema.Number,
  }),
  neverOccurred: Schema.Array(Schema.String),
  notJudged: Schema.Array(Schema.String),
});
