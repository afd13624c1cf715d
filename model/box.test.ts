import { describe, expect, test } from 'vitest';
import { beginRequest, looksAtOrdinary, receive } from './box.ts';
import { afterTelling, goOn, receiveStateSync, snapshotOf, takeOver } from './cluster.ts';
import { type ActiveMember, establishedSa } from './member.ts';
import type { Message } from './messages.ts';
import { ikev2, revisions, rfc6311 } from './revisions/index.ts';
import { scenarios } from './scenarios/index.ts';

const hold = scenarios[0]!.sizes.small;
const process = { ...hold, whileSyncing: 'process' } as const;
const idle: ActiveMember = { role: 'active', sa: establishedSa(), sync: null };
const syncing: ActiveMember = { ...idle, sync: { nonce: 0, m1: 1, p1: 0 } };
const request: Message = { kind: 'request', from: 'peer', id: 0, content: 'x' };
const syncRequest: Message = {
  kind: 'sync-request',
  from: 'cluster',
  id: 0,
  nonce: 0,
  m1: 1,
  p1: 0,
  wellFormed: true,
  otherPayloads: [],
};

describe('RFC6311-8.1-WHILE-SYNCING: ordinary messages while the sync request is unanswered', () => {
  test('held back, or processed with the counters of the snapshot', () => {
    expect(looksAtOrdinary(idle, 'hold')).toBe(true);
    expect(looksAtOrdinary(syncing, 'hold')).toBe(false);
    expect(looksAtOrdinary(syncing, 'process')).toBe(true);
  });

  test('a request of the peer', () => {
    expect(receive(rfc6311, hold, 'cluster', syncing, request)).toMatchObject({
      enabled: false,
      rule: 'RFC6311-8.1-WHILE-SYNCING',
    });
    expect(receive(rfc6311, process, 'cluster', syncing, request).enabled).toBe(true);
    expect(receive(rfc6311, hold, 'cluster', idle, request).enabled).toBe(true);
  });
});

test('RFC6311-5.1-ADOPT: no new request before the response, since M2 is not known', () => {
  expect(beginRequest(rfc6311, 'cluster', syncing, 'x')).toMatchObject({
    enabled: false,
    rule: 'RFC6311-5.1-ADOPT',
  });
  expect(beginRequest(rfc6311, 'cluster', idle, 'x').enabled).toBe(true);
});

test('RFC6311-5-NEGOTIATED: without counter sync in the revision, its messages mean nothing', () => {
  expect(receive(ikev2, hold, 'peer', idle, syncRequest)).toMatchObject({
    enabled: false,
    rule: 'RFC6311-5-NEGOTIATED',
  });
  expect(receive(rfc6311, hold, 'peer', idle, syncRequest).enabled).toBe(true);
});

test('what an end sent itself is none of its business', () => {
  expect(receive(rfc6311, hold, 'peer', idle, request).enabled).toBe(false);
});

describe('the cluster', () => {
  const sa = { ...establishedSa(), expectedSend: 4, expectedReceive: 2 };

  test('a snapshot is what the active member knows at that time', () => {
    const shared = { failoverCount: 'shared' } as const;
    for (const revision of revisions) {
      expect(receiveStateSync(revision, shared, { role: 'down' }, snapshotOf({ ...idle, sa }))).toEqual({
        role: 'standby',
        snapshot: sa,
      });
    }
  });

  test('with counter sync, the newly active member asks first', () => {
    expect(takeOver(rfc6311, 'cluster', sa, { bump: 3 }, 7)).toMatchObject({
      enabled: true,
      sent: [{ kind: 'sync-request', from: 'cluster', nonce: 7, m1: 7, p1: 2 }],
      member: { role: 'active', sync: { nonce: 7, m1: 7, p1: 2 } },
    });
  });

  test('without, or where it was not negotiated, it goes on as if nothing had happened', () => {
    expect(takeOver(ikev2, 'cluster', sa, { bump: 3 }, 7)).toEqual(goOn(sa));
    const silent = { ...sa, announced: { own: true, other: false } };
    expect(takeOver(rfc6311, 'cluster', silent, { bump: 3 }, 7)).toEqual(goOn(silent));
    expect(goOn(sa)).toMatchObject({ enabled: true, sent: [], member: { role: 'active', sa, sync: null } });
  });

  test('RFC6311-5.1-M1-SHARED: a standby is told, and nobody else', () => {
    const rules = rfc6311.counterSync!;
    expect(afterTelling(rules, { role: 'standby', snapshot: sa }, 9)).toEqual({
      role: 'standby',
      snapshot: { ...sa, m1Sent: 9 },
    });
    expect(afterTelling(rules, { role: 'down' }, 9)).toEqual({ role: 'down' });
  });
});
