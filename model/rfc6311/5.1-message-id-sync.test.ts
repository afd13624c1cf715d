import { describe, expect, test } from 'vitest';
import { ikev2 } from '../revisions/ikev2.ts';
import { ipsecha00 } from '../revisions/ipsecha-00.ts';
import { ipsecha01 } from '../revisions/ipsecha-01.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { type Policies, usual } from '../settings/settings.ts';
import { type ActiveMember, establishedSa, type PendingSync, type SaState } from '../state/member.ts';
import type { SyncRequest, SyncResponse } from '../state/messages.ts';
import type { Step, Taken } from '../state/step.ts';
import {
  adopt,
  chooseM1,
  chooseM2,
  chooseP1,
  chooseP2,
  confirmsCounters,
  echoNonce,
  hasMessageIdZero,
  highestValueSeen,
  isAlone,
  isStale,
  lowestM1,
  nonceMatches,
  receiveSyncRequest,
  receiveSyncResponse,
  sendSyncRequest,
  tellM1,
} from './5.1-message-id-sync.ts';
import { isNegotiated } from './5-counter-sync-exchange.ts';
import { isWellFormed } from './6.3-message-id-sync-notification.ts';
import { dropPending } from './8.1-messages-outside-the-window.ts';

const policies: Policies = usual;
const cached: Policies = { ...policies, staleSync: 'answer-from-cache' };

const sa = (changes: Partial<SaState> = {}): SaState => ({ ...establishedSa(), ...changes });
const peer = (changes: Partial<SaState> = {}): ActiveMember => ({
  role: 'active',
  sa: sa(changes),
  sync: null,
});
const request = (changes: Partial<SyncRequest> = {}): SyncRequest => ({
  kind: 'sync-request',
  from: 'cluster',
  id: 0,
  nonce: 'n',
  m1: 10,
  p1: 3,
  wellFormed: true,
  otherPayloads: [],
  ...changes,
});
const response = (changes: Partial<SyncResponse> = {}): SyncResponse => ({
  kind: 'sync-response',
  from: 'peer',
  id: 0,
  nonce: 'n',
  p2: 4,
  m2: 11,
  wellFormed: true,
  otherPayloads: [],
  ...changes,
});
const waiting = (pending: Partial<PendingSync> = {}, changes: Partial<SaState> = {}): ActiveMember => ({
  role: 'active',
  sa: sa({ m1Sent: 10, ...changes }),
  sync: { nonce: 'n', m1: 10, p1: 3, ...pending },
});

/** What the peer does with a sync request. */
const ask = (member: ActiveMember, message: SyncRequest, choice: Policies = policies) =>
  receiveSyncRequest(rfc6311, choice, 'peer', member, message);
/** What the newly active member does with a response. */
const answer = (member: ActiveMember, message: SyncResponse, choice: Policies = policies) =>
  receiveSyncResponse(rfc6311, choice, 'cluster', member, message);

function take(step: Step): Taken {
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}

const refusedBy = (step: Step): string | null | undefined => (step.enabled ? undefined : step.rule);

describe('RFC6311-5-NEGOTIATED: no counter sync unless both ends announced it', () => {
  const halves = [
    { own: true, other: false },
    { own: false, other: true },
    { own: false, other: false },
  ];

  test('both ends, and no fewer', () => {
    expect(isNegotiated({ announced: { own: true, other: true } })).toBe(true);
    for (const announced of halves) expect(isNegotiated({ announced })).toBe(false);
  });

  test.each(halves)('own $own, other $other: neither sent nor acted on', (announced) => {
    const choice = { nonce: 'n', bump: 1 };
    expect(refusedBy(sendSyncRequest(rfc6311, 'cluster', sa({ announced }), choice))).toBe(
      'RFC6311-5-NEGOTIATED',
    );
    expect(refusedBy(ask(peer({ announced }), request()))).toBe('RFC6311-5-NEGOTIATED');
  });
});

