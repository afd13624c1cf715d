/** `ipsecha example --json`. */
import * as Schema from '@effect/schema/Schema';
import { oneOf } from './parts.ts';

const Counters = Schema.Struct({ sends: Schema.Number, expects: Schema.Number });
const BothEnds = Schema.Struct({ cluster: Counters, peer: Counters });

/** One for each example of a text. */
export const TextExampleResult = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  source: Schema.String,
  link: Schema.optionalKey(Schema.String),
  says: Schema.String,
  before: BothEnds,
  exchanges: Schema.Array(
    Schema.Struct({
      asks: oneOf(['cluster', 'peer']),
      request: Schema.Struct({ m1: Schema.Number, p1: Schema.Number }),
      response: Schema.Struct({ p2: Schema.Number, m2: Schema.Number }),
    }),
  ),
  after: BothEnds,
  readings: Schema.Array(
    Schema.Struct({
      settings: Schema.Record(Schema.String, Schema.String),
      outcome: oneOf(['as printed', 'forbidden', 'other numbers']),
      /** Of all but the first: the rule that forbids it, or that has other numbers, and why. */
      rule: Schema.optionalKey(Schema.String),
      because: Schema.optionalKey(Schema.String),
    }),
  ),
});
