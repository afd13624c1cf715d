import { describe, expect, test } from 'vitest';
import { ikev2 } from '../revisions/ikev2.ts';
import { revisions } from '../revisions/index.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import {
  closesInDoubt,
  looksAtOrdinary,
  unlessTakenBack,
} from '../rfc6311/8.1-messages-outside-the-window.ts';
import { scenarios } from '../scenarios/index.ts';
import { usual } from '../settings/settings.ts';
import { type ActiveMember, establishedSa, freshChildSa, type SaState } from '../state/member.ts';
import type { Message } from '../state/messages.ts';
import { MAX_MESSAGE_ID } from '../state/numbers.ts';
import type { Step, Taken } from '../state/step.ts';
import { afterTelling, askLater, goOn, receiveStateSync, takeOver } from './cluster.ts';
import { isMember } from './composition.ts';
import { handedOver } from './exchanges.ts';
import { beginRequest, receive, sendAgain, tellDelta } from './node.ts';

const hold = scenarios[0]!.sizes.small;
const process = { ...hold, ikeWhileSyncing: 'process', espWhileSyncing: 'pass' } as const;
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
  test('held back or processed; of packets, held back or let pass', () => {
    expect(looksAtOrdinary(idle, 'hold')).toBe(true);
    expect(looksAtOrdinary(syncing, 'hold')).toBe(false);
    expect(looksAtOrdinary(syncing, 'process')).toBe(true);
    expect(looksAtOrdinary(syncing, 'process-and-send')).toBe(true);
    expect(looksAtOrdinary(syncing, 'pass')).toBe(true);
  });

  test('a request of the peer', () => {
    expect(receive(rfc6311, hold, 'cluster', syncing, request)).toMatchObject({
      enabled: false,
      rule: 'RFC6311-8.1-WHILE-SYNCING',
    });
    expect(receive(rfc6311, process, 'cluster', syncing, request).enabled).toBe(true);
    expect(receive(rfc6311, hold, 'cluster', idle, request).enabled).toBe(true);
  });

  test('IKE and ESP are two settings', () => {
    const sa = establishedSa();
    const member: ActiveMember = { ...syncing, sa: { ...sa, childSas: [freshChildSa('c1')] } };
    const packet: Message = { kind: 'esp', from: 'peer', spi: 'c1', number: 1, content: 1 };
    for (const [ikeWhileSyncing, espWhileSyncing] of [
      ['hold', 'pass'],
      ['process', 'hold'],
    ] as const) {
      const policies = { ...hold, ikeWhileSyncing, espWhileSyncing };
      const looksAt = (message: Message) => receive(rfc6311, policies, 'cluster', member, message).enabled;
      expect(looksAt(packet)).toBe(espWhileSyncing === 'pass');
      expect(looksAt(request)).toBe(ikeWhileSyncing === 'process');
    }
  });
});

test('RFC6311-5.1-ADOPT: no new request before the response, since M2 is not known', () => {
  expect(beginRequest(rfc6311, 'cluster', syncing, 'x')).toMatchObject({
    enabled: false,
    rule: 'RFC6311-5.1-ADOPT',
  });
  expect(beginRequest(rfc6311, 'cluster', idle, 'x').enabled).toBe(true);
});

describe('RFC6311-8.1-WHILE-SYNCING: requests of the member itself', () => {
  const send = (member: ActiveMember, ikeWhileSyncing: 'hold' | 'process' | 'process-and-send') =>
    beginRequest(rfc6311, 'cluster', member, 'x', undefined, { ikeWhileSyncing });

  test('wait for the response, or begin with the M1 that it sent', () => {
    expect(send(syncing, 'hold').enabled).toBe(false);
    expect(send(syncing, 'process').enabled).toBe(false);
    const first = take(send(syncing, 'process-and-send'));
    expect(first.sent).toMatchObject([{ id: 1 }]);
    expect(first.member.sync).toEqual(syncing.sync);
    const later = { ...syncing, sa: { ...syncing.sa, expectedSend: 4 } };
    expect(take(send(later, 'process-and-send')).sent).toMatchObject([{ id: 4 }]);
    expect(take(send(idle, 'process-and-send')).sent).toMatchObject([{ id: 0 }]);
  });

  test('they are not from before the sync: their response is still waited for', () => {
    const { member } = take(send(syncing, 'process-and-send'));
    const response: Message = {
      ...{ kind: 'sync-response', from: 'peer', id: 0, nonce: 0, p2: 0, m2: 1 },
      ...{ wellFormed: true, otherPayloads: [] },
    };
    expect(take(receive(rfc6311, hold, 'cluster', member, response)).member.sa.outstanding).toEqual([
      { id: 1, content: 'x' },
    ]);
    // If the peer had seen more than the member knew of, they are.
    const above = { ...response, m2: 2 };
    expect(take(receive(rfc6311, hold, 'cluster', member, above)).member.sa.outstanding).toEqual([]);
  });
});