describe('RFC6311-6.3-FORMAT: a malformed notification is not acted on', () => {
  test('in either direction', () => {
    expect([true, false].map((wellFormed) => isWellFormed({ wellFormed }))).toEqual([true, false]);
    expect(refusedBy(ask(peer(), request({ wellFormed: false })))).toBe('RFC6311-6.3-FORMAT');
    expect(refusedBy(answer(waiting(), response({ wellFormed: false })))).toBe('RFC6311-6.3-FORMAT');
  });
});

describe('RFC6311-5.1-ALONE: no other payload in the exchange', () => {
  test('in either direction', () => {
    expect(isAlone(request(), false)).toBe(true);
    expect(isAlone(request({ otherPayloads: ['DELETE'] }), true)).toBe(false);
    expect(refusedBy(ask(peer(), request({ otherPayloads: ['DELETE'] })))).toBe('RFC6311-5.1-ALONE');
    expect(refusedBy(answer(waiting(), response({ otherPayloads: ['DELETE'] })))).toBe('RFC6311-5.1-ALONE');
  });

  test('but the delta, in the request alone: in the response the slides let it be, and RFC 6311 does not', () => {
    expect(ask(peer(), request({ delta: 5 })).enabled).toBe(true);
    expect([false, true].map((confirms) => isAlone(response({ delta: 5 }), confirms))).toEqual([false, true]);
    const refusal = answer(waiting(), response({ delta: 5 }));
    expect(refusal).toMatchObject({
      rule: 'RFC6311-5.1-ALONE',
      because: 'it also holds IPSEC_REPLAY_COUNTER_SYNC',
    });
    for (const [revision, confirms] of [
      [rfc6311, false],
      [ipsecha00, true],
      [ipsecha01, true],
    ] as const) {
      expect(confirmsCounters(revision)).toBe(confirms);
      const step = receiveSyncResponse(revision, policies, 'cluster', waiting(), response({ delta: 5 }));
      expect(step.enabled).toBe(confirms);
    }
  });
});

describe('RFC6311-5.1-MID-ZERO: request and response have Message ID 0', () => {
  test('whatever the counters of either end', () => {
    const far = { expectedSend: 8, expectedReceive: 9, highestSeen: 8 };
    expect(take(sendSyncRequest(rfc6311, 'cluster', sa(far), { nonce: 'n', bump: 1 })).sent).toMatchObject([
      { id: 0 },
    ]);
    expect(take(ask(peer(far), request())).sent).toMatchObject([{ id: 0 }]);
  });

  test('another Message ID is not acted on', () => {
    expect([0, 1].map((id) => hasMessageIdZero({ id }))).toEqual([true, false]);
    expect(refusedBy(ask(peer(), request({ id: 1 })))).toBe('RFC6311-5.1-MID-ZERO');
    expect(refusedBy(answer(waiting(), response({ id: 1 })))).toBe('RFC6311-5.1-MID-ZERO');
  });
});

describe('RFC6311-5.1-M1-FRESH: M1 is larger than any Message ID known to have been used', () => {
  test('larger than those of requests: 6 was the last, so 7 at least', () => {
    expect(lowestM1(sa({ expectedSend: 7 }))).toBe(7);
  });

  test('larger than those of earlier sync requests: 9 was sent, so 10 at least', () => {
    expect(lowestM1(sa({ expectedSend: 7, m1Sent: 9 }))).toBe(10);
    expect(lowestM1(sa({ expectedSend: 12, m1Sent: 9 }))).toBe(12);
  });

  test('it is refused to send a lower one, and a sent one counts as used', () => {
    const snapshot = sa({ expectedSend: 7 });
    expect(refusedBy(sendSyncRequest(rfc6311, 'cluster', snapshot, { nonce: 'n', bump: -1 }))).toBe(
      'RFC6311-5.1-M1-FRESH',
    );
    const first = take(sendSyncRequest(rfc6311, 'cluster', snapshot, { nonce: 'n', bump: 0 }));
    expect(first.sent).toMatchObject([{ kind: 'sync-request', m1: 7 }]);
    const again = take(sendSyncRequest(rfc6311, 'cluster', first.member.sa, { nonce: 'o', bump: 0 }));
    expect(again.sent).toMatchObject([{ kind: 'sync-request', nonce: 'o', m1: 8 }]);
  });
});

