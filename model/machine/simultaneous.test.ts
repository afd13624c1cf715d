/**
 * The example of the slides: both ends are clusters, and both fail over. Both send `Sync Request(5,5)`, the requests
 * cross, and each end answers `Sync Response(5,5)`.
 */

import { describe, expect, test } from 'vitest';
import { isInStep } from '../properties/recovery.ts';
import { ipsecha00 } from '../revisions/ipsecha-00.ts';
import { ipsecha01 } from '../revisions/ipsecha-01.ts';
import type { Revision } from '../revisions/revision.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { syncRequestOf } from '../rfc6311/5.1-message-id-sync.ts';
import { scenarios } from '../scenarios/index.ts';
import { type Policies, usual } from '../settings/settings.ts';
import { type ActiveMember, establishedSa, type SaState } from '../state/member.ts';
import type { Endpoint, Message } from '../state/messages.ts';
import type { Step, Taken } from '../state/step.ts';
import { takeOver } from './cluster.ts';
import { receive } from './node.ts';

const policies = scenarios[0]!.sizes.small;

/** Each end has sent and received requests 0 to 4: the next one is 5 in either direction. */
const snapshot: SaState = { ...establishedSa(), expectedSend: 5, expectedReceive: 5, highestSeen: 4 };

function take(step: Step | 'closed'): Taken {
  if (step === 'closed') throw new Error('closed');
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}

const failsOver = (by: Endpoint, nonce: string, known = snapshot, bump = 0, revision: Revision = rfc6311) =>
  take(takeOver(revision, by, known, { ...usual, bump }, nonce));

const arrives = (
  by: Endpoint,
  member: ActiveMember,
  message: Message | undefined,
  revision: Revision = rfc6311,
): Step => receive(revision, policies, by, member, message!);

/** As in the slides: Sync Request(M1, P1), Sync Response(P2, M2). */
const words = (message: Message | undefined): string => {
  if (message?.kind === 'sync-request') return `Sync Request(${message.m1},${message.p1})`;
  if (message?.kind === 'sync-response') return `Sync Response(${message.p2},${message.m2})`;
  return `${message?.kind}`;
};

describe.each([rfc6311, ipsecha01, ipsecha00])('$name: both fail over', (revision) => {
  const cluster = failsOver('cluster', 'c', snapshot, 0, revision);
  const peer = failsOver('peer', 'p', snapshot, 0, revision);

  test('each sends Sync Request(5,5)', () => {
    expect(cluster.sent.map(words)).toEqual(['Sync Request(5,5)']);
    expect(peer.sent.map(words)).toEqual(['Sync Request(5,5)']);
    expect(cluster.sent).toMatchObject([{ from: 'cluster', id: 0, nonce: 'c' }]);
    expect(peer.sent).toMatchObject([{ from: 'peer', id: 0, nonce: 'p' }]);
  });

  // The requests cross.
  const clusterAnswers = take(arrives('cluster', cluster.member, peer.sent[0], revision));
  const peerAnswers = take(arrives('peer', peer.member, cluster.sent[0], revision));

  test('each answers Sync Response(5,5) to the other, and still waits for its own', () => {
    expect(clusterAnswers.sent.map(words)).toEqual(['Sync Response(5,5)']);
    expect(peerAnswers.sent.map(words)).toEqual(['Sync Response(5,5)']);
    expect(clusterAnswers.sent).toMatchObject([{ from: 'cluster', id: 0, nonce: 'p' }]);
    expect(peerAnswers.sent).toMatchObject([{ from: 'peer', id: 0, nonce: 'c' }]);
    for (const { member } of [clusterAnswers, peerAnswers]) {
      expect(member.sa).toMatchObject({ expectedSend: 5, expectedReceive: 5 });
    }
    expect(clusterAnswers.member.sync).toEqual(cluster.member.sync);
    expect(peerAnswers.member.sync).toEqual(peer.member.sync);
    expect(isInStep(clusterAnswers.member, peerAnswers.member)).toBe(false);
  });

  test('with both responses, both agree: the next request is 5 in either direction', () => {
    const one = take(arrives('cluster', clusterAnswers.member, peerAnswers.sent[0], revision)).member;
    const other = take(arrives('peer', peerAnswers.member, clusterAnswers.sent[0], revision)).member;
    for (const member of [one, other]) {
      expect(member.sync).toBeNull();
      expect(member.sa).toMatchObject({ expectedSend: 5, expectedReceive: 5, outstanding: [], answered: [] });
    }
    expect(isInStep(one, other)).toBe(true);
  });

  test('neither takes its own answer for the answer to itself', () => {
    expect(arrives('cluster', clusterAnswers.member, clusterAnswers.sent[0], revision).enabled).toBe(false);
    // Nor one with the nonce of the other, whoever sent it.
    const forged = { ...clusterAnswers.sent[0]!, from: 'peer' } as Message;
    expect(arrives('cluster', clusterAnswers.member, forged, revision)).toMatchObject({
      enabled: false,
      rule: 'RFC6311-5.1-NONCE-CHECK',
    });
  });
});

test('RFC6311-5.1-DROP-STALE: a copy of a request that crossed is dropped at either end', () => {
  const cluster = failsOver('cluster', 'c');
  const peer = failsOver('peer', 'p');
  const after = take(arrives('cluster', cluster.member, peer.sent[0])).member;
  expect(arrives('cluster', after, peer.sent[0])).toMatchObject({
    enabled: false,
    rule: 'RFC6311-5.1-DROP-STALE',
  });
  const done = take(
    arrives('cluster', after, take(arrives('peer', peer.member, cluster.sent[0])).sent[0]),
  ).member;
  expect(arrives('cluster', done, peer.sent[0])).toMatchObject({
    enabled: false,
    rule: 'RFC6311-5.1-DROP-STALE',
  });
});

