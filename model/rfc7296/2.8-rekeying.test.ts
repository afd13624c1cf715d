import { describe, expect, test } from 'vitest';
import { takeOver } from '../machine/cluster.ts';
import { beginRequest, deleteOld, receive, rekeyAfterTakeover, tellDelta } from '../machine/node.ts';
import { packetsGetThrough } from '../properties/esp.ts';
import { isInStep } from '../properties/recovery.ts';
import type { Revision } from '../revisions/revision.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import { beginPacket } from '../rfc4303/3.3.3-sequence-number-generation.ts';
import { afterPeerDelta } from '../rfc6311/5.2-replay-counter-sync.ts';
import { isOfThisIkeSa } from '../rfc6311/8.3-inconsistent-sas.ts';
import { scenarios } from '../scenarios/index.ts';
import { usual } from '../settings/settings.ts';
import {
  type ActiveMember,
  type ChildSa,
  currentChildSas,
  dueRekeyings,
  establishedSa,
  freshChildSa,
  hasChildSa,
  isReplaced,
  type SaState,
} from '../state/member.ts';
import type { Ask, Endpoint, EspPacket, Message, Request } from '../state/messages.ts';
import type { Step, Taken } from '../state/step.ts';
import {
  afterRefusal,
  afterRekeying,
  canDo,
  deletesOld,
  dueDelete,
  isInconsistent,
  keepRekeying,
  type RekeyingPolicies,
  sendingChildSas,
  sendsOn,
  withIkeSa,
} from './2.8-rekeying.ts';

const policies = scenarios[0]!.sizes.small;
const child = (spi: string, sent: number, highest = 0): ChildSa => ({
  ...freshChildSa(spi, { replayWindow: 4 }),
  sent,
  received: { highest, seen: highest === 0 ? [] : [highest] },
});
const sa = (changes: Partial<SaState> = {}): SaState => ({
  ...establishedSa(),
  childSas: [child('c1', 5, 3), child('c2', 1)],
  ...changes,
});
const box = (changes: Partial<SaState> = {}): ActiveMember => ({
  role: 'active',
  sa: sa(changes),
  sync: null,
});

function take(step: Step | 'closed'): Taken {
  if (step === 'closed') throw new Error('closed');
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}
const begin = (member: ActiveMember, asks: Ask): Taken =>
  take(beginRequest(rfc6311, 'cluster', member, 'r', asks));
const arrives = (by: Endpoint, member: ActiveMember, message: Message): Step =>
  receive(rfc6311, policies, by, member, message);

const establishedApart = { announcedReplayCounters: { own: true, other: false } };
const rekeyChild = { kind: 'rekey-child', spi: 'c1' } as const;
const rekeyIke = { kind: 'rekey-ike' } as const;

describe('a Child SA is rekeyed', () => {
  const asked = begin(box({ expectedSend: 4 }), rekeyChild);
  const answered = take(arrives('peer', box({ expectedReceive: 4, highestSeen: 3 }), asked.sent[0]!));
  const done = take(arrives('cluster', asked.member, answered.sent[0]!));

  test('by an ordinary request; who asks keeps the old one until the response', () => {
    expect(asked.sent).toEqual([{ kind: 'request', from: 'cluster', id: 4, content: 'r', asks: rekeyChild }]);
    expect(asked.member.sa.childSas).toEqual(sa().childSas);
    expect(answered.sent).toEqual([{ kind: 'response', from: 'peer', id: 4, answers: 'r' }]);
  });

  test('then both ends have the same new one, with counters from 0 and windows as before', () => {
    const fresh = freshChildSa('cluster-r', { replayWindow: 4 });
    expect(answered.member.sa.childSas).toEqual([fresh, child('c2', 1)]);
    expect(done.member.sa.childSas).toEqual([fresh, child('c2', 1)]);
    expect(isInconsistent(done.member, answered.member)).toBe(false);
  });

  test('what the SA has of ESN stays', () => {
    const esn = { childSas: [freshChildSa('c1', { esn: true, first: 9 })] };
    const after = afterRekeying(rfc6311, sa(esn), 'peer', { id: 0, content: 7, asks: rekeyChild });
    expect(after.childSas).toEqual([freshChildSa('peer-7', { esn: true })]);
  });

  test('a retransmission makes no further one', () => {
    const again = take(arrives('peer', answered.member, asked.sent[0]!));
    expect(again.member).toEqual(answered.member);
    expect(again.sent).toEqual(answered.sent);
  });

  test('packets of the old one are dropped, those of the new one accepted', () => {
    const packet = (spi: string): EspPacket => ({ kind: 'esp', from: 'cluster', spi, number: 9, content: 9 });
    expect(arrives('peer', answered.member, packet('c1'))).toMatchObject({
      enabled: false,
      rule: 'RFC6311-8.3-INCONSISTENT',
    });
    expect(arrives('peer', answered.member, packet('cluster-r')).enabled).toBe(true);
  });
});

