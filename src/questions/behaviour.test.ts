import { describe, expect, test } from 'vitest';
import {
  ikev2,
  ipsecha00,
  ipsecha01,
  type Revision,
  rfc6311,
  type Settings,
  scenarios,
  settingsFor,
} from '../../model/index.ts';
import { Unanswered } from '../explore/defect.ts';
import { behaviourOf, ignoredField } from './behaviour.ts';
import { withoutRule } from './check.ts';
import { compare, sideOf } from './compare.ts';
import { UsageError } from './usage-error.ts';

const place = (name: string) => scenarios.find((scenario) => scenario.name === name)!;
const single = place('single-failover');
const settings: Settings = { ...single.sizes.small, requests: 1, bump: 1 };

const between = (of: Revision, against: Revision, ignored: readonly string[] = [], at = settings) =>
  behaviourOf({
    scenario: single.name,
    of: { revision: of, settings: at },
    against: { revision: against, settings: at },
    ignored,
  });

const kinds = ({ run }: Awaited<ReturnType<typeof between>>) => run?.steps.map(({ action }) => action.kind);

describe('what one revision does and another cannot', () => {
  test('is nothing, against itself', async () => {
    for (const revision of [ikev2, ipsecha01, rfc6311]) {
      expect(await between(revision, { ...revision, name: 'the same' })).toMatchObject({ verdict: 'none' });
    }
  });

  test('is not known where a rule does not end', async () => {
    const isStale = (): never => {
      throw new Unanswered('isStale has not answered');
    };
    const mine = { ...rfc6311, name: 'mine', counterSync: { ...rfc6311.counterSync!, isStale } };
    expect(await between(mine, rfc6311)).toMatchObject({
      verdict: 'inconclusive',
      because: 'isStale has not answered',
    });
  });

  test('is a sync request where the other has none, and the other way round', async () => {
    const [one, other] = [await between(rfc6311, ikev2), await between(ikev2, rfc6311)];
    expect(kinds(one)).toEqual(['failover']);
    expect(one.run?.steps[0]?.sent.map(({ kind }) => kind)).toEqual(['sync-request']);
    expect(one.run?.instead.map(({ sent }) => sent)).toEqual([[]]);
    expect(kinds(other)).toEqual(['failover']);
    expect(other.run?.instead[0]?.sent.map(({ kind }) => kind)).toEqual(['sync-request']);
  });

  test('is an old sync request that is acted on, where nothing protects against it', async () => {
    const found = await between(ipsecha00, rfc6311);
    expect(kinds(found)).toEqual(['failover', 'receive', 'receive']);
    expect(found.run?.instead).toEqual([]);
    expect(await between(rfc6311, ipsecha00)).toMatchObject({ verdict: 'none' });
  });

  test('is a field that the other does not send, unless it is ignored', async () => {
    expect(kinds(await between(ipsecha01, rfc6311))).toEqual(['failover']);
    expect(await between(ipsecha01, rfc6311, ['failoverCount'])).toMatchObject({ verdict: 'none' });
    const retrying = { ...settings, retry: 'fresh', retries: 1 } as const;
    expect(kinds(await between(rfc6311, ipsecha01, ['failoverCount'], retrying))).toEqual([
      'failover',
      'retry',
      'receive',
      'receive',
    ]);
  });

  test('shows every rule that shapes behaviour when it is left out', async () => {
    for (const rule of ['RFC6311-5.1-DROP-STALE', 'RFC6311-5.1-M1-BUMP', 'RFC6311-5.1-NONCE-ECHO']) {
      expect([rule, (await between(withoutRule(rfc6311, rule), rfc6311)).verdict]).toEqual([rule, 'differs']);
    }
  });

  test('is found over queues too, where messages are sent into them', async () => {
    const reliable = { ...settings, network: 'reliable' } as const;
    const found = await between(rfc6311, ikev2, [], reliable);
    expect(kinds(found)).toEqual(['failover']);
    expect(await between(rfc6311, { ...rfc6311, name: 'the same' }, [], reliable)).toMatchObject({
      verdict: 'none',
    });
  });

  test('is inconclusive where time is over', async () => {
    const found = await behaviourOf({
      scenario: single.name,
      of: { revision: rfc6311, settings: single.sizes.small },
      against: { revision: { ...rfc6311, name: 'the same' }, settings: single.sizes.small },
      ignored: [],
      seconds: 1e-9,
    });
    expect(found).toMatchObject({ verdict: 'inconclusive' });
    expect(found.because).toContain('the time was over');
  });

  test('is asked in every scenario, both ways, beside the verdicts', async () => {
    const found = await compare({
      sides: [sideOf(ipsecha00), sideOf(rfc6311)],
      size: 'small',
      scenarios: ['replay-counter-only', 'counters-at-maximum'].map((name) => ({
        scenario: place(name),
        settings: [
          settingsFor(place(name), 'small', ipsecha00),
          settingsFor(place(name), 'small', rfc6311),
        ] as const,
      })),
      properties: ['sync-well-formed'],
      signal: { aborted: false },
    });
    expect(found.behaviours.map(({ of, scenario, verdict }) => `${of} ${scenario} ${verdict}`)).toHaveLength(
      4,
    );
    // The first draft tells the counters of each SA, the RFC a delta.
    expect(found.behaviour).toBe('differs');
  });

  test('ignores only fields that there are', () => {
    expect(ignoredField('failover-count')).toBe('failoverCount');
    expect(() => ignoredField('colour')).toThrow(UsageError);
  });
});
