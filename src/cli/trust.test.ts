/** What a user must not be led to believe, as a user runs it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { run, runFromSources } from './testing/run-command.ts';

const directory = mkdtempSync(join(tmpdir(), 'trust-'));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string): string => join(directory, name);

const SMALL = [
  ...['--scenario', 'single-failover', '--set', 'requests=1', '--set', 'bump=1'],
  ...['--property', 'window-respected'],
];

/** A revision whose rule is in a file of its own. */
function write(stale: string): void {
  writeFileSync(at('table.txt'), 'a table');
  writeFileSync(at('helper.ts'), `export const stale = (real: any) => ${stale};\n`);
  writeFileSync(
    at('own.ts'),
    `import { readFileSync } from 'node:fs';
import { rfc6311 } from 'ipsecha/model';
import { stale } from './helper.ts';
readFileSync(new URL('./table.txt', import.meta.url));
const s: any = rfc6311.counterSync;
export default { ...rfc6311, name: 'mine', counterSync: { ...s, isStale: stale(s.isStale) } };
`,
  );
}

test('an import that was edited is another text: for --resume, and for merge', async () => {
  write('(...a: any[]) => real(...a)');
  await run('check', at('own.ts'), ...SMALL, '--time', '0.001', '--checkpoint', at('cp'));
  const one = await run('check', at('own.ts'), ...SMALL, '--shard', '1/2', '--json');
  write('() => false');
  const resumed = await run('check', at('own.ts'), ...SMALL, '--resume', at('cp'));
  expect(resumed.stderr).toContain('another exploration: modules of the revision');
  expect([resumed.status, resumed.stdout]).toEqual([2, '']);
  const other = await run('check', at('own.ts'), ...SMALL, '--shard', '2/2', '--json');
  writeFileSync(at('1.json'), one.stdout);
  writeFileSync(at('2.json'), other.stdout);
  const merged = await runFromSources('merge', at('1.json'), at('2.json'));
  expect([merged.status, merged.stdout]).toEqual([2, '']);
  expect(merged.stderr).toContain('not of the same question');
  // Nor is anything written to what was read for it.
  const { status } = await run('check', at('own.ts'), ...SMALL, '--junit', at('table.txt'));
  expect([status, readFileSync(at('table.txt'), 'utf8')]).toEqual([2, 'a table']);
}, 120_000);

test('a check that checks nothing is wrong usage', async () => {
  const { stdout, stderr, status } = await run(
    'check',
    '--set',
    'failover-count=shared',
    '--set',
    'm1-compare=highest-seen',
  );
  expect([stdout, status]).toEqual(['', 2]);
  expect(stderr).toContain('nothing to check');
}, 60_000);
