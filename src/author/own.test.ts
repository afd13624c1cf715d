/** Properties and scenarios that a revision brings along. */
import { expect, test } from 'vitest';
import threeMessages from '../../docs/examples/three-message-sync.ts';
import { fine, ownScenario, type Revision, rfc6311, safety, scenarios } from '../../model/index.ts';
import { check, checkedPropertyNamed, scenarioNamed, settingsWith } from '../questions/check.ts';
import { compare, sideOf } from '../questions/compare.ts';
import { checkDocument } from '../questions/document.ts';
import { UsageError } from '../questions/usage-error.ts';
import { renderCheck } from '../report/check.ts';
import { checkSuite } from '../report/check-junit.ts';
import { checkResults, propertyRules } from '../report/check-sarif.ts';
import { ownPropertiesOf, scenariosWith } from './own.ts';
import { revisionIn } from './testing/loaded-revision.ts';

const revision = revisionIn({ default: threeMessages }, 'three-message-sync.ts');
const style = { width: 100, colour: false, unicode: true } as const;

test('a scenario of its own is found beside ours, and explored', async () => {
  const scenario = scenarioNamed('confirmation-lost', [revision]);
  expect(scenariosWith([revision])).toHaveLength(scenarios.length + 1);
  expect(scenario.sizes.small).toMatchObject({ members: 3, failovers: 2, network: 'fifo', window: 1 });
  // A size that is left out is as the one before.
  expect(scenario.sizes.large).toEqual(scenario.sizes.medium);
  expect(() => scenarioNamed('confirmation-lots', [revision])).toThrow('did you mean confirmation-lost?');
  expect(() => scenarioNamed('confirmation-lost')).toThrow("unknown scenario 'confirmation-lost'");
  const { statistics, properties } = await check({
    ...{ revision, scenario, size: 'small', settings: scenario.sizes.small },
  });
  expect(statistics.complete).toBe(true);
  expect(properties.find(({ id }) => id === 'acts-when-confirmed')?.verdict).toBe('holds');
  // Ours come first, then its own, then those of progress.
  expect(properties.map(({ id }) => id).slice(-6)).toEqual([
    'acts-when-confirmed',
    'esp-gets-through',
    'child-sas-agree',
    'esp-finds-its-sa',
    'recovery-possible',
    'recovery-fair',
  ]);
});

test('a property of its own is compared, drawn and exported like ours', async () => {
  const scenario = scenarioNamed('single-failover');
  const settings = settingsWith(scenario.sizes.small, ['requests=0', 'bump=0'], rfc6311);
  const { rows, results } = await compare({
    sides: [sideOf(rfc6311), sideOf(revision)],
    size: 'small',
    scenarios: [{ scenario, settings: [settings, settings] }],
    properties: ['acts-when-confirmed'],
  });
  expect(rows).toMatchObject([
    { difference: 'differs', first: { verdict: 'violated' }, second: { verdict: 'holds' } },
  ]);
  const [[result]] = results as [(typeof results)[number]];
  const says = 'No end goes on with the numbers of a sync request before';
  expect(result.properties).toMatchObject([{ counterexample: { depth: 2 }, own: { rules: [] } }]);
  expect(renderCheck(result, style)).toContain(says);
  expect(renderCheck(result, style)).toContain('breaks acts-when-confirmed after 2 steps: the peer acts');
  expect(checkDocument(result).properties).toMatchObject([
    { id: 'acts-when-confirmed', depth: 2, own: { title: expect.stringMatching(/^The peer acts/) } },
  ]);
  const { cases } = checkSuite(result);
  expect(cases).toMatchObject([{ name: 'acts-when-confirmed', outcome: { kind: 'failed' } }]);
  expect(JSON.stringify(cases)).toContain(says);
  expect(propertyRules([result]).at(-1)).toMatchObject({ id: 'acts-when-confirmed' });
  expect(checkResults(result)).toMatchObject([{ rule: 'acts-when-confirmed', kind: 'fail' }]);
});

