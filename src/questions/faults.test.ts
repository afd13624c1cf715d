/** For each property a fault that breaks it, so that nobody has to trust that it can be broken. */
import { describe, expect, test } from 'vitest';
import {
  type Announced,
  ikev2,
  ipsecha01,
  isActive,
  isMember,
  type Revision,
  rfc6311,
  type Settings,
  type SyncRequest,
  scenarios,
  type Value,
  without,
} from '../../model/index.ts';
import { explore } from '../explore/explore.ts';
import { REDUCTIONS } from '../explore/options.ts';
import { check, checkedProperties } from './check.ts';
import { systemOf } from './system-of.ts';

const ike = (changes: Partial<Revision['ike']>): Revision => ({
  ...rfc6311,
  name: 'faulty',
  ike: { ...rfc6311.ike, ...changes },
});

interface Fault {
  readonly property: string;
  readonly fault: string;
  readonly revision: Revision;
  readonly scenario: string;
  readonly changes: Partial<Settings>;
  /** Everything that it breaks, with the length of the shortest counterexample. */
  readonly breaks: Readonly<Record<string, number>>;
}

const faults: readonly Fault[] = [
  {
    // Whoever uses a Message ID again also goes back, so `counters-never-regress` is broken with it, always.
    property: 'message-id-monotonicity',
    fault: 'an end that does not wait for responses begins with 1 and goes on with 0',
    revision: ike({ windowHasRoom: () => true, nextRequestId: (sa) => (sa.expectedSend === 0 ? 1 : 0) }),
    scenario: 'single-failover',
    changes: { failovers: 0, requests: 2 },
    breaks: {
      'message-id-monotonicity': 2,
      'counters-never-regress': 2,
      'recovery-possible': 1,
      'recovery-fair': 1,
    },
  },
  {
    property: 'request-at-most-once',
    fault: 'a member that took over goes by its snapshot until it begins its sync',
    revision: rfc6311,
    scenario: 'single-failover',
    changes: { syncTrigger: 'lazy', requests: 1, bump: 1 },
    breaks: { 'request-at-most-once': 4, 'counters-never-regress': 4 },
  },
  {
    property: 'counters-never-regress',
    fault: 'a bump that is smaller than what a member can lack though state syncs are periodic',
    revision: rfc6311,
    scenario: 'single-failover',
    changes: { stateSync: 'periodic', lag: 2, bump: 1, requests: 2 },
    breaks: { 'counters-never-regress': 5, 'recovery-possible': 6, 'recovery-fair': 6 },
  },
  {
    property: 'recovery-possible',
    fault:
      'a member that gave up its role takes over again with what it remembers, and has not heard of an M1',
    revision: rfc6311,
    scenario: 'multiple-failover',
    changes: { members: 2, requests: 0, returning: 'with-memory' },
    breaks: { 'recovery-possible': 3, 'recovery-fair': 3 },
  },
  {
    property: 'recovery-possible',
    fault: 'a state sync that comes late overwrites the M1 that a member was told',
    revision: rfc6311,
    scenario: 'multiple-failover',
    changes: { requests: 0, stateSyncOrder: 'delayed' },
    breaks: { 'recovery-possible': 5, 'recovery-fair': 5 },
  },
  {
    property: 'failover-count-increases',
    fault: 'a state sync that comes late overwrites the Failover Count that all members share',
    revision: ipsecha01,
    scenario: 'multiple-failover',
    changes: { requests: 0, bump: 0, stateSyncOrder: 'delayed' },
    breaks: { 'failover-count-increases': 4, 'recovery-possible': 5, 'recovery-fair': 3 },
  },
  {
    // Here, too: whoever processes a request again had expected more before. Nobody is stuck, in fair runs either: the
    // higher of each is adopted.
    property: 'request-at-most-once',
    fault: 'a member processes requests before its sync request is answered, by a stale snapshot',
    revision: rfc6311,
    scenario: 'single-failover',
    changes: { ikeWhileSyncing: 'process', espWhileSyncing: 'pass', requests: 2, bump: 2 },
    breaks: { 'request-at-most-once': 4, 'counters-never-regress': 4 },
  },
  {
    property: 'recovery-fair',
    fault: 'the same, and the response takes back what was processed meanwhile',
    revision: rfc6311,
    scenario: 'single-failover',
    changes: {
      ikeWhileSyncing: 'process',
      espWhileSyncing: 'pass',
      adopt: 'replace',
      requests: 2,
      bump: 2,
    },
    breaks: { 'request-at-most-once': 4, 'counters-never-regress': 4, 'recovery-fair': 6 },
  },
  {
    property: 'response-matches-request',
    fault: 'any response will do',
    revision: without(rfc6311, 'RFC7296-2.1-RESPONSE-MATCH')!,
    scenario: 'single-failover',
    changes: { requests: 2, bump: 2 },
    breaks: { 'response-matches-request': 5, 'recovery-fair': 7 },
  },
  {
    property: 'sync-request-once',
    fault: 'the peer compares M1 with the Message ID that it expects next',
    revision: rfc6311,
    scenario: 'single-failover',
    changes: { m1Compare: 'next-expected', requests: 1, bump: 1 },
    breaks: { 'sync-request-once': 3, 'recovery-fair': 5 },
  },
  {
    // A response to another sync request has other counters: what follows is a consequence.
    property: 'sync-response-fresh',
    fault: 'the nonce of a response is not looked at',
    revision: without(rfc6311, 'RFC6311-5.1-NONCE-CHECK')!,
    scenario: 'multiple-failover',
    changes: { requests: 0, bump: 0 },
    breaks: {
      'sync-response-fresh': 4,
      'counters-never-regress': 4,
      'recovery-possible': 5,
      'recovery-fair': 5,
    },
  },
  {
    property: 'counters-never-regress',
    fault: 'M1 is not advanced past what is known',
    revision: rfc6311,
    scenario: 'multiple-failover',
    changes: { requests: 1, bump: 0 },
    breaks: { 'counters-never-regress': 2 },
  },
  {
    property: 'failover-count-increases',
    fault: 'the second member to take over has not heard of the count of the first',
    revision: without(ipsecha01, 'IPSECHA01-FC-MEMBERS')!,
    scenario: 'multiple-failover',
    changes: { requests: 0, bump: 0 },
    breaks: { 'failover-count-increases': 2, 'recovery-possible': 3, 'recovery-fair': 3 },
  },
  {
    property: 'sync-once-per-failover',
    fault: 'a member replaces its unanswered sync request by a new one',
    revision: without(rfc6311, 'RFC6311-7-ONCE-PER-FAILOVER')!,
    scenario: 'replay',
    changes: { retry: 'same', failovers: 1, requests: 1, bump: 1 },
    breaks: { 'sync-once-per-failover': 2 },
  },
  {
    property: 'recovery-possible',
    fault: 'the newly active member never begins its sync',
    revision: without(rfc6311, 'RFC6311-7-TRIGGER')!,
    scenario: 'single-failover',
    changes: { requests: 0, bump: 0 },
    breaks: { 'recovery-possible': 1, 'recovery-fair': 1 },
  },
  {
    property: 'recovery-possible',
    fault: 'the peer acts on a sync request, and does not respond',
    revision: without(rfc6311, 'RFC6311-5-RESPOND')!,
    scenario: 'single-failover',
    changes: { requests: 0, bump: 0 },
    breaks: { 'recovery-possible': 1, 'recovery-fair': 2 },
  },
  {
    property: 'recovery-possible',
    fault: 'a state sync forgets what the peer announced',
    revision: without(rfc6311, 'RFC6311-5-SHARED-CAPABILITY')!,
    scenario: 'single-failover',
    changes: { requests: 1, bump: 1 },
    breaks: {
      'request-at-most-once': 5,
      'counters-never-regress': 5,
      'recovery-possible': 4,
      'recovery-fair': 4,
    },
  },
  {
    property: 'window-respected',
    fault: 'the window of an IKE SA goes over to the one that replaces it',
    revision: without(rfc6311, 'RFC7296-2.3-WINDOW-RESTARTS')!,
    scenario: 'rekey',
    changes: { rekey: 'ike', window: 2, packets: 0, replayCounterSync: 'neither', failovers: 0, requests: 2 },
    breaks: { 'window-respected': 4 },
  },
  {
    property: 'recovery-possible',
    fault: 'the third member does not hear of the M1 of the second, and sends it again',
    revision: rfc6311,
    scenario: 'multiple-failover',
    changes: { m1Sharing: 'not-told', retry: 'same', requests: 0, bump: 0 },
    breaks: { 'recovery-possible': 3, 'recovery-fair': 3 },
  },
  {
    property: 'recovery-possible',
    fault: 'both ends wait for ever for responses from before the sync',
    revision: without(rfc6311, 'RFC6311-8.1-PENDING-IKE')!,
    scenario: 'single-failover',
    changes: { requests: 1, bump: 1 },
    breaks: { 'recovery-possible': 2, 'recovery-fair': 4 },
  },
  {
    // A way out is left, since any copy may still arrive; but none has to.
    property: 'recovery-fair',
    fault: 'a request that is sent again is not answered again',
    revision: without(rfc6311, 'RFC7296-2.1-RETRANSMISSION')!,
    scenario: 'single-failover',
    changes: { requests: 1, bump: 1, failovers: 0 },
    breaks: { 'recovery-fair': 2 },
  },
  {
    property: 'recovery-fair',
    fault: 'a sync request that is sent again is not answered again',
    revision: rfc6311,
    scenario: 'single-failover',
    changes: { staleSync: 'drop', requests: 1, bump: 1 },
    breaks: { 'recovery-fair': 2 },
  },
  {
    property: 'window-respected',
    fault: 'an end does not wait for the response to its last request',
    revision: ike({ windowHasRoom: () => true }),
    scenario: 'single-failover',
    changes: { requests: 2, bump: 2 },
    breaks: { 'window-respected': 2, 'recovery-fair': 8 },
  },
  {
    property: 'window-respected',
    fault: 'an end has one request more under way than the window holds',
    revision: ike({ windowHasRoom: (sa) => sa.outstanding.length <= sa.window }),
    scenario: 'larger-window',
    changes: { failovers: 0, requests: 3 },
    breaks: { 'window-respected': 3, 'recovery-fair': 8 },
  },
  {
    property: 'window-respected',
    fault: 'a member that declared P1 goes on with the window of its snapshot',
    revision: without(rfc6311, 'RFC6311-8.1-DECLARED-WINDOW')!,
    scenario: 'larger-window',
    changes: { ikeWhileSyncing: 'process', stateSync: 'each-step' },
    breaks: { 'window-respected': 5, 'recovery-possible': 6, 'recovery-fair': 7 },
  },
  {
    property: 'iv-never-repeats',
    fault: 'initialization vectors are counted in the state of the IKE SA, which a failover takes back',
    revision: rfc6311,
    scenario: 'single-failover',
    changes: { ikeIv: 'counter', requests: 1, bump: 1 },
    breaks: { 'iv-never-repeats': 2 },
  },
  {
    property: 'iv-never-repeats',
    fault: 'initialization vectors are made from Message IDs, and all sync requests have Message ID 0',
    revision: rfc6311,
    scenario: 'single-failover',
    changes: { ikeIv: 'message-id', requests: 1, bump: 1, stateSync: 'each-step' },
    breaks: { 'iv-never-repeats': 2 },
  },
  {
    property: 'child-sas-agree',
    fault: 'a Child SA is rekeyed after the last state sync',
    revision: rfc6311,
    scenario: 'rekey',
    changes: { rekey: 'child' },
    breaks: { 'child-sas-agree': 5 },
  },
  {
    property: 'child-sas-agree',
    fault: 'the recipient of a DELETE goes on with the Child SA',
    revision: without(rfc6311, 'RFC7296-1.4.1-CLOSE-DELETED')!,
    scenario: 'rekey',
    changes: { rekey: 'child', rekeyOld: 'until-delete', packets: 0, delta: 0, failovers: 0 },
    breaks: { 'child-sas-agree': 6 },
  },
  {
    property: 'child-sas-agree',
    fault:
      'where both ends rekey at once, each takes the new Child SA of the other end for the redundant one',
    revision: without(rfc6311, 'RFC7296-2.8.1-LOWEST-NONCE')!,
    scenario: 'rekey',
    changes: { rekey: 'child', rekeyBy: 'both', packets: 0, delta: 0, failovers: 0 },
    breaks: { 'child-sas-agree': 9 },
  },
  {
    property: 'child-sas-agree',
    fault: 'neither end deletes the old Child SA once the new one is there',
    revision: without(rfc6311, 'RFC7296-2.8-DELETE-OLD')!,
    scenario: 'rekey',
    changes: { rekey: 'child', rekeyOld: 'until-delete', packets: 0, delta: 0, failovers: 0 },
    breaks: { 'child-sas-agree': 3 },
  },
  {
    // That the peer has a Child SA more breaks with the rule as well.
    property: 'esp-finds-its-sa',
    fault: 'the responder sends on the new Child SA as soon as it has answered',
    revision: without(rfc6311, 'RFC7296-2.8-OLD-UNTIL-READY')!,
    scenario: 'rekey',
    changes: {
      ...{ rekey: 'child', rekeyOld: 'until-delete', packets: 0, delta: 0 },
      ...{ stateSync: 'each-step', bump: 2 },
    },
    breaks: { 'child-sas-agree': 5, 'esp-finds-its-sa': 5 },
  },
  {
    property: 'esp-sequence-unique',
    fault: 'the newly active member goes on with the sequence numbers of its snapshot',
    revision: without(rfc6311, 'RFC6311-5.2-OWN-BUMP')!,
    scenario: 'packets-during-failover',
    changes: { packets: 2, delta: 2 },
    breaks: { 'esp-sequence-unique': 3, 'esp-gets-through': 5 },
  },
  {
    // Numbers that are sent again are also taken for replays, unless nobody is in step any more.
    property: 'esp-sequence-unique',
    fault: 'the counter of an SA begins again after its maximum',
    revision: without(rfc6311, 'RFC4303-3.3.3-NEVER-REPEAT')!,
    scenario: 'counters-at-maximum',
    changes: { failovers: 0 },
    breaks: { 'esp-sequence-unique': 2, 'esp-gets-through': 2 },
  },
  {
    property: 'esp-replay-rejected',
    fault: 'the newly active member keeps the anti-replay windows of its snapshot',
    revision: rfc6311,
    scenario: 'packets-during-failover',
    changes: { inWindow: 'keep', packets: 1, delta: 1 },
    breaks: { 'esp-replay-rejected': 6 },
  },
  {
    // With the rule nothing breaks: while its sync request is unanswered, a member looks at no packet at all.
    property: 'esp-replay-rejected',
    fault: 'what is outside the window is accepted for ever',
    revision: without(rfc6311, 'RFC6311-8.2-OUTSIDE-WINDOW')!,
    scenario: 'packets-during-failover',
    changes: { inWindow: 'accept-outside', packets: 1, delta: 1 },
    breaks: { 'esp-replay-rejected': 3 },
  },
  {
    property: 'delta-added-once',
    fault: 'a request that is sent again adds its delta again',
    revision: without(rfc6311, 'RFC6311-5.2-ONCE')!,
    scenario: 'replay-counter-only',
    changes: { network: 'no-replay' },
    breaks: { 'delta-added-once': 5 },
  },
  {
    property: 'delta-added-once',
    fault: 'the delta of a sync request that is dropped as stale is added',
    revision: without(rfc6311, 'RFC6311-5.2-ORDER')!,
    scenario: 'packets-during-failover',
    changes: { packets: 1, delta: 1, staleSync: 'drop' },
    breaks: { 'delta-added-once': 3 },
  },
  {
    // What 3.4.3 says of packets that come late, read by the letter: only A2.2 takes them for what they are.
    property: 'esn-inferred-right',
    fault: 'a lower half below that of the top of the window is taken for one of the next 2^32',
    revision: {
      ...rfc6311,
      name: 'faulty',
      esp: {
        ...rfc6311.esp,
        inferNumber: ({ highest }, _size, lower) =>
          highest - (highest % 2 ** 32) + lower + (lower < highest % 2 ** 32 ? 2 ** 32 : 0),
      },
    },
    scenario: 'packets-during-failover',
    changes: { packets: 2, delta: 2, esn: 'on' },
    breaks: { 'esn-inferred-right': 4 },
  },
  {
    property: 'esn-inferred-right',
    fault: 'four skips of 2^30 each, and no packet between them',
    revision: rfc6311,
    scenario: 'packets-during-failover',
    changes: { members: 5, failovers: 4, packets: 1, delta: 2 ** 30, esn: 'on', stateSync: 'never' },
    breaks: { 'esn-inferred-right': 6, 'esp-gets-through': 4 },
  },
  {
    property: 'esp-gets-through',
    fault: 'a very large skip is not followed by a rekeying',
    revision: without(rfc6311, 'RFC6311-5.2-REKEY-AFTER-SKIP')!,
    scenario: 'packets-during-failover',
    changes: { packets: 1, delta: 2 ** 32 - 1, esn: 'on', afterFailover: 'rekey' },
    breaks: { 'esn-inferred-right': 3, 'esp-gets-through': 3 },
  },
  {
    property: 'esp-gets-through',
    fault: 'the upper half of an extended sequence number is taken for 0',
    revision: without(rfc6311, 'RFC4303-2.2.1-ESN')!,
    scenario: 'child-sas',
    changes: { childSas: 1 },
    breaks: { 'esn-inferred-right': 3, 'esp-gets-through': 1 },
  },
  {
    property: 'esp-gets-through',
    fault: 'the peer does not add the delta',
    revision: without(rfc6311, 'RFC6311-5.2-PEER-DELTA')!,
    scenario: 'packets-during-failover',
    changes: { packets: 1, delta: 1 },
    breaks: { 'esp-gets-through': 3 },
  },
];

