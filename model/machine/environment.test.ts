import { describe, expect, test } from 'vitest';
import { ikev2, ipsecha01, type Revision, rfc6311 } from '../revisions/index.ts';
import { without } from '../revisions/without.ts';
import { type Settings, usual } from '../settings/settings.ts';
import { type ActiveMember, freshChildSa, type Member, type SaState } from '../state/member.ts';
import type { Message } from '../state/messages.ts';
import { MAX_MESSAGE_ID } from '../state/numbers.ts';
import { taken } from '../state/step.ts';
import {
  COUNTS,
  type Effect,
  FURTHER_COUNTS,
  type Possibility,
  type StepKind,
  type StepRule,
  type Value,
} from './composition.ts';
import { rekeyAfterTakeover } from './node.ts';
import { compose } from './system.ts';

/** The values of all places, by name. */
type Values = Readonly<Record<string, Value>>;

/** A composition whose steps are taken one by one, as a test asks for them. */
function composed(changes: Partial<Settings> = {}, revision: Revision = rfc6311) {
  const { places, initial, steps } = compose(revision, { ...usual, ...changes });
  const start: Values = Object.fromEntries(places.map(({ name }, at) => [name, initial[0]![at]!]));
  /** The step of this kind that begins with these places. */
  const find = (kind: StepKind, ...first: readonly string[]): StepRule | undefined =>
    steps.find((step) => step.kind === kind && first.every((name, at) => step.places[at] === name));
  /** Whether the step can be taken, and how; with values of places that differ from the beginning. */
  const ask = (
    [kind, ...first]: readonly [StepKind, ...string[]],
    values: Values = {},
    message?: Message,
  ): Possibility => {
    const step = find(kind, ...first);
    if (step === undefined) throw new Error(`no step ${kind} at ${first}`);
    const here = step.places.map((name) => values[name] ?? start[name]!);
    return step.receives ? step.take(here, message!) : step.take(here);
  };
  /** What the step does: the values of its places by name, and all else. */
  const take = (
    what: readonly [StepKind, ...string[]],
    values: Values = {},
    message?: Message,
  ): Omit<Effect, 'values'> & { readonly after: Values } => {
    const answer = ask(what, values, message);
    if (answer === 'impossible' || 'boundedBy' in answer) throw new Error(JSON.stringify(answer));
    const { values: changed, ...effect } = answer;
    const step = find(...what)!;
    expect(changed).toHaveLength(step.places.length);
    return { ...effect, after: Object.fromEntries(step.places.map((name, at) => [name, changed[at]!])) };
  };
  return { steps, start, find, ask, take };
}

const active = (value: Value | undefined): ActiveMember => {
  if (typeof value !== 'object' || value.role !== 'active') throw new Error('it is not active');
  return value;
};
const snapshot = (value: Value | undefined): SaState => {
  if (typeof value !== 'object' || value.role !== 'standby') throw new Error('it is no standby');
  return value.snapshot;
};
const down: Member = { role: 'down' };
const closed: Member = { role: 'closed' };

/** A state of which no field has the value that it begins with, so that a field that is lost is seen. */
const full: Required<SaState> = {
  ikeSa: 'cluster-7',
  announced: { own: true, other: true },
  announcedReplayCounters: { own: true, other: true },
  window: 3,
  expectedSend: 11,
  outstanding: [{ id: 10, content: 'out' }],
  expectedReceive: 21,
  answered: [{ id: 20, content: 'in', refused: true }],
  highestSeen: 22,
  m1Seen: 19,
  m1Sent: 9,
  p1Sent: 23,
  failoverCount: 4,
  failoverCountSeen: 5,
  lastSync: {
    request: {
      kind: 'sync-request',
      from: 'peer',
      id: 0,
      nonce: 'p1',
      m1: 19,
      p1: 8,
      wellFormed: true,
      otherPayloads: [],
    },
    response: {
      kind: 'sync-response',
      from: 'cluster',
      id: 0,
      nonce: 'p1',
      p2: 8,
      m2: 19,
      wellFormed: true,
      otherPayloads: [],
    },
  },
  again: ['again'],
  childSas: [
    {
      ...freshChildSa('c1', { first: 30, replayWindow: 4, esn: true }),
      received: { highest: 30, seen: [27, 28, 29, 30] },
    },
  ],
  ivsSpent: 6,
  rekeyedBy: { id: 2, content: 'old', ikeSa: 'cluster-1' },
  own: { offered: 7 },
};
const activeWith = (sa: SaState, more: Partial<ActiveMember> = {}): ActiveMember => ({
  role: 'active',
  sa,
  sync: null,
  ...more,
});

describe('a state sync', () => {
  const { ask, take, start, find } = composed({ members: 3 });

  test.each(Object.keys(full) as (keyof SaState)[])('hands over %s', (field) => {
    const fresh = snapshot(start['B']);
    // The value is one that the standby does not have, so it can have it only from the active member.
    const differs = field === 'announced' || field === 'announcedReplayCounters';
    const sent = differs ? { ...full, [field]: { own: false, other: true } } : full;
    expect(sent[field]).not.toEqual(fresh[field]);
    const { after } = take(['state-sync', 'A', 'B'], { A: activeWith(sent) });
    expect(snapshot(after['B'])[field]).toEqual(sent[field]);
  });

  test('hands over nothing else: not the sync, nor what is owed', () => {
    const A = activeWith(full, {
      sync: { nonce: 1, m1: 12, p1: 21 },
      owed: { delta: 3, content: 'delta 1' },
      yetToAsk: true,
    });
    const { after, sent, observations, action } = take(['state-sync', 'A', 'B'], { A });
    expect(after).toStrictEqual({ A, B: { role: 'standby', snapshot: full } });
    expect([sent, observations]).toEqual([[], []]);
    expect(action).toEqual({ kind: 'state-sync', from: 'A', to: 'B', rules: [] });
  });

  test('reaches a standby, and a member that was down; from the active one only', () => {
    const { after } = take(['state-sync', 'A', 'C'], { A: activeWith(full), C: down });
    expect(after['C']).toEqual({ role: 'standby', snapshot: full });
    expect(ask(['state-sync', 'B', 'C'])).toBe('impossible');
    expect(ask(['state-sync', 'B', 'A'])).toBe('impossible');
    expect(ask(['state-sync', 'A', 'B'], { A: down })).toBe('impossible');
    expect(ask(['state-sync', 'A', 'B'], { B: activeWith(full) })).toBe('impossible');
    expect(ask(['state-sync', 'A', 'B'], { B: 3 })).toBe('impossible');
  });

  test('is between members of one end', () => {
    expect(find('state-sync', 'A', 'peer')).toBeUndefined();
    expect(find('state-sync', 'peer')).toBeUndefined();
  });

  test.each(['shared', 'in-state-sync', 'per-member'] as const)(
    'IPSECHA01-FC-MEMBERS: the count goes with it, unless each member counts for itself: %s',
    (failoverCount) => {
      const cluster = composed({ failoverCount }, ipsecha01);
      const A = activeWith(full);
      const known = { ...snapshot(cluster.start['B']), failoverCount: 2 };
      const counts = (B: Member): number =>
        snapshot(cluster.take(['state-sync', 'A', 'B'], { A, B }).after['B']).failoverCount;
      // Who was down has nothing left of what it had counted.
      const [ofStandby, ofReturned] = [counts({ role: 'standby', snapshot: known }), counts(down)];
      expect([ofStandby, ofReturned]).toEqual(
        failoverCount === 'in-state-sync' || failoverCount === 'shared' ? [4, 4] : [2, 0],
      );
    },
  );

  test('RFC6311-5-SHARED-CAPABILITY: without the rule a standby takes the peer for a silent one', () => {
    const lacking = composed({}, without(rfc6311, 'RFC6311-5-SHARED-CAPABILITY')!);
    const { after } = lacking.take(['state-sync', 'A', 'B'], { A: activeWith(full) });
    expect(snapshot(after['B'])).toEqual({
      ...full,
      announced: { own: true, other: false },
      announcedReplayCounters: { own: true, other: false },
    });
  });
});

