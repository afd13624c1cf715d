/** Recovery in every fair run: who asks again and again is answered at last, over every network. */
import { describe, expect, test } from 'vitest';
import {
  ipsecha00,
  ipsecha01,
  type Network,
  type Revision,
  recoveryFair,
  recoveryPossible,
  revisions,
  rfc6311,
  type Settings,
  scenarios,
  settingsFor,
  without,
} from '../../model/index.ts';
import { REDUCTIONS, type ReductionName } from '../explore/options.ts';
import { judgeNaively } from '../explore/testing/naive-fairness.ts';
import { check } from './check.ts';
import { checkDocument } from './document.ts';
import { systemOf } from './system-of.ts';

const scenarioCalled = (name: string) => scenarios.find((each) => each.name === name)!;

/** The verdict on one property, or on all that do not hold, with the depth of the counterexample. */
async function verdicts(
  revision: Revision,
  scenarioName: string,
  changes: Partial<Settings>,
  properties?: readonly string[],
  noReductions: readonly ReductionName[] = [],
): Promise<Readonly<Record<string, string | number>>> {
  const scenario = scenarioCalled(scenarioName);
  const settings = { ...settingsFor(scenario, 'small', revision), ...changes };
  const result = await check({
    revision,
    scenario,
    size: 'small',
    settings,
    noReductions,
    ...(properties !== undefined && { properties }),
  });
  return Object.fromEntries(
    result.properties.flatMap(({ id, verdict, counterexample }) =>
      verdict === 'holds' ? [] : [[id, counterexample?.depth ?? verdict]],
    ),
  );
}

const fair = async (
  revision: Revision,
  scenario: string,
  changes: Partial<Settings>,
  noReductions: readonly ReductionName[] = [],
) =>
  (await verdicts(revision, scenario, changes, [recoveryFair.id], noReductions))[recoveryFair.id] ?? 'holds';

const two = { requests: 2, bump: 2 };

describe('a sync request whose response was lost (question 1 of the text)', () => {
  test('that is sent again as it was and dropped silently is never answered; nothing else tells', async () => {
    expect(await verdicts(rfc6311, 'single-failover', two)).toEqual({ 'recovery-fair': 2 });
  });

  test('that is sent again as it was and answered from the cache is answered at last', async () => {
    expect(await verdicts(rfc6311, 'single-failover', { ...two, staleSync: 'answer-from-cache' })).toEqual(
      {},
    );
  });

  test.each([1, 2] as const)(
    'that is replaced by a fresh one leaves no run stuck but those that use up all %i replacements',
    async (retries) => {
      const changes = { requests: 1, bump: 1, retry: 'fresh', retries } as const;
      const scenario = scenarioCalled('single-failover');
      const settings = { ...scenario.sizes.small, ...changes };
      const result = await check({ revision: rfc6311, scenario, size: 'small', settings });
      const broken = result.properties.filter(({ verdict }) => verdict !== 'holds');
      // To replace a sync request is what section 7 forbids, whatever comes of it.
      expect(broken.map(({ id, counterexample }) => [id, counterexample?.depth])).toEqual([
        ['sync-once-per-failover', 2],
        ['recovery-fair', undefined],
      ]);
      expect(broken.filter(({ id }) => id !== 'sync-once-per-failover')).toEqual([
        {
          id: 'recovery-fair',
          verdict: 'inconclusive',
          because: 'some runs stay away from the goal unless they go on beyond the bounds: retries',
        },
      ]);
    },
  );

  test('a Failover Count that was observed is discarded in the same way', async () => {
    expect(await verdicts(ipsecha01, 'single-failover', two)).toEqual({ 'recovery-fair': 2 });
  });

  test('where nothing protects against replay, every copy is answered, which leads astray by itself', async () => {
    const changes = { requests: 0, bump: 0 };
    expect(await verdicts(ipsecha00, 'single-failover', changes)).toEqual({
      'sync-request-once': 3,
      'recovery-possible': 4,
      'recovery-fair': 4,
    });
  });

  const networks: readonly (readonly [Network, Settings['staleSync'], string | number])[] = [
    ['adversarial', 'drop', 2],
    ['adversarial', 'answer-from-cache', 'holds'],
    ['no-replay', 'drop', 2],
    ['no-replay', 'answer-from-cache', 'holds'],
    ['fifo', 'drop', 3],
    ['fifo', 'answer-from-cache', 'holds'],
    ['reliable', 'drop', 'holds'],
    ['reliable', 'answer-from-cache', 'holds'],
  ];
  test.each(networks)('over the network %s with stale-sync=%s: %s', async (network, staleSync, expected) => {
    expect(await fair(rfc6311, 'single-failover', { requests: 1, bump: 1, network, staleSync })).toBe(
      expected,
    );
  });
});