describe('RFC6311-5.1-M1-BUMP: M1 is advanced past what is known', () => {
  test('by the size of the sender window, say', () => {
    expect(chooseM1(7, 5)).toBe(12);
    const step = take(sendSyncRequest(rfc6311, 'cluster', sa({ expectedSend: 7 }), { nonce: 'n', bump: 5 }));
    expect(step.sent).toMatchObject([{ m1: 12 }]);
    expect(step.member.sync).toMatchObject({ nonce: 'n', m1: 12 });
  });
});

describe('RFC6311-5.1-P1: P1 is one more than the last Message ID known from the peer', () => {
  test('3 was the last of the peer, so P1 is 4', () => {
    expect(chooseP1(sa({ expectedReceive: 4 }))).toBe(4);
    const snapshot = sa({ expectedReceive: 4 });
    const step = take(sendSyncRequest(rfc6311, 'cluster', snapshot, { nonce: 'n', bump: 1 }));
    expect(step.sent).toMatchObject([{ p1: 4 }]);
  });

  test('it may be higher', () => {
    const choice = { nonce: 'n', bump: 1, p1Ahead: 2 };
    const step = take(sendSyncRequest(rfc6311, 'cluster', sa({ expectedReceive: 4 }), choice));
    expect(step.sent).toMatchObject([{ p1: 6 }]);
  });
});

describe('RFC6311-5.1-M1-SHARED: the other members are informed of the M1 and P1 that were sent', () => {
  test('so that the next M1 is above it', () => {
    const told = tellM1(sa({ expectedSend: 2 }), 9, 0);
    expect(told).toEqual(sa({ expectedSend: 2, m1Sent: 9 }));
    expect(lowestM1(told)).toBe(10);
  });

  test('and the next P1 not below it', () => {
    const told = tellM1(sa({ expectedReceive: 3 }), 9, 6);
    expect(chooseP1(told)).toBe(6);
    // Where the snapshot says as much itself, there is nothing to remember.
    expect(tellM1(sa({ expectedReceive: 6 }), 9, 6)).toEqual(sa({ expectedReceive: 6, m1Sent: 9 }));
  });

  test('what they know already is not forgotten', () => {
    expect(tellM1(sa({ m1Sent: 12, p1Sent: 8 }), 9, 6)).toMatchObject({ m1Sent: 12, p1Sent: 8 });
  });

  test('who sent it remembers it too, until the counters say as much', () => {
    const choice = { nonce: 'n', bump: 1, p1Ahead: 2 };
    const asked = take(sendSyncRequest(rfc6311, 'cluster', sa({ expectedReceive: 4 }), choice)).member;
    expect(asked.sa.p1Sent).toBe(6);
    expect('p1Sent' in take(answer(asked, response({ p2: 6 }))).member.sa).toBe(false);
  });
});

