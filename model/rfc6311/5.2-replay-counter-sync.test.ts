import { describe, expect, test } from 'vitest';
import {
  afterCountersAnswered,
  afterCountersAsked,
  countersReceived,
  countersSent,
  withCounters,
} from '../ipsecha-00/per-sa-counters.ts';
import { confirmDelta } from '../ipsecha-01/solution.ts';
import { afterSharingBump, takeOver } from '../machine/cluster.ts';
import { receive, rekeyAfterTakeover, tellDelta } from '../machine/node.ts';
import { ikev2 } from '../revisions/ikev2.ts';
import { ipsecha00 } from '../revisions/ipsecha-00.ts';
import { ipsecha01 } from '../revisions/ipsecha-01.ts';
import type { Revision } from '../revisions/revision.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import { scenarios } from '../scenarios/index.ts';
import { advancesOf, usual } from '../settings/settings.ts';
import {
  type ActiveMember,
  type ChildSa,
  establishedSa,
  freshChildSa,
  type SaState,
} from '../state/member.ts';
import type { Message, SyncRequest, SyncResponse } from '../state/messages.ts';
import { MAX_EXTENDED_SEQUENCE_NUMBER, MAX_SEQUENCE_NUMBER } from '../state/numbers.ts';
import type { Step, Taken } from '../state/step.ts';
import {
  addsDeltaOf,
  afterOwnBump,
  afterPeerDelta,
  afterTellingBump,
  deltaOfRepeated,
  mayAdvanceTo,
  ownBump,
  peerDelta,
  rekeysAfterSkip,
  tellBump,
} from './5.2-replay-counter-sync.ts';
import { isReplaySyncNegotiated } from './5-counter-sync-exchange.ts';

const both = { own: true, other: true };
const halves = [
  { own: true, other: false },
  { own: false, other: true },
  { own: false, other: false },
];
const policies = scenarios[0]!.sizes.small;
const byDelta = (delta: number) => ({ ...usual, bump: 1, delta });

const child = (spi: string, sent: number, highest = 0, esn = false): ChildSa => ({
  ...freshChildSa(spi, { esn, replayWindow: 4 }),
  sent,
  received: { highest, seen: highest === 0 ? [] : [highest] },
});
const sa = (childSas: readonly ChildSa[], changes: Partial<SaState> = {}): SaState => ({
  ...establishedSa(),
  announcedReplayCounters: both,
  childSas,
  ...changes,
});
const box = (childSas: readonly ChildSa[], changes: Partial<SaState> = {}): ActiveMember => ({
  role: 'active',
  sa: sa(childSas, changes),
  sync: null,
});
const request = (changes: Partial<SyncRequest> = {}): SyncRequest => ({
  kind: 'sync-request',
  from: 'cluster',
  id: 0,
  nonce: 'n',
  m1: 10,
  p1: 0,
  wellFormed: true,
  otherPayloads: [],
  ...changes,
});

function take(step: Step | 'closed' | null): Taken {
  if (step === 'closed' || step === null) throw new Error(`${step}`);
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}
const ask = (member: ActiveMember, message: Message, revision: Revision = rfc6311): Step =>
  receive(revision, policies, 'peer', member, message);
const sentOf = ({ sa: { childSas } }: ActiveMember): readonly (readonly [string, number])[] =>
  childSas.map(({ spi, sent }) => [spi, sent]);
const applied = ({ observations }: Taken) => observations.filter(({ kind }) => kind === 'delta-applied');

