import { describe, expect, test } from 'vitest';
import {
  appliesTo,
  ikev2,
  ipsecha00,
  ipsecha01,
  type Revision,
  rfc6311,
  rulesOf,
  type Settings,
  scenarios,
  settingSpecs,
} from '../../model/index.ts';
import { REDUCTIONS } from '../explore/options.ts';
import {
  boundsOf,
  check,
  checkedPropertyNamed,
  revisionNamed,
  scenarioNamed,
  settingsWith,
  withoutRule,
  worst,
} from './check.ts';
import { UsageError } from './usage-error.ts';

const { small } = scenarios[0]!.sizes;

describe('settings as they are given', () => {
  test('change what they name, and nothing else', () => {
    expect(settingsWith(small, ['requests=1', 'state-sync=never'], rfc6311)).toEqual({
      ...small,
      requests: 1,
      stateSync: 'never',
    });
    expect(settingsWith(small, [], rfc6311)).toEqual(small);
    expect(settingsWith(small, ['bump=1', 'bump=2'], rfc6311).bump).toBe(2);
  });

  test.each([
    ['request=1', "unknown setting 'request'"],
    ['requests', '--set requests: a setting is given as KEY=VALUE'],
    ['own-bump=near', "setting 'own-bump' cannot be 'near'"],
    ['requests=delta', "setting 'requests' cannot be 'delta'"],
    ['requests=1=2', '--set requests=1=2: a setting is given as KEY=VALUE'],
    ['requests=', "setting 'requests' cannot be ''"],
    ['requests=-1', "setting 'requests' cannot be '-1'"],
    ['requests=1.5', "setting 'requests' cannot be '1.5'"],
    ['requests=9999', "setting 'requests' cannot be '9999'"],
    ['members=1', "setting 'members' cannot be '1'"],
    ['retry=Fresh', "setting 'retry' cannot be 'Fresh'"],
  ])('%s is refused', (change, message) => {
    expect(() => settingsWith(small, [change], rfc6311)).toThrow(message);
    expect(() => settingsWith(small, [change], rfc6311)).toThrow(UsageError);
  });

  test('a short form sets several settings, and the later change counts', () => {
    expect(settingsWith(small, ['while-syncing=process'], rfc6311)).toEqual({
      ...small,
      ikeWhileSyncing: 'process',
      espWhileSyncing: 'pass',
    });
    const both = settingsWith(small, ['while-syncing=process', 'esp-while-syncing=hold'], rfc6311);
    expect(both).toEqual({ ...small, ikeWhileSyncing: 'process' });
    expect(settingsWith(small, ['while-syncing=hold'], rfc6311)).toEqual(small);
    expect(() => settingsWith(small, ['while-syncing=pass'], rfc6311)).toThrow(
      "setting 'while-syncing' cannot be 'pass'",
    );
    expect(() => settingsWith(small, ['while-syncing'], rfc6311)).toThrow('a setting is given as KEY=VALUE');
    expect(() => settingsWith(small, ['while-syncing=hold'], ikev2)).toThrow(
      "setting 'while-syncing' does not apply to ikev2",
    );
  });

  test('what does not apply to a revision is refused, and not shown', () => {
    expect(() => settingsWith(small, ['bump=1'], ikev2)).toThrow("setting 'bump' does not apply to ikev2");
    expect(boundsOf(ikev2, small)).toMatchObject({
      members: 2,
      failovers: 1,
      requests: 3,
      'state-sync': 'any',
    });
    const having = (key: string) =>
      [ikev2, ipsecha00, ipsecha01, rfc6311]
        .filter((revision) => key in boundsOf(revision, small))
        .map(({ name }) => name);
    // A new setting is shown where the table has it apply, and nowhere else; of these it is said here where.
    for (const spec of settingSpecs) {
      const applying = [ikev2, ipsecha00, ipsecha01, rfc6311].filter((revision) => appliesTo(spec, revision));
      expect([spec.key, having(spec.key)]).toEqual([spec.key, applying.map(({ name }) => name)]);
    }
    const everySync = ['ipsecha-00', 'ipsecha-01', 'rfc6311'];
    for (const key of ['bump', 'delta', 'retry', 'adopt', 'pending', 'in-window', 'message-id-sync'])
      expect([key, having(key)]).toEqual([key, everySync]);
    expect(having('network')).toEqual(['ikev2', ...everySync]);
    for (const key of ['stale-sync', 'm1-compare', 'm1-sharing']) expect(having(key)).toEqual(['rfc6311']);
    for (const key of ['failover-count', 'first-count', 'fresh-count'])
      expect(having(key)).toEqual(['ipsecha-01']);
    expect(having('counter-form')).toEqual(['ipsecha-00']);
    expect(having('m2-counts')).toEqual(['ipsecha-00', 'ipsecha-01']);
  });

  const elsewhere: readonly (readonly [string, Revision, string])[] = [
    ['m1-compare=next-expected', ipsecha00, 'which accepts a sync request whatever its M1'],
    ['m1-sharing=told', ipsecha01, 'which accepts a sync request whatever its M1'],
    ['stale-sync=drop', ipsecha01, 'which accepts a sync request whatever its M1'],
    ['failover-count=shared', ipsecha00, 'which has no Failover Count'],
    ['failover-count=shared', rfc6311, 'which has no Failover Count'],
    ['failover-count=shared', ikev2, 'which has no counter sync'],
    ['retries=1', ikev2, 'which has no counter sync'],
    ['bump=1', { ...rfc6311, name: 'mine', policies: [] }, 'which does not leave it open'],
  ];
  test.each(elsewhere.map(([change, revision, why]) => [change, revision.name, why, revision] as const))(
    '%s does not apply to %s, %s',
    (change, name, why, revision) => {
      expect(() => settingsWith(small, [change], revision)).toThrow(`does not apply to ${name}, ${why}`);
      expect(() => settingsWith(small, [change], revision)).toThrow(UsageError);
    },
  );

  test('own-bump and window-move are numbers, or follow the delta', () => {
    const given = settingsWith(small, ['own-bump=3', 'window-move=0'], rfc6311);
    expect(given).toMatchObject({ ownBump: 3, windowMove: 0, delta: small.delta });
    expect(settingsWith(given, ['own-bump=delta'], rfc6311).ownBump).toBe('delta');
    expect(boundsOf(rfc6311, given)).toMatchObject({ 'own-bump': 3, 'window-move': 0 });
  });

  test('how the members agree on the Failover Count is a setting of the revision that has one', () => {
    expect(settingsWith(small, ['failover-count=per-member'], ipsecha01).failoverCount).toBe('per-member');
  });
});