describe('RFC6311-8.1-DECLARED-WINDOW: nothing outside the declared window is processed', () => {
  const two: SaState = { ...establishedSa(), window: 2 };
  // Request 1 came before request 0: P1 is 2, though the snapshot expects 0.
  const ahead: SaState = { ...two, expectedReceive: 0, answered: [{ id: 1, content: 1 }] };
  const member: ActiveMember = { role: 'active', sa: ahead, sync: { nonce: 0, m1: 1, p1: 2 } };
  const asks = (id: number): Message => ({ kind: 'request', from: 'peer', id, content: id });

  test('of the member: from P1 on, retransmissions included', () => {
    const takes = (id: number) => receive(rfc6311, process, 'cluster', member, asks(id)).enabled;
    expect([0, 1, 2, 3, 4].filter(takes)).toEqual([2, 3]);
    const snapshots = without(rfc6311, 'RFC6311-8.1-DECLARED-WINDOW')!;
    const took = (id: number) => receive(snapshots, process, 'cluster', member, asks(id)).enabled;
    expect([0, 1, 2, 3, 4].filter(took)).toEqual([0, 1]);
  });

  test('it moves with what is processed, and that is answered again', () => {
    const { member: after } = take(receive(rfc6311, process, 'cluster', member, asks(2)));
    const takes = (id: number) => receive(rfc6311, process, 'cluster', after, asks(id)).enabled;
    expect([0, 1, 2, 3, 4, 5].filter(takes)).toEqual([2, 3, 4]);
  });

  test('what was processed from P2 on is answered again after the response, too; nothing else is', () => {
    const { member: after } = take(receive(rfc6311, process, 'cluster', member, asks(3)));
    const answer = (p2: number): Message => ({
      ...{ kind: 'sync-response', from: 'peer', id: 0, nonce: 0, p2, m2: 1 },
      ...{ wellFormed: true, otherPayloads: [] },
    });
    const synced = (p2: number) => {
      const { sa } = take(receive(rfc6311, process, 'cluster', after, answer(p2))).member;
      return { expects: sa.expectedReceive, answered: sa.answered.map(({ id }) => id) };
    };
    expect(synced(2)).toEqual({ expects: 2, answered: [3] });
    expect(synced(3)).toEqual({ expects: 4, answered: [3] });
    expect(synced(4)).toEqual({ expects: 4, answered: [] });
  });

  test('a response that takes the counters back takes with them what was answered beyond', () => {
    const answered = [{ id: 2, content: 2 }];
    const before = { ...two, expectedReceive: 3, answered };
    expect(unlessTakenBack(before, { ...before, expectedReceive: 2 }).answered).toEqual([]);
    expect(unlessTakenBack(before, before).answered).toEqual(answered);
    expect(unlessTakenBack(before, { ...before, expectedReceive: 4 }).answered).toEqual(answered);
  });

  test('of the peer: from M2 on', () => {
    const peer: ActiveMember = {
      role: 'active',
      sa: { ...two, expectedReceive: 2, answered: ahead.answered },
      sync: null,
    };
    const synced = take(receive(rfc6311, hold, 'peer', peer, { ...syncRequest, m1: 5 })).member;
    const takes = (id: number) =>
      receive(rfc6311, hold, 'peer', synced, { ...asks(id), from: 'cluster' }).enabled;
    expect([0, 1, 2, 3, 4, 5, 6, 7].filter(takes)).toEqual([5, 6]);
  });

  test('responses and the sync messages themselves are in no window', () => {
    const waiting = { ...member, sa: { ...ahead, outstanding: [{ id: 0, content: 'x' }] } };
    const response: Message = { kind: 'response', from: 'peer', id: 0, answers: 'x' };
    expect(receive(rfc6311, process, 'cluster', waiting, response).enabled).toBe(true);
    const crossing: Message = { ...syncRequest, from: 'peer', m1: 7 };
    expect(receive(rfc6311, process, 'cluster', member, crossing).enabled).toBe(true);
  });
});

