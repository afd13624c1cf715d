/** What an exploration leaves out makes no difference: every revision in every scenario, with and without it. */
import { describe, expect, test } from 'vitest';
import {
  ikev2,
  ipsecha01,
  type Revision,
  revisions,
  rfc6311,
  type Scenario,
  type Settings,
  scenarios,
  settingsFor,
} from '../../model/index.ts';
import { DeclarationDefect } from '../explore/defect.ts';
import { explore } from '../explore/explore.ts';
import type { ReductionName } from '../explore/options.ts';
import { isWhole } from '../testing/sweep.ts';
import { type CheckResult, check, scenarioNamed } from './check.ts';
import { type ModelSystem, systemOf } from './system-of.ts';

/** Without any reduction, and with all. */
const NONE_AND_ALL: readonly (readonly ReductionName[])[] = [['symmetry', 'dead-messages'], []];
const EACH: readonly (readonly ReductionName[])[] = [['symmetry'], ['dead-messages']];

/** Where each is tried alone as well: one with each kind of thing that can be left out. */
const ALONE = ['single-failover', 'packets-during-failover', 'replay', 'simultaneous-failover'];

/** Scenarios that have very many states with packets, without reductions. */
const WITHOUT_PACKETS = ['negotiation', 'rekey'];

/** As small as the scenario can be and still be itself. */
function smallest(scenario: Scenario, settings: Settings): Settings {
  const atMost = (
    most: number,
    ...fields: readonly ('requests' | 'packets' | 'bump' | 'delta' | 'failovers')[]
  ) => Object.fromEntries(fields.map((field) => [field, Math.min(most, settings[field])]));
  const packets = WITHOUT_PACKETS.includes(scenario.name) ? 0 : 1;
  return {
    ...settings,
    ...atMost(1, 'requests', 'bump'),
    ...atMost(packets, 'packets', 'delta'),
    ...atMost(2, 'failovers'),
    retries: 0,
  };
}

/** In `npm test`, the drafts are explored once: they are much like RFC 6311; and the largest scenario not at all. */
const revisionsIn = ({ name }: Scenario): readonly Revision[] =>
  !isWhole && name === 'simultaneous-failover'
    ? []
    : isWhole || name === 'single-failover'
      ? revisions
      : revisions.filter((each) => each === ikev2 || each === rfc6311);

const judged = ({ properties }: CheckResult): readonly string[] =>
  properties.map(({ id, verdict, counterexample }) => `${id} ${verdict} ${counterexample?.depth ?? ''}`);

describe('same verdicts and same lengths of counterexamples', () => {
  const states = { reduced: 0, plain: 0 };
  for (const scenario of scenarios) {
    test.each(revisionsIn(scenario).map((revision) => [revision.name, revision] as const))(
      `${scenario.name}, %s`,
      async (_, revision) => {
        const settings = smallest(scenario, settingsFor(scenario, 'small', revision));
        const found: CheckResult[] = [];
        const choices =
          revision === rfc6311 && ALONE.includes(scenario.name) ? [...NONE_AND_ALL, ...EACH] : NONE_AND_ALL;
        for (const noReductions of choices) {
          found.push(await check({ revision, scenario, settings, size: 'small', noReductions }));
        }
        const [plain, ...others] = found as [CheckResult, ...CheckResult[]];
        expect(plain.statistics.complete).toBe(true);
        for (const other of others) expect(judged(other)).toEqual(judged(plain));
        states.plain += plain.statistics.states;
        states.reduced += found[1]!.statistics.states;
      },
      120_000,
    );
  }

  test('and there was something to leave out', () => {
    expect(states.reduced).toBeLessThan((isWhole ? 0.6 : 0.8) * states.plain);
  });
});

