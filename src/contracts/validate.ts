/** `ipsecha validate --json`. */
import * as Schema from '@effect/schema/Schema';
import { oneOf } from './parts.ts';

export const TraceVerdict = oneOf(['conformant', 'violates', 'inconclusive']);

const EventPlace = Schema.Struct({
  event: Schema.optionalKey(Schema.Number),
  frame: Schema.optionalKey(Schema.Number),
  line: Schema.optionalKey(Schema.Number),
  file: Schema.optionalKey(Schema.String),
});

/** Which SA something that was not read may be of. */
const ConcernSchema = Schema.Union([
  Schema.Struct({ kind: Schema.Literal('ike'), sa: Schema.String }),
  Schema.Struct({ kind: Schema.Literal('esp') }),
  Schema.Struct({ kind: Schema.Literal('hosts'), hosts: Schema.Array(Schema.String) }),
]);

export const ValidateResult = Schema.Struct({
  files: Schema.Array(Schema.String),
  revision: Schema.String,
  verdict: TraceVerdict,
  notJudged: Schema.Array(Schema.String),
  notJudgedBecause: Schema.optionalKey(Schema.String),
  missing: Schema.Array(Schema.String),
  readings: Schema.Array(
    Schema.Struct({
      settings: Schema.Record(Schema.String, Schema.String),
      ofTheText: Schema.Boolean,
      verdict: TraceVerdict,
    }),
  ),
  findings: Schema.Array(
    Schema.Struct({
      rule: Schema.String,
      property: Schema.optionalKey(Schema.String),
      actor: oneOf(['cluster', 'peer', 'initiator', 'responder', 'sender']),
      end: Schema.optionalKey(oneOf(['initiator', 'responder'])),
      supposed: Schema.optionalKey(Schema.Boolean),
      address: Schema.optionalKey(Schema.String),
      sa: Schema.optionalKey(Schema.String),
      event: Schema.Number,
      frame: Schema.optionalKey(Schema.Number),
      line: Schema.optionalKey(Schema.Number),
      time: Schema.optionalKey(Schema.Number),
      file: Schema.optionalKey(Schema.String),
      message: Schema.String,
      condition: Schema.optionalKey(Schema.String),
      allowed: Schema.String,
      explainedUntil: Schema.Number,
      prefixes: Schema.optionalKey(
        Schema.Array(Schema.Struct({ way: Schema.String, rule: Schema.String, because: Schema.String })),
      ),
      alsoFrames: Schema.optionalKey(Schema.Array(Schema.Number)),
      first: Schema.optionalKey(EventPlace),
      messageId: Schema.optionalKey(Schema.Number),
      takenOverFrom: Schema.optionalKey(Schema.Array(EventPlace)),
      sync: Schema.optionalKey(
        Schema.Struct({ announcedByBoth: Schema.optionalKey(Schema.Boolean), asked: Schema.Boolean }),
      ),
      ruleUrl: Schema.optionalKey(Schema.String),
      experiment: Schema.optionalKey(Schema.String),
    }),
  ),
  summary: Schema.String,
  frameFilters: Schema.Array(Schema.Struct({ file: Schema.String, filter: Schema.String })),
  remarks: Schema.Array(
    Schema.Struct({
      message: Schema.String,
      frame: Schema.optionalKey(Schema.Number),
      line: Schema.optionalKey(Schema.Number),
      time: Schema.optionalKey(Schema.Number),
      file: Schema.optionalKey(Schema.String),
    }),
  ),
  unread: Schema.Array(
    Schema.Struct({
      file: Schema.String,
      at: Schema.optionalKey(Schema.Number),
      reason: Schema.String,
      incomplete: Schema.optionalKey(Schema.Boolean),
      told: Schema.optionalKey(Schema.Boolean),
      concern: Schema.optionalKey(ConcernSchema),
    }),
  ),
  facts: Schema.Array(
    Schema.Union([
      Schema.Struct({
        kind: Schema.Literal('out-of-order'),
        file: Schema.String,
        frames: Schema.Number,
        first: Schema.Number,
        seconds: Schema.Number,
        sorted: Schema.Boolean,
      }),
      Schema.Struct({
        kind: Schema.Literal('drops'),
        file: Schema.String,
        packets: Schema.Number,
        by: oneOf(['interface', 'system', 'program']),
        after: Schema.optionalKey(Schema.Number),
        before: Schema.optionalKey(Schema.Number),
      }),
      Schema.Struct({
        kind: Schema.Literal('passed-over'),
        file: Schema.String,
        what: Schema.String,
        frames: Schema.Number,
        first: Schema.Number,
        mayHide: Schema.Boolean,
        concerns: Schema.optionalKey(Schema.Array(ConcernSchema)),
      }),
    ]),
  ),
  frames: Schema.Struct({
    frames: Schema.Number,
    keepalives: Schema.Number,
    other: Schema.Number,
    fragments: Schema.Number,
  }),
  statistics: Schema.Struct({
    events: Schema.Number,
    ikeMessages: Schema.Number,
    espPackets: Schema.Number,
    ahPackets: Schema.Number,
    ikeSas: Schema.Number,
    espSas: Schema.Number,
    repeated: Schema.Number,
    retransmitted: Schema.Number,
    duplicated: Schema.Number,
    replayed: Schema.Number,
    notAuthentic: Schema.Number,
  }),
});