describe('RFC6311-5.1-DROP-STALE: a sync request with an old M1 is dropped silently', () => {
  test('lower than or equal to the highest value seen', () => {
    const old = sa({ expectedReceive: 8, highestSeen: 7 });
    expect([6, 7, 8].map((m1) => isStale(old, m1, 'highest-seen'))).toEqual([true, true, false]);
    expect(refusedBy(ask(peer({ expectedReceive: 8, highestSeen: 7 }), request({ m1: 7 })))).toBe(
      'RFC6311-5.1-DROP-STALE',
    );
    expect(ask(peer({ expectedReceive: 8, highestSeen: 7 }), request({ m1: 8 })).enabled).toBe(true);
  });

  test.each([
    ['highest-seen', { highestSeen: 12 }, 'M1 10 is not above the highest value seen, 12'],
    [
      'earlier-syncs',
      { highestSeen: 12, m1Seen: 10 },
      'M1 10 is not above that of an earlier sync request, 10',
    ],
    [
      'next-expected',
      { expectedReceive: 11, highestSeen: 3 },
      'M1 10 is below the Message ID expected next, 11',
    ],
  ] as const)('what is said of it names what M1 was compared with: %s', (m1Compare, seen, because) => {
    expect(ask(peer(seen), request(), { ...policies, m1Compare })).toMatchObject({ enabled: false, because });
  });

  test('nothing is said of a value seen where the revision has a comparison of its own', () => {
    const { counterSync } = rfc6311;
    if (counterSync === null) throw new Error('RFC 6311 has a counter sync');
    const own = { ...rfc6311, counterSync: { ...counterSync, isStale: () => true } };
    expect(receiveSyncRequest(own, policies, 'peer', peer({ highestSeen: 3 }), request())).toMatchObject({
      enabled: false,
      because: 'M1 10 is too low for this revision',
    });
  });

  test('M1 0 is fresh where nothing was seen', () => {
    expect(isStale(sa(), 0, 'highest-seen')).toBe(false);
  });

  test('earlier sync requests included: the same one is not acted on twice', () => {
    const { member } = take(ask(peer(), request({ m1: 10 })));
    expect(refusedBy(ask(member, request({ m1: 10 })))).toBe('RFC6311-5.1-DROP-STALE');
    expect(refusedBy(ask(member, request({ m1: 9, nonce: 'o' })))).toBe('RFC6311-5.1-DROP-STALE');
    expect(ask(member, request({ m1: 11, nonce: 'o' })).enabled).toBe(true);
  });

  test('who compares with earlier sync requests alone acts on one whose M1 was passed by requests, but once', () => {
    const other: Policies = { ...policies, m1Compare: 'earlier-syncs' };
    const busy = peer({ expectedReceive: 8, highestSeen: 7 });
    const first = take(ask(busy, request({ m1: 4 }), other));
    // M2 mends it: nothing that was seen is expected again.
    expect(first.sent).toMatchObject([{ m2: 8 }]);
    expect(first.member.sa).toMatchObject({ expectedReceive: 8, highestSeen: 7, m1Seen: 4 });
    expect(refusedBy(ask(first.member, request({ m1: 4, nonce: 'o' }), other))).toBe(
      'RFC6311-5.1-DROP-STALE',
    );
    expect(ask(first.member, request({ m1: 5, nonce: 'o' }), other).enabled).toBe(true);
    // Nobody else has to remember the M1 of sync requests alone.
    expect('m1Seen' in take(ask(peer(), request())).member.sa).toBe(false);
  });

  test('who compares with the Message ID expected next acts on it twice', () => {
    const other: Policies = { ...policies, m1Compare: 'next-expected' };
    const { member } = take(receiveSyncRequest(rfc6311, other, 'peer', peer(), request({ m1: 10 })));
    expect(highestValueSeen(member.sa, 'highest-seen')).toBe(10);
    expect(highestValueSeen(member.sa, 'next-expected')).toBe(9);
    expect(receiveSyncRequest(rfc6311, other, 'peer', member, request({ m1: 10 })).enabled).toBe(true);
  });

  test('with a cache, a retransmission of the last one is answered, and changes nothing', () => {
    const first = take(ask(peer(), request(), cached));
    const again = take(ask(first.member, request(), cached));
    expect(again.sent).toEqual(first.sent);
    expect(again.member).toBe(first.member);
    expect(again.observations).toEqual([]);
    expect(ask(first.member, request({ nonce: 'o' }), cached).enabled).toBe(false);
    expect(ask(first.member, request({ p1: 4 }), cached).enabled).toBe(false);
  });
});

describe('RFC6311-5.1-P2: P2 is the higher of P1 and one more than the highest value used by the peer', () => {
  test.each([
    [3, 8, 8],
    [9, 8, 9],
    [8, 8, 8],
  ])('P1 %i, next Message ID of the peer %i: P2 %i', (p1, expectedSend, p2) => {
    expect(chooseP2(sa({ expectedSend }), p1, 'used-only')).toBe(p2);
    const step = take(ask(peer({ expectedSend }), request({ p1 })));
    expect(step.sent).toMatchObject([{ kind: 'sync-response', p2 }]);
    expect(step.member.sa.expectedSend).toBe(p2);
  });
});