describe('RFC6311-5-REPLAY-NEGOTIATED: no replay counter sync without negotiation', () => {
  test('both ends must have announced it, whatever they announced of Message IDs', () => {
    expect(isReplaySyncNegotiated({ announcedReplayCounters: both })).toBe(true);
    for (const announcedReplayCounters of halves) {
      expect(isReplaySyncNegotiated({ announcedReplayCounters })).toBe(false);
    }
    expect(isReplaySyncNegotiated(sa([], { announced: halves[2]! }))).toBe(true);
  });

  test.each(halves)('own $own, other $other: a delta is neither sent nor acted on', (half) => {
    const changes = { announcedReplayCounters: half };
    const step = take(takeOver(rfc6311, 'cluster', sa([child('c1', 5)], changes), byDelta(3), 'n'));
    expect(step.sent[0]).toMatchObject({ kind: 'sync-request' });
    expect(step.sent[0]).not.toHaveProperty('delta');
    expect(step.sent[0]).not.toHaveProperty('perSa');
    expect(step.member).not.toHaveProperty('owed');

    const told = take(ask(box([child('c1', 5)], changes), request({ delta: 3 })));
    expect(sentOf(told.member)).toEqual([['c1', 5]]);
    expect(applied(told)).toEqual([]);
    expect(told.rules).not.toContain('RFC6311-5.2-PEER-DELTA');
    // The Message IDs are synced all the same.
    expect(told.sent).toMatchObject([{ kind: 'sync-response', m2: 10 }]);

    const perSa = [{ spi: 'c1', number: 9 }];
    const asked = take(ask(box([child('c1', 5)], changes), request({ perSa })));
    expect(sentOf(asked.member)).toEqual([['c1', 5]]);
    expect(asked.sent[0]).not.toHaveProperty('perSa');
  });

  test('nothing is done with a delta where the revision has none', () => {
    const message = { kind: 'request', from: 'cluster', id: 0, content: 'x' } as const;
    const asks = { kind: 'replay-counter-sync', delta: 3 } as const;
    const step = take(ask(box([child('c1', 5)]), { ...message, asks }, ikev2));
    expect(sentOf(step.member)).toEqual([['c1', 5]]);
    expect(applied(step)).toEqual([]);
  });
});

describe('RFC6311-5.2-OWN-BUMP: the newly active member advances its own outgoing counters', () => {
  test('of all Child SAs, by the delta, without a message', () => {
    expect(ownBump(41, 1000)).toBe(1041);
    const after = afterOwnBump(
      rfc6311.replaySync!,
      sa([child('c1', 5), child('c2', 70)]),
      { own: 10, window: 10 },
      'keep',
    );
    expect(after.childSas).toEqual([child('c1', 15), child('c2', 80)]);
  });

  test('also where the peer supports neither notification', () => {
    const alone = { announced: halves[0]!, announcedReplayCounters: halves[0]! };
    const step = take(takeOver(rfc6311, 'cluster', sa([child('c1', 5, 7)], alone), byDelta(10), 'n'));
    expect(step.sent).toEqual([]);
    expect(step.member.sa.childSas).toEqual([child('c1', 15, 7)]);
    expect(step.rules).toContain('RFC6311-5.2-OWN-BUMP');
  });

  test('with a delta of 0 they stay; and in IKEv2 alone they stay as stale as the snapshot', () => {
    const stay = take(takeOver(rfc6311, 'cluster', sa([child('c1', 5)]), byDelta(0), 'n'));
    expect(sentOf(stay.member)).toEqual([['c1', 5]]);
    expect(stay.rules).not.toContain('RFC6311-5.2-OWN-BUMP');
    const plain = take(takeOver(ikev2, 'cluster', sa([child('c1', 5)]), byDelta(10), 'n'));
    expect(sentOf(plain.member)).toEqual([['c1', 5]]);
  });
});

describe('three numbers: the own bump, the move of the windows, and the delta', () => {
  test('all are the delta, unless they are given', () => {
    expect(advancesOf({ ...usual, delta: 7 })).toEqual({ own: 7, window: 7, peer: 7 });
    expect(advancesOf({ delta: 7, ownBump: 'delta', windowMove: 0 })).toEqual({ own: 7, window: 0, peer: 7 });
    expect(advancesOf({ delta: 0, ownBump: 5, windowMove: 9 })).toEqual({ own: 5, window: 9, peer: 0 });
  });

  test('at a takeover each goes where it belongs', () => {
    const choice = { ...byDelta(7), ownBump: 5, windowMove: 9 };
    const step = take(takeOver(rfc6311, 'cluster', sa([child('c1', 1, 2)]), choice, 'n'));
    expect(step.member.sa.childSas[0]).toMatchObject({ sent: 6, received: { highest: 11 } });
    expect(step.sent).toMatchObject([{ kind: 'sync-request', delta: 7 }]);
    const none = { ...byDelta(7), ownBump: 0, windowMove: 0 };
    expect(take(takeOver(rfc6311, 'cluster', sa([child('c1', 1, 2)]), none, 'n')).rules).not.toContain(
      'RFC6311-5.2-OWN-BUMP',
    );
  });
});

