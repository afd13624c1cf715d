/** `ipsecha generate --mutations --json`. */
import * as Schema from '@effect/schema/Schema';

export const GenerateResult = Schema.Struct({
  revision: Schema.String,
  seed: Schema.Number,
  walks: Schema.Number,
  steps: Schema.Number,
  mutations: Schema.Array(
    Schema.Struct({
      mutation: Schema.String,
      does: Schema.String,
      rules: Schema.Array(Schema.String),
      tried: Schema.Number,
      caught: Schema.Number,
      otherwise: Schema.Number,
      missed: Schema.Number,
      by: Schema.Record(Schema.String, Schema.Number),
      unseen: Schema.optionalKey(Schema.String),
      example: Schema.optionalKey(Schema.Struct({ scenario: Schema.String, trace: Schema.Number })),
    }),
  ),
});