test('RFC6311-5.1-P2: an M1 of its own that is under way counts, or does not (p2-counts)', () => {
  const asking = waiting({ m1: 10 }, { expectedSend: 8, m1Sent: 10 });
  const p2 = (p2Counts: Policies['p2Counts']) =>
    take(ask(asking, request({ p1: 3 }), { ...policies, p2Counts })).sent;
  expect(p2('own-m1')).toMatchObject([{ p2: 10 }]);
  expect(p2('used-only')).toMatchObject([{ p2: 8 }]);
});

test('RFC6311-5.1-M2: without a comparison of M1, sync requests count or do not (m2-counts)', () => {
  const m2After = (revision: typeof rfc6311, m2Counts: Policies['m2Counts']) => {
    const choice = { ...policies, m2Counts };
    const first = take(receiveSyncRequest(revision, choice, 'peer', peer(), request({ m1: 10 })));
    const again = receiveSyncRequest(revision, choice, 'peer', first.member, request({ m1: 10 }));
    return again.enabled ? again.member.sa.expectedReceive : again.rule;
  };
  // Replayed, it takes the peer one further than the cluster will ever be; or it does no harm.
  expect(m2After(ipsecha00, 'sync-requests')).toBe(11);
  expect(m2After(ipsecha00, 'requests-only')).toBe(10);
  for (const m2Counts of ['sync-requests', 'requests-only'] as const) {
    expect(m2After(rfc6311, m2Counts)).toBe('RFC6311-5.1-DROP-STALE');
  }
});

describe('RFC6311-5.1-M2: M2 is at least M1, and above everything seen from the cluster', () => {
  test.each([
    [10, 4, 10],
    [5, 4, 5],
    [4, 4, 5],
    [2, 9, 10],
  ])('M1 %i, highest value seen %i: M2 %i', (m1, highestSeen, m2) => {
    const known = sa({ highestSeen, expectedReceive: highestSeen + 1 });
    for (const compare of ['highest-seen', 'earlier-syncs', 'next-expected'] as const)
      expect(chooseM2(known, m1, compare)).toBe(m2);
  });

  test('a request that is due is not waited for, unless M1 is compared with the next one expected', () => {
    // 4 to 7 came, 3 did not (section 9).
    const gap = sa({ highestSeen: 7, expectedReceive: 3 });
    expect(
      (['highest-seen', 'earlier-syncs', 'next-expected'] as const).map((compare) =>
        chooseM2(gap, 3, compare),
      ),
    ).toEqual([8, 8, 3]);
  });

  test('it is sent, and expected from then on', () => {
    const step = take(ask(peer({ highestSeen: 4, expectedReceive: 5 }), request({ m1: 10 })));
    expect(step.sent).toMatchObject([{ m2: 10 }]);
    expect(step.member.sa).toMatchObject({ expectedReceive: 10, highestSeen: 10 });
  });
});

describe('RFC6311-5.1-NONCE-ECHO: the nonce is returned unchanged', () => {
  test('whatever it is', () => {
    expect(echoNonce({ nonce: '6c756e61' })).toBe('6c756e61');
    expect(take(ask(peer(), request({ nonce: '6c756e61' }))).sent).toMatchObject([{ nonce: '6c756e61' }]);
  });
});

describe('RFC6311-5.1-NONCE-CHECK: a response with another nonce is dropped silently', () => {
  test('only the nonce that was sent will do', () => {
    expect(nonceMatches({ nonce: 'n' }, { nonce: 'n' })).toBe(true);
    expect(nonceMatches({ nonce: 'n' }, { nonce: 'o' })).toBe(false);
    expect(refusedBy(answer(waiting(), response({ nonce: 'o' })))).toBe('RFC6311-5.1-NONCE-CHECK');
    expect(answer(waiting(), response()).enabled).toBe(true);
  });
});