describe('a Child SA is rekeyed, and the old one lives on until its DELETE', () => {
  const until = { ...policies, rekeyOld: 'until-delete' } as const;
  const goesOn = (by: Endpoint, member: ActiveMember, message: Message, revision = rfc6311): Step =>
    receive(revision, until, by, member, message);
  const asked = begin(box({ expectedSend: 4 }), rekeyChild);
  const answered = take(goesOn('peer', box({ expectedReceive: 4, highestSeen: 3 }), asked.sent[0]!));
  const done = take(goesOn('cluster', asked.member, answered.sent[0]!));
  const made = {
    ...freshChildSa('cluster-r', { replayWindow: 4 }),
    replaces: { spi: 'c1', by: 'cluster' },
  } as const;
  const packet = (from: Endpoint, spi: string): EspPacket => ({
    kind: 'esp',
    from,
    spi,
    number: 9,
    content: 9,
  });

  test('both ends have both; the responder does not know yet whether the other end has the new one', () => {
    expect(asked.member.sa.childSas).toEqual(sa().childSas);
    expect(done.member.sa.childSas).toEqual([made, child('c2', 1), child('c1', 5, 3)]);
    expect(answered.member.sa.childSas).toEqual([
      { ...made, unconfirmed: true },
      child('c2', 1),
      child('c1', 5, 3),
    ]);
    expect(currentChildSas(done.member.sa).map(({ spi }) => spi)).toEqual(['cluster-r', 'c2']);
    expect([isReplaced(done.member.sa, { spi: 'c1' }), isReplaced(done.member.sa, { spi: 'c2' })]).toEqual([
      true,
      false,
    ]);
  });

  test('either end receives on both', () => {
    for (const spi of ['c1', 'cluster-r']) {
      expect(goesOn('peer', answered.member, packet('cluster', spi)).enabled).toBe(true);
      expect(goesOn('cluster', done.member, packet('peer', spi)).enabled).toBe(true);
    }
  });

  test('what advances the counters advances those of both (RFC 6311, 5.2)', () => {
    const { replaySync } = rfc6311;
    if (replaySync === null) throw new Error('RFC 6311 has it');
    expect(afterPeerDelta(replaySync, answered.member.sa, 3).childSas).toMatchObject([
      { spi: 'cluster-r', sent: 3, unconfirmed: true },
      { spi: 'c2', sent: 4 },
      { spi: 'c1', sent: 8 },
    ]);
  });

  test('a request that is processed twice makes no second one', () => {
    const twice = without(rfc6311, 'RFC7296-2.1-RETRANSMISSION')!;
    const anyNumber = without(twice, 'RFC7296-2.3-EXPECTED-ID')!;
    const again = take(goesOn('peer', answered.member, asked.sent[0]!, anyNumber));
    expect(again.member.sa.childSas).toEqual(answered.member.sa.childSas);
  });

  test('the new one is made also where the old one is gone meanwhile', () => {
    const alone = { ...asked.member, sa: { ...asked.member.sa, childSas: [] } };
    const like = { ...until, esn: 'on', replayWindow: 8 } as const;
    const { member } = take(receive(rfc6311, like, 'cluster', alone, answered.sent[0]!));
    expect(member.sa.childSas).toEqual([
      { ...freshChildSa('cluster-r', { esn: true, replayWindow: 8 }), replaces: made.replaces },
    ]);
  });

  describe('RFC7296-2.8-OLD-UNTIL-READY: the responder sends on the old one until the other end shows that it is ready', () => {
    const spis = (revision: Revision, member: ActiveMember): readonly string[] =>
      sendingChildSas(revision, member.sa).map(({ spi }) => spi);
    const sends = (revision: Revision, by: Endpoint, { member }: Taken, spi: string): Step =>
      beginPacket(revision, by, member, hasChildSa(member.sa, spi)!, 0);

    test('who asked sends on the new one at once, and the responder on the old one', () => {
      expect(sendsOn(true)).toBe(true);
      expect(sendsOn(false)).toBe(false);
      expect(spis(rfc6311, done.member)).toEqual(['cluster-r', 'c2']);
      expect(spis(rfc6311, answered.member)).toEqual(['c2', 'c1']);
      expect(sends(rfc6311, 'cluster', done, 'cluster-r').enabled).toBe(true);
      expect(sends(rfc6311, 'peer', answered, 'c1').enabled).toBe(true);
      expect(sends(rfc6311, 'peer', answered, 'cluster-r')).toMatchObject({
        enabled: false,
        rule: 'RFC7296-2.8-OLD-UNTIL-READY',
      });
    });

    test('a packet on the new one shows it; a packet on the old one does not, nor one that is dropped', () => {
      const heard = take(goesOn('peer', answered.member, packet('cluster', 'cluster-r')));
      expect(heard.member.sa.childSas[0]).not.toHaveProperty('unconfirmed');
      expect(spis(rfc6311, heard.member)).toEqual(['cluster-r', 'c2']);
      const old = take(goesOn('peer', answered.member, packet('cluster', 'c1')));
      expect(spis(rfc6311, old.member)).toEqual(['c2', 'c1']);
    });

    test('so does a request to close the old one', () => {
      const deleted = begin(done.member, { kind: 'delete-child', spi: 'c1' });
      const closed = take(goesOn('peer', answered.member, deleted.sent[0]!));
      expect(spis(rfc6311, closed.member)).toEqual(['cluster-r', 'c2']);
    });

    test('without it, the responder sends on the new one at once', () => {
      const ablated = without(rfc6311, 'RFC7296-2.8-OLD-UNTIL-READY')!;
      expect(spis(ablated, answered.member)).toEqual(['cluster-r', 'c2']);
      expect(sends(ablated, 'peer', answered, 'cluster-r').enabled).toBe(true);
    });
  });

  describe('RFC7296-2.8-DELETE-OLD: the end that had it replaced deletes the old one', () => {
    test('and the other end does not', () => {
      expect([deletesOld('cluster', 'cluster'), deletesOld('peer', 'cluster')]).toEqual([true, false]);
      expect(dueDelete(rfc6311, 'cluster', done.member.sa)?.spi).toBe('c1');
      expect(dueDelete(rfc6311, 'peer', answered.member.sa)).toBeUndefined();
      expect(deleteOld(rfc6311, 'peer', answered.member, 'd0')).toBeNull();
    });

    test('once, while the response is due; then neither end has it, and none is to be deleted', () => {
      const deleted = take(deleteOld(rfc6311, 'cluster', done.member, 'd0')!);
      expect(deleted.sent).toMatchObject([
        { id: 5, content: 'd0', asks: { kind: 'delete-child', spi: 'c1' } },
      ]);
      expect(deleted.rules).toContain('RFC7296-2.8-DELETE-OLD');
      expect(deleteOld(rfc6311, 'cluster', deleted.member, 'd1')).toBeNull();
      const closed = take(goesOn('peer', answered.member, deleted.sent[0]!));
      const after = take(goesOn('cluster', deleted.member, closed.sent[0]!));
      expect(after.member.sa.childSas).toEqual([made, child('c2', 1)]);
      expect(closed.member.sa.childSas).toEqual([made, child('c2', 1)]);
      expect(dueDelete(rfc6311, 'cluster', after.member.sa)).toBeUndefined();
    });

    test('the member that takes over does it again, if its snapshot has both; if it has the old one alone, nobody does', () => {
      const over = (snapshot: SaState): SaState =>
        take(takeOver(rfc6311, 'cluster', snapshot, { ...usual, bump: 2 }, 'n')).member.sa;
      expect(dueDelete(rfc6311, 'cluster', over(done.member.sa))?.spi).toBe('c1');
      expect(dueDelete(rfc6311, 'cluster', over(sa()))).toBeUndefined();
    });

    test('what is to be rekeyed after a takeover is none that was replaced', () => {
      expect(dueRekeyings(done.member.sa, 'n').map(({ spi }) => spi)).toEqual(['cluster-r', 'c2']);
      const due = { ...done.member, rekeys: [{ spi: 'c1', content: 'rn.0' }] };
      expect(take(rekeyAfterTakeover(rfc6311, 'cluster', due)!)).toMatchObject({
        sent: [],
        member: done.member,
      });
    });

    test('without it, nobody does', () => {
      const ablated = without(rfc6311, 'RFC7296-2.8-DELETE-OLD')!;
      expect(dueDelete(ablated, 'cluster', done.member.sa)).toBeUndefined();
    });
  });
});