describe('a failover', () => {
  const held = (changes: Partial<SaState> = {}): Member => ({
    role: 'standby',
    snapshot: { ...full, announcedReplayCounters: { own: true, other: false }, outstanding: [], ...changes },
  });
  const both = { own: true, other: true };
  const values = (changes: Values = {}): Values => ({ A: activeWith(full), B: held(), ...changes });

  test('takes the active member down, and a standby goes on with its own snapshot; the budget is counted', () => {
    const { take } = composed({ failovers: 2, bump: 2, p1Ahead: 3 });
    const { after, sent, observations, action } = take(
      ['failover', 'A', 'B'],
      values({ [COUNTS.failovers]: 1, [COUNTS.syncRequests]: 5 }),
    );
    expect(after['A']).toEqual(down);
    // M1 is above what is expected and what was sent; P1 above what was received and what was declared.
    const sync = { nonce: 5, m1: 13, p1: 26 };
    expect(after['B']).toEqual(activeWith({ ...snapshot(held()), m1Sent: 13, p1Sent: 26 }, { sync }));
    expect([after[COUNTS.failovers], after[COUNTS.syncRequests]]).toEqual([2, 6]);
    expect(sent).toMatchObject([{ kind: 'sync-request', from: 'cluster', id: 0, ...sync }]);
    expect(observations).toMatchObject([{ kind: 'sync-request-sent', by: 'cluster', nonce: 5, m1: 13 }]);
    expect(action).toMatchObject({ kind: 'failover', from: 'A', to: 'B' });
    expect(action.rules).toContain('RFC6311-5.1-M1-FRESH');
  });

  test('needs an active member and a standby', () => {
    const { ask } = composed({ members: 3, failovers: 1 });
    const what = ['failover', 'A', 'B'] as const;
    for (const changes of [
      { A: down },
      { A: closed },
      { A: held() },
      { A: 0 },
      { B: down },
      { B: closed },
      { B: activeWith(full) },
      { B: 0 },
    ]) {
      expect(ask(what, values(changes))).toBe('impossible');
      // Nor is it the bound that forbids it.
      expect(ask(what, values({ ...changes, [COUNTS.failovers]: 1 }))).toBe('impossible');
    }
    expect(ask(what, values({ [COUNTS.failovers]: down }))).toBe('impossible');
    expect(ask(what, values({ [COUNTS.syncRequests]: down }))).toBe('impossible');
  });

  test('as many as the bound of its end says', () => {
    const { ask, take } = composed({ failovers: 2, peerFailovers: 1, peerMembers: 2 });
    const cluster = ['failover', 'A', 'B'] as const;
    expect(ask(cluster, { [COUNTS.failovers]: 2 })).toEqual({ boundedBy: 'failovers' });
    expect(ask(cluster, { [COUNTS.failovers]: 3 })).toEqual({ boundedBy: 'failovers' });
    expect(take(cluster, { [COUNTS.failovers]: 1 }).after[COUNTS.failovers]).toBe(2);
    // What happened at one end does not count at the other.
    const peer = ['failover', 'P', 'Q'] as const;
    const { after } = take(peer, { [COUNTS.failovers]: 2, [FURTHER_COUNTS.peerSyncRequests]: 3 });
    expect(after).toMatchObject({ [FURTHER_COUNTS.peerFailovers]: 1, [FURTHER_COUNTS.peerSyncRequests]: 4 });
    expect(active(after['Q']).sync).toEqual({ nonce: 'p3', m1: 0, p1: 0 });
    expect(ask(peer, { [FURTHER_COUNTS.peerFailovers]: 1 })).toEqual({ boundedBy: 'peer-failovers' });
  });

  test('without counter sync, or without its capability, the member goes on and asks nothing', () => {
    const silent = { announced: { own: true, other: false } };
    for (const [revision, B] of [
      [ikev2, held()],
      [rfc6311, held(silent)],
    ] as const) {
      const { after, sent } = composed({}, revision).take(['failover', 'A', 'B'], values({ B }));
      expect(after['B']).toEqual(activeWith(snapshot(B)));
      expect([sent, after[COUNTS.syncRequests]]).toEqual([[], 0]);
    }
  });

  test('a sync of the exchanges of a revision without counter sync tells the others nothing', () => {
    const sync = { nonce: 5, m1: 13, p1: 26 };
    const own: Revision = {
      ...ikev2,
      exchanges: { takesOver: (_by, sa) => taken({ role: 'active', sa, sync }, []) },
    };
    const C = held({ m1Sent: 3 });
    const { after } = composed({ members: 3 }, own).take(['failover', 'A', 'B'], values({ C }));
    expect(after).toMatchObject({ A: down, B: { role: 'active', sync } });
    expect(after['C']).toStrictEqual(C);
  });

  test('a lazy member has yet to ask; its sync request is not counted before', () => {
    const { after, sent } = composed({ syncTrigger: 'lazy' }).take(['failover', 'A', 'B'], values());
    expect(after['B']).toEqual(activeWith(snapshot(held()), { yetToAsk: true }));
    expect([sent, after[COUNTS.failovers], after[COUNTS.syncRequests]]).toEqual([[], 1, 0]);
  });

  test('a delta goes with the sync request, or is owed, and its nonce counts then, too', () => {
    const { take } = composed({ delta: 5 });
    const announcedReplayCounters = both;
    const B = held({ announcedReplayCounters });
    const { after, sent, action } = take(['failover', 'A', 'B'], values({ B }));
    expect(sent).toMatchObject([{ kind: 'sync-request', delta: 5 }]);
    expect(active(after['B']).sync).toMatchObject({ delta: 5 });
    expect(active(after['B']).owed).toBeUndefined();
    expect(active(after['B']).sa.childSas).toMatchObject([{ sent: 35, received: { highest: 35 } }]);
    expect(action.rules).toEqual(expect.arrayContaining(['RFC6311-5.2-OWN-BUMP', 'RFC6311-5.2-IN-WINDOW']));
    const alone = take(
      ['failover', 'A', 'B'],
      values({
        B: held({ announcedReplayCounters, announced: { own: true, other: false } }),
        [COUNTS.syncRequests]: 2,
      }),
    );
    expect(active(alone.after['B'])).toMatchObject({ sync: null, owed: { delta: 5, content: 'delta 2' } });
    expect([alone.sent, alone.after[COUNTS.syncRequests]]).toEqual([[], 3]);
    // Where neither was announced, nothing can be said; the member advances its own counters all the same.
    const neither = { own: false, other: false };
    const mute = take(
      ['failover', 'A', 'B'],
      values({ B: held({ announced: neither, announcedReplayCounters: neither }) }),
    );
    expect(active(mute.after['B']).owed).toBeUndefined();
    expect(active(mute.after['B']).sa.childSas).toMatchObject([{ sent: 35, received: { highest: 30 } }]);
    expect(mute.after[COUNTS.syncRequests]).toBe(0);
  });

  test('without a delta no rule of 5.2 has a part', () => {
    const { action } = composed().take(['failover', 'A', 'B'], values());
    expect(action.rules.filter((id) => id.startsWith('RFC6311-5.2'))).toEqual([]);
  });

  test('the windows: moved up, or kept as they are', () => {
    const B = held({ announcedReplayCounters: both });
    const highest = (inWindow: Settings['inWindow']): number | undefined =>
      active(composed({ delta: 5, inWindow }).take(['failover', 'A', 'B'], values({ B })).after['B']).sa
        .childSas[0]?.received.highest;
    expect([highest('advance'), highest('keep')]).toEqual([35, 30]);
  });

  test('RFC7296-2.2-NO-WRAP: closes the IKE SA where no Message ID is left', () => {
    const { take } = composed({ bump: 1, p1Ahead: 1 });
    const last = MAX_MESSAGE_ID;
    for (const changes of [
      { expectedSend: last },
      { m1Sent: last - 1 },
      { expectedReceive: last + 1, p1Sent: 0 },
      { expectedReceive: last - 1, p1Sent: last },
    ]) {
      const { after, sent, observations, action } = take(
        ['failover', 'A', 'B'],
        values({ B: held(changes), [COUNTS.failovers]: 0, [COUNTS.syncRequests]: 4 }),
      );
      expect([after['A'], after['B']]).toEqual([down, closed]);
      expect([after[COUNTS.failovers], after[COUNTS.syncRequests]]).toEqual([1, 4]);
      expect([sent, observations]).toEqual([[], []]);
      expect(action).toEqual({ kind: 'failover', from: 'A', to: 'B', rules: ['RFC7296-2.2-NO-WRAP'] });
    }
    const room = take(['failover', 'A', 'B'], values({ B: held({ expectedSend: last - 1 }) }));
    expect(active(room.after['B']).sync?.m1).toBe(last);
  });

  test('RFC6311-8.1-PENDING-IKE: pending=close closes it where a request of the snapshot is in doubt', () => {
    const busy: Member = { role: 'standby', snapshot: full };
    const { take } = composed({ pending: 'close', members: 3 });
    const { after, action } = take(['failover', 'A', 'B'], values({ B: busy, C: busy }));
    expect([after['A'], after['B'], after['C']]).toEqual([down, closed, busy]);
    expect([after[COUNTS.failovers], after[COUNTS.syncRequests]]).toEqual([1, 0]);
    expect(action).toEqual({ kind: 'failover', from: 'A', to: 'B', rules: ['RFC6311-8.1-PENDING-IKE'] });
    // What the failed member had under way is not known to it; and nothing else is a reason.
    expect(active(take(['failover', 'A', 'B'], values()).after['B']).sync).not.toBeNull();
    for (const pending of ['give-up', 'send-again'] as const) {
      const gone = composed({ pending }).take(['failover', 'A', 'B'], values({ B: busy }));
      expect(active(gone.after['B']).sync).not.toBeNull();
    }
    // Plain IKEv2 has no sync that a request could be in doubt at.
    const plain = composed({ pending: 'close' }, ikev2).take(['failover', 'A', 'B'], values({ B: busy }));
    expect(plain.after['B']).toEqual(activeWith(full));
  });

  test('state-sync=each-step: nothing is stale; ike-each-step: only ESP is', () => {
    const A = activeWith({ ...full, outstanding: [], expectedSend: 40, childSas: [freshChildSa('c2')] });
    const sa = (stateSync: Settings['stateSync']): SaState =>
      active(composed({ stateSync }).take(['failover', 'A', 'B'], values({ A })).after['B']).sa;
    const got = (stateSync: Settings['stateSync']) => {
      const { expectedSend, childSas } = sa(stateSync);
      return [expectedSend, childSas[0]?.spi];
    };
    expect(got('any')).toEqual([11, 'c1']);
    expect(got('never')).toEqual([11, 'c1']);
    expect(got('each-step')).toEqual([40, 'c2']);
    expect(got('ike-each-step')).toEqual([40, 'c1']);
  });

  test('initialization vectors are counted under the IKE SA that it takes over', () => {
    const { after, observations } = composed({ ikeIv: 'counter' }).take(['failover', 'A', 'B'], values());
    expect(observations.at(-1)).toEqual({ kind: 'iv-used', by: 'cluster', ikeSa: 'cluster-7', iv: 6 });
    expect(active(after['B']).sa.ivsSpent).toBe(7);
  });
});