describe('RFC6311-5.1-ADOPT: from the response on, the member goes on with the synchronised values', () => {
  test('higher ones are taken over, and the sync is over', () => {
    const before = sa({ expectedSend: 7, expectedReceive: 3 });
    for (const how of ['maximum', 'replace'] as const)
      expect(adopt(before, { p2: 4, m2: 11 }, how)).toMatchObject({ expectedSend: 11, expectedReceive: 4 });
    const { member } = take(answer(waiting(), response({ p2: 4, m2: 11 })));
    expect(member.sync).toBeNull();
    expect(member.sa).toMatchObject({ expectedSend: 11, expectedReceive: 4 });
  });

  test('lower ones only if all are (adopt=replace)', () => {
    const ahead = sa({ expectedSend: 12, expectedReceive: 6 });
    const old = { p2: 4, m2: 11 };
    expect(adopt(ahead, old, 'maximum')).toMatchObject({ expectedSend: 12, expectedReceive: 6 });
    expect(adopt(ahead, old, 'replace')).toMatchObject({ expectedSend: 11, expectedReceive: 4 });
    const member = waiting({}, { expectedSend: 12, expectedReceive: 6 });
    const after = take(answer(member, response(old), { ...policies, adopt: 'replace' })).member;
    expect(after.sa).toMatchObject({ expectedSend: 11, expectedReceive: 4 });
  });

  test('what was seen of the peer is all below P2', () => {
    for (const how of ['maximum', 'replace'] as const) {
      expect(adopt(sa({ highestSeen: 1 }), { p2: 4, m2: 11 }, how).highestSeen).toBe(3);
      expect(adopt(sa({ highestSeen: 7 }), { p2: 4, m2: 11 }, how).highestSeen).toBe(7);
    }
  });
});

describe('RFC6311-8.1-PENDING-IKE: requests under way at the sync are given up', () => {
  const busy = { outstanding: [{ id: 2, content: 'a' }], answered: [{ id: 3, content: 'b' }] };

  test('the outstanding request is not kept; whether its response would be is a matter of 8.1', () => {
    expect(dropPending(sa(busy), 'give-up', 3)).toEqual(sa({ answered: busy.answered }));
  });

  test('or it is sent again, after those from before, unless it asks what only made sense then', () => {
    expect(dropPending(sa({ ...busy, again: ['z'] }), 'send-again', 3).again).toEqual(['z', 'a']);
    const rekeying = [{ id: 2, content: 'a', asks: { kind: 'rekey-ike' } as const }];
    expect(dropPending(sa({ outstanding: rekeying }), 'send-again', 3).again).toEqual([]);
  });

  test('at either end', () => {
    expect(take(ask(peer(busy), request())).member.sa).toMatchObject({ outstanding: [], answered: [] });
    expect(take(answer(waiting({}, busy), response())).member.sa).toMatchObject({
      outstanding: [],
      answered: [],
    });
  });
});

test('a whole exchange: lost requests on both sides, then both ends agree', () => {
  // The snapshot knows requests up to 2 of its own and 4 of the peer; in truth they were 3 and 6.
  const snapshot = sa({ expectedSend: 3, expectedReceive: 5, highestSeen: 4 });
  const asked = take(sendSyncRequest(rfc6311, 'cluster', snapshot, { nonce: 'n', bump: 2 }));
  const [sent] = asked.sent as readonly SyncRequest[];
  const answered = take(ask(peer({ expectedSend: 7, expectedReceive: 4, highestSeen: 3 }), sent!));
  const [back] = answered.sent as readonly SyncResponse[];
  expect(sent).toMatchObject({ m1: 5, p1: 5 });
  expect(back).toMatchObject({ p2: 7, m2: 5 });
  const { member } = take(answer(asked.member, back!));
  expect(member.sa).toMatchObject({ expectedSend: 5, expectedReceive: 7 });
  expect(answered.member.sa).toMatchObject({ expectedSend: 7, expectedReceive: 5 });
});