describe('RFC6311-5.2-PEER-DELTA: the peer adds the delta to its outgoing counters', () => {
  test('of all Child SAs, and leaves its windows alone', () => {
    expect(peerDelta(41, 1000)).toBe(1041);
    const before = sa([child('c1', 5, 9), child('c2', 70, 2), child('c3', 0, 0, true)]);
    expect(afterPeerDelta(rfc6311.replaySync!, before, 10).childSas).toEqual([
      child('c1', 15, 9),
      child('c2', 80, 2),
      child('c3', 10, 0, true),
    ]);
  });

  test('as the sync request says; what the peer says of it is only a response without a delta', () => {
    const step = take(ask(box([child('c1', 5), child('c2', 70)]), request({ delta: 10 })));
    expect(sentOf(step.member)).toEqual([
      ['c1', 15],
      ['c2', 80],
    ]);
    expect(applied(step)).toEqual([{ kind: 'delta-applied', by: 'peer', request: 'n', announced: both }]);
    expect(step.rules).toContain('RFC6311-5.2-PEER-DELTA');
    expect(step.sent).toHaveLength(1);
    expect(step.sent[0]).not.toHaveProperty('delta');
  });

  test('a delta of 0 changes nothing, and a sync request without one says nothing of the counters', () => {
    const zero = take(ask(box([child('c1', 5)]), request({ delta: 0 })));
    expect(sentOf(zero.member)).toEqual([['c1', 5]]);
    const none = take(ask(box([child('c1', 5)]), request()));
    expect(sentOf(none.member)).toEqual([['c1', 5]]);
    expect(applied(none)).toEqual([]);
  });

  test('a sync request that is refused adds nothing', () => {
    const member = box([child('c1', 5)], { highestSeen: 10, expectedReceive: 11 });
    expect(ask(member, request({ delta: 10 }))).toMatchObject({
      enabled: false,
      rule: 'RFC6311-5.1-DROP-STALE',
    });
    expect(ask(member, request({ m1: 11, id: 1, delta: 10 })).enabled).toBe(false);
  });

  test('the delta goes with the sync request of the newly active member', () => {
    const step = take(takeOver(rfc6311, 'cluster', sa([child('c1', 5)]), byDelta(10), 'n'));
    expect(step.sent).toMatchObject([{ kind: 'sync-request', delta: 10 }]);
    expect(step.member.sync).toMatchObject({ nonce: 'n', delta: 10 });
    expect(step.member).not.toHaveProperty('owed');
  });
});

describe('RFC6311-5.2-ORDER: a sync request that is dropped has its delta dropped, too', () => {
  test('the Message IDs decide', () => {
    expect((['accepted', 'dropped'] as const).map(addsDeltaOf)).toEqual([true, false]);
  });

  test('a stale sync request adds nothing; where the order is not kept, it adds its delta again', () => {
    const member = box([child('c1', 5)], { highestSeen: 10, expectedReceive: 11 });
    const stale = request({ delta: 10 });
    expect(ask(member, stale)).toMatchObject({ enabled: false, rule: 'RFC6311-5.1-DROP-STALE' });
    const ablated = without(rfc6311, 'RFC6311-5.2-ORDER')!;
    const step = take(ask(member, stale, ablated));
    expect(sentOf(step.member)).toEqual([['c1', 15]]);
    expect(step.sent).toEqual([]);
    expect(applied(step)).toHaveLength(1);
    expect(step.rules).toEqual(['RFC6311-5.2-PEER-DELTA']);
    // What asks for nothing, or is no sync request, is dropped all the same.
    expect(ask(member, request(), ablated).enabled).toBe(false);
    const asks = { kind: 'replay-counter-sync', delta: 10 } as const;
    const ordinary: Message = { kind: 'request', from: 'cluster', id: 99, content: 'x', asks };
    expect(ask(member, ordinary, ablated)).toMatchObject({ enabled: false, rule: 'RFC7296-2.3-EXPECTED-ID' });
    expect(
      ask(box([child('c1', 5)], { announcedReplayCounters: halves[0]!, highestSeen: 10 }), stale, ablated)
        .enabled,
    ).toBe(false);
  });
});

