/** `ipsecha new` in a folder of its own, and what it writes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { scenarios } from '../../../model/index.ts';
import { ledgersOf } from '../../author/ledger.ts';
import { revisionOf } from '../../author/revision-file.ts';
import { check, settingsWith } from '../../questions/check.ts';
import { examples, run } from './new.ts';

const folder = mkdtempSync(join(tmpdir(), 'new-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
vi.spyOn(process.stdout, 'write').mockReturnValue(true);

const made = async (name: string, from = 'template-revision'): Promise<string> => {
  const file = join(folder, name);
  expect(await run(file, { from })).toBe(0);
  return file;
};

test('every example can be begun with, under the name of the file', async () => {
  expect(examples()).toContain('template-revision');
  for (const [index, from] of examples().entries()) {
    const text = readFileSync(await made(`draft-${index}.ts`, from), 'utf8');
    expect(text).toContain(" from 'ipsecha/model';\n");
    expect(text).toContain(`name: 'draft-${index}',`);
    expect(text).not.toMatch(/\.\.\/model|docs\/examples|my-revision/);
  }
});

test('what is written can be checked at once', async () => {
  const revision = await revisionOf(await made('mine.ts', 'three-message-sync'));
  expect(revision.name).toBe('mine');
  const [scenario] = scenarios;
  const settings = settingsWith(scenario!.sizes.small, ['requests=0', 'bump=0'], revision);
  const { verdict, statistics } = await check({
    ...{ revision, scenario: scenario!, size: 'small', settings, properties: ['recovery-possible'] },
  });
  for (const ledger of ledgersOf(revision)) ledger.close();
  expect([verdict, statistics.complete]).toEqual(['holds', true]);
});

describe('it refuses', () => {
  test('to write over a file', async () => {
    const file = join(folder, 'there.ts');
    writeFileSync(file, 'mine');
    await expect(run(file, { from: 'template-revision' })).rejects.toThrow('is there already');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  test.each([
    ['draft.json', 'template-revision', 'is not the name of a TypeScript file'],
    ['nowhere/draft.ts', 'template-revision', 'there is no folder'],
    ['other.ts', 'template-revison', 'did you mean template-revision?'],
  ])('%s from %s', async (name, from, message) => {
    await expect(run(join(folder, name), { from })).rejects.toThrow(message);
  });
});

test('a file that is called like a shipped revision has another name inside', async () => {
  const file = await made('rfc6311.ts');
  expect(readFileSync(file, 'utf8')).toContain("name: 'rfc6311-draft',");
});
