import { describe, expect, test } from 'vitest';
import { afterCounting, askAnew, receiveStateSync, takeOver } from '../machine/cluster.ts';
import { compose } from '../machine/system.ts';
import { ipsecha00 } from '../revisions/ipsecha-00.ts';
import { ipsecha01 } from '../revisions/ipsecha-01.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { receiveSyncRequest, sendSyncRequest } from '../rfc6311/5.1-message-id-sync.ts';
import { scenarios } from '../scenarios/index.ts';
import { type Policies, usual } from '../settings/settings.ts';
import { type ActiveMember, establishedSa, type Member, type SaState } from '../state/member.ts';
import type { SyncRequest } from '../state/messages.ts';
import type { Step, Taken } from '../state/step.ts';
import { hearsCount, initialCount, isObserved, nextCount, withInitialCount } from './failover-count.ts';

const rules = ipsecha01.counterSync!;
const policies = usual;

const sa = (changes: Partial<SaState> = {}): SaState => ({ ...establishedSa(), ...changes });
const standby = (changes: Partial<SaState> = {}): Member => ({ role: 'standby', snapshot: sa(changes) });
const peer = (changes: Partial<SaState> = {}): ActiveMember => ({
  role: 'active',
  sa: sa(changes),
  sync: null,
});

/** The policies of a takeover. */
const by = (bump: number) => ({ ...usual, bump });

function take(step: Step | 'closed'): Taken {
  if (step === 'closed') throw new Error('closed');
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}

const takesOver = (snapshot: SaState, nonce = 0): Taken =>
  take(takeOver(ipsecha01, 'cluster', snapshot, by(1), nonce));

const requestOf = ({ sent }: Taken): SyncRequest => {
  const [request] = sent;
  if (request?.kind !== 'sync-request') throw new Error('no sync request was sent');
  return request;
};

const ask = (member: ActiveMember, request: SyncRequest): Step =>
  receiveSyncRequest(ipsecha01, policies, 'peer', member, request);

