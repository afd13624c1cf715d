/** `ipsecha rules | properties | scenarios | revisions --json`. */
import * as Schema from '@effect/schema/Schema';
import { Bounds, oneOf } from './parts.ts';

/** All that the catalogue has of a rule. */
export const RuleResult = Schema.Struct({
  id: Schema.String,
  part: oneOf(['ike', 'esp', 'counterSync', 'replaySync']),
  /** Whether there are revisions with this part that lack the rule. */
  optional: Schema.optionalKey(Schema.Boolean),
  /** Title of the slide, where the document is known from slides. */
  slide: Schema.optionalKey(Schema.String),
  level: oneOf(['MUST', 'SHOULD', 'RECOMMENDED', 'MAY', 'stated', 'open']),
  actor: Schema.String,
  confidence: oneOf(['A', 'B', 'C', 'D']),
  title: Schema.String,
  says: Schema.String,
  /** What was wrong under this id in version 0.1.0. */
  formerly: Schema.optionalKey(Schema.String),
  returns: oneOf(['number', 'truth', 'nonce', 'state', 'value']),
  seenBy: oneOf(['headers', 'contents', 'nobody']),
  leavesNoMark: Schema.optionalKey(Schema.Boolean),
  convictedBy: Schema.optionalKey(oneOf(['contradiction', 'complete observation', 'either'])),
  document: oneOf(['RFC6311', 'RFC7296', 'RFC4303', 'IPSECHA00', 'IPSECHA01']),
  section: Schema.String,
  link: Schema.NullOr(Schema.String),
  file: Schema.String,
  functionName: Schema.String,
  canBeLeftOut: Schema.Boolean,
});

export const PropertyResult = Schema.Struct({
  id: Schema.String,
  title: Schema.String,
  says: Schema.String,
  /** Ids of the rules that are there for it. */
  rules: Schema.Array(Schema.String),
});

export const ScenarioResult = Schema.Struct({
  name: Schema.String,
  title: Schema.String,
  about: Schema.String,
  /** All settings of each size. */
  sizes: Schema.Struct({ small: Bounds, medium: Bounds, large: Bounds }),
});

export const RevisionResult = Schema.Struct({
  name: Schema.String,
  title: Schema.String,
  source: Schema.String,
});