test('a retransmitted request that is not answered from the cache is answered once, and that may be lost', async () => {
  const revision = without(rfc6311, 'RFC7296-2.1-RETRANSMISSION')!;
  const changes = { ...two, staleSync: 'answer-from-cache' } as const;
  expect(await verdicts(revision, 'single-failover', changes)).toEqual({ 'recovery-fair': 5 });
});

test('what can never recover does not recover in fair runs either', async () => {
  let stuck = 0;
  for (const revision of revisions) {
    for (const name of ['single-failover', 'simultaneous-failover', 'larger-window']) {
      const { requests: most } = settingsFor(scenarioCalled(name), 'small', revision);
      const requests = Math.min(1, most);
      const changes = { requests, bump: requests, staleSync: 'answer-from-cache' } as const;
      const found = await verdicts(revision, name, changes, [recoveryPossible.id, recoveryFair.id]);
      if (typeof found[recoveryPossible.id] !== 'number') continue;
      stuck++;
      expect(found[recoveryFair.id], `${revision.name}, ${name}`).toBeDefined();
    }
  }
  expect(stuck).toBeGreaterThan(5);
});

describe('agrees with the naive judge on', () => {
  const cases: readonly (readonly [string, Revision, string, Partial<Settings>])[] = [
    ['one failover', rfc6311, 'single-failover', {}],
    ['a cache', rfc6311, 'single-failover', { staleSync: 'answer-from-cache' }],
    ['fresh requests', rfc6311, 'single-failover', { retry: 'fresh', retries: 1 }],
    ['no replay', rfc6311, 'single-failover', { network: 'no-replay' }],
    ['queues that lose', rfc6311, 'single-failover', { network: 'fifo' }],
    [
      'queues that lose, and a cache',
      rfc6311,
      'single-failover',
      { network: 'fifo', staleSync: 'answer-from-cache' },
    ],
    ['queues that do not', rfc6311, 'single-failover', { network: 'reliable' }],
    ['both ends', rfc6311, 'simultaneous-failover', {}],
    ['both ends, and a cache', rfc6311, 'simultaneous-failover', { staleSync: 'answer-from-cache' }],
    ['the first draft', ipsecha00, 'single-failover', {}],
    ['the second draft', ipsecha01, 'single-failover', {}],
  ];
  test.each(cases)('%s', async (_, revision, scenario, changes) => {
    const settings = {
      ...settingsFor(scenarioCalled(scenario), 'small', revision),
      requests: 0,
      bump: 0,
      ...changes,
    };
    const system = systemOf(revision, settings);
    const expected = judgeNaively(system, system.fairProgress![0]!, 120);
    expect(expected).toBeDefined();
    // The judge knows no reductions. Where a step changes nothing but dead messages, a run stays one step earlier.
    expect(await fair(revision, scenario, { requests: 0, bump: 0, ...changes }, REDUCTIONS)).toBe(
      typeof expected === 'object' ? expected.violatedAt : expected,
    );
  });
});

describe('the document', () => {
  const cycleOf = async (changes: Partial<Settings>) => {
    const scenario = scenarioCalled('single-failover');
    const settings = { ...scenario.sizes.small, requests: 0, bump: 0, ...changes };
    const result = await check({ revision: rfc6311, scenario, size: 'small', settings });
    const { properties } = checkDocument(result);
    const { depth, counterexample, cycle } = properties.find(({ id }) => id === 'recovery-fair')!;
    return { depth, steps: counterexample?.map(({ action }) => action), cycle };
  };
  const syncRequest = { kind: 'sync-request', from: 'cluster', m1: 0, p1: 0 };

  test('says where the run begins to stay', async () => {
    expect(await cycleOf({})).toMatchObject({
      depth: 2,
      steps: ['failover', 'receive'],
      cycle: { start: 2, inVain: [syncRequest] },
    });
  });

  test('says where the run begins to go round', async () => {
    expect(await cycleOf({ network: 'fifo' })).toMatchObject({
      depth: 3,
      steps: ['failover', 'receive', 'lose', 'retransmit', 'drop'],
      cycle: { start: 3, inVain: [syncRequest] },
    });
  });
});