describe('what the other members are told', () => {
  const B: Member = { role: 'standby', snapshot: { ...full, outstanding: [] } };
  const fresh = (start: Values): SaState => snapshot(start['C']);
  const failsOver = (changes: Partial<Settings>, revision: Revision = rfc6311) => {
    const { take, start } = composed({ members: 4, p1Ahead: 1, ...changes }, revision);
    const child = freshChildSa('c1', { first: 2, replayWindow: 4 });
    const C: Member = { role: 'standby', snapshot: { ...fresh(start), childSas: [child] } };
    const { after } = take(['failover', 'A', 'B'], { A: activeWith(full), B, C, D: down });
    expect(after['D']).toEqual(down);
    return { before: C.snapshot, after: snapshot(after['C']) };
  };

  test('RFC6311-5.1-M1-SHARED: M1 and P1, at once or not at all; and nothing else', () => {
    const shared = failsOver({});
    expect(shared.after).toEqual({
      ...shared.before,
      m1Sent: 11,
      p1Sent: 24,
      // So it is with the counters that the new member goes on with.
      childSas: [
        {
          ...shared.before.childSas[0],
          sent: 30,
          received: { highest: 30, seen: [27, 28, 29, 30] },
        },
      ],
    });
    const alone = failsOver({ m1Sharing: 'not-told', bumpSharing: 'not-told' });
    expect(alone.after).toEqual(alone.before);
  });

  test('RFC6311-5.2-BUMP-SHARED: how far the ESP counters were advanced, at once or not at all', () => {
    const numbers = ({ childSas: [child] }: SaState) => [child?.sent, child?.received.highest];
    expect(numbers(failsOver({ delta: 5, m1Sharing: 'not-told' }).after)).toEqual([35, 35]);
    expect(numbers(failsOver({ delta: 5, bumpSharing: 'not-told' }).after)).toEqual([2, 2]);
    // A text without replay counters has nothing to tell; one without counter sync tells the rest all the same.
    expect(numbers(failsOver({ delta: 5 }, ikev2).after)).toEqual([2, 2]);
    const lazy = failsOver({ delta: 5, syncTrigger: 'lazy' });
    expect(numbers(lazy.after)).toEqual([35, 35]);
    expect(lazy.after.m1Sent).toBe(-1);
  });

  test('IPSECHA01-FC-MEMBERS: the count, where all know the latest', () => {
    const counts = (failoverCount: Settings['failoverCount']): number =>
      failsOver({ failoverCount }, ipsecha01).after.failoverCount;
    expect([counts('shared'), counts('in-state-sync'), counts('per-member')]).toEqual([5, 0, 0]);
  });

  test('IPSECHA01-FC-CARRY: a failover counts once, and that is seen', () => {
    const { take, start } = composed({}, ipsecha01);
    const { after, sent, observations } = take(['failover', 'A', 'B'], { A: start['A']!, B });
    expect(active(after['B']).sa.failoverCount).toBe(5);
    expect(sent).toMatchObject([{ failoverCount: 5 }]);
    expect(observations).toMatchObject([
      { kind: 'sync-request-sent' },
      { kind: 'failover-counted', by: 'cluster', count: 5 },
    ]);
    // RFC 6311 has no count.
    const without = composed().take(['failover', 'A', 'B'], { B });
    expect(without.observations.map(({ kind }) => kind)).toEqual(['sync-request-sent']);
    expect(without.sent[0]).not.toHaveProperty('failoverCount');
    expect(active(without.after['B']).sa.failoverCount).toBe(4);
  });

  test('a retry and a late sync tell likewise', () => {
    const C = B;
    const sync = { nonce: 0, m1: 30, p1: 21 };
    const A = activeWith({ ...full, m1Sent: 30 }, { sync });
    const retried = composed({ members: 3, retry: 'fresh', retries: 1 }).take(['retry', 'A'], {
      A,
      C,
      [COUNTS.failovers]: 1,
      [COUNTS.syncRequests]: 1,
    });
    expect(snapshot(retried.after['C'])).toMatchObject({ m1Sent: 31 });
    expect(snapshot(retried.after['B']).m1Sent).toBe(31);
    const asked = composed({ members: 3, syncTrigger: 'lazy', bump: 4 }).take(['ask', 'A'], {
      A: activeWith({ ...full, outstanding: [] }, { yetToAsk: true }),
      C,
    });
    expect(snapshot(asked.after['C'])).toMatchObject({ m1Sent: 15 });
    expect(snapshot(asked.after['B']).m1Sent).toBe(15);
  });
});

describe('a retry', () => {
  const waiting = activeWith(
    { ...full, outstanding: [], m1Sent: 14 },
    { sync: { nonce: 0, m1: 14, p1: 23 } },
  );
  const once = { [COUNTS.failovers]: 1, [COUNTS.syncRequests]: 1 };

  test('replaces an unanswered sync request by a new one: other nonce, higher M1; the failover is not counted again', () => {
    const { take } = composed({ retry: 'fresh', retries: 2, bump: 2, delta: 3 });
    const { after, sent, observations, action } = take(['retry', 'A'], { A: waiting, ...once });
    const sync = { nonce: 1, m1: 17, p1: 23, delta: 3 };
    expect(active(after['A'])).toEqual(activeWith({ ...waiting.sa, m1Sent: 17 }, { sync }));
    expect([after[COUNTS.failovers], after[COUNTS.syncRequests]]).toEqual([1, 2]);
    expect(sent).toMatchObject([{ kind: 'sync-request', ...sync }]);
    expect(observations).toMatchObject([{ kind: 'sync-request-sent', nonce: 1, again: true }]);
    expect(action).toMatchObject({ kind: 'retry', by: 'A' });
    expect(action.rules).toContain('RFC6311-5.1-M1-FRESH');
  });

  test('as many as the bound says, over all failovers', () => {
    const { ask, take } = composed({ retry: 'fresh', retries: 2, failovers: 2 });
    const answer = (failovers: number, asked: number): Possibility =>
      ask(['retry', 'A'], { A: waiting, [COUNTS.failovers]: failovers, [COUNTS.syncRequests]: asked });
    expect(answer(1, 3)).toEqual({ boundedBy: 'retries' });
    expect(answer(2, 4)).toEqual({ boundedBy: 'retries' });
    const { after } = take(['retry', 'A'], {
      A: waiting,
      [COUNTS.failovers]: 2,
      [COUNTS.syncRequests]: 3,
    });
    expect([after[COUNTS.failovers], after[COUNTS.syncRequests]]).toEqual([2, 4]);
  });

  test('only while a sync request waits, and there is a Message ID left', () => {
    const { ask } = composed({ retry: 'fresh', retries: 1 });
    for (const A of [
      { ...waiting, sync: null },
      down,
      closed,
      { role: 'standby', snapshot: full },
      0,
    ] as const)
      expect(ask(['retry', 'A'], { A, ...once })).toBe('impossible');
    const spent = { ...waiting, sa: { ...waiting.sa, m1Sent: MAX_MESSAGE_ID } };
    expect(ask(['retry', 'A'], { A: spent, ...once })).toBe('impossible');
    expect(ask(['retry', 'A'], { A: waiting, ...once, [COUNTS.syncRequests]: down })).toBe('impossible');
    expect(ask(['retry', 'A'], { A: waiting, ...once, [COUNTS.failovers]: down })).toBe('impossible');
  });

  test('RFC6311-7-ONCE-PER-FAILOVER: is no step where the request is sent as it was, nor of a plain peer', () => {
    expect(composed({ retries: 1 }).find('retry')).toBeUndefined();
    expect(composed({ retry: 'fresh' }, ikev2).find('retry')).toBeUndefined();
    const { steps } = composed({ retry: 'fresh', retries: 1, peerMembers: 2 });
    expect(steps.flatMap(({ kind, places: [name] }) => (kind === 'retry' ? [name] : []))).toEqual([
      ...['A', 'B'],
      ...['P', 'Q'],
    ]);
    expect(composed({ retry: 'fresh', retries: 1 }).find('retry', 'peer')).toBeUndefined();
  });

  test('IPSECHA01-FC-CARRY: it carries the count of its failover', () => {
    const { sent, observations } = composed({ retry: 'fresh', retries: 1 }, ipsecha01).take(['retry', 'A'], {
      A: waiting,
      ...once,
    });
    expect(sent).toMatchObject([{ failoverCount: 4 }]);
    expect(observations.map(({ kind }) => kind)).toEqual(['sync-request-sent']);
  });

  test('without replay counters in the text, none goes with it', () => {
    const plain: Revision = { ...rfc6311, replaySync: null };
    const { sent } = composed({ retry: 'fresh', retries: 1, delta: 3 }, plain).take(['retry', 'A'], {
      A: waiting,
      ...once,
    });
    expect(sent[0]).not.toHaveProperty('delta');
  });

  test('an initialization vector more', () => {
    const { after, observations } = composed({ retry: 'fresh', retries: 1, ikeIv: 'counter' }).take(
      ['retry', 'A'],
      { A: waiting, ...once },
    );
    expect(observations.at(-1)).toMatchObject({ kind: 'iv-used', iv: 6 });
    expect(active(after['A']).sa.ivsSpent).toBe(7);
  });
});

describe('a lazy member', () => {
  const lazy = { syncTrigger: 'lazy' } as const;
  const A = activeWith({ ...full, outstanding: [] }, { yetToAsk: true });

  test('asks later: once, with the next nonce', () => {
    const { ask, take } = composed({ ...lazy, bump: 1 });
    const { after, sent, action } = take(['ask', 'A'], { A, [COUNTS.syncRequests]: 2 });
    expect(active(after['A'])).toEqual(
      activeWith({ ...A.sa, m1Sent: 12 }, { sync: { nonce: 2, m1: 12, p1: 23, delta: 0 } }),
    );
    expect(after[COUNTS.syncRequests]).toBe(3);
    expect(sent).toMatchObject([{ kind: 'sync-request', nonce: 2, m1: 12 }]);
    expect(action).toMatchObject({ kind: 'ask', by: 'A' });
    expect(action.rules).toContain('RFC6311-5.1-M1-FRESH');
    expect(ask(['ask', 'A'], { A: after['A']! })).toBe('impossible');
    for (const other of [activeWith(full), down, closed, 0])
      expect(ask(['ask', 'A'], { A: other })).toBe('impossible');
    expect(ask(['ask', 'A'], { A, [COUNTS.syncRequests]: down })).toBe('impossible');
  });

  test('RFC7296-2.2-NO-WRAP: closes the IKE SA where no Message ID is left', () => {
    const { after, sent, observations, action } = composed({ ...lazy, members: 3 }).take(['ask', 'A'], {
      A: { ...A, sa: { ...A.sa, expectedSend: MAX_MESSAGE_ID + 1 } },
      C: down,
      [COUNTS.syncRequests]: 2,
    });
    expect([after['A'], after['C'], after[COUNTS.syncRequests]]).toEqual([closed, down, 2]);
    expect([sent, observations]).toEqual([[], []]);
    expect(action).toEqual({ kind: 'ask', by: 'A', rules: ['RFC7296-2.2-NO-WRAP'] });
  });

  test('RFC6311-3.4-IV-UNIQUE: its sync request is a message that is encrypted, as one that is sent at once', () => {
    const { after, observations } = composed({ ...lazy, ikeIv: 'counter' }).take(['ask', 'A'], { A });
    expect(observations.map(({ kind }) => kind)).toEqual(['sync-request-sent', 'iv-used']);
    expect(observations.at(-1)).toMatchObject({ by: 'cluster', ikeSa: 'cluster-7', iv: 6 });
    expect(active(after['A']).sa.ivsSpent).toBe(7);
  });

  test('RFC6311-7-TRIGGER: is no step where a member asks at once, nor where it never asks', () => {
    expect(composed().find('ask')).toBeUndefined();
    expect(composed(lazy, ikev2).find('ask')).toBeUndefined();
    expect(composed(lazy, without(rfc6311, 'RFC6311-7-TRIGGER')!).find('ask')).toBeUndefined();
    expect(composed(lazy).find('ask', 'peer')).toBeUndefined();
    expect(composed({ ...lazy, peerMembers: 2 }).find('ask', 'Q')).toBeDefined();
  });
});

