/** `ipsecha rules --coverage --json`. */
import * as Schema from '@effect/schema/Schema';
import { oneOf } from './parts.ts';

/** One for each text that has clauses. */
export const CoverageResult = Schema.Struct({
  document: oneOf(['RFC6311', 'RFC7296', 'RFC4303']),
  counts: Schema.Struct({
    clauses: Schema.Number,
    withKeyword: Schema.Number,
    modelled: Schema.Number,
    notModelled: Schema.Number,
  }),
  clauses: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      section: Schema.String,
      bullet: Schema.optionalKey(Schema.Number),
      level: oneOf(['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT', 'RECOMMENDED', 'MAY', 'OPTIONAL', 'stated']),
      actor: Schema.String,
      says: Schema.String,
      link: Schema.String,
      rules: Schema.Array(Schema.String),
      notModelled: Schema.optionalKey(Schema.String),
    }),
  ),
});
