/** Walks through the specification: they find what is broken, say how, and never say that anything holds. */
import { describe, expect, it } from 'vitest';
import {
  ikev2,
  ipsecha00,
  type Revision,
  rfc6311,
  type Size,
  settingsFor,
  without,
} from '../../model/index.ts';
import { Unanswered } from '../explore/defect.ts';
import { pathOf } from '../explore/walk/path.ts';
import { check, scenarioNamed, settingsWith } from './check.ts';
import { simulateDocument } from './document-of-simulation.ts';
import {
  PROGRESS,
  replay,
  type SimulateRequest,
  type SimulateResult,
  simulate,
  simulatedPropertyNamed,
} from './simulate.ts';

const requestFor = (
  revision: Revision,
  name: string,
  changes: readonly string[] = [],
  size: Size = 'small',
): SimulateRequest => {
  const scenario = scenarioNamed(name);
  const settings = settingsWith(settingsFor(scenario, size, revision), changes, revision);
  return { revision, scenario, size, settings, seed: 1, depth: 60, walks: 300 };
};

const lacking = (rule: string): Revision => {
  const revision = without(rfc6311, rule);
  if (revision === undefined) throw new Error(`rfc6311 cannot be without ${rule}`);
  return revision;
};

/** The same, explored. */
async function explored({ revision, scenario, size, settings, properties }: SimulateRequest) {
  const some = properties === undefined ? {} : { properties };
  return (await check({ revision, scenario, size, settings, stopWhenAllViolated: true, ...some })).properties;
}

const foundIn = ({ properties }: SimulateResult) =>
  properties.flatMap(({ id, found }) => (found === undefined ? [] : [{ id, found }]));

it('shows what was found until a rule did not end', async () => {
  const stale = rfc6311.counterSync!;
  // What was answered once is known (`guard.ts`); of what is new, only so much is answered.
  const answered = new Set<string>();
  const isStale = (...question: readonly unknown[]): boolean => {
    const asked = JSON.stringify(question);
    if (answered.size === 20 && !answered.has(asked)) throw new Unanswered('isStale has not answered');
    answered.add(asked);
    return false;
  };
  const mine: Revision = { ...rfc6311, name: 'mine', counterSync: { ...stale, isStale } };
  const result = await simulate(requestFor(mine, 'multiple-failover'));
  expect(result.statistics).toMatchObject({ stopped: 'unanswered', unanswered: 'isStale has not answered' });
  expect(result.verdict).toBe('violated');
  expect(foundIn(result).map(({ id }) => id)).toContain('sync-request-once');
  expect(result.properties.find(({ verdict }) => verdict === 'inconclusive')?.because).toMatch(
    /without a violation; not exhaustive; then isStale has not answered$/u,
  );
});

describe('seeded faults', () => {
  it.each([
    ['RFC6311-5.1-M1-BUMP', 'single-failover', 'message-id-monotonicity'],
    ['RFC6311-5.1-P2', 'single-failover', 'request-at-most-once'],
    ['RFC7296-2.1-RESPONSE-MATCH', 'single-failover', 'response-matches-request'],
    ['RFC7296-2.3-WINDOW', 'single-failover', 'window-respected'],
    ['RFC6311-5.1-DROP-STALE', 'single-failover', 'sync-request-once'],
    ['RFC6311-5.1-NONCE-CHECK', 'multiple-failover', 'sync-response-fresh'],
    ['RFC6311-5.1-M1-SHARED', 'multiple-failover', 'counters-never-regress'],
    ['RFC6311-5.2-OWN-BUMP', 'packets-during-failover', 'esp-sequence-unique'],
    ['RFC4303-3.4.3-ANTI-REPLAY', 'packets-during-failover', 'esp-replay-rejected'],
    ['RFC6311-5.1-DROP-STALE', 'packets-during-failover', 'delta-added-once'],
  ])('without %s, walks in %s break %s, and nothing much shorter does', async (rule, scenario, property) => {
    const request = { ...requestFor(lacking(rule), scenario), properties: [property] };
    const result = await simulate(request);
    expect(result.verdict).toBe('violated');
    const [found] = foundIn(result);
    const shortest = (await explored(request))[0]?.counterexample?.depth ?? 0;
    const depth = found?.found.counterexample.depth ?? 0;
    expect(shortest).toBeGreaterThan(0);
    expect(depth).toBeGreaterThanOrEqual(shortest);
    expect(depth).toBeLessThanOrEqual(shortest + 1);
    // No step can be left out.
    const path = pathOf(found?.found.path ?? '');
    expect(path?.choices.length).toBe(depth);
  });
});