describe('the same under each power that a cluster can have', () => {
  const cases: readonly (readonly [string, Revision, Partial<Settings>])[] = [
    ['single-failover', rfc6311, { requests: 2, bump: 1, stateSync: 'periodic', lag: 1 }],
    ['packets-multiple-failover', rfc6311, { stateSync: 'periodic', lag: 1 }],
    ['multiple-failover', rfc6311, { requests: 0, returning: 'with-memory' }],
    ['packets-multiple-failover', rfc6311, { returning: 'with-memory' }],
    ['single-failover', rfc6311, { requests: 1, bump: 1, actives: 2 }],
    ['multiple-failover', rfc6311, { requests: 0, telling: 'after-sending' }],
    ['multiple-failover', ipsecha01, { requests: 0, telling: 'before-sending' }],
    ['single-failover', rfc6311, { requests: 1, bump: 1, answering: 'apart' }],
    ['multiple-failover', rfc6311, { requests: 0, actives: 2, returning: 'with-memory' }],
    ['multiple-failover', ipsecha01, { requests: 0, actives: 2, remaining: 'newer' }],
    ['packets-multiple-failover', rfc6311, { failovers: 1, actives: 2, stateSync: 'periodic' }],
    ['multiple-failover', rfc6311, { requests: 0, stateSyncOrder: 'delayed' }],
    ['multiple-failover', ipsecha01, { requests: 0, stateSyncOrder: 'delayed' }],
    [
      'multiple-failover',
      rfc6311,
      {
        requests: 0,
        stateSync: 'periodic',
        stateSyncOrder: 'delayed',
        stateSyncReceipt: 'keep-maximum',
        returning: 'with-memory',
      },
    ],
  ];
  test.each(cases.map(([name, revision, changes]) => [name, revision.name, changes, revision] as const))(
    '%s, %s, %o',
    async (name, _, changes, revision) => {
      const scenario = scenarioNamed(name);
      const settings = { ...smallest(scenario, settingsFor(scenario, 'small', revision)), ...changes };
      const [plain, reduced] = await Promise.all(
        NONE_AND_ALL.map((noReductions) =>
          check({ revision, scenario, settings, size: 'small', noReductions }),
        ),
      );
      expect(plain!.statistics.complete).toBe(true);
      expect(judged(reduced!)).toEqual(judged(plain!));
      // They were not given up.
      expect(reduced!.statistics.states).toBeLessThan(plain!.statistics.states);
    },
    120_000,
  );
});

describe('what is said wrongly of the protocol is noticed', () => {
  const scenario = scenarioNamed('multiple-failover');
  const system = systemOf(rfc6311, smallest(scenario, settingsFor(scenario, 'small', rfc6311)));
  const kinds = ['request', 'response', 'sync-request', 'sync-response'] as const;

  test.each(kinds)('that a %s is obsolete from the beginning', async (kind) => {
    const faulty: ModelSystem = {
      ...system,
      isObsolete: (message, value, component) =>
        message.kind === kind || system.isObsolete!(message, value, component),
    };
    await expect(explore(faulty)).rejects.toBeInstanceOf(DeclarationDefect);
  });

  test('that the peer is one of the members', async () => {
    const [members = []] = system.interchangeable ?? [];
    const peer = system.components.indexOf('peer');
    expect(peer).toBeGreaterThanOrEqual(0);
    const faulty: ModelSystem = { ...system, interchangeable: [[...members, peer]] };
    await expect(explore(faulty, { checkPurity: true })).rejects.toThrow('interchangeable');
  });
});

test.each<[string, Partial<Settings>]>([
  ['an old Child SA that lives on until its DELETE', { rekeyOld: 'until-delete', stateSync: 'each-step' }],
  ['both ends rekeying at once', { rekeyBy: 'both', stateSync: 'each-step' }],
])('nor with %s', async (_, changes) => {
  const scenario = scenarioNamed('rekey');
  const settings: Settings = { ...scenario.sizes.small, members: 3, rekey: 'child', packets: 0, ...changes };
  const found = await Promise.all(
    NONE_AND_ALL.map((noReductions) =>
      check({ revision: rfc6311, scenario, settings, size: 'small', noReductions }),
    ),
  );
  const [plain, reduced] = found.map(judged);
  expect(reduced).toEqual(plain);
  expect(found[1]!.statistics.states).toBeLessThan(found[0]!.statistics.states);
});