describe('RFC6311-8.1-PENDING-IKE: a request in doubt may close the IKE SA', () => {
  test('where the snapshot has one under way, and the policy is to close', () => {
    const busy = { outstanding: [{ id: 0, content: 'x' }] };
    expect(closesInDoubt(busy, 'close')).toBe(true);
    expect(closesInDoubt(busy, 'give-up')).toBe(false);
    expect(closesInDoubt(busy, 'send-again')).toBe(false);
    expect(closesInDoubt({ outstanding: [] }, 'close')).toBe(false);
  });
});

test('without counter sync in the revision, its messages mean nothing, and no rule of it forbids them', () => {
  expect(receive(ikev2, hold, 'peer', idle, syncRequest)).toEqual({
    enabled: false,
    rule: null,
    because: 'this revision has no counter sync',
  });
  expect(receive(rfc6311, hold, 'peer', idle, syncRequest).enabled).toBe(true);
});

test('a member of a text without counter sync begins none, and holds nothing back', () => {
  expect(askLater(ikev2, 'cluster', { ...idle, yetToAsk: true }, usual, 1)).toBeNull();
  expect(receive(ikev2, hold, 'cluster', syncing, request).enabled).toBe(true);
});

test('RFC7296-2.1-RETRANSMISSION: what replaced the IKE SA is answered again under the old one', () => {
  const rekeyedBy = { id: 0, content: 'x', ikeSa: 'old' };
  const member: ActiveMember = { ...idle, sa: { ...establishedSa(), ikeSa: 'new', rekeyedBy } };
  const again: Message = { ...request, ikeSa: 'old' } as Message;
  expect(receive(rfc6311, hold, 'cluster', member, again)).toEqual({
    enabled: true,
    answer: 'again',
    member,
    sent: [{ kind: 'response', from: 'cluster', ikeSa: 'old', id: 0, answers: 'x' }],
    observations: [],
    rules: ['RFC7296-2.1-RETRANSMISSION'],
  });
  for (const other of [{ id: 1 }, { content: 'y' }, { ikeSa: 'older' }])
    expect(receive(rfc6311, hold, 'cluster', member, { ...again, ...other } as Message)).toMatchObject({
      enabled: false,
      rule: 'RFC6311-8.3-INCONSISTENT',
    });
});

test('what is no box is no member', () => {
  expect(isMember({ role: 'queue', messages: [] })).toBe(false);
  expect([isMember(1), isMember(undefined), isMember({ role: 'down' })]).toEqual([false, false, true]);
});

test('what an end sent itself is none of its business', () => {
  expect(receive(rfc6311, hold, 'peer', idle, request)).toMatchObject({ enabled: false, rule: null });
});

/** The policies of a takeover. */
const by = (bump: number) => ({ ...usual, bump });

test('a message of a kind that no rule knows is none of those that there are, whatever its Message ID', () => {
  const waits: ActiveMember = {
    ...idle,
    sa: { ...establishedSa(), expectedSend: 1, outstanding: [{ id: 0, content: 'a' }] },
  };
  for (const response of [false, true]) {
    const message: Message = { kind: 'own', name: 'hint', from: 'peer', id: 0, response, holds: {} };
    expect(receive(rfc6311, hold, 'cluster', waits, message)).toEqual({
      enabled: false,
      rule: null,
      because: 'no rule knows messages of the kind hint',
    });
  }
});

