/** What the page is made of: everything that has to be read or computed before it can be written. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { catalogue } from '../../../model/index.ts';
import type { Overview } from '../../overview/overview.ts';
import { type MappingRow, mappingIn, type RuleSource, ruleSourceIn } from './source.ts';

export interface SiteContent {
  readonly version: string;
  /** One sentence: what this is. */
  readonly description: string;
  readonly overview: Overview;
  /** The function of each rule, by the rule's id. */
  readonly sources: ReadonlyMap<string, RuleSource>;
  /** How messages on the wire are called in the specification, in events and in Wireshark. */
  readonly mapping: readonly MappingRow[];
  /** Whether the documentation of the API lies beside the page, in `api/`. */
  readonly hasApi: boolean;
}

/** What can be read without computing anything: it lies in the package. */
export async function packageContent(): Promise<Omit<SiteContent, 'overview' | 'hasApi'>> {
  const path = createRequire(import.meta.url).resolve('ipsecha/package.json');
  const root = dirname(path);
  const text = (file: string): Promise<string> => readFile(join(root, file), 'utf8');
  const files = [...new Set(catalogue.map(({ file }) => file))];
  const texts = new Map(await Promise.all(files.map(async (file) => [file, await text(file)] as const)));
  const { version, description } = JSON.parse(await text('package.json')) as Readonly<Record<string, string>>;
  return {
    version: version ?? '',
    description: description ?? '',
    sources: new Map(
      catalogue.map(({ id, file, functionName }) => [id, ruleSourceIn(texts.get(file) ?? '', functionName)]),
    ),
    mapping: mappingIn(await text('src/traces/interpret.ts')),
  };
}
