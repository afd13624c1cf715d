/** `ipsecha check --json`. */
import * as Schema from '@effect/schema/Schema';
import { CheckVerdict, Cycle, Own, oneOf, SettingValue, Step } from './parts.ts';

const checkFields = {
  revision: Schema.String,
  scenario: Schema.String,
  size: oneOf(['small', 'medium', 'large']),
  bounds: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Number])),
  covered: Schema.optionalKey(Schema.String),
  outside: Schema.optionalKey(Schema.String),
  verdict: CheckVerdict,
  properties: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      verdict: CheckVerdict,
      because: Schema.optionalKey(Schema.String),
      own: Own,
      depth: Schema.optionalKey(Schema.Number),
      counterexample: Schema.optionalKey(Schema.Array(Step)),
      cycle: Schema.optionalKey(Cycle),
    }),
  ),
  statistics: Schema.Struct({
    states: Schema.Number,
    transitions: Schema.Number,
    depth: Schema.Number,
    seconds: Schema.Number,
    verdictSeconds: Schema.Number,
    statesPerSecond: Schema.Number,
    bytesPerState: Schema.Number,
    workers: Schema.Number,
    complete: Schema.Boolean,
    omissionProbability: Schema.optionalKey(Schema.Number),
    steps: Schema.Record(Schema.String, Schema.Number),
    distinct: Schema.Record(Schema.String, Schema.Number),
    evaluations: Schema.Number,
    tableHits: Schema.Number,
    bounds: Schema.Array(Schema.String),
    dropped: Schema.Number,
    messageSets: Schema.Number,
    load: Schema.Number,
  }),
  neverOccurred: Schema.Array(Schema.String),
} as const;
export const CheckResult = Schema.Struct({
  ...checkFields,
  /** With --without: what breaks that holds with the rules, in one sentence. */
  conclusion: Schema.optionalKey(Schema.String),
  weakest: Schema.optionalKey(
    Schema.Array(
      Schema.Struct({
        property: Schema.String,
        settings: Schema.Array(
          Schema.Struct({
            setting: Schema.String,
            from: SettingValue,
            to: SettingValue,
            weaker: Schema.Array(
              Schema.Struct({
                value: SettingValue,
                verdict: oneOf(['holds', 'inconclusive']),
                because: Schema.optionalKey(Schema.String),
              }),
            ),
          }),
        ),
        changes: Schema.Array(Schema.String),
        explorations: Schema.Number,
        verdict: oneOf(['minimal', 'inconclusive']),
        check: Schema.Struct(checkFields),
      }),
    ),
  ),
});