test.each(faults)('$property: $fault', async ({ property, revision, scenario: name, changes, breaks }) => {
  const scenario = scenarios.find((each) => each.name === name)!;
  // So that nothing is broken but by the fault: the text itself leaves a lost answer lost.
  const settings: Settings = { ...scenario.sizes.small, staleSync: 'answer-from-cache', ...changes };
  const result = await check({ revision, scenario, size: 'small', settings });
  expect(result.verdict).toBe('violated');
  const violated = result.properties.flatMap(({ id, counterexample }) =>
    counterexample === undefined ? [] : [[id, counterexample.depth]],
  );
  expect(Object.fromEntries(violated)).toEqual(breaks);
  expect(breaks).toHaveProperty(property);
  // On its own it is found as well, with the same length.
  const alone = await check({ revision, scenario, size: 'small', settings, properties: [property] });
  expect(alone.properties.map(({ id, counterexample }) => [id, counterexample?.depth])).toEqual([
    [property, breaks[property]],
  ]);
});

/** Where messages or states are changed, what is obsolete is not what the model says; and a lost answer stays lost. */
const options = {
  properties: checkedProperties.filter((id) => id !== 'recovery-fair'),
  noReductions: REDUCTIONS,
};

describe('sync-negotiated', () => {
  const { small } = scenarios[0]!.sizes;
  const heedless: Revision = {
    ...rfc6311,
    name: 'heedless',
    counterSync: { ...rfc6311.counterSync!, isNegotiated: () => true },
  };

  /** What is violated where not both ends announced counter sync. */
  async function violated(revision: Revision, announced: Announced): Promise<Record<string, number>> {
    const system = systemOf(revision, { ...small, requests: 2, bump: 2 });
    const initial = system.initial.map((values) => values.map((value) => withAnnounced(value, announced)));
    const { properties } = await explore({ ...system, initial }, options);
    return Object.fromEntries(
      properties.flatMap((each) =>
        each.verdict === 'violated' ? [[each.id, each.counterexample.depth] as const] : [],
      ),
    );
  }

  test.each([
    { own: true, other: false },
    { own: false, other: false },
  ])('own $own, other $other: a member that asks nevertheless', async (announced) => {
    expect(await violated(heedless, announced)).toEqual({ 'sync-negotiated': 1 });
  });

  test('who heeds it is as badly off as plain IKEv2, but not to blame for this', async () => {
    const announced = { own: true, other: false };
    const plain = await violated(ikev2, announced);
    expect(plain).toEqual({
      'message-id-monotonicity': 3,
      'request-at-most-once': 4,
      'response-matches-request': 5,
      'counters-never-regress': 3,
      'recovery-possible': 3,
    });
    expect(await violated(rfc6311, announced)).toEqual(plain);
  });
});

