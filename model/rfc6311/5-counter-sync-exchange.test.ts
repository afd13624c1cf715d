import { describe, expect, test } from 'vitest';
import { receiveStateSync, takeOver } from '../machine/cluster.ts';
import { receive, tellDelta } from '../machine/node.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import { scenarios } from '../scenarios/index.ts';
import { usual } from '../settings/settings.ts';
import { type ActiveMember, establishedSa, freshChildSa } from '../state/member.ts';
import type { Step, Taken } from '../state/step.ts';
import {
  type Announcers,
  afterIkeAuth,
  allAnnouncers,
  announcedTo,
  announcesOnlyIfAsked,
} from './5-counter-sync-exchange.ts';

const policies = scenarios[0]!.sizes.small;

function take(step: Step | 'closed' | null): Taken {
  if (step === null || step === 'closed') throw new Error(`${step}`);
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}

const seenBy: readonly (readonly [Announcers, boolean, boolean])[] = [
  ['both', true, true],
  ['cluster', true, false],
  ['peer', false, true],
  ['neither', false, false],
];

test('every way in which two ends can announce something', () => {
  expect([...allAnnouncers].sort()).toEqual(seenBy.map(([announcers]) => announcers).sort());
});

test.each(seenBy)(
  'announced by %s: each end sees its own and that of the other',
  (announcers, cluster, peer) => {
    expect(announcedTo('cluster', announcers)).toEqual({ own: cluster, other: peer });
    expect(announcedTo('peer', announcers)).toEqual({ own: peer, other: cluster });
  },
);

describe('RFC6311-5-NEGOTIATED: each combination of the two notifications', () => {
  const combinations = allAnnouncers.flatMap((messageIds) =>
    allAnnouncers.map((replayCounters) => [messageIds, replayCounters] as const),
  );
  const childSas = [{ ...freshChildSa('c1', { replayWindow: 4 }), sent: 5 }];
  const fresh = {
    ...establishedSa({ own: false, other: false }),
    expectedSend: 2,
    expectedReceive: 2,
    childSas,
  };

  test.each(combinations)('Message IDs %s, replay counters %s: what IKE_AUTH leaves', (ids, counters) => {
    for (const end of ['cluster', 'peer'] as const) {
      expect(afterIkeAuth(fresh, end, ids, counters)).toEqual({
        ...fresh,
        announced: announcedTo(end, ids),
        announcedReplayCounters: announcedTo(end, counters),
      });
    }
  });

  test.each(combinations)(
    'Message IDs %s, replay counters %s: what is sent and acted on',
    (ids, counters) => {
      const step = take(
        takeOver(
          rfc6311,
          'cluster',
          afterIkeAuth(fresh, 'cluster', ids, counters),
          { ...usual, bump: 1, delta: 10 },
          'n',
        ),
      );
      // The own counters are advanced in any case.
      expect(step.member.sa.childSas[0]?.sent).toBe(15);
      const synced = ids === 'both';
      const told = counters === 'both';
      expect(step.sent.map(({ kind }) => kind)).toEqual(synced ? ['sync-request'] : []);
      expect(step.sent.some((message) => 'delta' in message)).toBe(synced && told);
      expect(step.member.sync !== null).toBe(synced);
      expect(step.member.owed !== undefined).toBe(!synced && told);

      // A peer to whom it was sent all the same acts on what it negotiated, and on nothing else.
      const peer: ActiveMember = {
        role: 'active',
        sa: afterIkeAuth(fresh, 'peer', ids, counters),
        sync: null,
      };
      const request = {
        kind: 'sync-request',
        from: 'cluster',
        id: 0,
        nonce: 'n',
        m1: 9,
        p1: 2,
        delta: 10,
        wellFormed: true,
        otherPayloads: [],
      } as const;
      const answer = receive(rfc6311, policies, 'peer', peer, request);
      expect(answer.enabled).toBe(synced);
      if (answer.enabled) {
        expect(answer.member.sa.expectedReceive).toBe(9);
        expect(answer.member.sa.childSas[0]?.sent).toBe(told ? 15 : 5);
      } else expect(answer.rule).toBe('RFC6311-5-NEGOTIATED');

      const asks = { kind: 'replay-counter-sync', delta: 10 } as const;
      const alone = { kind: 'request', from: 'cluster', id: 2, content: 'd', asks } as const;
      const { member } = take(receive(rfc6311, policies, 'peer', peer, alone));
      expect(member.sa.childSas[0]?.sent).toBe(told ? 15 : 5);
      if (!synced && told) {
        expect(take(tellDelta(rfc6311, 'cluster', step.member)).sent).toMatchObject([{ id: 2, asks }]);
      }
    },
  );
});

describe('RFC6311-5-RESPONDER-ONLY-IF-ASKED: the responder of IKE_AUTH announces what the initiator announced', () => {
  test.each([
    [true, true, true],
    [true, false, true],
    [false, false, true],
    [false, true, false],
  ])('initiator %s, responder %s: in order %s', (initiator, responder, inOrder) => {
    expect(announcesOnlyIfAsked({ initiator, responder })).toBe(inOrder);
  });
});

test('RFC6311-5-SHARED-CAPABILITY: a state sync hands over what the peer announced', () => {
  const sa = afterIkeAuth(establishedSa(), 'cluster', 'both', 'peer');
  const handedOver = (revision: typeof rfc6311) =>
    receiveStateSync(revision, policies, { role: 'down' }, sa).snapshot;
  expect(handedOver(rfc6311)).toEqual(sa);
  expect(handedOver(without(rfc6311, 'RFC6311-5-SHARED-CAPABILITY')!)).toEqual({
    ...sa,
    announced: { own: true, other: false },
    announcedReplayCounters: { own: false, other: false },
  });
});

test('RFC6311-5-RESPOND: a sync request that is acted on is answered', () => {
  const request = {
    kind: 'sync-request',
    from: 'cluster',
    id: 0,
    nonce: 'n',
    m1: 9,
    p1: 2,
    wellFormed: true,
    otherPayloads: [],
  } as const;
  const peer: ActiveMember = { role: 'active', sa: establishedSa(), sync: { nonce: 'own', m1: 3, p1: 0 } };
  const cache = { ...policies, staleSync: 'answer-from-cache' } as const;
  const by = (revision: typeof rfc6311) => take(receive(revision, cache, 'peer', peer, request));
  // Also while a sync of its own is under way.
  expect(by(rfc6311).sent).toMatchObject([{ kind: 'sync-response', nonce: 'n' }]);
  const silent = by(without(rfc6311, 'RFC6311-5-RESPOND')!);
  expect(silent.sent).toEqual([]);
  expect(silent.member.sa).toMatchObject({ expectedReceive: 9, lastSync: null });
});
