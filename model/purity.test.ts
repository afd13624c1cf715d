/**
 * The lint rules that keep the specification pure, and the explorer apart: they are run on snippets that break
 * them, in a copy of the configuration, and on the files as they are.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const BIOME = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');

/** What must be rejected, by the rule that has to say so. */
const IMPURE: Readonly<Record<string, readonly string[]>> = {
  plugin: [
    'export const x = Math.random();',
    "export const x = Math['random']();",
    'export const { random } = Math;',
    'const m = Math;\nexport const x = m.random();',
    'export const [m] = [Math];',
    'export const x = (m = Math) => m.random();',
    'export const x = Math.max(1, Math.random());',
    "export const x = () => import('./ike.ts');",
    'export const x = import.meta.url;',
  ],
  'lint/style/noRestrictedGlobals': [
    'export const x = Date.now();',
    'export const x = new Date();',
    'export const x = performance.now();',
    'export const x = process.env;',
    'console.log(1);',
    'export const x = globalThis.Math;',
    'export const x = fetch;',
    'setTimeout(() => 1, 1);',
    'setInterval(() => 1, 1);',
    'setImmediate(() => 1);',
    'queueMicrotask(() => 1);',
    'export const x = crypto.randomUUID();',
    "export const x = require('fs');",
    "export const x = new Function('return 1');",
    "export const x = eval('1');",
    "export const x = Buffer.from('');",
    'export const x = new Intl.DateTimeFormat();',
  ],
  'lint/style/noRestrictedImports': [
    "export { readFileSync } from 'node:fs';",
    "export { readFileSync } from 'fs';",
    "export { setImmediate } from 'node:timers/promises';",
    "export { explore } from '../src/explore/explore.ts';",
    "import type { System } from '../src/explore/system.ts';\nexport type X = System<1, 1, 1, 1>;",
    "export * from '../proofs/index.ts';",
    "export { default } from 'fast-check';",
    "export { Command } from 'commander';",
  ],
};

/** The same from a folder of the specification, whence one more `..` leads out of it. */
const IMPURE_IN_A_FOLDER = [
  "export { explore } from '../../src/explore/explore.ts';",
  "export { readFileSync } from 'node:fs';",
  "export * from '../../../elsewhere.ts';",
];

/** From `src/explore/`, and from a folder of it. */
const OUTSIDE_THE_EXPLORER = [
  ["export { check } from '../check/check.ts';", "export { check } from '../../check/check.ts';"],
  ["export { rfc6311 } from '../../model/index.ts';", "export { rfc6311 } from '../../../model/index.ts';"],
  ["export { match } from 'ts-pattern';", "export { match } from 'ts-pattern';"],
] as const;

/** What must not be rejected. */
const ALLOWED: Readonly<Record<string, string>> = {
  'model/allowed.ts':
    "import { match } from 'ts-pattern';\nimport { rule } from './rules/rule.ts';\nexport const x = [match, rule, Math.max(1, 2)];\n",
  'model/rules/allowed.ts': "export { a } from '../ike.ts';\nexport { b } from './rule.ts';\n",
  'model/impure.test.ts':
    "import { test } from 'vitest';\nimport { check } from '../src/questions/check.ts';\ntest(String(Math.random()), check);\n",
  'src/explore/allowed.ts':
    "export { setImmediate } from 'node:timers/promises';\nexport { a } from './system.ts';\n",
  'src/explore/testing/allowed.ts': "export { a } from '../system.ts';\n",
  'src/questions/allowed.ts':
    "import { rfc6311 } from '../../model/index.ts';\nexport const x = [rfc6311, Math.random()];\n",
};

let folder = '';
let diagnostics: readonly { readonly file: string; readonly rule: string }[] = [];

const places = [
  ...Object.entries(IMPURE).flatMap(([rule, snippets]) =>
    snippets.map((code, n) => ({ rule, code, file: `model/${rule.split('/').at(-1)}-${n}.ts` })),
  ),
  ...IMPURE_IN_A_FOLDER.map((code, n) => ({
    rule: 'lint/style/noRestrictedImports',
    code,
    file: `model/properties/import-${n}.ts`,
  })),
  ...OUTSIDE_THE_EXPLORER.flatMap(([here, inFolder], n) => [
    { rule: 'lint/style/noRestrictedImports', code: here, file: `src/explore/import-${n}.ts` },
    { rule: 'lint/style/noRestrictedImports', code: inFolder, file: `src/explore/testing/import-${n}.ts` },
  ]),
];

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'purity-')));
  // The same configuration, apart from what ties it to this repository's version control.
  const { $schema, vcs, ...config } = JSON.parse(await readFile(join(ROOT, 'biome.json'), 'utf8'));
  expect([$schema, vcs]).not.toContain(undefined);
  await writeFile(join(folder, 'biome.json'), JSON.stringify(config));
  await cp(join(ROOT, 'model/lint'), join(folder, 'model/lint'), { recursive: true });
  const files = [...places.map(({ file, code }) => [file, `${code}\n`] as const), ...Object.entries(ALLOWED)];
  for (const [file, code] of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), code);
  }
  diagnostics = await lint(folder, ['.']);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(places)('$rule rejects in $file: $code', ({ file, rule }) => {
  expect(diagnostics).toContainEqual({ file, rule });
});

test.each(Object.keys(ALLOWED))('%s is accepted', (file) => {
  expect(diagnostics.filter((each) => each.file === file)).toEqual([]);
});

test('the specification and the explorer pass', async () => {
  expect(await lint(ROOT, ['model', 'src/explore'])).toEqual([]);
});

/** The errors that the linter finds, as its annotations for a CI server name them. */
async function lint(cwd: string, paths: readonly string[]): Promise<typeof diagnostics> {
  const output = await promisify(execFile)(
    process.execPath,
    [BIOME, 'lint', '--reporter=github', '--max-diagnostics=none', '--diagnostic-level=error', ...paths],
    { cwd },
  ).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }) => {
      // It also ends in failure when the configuration is wrong; then there is not one annotation.
      if (!String(stdout).includes('::error')) throw new Error(`the linter failed: ${stderr}`);
      return String(stdout);
    },
  );
  return [...output.matchAll(/^::error title=([^,]+),file=([^,]+),/gm)].map(([, rule = '', file = '']) => ({
    rule,
    file: relative(cwd, resolve(cwd, file)),
  }));
}
