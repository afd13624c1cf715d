/**
 * What `--json` prints: the contract with whoever reads it, said once. The types of what a command prints are these schemas'
 * own (`document` in `src/report/json.ts` takes nothing else), `ipsecha schema NAME` prints them as JSON Schema, and the files in
 * `docs/schemas` are written by the test beside this file (`npx vitest run src/contracts -u`).
 *
 * Loading the schemas takes a fifth of a second: what prints imports their types alone.
 */
import * as Schema from '@effect/schema/Schema';
import { eventJsonSchema } from '../traces/events/event-schema.ts';
import { AblateResult } from './ablate.ts';
import { CheckResult } from './check.ts';
import { CompareResult } from './compare.ts';
import { CoverageResult } from './coverage.ts';
import { TextExampleResult } from './example.ts';
import { ExplainMatch, ExplainResult } from './explain.ts';
import { FollowLine } from './follow.ts';
import { GenerateResult } from './generate.ts';
import { PropertyResult, RevisionResult, RuleResult, ScenarioResult } from './lists.ts';
import { OverviewResult } from './overview.ts';
import { documentOf, shardedDocumentOf, withFailed } from './parts.ts';
import { CheckedProof, OpenResult, TheoremResult } from './prove.ts';
import { SimulateResult } from './simulate.ts';
import { SynthesiseResult } from './synthesise.ts';
import { ValidateResult } from './validate.ts';

/** The documents that commands print with `--json`. */
export const documentSchemas = {
  check: shardedDocumentOf('check', CheckResult),
  ablate: shardedDocumentOf('ablate', AblateResult),
  compare: documentOf('compare', CompareResult),
  synthesise: shardedDocumentOf('synthesise', SynthesiseResult),
  explain: documentOf('explain', Schema.Union([ExplainResult, ExplainMatch])),
  example: documentOf('example', TextExampleResult),
  simulate: documentOf('simulate', SimulateResult),
  generate: documentOf('generate', GenerateResult),
  validate: withFailed('validate', ValidateResult),
  /** Each line of `ipsecha validate --follow --json`. */
  follow: FollowLine,
  prove: documentOf('prove', Schema.Union([TheoremResult, CheckedProof, OpenResult])),
  /** Of `ipsecha rules --coverage`. */
  coverage: documentOf('coverage', CoverageResult),
  rules: documentOf('rules', RuleResult),
  properties: documentOf('properties', PropertyResult),
  scenarios: documentOf('scenarios', ScenarioResult),
  revisions: documentOf('revisions', RevisionResult),
  overview: documentOf('overview', OverviewResult),
} as const;

export type DocumentName = keyof typeof documentSchemas;

/** A document as it is written. */
export type DocumentOf<Name extends DocumentName> = (typeof documentSchemas)[Name]['Type'];

/** The documents that are one value, with results. */
export type ResultsName = Exclude<DocumentName, 'follow'>;

/** One of the results of a document. */
export type ResultOf<Name extends ResultsName> = DocumentOf<Name>['results'][number];

/**
 * `Value`, with `never` in the place of each field that `Shape` does not know, at any depth. A value that is spread into another may
 * bring fields along that its reader does not expect; assignability alone allows them.
 */
export type Fitting<Shape, Value> = [Shape] extends [never]
  ? never
  : unknown extends Shape
    ? Value
    : Value extends string | number | boolean
      ? Value
      : Value extends readonly unknown[]
        ? { readonly [Index in keyof Value]: Fitting<At<Shape, number>, Value[Index]> }
        : Value extends object
          ? { readonly [Key in keyof Value]: Fitting<At<Meant<Shape, Value>, Key>, Value[Key]> }
          : Value;

/** What a shape, or one of several, has under a key. */
type At<Shape, Key> = Shape extends unknown ? (Key extends keyof Shape ? Shape[Key] : never) : never;

/** Those of several shapes that a value has; all, if it has one only together with other values. */
type Meant<Shape, Value> = [Having<Shape, Value>] extends [never] ? Shape : Having<Shape, Value>;
type Having<Shape, Value> = Shape extends unknown ? (Value extends Shape ? Shape : never) : never;

/** Everything that has a JSON Schema: the documents, and the events that are read and written. */
export const schemaNames = ['events', ...(Object.keys(documentSchemas) as readonly DocumentName[])] as const;

export type SchemaName = (typeof schemaNames)[number];

const TITLES: Partial<Readonly<Record<SchemaName, string>>> = {
  coverage: 'ipsecha rules --coverage --json',
  follow: 'ipsecha validate --follow --json: each line',
};

/** JSON Schema (draft 2020-12) of a document, or of an event. */
export function jsonSchemaNamed(name: SchemaName): Readonly<Record<string, unknown>> {
  if (name === 'events') return eventJsonSchema();
  const { schema, definitions } = Schema.toJsonSchemaDocument(documentSchemas[name]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: TITLES[name] ?? `ipsecha ${name} --json`,
    ...schema,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }),
  };
}