describe('IPSECHA01-FC-CARRY: a sync request carries the Failover Count, which grows with each failover', () => {
  test('one more than what was known', () => {
    expect(nextCount(0)).toBe(1);
    const step = takesOver(sa({ failoverCount: 4 }));
    expect(requestOf(step).failoverCount).toBe(5);
    expect(step.member.sa.failoverCount).toBe(5);
    expect(step.rules).toContain('IPSECHA01-FC-CARRY');
    expect(step.observations).toContainEqual({ kind: 'failover-counted', by: 'cluster', count: 5, known: 4 });
  });

  test('sent again as a new one it carries the same count: it is the same failover', () => {
    const first = takesOver(sa());
    const again = take(sendSyncRequest(ipsecha01, 'cluster', first.member.sa, { nonce: 1, bump: 1 }));
    expect(requestOf(again)).toMatchObject({ nonce: 1, failoverCount: 1 });
    expect(requestOf(again).m1).toBeGreaterThan(requestOf(first).m1);
    expect(again.observations.map(({ kind }) => kind)).toEqual(['sync-request-sent']);
  });

  test('first-count: by another reading the first failover carries 0, which the peer takes for observed', () => {
    const began = (first: Policies['firstCount']): SaState =>
      withInitialCount(ipsecha01.counterSync ?? {}, first, sa());
    const asked = (first: Policies['firstCount']): SyncRequest => requestOf(takesOver(began(first)));
    expect([asked('one').failoverCount, asked('zero').failoverCount]).toEqual([1, 0]);
    const atPeer = (first: Policies['firstCount']): Step =>
      ask({ ...peer(), sa: began(first) }, asked(first));
    expect(atPeer('one').enabled).toBe(true);
    expect(atPeer('zero')).toMatchObject({ enabled: false, rule: 'IPSECHA01-FC-OBSERVED' });
    // The second failover carries 1: the peer is back in reach.
    const second = requestOf(takesOver(takesOver(began('zero')).member.sa));
    expect(ask({ ...peer(), sa: began('zero') }, second).enabled).toBe(true);
    // Who was down knows as little as when the SA was established.
    const back = (first: Policies['firstCount']): number =>
      receiveStateSync(
        ipsecha01,
        { failoverCount: 'per-member', firstCount: first, stateSyncReceipt: 'replace' },
        { role: 'down' },
        sa({ failoverCount: 3 }),
      ).snapshot.failoverCount;
    expect([back('one'), back('zero')]).toEqual([0, -1]);
    // Elsewhere nothing is counted.
    expect(withInitialCount(rfc6311.counterSync!, 'zero', sa())).toEqual(sa());
  });

  test('fresh-count: a sync request that replaces another carries the same count, or by another reading a new one', () => {
    const first = takesOver(sa());
    const anew = (fresh: Policies['freshCount']): Taken =>
      take(askAnew(ipsecha01, rules, 'cluster', first.member, { ...usual, freshCount: fresh }, 1));
    const { member } = take(ask(peer(), requestOf(first)));
    expect(requestOf(anew('same')).failoverCount).toBe(1);
    expect(ask(member, requestOf(anew('same'))).enabled).toBe(false);
    expect(anew('same').observations.map(({ kind }) => kind)).toEqual(['sync-request-sent']);
    expect(requestOf(anew('new')).failoverCount).toBe(2);
    expect(ask(member, requestOf(anew('new'))).enabled).toBe(true);
    expect(anew('new').observations).toContainEqual({
      kind: 'failover-counted',
      by: 'cluster',
      count: 2,
      known: 1,
    });
    const other = take(
      askAnew(rfc6311, rfc6311.counterSync!, 'cluster', first.member, { ...usual, freshCount: 'new' }, 1),
    );
    expect(other.sent[0]).not.toHaveProperty('failoverCount');
  });

  test('revisions without it carry none', () => {
    for (const revision of [ipsecha00, rfc6311]) {
      const step = take(takeOver(revision, 'cluster', sa(), by(1), 0));
      expect(step.sent[0]).not.toHaveProperty('failoverCount');
      expect(step.observations.map(({ kind }) => kind)).toEqual(['sync-request-sent']);
    }
  });
});

describe('IPSECHA01-FC-OBSERVED: a sync request with an observed Failover Count is discarded', () => {
  test('lower than or equal to the highest observed', () => {
    expect([1, 2, 3].map((count) => isObserved(2, count))).toEqual([true, true, false]);
  });

  test('the peer keeps its own copy: the same request is not acted on twice', () => {
    const request = requestOf(takesOver(sa()));
    const { member, rules: applied } = take(ask(peer(), request));
    expect(member.sa.failoverCountSeen).toBe(1);
    expect(applied).toContain('IPSECHA01-FC-OBSERVED');
    expect(applied).not.toContain('RFC6311-5.1-DROP-STALE');
    expect(ask(member, request)).toMatchObject({
      enabled: false,
      rule: 'IPSECHA01-FC-OBSERVED',
      because: 'Failover Count 1 is not above the highest observed, 1',
    });
    expect(ask(member, { ...request, failoverCount: 2 }).enabled).toBe(true);
  });

  test('M1 is not compared, however old it is', () => {
    const request = { ...requestOf(takesOver(sa())), m1: 0 };
    expect(ask(peer({ highestSeen: 7, expectedReceive: 8 }), request).enabled).toBe(true);
  });

  test('a new request of the same failover is discarded, once the first was seen', () => {
    const first = takesOver(sa());
    const again = take(sendSyncRequest(ipsecha01, 'cluster', first.member.sa, { nonce: 1, bump: 1 }));
    const { member } = take(ask(peer(), requestOf(first)));
    expect(ask(member, requestOf(again)).enabled).toBe(false);
    expect(ask(peer(), requestOf(again)).enabled).toBe(true);
  });

  test('nor is one without a count acted on', () => {
    const { failoverCount: _, ...bare } = requestOf(takesOver(sa()));
    expect(ask(peer(), bare)).toMatchObject({
      enabled: false,
      rule: 'IPSECHA01-FC-OBSERVED',
      because: 'it carries no Failover Count',
    });
  });

  test('in the revision before, nothing is discarded', () => {
    const request = requestOf(take(takeOver(ipsecha00, 'cluster', sa(), by(1), 0)));
    const { member, rules: applied } = take(receiveSyncRequest(ipsecha00, policies, 'peer', peer(), request));
    expect(applied.filter((id) => /STALE|OBSERVED/.test(id))).toEqual([]);
    const again = take(receiveSyncRequest(ipsecha00, policies, 'peer', member, request));
    // One more than the highest value seen, earlier sync requests included: so the peer moves on by itself.
    expect([member.sa.expectedReceive, again.member.sa.expectedReceive]).toEqual([1, 2]);
  });
});