describe('RFC6311-5.2-REKEY-AFTER-SKIP: the newly active member rekeys the Child SAs', () => {
  const rekey = { ...byDelta(10), afterFailover: 'rekey' } as const;

  test('where the policy is to', () => {
    expect((['go-on', 'rekey'] as const).map(rekeysAfterSkip)).toEqual([false, true]);
    const goesOn = take(takeOver(rfc6311, 'cluster', sa([child('c1', 5)]), byDelta(10), 3));
    expect(goesOn.member).not.toHaveProperty('rekeys');
    const { member } = take(takeOver(rfc6311, 'cluster', sa([child('c1', 5), child('c2', 6)]), rekey, 3));
    expect(member.rekeys).toEqual([
      { spi: 'c1', content: 'r3.0' },
      { spi: 'c2', content: 'r3.1' },
    ]);
    const none = take(takeOver(rfc6311, 'cluster', sa([]), rekey, 3));
    expect(none.member).not.toHaveProperty('rekeys');
    const heedless = without(rfc6311, 'RFC6311-5.2-REKEY-AFTER-SKIP')!;
    const skips = take(takeOver(heedless, 'cluster', sa([child('c1', 5)]), rekey, 3));
    expect(skips.member).not.toHaveProperty('rekeys');
  });

  test('one after the other, once the counters are synced; one that is gone is left out', () => {
    const { member } = take(takeOver(rfc6311, 'cluster', sa([child('c1', 5), child('c2', 6)]), rekey, 3));
    expect(rekeyAfterTakeover(rfc6311, 'cluster', member)).toMatchObject({ enabled: false });
    const first = take(rekeyAfterTakeover(rfc6311, 'cluster', { ...member, sync: null }));
    expect(first.sent).toMatchObject([
      { kind: 'request', content: 'r3.0', asks: { kind: 'rekey-child', spi: 'c1' } },
    ]);
    expect(first.member.rekeys).toEqual([{ spi: 'c2', content: 'r3.1' }]);
    const without2 = { ...first.member, sa: sa([child('c1', 15)]) };
    const last = take(rekeyAfterTakeover(rfc6311, 'cluster', without2));
    expect(last.sent).toEqual([]);
    expect(last.member).not.toHaveProperty('rekeys');
    expect(rekeyAfterTakeover(rfc6311, 'cluster', last.member)).toBeNull();
  });
});

describe('RFC6311-5.2-ONCE: a retransmission does not add the delta twice', () => {
  const cache = { ...policies, staleSync: 'answer-from-cache' } as const;

  test('whatever the delta is', () => {
    expect([0, 1, 1000].map(deltaOfRepeated)).toEqual([0, 0, 0]);
  });

  test('a sync request that is answered from the cache', () => {
    const first = take(receive(rfc6311, cache, 'peer', box([child('c1', 5)]), request({ delta: 10 })));
    const again = take(receive(rfc6311, cache, 'peer', first.member, request({ delta: 10 })));
    expect(sentOf(first.member)).toEqual([['c1', 15]]);
    expect(again.member).toEqual(first.member);
    expect(again.sent).toEqual(first.sent);
    expect(applied(again)).toEqual([]);
    expect(again.rules).toContain('RFC6311-5.2-ONCE');
  });

  test('left out, each copy adds it', () => {
    const ablated = without(rfc6311, 'RFC6311-5.2-ONCE')!;
    const first = take(receive(ablated, cache, 'peer', box([child('c1', 5)]), request({ delta: 10 })));
    const again = take(receive(ablated, cache, 'peer', first.member, request({ delta: 10 })));
    expect(sentOf(again.member)).toEqual([['c1', 25]]);
    expect(applied(again)).toHaveLength(1);
  });

  test('where nothing protects sync requests, the replay of one adds it again', () => {
    const first = take(ask(box([child('c1', 5)]), request({ delta: 10 }), ipsecha00));
    const again = take(ask(first.member, request({ delta: 10 }), ipsecha00));
    expect(sentOf(again.member)).toEqual([['c1', 25]]);
  });
});

