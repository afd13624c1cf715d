/** An answer as one would put it into a draft or a mail. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from './testing/run-command.ts';

const place = mkdtempSync(join(tmpdir(), 'ipsecha-drawings-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));
const file = (name: string): string => join(place, name);
const broken = ['check', 'ikev2', '--scenario', 'single-failover', '--set', 'requests=1'];

describe('--html, --svg and --markdown', () => {
  it('hold the charts of all that breaks', async () => {
    const { status, stdout } = await run(...broken, '--html', file('all.html'), '--markdown');
    expect(status).toBe(1);
    const page = readFileSync(file('all.html'), 'utf8');
    const charts = [...page.matchAll(/<svg /g)].length;
    expect(charts).toBeGreaterThan(1);
    expect(stdout).toContain('# ikev2, single-failover (small): violated');
    expect([...stdout.matchAll(/^```text$/gm)]).toHaveLength(Math.min(charts, 5));
  });

  it('of several charts the one is written that is named', async () => {
    const unnamed = await run(...broken, '--svg', file('one.svg'));
    expect(unnamed.status).toBe(2);
    expect(unnamed.stderr).toMatch(/--svg writes one chart, and there are \d+\n[\s\S]*--chart 2: ikev2/);
    // The answer is not lost for it.
    expect(unnamed.stdout).toContain('violated');
    expect(existsSync(file('one.svg'))).toBe(false);
    expect((await run(...broken, '--svg', file('one.svg'), '--chart', '2')).status).toBe(1);
    expect(readFileSync(file('one.svg'), 'utf8')).toMatch(/^<svg xmlns=[\s\S]*<\/svg>\n$/);
  });

  it('of an example it is the only one', async () => {
    const { status, stdout } = await run('example', 'A.2', '--svg', file('a2.svg'), '--markdown');
    expect([status, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^# A\.2: /)]);
    expect(readFileSync(file('a2.svg'), 'utf8')).toContain('A.2, m1-compare=earlier-syncs');
  });

  it.each([
    ['check'],
    ['compare', 'ikev2', 'rfc6311'],
    ['simulate', 'rfc6311'],
    ['example'],
    ['validate', '-'],
  ])('an answer of %s is not printed as Markdown and as JSON', async (...command) => {
    const { status, stdout, stderr } = await run(...command, '--json', '--markdown');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain("'--markdown' cannot be used with option '--json'");
  });

  it('are never written onto what is read', async () => {
    writeFileSync(file('mine.mjs'), readFileSync('docs/examples/own-revision-file.ts'));
    const { status, stderr } = await run('compare', 'rfc6311', file('mine.mjs'), '--html', file('mine.mjs'));
    expect(status).toBe(2);
    expect(stderr).not.toBe('');
    expect(readFileSync(file('mine.mjs'), 'utf8')).toBe(
      readFileSync('docs/examples/own-revision-file.ts', 'utf8'),
    );
  });
});