describe('IPSECHA01-FC-MEMBERS: how the members of a cluster agree on the Failover Count', () => {
  const readings: readonly (readonly [Policies['failoverCount'], boolean, boolean])[] = [
    ['shared', true, true],
    ['in-state-sync', false, true],
    ['per-member', false, false],
  ];

  test.each(readings)('%s: at once %s, by a state sync %s', (policy, atOnce, byStateSync) => {
    expect(hearsCount(policy, 'takeover')).toBe(atOnce);
    expect(hearsCount(policy, 'state-sync')).toBe(byStateSync);
    // B took over with count 3; C knows 1, and D went down.
    expect(afterCounting(rules, policy, standby({ failoverCount: 1 }), 3)).toEqual(
      standby({ failoverCount: atOnce ? 3 : 1 }),
    );
    const synced = (member: Member): number =>
      receiveStateSync(ipsecha01, { ...usual, failoverCount: policy }, member, sa({ failoverCount: 3 }))
        .snapshot.failoverCount;
    expect(synced(standby({ failoverCount: 1 }))).toBe(byStateSync ? 3 : 1);
    expect(synced({ role: 'down' })).toBe(byStateSync ? 3 : 0);
  });

  test('the rest of a state sync is copied whatever the policy', () => {
    const snapshot = sa({ failoverCount: 3, expectedSend: 7 });
    const policy = { ...usual, failoverCount: 'per-member' } as const;
    expect(receiveStateSync(ipsecha01, policy, standby(), snapshot).snapshot).toEqual({
      ...snapshot,
      failoverCount: 0,
    });
  });

  test('who is told does not forget a higher count, and who is down is not told', () => {
    expect(afterCounting(rules, 'shared', standby({ failoverCount: 4 }), 3)).toEqual(
      standby({ failoverCount: 4 }),
    );
    expect(afterCounting(rules, 'shared', { role: 'down' }, 3)).toEqual({ role: 'down' });
  });

  test('revisions without a count have nothing to agree on', () => {
    expect(afterCounting(rfc6311.counterSync!, 'shared', standby(), 3)).toEqual(standby());
  });
});

describe('IPSECHA01-FC-INITIAL: at first access the peer assumes a Failover Count of 0', () => {
  test('so the first failover is new to it', () => {
    expect(initialCount()).toBe(0);
    expect(isObserved(initialCount(), nextCount(0))).toBe(false);
  });

  test('that is what an established SA begins with', () => {
    const five = { ...ipsecha01, counterSync: { ...rules, initialCount: () => 5 } };
    const seen = (revision: typeof ipsecha01): unknown =>
      compose(revision, scenarios[0]!.sizes.small).initial[0]!.flatMap((value) =>
        typeof value === 'object' && value.role === 'active' ? [value.sa.failoverCountSeen] : [],
      );
    expect(seen(ipsecha01)).toEqual([0, 0]);
    expect(seen(five)).toEqual([5, 5]);
  });
});