describe('a Child SA that the other end lacks cannot be rekeyed', () => {
  test('only what is there can', () => {
    expect(canDo(sa(), rekeyChild)).toBe(true);
    expect(canDo(sa(), { kind: 'rekey-child', spi: 'c3' })).toBe(false);
    expect(canDo(sa({ childSas: [] }), rekeyIke)).toBe(true);
    expect(canDo(sa({ childSas: [] }), { kind: 'replay-counter-sync', delta: 1 })).toBe(true);
    expect(canDo(sa(), undefined)).toBe(true);
  });

  test('the response says so, again if asked again, and who asked closes it', () => {
    const asked = begin(box(), rekeyChild);
    const peer = box({ childSas: [child('c2', 1)] });
    const answered = take(arrives('peer', peer, asked.sent[0]!));
    expect(answered.sent).toEqual([{ kind: 'response', from: 'peer', id: 0, answers: 'r', refused: true }]);
    expect(answered.member.sa).toMatchObject({ expectedReceive: 1, childSas: peer.sa.childSas });
    expect(take(arrives('peer', answered.member, asked.sent[0]!)).sent).toEqual(answered.sent);
    const { member } = take(arrives('cluster', asked.member, answered.sent[0]!));
    expect(member.sa).toMatchObject({ outstanding: [], childSas: [child('c2', 1)] });
  });

  test('a refusal of anything else closes nothing', () => {
    expect(afterRefusal(sa(), rekeyChild).childSas).toEqual([child('c2', 1)]);
    expect(afterRefusal(sa(), rekeyIke)).toEqual(sa());
    expect(afterRefusal(sa(), undefined)).toEqual(sa());
  });
});

