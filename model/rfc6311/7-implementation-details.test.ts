import { describe, expect, test } from 'vitest';
import { askLater, takeOver } from '../machine/cluster.ts';
import { beginRequest, receive } from '../machine/node.ts';
import { ipsecha01 } from '../revisions/ipsecha-01.ts';
import type { Revision } from '../revisions/revision.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import { usual } from '../settings/settings.ts';
import { type ActiveMember, establishedSa, freshChildSa, type SaState } from '../state/member.ts';
import { MAX_MESSAGE_ID } from '../state/numbers.ts';
import type { Step, Taken } from '../state/step.ts';
import { beginsSync, beginsSyncAgain } from './7-implementation-details.ts';

const lazy = { ...usual, bump: 2, delta: 10, syncTrigger: 'lazy' } as const;

const snapshot: SaState = {
  ...establishedSa(),
  announcedReplayCounters: { own: true, other: true },
  expectedSend: 3,
  expectedReceive: 4,
  childSas: [{ ...freshChildSa('c1', { replayWindow: 4 }), sent: 5 }],
};

function take(step: Step | 'closed' | null): Taken {
  if (step === null || step === 'closed') throw new Error(`${step}`);
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}

const lazily = (revision: Revision = rfc6311, sa = snapshot): ActiveMember =>
  take(takeOver(revision, 'cluster', sa, lazy, 0)).member;

const ask = (member: ActiveMember, revision: Revision = rfc6311): Step | 'closed' | null =>
  askLater(revision, 'cluster', member, lazy, 7);

describe('RFC6311-7-TRIGGER: a member asks as it takes over, or later', () => {
  test('which of the two a policy says', () => {
    expect(beginsSync('at-once', 'takeover')).toBe(true);
    expect(beginsSync('lazy', 'takeover')).toBe(false);
    expect(beginsSync('lazy', 'later')).toBe(true);
  });

  test('lazily it takes over with its own ESP counters advanced, and sends nothing', () => {
    const step = take(takeOver(rfc6311, 'cluster', snapshot, lazy, 0));
    expect(step.sent).toEqual([]);
    expect(step.observations).toEqual([]);
    expect(step.member).toMatchObject({ sync: null, yetToAsk: true });
    expect(step.member).not.toHaveProperty('owed');
    expect(step.member.sa.childSas[0]?.sent).toBe(15);
    expect(step.member.sa.m1Sent).toBe(-1);
  });

  test('what it asks later is what it would have asked at once', () => {
    const later = take(ask(lazily()));
    const atOnce = take(takeOver(rfc6311, 'cluster', snapshot, { ...lazy, syncTrigger: 'at-once' }, 7));
    expect(later.sent).toEqual(atOnce.sent);
    expect(later.sent).toMatchObject([{ kind: 'sync-request', nonce: 7, m1: 5, p1: 4, delta: 10 }]);
    expect(later.member).toEqual(atOnce.member);
    expect(later.observations).toEqual(atOnce.observations);
  });

  test('until then it processes what its snapshot expects, and begins nothing of its own', () => {
    const request = { kind: 'request', from: 'peer', id: 4, content: 'x' } as const;
    const after = take(receive(rfc6311, lazy, 'cluster', lazily(), request));
    expect(after.sent).toMatchObject([{ kind: 'response', id: 4 }]);
    expect(after.member.yetToAsk).toBe(true);
    expect(receive(rfc6311, lazy, 'cluster', lazily(), { ...request, id: 5 }).enabled).toBe(false);
    expect(beginRequest(rfc6311, 'cluster', lazily(), 'y')).toEqual({
      enabled: false,
      rule: 'RFC6311-7-TRIGGER',
      because: 'it has yet to ask for the counters',
    });
    // What it processed meanwhile, it asks with.
    expect(take(ask(after.member)).sent).toMatchObject([{ p1: 5 }]);
  });

  test('it asks once, and closes the SA where there is no M1 or no P1 left', () => {
    expect(ask(take(ask(lazily())).member)).toBeNull();
    expect(ask(lazily(rfc6311, { ...snapshot, expectedSend: MAX_MESSAGE_ID }))).toBe('closed');
    expect(ask(lazily(rfc6311, { ...snapshot, expectedReceive: MAX_MESSAGE_ID + 1 }))).toBe('closed');
  });

  test('where it was not negotiated there is nothing to ask, now or later', () => {
    const member = lazily(rfc6311, { ...snapshot, announced: { own: true, other: false } });
    expect(member).not.toHaveProperty('yetToAsk');
    expect(member.owed?.delta).toBe(10);
    expect(ask(member)).toBeNull();
  });

  test('a failover is counted when it is asked for', () => {
    const member = lazily(ipsecha01);
    expect(member.sa.failoverCount).toBe(0);
    const step = take(ask(member, ipsecha01));
    expect(step.sent).toMatchObject([{ failoverCount: 1 }]);
    expect(step.observations).toContainEqual({ kind: 'failover-counted', by: 'cluster', count: 1 });
  });

  test('without it nothing is ever asked', () => {
    const never = without(rfc6311, 'RFC6311-7-TRIGGER')!;
    expect(take(takeOver(never, 'cluster', snapshot, usual, 0)).sent).toEqual([]);
    expect(ask(lazily(never), never)).toBeNull();
  });
});

describe('RFC6311-7-ONCE-PER-FAILOVER: a sync is begun once', () => {
  test('unless a setting has an implementation do it', () => {
    expect(beginsSyncAgain('same')).toBe(false);
    expect(beginsSyncAgain('fresh')).toBe(true);
  });
});