describe('the delta in a request of its own', () => {
  // RFC 6311, 5.2: an ordinary INFORMATIONAL, so the rules of ordinary requests say it all.
  const alone = { announced: halves[2]! };
  const tookOver = (changes: Partial<SaState> = {}, delta = 10): ActiveMember =>
    take(takeOver(rfc6311, 'cluster', sa([child('c1', 5)], { ...alone, ...changes }), byDelta(delta), 7))
      .member;

  test('is owed where Message IDs are not synced, and replay counters are', () => {
    const member = tookOver();
    expect(member.owed).toEqual({ delta: 10, content: 'delta 7' });
    expect(tellDelta(rfc6311, 'cluster', box([]))).toBeNull();
    expect(tookOver({ announcedReplayCounters: halves[0]! })).not.toHaveProperty('owed');
    const plain = take(takeOver(ikev2, 'cluster', sa([], alone), byDelta(10), 7));
    expect(plain.member).not.toHaveProperty('owed');
  });

  test('not in the form of the first draft, whose counters only went beside Message IDs', () => {
    const choice = { ...byDelta(10), counterForm: 'per-sa', syncTrigger: 'at-once' } as const;
    const step = take(takeOver(ipsecha00, 'cluster', sa([child('c1', 5)], alone), choice, 7));
    expect(step.member).not.toHaveProperty('owed');
    expect(step.sent).toEqual([]);
  });

  test('has the next Message ID of the sender, and is retransmitted and answered as any request', () => {
    const asked = take(tellDelta(rfc6311, 'cluster', tookOver({ expectedSend: 3 })));
    expect(asked.sent).toEqual([
      {
        kind: 'request',
        from: 'cluster',
        id: 3,
        content: 'delta 7',
        asks: { kind: 'replay-counter-sync', delta: 10 },
      },
    ]);
    expect(asked.member).not.toHaveProperty('owed');
    expect(asked.member.sa).toMatchObject({ expectedSend: 4, outstanding: [{ id: 3, content: 'delta 7' }] });
    expect(tellDelta(rfc6311, 'cluster', asked.member)).toBeNull();

    const peer = box([child('c1', 50)], { ...alone, expectedReceive: 3, highestSeen: 2 });
    const told = take(ask(peer, asked.sent[0]!));
    expect(sentOf(told.member)).toEqual([['c1', 60]]);
    expect(applied(told)).toEqual([
      { kind: 'delta-applied', by: 'peer', request: 'delta 7', announced: both },
    ]);
    // The response is empty.
    expect(told.sent).toEqual([{ kind: 'response', from: 'peer', id: 3, answers: 'delta 7' }]);
    const { member } = take(receive(rfc6311, policies, 'cluster', asked.member, told.sent[0]!));
    expect(member.sa.outstanding).toEqual([]);

    // A retransmission: the same response, and the counters stay.
    const again = take(ask(told.member, asked.sent[0]!));
    expect(again.sent).toEqual(told.sent);
    expect(again.member).toEqual(told.member);
    expect(applied(again)).toEqual([]);
    expect(again.rules).toContain('RFC6311-5.2-ONCE');
  });

  test('waits for room in the window', () => {
    const outstanding = [{ id: 2, content: 'a' }];
    const member = tookOver({ expectedSend: 3, outstanding });
    expect(tellDelta(rfc6311, 'cluster', member)).toMatchObject({
      enabled: false,
      rule: 'RFC7296-2.3-WINDOW',
    });
    expect(
      tellDelta(rfc6311, 'cluster', tookOver({ expectedSend: 3, outstanding, window: 2 }))?.enabled,
    ).toBe(true);
  });

  test('of a Message ID that is not expected, it is dropped, and adds nothing', () => {
    const asked = take(tellDelta(rfc6311, 'cluster', tookOver({ expectedSend: 3 })));
    expect(ask(box([child('c1', 50)], { ...alone, expectedReceive: 5 }), asked.sent[0]!)).toMatchObject({
      enabled: false,
      rule: 'RFC7296-2.3-EXPECTED-ID',
    });
  });

  test('where it was not negotiated, it is an ordinary request, and the counters stay', () => {
    const asked = take(tellDelta(rfc6311, 'cluster', tookOver()));
    const peer = box([child('c1', 50)], { ...alone, announcedReplayCounters: halves[1]! });
    const told = take(ask(peer, asked.sent[0]!));
    expect(sentOf(told.member)).toEqual([['c1', 50]]);
    expect(told.sent).toMatchObject([{ kind: 'response', id: 0 }]);
  });

  test('in the draft of October 2010 as well: what the sync response repeats, this response does not', () => {
    const asked = take(tellDelta(rfc6311, 'cluster', tookOver()));
    const told = take(ask(box([child('c1', 50)], alone), asked.sent[0]!, ipsecha01));
    expect(sentOf(told.member)).toEqual([['c1', 60]]);
    expect(told.sent).toEqual([{ kind: 'response', from: 'peer', id: 0, answers: 'delta 7' }]);
  });
});