describe('the IKE SA is rekeyed', () => {
  const before = {
    expectedSend: 4,
    expectedReceive: 2,
    highestSeen: 1,
    m1Sent: 3,
    window: 2,
    failoverCount: 2,
    failoverCountSeen: 1,
    announced: { own: true, other: false },
    announcedReplayCounters: { own: true, other: true },
  };
  const asked = begin(box(before), rekeyIke);
  const peer = box({ ...before, expectedSend: 2, expectedReceive: 4, highestSeen: 3, m1Sent: -1 });
  const answered = take(arrives('peer', peer, asked.sent[0]!));
  const done = take(arrives('cluster', asked.member, answered.sent[0]!));

  test('Message IDs begin again at 0 at both ends, with a window of 1; what was negotiated stays, and so do the Child SAs', () => {
    const after = {
      ...establishedSa(before.announced),
      announcedReplayCounters: before.announcedReplayCounters,
      window: 1,
      failoverCount: 2,
      failoverCountSeen: 1,
      ikeSa: 'cluster-r',
      childSas: sa().childSas,
    };
    expect(done.member.sa).toEqual(after);
    expect(answered.member.sa).toEqual({ ...after, rekeyedBy: { id: 4, content: 'r' } });
    expect(isInconsistent(done.member, answered.member)).toBe(false);
    expect(isInconsistent(asked.member, answered.member)).toBe(true);
  });

  test('the response goes out under the old one', () => {
    expect(answered.sent).toEqual([{ kind: 'response', from: 'peer', id: 4, answers: 'r' }]);
  });

  test('the responder answers the retransmission under the old one, and nothing else', () => {
    const retransmission = asked.sent[0] as Request;
    const again = take(arrives('peer', answered.member, retransmission));
    expect(again.sent).toEqual(answered.sent);
    expect(again.member).toEqual(answered.member);
    expect(again.observations).toEqual([]);
    for (const other of [{ id: 5 }, { content: 's' }, { ikeSa: 'peer-x' }]) {
      expect(arrives('peer', answered.member, { ...retransmission, ...other })).toMatchObject({
        enabled: false,
        rule: 'RFC6311-8.3-INCONSISTENT',
      });
    }
    expect(arrives('cluster', done.member, { ...retransmission, from: 'peer' }).enabled).toBe(false);
  });

  test('further requests have Message IDs from 0, under the new one', () => {
    const next = take(beginRequest(rfc6311, 'cluster', done.member, 'x'));
    expect(next.sent).toEqual([
      { kind: 'request', from: 'cluster', ikeSa: 'cluster-r', id: 0, content: 'x' },
    ]);
    const response = take(arrives('peer', answered.member, next.sent[0]!));
    expect(response.sent).toEqual([
      { kind: 'response', from: 'peer', ikeSa: 'cluster-r', id: 0, answers: 'x' },
    ]);
    expect(arrives('cluster', next.member, response.sent[0]!).enabled).toBe(true);
  });

  test('and again: the one before is remembered by its name, and only that one', () => {
    const second = take(beginRequest(rfc6311, 'cluster', done.member, 's', rekeyIke));
    const after = take(arrives('peer', answered.member, second.sent[0]!));
    expect(after.member.sa).toMatchObject({
      ikeSa: 'cluster-s',
      rekeyedBy: { ikeSa: 'cluster-r', id: 0, content: 's' },
    });
    expect(take(arrives('peer', after.member, second.sent[0]!)).sent).toMatchObject([
      { kind: 'response', ikeSa: 'cluster-r', id: 0 },
    ]);
    expect(arrives('peer', after.member, asked.sent[0]!).enabled).toBe(false);
  });

  test('what replaces nothing is not kept', () => {
    expect(keepRekeying(sa(), sa({ expectedReceive: 1 }), { id: 0, content: 'x' }).rekeyedBy).toBeNull();
  });
});

