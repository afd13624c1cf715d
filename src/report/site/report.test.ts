import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../cli/commands/report.ts';

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