describe('the cluster', () => {
  const sa = { ...establishedSa(), expectedSend: 4, expectedReceive: 2 };

  test('a snapshot is what the active member knows at that time', () => {
    const shared = { failoverCount: 'shared', firstCount: 'one', stateSyncReceipt: 'replace' } as const;
    for (const revision of revisions) {
      expect(
        receiveStateSync(revision, shared, { role: 'down' }, handedOver(revision, { ...idle, sa })),
      ).toEqual({
        role: 'standby',
        snapshot: sa,
      });
    }
  });

  test('with counter sync, the newly active member asks first', () => {
    expect(takeOver(rfc6311, 'cluster', sa, by(3), 7)).toMatchObject({
      enabled: true,
      sent: [{ kind: 'sync-request', from: 'cluster', nonce: 7, m1: 7, p1: 2 }],
      member: { role: 'active', sync: { nonce: 7, m1: 7, p1: 2 } },
    });
  });

  test('without, or where it was not negotiated, it goes on as if nothing had happened', () => {
    expect(takeOver(ikev2, 'cluster', sa, by(3), 7)).toEqual(goOn(sa));
    const silent = { ...sa, announced: { own: true, other: false } };
    expect(takeOver(rfc6311, 'cluster', silent, by(3), 7)).toEqual(goOn(silent));
    expect(goOn(sa)).toMatchObject({ enabled: true, sent: [], member: { role: 'active', sa, sync: null } });
  });

  test('RFC6311-5.1-M1-SHARED: a standby is told, and nobody else', () => {
    const rules = rfc6311.counterSync!;
    expect(afterTelling(rules, { role: 'standby', snapshot: sa }, { m1: 9, p1: 0 })).toEqual({
      role: 'standby',
      snapshot: { ...sa, m1Sent: 9 },
    });
    expect(afterTelling(rules, { role: 'down' }, { m1: 9, p1: 0 })).toEqual({ role: 'down' });
  });
});

function take(step: Step | 'closed' | null): Taken {
  if (step === null || step === 'closed') throw new Error(`${step}`);
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}

describe('RFC6311-8.1-PENDING-IKE: what was under way is sent again under a new Message ID', () => {
  const again = { ...hold, pending: 'send-again' } as const;
  const busy: SaState = {
    ...establishedSa(),
    window: 2,
    expectedSend: 4,
    outstanding: [
      { id: 2, content: 'a' },
      { id: 3, content: 'b' },
    ],
  };
  const peer: ActiveMember = { ...idle, sa: busy };

  test('nothing is sent again where nothing was under way, or it is given up', () => {
    expect(sendAgain(rfc6311, 'peer', idle)).toBeNull();
    expect(sendAgain(rfc6311, 'peer', peer)).toBeNull();
    const { member } = take(receive(rfc6311, hold, 'peer', peer, { ...syncRequest, p1: 9 } as Message));
    expect(sendAgain(rfc6311, 'peer', member)).toBeNull();
  });

  test('the peer: each request once, in their order, from P2 on', () => {
    let { member } = take(receive(rfc6311, again, 'peer', peer, { ...syncRequest, p1: 9 } as Message));
    expect(member.sa).toMatchObject({ again: ['a', 'b'], outstanding: [], expectedSend: 9 });
    const sent = ['a', 'b'].map(() => {
      const step = take(sendAgain(rfc6311, 'peer', member));
      member = step.member;
      expect(step.observations).toMatchObject([{ kind: 'request-sent', by: 'peer' }]);
      return step.sent[0];
    });
    expect(sent).toEqual([
      { kind: 'request', from: 'peer', id: 9, content: 'a' },
      { kind: 'request', from: 'peer', id: 10, content: 'b' },
    ]);
    expect(member.sa).toMatchObject({ again: [], expectedSend: 11, outstanding: [{ id: 9 }, { id: 10 }] });
    expect(sendAgain(rfc6311, 'peer', member)).toBeNull();
  });

  test('the newly active member: only after the response, from M2 on', () => {
    const waiting: ActiveMember = { role: 'active', sa: { ...busy, again: ['z'] }, sync: syncing.sync };
    expect(sendAgain(rfc6311, 'cluster', waiting)).toMatchObject({
      enabled: false,
      rule: 'RFC6311-5.1-ADOPT',
    });
    const response: Message = {
      kind: 'sync-response',
      from: 'peer',
      id: 0,
      nonce: 0,
      p2: 3,
      m2: 8,
      wellFormed: true,
      otherPayloads: [],
    };
    const { member } = take(receive(rfc6311, again, 'cluster', waiting, response));
    expect(member.sa.again).toEqual(['z', 'a', 'b']);
    const step = take(sendAgain(rfc6311, 'cluster', member));
    expect(step.sent).toEqual([{ kind: 'request', from: 'cluster', id: 8, content: 'z' }]);
    expect(step.member.sa.again).toEqual(['a', 'b']);
  });

  test('as the window has room: refused, it is not forgotten', () => {
    const member: ActiveMember = { ...idle, sa: { ...busy, again: ['z'] } };
    expect(sendAgain(rfc6311, 'peer', member)).toMatchObject({ enabled: false, rule: 'RFC7296-2.3-WINDOW' });
    expect(member.sa.again).toEqual(['z']);
  });
});