describe('a sync is of one IKE SA, and ends with it', () => {
  const process = { ...policies, ikeWhileSyncing: 'process', espWhileSyncing: 'pass' } as const;
  const choice = { ...usual, bump: 1, delta: 2 };
  const negotiated = { announcedReplayCounters: { own: true, other: true } };
  const goesOn = (by: Endpoint, member: ActiveMember, message: Message): Step =>
    receive(rfc6311, process, by, member, message);
  // The failed member had asked to rekey the IKE SA, and its snapshot knows of it.
  const asked = begin(box({ ...negotiated, expectedSend: 4 }), rekeyIke);
  const over = take(takeOver(rfc6311, 'cluster', asked.member.sa, choice, 'n'));
  const peer = take(goesOn('peer', box({ ...negotiated, expectedReceive: 4 }), asked.sent[0]!));
  const done = take(goesOn('cluster', over.member, peer.sent[0]!)).member;

  test('who asked goes on under the new one, and waits for no answer to its sync request', () => {
    expect(over.member.sync).toMatchObject({ nonce: 'n', m1: 6, delta: 2 });
    expect(done).toMatchObject({ sync: null, sa: { ikeSa: 'cluster-r', m1Sent: -1, expectedSend: 0 } });
    expect(goesOn('peer', peer.member, over.sent[0]!)).toMatchObject({ rule: 'RFC6311-8.3-INCONSISTENT' });
  });

  test('so does who is asked, and its answer goes out under the old one', () => {
    const syncing = take(takeOver(rfc6311, 'peer', sa({ ...negotiated, expectedReceive: 4 }), choice, 'p'));
    const answered = take(goesOn('peer', syncing.member, asked.sent[0]!));
    expect(answered.member).toMatchObject({ sync: null, sa: { ikeSa: 'cluster-r', m1Sent: -1 } });
    expect(answered.sent).toEqual([{ kind: 'response', from: 'peer', id: 4, answers: 'r' }]);
  });

  test('the delta that went with it is told in a request of its own, under the new one', () => {
    expect(done.owed).toEqual({ delta: 2, content: 'delta n' });
    const told = take(tellDelta(rfc6311, 'cluster', done)!);
    expect(told.sent).toMatchObject([{ kind: 'request', ikeSa: 'cluster-r', id: 0, asks: { delta: 2 } }]);
    const added = take(goesOn('peer', peer.member, told.sent[0]!)).member.sa;
    expect(added.childSas.map(({ sent }) => sent)).toEqual([7, 3]);
    expect(packetsGetThrough(rfc6311, told.member.sa.childSas, added.childSas)).toBe(true);
    expect(packetsGetThrough(rfc6311, done.sa.childSas, peer.member.sa.childSas)).toBe(false);
  });

  test('without one, nothing is left to tell', () => {
    const alone = take(
      takeOver(rfc6311, 'cluster', { ...asked.member.sa, ...establishedApart }, choice, 'n'),
    );
    expect(alone.member.sync).not.toHaveProperty('delta');
    const after = take(goesOn('cluster', alone.member, peer.sent[0]!)).member;
    expect([after.sync, 'owed' in after]).toEqual([null, false]);
  });

  test('it goes on while the IKE SA is the same, whatever else is done under it', () => {
    const child = begin(box({ expectedSend: 4 }), rekeyChild);
    const { member } = take(takeOver(rfc6311, 'cluster', child.member.sa, choice, 'n'));
    const response = { kind: 'response', from: 'peer', id: 4, answers: 'r' } as const;
    expect(take(goesOn('cluster', member, response)).member.sync).toEqual(member.sync);
    const request = { kind: 'request', from: 'peer', id: 0, content: 'x' } as const;
    expect(take(goesOn('cluster', member, request)).member.sync).toEqual(member.sync);
  });

  test('then the ends are in step', () => {
    const told = take(tellDelta(rfc6311, 'cluster', done)!);
    const answered = take(goesOn('peer', peer.member, told.sent[0]!));
    const after = take(goesOn('cluster', told.member, answered.sent[0]!)).member;
    expect(isInStep(after, answered.member)).toBe(true);
  });
});