describe('requests', () => {
  test('RFC7296-2.2-NEXT-ID: each has a content of its own; as many as the bound says', () => {
    const { ask, take } = composed({ requests: 2 });
    const { after, sent, observations, action } = take(['request', 'A'], { [COUNTS.clusterRequests]: 1 });
    expect(after[COUNTS.clusterRequests]).toBe(2);
    expect(sent).toEqual([{ kind: 'request', from: 'cluster', id: 0, content: 1 }]);
    expect(observations).toMatchObject([{ kind: 'request-sent', content: 1 }]);
    expect(action).toEqual({
      kind: 'request',
      by: 'A',
      rules: expect.arrayContaining(['RFC7296-2.2-NEXT-ID', 'RFC7296-2.3-WINDOW']),
    });
    expect(active(after['A']).sa).toMatchObject({ expectedSend: 1, outstanding: [{ id: 0, content: 1 }] });
    expect(ask(['request', 'A'], { [COUNTS.clusterRequests]: 2 })).toEqual({ boundedBy: 'requests' });
    // Of the peer as many again.
    expect(take(['request', 'peer'], { [COUNTS.clusterRequests]: 2 }).after[COUNTS.peerRequests]).toBe(1);
  });

  test('only of the active member, inside its window, and not before what is to be sent again', () => {
    const { ask } = composed({ requests: 2 });
    expect(ask(['request', 'B'])).toBe('impossible');
    for (const A of [down, closed, 0, activeWith({ ...full, window: 1 }), activeWith(full)])
      expect(ask(['request', 'A'], { A })).toBe('impossible');
    expect(ask(['request', 'A'], { A: activeWith({ ...full, again: [] }) })).not.toBe('impossible');
    expect(ask(['request', 'A'], { [COUNTS.clusterRequests]: down })).toBe('impossible');
    // Where the step itself is impossible, it is not the bound that forbids it.
    const spent = { [COUNTS.clusterRequests]: 2 };
    expect(ask(['request', 'A'], { A: activeWith(full), ...spent })).toBe('impossible');
    const syncing = activeWith({ ...full, again: [] }, { sync: { nonce: 0, m1: 9, p1: 0 } });
    expect(ask(['request', 'A'], { A: syncing })).toBe('impossible');
  });

  test('rekey: which SAs, and only of the cluster', () => {
    const kinds = (rekey: Settings['rekey']) =>
      composed({ rekey }).steps.flatMap(({ kind, places: [name] }) =>
        kind.startsWith('rekey') ? [`${kind} ${name}`] : [],
      );
    const child = ['rekey-child A', 'rekey-child B'];
    const ike = ['rekey-ike A', 'rekey-ike B'];
    expect([kinds('none'), kinds('child'), kinds('ike'), kinds('both')]).toEqual([
      [],
      child,
      ike,
      [...child, ...ike],
    ]);
  });

  test('rekey: asks for it in a request that counts like any other', () => {
    const { ask, take } = composed({ rekey: 'both', requests: 2, childSas: 2 });
    const child = take(['rekey-child', 'A'], { [COUNTS.clusterRequests]: 1 });
    expect(child.sent).toMatchObject([{ content: 1, asks: { kind: 'rekey-child', spi: 'c1' } }]);
    expect(child.action).toMatchObject({ kind: 'rekey-child', by: 'A' });
    expect(child.after[COUNTS.clusterRequests]).toBe(2);
    const ike = take(['rekey-ike', 'A']);
    expect(ike.sent).toMatchObject([{ content: 0, asks: { kind: 'rekey-ike' } }]);
    expect(ike.action).toMatchObject({ kind: 'rekey-ike', by: 'A' });
    expect(take(['request', 'A']).sent[0]).not.toHaveProperty('asks');
    expect(ask(['rekey-ike', 'A'], { [COUNTS.clusterRequests]: 2 })).toEqual({ boundedBy: 'requests' });
    // There has to be a Child SA; the IKE SA is there.
    const bare = activeWith({ ...full, again: [], childSas: [] });
    expect(ask(['rekey-child', 'A'], { A: bare })).toBe('impossible');
    expect(ask(['rekey-ike', 'A'], { A: bare })).not.toBe('impossible');
  });

  test('an initialization vector each', () => {
    const { after, observations } = composed({ ikeIv: 'counter' }).take(['request', 'A'], {
      A: activeWith({ ...full, again: [] }),
    });
    expect(observations.at(-1)).toMatchObject({ kind: 'iv-used', iv: 6 });
    expect(active(after['A']).sa.ivsSpent).toBe(7);
  });
});

describe('what was under way', () => {
  test('RFC6311-8.1-PENDING-IKE: is sent again, in order, where the policy says so', () => {
    const A = activeWith({ ...full, outstanding: [], again: ['x', 'y'] });
    const { ask, take } = composed({ pending: 'send-again', ikeIv: 'counter' });
    const { after, sent, observations, action } = take(['again', 'A'], { A });
    expect(sent).toEqual([{ kind: 'request', from: 'cluster', ikeSa: 'cluster-7', id: 11, content: 'x' }]);
    expect(observations).toMatchObject([{ kind: 'request-sent' }, { kind: 'iv-used', iv: 6 }]);
    expect(active(after['A']).sa).toMatchObject({ again: ['y'], outstanding: [{ id: 11 }] });
    expect(action).toMatchObject({ kind: 'again', by: 'A' });
    expect(action.rules).toContain('RFC7296-2.2-NEXT-ID');
    for (const other of [activeWith({ ...A.sa, again: [] }), down, 0])
      expect(ask(['again', 'A'], { A: other })).toBe('impossible');
    const syncing = { ...A, sync: { nonce: 0, m1: 9, p1: 0 } };
    expect(ask(['again', 'A'], { A: syncing })).toBe('impossible');
    // A request of the member's own is its own M1, once it may send while it waits.
    const early = composed({ pending: 'send-again', ikeWhileSyncing: 'process-and-send' });
    expect(
      early.take(['again', 'A'], { A: { ...syncing, sync: { ...syncing.sync, m1: 15 } } }).sent,
    ).toMatchObject([{ id: 15, content: 'x' }]);
    expect(composed().find('again')).toBeUndefined();
    expect(composed({ pending: 'close' }).find('again')).toBeUndefined();
  });

  test('RFC7296-2.1-RETRANSMISSION: what is not answered is retransmitted as it was', () => {
    const { ask, take } = composed({ network: 'no-replay' });
    const A = activeWith({ ...full, again: [] });
    const { after, sent, observations, action } = take(['retransmit', 'A'], { A });
    expect(after).toEqual({ A });
    expect(sent).toEqual([{ kind: 'request', from: 'cluster', ikeSa: 'cluster-7', id: 10, content: 'out' }]);
    expect(observations).toEqual([]);
    expect(action).toEqual({ kind: 'retransmit', by: 'A', rules: ['RFC7296-2.1-RETRANSMISSION'] });
    for (const other of [
      activeWith({ ...full, outstanding: [] }),
      down,
      { role: 'standby', snapshot: full },
      0,
    ] as const)
      expect(ask(['retransmit', 'A'], { A: other })).toBe('impossible');
    expect(composed({ network: 'adversarial' }).find('retransmit')).toBeUndefined();
    for (const network of ['no-replay', 'fifo', 'reliable'] as const)
      expect(composed({ network }).find('retransmit', 'peer')).toBeDefined();
  });

  test('while a sync request waits: that, and what was sent since; of retries, only the latter', () => {
    const out = (id: number) => ({ id, content: `r${id}` });
    const A = activeWith(
      { ...full, outstanding: [out(10), out(12), out(13)] },
      { sync: { nonce: 3, m1: 12, p1: 23 } },
    );
    const sent = (retry: Settings['retry']) =>
      composed({ network: 'no-replay', retry, retries: 1 })
        .take(['retransmit', 'A'], { A })
        .sent.map((message) => (message.kind === 'request' ? message.id : message.kind));
    expect(sent('same')).toEqual(['sync-request', 12, 13]);
    expect(sent('fresh')).toEqual([12, 13]);
    // Without counter sync there is no M1 that anything could be before.
    const plain = composed({ network: 'no-replay' }, ikev2).take(['retransmit', 'A'], { A });
    expect(plain.sent).toHaveLength(3);
  });
});

