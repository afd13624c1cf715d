/** `ipsecha synthesise --json`. */
import * as Schema from '@effect/schema/Schema';
import { Bounds, CheckVerdict, Conclusion, Size } from './parts.ts';

/** One for each property; of several, one more for all of them together, which is the last. */
export const SynthesiseResult = Schema.Struct({
  revision: Schema.String,
  property: Schema.String,
  all: Schema.optionalKey(Schema.Array(Schema.String)),
  size: Size,
  sweeps: Schema.Array(
    Schema.Struct({
      setting: Schema.String,
      values: Schema.Array(Schema.Union([Schema.String, Schema.Number])),
    }),
  ),
  tables: Schema.Array(
    Schema.Struct({
      scenario: Schema.String,
      cells: Schema.Array(
        Schema.Struct({
          settings: Bounds,
          verdict: CheckVerdict,
          because: Schema.optionalKey(Schema.String),
          depth: Schema.optionalKey(Schema.Number),
          states: Schema.Number,
          seconds: Schema.Number,
        }),
      ),
      summary: Schema.String,
    }),
  ),
  verdict: Conclusion,
});