describe('RFC6311-8.3-INCONSISTENT: what comes under an IKE SA that an end does not have is dropped', () => {
  const message = { kind: 'request', from: 'peer', id: 0, content: 'x' } as const;

  test('a message belongs to the IKE SA that it names, or to the first', () => {
    expect(isOfThisIkeSa(sa(), message)).toBe(true);
    expect(isOfThisIkeSa(sa(), { ...message, ikeSa: 'n' })).toBe(false);
    expect(isOfThisIkeSa(sa({ ikeSa: 'n' }), { ...message, ikeSa: 'n' })).toBe(true);
    expect(isOfThisIkeSa(sa({ ikeSa: 'n' }), message)).toBe(false);
  });

  // The IKE SA was rekeyed after the snapshot.
  const snapshot = sa({ expectedSend: 4 });
  const asked = begin(box({ expectedSend: 4 }), rekeyIke);
  const peer = take(arrives('peer', box({ expectedReceive: 4, highestSeen: 3 }), asked.sent[0]!)).member;

  test('the sync request of a member with a stale snapshot is dropped by the peer', () => {
    const choice = { ...usual, bump: 1 };
    const stale = take(takeOver(rfc6311, 'cluster', snapshot, choice, 'n'));
    expect(stale.sent).toMatchObject([{ kind: 'sync-request' }]);
    expect(arrives('peer', peer, stale.sent[0]!)).toEqual({
      enabled: false,
      rule: 'RFC6311-8.3-INCONSISTENT',
      because: 'it belongs to the first IKE SA, which is not there',
    });
    expect(isInconsistent(stale.member, peer)).toBe(true);
  });

  test('so are its requests and responses, and what the peer sends under the new one', () => {
    const request = take(beginRequest(rfc6311, 'cluster', { ...box(), sa: snapshot }, 'x')).sent[0]!;
    const response = { kind: 'response', from: 'cluster', id: 0, answers: 'y' } as const;
    for (const old of [request, response]) {
      expect(arrives('peer', peer, old)).toMatchObject({ enabled: false, rule: 'RFC6311-8.3-INCONSISTENT' });
    }
    const fresh = take(beginRequest(rfc6311, 'peer', peer, 'y'));
    expect(arrives('cluster', box({ expectedSend: 4 }), fresh.sent[0]!)).toEqual({
      enabled: false,
      rule: 'RFC6311-8.3-INCONSISTENT',
      because: 'it belongs to the IKE SA cluster-r, which is not there',
    });
  });

  test('packets of the Child SAs, which stay, still get through', () => {
    const packet: EspPacket = { kind: 'esp', from: 'cluster', spi: 'c1', number: 9, content: 9 };
    expect(arrives('peer', peer, packet).enabled).toBe(true);
  });
});