describe('a delta that is told alone', () => {
  const owing = activeWith({ ...full, again: [] }, { owed: { delta: 3, content: 'delta 0' } });

  test('goes into a request of its own, which no bound counts', () => {
    const { ask, take } = composed({ replayCounterSync: 'both', messageIdSync: 'neither', ikeIv: 'counter' });
    const { after, sent, observations, action } = take(['tell-delta', 'A'], { A: owing });
    expect(Object.keys(after)).toEqual(['A']);
    expect(active(after['A'])).not.toHaveProperty('owed');
    expect(active(after['A']).sa.ivsSpent).toBe(7);
    expect(sent).toEqual([
      {
        kind: 'request',
        from: 'cluster',
        ikeSa: 'cluster-7',
        id: 11,
        content: 'delta 0',
        asks: { kind: 'replay-counter-sync', delta: 3 },
      },
    ]);
    expect(observations).toMatchObject([{ kind: 'request-sent' }, { kind: 'iv-used', iv: 6 }]);
    expect(action).toMatchObject({ kind: 'tell-delta', by: 'A' });
    expect(action.rules).toContain('RFC7296-2.2-NEXT-ID');
    const { owed: _owed, ...nothing } = owing;
    const full = { ...owing, sa: { ...owing.sa, window: 1 } };
    for (const A of [nothing, full, down, 0]) expect(ask(['tell-delta', 'A'], { A })).toBe('impossible');
  });

  test('is a step only where no sync request has to carry it, or its sync can end with the IKE SA', () => {
    const tells = (changes: Partial<Settings>, revision: Revision = rfc6311): boolean =>
      composed(changes, revision).find('tell-delta') !== undefined;
    const announced = { replayCounterSync: 'both' } as const;
    expect(tells({ ...announced, messageIdSync: 'both' })).toBe(false);
    for (const messageIdSync of ['neither', 'cluster', 'peer', 'any'] as const) {
      expect(tells({ ...announced, messageIdSync })).toBe(true);
      expect(tells({ replayCounterSync: 'neither', messageIdSync })).toBe(false);
    }
    const beginsToRekey = { ...announced, ikeWhileSyncing: 'process' } as const;
    expect(tells({ ...beginsToRekey, rekey: 'ike' })).toBe(true);
    expect(tells({ ...beginsToRekey, rekey: 'both' })).toBe(true);
    expect(tells({ ...beginsToRekey, rekey: 'child' })).toBe(false);
    expect(tells({ ...beginsToRekey, rekey: 'none' })).toBe(false);
    expect(tells({ ...announced, ikeWhileSyncing: 'hold', rekey: 'ike' })).toBe(false);
    expect(tells({ ...announced, messageIdSync: 'neither' }, ikev2)).toBe(false);
    const { find } = composed({ ...announced, messageIdSync: 'neither' });
    expect([find('tell-delta', 'A') !== undefined, find('tell-delta', 'peer')]).toEqual([true, undefined]);
  });
});

describe('RFC6311-5.2-REKEY-AFTER-SKIP: Child SAs are rekeyed after a failover', () => {
  const due = [{ spi: 'c1', content: 'r0.0' }];
  const A = activeWith({ ...full, again: [] }, { rekeys: due });

  test('by a request of its own, which no bound counts', () => {
    const { ask, take } = composed({ afterFailover: 'rekey', ikeIv: 'counter' });
    const { after, sent, observations, action } = take(['rekey-after', 'A'], { A });
    expect(observations.at(-1)).toMatchObject({ kind: 'iv-used', iv: 6 });
    expect(sent).toMatchObject([{ id: 11, content: 'r0.0', asks: { kind: 'rekey-child', spi: 'c1' } }]);
    expect(Object.keys(after)).toEqual(['A']);
    expect(active(after['A'])).not.toHaveProperty('rekeys');
    expect(action).toMatchObject({ kind: 'rekey-after', by: 'A' });
    const narrow = { ...A, sa: { ...A.sa, window: 1 } };
    for (const other of [activeWith({ ...full, again: [] }), narrow, down, 0])
      expect(ask(['rekey-after', 'A'], { A: other })).toBe('impossible');
  });

  test('a failover after which Child SAs are rekeyed counts as one that asks, so that no content comes twice', () => {
    const changes = { messageIdSync: 'neither', replayCounterSync: 'neither' } as const;
    const asked = (afterFailover: Settings['afterFailover']) =>
      composed({ ...changes, afterFailover, failovers: 1 }).take(['failover', 'A', 'B']).after[
        COUNTS.syncRequests
      ];
    expect([asked('go-on'), asked('rekey')]).toEqual([0, 1]);
  });

  test('one that is gone is left out, by the rule', () => {
    const gone = rekeyAfterTakeover(
      rfc6311,
      'cluster',
      activeWith(full, { rekeys: [{ spi: 'no', content: 'r' }] }),
    );
    expect(gone).toMatchObject({ enabled: true, sent: [], rules: ['RFC6311-5.2-REKEY-AFTER-SKIP'] });
  });

  test('is no step where they go on, nor of a plain peer, nor without replay counters in the text', () => {
    expect(composed().find('rekey-after')).toBeUndefined();
    expect(composed({ afterFailover: 'rekey' }).find('rekey-after', 'peer')).toBeUndefined();
    expect(composed({ afterFailover: 'rekey' }, ikev2).find('rekey-after')).toBeUndefined();
  });
});

describe('packets', () => {
  test('over each Child SA, by its place in the list; as many as the bound says', () => {
    const { ask, take, steps } = composed({ packets: 2, childSas: 2 });
    const ofA = steps.filter(({ kind, places: [name] }) => kind === 'packet' && name === 'A');
    expect(ofA).toHaveLength(2);
    const values = (step: StepRule, changes: Values = {}) =>
      step.places.map((name) => changes[name] ?? composedStart[name]!);
    const composedStart = composed({ packets: 2, childSas: 2 }).start;
    const spis = ofA.map((step) => {
      const answer = step.receives ? 'impossible' : step.take(values(step));
      return typeof answer === 'object' && 'action' in answer && answer.action.kind === 'packet'
        ? answer.action.spi
        : answer;
    });
    expect(spis).toEqual(['c1', 'c2']);
    const { after, sent, observations, action } = take(['packet', 'A'], {
      [FURTHER_COUNTS.clusterPackets]: 1,
    });
    expect(after[FURTHER_COUNTS.clusterPackets]).toBe(2);
    expect(sent).toEqual([{ kind: 'esp', from: 'cluster', spi: 'c1', number: 1, content: 1 }]);
    expect(observations).toMatchObject([{ kind: 'esp-sent', number: 1 }]);
    expect(action).toMatchObject({ kind: 'packet', by: 'A', spi: 'c1' });
    expect(action.rules).toContain('RFC4303-3.3.3-NEXT-NUMBER');
    const spent = { [FURTHER_COUNTS.clusterPackets]: 2 };
    expect(ask(['packet', 'A'], spent)).toEqual({ boundedBy: 'packets' });
    expect(take(['packet', 'peer'], spent).after[FURTHER_COUNTS.peerPackets]).toBe(1);
    // Where the step itself is impossible, it is not the bound that forbids it.
    const atEnd = activeWith({ ...full, childSas: [freshChildSa('c1', { first: 0xffff_ffff })] });
    for (const A of [atEnd, activeWith({ ...full, childSas: [] }), down, 0])
      expect(ask(['packet', 'A'], { A, ...spent })).toBe('impossible');
    expect(ask(['packet', 'A'], { [FURTHER_COUNTS.clusterPackets]: down })).toBe('impossible');
  });

  test('none without the bound, nor steps for more Child SAs than there are', () => {
    expect(composed({ packets: 0, childSas: 3 }).find('packet')).toBeUndefined();
    expect(composed({ packets: 1 }).steps.filter(({ kind }) => kind === 'packet')).toHaveLength(3);
  });

  test('counters near their maximum begin so that all but the last packet can be sent', () => {
    const first = (changes: Partial<Settings>): number | undefined =>
      active(composed(changes).start['A']).sa.childSas[0]?.sent;
    expect(first({ packets: 3 })).toBe(0);
    expect(first({ packets: 3, counters: 'near-maximum' })).toBe(0xffff_ffff - 2);
    expect(first({ packets: 3, counters: 'esp-near-maximum' })).toBe(0xffff_ffff - 2);
    expect(first({ packets: 0, counters: 'esp-near-maximum' })).toBe(0xffff_ffff);
    const ids = ({ sa }: ActiveMember) => [sa.expectedSend, sa.expectedReceive, sa.highestSeen];
    expect(ids(active(composed({ counters: 'esp-near-maximum' }).start['A']))).toEqual([0, 0, -1]);
  });
});

describe('receiving', () => {
  const request: Message = { kind: 'request', from: 'peer', ikeSa: 'cluster-7', id: 21, content: 'q' };

  test('is for the active member, of the other end only', () => {
    const { ask, take } = composed({ ikeIv: 'counter', packets: 30 });
    const { after, sent, observations, action } = take(['receive', 'A'], { A: activeWith(full) }, request);
    expect(active(after['A']).sa).toMatchObject({ expectedReceive: 22, ivsSpent: 7 });
    expect(sent).toEqual([{ kind: 'response', from: 'cluster', ikeSa: 'cluster-7', id: 21, answers: 'q' }]);
    expect(observations).toMatchObject([{ kind: 'request-processed' }, { kind: 'iv-used', iv: 6 }]);
    expect(action).toMatchObject({ kind: 'receive', by: 'A', message: request });
    expect(action.rules).toContain('RFC7296-2.3-EXPECTED-ID');
    for (const A of [down, closed, { role: 'standby', snapshot: full }, 0] as const)
      expect(ask(['receive', 'A'], { A }, request)).toBe('impossible');
    const A = activeWith(full);
    expect(ask(['receive', 'A'], { A }, { ...request, from: 'cluster' })).toBe('impossible');
    expect(ask(['receive', 'A'], { A }, { ...request, id: 99 })).toBe('impossible');
  });

  test('a delta is followed only so far: once more than the failovers and retries can have sent it', () => {
    const settings = { packets: 2, delta: 10, failovers: 1, peerFailovers: 2, retries: 3, peerMembers: 2 };
    const { ask } = composed(settings);
    // 2 packets, and the delta of 1 + 2 failovers, of 3 retries, and one more.
    const bound = 2 + 10 * 7;
    const with_ = (sent: number) =>
      activeWith({ ...full, again: [], childSas: [freshChildSa('c0'), freshChildSa('c1', { first: sent })] });
    const told: Message = { ...request, asks: { kind: 'replay-counter-sync', delta: 10 } };
    const within = ask(['receive', 'A'], { A: with_(bound - 10) }, told);
    expect(within).toHaveProperty('values');
    expect(active((within as Effect).values[0]).sa.childSas.map(({ sent }) => sent)).toEqual([10, bound]);
    expect(ask(['receive', 'A'], { A: with_(bound - 9) }, told)).toEqual({ boundedBy: 'delta' });
    // Where the own counters are advanced by another number, the larger of the two counts.
    const more = composed({ ...settings, ownBump: 20 });
    expect(more.ask(['receive', 'A'], { A: with_(2 + 20 * 7 - 10) }, told)).toHaveProperty('values');
    expect(more.ask(['receive', 'A'], { A: with_(2 + 20 * 7 - 9) }, told)).toEqual({ boundedBy: 'delta' });
    // Counters that begin near their maximum are followed from there.
    const near = composed({ ...settings, counters: 'esp-near-maximum', esn: 'on' });
    const first = 0xffff_ffff - 1;
    const esn = (sent: number) =>
      activeWith({ ...full, childSas: [freshChildSa('c1', { first: sent, esn: true })] });
    expect(near.ask(['receive', 'A'], { A: esn(first + bound - 10) }, told)).toHaveProperty('values');
    expect(near.ask(['receive', 'A'], { A: esn(first + bound - 9) }, told)).toEqual({ boundedBy: 'delta' });
  });
});

