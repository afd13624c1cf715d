import { describe, expect, test } from 'vitest';
import { type Action, COUNTS, FURTHER_COUNTS, type Value } from '../machine/composition.ts';
import { compose } from '../machine/system.ts';
import { ikev2, type Revision, rfc6311 } from '../revisions/index.ts';
import { type Settings, usual } from '../settings/settings.ts';
import {
  type ActiveMember,
  type ChildSa,
  establishedSa,
  freshChildSa,
  type Member,
  type SaState,
} from '../state/member.ts';
import type { Message } from '../state/messages.ts';
import { MAX_MESSAGE_ID } from '../state/numbers.ts';
import { childSasAgree, espFindsItsSa } from './child-sas.ts';
import { espGetsThrough } from './esp.ts';
import { fairRuns, ofTheEnvironment } from './fairness.ts';
import { everyKind, noFailoverLeft, whenActive, whenBoth } from './places.ts';
import type { Condition, World } from './property.ts';
import { recoveryFair, recoveryPossible } from './recovery.ts';

const worldOf = (changes: Partial<Settings> = {}, revision: Revision = rfc6311): World => {
  const settings = { ...usual, ...changes };
  return { revision, settings, composition: compose(revision, settings) };
};
const active = (changes: Partial<SaState> = {}, more: Partial<ActiveMember> = {}): ActiveMember => ({
  role: 'active',
  sa: { ...establishedSa(), ...changes },
  sync: null,
  ...more,
});
const standby: Member = { role: 'standby', snapshot: establishedSa() };
const down: Member = { role: 'down' };
const closed: Member = { role: 'closed' };
const holds = (condition: Condition, ...values: readonly Value[]): boolean => condition.holds(values);

