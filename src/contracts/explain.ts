/** `ipsecha explain --json`. */
import * as Schema from '@effect/schema/Schema';
import { oneOf, Step } from './parts.ts';

export const ExplainResult = Schema.Struct({
  kind: oneOf(['rule', 'property', 'setting', 'scenario', 'revision']),
  id: Schema.String,
  title: Schema.String,
  says: Schema.String,
  /** Of a rule: all that the catalogue has of it. */
  rule: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.NullOr(Schema.Union([Schema.String, Schema.Boolean]))),
  ),
  /** Of a property: the rules that are there for it. */
  rules: Schema.optionalKey(Schema.Array(Schema.String)),
  facts: Schema.Array(Schema.Struct({ about: Schema.String, says: Schema.String })),
  commands: Schema.Array(Schema.String),
  examples: Schema.Array(
    Schema.Struct({
      kind: oneOf(['counterexample', 'step']),
      revision: Schema.String,
      without: Schema.optionalKey(Schema.Array(Schema.String)),
      scenario: Schema.String,
      property: Schema.optionalKey(Schema.String),
      depth: Schema.Number,
      because: Schema.optionalKey(Schema.String),
      command: Schema.optionalKey(Schema.String),
      steps: Schema.Array(Step),
    }),
  ),
  remarks: Schema.Array(Schema.String),
});

/** One for each thing that speaks of the words, the best first. */
export const ExplainMatch = Schema.Struct({
  found: oneOf([
    'rule',
    'property',
    'setting',
    'value',
    'scenario',
    'revision',
    'finding',
    'question',
    'clause',
    'example',
  ]),
  id: Schema.String,
  title: Schema.String,
  says: Schema.String,
  /** A command or a place that tells more. */
  see: Schema.String,
});