describe('sync-well-formed', () => {
  const { small } = scenarios[0]!.sizes;
  const { counterSync } = rfc6311;
  const heedless = (changes: Partial<NonNullable<typeof counterSync>>): Revision => ({
    ...rfc6311,
    name: 'heedless',
    counterSync: { ...counterSync!, ...changes },
  });

  /** What is violated where each sync request that is sent is maimed. */
  async function violated(
    revision: Revision,
    maim: (request: SyncRequest) => SyncRequest,
  ): Promise<Record<string, number>> {
    const system = systemOf(revision, { ...small, requests: 0, bump: 0 });
    const maimed = (
      result: ReturnType<Extract<(typeof system.rules)[number], { receives: true }>['step']>,
    ) => ({
      ...result,
      outcomes: result.outcomes.map((outcome) => ({
        ...outcome,
        sent: outcome.sent.map((message) => (message.kind === 'sync-request' ? maim(message) : message)),
      })),
    });
    const rules = system.rules.map((rule) =>
      rule.receives
        ? { ...rule, step: (...given: Parameters<typeof rule.step>) => maimed(rule.step(...given)) }
        : { ...rule, step: (...given: Parameters<typeof rule.step>) => maimed(rule.step(...given)) },
    );
    const { properties } = await explore({ ...system, rules }, options);
    return Object.fromEntries(
      properties.flatMap((each) =>
        each.verdict === 'violated' ? [[each.id, each.counterexample.depth] as const] : [],
      ),
    );
  }

  const cases = [
    ['form', { isWellFormed: () => true }, (request) => ({ ...request, wellFormed: false })],
    ['company', { isAlone: () => true }, (request) => ({ ...request, otherPayloads: ['DELETE'] })],
    ['Message ID', { hasMessageIdZero: () => true }, (request) => ({ ...request, id: 1 })],
  ] as const satisfies readonly (readonly [
    string,
    Parameters<typeof heedless>[0],
    (request: SyncRequest) => SyncRequest,
  ])[];

  test.each(cases)('a peer that does not look at the %s acts on what is maimed', async (_, changes, maim) => {
    expect(await violated(heedless(changes), maim)).toEqual({ 'sync-well-formed': 2 });
  });

  test.each(cases)('a peer that looks at the %s does not, and nobody recovers', async (_, __, maim) => {
    expect(await violated(rfc6311, maim)).toEqual({ 'recovery-possible': 1 });
  });
});

test('every property that is checked has its fault here', () => {
  const shown = new Set([...faults.map(({ property }) => property), 'sync-negotiated', 'sync-well-formed']);
  expect([...shown].sort()).toEqual([...checkedProperties].sort());
});

function withAnnounced(value: Value, announced: Announced): Value {
  if (isActive(value)) return { ...value, sa: { ...value.sa, announced } };
  return isMember(value) && value.role === 'standby'
    ? { ...value, snapshot: { ...value.snapshot, announced } }
    : value;
}