/** Settings under which there is each kind of step. */
const every: Partial<Settings> = {
  members: 3,
  peerMembers: 2,
  packets: 1,
  rekey: 'both',
  pending: 'send-again',
  syncTrigger: 'lazy',
  retry: 'fresh',
  replayCounterSync: 'both',
  messageIdSync: 'any',
  afterFailover: 'rekey',
};

describe('over a network with queues', () => {
  const queued = (network: Settings['network'] = 'fifo') => composed({ ...every, network });
  const request: Message = { kind: 'request', from: 'peer', id: 5, content: 'q' };
  const queue = (...messages: readonly Message[]): Value => ({ role: 'queue', messages });

  test('each step that acts puts into the queue of the other end; what is received comes out of the own one', () => {
    const { steps, find } = queued();
    for (const { kind, end, places, receives } of steps) {
      expect(receives).toBe(false);
      const out = end === 'cluster' ? 'to peer' : 'to cluster';
      const own = end === 'cluster' ? 'to cluster' : 'to peer';
      if (kind === 'state-sync') expect(places).toHaveLength(2);
      else if (kind === 'receive') expect(places.slice(-2)).toEqual([own, out]);
      else if (kind !== 'lose') expect(places.slice(-1)).toEqual([out]);
    }
    expect([find('lose', 'to cluster')?.places, find('lose', 'to peer')?.places]).toEqual([
      ['to cluster'],
      ['to peer'],
    ]);
  });

  test('what is dropped or lost is gone, and nothing else happens', () => {
    const { take } = queued();
    const nothing = { sent: [], observations: [] };
    // It is not the request that is expected next.
    const dropped = take(['receive', 'A'], { 'to cluster': queue(request) });
    expect(dropped).toMatchObject(nothing);
    expect(dropped.action).toEqual({ kind: 'drop', by: 'A', message: request, rules: [] });
    expect(dropped.after).toMatchObject({ 'to cluster': queue(), 'to peer': queue() });
    const lost = take(['lose', 'to cluster'], { 'to cluster': queue(request, { ...request, id: 6 }) });
    expect(lost).toMatchObject(nothing);
    expect(lost.action).toEqual({ kind: 'lose', message: request, rules: [] });
    expect(lost.after).toEqual({ 'to cluster': queue({ ...request, id: 6 }) });
  });

  test('only fifo loses: reliable has all else', () => {
    const others = queued().steps.filter(({ kind }) => kind !== 'lose');
    expect(queued('reliable').steps.map(({ kind }) => kind)).toEqual(others.map(({ kind }) => kind));
  });

  test('an action says what was sent, where something was', () => {
    const { take } = queued();
    const { action } = take(['request', 'A']);
    expect(action.sent).toMatchObject([{ kind: 'request', id: 0 }]);
    const lazy = take(['failover', 'A', 'B']);
    expect(lazy.action).not.toHaveProperty('sent');
  });
});

describe('what steps there are', () => {
  test('of each kind, and none receives but the one of that name', () => {
    const { steps } = composed({ ...every, network: 'no-replay' });
    const delayed = composed({ ...every, stateSyncOrder: 'delayed' });
    for (const { kind, receives } of [...steps, ...delayed.steps]) expect(receives).toBe(kind === 'receive');
    expect([...new Set(steps.map(({ kind }) => kind))].sort()).toEqual([
      ...['again', 'ask', 'failover', 'packet', 'receive', 'rekey-after', 'rekey-child'],
      ...['rekey-ike', 'request'],
      ...['retransmit', 'retry', 'state-sync', 'tell-delta'],
    ]);
  });

  test('of a cluster and a plain peer, by default', () => {
    const { steps } = composed({ packets: 1 });
    expect(steps.map(({ kind, end, places }) => `${kind} ${end ?? '-'} ${places.join(', ')}`)).toEqual([
      'request cluster A, requests of the cluster',
      'request cluster B, requests of the cluster',
      'packet cluster A, packets of the cluster',
      'packet cluster B, packets of the cluster',
      'receive cluster A',
      'receive cluster B',
      'state-sync - A, B',
      'state-sync - B, A',
      'failover cluster A, B, failovers, sync requests',
      'failover cluster B, A, failovers, sync requests',
      'request peer peer, requests of the peer',
      'packet peer peer, packets of the peer',
      'receive peer peer',
    ]);
  });

  test('state syncs come at any time, or of ESP alone; at both ends', () => {
    const syncs = (changes: Partial<Settings>): number =>
      composed(changes).steps.filter(({ kind }) => kind === 'state-sync').length;
    expect(syncs({ stateSync: 'any', members: 3 })).toBe(6);
    expect(syncs({ stateSync: 'ike-each-step', peerMembers: 2 })).toBe(4);
    expect(syncs({ stateSync: 'each-step' }) + syncs({ stateSync: 'never' })).toBe(0);
  });

  test('a failover sees every member of its end, and no other', () => {
    const { find } = composed({ members: 4, peerMembers: 2 });
    expect(find('failover', 'A', 'C')?.places).toEqual([
      'A',
      'C',
      COUNTS.failovers,
      COUNTS.syncRequests,
      'B',
      'D',
    ]);
    expect(find('failover', 'P', 'Q')?.places).toEqual([
      ...['P', 'Q'],
      ...[FURTHER_COUNTS.peerFailovers, FURTHER_COUNTS.peerSyncRequests],
    ]);
  });
});

describe('a state sync that is late', () => {
  const late = { members: 3, failovers: 2, stateSyncOrder: 'delayed' } as const;
  const { take, ask, start } = composed(late);
  const A = activeWith(full);

  test('is under way until it arrives, and one before it is lost', () => {
    const B = snapshot(start['B']);
    const { after, action } = take(['send-state-sync', 'A', 'B'], { A });
    expect(after).toEqual({ A, B: { role: 'standby', snapshot: B, late: { snapshot: full } } });
    expect(action).toEqual({ kind: 'send-state-sync', from: 'A', to: 'B', rules: [] });
    const newer = { ...full, expectedSend: 12 };
    const again = take(['send-state-sync', 'A', 'B'], { ...after, A: activeWith(newer) });
    expect(again.after['B']).toEqual({ role: 'standby', snapshot: B, late: { snapshot: newer } });
  });

  test('replaces what the member has been told since, and a state sync that overtook it', () => {
    const B: Member = { role: 'standby', snapshot: { ...full, m1Sent: 40 }, late: { snapshot: full } };
    const { after, sent, observations, action } = take(['receive-state-sync', 'B'], { B });
    expect(after['B']).toStrictEqual({ role: 'standby', snapshot: full });
    expect([sent, observations]).toEqual([[], []]);
    expect(action).toEqual({ kind: 'receive-state-sync', by: 'B', rules: [] });
    const overtaken = take(['state-sync', 'A', 'B'], { A: activeWith({ ...full, expectedSend: 12 }), B });
    expect(overtaken.after['B']).toEqual({
      role: 'standby',
      snapshot: { ...full, expectedSend: 12 },
      late: { snapshot: full },
    });
  });

  test('state-sync-receipt=keep-maximum: the member keeps the M1 that it was told', () => {
    const keeping = composed({ ...late, stateSyncReceipt: 'keep-maximum' });
    const B: Member = { role: 'standby', snapshot: { ...full, m1Sent: 40 }, late: { snapshot: full } };
    const { after } = keeping.take(['receive-state-sync', 'B'], { B });
    expect(after['B']).toEqual({ role: 'standby', snapshot: { ...full, m1Sent: 40 } });
    // Who was down has nothing to keep.
    expect(
      keeping.take(['receive-state-sync', 'B'], { B: { ...down, late: { snapshot: full } } }).after['B'],
    ).toEqual({
      role: 'standby',
      snapshot: full,
    });
  });

  test('brings a member back that was down; who takes over has no use for it', () => {
    const B: Member = { role: 'down', late: { snapshot: full } };
    expect(take(['receive-state-sync', 'B'], { B }).after['B']).toEqual({ role: 'standby', snapshot: full });
    const standby: Member = {
      role: 'standby',
      snapshot: { ...full, outstanding: [] },
      late: { snapshot: full },
    };
    const { after } = take(['failover', 'A', 'B'], { A, B: standby });
    expect(after['B']).not.toHaveProperty('late');
    for (const other of [A, closed]) {
      expect(ask(['send-state-sync', 'A', 'B'], { A, B: other })).toBe('impossible');
      expect(ask(['receive-state-sync', 'B'], { B: other })).toBe('impossible');
    }
    expect(ask(['send-state-sync', 'B', 'C'])).toBe('impossible');
    expect(ask(['receive-state-sync', 'B'])).toBe('impossible');
  });

  test('lacks what was sent since it was made, too', () => {
    const periodic = composed({ ...late, stateSync: 'periodic', lag: 2, requests: 9 });
    const sent = periodic.take(['send-state-sync', 'A', 'B']).after;
    const asked = periodic.take(['request', 'A'], sent).after;
    const synced = periodic.take(['state-sync', 'A', 'B'], asked).after;
    expect(synced['B']).not.toHaveProperty('lacks');
    const arrived = periodic.take(['receive-state-sync', 'B'], synced).after['B'];
    expect(arrived).toMatchObject({ lacks: { requestsSent: 1 } });
    const keeping = composed({ ...late, stateSync: 'periodic', lag: 2, stateSyncReceipt: 'keep-maximum' });
    expect(keeping.take(['receive-state-sync', 'B'], synced).after['B']).not.toHaveProperty('lacks');
    // A member that has less than the state sync that reaches it has as much as that.
    const behind = { ...asked, B: { ...(asked['B'] as Member), late: { snapshot: full } } as Member };
    expect(keeping.take(['receive-state-sync', 'B'], behind).after['B']).not.toHaveProperty('lacks');
  });

  test('there is none unless state syncs can be late', () => {
    expect(composed({ members: 3 }).find('send-state-sync', 'A')).toBeUndefined();
    expect(
      composed({ stateSyncOrder: 'delayed', stateSync: 'never' }).find('send-state-sync', 'A'),
    ).toBeUndefined();
  });
});

