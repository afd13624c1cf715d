/** What the site is made of: everything that has to be read or computed before it can be written. */
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { catalogue, type Revision } from '../../../model/index.ts';
import type { RecordedAblation, RuleExample } from '../../overview/ablation-record.ts';
import { recordedAblation } from '../../overview/ablation-record.ts';
import type { FindingExample } from '../../overview/finding-examples.ts';
import type { Overview } from '../../overview/overview.ts';
import { type ProofsRecord, recordedProofs } from '../../prove/recorded.ts';
import { type Program, programOf } from '../../web/bundle.ts';
import { type Documents, documentsIn } from './documents.ts';
import { type Edition, editionOf } from './edition.ts';
import { type Places, placesIn } from './places.ts';
import { type HelperSource, helpersOf, type RuleSource, ruleSourceIn } from './source.ts';
import { textsIn } from './texts.ts';

export interface SiteContent extends Places, Documents {
  readonly edition: Edition;
  readonly overview: Overview;
  /** What breaks without each rule, as it was recorded. */
  readonly ablation: RecordedAblation;
  /** What is proved of each revision, and what each proof needs, as it was recorded. */
  readonly proofs: ProofsRecord;
  /** Of rules without which something breaks: one example each, computed anew. */
  readonly examples: readonly RuleExample[];
  /** Of findings where something breaks: the run that shows it, computed anew. */
  readonly findingExamples: readonly FindingExample[];
  /** Revisions that are shown beside those that are shipped. */
  readonly drafts: readonly Draft[];
  /** What is not as expected, in words; empty if all is. */
  readonly surprises: readonly string[];
  /** The function of each rule, by the rule's id. */
  readonly sources: ReadonlyMap<string, RuleSource>;
  /** What the function of each rule is written with, by the rule's id. */
  readonly helpers: ReadonlyMap<string, readonly HelperSource[]>;
  /** The programs of the pages that are programs. */
  readonly scripts: Readonly<Record<Program, string>>;
  /** Whether the documentation of the API lies beside the pages, in `api/`. */
  readonly hasApi: boolean;
}

/** A revision of an author's own. */
export interface Draft {
  readonly revision: Revision;
  /** Its file, as it was named. */
  readonly file: string;
  readonly text: string;
}

/** What can be read without computing anything: it lies in the package. */
export async function packageContent(): Promise<
  Omit<SiteContent, 'overview' | 'examples' | 'findingExamples' | 'drafts' | 'surprises' | 'hasApi'>
> {
  const path = createRequire(import.meta.url).resolve('ipsecha/package.json');
  const root = dirname(path);
  const modelFiles = (await readdir(join(root, 'model'), { recursive: true }))
    .map((name) => `model/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const modelTexts = await textsIn(root, modelFiles);
  const sources = new Map(
    catalogue.map(({ id, file, functionName }) => [
      id,
      ruleSourceIn(modelTexts.get(file) ?? '', functionName),
    ]),
  );
  return {
    edition: await editionOf(root),
    scripts: {
      walk: await programOf('walk'),
      judge: await programOf('judge'),
      search: await programOf('search'),
    },
    ablation: await recordedAblation(),
    proofs: recordedProofs(),
    sources,
    helpers: new Map(
      catalogue.map(({ id, file }) => [id, helpersOf(sources.get(id)?.code ?? '', file, modelTexts)]),
    ),
    ...(await placesIn(root)),
    ...(await documentsIn(root)),
  };
}
