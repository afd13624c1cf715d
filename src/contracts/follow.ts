/** `ipsecha validate --follow --json`. */
import * as Schema from '@effect/schema/Schema';
import { oneOf } from './parts.ts';
import { TraceVerdict, ValidateResult } from './validate.ts';

const FollowedAt = { at: Schema.String } as const;

/** A line of `validate --follow --json`. `at` is when it was told. */
export const FollowLine = Schema.Union([
  Schema.Struct({
    event: Schema.Literal('begin'),
    ...FollowedAt,
    tool: Schema.Literal('ipsecha'),
    version: Schema.String,
    file: Schema.String,
    revision: Schema.String,
    format: Schema.String,
  }),
  Schema.Struct({
    event: Schema.Literal('finding'),
    ...FollowedAt,
    finding: ValidateResult.fields.findings.value,
  }),
  /** A finding that was told as certain, and is not any more: it has a condition now. */
  Schema.Struct({
    event: Schema.Literal('weakened'),
    ...FollowedAt,
    finding: ValidateResult.fields.findings.value,
  }),
  Schema.Struct({
    event: Schema.Literal('note'),
    ...FollowedAt,
    ...ValidateResult.fields.remarks.value.fields,
  }),
  Schema.Struct({ event: Schema.Literal('waiting'), ...FollowedAt, octets: Schema.Number }),
  Schema.Struct({ event: Schema.Literal('missing'), ...FollowedAt, what: Schema.String }),
  Schema.Struct({
    event: Schema.Literal('unread'),
    ...FollowedAt,
    unread: ValidateResult.fields.unread.value,
  }),
  Schema.Struct({ event: Schema.Literal('rotated'), ...FollowedAt, how: oneOf(['replaced', 'emptied']) }),
  /** The last line: the verdict on all that was seen. */
  Schema.Struct({
    event: Schema.Literal('end'),
    ...FollowedAt,
    file: Schema.String,
    revision: Schema.String,
    verdict: TraceVerdict,
    missing: ValidateResult.fields.missing,
    readings: ValidateResult.fields.readings,
    statistics: ValidateResult.fields.statistics,
    frames: ValidateResult.fields.frames,
    notJudged: ValidateResult.fields.notJudged,
    notJudgedBecause: ValidateResult.fields.notJudgedBecause,
    findings: Schema.Struct({ certain: Schema.Number, conditional: Schema.Number }),
    unread: Schema.Number,
    forgotten: Schema.Struct({ ikeSas: Schema.Number, espSas: Schema.Number }),
    stopped: Schema.Boolean,
    endsEarly: Schema.NullOr(Schema.String),
  }),
]);
