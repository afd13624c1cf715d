/** What the documents of several commands have in common. */
import * as Schema from '@effect/schema/Schema';

/** One of a few words. */
export const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  Schema.Literals(values);

/** What every document begins with. */
const head = <const Command extends string>(command: Command) => ({
  tool: Schema.Literal('ipsecha'),
  version: Schema.String,
  command: Schema.Literal(command),
});

/** The document of a command. */
export const documentOf = <const Command extends string, Result extends Schema.Top>(
  command: Command,
  result: Result,
) => Schema.Struct({ ...head(command), results: Schema.Array(result) });

/** The document of `validate`, which may have files that could not be judged. */
export const withFailed = <const Command extends string, Result extends Schema.Top>(
  command: Command,
  result: Result,
) =>
  Schema.Struct({
    ...documentOf(command, result).fields,
    failed: Schema.optionalKey(
      Schema.Array(
        Schema.Struct({
          file: Schema.String,
          problem: Schema.String,
          hint: Schema.optionalKey(Schema.String),
        }),
      ),
    ),
  });

/** The document of a command that has shards. What is under `shard` is for `ipsecha merge` of the same version. */
export const shardedDocumentOf = <const Command extends string, Result extends Schema.Top>(
  command: Command,
  result: Result,
) =>
  Schema.Struct({
    ...documentOf(command, result).fields,
    shard: Schema.optionalKey(
      Schema.Struct({
        index: Schema.Number,
        of: Schema.Number,
        total: Schema.Number,
        question: Schema.Record(Schema.String, Schema.Unknown),
        jobs: Schema.Array(Schema.Struct({ job: Schema.Number, outcome: Schema.Unknown })),
        digest: Schema.String,
      }),
    ),
  });

export const Size = oneOf(['small', 'medium', 'large']);
export const Bounds = Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Number]));
export const Conclusion = oneOf(['conclusive', 'inconclusive']);
export const SettingValue = Schema.Union([Schema.String, Schema.Number]);
export const CheckVerdict = oneOf(['holds', 'violated', 'inconclusive']);

export const Step = Schema.Struct({
  actor: Schema.String,
  action: Schema.String,
  message: Schema.optionalKey(Schema.Record(Schema.String, Schema.Unknown)),
  sent: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)),
  rules: Schema.Array(Schema.String),
  changes: Schema.Record(Schema.String, Schema.Struct({ before: Schema.Unknown, after: Schema.Unknown })),
});

/** A step of a run, as it is printed. */
export type StepDocument = typeof Step.Type;

/** How a run goes on for ever: the steps from `start` on repeat; if there are none, nothing more happens. */
export const Cycle = Schema.Struct({
  start: Schema.Number,
  inVain: Schema.Array(Schema.Record(Schema.String, Schema.Unknown)),
});

/** What a property says that a revision brings along. */
export const Own = Schema.optionalKey(
  Schema.Struct({ title: Schema.String, says: Schema.String, rules: Schema.Array(Schema.String) }),
);