describe('returning=with-memory', () => {
  const { take } = composed({ members: 3, failovers: 3, returning: 'with-memory', bump: 2 });
  const B: Member = { role: 'standby', snapshot: { ...full, outstanding: [], m1Sent: -1 } };

  test('a member that gives up its role keeps its state, and is not told of the M1 that follows', () => {
    const C: Member = { role: 'standby', snapshot: full };
    const { after } = take(['failover', 'A', 'B'], { A: activeWith(full), B, C });
    expect(after['A']).toEqual({ role: 'standby', snapshot: full });
    expect(snapshot(after['C']).m1Sent).toBe(13);
  });

  test('it takes over again with that state; with two members in turn each sends the same M1', () => {
    const first = take(['failover', 'A', 'B'], { B }).after;
    const second = take(['failover', 'B', 'A'], first).after;
    const m1 = (name: string, values: Values) => active(values[name]).sync?.m1;
    expect(m1('A', second)).toBe(2);
    const third = take(['failover', 'A', 'B'], second).after;
    // B counts from the M1 of its own that it remembers.
    expect([m1('B', first), m1('B', third)]).toEqual([13, 16]);
  });

  test('it keeps it, too, where the member after it finds the counters used up', () => {
    const used: Member = {
      role: 'standby',
      snapshot: { ...full, outstanding: [], expectedSend: MAX_MESSAGE_ID },
    };
    const { after } = take(['failover', 'A', 'B'], { A: activeWith(full), B: used });
    expect([after['A'], after['B']]).toEqual([{ role: 'standby', snapshot: full }, closed]);
  });
});

describe('actives=2', () => {
  const { take, ask, find, start } = composed({ members: 3, failovers: 3, actives: 2, bump: 2 });
  const B: Member = { role: 'standby', snapshot: { ...full, outstanding: [], m1Sent: -1 } };
  const two = take(['split', 'A', 'B'], { A: activeWith(full), B, C: B });

  test('a member takes over from one that goes on, and that one hears nothing of it', () => {
    const failed = take(['failover', 'A', 'B'], { A: activeWith(full), B, C: B });
    expect(two.after['A']).toEqual({ ...activeWith(full), superseded: true });
    expect({ ...two.after, A: down }).toEqual(failed.after);
    expect([two.sent, two.observations]).toEqual([failed.sent, failed.observations]);
    expect(two.action).toEqual({ ...failed.action, kind: 'split' });
  });

  test('both then send and receive, and copy their state', () => {
    const A = active(two.after['A']);
    const quiet = { ...two.after, A: { ...A, sa: { ...A.sa, outstanding: [], again: [] } } };
    expect(take(['request', 'A'], quiet).sent).toHaveLength(1);
    expect(snapshot(take(['state-sync', 'A', 'C'], quiet).after['C'])).toEqual(quiet.A.sa);
    const { m1Sent } = active(two.after['B']).sa;
    expect(snapshot(take(['state-sync', 'B', 'C'], quiet).after['C']).m1Sent).toBe(m1Sent);
  });

  test('no third one becomes active beside them; but another may take over from one that fails', () => {
    expect(ask(['split', 'A', 'C'], two.after)).toBe('impossible');
    expect(ask(['split', 'B', 'C'], two.after)).toBe('impossible');
    const { after } = take(['failover', 'A', 'C'], two.after);
    // It hears as little of it as the first one did.
    expect([after['A'], after['B']]).toEqual([down, { ...active(two.after['B']), superseded: true }]);
    expect(active(after['C'])).not.toHaveProperty('superseded');
  });

  test('one of them gives up its role at last, and the other goes on as it is', () => {
    const older = take(['step-down', 'B', 'A'], two.after);
    expect(older.after).toEqual({ A: activeWith(full), B: down });
    expect([older.sent, older.observations]).toEqual([[], []]);
    expect(older.action).toEqual({ kind: 'step-down', from: 'B', to: 'A', rules: [] });
    expect(take(['step-down', 'A', 'B'], two.after).after).toEqual({ A: down, B: two.after['B'] });
    for (const other of [B, down, closed]) {
      expect(ask(['step-down', 'A', 'B'], { B: other })).toBe('impossible');
      expect(ask(['step-down', 'B', 'A'], { A: other, B: activeWith(full) })).toBe('impossible');
    }
  });

  test('remaining says which one goes on', () => {
    const newer = composed({ members: 3, failovers: 3, actives: 2, remaining: 'newer' });
    expect(newer.ask(['step-down', 'B', 'A'], two.after)).toBe('impossible');
    expect(newer.take(['step-down', 'A', 'B'], two.after).after['A']).toEqual(down);
    const older = composed({ members: 3, failovers: 3, actives: 2, remaining: 'older' });
    expect(older.ask(['step-down', 'A', 'B'], two.after)).toBe('impossible');
    expect(older.take(['step-down', 'B', 'A'], two.after).after['B']).toEqual(down);
  });

  test('who gave up its role with its memory may take over again; not before a state sync where these are periodic', () => {
    const remembering = { members: 3, failovers: 3, actives: 2, returning: 'with-memory' } as const;
    const left = composed(remembering).take(['step-down', 'A', 'B'], two.after).after['A'];
    expect(left).toEqual({ role: 'standby', snapshot: full });
    const periodic = composed({ ...remembering, stateSync: 'periodic', lag: 2 });
    const after = periodic.take(['step-down', 'A', 'B'], two.after).after;
    expect(after['A']).toMatchObject({ lacks: { requestsSent: 3, packetsAccepted: 3 } });
    expect(periodic.ask(['failover', 'B', 'A'], { ...two.after, ...after })).toBe('impossible');
    const synced = periodic.take(['state-sync', 'B', 'A'], after).after;
    expect(periodic.take(['failover', 'B', 'A'], synced).after['A']).toMatchObject({ role: 'active' });
  });

  test('one is as it was unless there may be two', () => {
    const usually = composed({ members: 3, failovers: 3 });
    for (const kind of ['split', 'step-down'] as const) expect(usually.find(kind)).toBeUndefined();
    expect(usually.find('failover')?.places).toEqual(find('failover')?.places);
    expect(start['A']).toEqual(usually.start['A']);
  });
});

describe('telling and sending apart', () => {
  const three = {
    members: 3,
    failovers: 3,
    bump: 2,
    packets: 2,
    delta: 3,
    replayCounterSync: 'both',
  } as const;
  const B: Member = { role: 'standby', snapshot: { ...full, outstanding: [], again: [], m1Sent: -1 } };
  const given = { A: activeWith(full), B, C: B };
  const once = composed(three).take(['failover', 'A', 'B'], given);
  const quiet = (value: Value | undefined): ActiveMember => {
    const { untold: _, unsent: __, ...rest } = active(value);
    return rest;
  };

  test('telling=before-sending: the others know both, step by step, before anything is sent', () => {
    const { take, ask } = composed({ ...three, telling: 'before-sending' });
    const over = take(['failover', 'A', 'B'], given);
    expect([over.sent, over.observations]).toEqual([[], []]);
    expect(over.after['C']).toEqual(B);
    expect(quiet(over.after['B'])).toEqual(once.after['B']);
    const { m1, p1 } = active(once.after['B']).sync!;
    expect(active(over.after['B']).untold).toEqual([{ what: 'sync', m1, p1 }, { what: 'bump' }]);
    for (const kind of ['send', 'request', 'packet'] as const)
      expect(ask([kind, 'B'], over.after)).toBe('impossible');
    const told = take(['tell-sync', 'B'], over.after);
    expect(snapshot(told.after['C'])).toMatchObject({ m1Sent: m1, p1Sent: p1 });
    expect(ask(['tell-sync', 'B'], told.after)).toBe('impossible');
    const both = take(['tell-bump', 'B'], told.after);
    expect(both.after['C']).toEqual(once.after['C']);
    expect(ask(['tell-bump', 'B'], both.after)).toBe('impossible');
    const sent = take(['send', 'B'], both.after);
    expect([sent.sent, sent.observations]).toEqual([once.sent, once.observations]);
    expect(sent.after['B']).toEqual(once.after['B']);
    expect(ask(['send', 'B'], sent.after)).toBe('impossible');
  });

  test('telling=after-sending: all is sent at once, and a failover can come before the others hear of it', () => {
    const { take, find } = composed({ ...three, telling: 'after-sending' });
    const over = take(['failover', 'A', 'B'], given);
    expect([over.sent, over.observations]).toEqual([once.sent, once.observations]);
    expect(over.after['C']).toEqual(B);
    const told = take(['tell-bump', 'B'], take(['tell-sync', 'B'], over.after).after);
    expect([told.after['B'], told.after['C']]).toEqual([once.after['B'], once.after['C']]);
    const next = take(['failover', 'B', 'C'], over.after);
    expect(active(next.after['C']).sync?.m1).toBe(active(over.after['B']).sync?.m1);
    expect(find('send')).toBeUndefined();
  });

  test('nothing is to be told where there is nobody, or nothing, to tell', () => {
    const pair = composed({ bump: 2, telling: 'before-sending' }).take(['failover', 'A', 'B'], { B });
    expect(active(pair.after['B'])).not.toHaveProperty('untold');
    expect(pair.sent).toHaveLength(1);
    const still = composed({ members: 3, bump: 2, delta: 0, telling: 'after-sending' });
    const { untold } = active(still.take(['failover', 'A', 'B'], { B }).after['B']);
    expect(untold?.map(({ what }) => what)).toEqual(['sync']);
  });

  test('an unanswered sync request is replaced once it was sent, and what is told anew takes its place', () => {
    const fresh = { ...three, retry: 'fresh', retries: 2 } as const;
    const before = composed({ ...fresh, telling: 'before-sending' });
    const over = before.take(['failover', 'A', 'B'], given).after;
    expect(before.ask(['retry', 'B'], over)).toBe('impossible');
    const after = composed({ ...fresh, telling: 'after-sending' });
    const first = after.take(['failover', 'A', 'B'], given).after;
    const { untold, sync } = active(after.take(['retry', 'B'], first).after['B']);
    expect(untold).toEqual([{ what: 'bump' }, { what: 'sync', m1: sync!.m1, p1: sync!.p1 }]);
  });
});

