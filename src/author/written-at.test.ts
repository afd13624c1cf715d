import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writtenAt } from './written-at.ts';

const folder = mkdtempSync(join(tmpdir(), 'written-'));
afterAll(() => rmSync(folder, { recursive: true }));

function placeOf(slot: string, text: string, beside = ''): string {
  const [file, other] = [join(folder, 'draft.ts'), join(folder, 'rules.ts')];
  writeFileSync(file, text);
  writeFileSync(other, beside);
  return writtenAt(slot, [file, other], file, 'draft.ts').replace(`${folder}/`, '');
}

describe('where a slot is written', () => {
  it.each([
    ['a field', 'const real = rfc6311;\nexport default { adopt: (sa) => real.counterSync.adopt(sa) };\n', 2],
    ['a method', 'export default {\n  // adopt: not yet\n\n  adopt(sa) { return sa; },\n};\n', 4],
    ['a function', 'function adopt(sa) {\n  return sa;\n}\nexport default { counterSync: { adopt } };\n', 1],
    ['a constant', "\nconst adopt = (sa) => sa;\nexport default { 'adopt': adopt };\n", 2],
  ])('%s', (_, text, line) => {
    expect(placeOf('counterSync.adopt', text)).toBe(`draft.ts:${line}`);
  });

  it('in a file beside it', () => {
    expect(
      placeOf('counterSync.adopt', "import { adopt } from './rules.ts';\n", '\n\nexport const adopt = 1;\n'),
    ).toBe('rules.ts:3');
  });

  it.each([
    ['nowhere', 'export default { ...other };\n'],
    ['in two places', 'const a = { adopt: f };\nconst b = { adopt: g };\n'],
  ])('%s: the file alone', (_, text) => {
    expect(placeOf('counterSync.adopt', text)).toBe('draft.ts');
  });

  it('a name that is no name of a function finds nothing', () => {
    expect(placeOf('properties.a-b.(x', '(x: 1\n')).toBe('draft.ts');
  });
});