describe('RFC6311-5.2-NO-CYCLE: a counter is not advanced past its maximum', () => {
  const ends = [
    ['without ESN', false, MAX_SEQUENCE_NUMBER],
    ['with ESN', true, MAX_EXTENDED_SEQUENCE_NUMBER],
  ] as const;

  test.each(ends)('%s: up to it, and no further', (_, _esn, largest) => {
    expect([largest - 1, largest, largest + 1].map((each) => mayAdvanceTo(each, largest))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test.each(ends)('%s: the Child SA is closed instead, the others go on', (_, esn, largest) => {
    const before = sa([child('c1', largest - 9, 0, esn), child('c2', largest - 10, 0, esn), child('c3', 5)]);
    const after = [child('c2', largest, 0, esn), child('c3', 15)];
    expect(afterPeerDelta(rfc6311.replaySync!, before, 10).childSas).toEqual(after);
    expect(afterOwnBump(rfc6311.replaySync!, before, { own: 10, window: 0 }, 'keep').childSas).toEqual(after);
  });

  test('with ESN, past 2^32 is not past the maximum', () => {
    const before = sa([child('c1', MAX_SEQUENCE_NUMBER, 0, true), child('c2', MAX_SEQUENCE_NUMBER)]);
    expect(afterPeerDelta(rfc6311.replaySync!, before, 1).childSas).toEqual([child('c1', 2 ** 32, 0, true)]);
  });

  test('at the takeover and at the peer', () => {
    const step = take(
      takeOver(rfc6311, 'cluster', sa([child('c1', MAX_SEQUENCE_NUMBER), child('c2', 1)]), byDelta(10), 'n'),
    );
    expect(sentOf(step.member)).toEqual([['c2', 11]]);
    const told = take(ask(box([child('c1', MAX_SEQUENCE_NUMBER), child('c2', 1)]), request({ delta: 10 })));
    expect(sentOf(told.member)).toEqual([['c2', 11]]);
  });

  test('a delta of 0 closes nothing', () => {
    const before = sa([child('c1', MAX_SEQUENCE_NUMBER)]);
    expect(sentOf({ ...box([]), sa: afterPeerDelta(rfc6311.replaySync!, before, 0) })).toEqual([
      ['c1', MAX_SEQUENCE_NUMBER],
    ]);
  });

  test('left out, the counter begins again', () => {
    const rules = without(rfc6311, 'RFC6311-5.2-NO-CYCLE')!.replaySync!;
    const before = sa([child('c1', MAX_SEQUENCE_NUMBER - 1)]);
    expect(afterPeerDelta(rules, before, 10).childSas).toEqual([child('c1', 9)]);
  });
});

describe('RFC6311-5.2-BUMP-SHARED: the other members are told how far the counters were advanced', () => {
  test('so that whoever takes over next goes on from there', () => {
    const told = tellBump(child('c1', 5, 7), child('c1', 15, 17));
    expect(told).toEqual({ ...child('c1', 15), received: { highest: 17, seen: [14, 15, 16, 17] } });
  });

  test('what they know already is not forgotten', () => {
    const known = { ...child('c1', 20), received: { highest: 30, seen: [29, 30] } };
    expect(tellBump(known, child('c1', 15, 17))).toEqual(known);
  });

  test('each Child SA by its SPI; what the one or the other lacks stays as it is', () => {
    const snapshot = sa([child('c1', 1), child('c2', 2)]);
    const after = afterTellingBump(rfc6311.replaySync!, snapshot, sa([child('c3', 9), child('c2', 12)]));
    expect(after.childSas).toEqual([child('c1', 1), child('c2', 12)]);
  });

  test('a standby is told, and nobody else', () => {
    const told = sa([child('c1', 15)]);
    const rules = rfc6311.replaySync!;
    expect(afterSharingBump(rules, { role: 'standby', snapshot: sa([child('c1', 5)]) }, told)).toEqual({
      role: 'standby',
      snapshot: sa([child('c1', 15)]),
    });
    for (const role of ['down', 'closed'] as const) {
      expect(afterSharingBump(rules, { role }, told)).toEqual({ role });
    }
  });
});

describe('IPSECHA01-DELTA-CONFIRMED: the sync response carries the notification as well', () => {
  test('it repeats the delta that was applied', () => {
    expect(confirmDelta(10)).toBe(10);
    const step = take(ask(box([child('c1', 5)]), request({ delta: 10, failoverCount: 1 }), ipsecha01));
    expect(step.sent).toMatchObject([{ kind: 'sync-response', delta: 10 }]);
    expect(sentOf(step.member)).toEqual([['c1', 15]]);
    expect(step.rules).toContain('IPSECHA01-DELTA-CONFIRMED');
  });

  test('only where there was one, and in no other revision', () => {
    const none = take(ask(box([child('c1', 5)]), request({ failoverCount: 1 }), ipsecha01));
    expect(none.sent[0]).not.toHaveProperty('delta');
    for (const revision of [ipsecha00, rfc6311]) {
      const step = take(ask(box([child('c1', 5)]), request({ delta: 10 }), revision));
      expect(step.sent[0]).not.toHaveProperty('delta');
      expect(step.rules).not.toContain('IPSECHA01-DELTA-CONFIRMED');
    }
  });
});

describe('the first draft: the counters of each Child SA, in both directions', () => {
  const perSa = [
    { spi: 'c1', number: 9 },
    { spi: 'c2', number: 3 },
  ];

  test('in a request the last number received, in a response the last one sent', () => {
    const both = sa([child('c1', 5, 7), child('c2', 70, 2)]);
    expect(countersReceived(both)).toEqual([
      { spi: 'c1', number: 7 },
      { spi: 'c2', number: 2 },
    ]);
    expect(countersSent(both)).toEqual([
      { spi: 'c1', number: 5 },
      { spi: 'c2', number: 70 },
    ]);
  });

  test('IPSECHA00-SA-COUNTERS-SENT: an end that was asked sends nothing that the other end says to have received', () => {
    const before = sa([child('c1', 5), child('c2', 70), child('c3', 1)]);
    expect(afterCountersAsked(ipsecha00.replaySync!, before, perSa).childSas).toEqual([
      child('c1', 9),
      child('c2', 70),
      child('c3', 1),
    ]);
  });

  test('IPSECHA00-SA-COUNTERS-ACCEPTED: an end that asked accepts nothing that the other end says to have sent', () => {
    const before = sa([child('c1', 0, 5), child('c2', 0, 8), child('c3', 0, 6)]);
    const after = afterCountersAnswered(ipsecha00.replaySync!, before, perSa).childSas.map(
      ({ received }) => received,
    );
    expect(after).toEqual([
      { highest: 9, seen: [6, 7, 8, 9] },
      // 3 is behind the window already.
      { highest: 8, seen: [8] },
      { highest: 6, seen: [6] },
    ]);
  });

  test('a whole exchange: each Child SA by itself, and no delta', () => {
    // What the snapshot missed: the peer has sent up to 12 on c1, and the cluster up to 8 on c2.
    const snapshot = sa([child('c1', 5, 7), child('c2', 6, 2)]);
    const choice = { ...byDelta(4), counterForm: 'per-sa', syncTrigger: 'at-once' } as const;
    const asked = take(takeOver(ipsecha00, 'cluster', snapshot, choice, 'n'));
    expect(asked.sent).toMatchObject([
      {
        kind: 'sync-request',
        perSa: [
          { spi: 'c1', number: 7 },
          { spi: 'c2', number: 2 },
        ],
      },
    ]);
    expect(asked.sent[0]).not.toHaveProperty('delta');
    const answered = take(ask(box([child('c1', 12, 5), child('c2', 1, 8)]), asked.sent[0]!, ipsecha00));
    const [response] = answered.sent as readonly SyncResponse[];
    expect(response?.perSa).toEqual([
      { spi: 'c1', number: 12 },
      { spi: 'c2', number: 2 },
    ]);
    expect(applied(answered)).toEqual([]);
    const { member } = take(receive(ipsecha00, policies, 'cluster', asked.member, response!));
    expect(member.sa.childSas.map(({ received }) => received)).toEqual([
      { highest: 12, seen: [9, 10, 11, 12] },
      { highest: 2, seen: [1, 2] },
    ]);
    // Its own outgoing counters it advances by itself.
    expect(sentOf(member)).toEqual([
      ['c1', 9],
      ['c2', 10],
    ]);
  });
});

describe('counters of each Child SA, where they are not of the text', () => {
  const perSa = [{ spi: 'c1', number: 9 }];
  const message: SyncRequest = {
    ...{ kind: 'sync-request', from: 'cluster', id: 0, nonce: 'n', m1: 9, p1: 0, perSa },
    ...{ wellFormed: true, otherPayloads: [] },
  };
  const response: SyncResponse = {
    ...{ kind: 'sync-response', from: 'peer', id: 0, nonce: 'n', p2: 0, m2: 9, perSa },
    ...{ wellFormed: true, otherPayloads: [] },
  };

  test('the peer goes beyond them in the first draft; in no other text do they change anything', () => {
    const sent = (revision: Revision) => sentOf(take(ask(box([child('c1', 5)]), message, revision)).member);
    expect([sent(ipsecha00), sent(rfc6311)]).toEqual([[['c1', 9]], [['c1', 5]]]);
  });

  test('nor do they at the member, or where the response is refused, or has none, or nothing is synced', () => {
    const member: ActiveMember = { ...box([child('c1', 0, 5)]), sync: { nonce: 'n', m1: 9, p1: 0 } };
    const highest = (revision: Revision, said: SyncResponse) =>
      take(receive(revision, policies, 'cluster', member, said)).member.sa.childSas[0]?.received.highest;
    expect(highest(ipsecha00, response)).toBe(9);
    const { perSa: _perSa, ...none } = response;
    expect(highest(ipsecha00, none)).toBe(5);
    const bare: Revision = { ...rfc6311, replaySync: null };
    const step = receive(rfc6311, policies, 'cluster', member, none);
    expect(withCounters(bare, response, step)).toBe(step);
    // A text that takes the response with them, but says nothing of what they do.
    expect(withCounters(rfc6311, response, step)).toEqual(step);
    const refused = receive(ipsecha00, policies, 'cluster', member, { ...response, nonce: 'o' });
    expect(withCounters(ipsecha00, response, refused)).toBe(refused);
  });

  test('the rules of a delta are named: that it was added, and whether the response says so', () => {
    const { perSa: _perSa, ...asked } = message;
    const rules = (revision: Revision) =>
      take(ask(box([child('c1', 5)]), { ...asked, delta: 2, failoverCount: 1 }, revision)).rules.filter(
        (id) => id.includes('DELTA'),
      );
    expect(rules(rfc6311)).toEqual(['RFC6311-5.2-PEER-DELTA']);
    expect(rules(ipsecha01)).toEqual(['RFC6311-5.2-PEER-DELTA', 'IPSECHA01-DELTA-CONFIRMED']);
    const all = take(ask(box([child('c1', 5)]), { ...asked, delta: 2 })).rules;
    expect(all.at(-1)).toBe('RFC6311-5.2-PEER-DELTA');
  });
});