describe('answering=apart', () => {
  const request: Message = { kind: 'request', from: 'peer', id: 0, content: 'a' };
  const { take, ask, start } = composed({ answering: 'apart' });
  const received = take(['receive', 'A'], {}, request);

  test('a request is processed, and answered in a step of its own', () => {
    const atOnce = composed().take(['receive', 'A'], {}, request);
    expect([received.sent, received.observations]).toEqual([[], atOnce.observations]);
    const answered = take(['send', 'A'], received.after);
    expect([answered.sent, answered.observations]).toEqual([atOnce.sent, []]);
    expect(answered.after['A']).toEqual(atOnce.after['A']);
    expect(ask(['send', 'A'], answered.after)).toBe('impossible');
    expect(ask(['send', 'A'], start)).toBe('impossible');
  });

  test('a copy of the request does not make it two answers; and who fails before takes it along', () => {
    expect(take(['receive', 'A'], received.after, request).after).toEqual(received.after);
    const { after } = take(['failover', 'A', 'B'], received.after);
    expect(after['A']).toEqual(down);
    expect(active(after['B'])).not.toHaveProperty('unsent');
  });

  test('what is still to be sent is not sent again', () => {
    const lossy = composed({ network: 'no-replay', members: 3, telling: 'before-sending', bump: 1 });
    const over = lossy.take(['failover', 'A', 'B']).after;
    expect(lossy.ask(['retransmit', 'B'], over)).toBe('impossible');
    const sent = lossy.take(['send', 'B'], lossy.take(['tell-sync', 'B'], over).after);
    expect(lossy.take(['retransmit', 'B'], sent.after).sent).toEqual(sent.sent);
  });
});

test('a member that begins its sync later, or anew, still has to rekey what it took over', () => {
  const lazy = composed({ syncTrigger: 'lazy', afterFailover: 'rekey', retry: 'fresh', retries: 2, bump: 1 });
  const over = lazy.take(['failover', 'A', 'B']).after;
  const { rekeys } = active(over['B']);
  expect(rekeys).toHaveLength(1);
  const asked = { ...over, ...lazy.take(['ask', 'B'], over).after };
  expect(active(asked['B']).rekeys).toEqual(rekeys);
  expect(active(lazy.take(['retry', 'B'], asked).after['B']).rekeys).toEqual(rekeys);
});

describe('which end rekeys what', () => {
  const rekeying = (changes: Partial<Settings>) => composed({ rekey: 'both', childSas: 2, ...changes });
  const asked = (changes: Partial<Settings>, kind: 'rekey-child' | 'rekey-ike', name: string) =>
    rekeying(changes)
      .steps.filter((step) => step.kind === kind && step.places[0] === name)
      .flatMap((step) => {
        const { start } = rekeying(changes);
        const done = step.receives ? 'impossible' : step.take(step.places.map((each) => start[each]!));
        return typeof done === 'object' && 'sent' in done
          ? done.sent.map((message) => (message.kind === 'request' ? message.asks : undefined))
          : [];
      });

  test('the cluster, its first Child SA, by default', () => {
    expect(asked({}, 'rekey-child', 'A')).toEqual([{ kind: 'rekey-child', spi: 'c1' }]);
    expect(asked({}, 'rekey-child', 'peer')).toEqual([]);
    expect(asked({}, 'rekey-ike', 'peer')).toEqual([]);
  });

  test('rekey-by=peer: the other end; rekey-of=any: each Child SA', () => {
    expect(asked({ rekeyBy: 'peer', rekeyOf: 'any' }, 'rekey-child', 'peer')).toEqual([
      { kind: 'rekey-child', spi: 'c1' },
      { kind: 'rekey-child', spi: 'c2' },
    ]);
    expect(asked({ rekeyBy: 'peer' }, 'rekey-ike', 'peer')).toEqual([{ kind: 'rekey-ike' }]);
    expect(asked({ rekeyBy: 'peer' }, 'rekey-child', 'A')).toEqual([]);
  });

  test('rekey-by=both: either, a Child SA; the IKE SA is rekeyed by the cluster alone', () => {
    const both = { rekeyBy: 'both' } as const;
    for (const name of ['A', 'peer'])
      expect(asked(both, 'rekey-child', name)).toEqual([{ kind: 'rekey-child', spi: 'c1' }]);
    expect(asked(both, 'rekey-ike', 'A')).toEqual([{ kind: 'rekey-ike' }]);
    expect(asked(both, 'rekey-ike', 'peer')).toEqual([]);
    // Whatever rekey-old says, the old one lives on; what was just made is not rekeyed yet by the end that answered.
    const { take, ask, find } = composed({ rekey: 'child', rekeyBy: 'both', requests: 2 });
    expect([find('delete-old', 'A'), find('delete-old', 'peer')]).not.toContain(undefined);
    const request = take(['rekey-child', 'peer']);
    const answered = take(['receive', 'A'], request.after, request.sent[0]);
    expect(active(answered.after['A']).sa.childSas.map(({ spi }) => spi)).toEqual(['peer-0', 'c1']);
    expect(ask(['rekey-child', 'A'], answered.after)).toBe('impossible');
  });

  test('both ends then have the same', () => {
    const { take } = rekeying({ rekeyBy: 'peer' });
    const request = take(['rekey-child', 'peer']);
    const answered = take(['receive', 'A'], {}, request.sent[0]);
    const { after } = take(['receive', 'peer'], request.after, answered.sent[0]);
    const spis = (value: Value | undefined) => active(value).sa.childSas.map(({ spi }) => spi);
    expect(spis(answered.after['A'])).toEqual(spis(after['peer']));
    expect(spis(after['peer'])).toEqual([expect.stringMatching(/^peer-/), 'c2']);
  });
});

describe('an old Child SA that lives on until its DELETE', () => {
  const until = { rekey: 'child', rekeyOld: 'until-delete', packets: 1 } as const;
  const rekeyed = () => {
    const { take } = composed(until);
    const asked = take(['rekey-child', 'A']);
    const answered = take(['receive', 'peer'], asked.after, asked.sent[0]);
    return take(['receive', 'A'], { ...asked.after, ...answered.after }, answered.sent[0]).after;
  };

  test('is deleted by the active member of the end that rekeys, in a request with a count of its own', () => {
    const { find, take, ask } = composed(until);
    const deletes = FURTHER_COUNTS.clusterDeletes;
    expect(find('delete-old', 'A')?.places).toEqual(['A', deletes]);
    expect(find('delete-old', 'peer')).toBeUndefined();
    expect(ask(['delete-old', 'A'])).toBe('impossible');
    const step = take(['delete-old', 'A'], rekeyed());
    expect(step.sent).toMatchObject([
      { kind: 'request', id: 1, content: 'd0', asks: { kind: 'delete-child', spi: 'c1' } },
    ]);
    expect(step.action).toMatchObject({ kind: 'delete-old', by: 'A' });
    expect(step.after).toMatchObject({ [deletes]: 1 });
    expect(take(['delete-old', 'A'], { ...rekeyed(), [deletes]: 1 }).sent).toMatchObject([{ content: 'd1' }]);
  });

  test.each<[Partial<Settings>, readonly string[]]>([
    [{}, ['A', 'B']],
    [{ rekeyBy: 'peer' }, ['peer']],
    [{ rekey: 'ike' }, []],
    [{ rekeyOld: 'at-once' }, []],
    [{ rekey: 'none', afterFailover: 'rekey' }, ['A', 'B']],
    [{ rekey: 'none', afterFailover: 'rekey', peerMembers: 2 }, ['A', 'B', 'P', 'Q']],
  ])('%o: %j', (changes, names) => {
    const { steps } = composed({ ...until, ...changes });
    const found = steps.flatMap(({ kind, places: [name] }) => (kind === 'delete-old' ? [name] : []));
    expect(found).toEqual(names);
  });

  test('there is a step for a packet over each Child SA that there can be, and one to rekey each that is not replaced', () => {
    const count = (kind: string, changes: Partial<Settings>): number =>
      composed({ ...until, childSas: 2, requests: 3, ...changes }).steps.filter(
        (step) => step.kind === kind && step.places[0] === 'A',
      ).length;
    expect(count('packet', { rekeyOld: 'at-once' })).toBe(2);
    expect(count('packet', {})).toBe(2 + 3);
    expect(count('packet', { afterFailover: 'rekey', failovers: 2 })).toBe((2 + 3) * (1 + 2));
    expect(count('rekey-child', { rekeyOf: 'any' })).toBe(2);
    const again = composed({ ...until, requests: 2 }).take(['rekey-child', 'A'], rekeyed());
    expect(again.sent).toMatchObject([{ asks: { kind: 'rekey-child', spi: 'cluster-0' } }]);
  });
});