describe('what a step of the exchange says of itself', () => {
  const sent = (revision: typeof rfc6311) =>
    take(sendSyncRequest(revision, 'cluster', sa(), { nonce: 'n', bump: 0 }));

  test('the request: its rules, and what is observed of it', () => {
    expect(sent(rfc6311).rules).toEqual([
      ...['RFC6311-5-NEGOTIATED', 'RFC6311-5.1-M1-FRESH', 'RFC6311-5.1-M1-BUMP', 'RFC6311-5.1-P1'],
    ]);
    expect(sent(ipsecha01).rules).toEqual([...sent(rfc6311).rules, 'IPSECHA01-FC-CARRY']);
    expect(sent(rfc6311).observations).toStrictEqual([
      { kind: 'sync-request-sent', by: 'cluster', nonce: 'n', m1: 0, announced: { own: true, other: true } },
    ]);
    expect(
      sendSyncRequest(rfc6311, 'cluster', sa({ expectedSend: 7 }), { nonce: 'n', bump: -2 }),
    ).toMatchObject({
      because: 'M1 5 is below 7, the lowest that is not known to be used',
    });
  });

  test('the answer of the peer', () => {
    const rules = (revision: typeof rfc6311, message: SyncRequest): readonly string[] =>
      take(receiveSyncRequest(revision, policies, 'peer', peer(), message)).rules;
    const common = [
      ...['RFC6311-5-NEGOTIATED', 'RFC6311-6.3-FORMAT', 'RFC6311-5.1-ALONE', 'RFC6311-5.1-MID-ZERO'],
    ];
    const last = [
      ...['RFC6311-5.1-P2', 'RFC6311-5.1-M2', 'RFC6311-5.1-NONCE-ECHO'],
      ...['RFC6311-8.1-DECLARED-WINDOW', 'RFC6311-8.1-PENDING-IKE'],
    ];
    expect(rules(rfc6311, request())).toEqual([...common, 'RFC6311-5.1-DROP-STALE', ...last]);
    expect(rules(ipsecha00, request())).toEqual([...common, ...last]);
    expect(rules(ipsecha01, request({ failoverCount: 1 }))).toEqual([
      ...common,
      'IPSECHA01-FC-OBSERVED',
      ...last,
    ]);
    expect(take(ask(peer(), request())).observations).toStrictEqual([
      {
        ...{ kind: 'sync-request-accepted', by: 'peer', nonce: 'n', p2: 3, m2: 10 },
        ...{ announced: { own: true, other: true }, wellFormed: true },
      },
    ]);
  });

  test('what the member makes of the answer', () => {
    const { rules, observations } = take(answer(waiting(), response()));
    expect(rules).toEqual([
      ...['RFC6311-11-RESPONSE-ONCE', 'RFC6311-6.3-FORMAT', 'RFC6311-5.1-ALONE', 'RFC6311-5.1-MID-ZERO'],
      ...['RFC6311-5.1-NONCE-CHECK', 'RFC6311-5.1-ADOPT'],
      ...['RFC6311-8.1-DECLARED-WINDOW', 'RFC6311-8.1-PENDING-IKE'],
    ]);
    expect(observations).toStrictEqual([
      { kind: 'sync-response-accepted', by: 'cluster', nonce: 'n', pending: 'n', p2: 4, m2: 11 },
    ]);
  });

  test('which payloads are too many', () => {
    const because = (step: Step): string => (step.enabled ? '' : step.because);
    const counters = 'IPSEC_REPLAY_COUNTER_SYNC';
    const perSa = [{ spi: 'c1', number: 1 }];
    expect(because(answer(waiting(), response({ perSa })))).toBe(`it also holds ${counters}`);
    expect(because(answer(waiting(), response({ delta: 1, otherPayloads: ['DELETE'] })))).toBe(
      `it also holds DELETE, ${counters}`,
    );
    expect(because(answer(waiting(), response({ otherPayloads: ['DELETE'] })))).toBe('it also holds DELETE');
    const asked = request({ delta: 1, perSa, otherPayloads: ['DELETE', 'EAP'] });
    expect(because(ask(peer(), asked))).toBe('it also holds DELETE, EAP');
    const confirmed = response({ delta: 1, perSa, otherPayloads: ['DELETE'] });
    expect(because(receiveSyncResponse(ipsecha01, policies, 'cluster', waiting(), confirmed))).toBe(
      'it also holds DELETE',
    );
    expect(isAlone(response({ perSa }), false)).toBe(false);
    expect(confirmsCounters({ replaySync: null })).toBe(false);
  });

  test('a text without counter sync has no such step', () => {
    for (const step of [
      sendSyncRequest(ikev2, 'cluster', sa(), { nonce: 'n', bump: 0 }),
      receiveSyncRequest(ikev2, policies, 'peer', peer(), request()),
      receiveSyncResponse(ikev2, policies, 'cluster', waiting(), response()),
    ]) {
      expect(step).toMatchObject({ enabled: false, rule: null });
    }
  });
});