describe('a delta that is owed', () => {
  const owes: ActiveMember = { ...idle, owed: { delta: 3, content: 'd' } };

  test('is told once, in a request of its own', () => {
    const step = take(tellDelta(rfc6311, 'cluster', owes));
    expect(step.sent).toEqual([
      {
        kind: 'request',
        from: 'cluster',
        id: 0,
        content: 'd',
        asks: { kind: 'replay-counter-sync', delta: 3 },
      },
    ]);
    expect(tellDelta(rfc6311, 'cluster', step.member)).toBeNull();
  });

  test('not while a sync request waits for its response', () => {
    expect(tellDelta(rfc6311, 'cluster', { ...owes, sync: syncing.sync })).toMatchObject({
      enabled: false,
      rule: 'RFC6311-5.1-ADOPT',
    });
  });
});

describe('RFC6311-8.1-WHILE-SYNCING: ESP packets while the sync request is unanswered', () => {
  const sa = { ...establishedSa(), childSas: [freshChildSa('c1')] };
  const packet: Message = { kind: 'esp', from: 'peer', spi: 'c1', number: 1, content: 'x' };

  test('held back, or processed', () => {
    expect(receive(rfc6311, hold, 'cluster', { ...syncing, sa }, packet)).toMatchObject({
      enabled: false,
      rule: 'RFC6311-8.1-WHILE-SYNCING',
    });
    expect(receive(rfc6311, process, 'cluster', { ...syncing, sa }, packet).enabled).toBe(true);
    expect(receive(rfc6311, hold, 'cluster', { ...idle, sa }, packet).enabled).toBe(true);
    expect(receive(rfc6311, hold, 'peer', { ...idle, sa }, packet).enabled).toBe(false);
  });
});

describe('RFC7296-2.2-NO-WRAP: who takes over with counters that are used up closes the SA', () => {
  const at = (changes: Partial<SaState>, bump = 0) =>
    takeOver(rfc6311, 'cluster', { ...establishedSa(), ...changes }, by(bump), 7);

  test('where M1 or P1 would be beyond the last Message ID', () => {
    expect(take(at({ expectedSend: MAX_MESSAGE_ID })).sent).toMatchObject([{ m1: MAX_MESSAGE_ID }]);
    expect(at({ expectedSend: MAX_MESSAGE_ID + 1 })).toBe('closed');
    expect(at({ expectedSend: MAX_MESSAGE_ID - 2 }, 3)).toBe('closed');
    expect(take(at({ expectedSend: MAX_MESSAGE_ID - 3 }, 3)).sent).toMatchObject([{ m1: MAX_MESSAGE_ID }]);
    expect(at({ m1Sent: MAX_MESSAGE_ID })).toBe('closed');
    expect(take(at({ expectedReceive: MAX_MESSAGE_ID })).sent).toMatchObject([{ p1: MAX_MESSAGE_ID }]);
    expect(at({ expectedReceive: MAX_MESSAGE_ID + 1 })).toBe('closed');
  });

  test('without a sync it goes on, and cannot send: nothing tells the ends apart', () => {
    const sa = { ...establishedSa({ own: true, other: false }), expectedSend: MAX_MESSAGE_ID + 1 };
    const { member } = take(takeOver(rfc6311, 'cluster', sa, by(0), 7));
    expect(beginRequest(rfc6311, 'cluster', member, 'x')).toMatchObject({
      enabled: false,
      rule: 'RFC7296-2.2-NO-WRAP',
    });
  });

  test('the peer does not answer what would leave it without a number', () => {
    const peer = { ...idle, sa: { ...establishedSa(), expectedSend: MAX_MESSAGE_ID + 1 } };
    expect(receive(rfc6311, hold, 'peer', peer, syncRequest)).toMatchObject({
      enabled: false,
      rule: 'RFC7296-2.2-NO-WRAP',
    });
  });
});
