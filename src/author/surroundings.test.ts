/** What a file reads while it is loaded is a part of its text; what nobody can note is the same each time. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { filesReadFor, ledgersOf, modulesOf } from './ledger.ts';
import { revisionOf } from './revision-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'surroundings-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

const VARIABLE = 'IPSECHA_TEST_OF_SURROUNDINGS';

writeFileSync(
  at('own.ts'),
  `import * as fs from 'node:fs';
import { readFile } from 'node:fs/promises';
import { rfc6311 } from 'ipsecha/model';
const here = (name: string) => new URL(name, import.meta.url);
const read = [
  fs.readFileSync(here('./read-at-once.txt'), 'utf8'),
  String(fs.readFileSync(fs.openSync(here('./opened.txt'), 'r'))),
  await readFile(here('./awaited.txt'), 'utf8'),
  await fs.promises.readFile(here('./promised.txt'), 'utf8'),
  String(fs.existsSync(here('./perhaps.txt'))),
  fs.readdirSync(here('./folder')).join(),
  process.env.${VARIABLE},
  String('${VARIABLE}2' in process.env),
  String(Math.random()), String(Date.now()), new Date().toISOString(), Date(), String(performance.now()),
];
fs.writeFileSync(here('./written.txt'), String(read.length));
export default { ...rfc6311, name: 'mine', title: read.join(' '), counterSync: { ...rfc6311.counterSync! } };
`,
);

const NOTED = [
  ...['read-at-once.txt', 'opened.txt', 'awaited.txt', 'promised.txt', 'perhaps.txt', 'folder'],
  ...[`the variable ${VARIABLE} of the environment`, `the variable ${VARIABLE}2 of the environment`],
];

function become(what: string): void {
  for (const name of ['read-at-once', 'opened', 'awaited', 'promised'])
    writeFileSync(at(`${name}.txt`), what);
  mkdirSync(at('folder'), { recursive: true });
  process.env[VARIABLE] = what;
}

async function loaded() {
  const revision = await revisionOf(at('own.ts'));
  const [ledger] = ledgersOf(revision);
  ledger?.close();
  const { title } = revision;
  return {
    title,
    digest: modulesOf(revision),
    modules: ledger?.modules ?? {},
    files: filesReadFor(revision),
  };
}

test('each thing that is read decides which text it is', async () => {
  become('a');
  const first = await loaded();
  expect(await loaded()).toEqual(first);
  expect(first.files).toEqual(expect.arrayContaining(['own.ts', ...NOTED.slice(0, 6)].map(at)));
  expect(Object.keys(first.modules)).toEqual(expect.arrayContaining(NOTED));
  expect(first.files).not.toContain(at('written.txt'));
  become('b');
  for (const name of ['perhaps.txt', 'folder/new']) writeFileSync(at(name), '');
  process.env[`${VARIABLE}2`] = '';
  const { modules, digest } = await loaded();
  expect(NOTED.filter((name) => modules[name] === first.modules[name])).toEqual([]);
  expect([digest === first.digest, modules['own.ts']]).toEqual([false, first.modules['own.ts']]);
}, 120_000);