describe('what acts for either end', () => {
  const world = worldOf({ members: 3, peerMembers: 2 });

  test('is neither of two that are active at once, and nothing has to be reached until one is left', () => {
    const [a, p] = [active({ window: 2 }), active({ window: 3 })];
    const both = whenBoth(world, () => true);
    expect(holds(both, a, a, standby, p, standby)).toBe(false);
    expect(holds(both, a, closed, standby, p, standby)).toBe(true);
    expect(holds(both, a, down, standby, p, p)).toBe(false);
    const none = { members: 2, peerMembers: 2, failovers: 0, peerFailovers: 0 };
    const several = noFailoverLeft(worldOf({ ...none, actives: 2 }));
    const of = (A: Member, P: Member): boolean =>
      holds(
        several,
        ...several.reads.map((name) => (name === 'A' ? A : name === 'P' ? P : /^[BQ]$/.test(name) ? a : 0)),
      );
    expect(noFailoverLeft(worldOf(none)).reads).not.toContain('A');
    expect([of(down, down), of(a, down), of(down, p), of(closed, standby)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('reads the boxes of both ends, and nothing else', () => {
    expect(whenBoth(world, () => true).reads).toEqual(['A', 'B', 'C', 'P', 'Q']);
  });

  test('is the active member, or the one that closed the SA, in the order of the ends', () => {
    const seen: (readonly [Member, Member])[] = [];
    const both = whenBoth(world, (one, other) => seen.push([one, other]) > 0);
    const [a, p] = [active({ window: 2 }), active({ window: 3 })];
    expect(holds(both, down, a, standby, standby, p)).toBe(true);
    expect(holds(both, down, down, closed, p, standby)).toBe(true);
    expect(seen).toEqual([
      [a, p],
      [closed, p],
    ]);
    expect(holds(both, down, standby, standby, p, standby)).toBe(false);
    expect(holds(both, a, standby, standby, down, standby)).toBe(false);
    expect(
      holds(
        whenBoth(world, () => false),
        a,
        standby,
        standby,
        p,
        standby,
      ),
    ).toBe(false);
  });

  test('or the active members alone', () => {
    const always = whenActive(world, () => true);
    expect(holds(always, active(), down, down, active(), down)).toBe(true);
    expect(holds(always, closed, down, down, active(), down)).toBe(false);
    expect(holds(always, active(), down, down, closed, down)).toBe(false);
    expect(
      holds(
        whenActive(world, () => false),
        active(),
        down,
        down,
        active(),
        down,
      ),
    ).toBe(false);
  });
});

describe('no failover is left', () => {
  test('where the bounds are reached, at both ends', () => {
    const none = noFailoverLeft(worldOf({ failovers: 2, peerFailovers: 1, peerMembers: 2 }));
    expect(none.reads).toEqual([COUNTS.failovers, FURTHER_COUNTS.peerFailovers]);
    expect([holds(none, 2, 1), holds(none, 1, 1), holds(none, 2, 0)]).toEqual([true, false, false]);
    const plain = noFailoverLeft(worldOf({ failovers: 2, peerFailovers: 1 }));
    expect(plain.reads).toEqual([COUNTS.failovers]);
    expect([holds(plain, 2), holds(plain, 1)]).toEqual([true, false]);
  });

  test.each(['never', 'each-step'] as const)(
    'or where there is no standby, and none comes back: %s',
    (stateSync) => {
      const none = noFailoverLeft(worldOf({ failovers: 2, peerFailovers: 2, peerMembers: 2, stateSync }));
      expect(none.reads).toEqual([COUNTS.failovers, 'A', 'B', FURTHER_COUNTS.peerFailovers, 'P', 'Q']);
      expect(holds(none, 1, down, active(), 0, closed, down)).toBe(true);
      expect(holds(none, 1, down, active(), 0, active(), standby)).toBe(false);
      expect(holds(none, 1, standby, active(), 2, active(), standby)).toBe(false);
      expect(holds(none, 2, standby, active(), 2, active(), standby)).toBe(true);
    },
  );

  test.each(['any', 'ike-each-step'] as const)('one that is down comes back: %s', (stateSync) => {
    const none = noFailoverLeft(worldOf({ failovers: 2, stateSync }));
    expect(none.reads).toEqual([COUNTS.failovers]);
    expect([holds(none, 1), holds(none, 2)]).toEqual([false, true]);
  });
});

test('every kind of step, once', () => {
  expect(everyKind(worldOf({ members: 3 }))).toEqual(['request', 'receive', 'state-sync', 'failover']);
});

describe('fair runs', () => {
  const request: Message = { kind: 'request', from: 'peer', id: 5, content: 'q' };
  const actions: readonly Action[] = [
    { kind: 'receive', by: 'A', message: request, rules: [] },
    { kind: 'drop', by: 'peer', message: { ...request, from: 'cluster' }, rules: [] },
    { kind: 'lose', message: request, rules: [] },
    { kind: 'request', by: 'A', rules: [] },
    { kind: 'packet', by: 'A', spi: 'c1', rules: [] },
    ...(['ask', 'retry', 'retransmit', 'again', 'tell-delta'] as const).map(
      (kind): Action => ({ kind, by: kind === 'ask' ? 'peer' : 'B', rules: [] }),
    ),
    { kind: 'state-sync', from: 'A', to: 'B', rules: [] },
    { kind: 'failover', from: 'A', to: 'B', rules: [] },
  ];
  const ofBoxes = [
    ['ask of the peer'],
    ['retry of the cluster'],
    ['retransmit of the cluster'],
    ['again of the cluster'],
    ['tell-delta of the cluster'],
  ];

  test('a box does at last what it does on its own account; what an application wants need not be', () => {
    for (const network of ['adversarial', 'no-replay'] as const) {
      const { groups, without } = fairRuns(worldOf({ network }));
      expect(actions.map(groups)).toEqual([[], [], [], [], [], ...ofBoxes, [], []]);
      expect(without).toEqual(ofTheEnvironment);
    }
    expect(ofTheEnvironment).toEqual([
      ...['request', 'rekey-child', 'rekey-ike', 'packet'],
      ...['state-sync', 'send-state-sync', 'receive-state-sync', 'failover', 'split', 'step-down'],
    ]);
  });

  test.each(['fifo', 'reliable'] as const)('a queue moves on: %s', (network) => {
    const { groups, queued } = fairRuns(worldOf({ network }));
    expect(actions.map(groups)).toEqual([
      ...[['to cluster'], ['to peer'], ['to cluster'], [], []],
      ...ofBoxes,
      ...[[], []],
    ]);
    const sent = [request];
    expect(queued?.({ kind: 'request', by: 'peer', rules: [], sent })).toEqual({ sent });
    expect(actions.slice(0, 4).map((action) => queued?.(action))).toEqual([
      { sent: [], received: request },
      ...[{ sent: [] }, { sent: [] }, { sent: [] }],
    ]);
  });

  test('where the network is the strongest, what is sent again and again is said box by box', () => {
    const { again, queued } = fairRuns(worldOf({ members: 2 }));
    expect(queued).toBeUndefined();
    expect(again.map(({ place }) => place)).toEqual(['A', 'B', 'peer']);
    const busy = active({ outstanding: [{ id: 3, content: 'x' }] });
    const said = again.map(({ messages }) => messages(busy));
    expect(said).toMatchObject([[{ from: 'cluster', id: 3 }], [{ from: 'cluster' }], [{ from: 'peer' }]]);
    expect(again[0]?.messages(1)).toEqual([]);
    expect(again[0]?.messages(standby)).toEqual([]);
    for (const network of ['no-replay', 'fifo', 'reliable'] as const) {
      expect(fairRuns(worldOf({ network })).again).toEqual([]);
    }
    expect(fairRuns(worldOf({ network: 'no-replay' })).queued).toBeUndefined();
  });
});

describe('the claims of progress', () => {
  const goalOf = (property: typeof recoveryFair, world: World, one: Value, other: Value): boolean =>
    property.claim(world).goal.holds([one, down, other]);
  const scopeOf = (property: typeof recoveryFair, world: World, one: Value, other: Value): boolean =>
    property.claim(world).scope.holds([one, down, other]);
  const waiting = { sync: { nonce: 0, m1: 1, p1: 0 } };

  test.each([recoveryPossible, recoveryFair])(
    '$id: in step at last, or never again under this IKE SA',
    (each) => {
      const world = worldOf();
      const goal = (one: Member, other: Member): boolean => goalOf(each, world, one, other);
      expect(goal(active(), active())).toBe(true);
      expect(goal(active({ expectedSend: 1 }), active())).toBe(false);
      expect(goal(active(), active({ expectedSend: 1 }))).toBe(false);
      expect(goal(active({}, waiting), active())).toBe(false);
      expect(goal(closed, active())).toBe(true);
      expect(goal(active(), closed)).toBe(true);
      expect(goal(active({ ikeSa: 'x' }), active())).toBe(true);
      expect(goal(active({ expectedReceive: MAX_MESSAGE_ID + 1 }), active())).toBe(true);
      expect(each.claim(world).scope.reads).toEqual([COUNTS.failovers]);
      expect(each.claim(world).scope.holds([1])).toBe(true);
    },
  );

  test('recovery-possible: without what is not in the hands of the ends; recovery-fair: in every fair run', () => {
    const world = worldOf();
    expect(recoveryPossible.claim(world).reached).toEqual({ by: 'some run', without: ofTheEnvironment });
    expect(recoveryFair.claim(world).reached).toMatchObject({
      by: 'every fair run',
      fairness: { without: ofTheEnvironment },
    });
  });

  test('what takes over lazily is not in step before it has asked', () => {
    const world = worldOf({ syncTrigger: 'lazy' });
    expect(goalOf(recoveryPossible, world, active({}, { yetToAsk: true }), active())).toBe(false);
    expect(goalOf(recoveryPossible, world, active(), active({}, { yetToAsk: true }))).toBe(false);
  });

  test('nor is what has Child SAs to rekey after its takeover', () => {
    const due = active({}, { rekeys: [{ spi: 'c1', content: 'r0.0' }] });
    expect(goalOf(recoveryPossible, worldOf(), due, active())).toBe(false);
    expect(goalOf(recoveryPossible, worldOf(), active(), due)).toBe(false);
  });

  test('child-sas-agree: ends that are in step have the same Child SAs, or must begin anew', () => {
    const world = worldOf({ rekey: 'child' });
    const [one, two] = [freshChildSa('c1'), freshChildSa('c2')];
    const [ofOne, ofTwo] = [active({ childSas: [one] }), active({ childSas: [two] })];
    expect(scopeOf(childSasAgree, world, ofOne, ofTwo)).toBe(true);
    expect(scopeOf(childSasAgree, world, active({}, waiting), ofTwo)).toBe(false);
    expect(goalOf(childSasAgree, world, ofOne, ofOne)).toBe(true);
    expect(goalOf(childSasAgree, world, ofOne, ofTwo)).toBe(false);
    const spent = { expectedSend: MAX_MESSAGE_ID + 1 };
    expect(goalOf(childSasAgree, world, active({ ...spent, childSas: [one] }), ofTwo)).toBe(true);
    expect(childSasAgree.claim(world).reached).toEqual({ by: 'some run', without: everyKind(world) });
  });

  test('child-sas-agree and esp-finds-its-sa: an old Child SA that lives on until its DELETE', () => {
    const world = worldOf({ rekey: 'child', rekeyOld: 'until-delete' });
    const old = freshChildSa('c1');
    const made = { ...freshChildSa('cluster-0'), replaces: { spi: 'c1', by: 'cluster' } } as const;
    const waiting_ = { ...made, unconfirmed: true } as const;
    const end = (...childSas: readonly ChildSa[]) => active({ childSas });
    for (const property of [childSasAgree, espFindsItsSa]) {
      expect(scopeOf(property, world, end(old), end(old, waiting_))).toBe(true);
      // The cluster has yet to send the DELETE; of what it has made, the peer deletes nothing.
      expect(scopeOf(property, world, end(old, made), end(made))).toBe(false);
      expect(scopeOf(property, world, end(made), end(old, made))).toBe(true);
      expect(property.claim(world).reached).toEqual({ by: 'some run', without: everyKind(world) });
    }
    expect(goalOf(childSasAgree, world, end(old), end(old, waiting_))).toBe(false);
    expect(goalOf(childSasAgree, world, end(old, made), end(old, made))).toBe(false);
    expect(goalOf(espFindsItsSa, world, end(old), end(old, waiting_))).toBe(true);
    expect(goalOf(espFindsItsSa, world, end(old), end(old, made))).toBe(false);
    expect(goalOf(espFindsItsSa, world, end(old), end(waiting_))).toBe(false);
    expect(goalOf(espFindsItsSa, world, end(made), end(old, made))).toBe(true);
    expect(goalOf(espFindsItsSa, world, end(), end(old))).toBe(false);
    const spent = { expectedSend: MAX_MESSAGE_ID + 1 };
    expect(goalOf(espFindsItsSa, world, active({ ...spent, childSas: [] }), end(old))).toBe(true);
    // Where the old one is gone at once, child-sas-agree says it all.
    expect(scopeOf(espFindsItsSa, worldOf({ rekey: 'child' }), end(old), end(old))).toBe(false);
  });

  test('esp-gets-through: ends that are in step take the next packet of one another', () => {
    const world = worldOf({ packets: 1 }, ikev2);
    const child = (sent: number, highest: number) => ({
      ...freshChildSa('c1', { replayWindow: 4 }),
      ...{ sent, received: { highest, seen: [highest] } },
    });
    const end = (sent: number, highest: number) => active({ childSas: [child(sent, highest)] });
    expect(scopeOf(espGetsThrough, world, end(4, 9), end(9, 5))).toBe(true);
    expect(goalOf(espGetsThrough, world, end(5, 9), end(9, 5))).toBe(true);
    expect(goalOf(espGetsThrough, world, end(4, 9), end(9, 5))).toBe(false);
    expect(goalOf(espGetsThrough, world, end(5, 9), end(8, 5))).toBe(false);
    expect(espGetsThrough.claim(world).reached).toEqual({ by: 'some run', without: everyKind(world) });
  });
});
