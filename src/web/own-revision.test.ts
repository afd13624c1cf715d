import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { rfc6311, settingsFor } from '../../model/index.ts';
import { check, scenarioNamed } from '../questions/check.ts';
import { outlineOf, revisionFromText } from './own-revision.ts';

const example = await readFile(new URL('../../docs/examples/own-revision-file.ts', import.meta.url), 'utf8');
const scenario = scenarioNamed('single-failover');
const settings = { ...settingsFor(scenario, 'small', rfc6311), requests: 1 };

/** RFC 6311 with some slots of its counter sync replaced. */
const text = (slots: string, more = ''): string => `
import { type Revision, rfc6311 } from 'ipsecha/model';
${more}
const { counterSync } = rfc6311;
if (counterSync === null) throw new Error('there is one');
export default { ...rfc6311, name: 'mine', counterSync: { ...counterSync, ${slots} } } satisfies Revision;
`;

const properties = ['message-id-monotonicity', 'sync-request-once', 'counters-never-regress'];

const checked = (source: string) =>
  check({
    revision: revisionFromText(source, 'own.ts'),
    scenario,
    size: 'small',
    settings,
    properties,
  });

describe('a revision of one’s own in a page', () => {
  test('is what the text exports, and is told of in its form', () => {
    const outline = outlineOf(revisionFromText(example, 'own.ts'));
    expect(outline).toMatchObject({ name: 'm2-is-m1', title: 'The peer sends M1 back as M2' });
    expect(outline.slots.counterSync).toContain('chooseM2');
    expect(outline.slots.counterSync).toEqual(Object.keys(rfc6311.counterSync ?? {}));
  });

  test('shows what breaks, and never says that anything holds', async () => {
    const { properties: all, statistics } = await checked(text('isStale: () => false'));
    expect(statistics.complete).toBe(true);
    const verdicts = Object.fromEntries(all.map(({ id, verdict }) => [id, verdict]));
    expect(verdicts['sync-request-once']).toBe('violated');
    expect(Object.values(verdicts)).not.toContain('holds');
    for (const { verdict, because } of all)
      if (verdict === 'inconclusive') expect(because).toContain('a page cannot look at what its rules keep');
  });

  test('explores the very states that RFC 6311 has, if its rules are those of RFC 6311', async () => {
    const same = await checked(text('chooseM2: (...args) => rfc6311.counterSync!.chooseM2(...args)'));
    const { statistics } = await check({ revision: rfc6311, scenario, size: 'small', settings, properties });
    expect(same.statistics.states).toBe(statistics.states);
  });

  test.each([
    ['const x: = 3;', 'own.ts:1:10: '],
    ['export const a = 1;', 'own.ts exports no revision'],
    [
      "import { readFileSync } from 'node:fs'; readFileSync('x');",
      "own.ts imports 'node:fs', which a page does not have",
    ],
    ["throw new Error('no');", 'own.ts cannot be loaded: no'],
    [
      "import { rfc6311 } from 'ipsecha/model'; export default { ...rfc6311, name: 'mine', scenarios: [] };",
      'own.ts has scenarios, which a page does not know',
    ],
    [text('chooseM3: () => 0'), 'there is no slot counterSync.chooseM3; did you mean chooseM1?'],
  ])('a mistake in %j is told as on the command line', (source, said) => {
    expect(() => revisionFromText(source, 'own.ts')).toThrow(said);
  });

  test.each([
    ['chooseM2: (sa) => sa.expectdReceive', 'it asks for the field expectdReceive'],
    ['chooseM2: () => -1', 'returned -1'],
    ["chooseM2: () => { throw new Error('never'); }", 'counterSync.chooseM2 threw Error: never'],
    ['chooseM2: (sa) => { sa.expectedSend = 4; return 0; }', 'counterSync.chooseM2 threw TypeError'],
    ['chooseM2: () => count++', 'returned two results for the same values, 0 and 1'],
  ])('a rule with %j is told as on the command line', async (slots, said) => {
    await expect(checked(text(slots, 'let count = 0;'))).rejects.toThrow(said);
  });
});