test('its name is known where a property is asked for', () => {
  expect(checkedPropertyNamed('acts-when-confirmed', [revision])).toBe('acts-when-confirmed');
  expect(() => checkedPropertyNamed('act-when-confirmed', [revision])).toThrow(
    'did you mean acts-when-confirmed?',
  );
});

test('two revisions that mean two things by one name are not explored together', () => {
  const other = { ...revision, name: 'other' };
  expect(() => ownPropertiesOf([revision, other])).toThrow(
    "three-message-sync and other have each a property 'acts-when-confirmed' of their own",
  );
  expect(() => scenariosWith([revision, other])).toThrow("a scenario 'confirmation-lost'");
  // One that is named twice, or without a rule, is one.
  expect(ownPropertiesOf([revision, { ...revision, name: `${revision.name} without X` }])).toHaveLength(1);
});

const monitor = { initial: 0, observe: (state: number) => fine(state) };
const property = { id: 'mine', title: 't', says: 's', rules: [] as const, watch: monitor };
const place = { name: 'mine', sizes: { small: {} } };

test.each<readonly [object, string]>([
  [{ properties: [{ ...property, id: 'sync-negotiated' }] }, "'sync-negotiated' has the id of a shipped one"],
  [{ properties: [property, property] }, "two of its properties are named 'mine'"],
  [{ properties: [{ ...property, id: 'two words' }] }, "'properties[0].id' is string"],
  [{ properties: [{ ...property, rules: ['RFC6311-5.1-M3'] }] }, "'properties[0].rules' is an array"],
  [{ properties: [{ ...property, wacth: 1 }] }, "'properties[0]' has no 'wacth'; did you mean watch?"],
  [{ properties: [{ ...property, watch: { initial: 0 } }] }, 'watch.observe is undefined, not a function'],
  [{ properties: {} }, "'properties' is an object; it has to be a list"],
  [{ scenarios: [{ ...place, name: 'rekey' }] }, "the scenario 'rekey' has the name of a shipped one"],
  [{ scenarios: [{ ...place, sizes: {} }] }, "'scenarios[0].sizes' has no 'small'"],
  [{ scenarios: [{ ...place, sizes: { small: { member: 3 } } }] }, 'did you mean members?'],
  [
    { scenarios: [{ ...place, sizes: { small: { members: 1 } } }] },
    "sizes.small.members' cannot be number 1",
  ],
  [{ scenarios: [{ ...place, sizes: { small: { network: 'tcp' } } }] }, `network' cannot be string "tcp"`],
  [{ scenarios: [place, place] }, "two of its scenarios are named 'mine'"],
])('%#: what is written wrongly', (more, message) => {
  const load = (): Revision => revisionIn({ default: { ...rfc6311, name: 'draft', ...more } }, 'draft.ts');
  expect(load).toThrow('draft.ts: ');
  expect(load).toThrow(message);
  expect(load).toThrow(UsageError);
});

test.each<readonly [(state: number) => unknown, string]>([
  [() => true, 'properties.mine.watch.observe returned true'],
  [() => ({ ok: true }), 'properties.mine.watch.observe returned no state'],
  [() => ({ ok: false, because: 3 }), 'properties.mine.watch.observe returned because 3'],
  [(state) => ({ ok: true, state, also: 1 }), 'with the field also, which there is not'],
])('%#: a monitor that goes wrong is named', async (observe, message) => {
  const own = safety({ ...property, watch: { initial: 0, observe: observe as typeof monitor.observe } });
  const draft = revisionIn({ default: { ...rfc6311, name: 'draft', properties: [own] } }, 'draft.ts');
  const { small } = ownScenario({ ...place, sizes: { small: { requests: 1 } } }).sizes;
  const run = check({ revision: draft, scenario: scenarios[0]!, size: 'small', settings: small });
  await expect(run).rejects.toThrow(`draft.ts: `);
  await expect(run).rejects.toThrow(message);
});
