import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../model/index.ts';
import { packageContent } from './content.ts';
import { helpersOf, mappingIn, ruleSourceIn } from './source.ts';

const shipped = await packageContent();
const DESCRIPTION = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  readonly homepage: string;
  readonly repository: { readonly url: string };
  readonly bugs: { readonly url: string };
};

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

  test('comes with what it is written with, wherever that is', () => {
    const section = `import { LIMIT, type Sa } from '../state/sa.ts';
import { isOpen } from './other.ts';

/** The higher one. */
const highest = (sa: Sa, least = LIMIT): number =>
  sa.isOpen
    ? Math.max(sa.value, least)
    : 0;

export const unused = 1;
`;
    const texts = new Map([
      ['model/a/section.ts', section],
      ['model/a/other.ts', 'export const isOpen = rule(\n  (sa) => highest(sa),\n);\n'],
      ['model/state/sa.ts', '/** Of all. */\nexport const LIMIT = 2;\nexport const value = 1;\n'],
    ]);
    const helpers = helpersOf(
      "(highest: Sa) => (isOpen(sa) ? highest(sa) : 'unused')",
      'model/a/section.ts',
      texts,
    );
    expect(helpers.map(({ name, file, line }) => [name, file, line])).toEqual([
      ['highest', 'model/a/section.ts', 5],
      ['LIMIT', 'model/state/sa.ts', 2],
    ]);
    expect(helpers.map(({ code }) => code)).toEqual([
      section.slice(section.indexOf('/**'), section.indexOf('\n\nexport')),
      '/** Of all. */\nexport const LIMIT = 2;',
    ]);
  });

  test('of the rule on stale sync requests says what M1 is compared with', () => {
    const { helpers } = shipped;
    expect(helpers.get('RFC6311-5.1-DROP-STALE')?.map(({ name }) => name)).toEqual(['highestValueSeen']);
    expect(helpers.get('RFC7296-2.2-NO-WRAP')?.map(({ name }) => name)).toEqual(['MAX_MESSAGE_ID']);
  });

  test('is found for every rule, and is one function', () => {
    const { sources } = shipped;
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
  } = shipped;
  expect(mapping.map(([, , wireshark]) => wireshark)).toContain('isakmp.messageid');
  expect(version).toMatch(/^\d+\.\d+\.\d+/);
  expect(description).toMatch(/RFC 6311/);
  expect(commit === undefined || /^[0-9a-f]{40} \d{4}-\d\d-\d\d$/.test(`${commit.id} ${commit.date}`)).toBe(
    true,
  );
  const { homepage, repository: named, bugs } = DESCRIPTION;
  const address = named.url.replace(/^git\+|\.git$/g, '');
  // An address that nobody has filled in is not linked to.
  expect(repository).toBe(new URL(address).hostname.endsWith('.invalid') ? undefined : address);
  expect(bugs.url).toBe(`${address}/issues`);
  const citation = await readFile(new URL('../../../CITATION.cff', import.meta.url), 'utf8');
  for (const line of [`version: ${version}`, `repository-code: ${address}`, `url: ${homepage}`]) {
    expect(citation).toContain(`\n${line}\n`);
  }
});
