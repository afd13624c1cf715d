import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../cli/commands/report.ts';

test.each([
  ['rfc6311', /shown in any case/],
  ['nobody', /is no file/],
  ['./nowhere.ts', /nowhere/],
])('--revision %s is wrong usage, before any work', async (revision, problem) => {
  const folder = await mkdtemp(join(tmpdir(), 'ipsecha-report-'));
  try {
    await expect(run({ output: folder, revision: [revision] })).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringMatching(problem),
    });
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a folder that cannot be written to is said before any work, as wrong usage', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ipsecha-report-'));
  try {
    const file = join(folder, 'file');
    await writeFile(file, '');
    for (const output of [file, join(file, 'site'), join(file, 'a', 'b')]) {
      await expect(run({ output })).rejects.toMatchObject({
        name: 'UsageError',
        hint: expect.stringContaining('ipsecha report -o DIR'),
      });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
