/** What the README shows is what there is. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const file = (path: string): Promise<string> => readFile(new URL(`../${path}`, import.meta.url), 'utf8');

it('shows the example of a revision of its own as it stands in docs/examples', async () => {
  const example = await file('docs/examples/own-revision-file.ts');
  expect(await file('README.md')).toContain(example.slice(example.indexOf('import {')).trim());
});

it('has both commands on its first screen', async () => {
  const screen = (await file('README.md')).split('\n').slice(0, 40).join('\n');
  expect(screen).toContain('npm ci && npm start');
  expect(screen).toContain('npm ci && npm test');
});

it('shows figures that are pinned elsewhere', async () => {
  const readme = await file('README.md');
  const transcript = await file('docs/transcripts/check.md');
  // The state counts of the first screen; seconds are those of one machine.
  expect(readme).toContain('single-failover             12,886');
  expect(transcript).toContain('12,886 states');
  const findings = (await file('docs/findings.md')).match(/^### F-\d+/gmu) ?? [];
  expect(readme).toContain(`[${findings.length} findings]`);
});