describe('RFC6311-5.1-DROP-STALE: the response is kept for a retransmission', () => {
  test('only where the policy says so, and only for the very request that was answered last', () => {
    expect(take(ask(peer(), request())).member.sa.lastSync).toBeNull();
    const { member } = take(ask(peer(), request(), cached));
    expect(member.sa.lastSync).toMatchObject({ request: { m1: 10 }, response: { m2: 10 } });
    expect(take(ask(member, request(), cached)).rules).toEqual(['RFC6311-5.1-DROP-STALE']);
    const stale = { enabled: false, rule: 'RFC6311-5.1-DROP-STALE' };
    for (const other of [{ m1: 9 }, { p1: 4 }, { nonce: 'o' }, { from: 'peer' }] as const)
      expect(ask(member, request(other), cached)).toMatchObject(stale);
    // What was kept under another policy is not sent; nor can be what was not kept.
    expect(ask(member, request())).toMatchObject(stale);
    expect(ask(peer({ highestSeen: 20 }), request(), cached)).toMatchObject(stale);
  });

  test('an M1 of 0 is remembered as it is, where sync requests alone count', () => {
    const other: Policies = { ...policies, m1Compare: 'earlier-syncs' };
    expect(take(ask(peer(), request({ m1: 0 }), other)).member.sa.m1Seen).toBe(0);
  });
});

describe('RFC6311-5.1-P1: what is known of the peer', () => {
  test('counts what was answered beyond what is due', () => {
    const answered = [{ id: 6, content: 'x' }];
    expect(chooseP1(sa({ expectedReceive: 4, answered }))).toBe(7);
    expect(chooseP1(sa({ expectedReceive: 9, answered }))).toBe(9);
  });

  test('what was declared is remembered while the counters say less', () => {
    const member = waiting({ p1: 6 }, { p1Sent: 6, expectedReceive: 3 });
    const replaced = take(answer(member, response({ p2: 4 }), { ...policies, adopt: 'replace' })).member.sa;
    expect([replaced.expectedReceive, replaced.p1Sent]).toEqual([4, 6]);
    expect(take(answer(member, response({ p2: 6 }))).member.sa).not.toHaveProperty('p1Sent');
    expect(take(answer(waiting(), response())).member.sa).not.toHaveProperty('p1Sent');
  });
});

test('RFC6311-11-RESPONSE-ONCE: what was answered before is no request that waits', () => {
  const before = { nonce: 'n', m1: 10, p1: 3 };
  const step = answer({ ...peer(), answered: before }, response());
  expect(refusedBy(step)).toBe('RFC6311-11-RESPONSE-ONCE');
});

test('RFC6311-8.1-PENDING-IKE: what was sent since, from the new Message ID on, stays and is not sent again', () => {
  const outstanding = [2, 5, 7].map((id) => ({ id, content: `r${id}` }));
  expect(dropPending(sa({ outstanding }), 'send-again', 5)).toMatchObject({
    outstanding: outstanding.slice(1),
    again: ['r2'],
  });
});