describe('a new IKE SA', () => {
  const old: SaState = {
    ...establishedSa(),
    announcedReplayCounters: { own: true, other: true },
    window: 3,
    childSas: [freshChildSa('c1')],
  };
  const asks = { kind: 'rekey-ike' } as const;
  const renewed = (...policies: [] | [RekeyingPolicies]): SaState =>
    afterRekeying(rfc6311, old, 'peer', { id: 0, content: 7, asks }, ...policies);

  test('RFC7296-2.3-WINDOW-RESTARTS: begins with a window of 1', () => {
    expect(renewed().window).toBe(1);
    const carried = without(rfc6311, 'RFC7296-2.3-WINDOW-RESTARTS')!;
    expect(afterRekeying(carried, old, 'peer', { id: 0, content: 7, asks }).window).toBe(3);
  });

  test('keeps the capabilities, or loses them (capability-after-rekey)', () => {
    const { announced, announcedReplayCounters, childSas } = old;
    expect(renewed()).toMatchObject({ announced, announcedReplayCounters, childSas });
    const nothing = { own: false, other: false };
    expect(renewed({ capabilityAfterRekey: 'lost' })).toEqual({
      ...renewed(),
      announced: nothing,
      announcedReplayCounters: nothing,
    });
  });

  test('takes with it what is to be asked and said, unless the capabilities are lost', () => {
    const owed = { delta: 4, content: 'delta 1' };
    const member = { role: 'active', sa: old, sync: null, owed, yetToAsk: true } as const;
    expect(withIkeSa(member, renewed())).toEqual({ ...member, sa: renewed() });
    const lost = renewed({ capabilityAfterRekey: 'lost' });
    expect(withIkeSa(member, lost)).toEqual({ role: 'active', sa: lost, sync: null });
  });
});

describe('what goes over to a new IKE SA, and what to a new Child SA', () => {
  const negotiated = { announcedReplayCounters: { own: true, other: true } };
  const renewed = { ...establishedSa(), ...negotiated, ikeSa: 'n' };
  const syncing = (changes: { delta?: number }): ActiveMember => ({
    ...box(negotiated),
    sync: { nonce: 'k', m1: 1, p1: 0, ...changes },
  });

  test('a delta that went with the sync request; and nothing where there was none', () => {
    expect(withIkeSa(syncing({ delta: 3 }), renewed)).toStrictEqual({
      ...{ role: 'active', sa: renewed, sync: null },
      owed: { delta: 3, content: 'delta k' },
    });
    expect(withIkeSa(syncing({}), renewed)).toStrictEqual({ role: 'active', sa: renewed, sync: null });
  });

  test('nothing that could not be said under it', () => {
    const none = { own: false, other: false };
    const mute = { ...renewed, announcedReplayCounters: none };
    expect(withIkeSa(syncing({ delta: 3 }), mute)).toStrictEqual({ role: 'active', sa: mute, sync: null });
    // Where only Message IDs cannot be synced any more, the delta is told, and nothing is asked.
    const deaf = { ...renewed, announced: none };
    expect(withIkeSa({ ...syncing({ delta: 3 }), yetToAsk: true }, deaf)).toStrictEqual({
      ...{ role: 'active', sa: deaf, sync: null },
      owed: { delta: 3, content: 'delta k' },
    });
  });

  test('only the Child SA that is named is replaced', () => {
    const { childSas } = afterRekeying(rfc6311, sa(), 'peer', { id: 0, content: 7, asks: rekeyChild });
    expect(childSas.map(({ spi }) => spi)).toEqual(['peer-7', 'c2']);
    expect(childSas[1]).toEqual(sa().childSas[1]);
  });

  test('what replaced the first IKE SA names none', () => {
    const kept = keepRekeying(sa(), sa({ ikeSa: 'n' }), { id: 4, content: 'r' });
    expect(kept.rekeyedBy).toStrictEqual({ id: 4, content: 'r' });
  });
});
