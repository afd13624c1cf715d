/** What pages say of sources that are not in the package, which has another module in the place of this one. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogue } from '../../../model/index.ts';
import { type MappingRow, mappingIn, type TestPlace, testsNaming } from './source.ts';

export interface Places {
  /** Where the tests name each rule, by the rule's id. */
  readonly tests: ReadonlyMap<string, readonly TestPlace[]>;
  /** How messages on the wire are called in the specification, in events and in Wireshark. */
  readonly mapping: readonly MappingRow[];
}

/** @param root the folder of the sources */
export async function placesIn(root: string): Promise<Places> {
  const text = (file: string): Promise<string> => readFile(join(root, file), 'utf8');
  const texts = await Promise.all(
    (await testFilesIn(root)).map(async (file) => [file, await text(file)] as const),
  );
  return {
    tests: testsNaming(catalogue, new Map(texts)),
    mapping: mappingIn(await text('src/traces/judge/interpret.ts')),
  };
}

/** The tests, by their paths. */
async function testFilesIn(root: string): Promise<readonly string[]> {
  const folders = ['model', 'proofs', 'src'];
  const names = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((name) => `${folder}/${name}`),
    ),
  );
  return names
    .flat()
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.test.ts'))
    .sort();
}
