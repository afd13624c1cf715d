/** `ipsecha ablate --json`. */
import * as Schema from '@effect/schema/Schema';
import { Bounds, Conclusion, Size } from './parts.ts';

export const AblateResult = Schema.Struct({
  revision: Schema.String,
  size: Size,
  baselines: Schema.Array(
    Schema.Struct({
      scenario: Schema.String,
      bounds: Bounds,
      holds: Schema.Array(Schema.String),
      violated: Schema.Array(Schema.String),
      inconclusive: Schema.Array(Schema.String),
      neverOccurred: Schema.Array(Schema.String),
      states: Schema.Number,
      seconds: Schema.Number,
    }),
  ),
  rules: Schema.Array(
    Schema.Struct({
      rule: Schema.String,
      title: Schema.String,
      cells: Schema.Array(
        Schema.Struct({
          scenario: Schema.String,
          breaks: Schema.Array(
            Schema.Struct({ property: Schema.String, depth: Schema.Number, because: Schema.String }),
          ),
          inconclusive: Schema.Array(Schema.String),
          complete: Schema.Boolean,
          states: Schema.Number,
          seconds: Schema.Number,
        }),
      ),
    }),
  ),
  breaksNothing: Schema.Array(Schema.String),
  verdict: Conclusion,
});