test('one request is lost and retransmitted: the other end has its counters by then', () => {
  const cluster = failsOver('cluster', 'c');
  const peer = failsOver('peer', 'p');
  // The cluster's request is lost; the peer's is answered, and the peer is done.
  const answered = take(arrives('cluster', cluster.member, peer.sent[0]));
  expect(answered.sent.map(words)).toEqual(['Sync Response(5,5)']);
  const other = take(arrives('peer', peer.member, answered.sent[0]));
  expect(other.member.sync).toBeNull();
  expect(isInStep(answered.member, other.member)).toBe(false);

  // What is sent again is what was sent first.
  const { sa, sync } = answered.member;
  const again = syncRequestOf(rfc6311.counterSync!, 'cluster', sa, sync!);
  expect(again).toEqual(cluster.sent[0]);
  const late = take(arrives('peer', other.member, again));
  expect(late.sent.map(words)).toEqual(['Sync Response(5,5)']);
  const one = take(arrives('cluster', answered.member, late.sent[0]));
  expect(isInStep(one.member, late.member)).toBe(true);
});

test('one response is lost: who waits for it is not answered again, and asks with a higher M1', () => {
  const cluster = failsOver('cluster', 'c');
  const peer = failsOver('peer', 'p');
  const clusterAnswers = take(arrives('cluster', cluster.member, peer.sent[0]));
  const peerAnswers = take(arrives('peer', peer.member, cluster.sent[0]));
  const one = take(arrives('cluster', clusterAnswers.member, peerAnswers.sent[0])).member;
  expect(arrives('cluster', one, peer.sent[0])).toMatchObject({ rule: 'RFC6311-5.1-DROP-STALE' });
  const fresh = failsOver('peer', 'q', peerAnswers.member.sa);
  expect(fresh.sent.map(words)).toEqual(['Sync Request(6,5)']);
  const late = take(arrives('cluster', one, fresh.sent[0]));
  expect(late.sent.map(words)).toEqual(['Sync Response(5,6)']);
  const other = take(arrives('peer', fresh.member, late.sent[0])).member;
  expect(isInStep(late.member, other)).toBe(true);
});

test('snapshots of different ages: each end answers with the M1 that it sent, though it is not answered yet', () => {
  // The cluster's snapshot knows its requests up to 2, the peer's those up to 7; each bumps its M1 by 2.
  const cluster = failsOver('cluster', 'c', { ...snapshot, expectedSend: 3, highestSeen: 4 }, 2);
  const peer = failsOver(
    'peer',
    'p',
    { ...snapshot, expectedSend: 8, expectedReceive: 4, highestSeen: 3 },
    2,
  );
  expect(cluster.sent.map(words)).toEqual(['Sync Request(5,5)']);
  expect(peer.sent.map(words)).toEqual(['Sync Request(10,4)']);
  const clusterAnswers = take(arrives('cluster', cluster.member, peer.sent[0]));
  const peerAnswers = take(arrives('peer', peer.member, cluster.sent[0]));
  // P2 is not below the own M1.
  expect(clusterAnswers.sent.map(words)).toEqual(['Sync Response(5,10)']);
  expect(peerAnswers.sent.map(words)).toEqual(['Sync Response(10,5)']);
  const one = take(arrives('cluster', clusterAnswers.member, peerAnswers.sent[0])).member;
  const other = take(arrives('peer', peerAnswers.member, clusterAnswers.sent[0])).member;
  expect(one.sa).toMatchObject({ expectedSend: 5, expectedReceive: 10 });
  expect(other.sa).toMatchObject({ expectedSend: 10, expectedReceive: 5 });
  expect(isInStep(one, other)).toBe(true);
});

test('answered before it asks itself: the peer fails over after it has answered, with a snapshot from before', () => {
  const cluster = failsOver('cluster', 'c');
  const answered = take(arrives('peer', { role: 'active', sa: snapshot, sync: null }, cluster.sent[0]));
  // The response is still under way when the peer's next member, which knows nothing of it, asks.
  const peer = failsOver('peer', 'p', snapshot, 1);
  expect(peer.sent.map(words)).toEqual(['Sync Request(6,5)']);
  const crossed = take(arrives('cluster', cluster.member, peer.sent[0]));
  expect(crossed.sent.map(words)).toEqual(['Sync Response(5,6)']);
  const other = take(arrives('peer', peer.member, crossed.sent[0])).member;
  expect(other.sa).toMatchObject({ expectedSend: 6, expectedReceive: 5 });
  // This P2 is from before. Who adopts the higher of each (A.4) is in step; who takes it as it comes is not.
  const adopting = (adopt: Policies['adopt']) =>
    take(receive(rfc6311, { ...policies, adopt }, 'cluster', crossed.member, answered.sent[0]!)).member;
  expect(adopting('maximum').sa).toMatchObject({ expectedSend: 5, expectedReceive: 6 });
  expect(isInStep(adopting('maximum'), other)).toBe(true);
  expect(adopting('replace').sa).toMatchObject({ expectedSend: 5, expectedReceive: 5 });
  expect(isInStep(adopting('replace'), other)).toBe(false);
});