describe('names', () => {
  test('of what there is', () => {
    expect(revisionNamed('rfc6311')).toBe(rfc6311);
    expect(scenarioNamed('single-failover')).toBe(scenarios[0]);
    expect(checkedPropertyNamed('recovery-possible')).toBe('recovery-possible');
    expect(withoutRule(rfc6311, 'RFC6311-5.1-P2').name).toBe('rfc6311 without RFC6311-5.1-P2');
  });

  test.each([
    ["unknown revision 'rfc6027'", () => revisionNamed('rfc6027')],
    ["unknown scenario 'double'", () => scenarioNamed('double')],
    ["unknown property 'liveness'", () => checkedPropertyNamed('liveness')],
    ["ikev2 cannot be checked without 'RFC6311-5.1-P2'", () => withoutRule(ikev2, 'RFC6311-5.1-P2')],
  ])('%s', (message, ask) => {
    expect(ask).toThrow(message);
    expect(ask).toThrow(UsageError);
  });
});

test('the worst verdict counts', () => {
  expect(worst([])).toBe('holds');
  expect(worst(['holds', 'inconclusive'])).toBe('inconclusive');
  expect(worst(['inconclusive', 'violated', 'holds'])).toBe('violated');
});

describe('a check', () => {
  const scenario = scenarios[0]!;

  test('says what never came into play', async () => {
    const never = async (changes: Partial<Settings>): Promise<readonly string[]> => {
      const settings = { ...small, ...changes };
      return (await check({ revision: rfc6311, scenario, size: 'small', settings })).neverOccurred;
    };
    expect(await never({})).toEqual([]);
    // What the scenario leaves out is not missed.
    expect(await never({ requests: 0 })).toEqual([]);
    // Without a failover no rule of counter sync does, but for those that mark no step anyway.
    const [failover, ...rules] = await never({ requests: 1, failovers: 0 });
    expect(failover).toBe('failover');
    expect(rules).toEqual(
      rulesOf(rfc6311).flatMap(({ id, part, leavesNoMark }) =>
        part === 'counterSync' && leavesNoMark === undefined ? [id] : [],
      ),
    );
    expect(rules).toEqual(
      expect.arrayContaining(['RFC6311-5.1-M1-BUMP', 'RFC6311-5.1-M2', 'RFC6311-8.1-PENDING-IKE']),
    );
    expect(rules).not.toContain('RFC6311-7-TRIGGER');
  });

  test('says where a property has nothing to break', async () => {
    const settings = { ...small, requests: 0 };
    const because = async (revision: Revision): Promise<readonly (string | undefined)[]> => {
      const { properties } = await check({ revision, scenario, size: 'small', settings });
      const of = (id: string) => properties.find((each) => each.id === id)?.because;
      return [of('sync-negotiated'), of('failover-count-increases')];
    };
    const nothing = 'there is nothing to break: the revision has no';
    expect(await because(ikev2)).toEqual([`${nothing} counter sync`, `${nothing} counter sync`]);
    expect(await because(ipsecha00)).toEqual([undefined, `${nothing} Failover Count`]);
    expect(await because(ipsecha01)).toEqual([undefined, undefined]);
    expect(await because(rfc6311)).toEqual([undefined, `${nothing} Failover Count`]);
  });

  test('that is interrupted is not taken for a proof', async () => {
    const signal = { aborted: true };
    const result = await check({ revision: rfc6311, scenario, size: 'small', settings: small, signal });
    expect(result.verdict).toBe('inconclusive');
    expect(result.statistics.complete).toBe(false);
  });

  test('gives the same numbers each time', async () => {
    const settings = { ...small, requests: 2, bump: 2 };
    const [one, other] = await Promise.all(
      [1, 2].map(() =>
        check({ revision: rfc6311, scenario, size: 'small', settings, noReductions: REDUCTIONS }),
      ),
    );
    const { seconds: _, verdictSeconds: _v, statesPerSecond: __, ...numbers } = one!.statistics;
    expect(other!.statistics).toMatchObject(numbers);
    expect(numbers).toMatchObject({ states: 4847, depth: 17 });
  });
});
