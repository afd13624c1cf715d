import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../model/index.ts';
import { packageContent } from './content.ts';
import { mappingIn, ruleSourceIn } from './source.ts';

const TEXT = `import { rule } from './rules/rule.ts';

/** The lower one. */
export const lower = rule(
  {
    id: 'X-1',
    says: 'Lower (or equal),',
  },
  (a: number, b: number): number => {
    return Math.min(
      a,
      b,
    );
  },
);

export const other = 1;
`;

describe('the source of a rule', () => {
  test('is its function, without what it says of itself', () => {
    expect(ruleSourceIn(TEXT, 'lower')).toEqual({
      line: 9,
      code: '(a: number, b: number): number => {\n  return Math.min(\n    a,\n    b,\n  );\n}',
    });
  });

  test('has to be there', () => {
    expect(() => ruleSourceIn(TEXT, 'other')).toThrow('no rule is called other');
  });

  test('is found for every rule, and is one function', async () => {
    const { sources } = await packageContent();
    for (const { id } of catalogue) {
      expect(sources.get(id)?.code, id).toMatch(/^\([\s\S]*\)[\s\S]*=>[\s\S]/);
      expect(sources.get(id)?.code, id).not.toMatch(/\brule\(|id: '/);
    }
  });
});

test('the mapping is cut out of the comment, without its head', () => {
  const text =
    '/**\n * Words.\n *\n * | a | b | c |\n * | --- | --- | --- |\n * | x y | e.f | w.s |\n */\nconst t = 1;';
  expect(mappingIn(text)).toEqual([['x y', 'e.f', 'w.s']]);
});

test('the shipped mapping and version are found', async () => {
  const {
    mapping,
    edition: { version, description, commit, repository },
  } = await packageContent();
  expect(mapping.map(([, , wireshark]) => wireshark)).toContain('isakmp.messageid');
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect(description).toMatch(/RFC 6311/);
  expect(commit === undefined || /^[0-9a-f]{40} \d{4}-\d\d-\d\d$/.test(`${commit.id} ${commit.date}`)).toBe(
    true,
  );
  // An address that nobody has filled in is not linked to.
  expect(repository).toBeUndefined();
  expect(await readFile(new URL('../../../CITATION.cff', import.meta.url), 'utf8')).toContain(
    `\nversion: ${version}\n`,
  );
});