describe('what walks find, an exploration finds', () => {
  const cases: readonly (readonly [Revision, string, readonly string[]])[] = [
    [ikev2, 'single-failover', []],
    [ikev2, 'packets-during-failover', []],
    [ipsecha00, 'single-failover', ['requests=1']],
    [rfc6311, 'single-failover', ['requests=2']],
    [rfc6311, 'combined', []],
    [rfc6311, 'single-failover', ['requests=2', 'network=no-replay']],
    [lacking('RFC6311-5.1-M1-BUMP'), 'single-failover', ['requests=1', 'network=fifo']],
  ];
  it.each(cases.map(([revision, ...where]) => [revision.name, ...where, revision] as const))(
    '%s in %s %j',
    async (_, scenario, changes, revision) => {
      const request = requestFor(revision, scenario, changes);
      const walked = foundIn(await simulate(request)).map(({ id }) => id);
      const broken = (await explored(request)).flatMap(({ id, verdict }) =>
        verdict === 'violated' ? [id] : [],
      );
      expect(broken).toEqual(expect.arrayContaining(walked));
    },
  );
});

describe('a simulation', () => {
  it('is the same for the same seed, and another for another', async () => {
    const plain = ({ statistics, ...rest }: SimulateResult): object => ({
      ...rest,
      statistics: { ...statistics, seconds: 0, stepsPerSecond: 0 },
    });
    const request = requestFor(ikev2, 'single-failover');
    const once = await simulate(request);
    expect(plain(await simulate(request))).toEqual(plain(once));
    expect(plain(await simulate({ ...request, seed: 2 }))).not.toEqual(plain(once));
  });

  it('never says that a property holds', async () => {
    const result = await simulate({ ...requestFor(rfc6311, 'single-failover'), walks: 50 });
    expect(result.verdict).toBe('inconclusive');
    expect(new Set(result.properties.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
    expect(result.properties[0]?.because).toMatch(/^[\d,]+ steps without a violation; not exhaustive$/);
    expect(simulateDocument(result).notJudged).toEqual(PROGRESS);
    expect(PROGRESS).toContain('recovery-possible');
    expect(() => simulatedPropertyNamed('recovery-possible')).toThrow('walks cannot judge');
    expect(() => simulatedPropertyNamed('x')).toThrow("unknown property 'x'");
  });

  it('tells how many walks were interesting, and what never occurred', async () => {
    const { statistics, neverOccurred } = await simulate({
      ...requestFor(rfc6311, 'single-failover'),
      depth: 1,
    });
    expect(statistics.interesting.sync).toBe(0);
    expect(statistics.interesting.failover).toBe(statistics.kinds['failover']?.steps);
    expect(neverOccurred).toEqual(expect.arrayContaining(['receive', 'RFC6311-5.1-M2']));
    const deep = await simulate(requestFor(rfc6311, 'single-failover'));
    expect(deep.neverOccurred).toEqual([]);
    expect(deep.statistics.interesting.sync).toBeGreaterThan(50);
    expect(deep.statistics.interesting.sync).toBeLessThanOrEqual(deep.statistics.interesting.failover);
    expect(deep.statistics.rules['RFC6311-5.1-M2']?.walks).toBe(deep.statistics.interesting.sync);
  });

  it('counts a member that takes over from one that goes on as a failover', async () => {
    const { statistics } = await simulate({
      ...requestFor(rfc6311, 'single-failover', ['actives=2']),
      walks: 50,
    });
    const { failover, split } = statistics.kinds;
    const { interesting } = statistics;
    expect(split?.walks).toBeGreaterThan(0);
    expect(interesting.failover).toBeGreaterThanOrEqual(Math.max(failover?.walks ?? 0, split?.walks ?? 0));
    expect(interesting.failover).toBeLessThanOrEqual(statistics.walks);
  });

  it('goes where no exploration can go', async () => {
    const changes = ['members=6', 'failovers=20', 'requests=60', 'packets=40', 'bump=60', 'delta=100'];
    const request = requestFor(rfc6311, 'multiple-failover', changes);
    const { statistics } = await simulate({ ...request, depth: 600, walks: 10 });
    expect(statistics.longest).toBeGreaterThan(400);
    expect(statistics.kinds['failover']!.steps).toBeGreaterThan(50);
    const blind = ['bump=0', ...changes.filter((change) => !change.startsWith('bump'))];
    const broken = await simulate({
      ...requestFor(rfc6311, 'multiple-failover', blind),
      depth: 600,
      walks: 10,
    });
    expect(broken.verdict).toBe('violated');
  });
});

describe('a path', () => {
  it('leads to the same counterexample again', async () => {
    const request = requestFor(ikev2, 'single-failover');
    for (const { id, found } of foundIn(await simulate(request))) {
      const again = foundIn(replay({ ...request, properties: [id] }, pathOf(found.path)!));
      expect(again).toEqual([{ id, found: { counterexample: found.counterexample, path: found.path } }]);
    }
  });

  it('is refused under other settings', () => {
    const path = pathOf('0.0-9999.0')!;
    expect(() => replay(requestFor(ikev2, 'single-failover'), path)).toThrow('only 1 of the 2 steps');
  });
});
