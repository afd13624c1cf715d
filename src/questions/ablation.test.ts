/**
 * What each rule is there for: every rule that can be left out is left out, and what breaks then, and how soon, is
 * written down. The sizes are small, so that all of it takes seconds; `ipsecha check --without` has the others.
 */
import { describe, expect, test } from 'vitest';
import record from '../../docs/ablation.json' with { type: 'json' };
import {
  ablatable,
  ikev2,
  ipsecha01,
  type Revision,
  rfc6311,
  type Settings,
  without,
} from '../../model/index.ts';
import { sweep } from '../testing/sweep.ts';
import { broken as brokenIn } from './testing/broken.ts';

const sizes: Readonly<Record<string, Partial<Settings>>> = {
  'single-failover': { requests: 2, bump: 2 },
  'multiple-failover': { requests: 1, bump: 1 },
  replay: { requests: 1, bump: 1 },
};

/** Without this one, what is reachable grows too much. */
const smaller: Readonly<Record<string, Partial<Settings>>> = {
  'RFC6311-5.1-DROP-STALE': { requests: 1, bump: 1, failovers: 1 },
  'IPSECHA01-FC-OBSERVED': { requests: 1, bump: 1, failovers: 1 },
};

/** What breaks in a scenario of the size above. */
const broken = (revision: Revision, name: string, changes: Partial<Settings> = {}): Promise<string> =>
  brokenIn(revision, name, { ...sizes[name], ...changes });

/** By rule: what breaks in `single-failover`, in `multiple-failover`, and in `replay`. */
const RFC6311: Readonly<Record<string, readonly [string, string, string]>> = {
  'RFC7296-2.3-EXPECTED-ID': [
    'request-at-most-once 5, window-respected 4, counters-never-regress 4, recovery-possible 4',
    'request-at-most-once 5, window-respected 4, counters-never-regress 4, recovery-possible 5',
    'request-at-most-once 5, window-respected 4, counters-never-regress 4, recovery-possible 7',
  ],
  // A request that is not known as a retransmission is not the expected one either, with a window of 1: it is
  // ignored instead of answered again. The response that was lost may still arrive, as any message may, so nothing
  // is stuck; only a network that loses messages for good would show the difference.
  'RFC7296-2.1-RETRANSMISSION': ['', '', ''],
  // With one request of each side there is no other response to take.
  'RFC7296-2.1-RESPONSE-MATCH': ['response-matches-request 5', '', ''],
  'RFC7296-2.2-NEXT-ID': [
    'message-id-monotonicity 4, response-matches-request 5, counters-never-regress 4, recovery-possible 4',
    'counters-never-regress 4, recovery-possible 5',
    'counters-never-regress 4, recovery-possible 6',
  ],
  // What is known makes no difference to a first M1 that the bump alone puts above everything; to a second it does.
  'RFC6311-5.1-M1-FRESH': [
    '',
    'counters-never-regress 5, recovery-possible 3',
    'counters-never-regress 6, recovery-possible inconclusive',
  ],
  'RFC6311-5.1-M1-BUMP': [
    'message-id-monotonicity 5, response-matches-request 7, counters-never-regress 2, recovery-possible 3',
    // The last of two failovers has an M1 above that of the first, of which it was told: that is a bump, too.
    'counters-never-regress 2',
    'counters-never-regress 2',
  ],
  // P1 is only a hint: P2 is the higher of it and of what the peer knows, and the peer knows better.
  'RFC6311-5.1-P1': ['', '', ''],
  // Of a second failover only.
  'RFC6311-5.1-M1-SHARED': [
    '',
    'counters-never-regress 4, recovery-possible 3',
    'counters-never-regress 7, recovery-possible inconclusive',
  ],
  'RFC6311-5.1-DROP-STALE': [
    'sync-request-once 3, recovery-possible 4',
    'sync-request-once 3, recovery-possible 4',
    'sync-request-once 3, recovery-possible 4',
  ],
  // The peer goes on where it was, whatever it says: a request that nobody has seen is enough for that to be too far.
  'RFC6311-5.1-P2': [
    'message-id-monotonicity 4, request-at-most-once 6, response-matches-request 7, counters-never-regress 3, recovery-possible 2',
    'request-at-most-once 6, counters-never-regress 3, recovery-possible 3',
    'request-at-most-once 6, counters-never-regress 3, recovery-possible 6',
  ],
  'RFC6311-5.1-M2': [
    'message-id-monotonicity 5, response-matches-request 7, counters-never-regress 3, recovery-possible 4',
    'counters-never-regress 3, recovery-possible 5',
    'counters-never-regress 3, recovery-possible 7',
  ],
  // No response is ever taken. In `replay` more retries than are allowed might help, for all that is known.
  'RFC6311-5.1-NONCE-ECHO': ['recovery-possible 1', 'recovery-possible 2', 'recovery-possible inconclusive'],
  // With one sync request there is no other response to take.
  'RFC6311-5.1-NONCE-CHECK': [
    '',
    'request-at-most-once 8, sync-response-fresh 4, counters-never-regress 4, recovery-possible 5',
    'request-at-most-once 9, sync-response-fresh 4, counters-never-regress 4, recovery-possible 6',
  ],
  // Nothing below P2 is processed all the same: RFC6311-8.1-DECLARED-WINDOW sees to it.
  'RFC6311-5.1-ADOPT': [
    'message-id-monotonicity 5, response-matches-request 7, counters-never-regress 3, recovery-possible 1',
    'counters-never-regress 3, recovery-possible 2',
    'counters-never-regress 3, recovery-possible 5',
  ],
  // Whoever adopts the higher of each loses nothing by it; with adopt=replace it goes back to M2.
  'RFC6311-11-RESPONSE-ONCE': ['', '', ''],
  // Strict members process nothing meanwhile, and random initialization vectors do not repeat: see below for the
  // settings under which these two are missed.
  'RFC6311-8.1-DECLARED-WINDOW': ['', '', ''],
  'RFC6311-3.4-IV-UNIQUE': ['', '', ''],
  // As of NONCE-ECHO: no response is ever taken, since there is none.
  'RFC6311-5-RESPOND': ['recovery-possible 1', 'recovery-possible 2', 'recovery-possible inconclusive'],
  // After a state sync the member does not know that it may ask, and goes by its snapshot as in plain IKEv2.
  'RFC6311-5-SHARED-CAPABILITY': [
    'message-id-monotonicity 4, request-at-most-once 5, response-matches-request 6, counters-never-regress 4, recovery-possible 4',
    'request-at-most-once 5, counters-never-regress 4, recovery-possible 4',
    'request-at-most-once 5, counters-never-regress 4, recovery-possible 4',
  ],
  // It never asks; what others ask of it, it does, by its snapshot.
  'RFC6311-7-TRIGGER': [
    'request-at-most-once 4, counters-never-regress 4, recovery-possible 1',
    'request-at-most-once 4, counters-never-regress 4, recovery-possible 2',
    'request-at-most-once 4, counters-never-regress 4, recovery-possible 3',
  ],
  // A request from before the sync waits for a response that cannot come any more.
  'RFC6311-8.1-PENDING-IKE': ['recovery-possible 2', 'recovery-possible 3', 'recovery-possible 6'],
};

const names = ['single-failover', 'multiple-failover', 'replay'] as const;
/** In `npm test`, the first alone. */
const tried = names.slice(0, sweep(1, names.length));

/** By rule: a scenario that is about what the rule is for, and what breaks there. */
const ELSEWHERE: Readonly<Record<string, readonly [scenario: string, breaks: string]>> = {
  'RFC7296-2.3-WINDOW': ['missing-state-sync', 'window-respected 2'],
  'RFC7296-2.2-RESPONSE-ID': ['larger-window', 'response-matches-request 4, recovery-possible 4'],
  // An M1 beyond the last number is sent and taken: the next request has number 0, which nobody expects.
  'RFC7296-2.2-NO-WRAP': [
    'counters-at-maximum',
    'message-id-monotonicity 6, counters-never-regress 6, recovery-possible 6',
  ],
  // The newly active member closes the SA, since its counter would cycle; that of the peer began again, so it does not.
  'RFC4303-3.3.3-NEVER-REPEAT': [
    'counters-at-maximum',
    'esp-sequence-unique 2, esp-gets-through 2, child-sas-agree 5',
  ],
  // A counter that stays where it is gives no fresh number: no packet is ever sent, and nothing can break.
  'RFC4303-3.3.3-NEXT-NUMBER': ['packets-during-failover', ''],
  'RFC4303-3.4.3-ANTI-REPLAY': ['combined', 'esp-replay-rejected 3'],
  'RFC4303-2.2.1-ESN': ['child-sas', 'esn-inferred-right 3, esp-gets-through 1'],
  'RFC6311-5-NEGOTIATED': ['replay-counter-only', 'sync-negotiated 1'],
  'RFC6311-5-REPLAY-NEGOTIATED': ['message-id-only', 'sync-negotiated 2'],
  'RFC6311-5.2-OWN-BUMP': ['packets-during-failover', 'esp-sequence-unique 3, esp-gets-through 5'],
  'RFC6311-5.2-PEER-DELTA': ['combined', 'esp-gets-through 3'],
  'RFC6311-5.2-IN-WINDOW': ['combined', 'esp-replay-rejected 6'],
  // More retransmissions than are allowed could put the counters of both ends in step again.
  'RFC6311-5.2-ONCE': ['replay-counter-only', 'delta-added-once 4, recovery-possible inconclusive'],
  // As of ONCE.
  'RFC6311-5.2-ORDER': ['combined', 'delta-added-once 3, recovery-possible inconclusive'],
  'RFC6311-5.2-REKEY-AFTER-SKIP': ['packets-during-failover', 'esn-inferred-right 3, esp-gets-through 3'],
  'RFC6311-8.2-OUTSIDE-WINDOW': ['packets-during-failover', 'esp-replay-rejected 3'],
  'RFC6311-5.2-NO-CYCLE': ['counters-at-maximum', 'esp-gets-through 3'],
  'RFC6311-7-ONCE-PER-FAILOVER': ['replay', 'sync-once-per-failover 2'],
  'RFC7296-2.3-WINDOW-RESTARTS': ['rekey', 'window-respected 4'],
  'RFC6311-11-RESPONSE-ONCE': [
    'single-failover',
    'message-id-monotonicity 6, request-at-most-once 7, response-matches-request 8, counters-never-regress 5, recovery-possible 5',
  ],
  'RFC7296-1.4.1-CLOSE-DELETED': ['rekey', 'child-sas-agree 6'],
  'RFC7296-2.8-DELETE-OLD': ['rekey', 'child-sas-agree 3'],
  'RFC7296-2.8.1-LOWEST-NONCE': ['rekey', 'child-sas-agree 9'],
  // The new Child SA was made, and the member that asked for it fails before it has the response.
  'RFC7296-2.8-OLD-UNTIL-READY': ['rekey', 'child-sas-agree 5, esp-finds-its-sa 5'],
  'RFC6311-8.1-DECLARED-WINDOW': ['larger-window', 'window-respected 5, recovery-possible 6'],
  'RFC6311-3.4-IV-UNIQUE': ['single-failover', 'iv-never-repeats 3'],
  'RFC6311-5.2-BUMP-SHARED': ['packets-multiple-failover', 'esp-replay-rejected 9, esp-gets-through 5'],
};

/** An old Child SA is there beside the one that replaces it. */
const UNTIL_DELETE: Partial<Settings> = { rekey: 'child', rekeyOld: 'until-delete', packets: 0, delta: 0 };

/** What has to be chosen for a rule that only some policy needs. */
const BY_POLICY: Readonly<Record<string, Partial<Settings>>> = {
  'RFC6311-5.2-REKEY-AFTER-SKIP': { packets: 1, delta: 2 ** 32 - 1, esn: 'on', afterFailover: 'rekey' },
  'RFC6311-8.2-OUTSIDE-WINDOW': { packets: 1, delta: 1, inWindow: 'accept-outside' },
  // A fresh retry begins a sync anew with the rule as well as without it.
  'RFC6311-7-ONCE-PER-FAILOVER': { retry: 'same', failovers: 1, requests: 1, bump: 1 },
  // Of the IKE SA alone: only one that had a larger window has one to lose.
  'RFC7296-2.3-WINDOW-RESTARTS': {
    rekey: 'ike',
    window: 2,
    requests: 2,
    packets: 0,
    replayCounterSync: 'neither',
    failovers: 0,
  },
  'RFC7296-1.4.1-CLOSE-DELETED': { ...UNTIL_DELETE, failovers: 0 },
  'RFC7296-2.8-DELETE-OLD': { ...UNTIL_DELETE, failovers: 0 },
  'RFC7296-2.8.1-LOWEST-NONCE': { ...UNTIL_DELETE, rekeyBy: 'both', failovers: 0 },
  'RFC7296-2.8-OLD-UNTIL-READY': { ...UNTIL_DELETE, stateSync: 'each-step', bump: 2 },
  // Whoever adopts the higher of each loses nothing by a response that comes again.
  'RFC6311-11-RESPONSE-ONCE': { adopt: 'replace', requests: 2, bump: 2 },
  'RFC6311-8.1-DECLARED-WINDOW': { ikeWhileSyncing: 'process', stateSync: 'each-step' },
  // A counter repeats nothing as long as no failover takes it back.
  'RFC6311-3.4-IV-UNIQUE': { ikeIv: 'counter', failovers: 0, requests: 1 },
};

/** What breaks there with the rule as well. */
const ALL_THE_SAME: Readonly<Record<string, string>> = {
  // A packet that arrives between the skip and the rekeying; what comes after is sent under the new SA.
  'RFC6311-5.2-REKEY-AFTER-SKIP': 'esn-inferred-right 3',
  // The peer goes on with the old one, and has another besides that the member does not know.
  'RFC7296-2.8-OLD-UNTIL-READY': 'child-sas-agree 5',
};

const changesFor = (id: string, name: string): Partial<Settings> =>
  BY_POLICY[id] ?? (name === 'packets-during-failover' ? { packets: 2, delta: 2 } : {});

describe('rfc6311 without a rule', () => {
  test('all that can be left out is in one of the tables, or breaks something by docs/ablation.json', () => {
    const listed: readonly string[] = [...Object.keys(RFC6311), ...Object.keys(ELSEWHERE)];
    expect(listed.filter((id) => !ablatable(rfc6311).some((each) => each === id))).toEqual([]);
    const recorded: Readonly<Record<string, Readonly<Record<string, string>>>> = record.rfc6311;
    const breaksNothing = (id: string) => Object.values(recorded[id] ?? {}).every((breaks) => breaks === '');
    expect(ablatable(rfc6311).filter((id) => !listed.includes(id) && breaksNothing(id))).toEqual([]);
  });

  test.each(Object.entries(ELSEWHERE).filter((_, index) => index % sweep(2, 1) === 0))(
    'without %s in %s',
    async (id, [name, breaks]) => {
      expect(await broken(without(rfc6311, id)!, name, changesFor(id, name))).toBe(breaks);
    },
  );

  test.each(Object.keys(BY_POLICY))(
    'with %s, nothing of that breaks that the rule can prevent',
    async (id) => {
      const [name = ''] = ELSEWHERE[id] ?? [];
      expect(await broken(rfc6311, name, changesFor(id, name))).toBe(ALL_THE_SAME[id] ?? '');
    },
  );

  test.each(tried)('with all rules everything holds in %s', async (name) => {
    expect(await broken(rfc6311, name)).toBe('');
  });

  const cases = Object.entries(RFC6311).flatMap(([id, breaks]) =>
    tried.map((name, index) => [id, name, breaks[index] ?? ''] as const),
  );
  test.each(cases)('without %s in %s: %s', async (id, name, breaks) => {
    expect(await broken(without(rfc6311, id)!, name, smaller[id])).toBe(breaks);
  });

  test('RFC6311-5.1-M1-FRESH is needed in a single failover, too, where the bump does not cover everything', async () => {
    const ablated = without(rfc6311, 'RFC6311-5.1-M1-FRESH')!;
    expect(await broken(ablated, 'single-failover', { stateSync: 'each-step', bump: 1 })).toBe(
      'counters-never-regress 5, recovery-possible 6',
    );
    expect(await broken(rfc6311, 'single-failover', { stateSync: 'each-step', bump: 1 })).toBe('');
  });
});

/** The rules that only the October 2010 revision has; of all others it has the function of RFC 6311. */
const IPSECHA01: Readonly<Record<string, readonly [string, string, string]>> = {
  // A count that does not grow is one that the peer assumes to have observed: no sync request is ever acted on.
  'IPSECHA01-FC-CARRY': [
    'failover-count-increases 1, recovery-possible 1',
    'failover-count-increases 1, recovery-possible 2',
    'failover-count-increases 1, recovery-possible inconclusive',
  ],
  'IPSECHA01-FC-OBSERVED': [
    'sync-request-once 3, recovery-possible 4',
    'sync-request-once 3, recovery-possible 4',
    'sync-request-once 3, recovery-possible 4',
  ],
  // Of a second failover only.
  'IPSECHA01-FC-MEMBERS': [
    '',
    'failover-count-increases 2, recovery-possible 3',
    'failover-count-increases 3, recovery-possible inconclusive',
  ],
  // The first failover of an SA has a count of 1 at least, whatever the members know: to assume nothing is as good.
  'IPSECHA01-FC-INITIAL': ['', '', 'recovery-possible inconclusive'],
};

describe('ipsecha-01 without a rule', () => {
  test('all that it has and RFC 6311 has not is in the table; DROP-STALE it has not', () => {
    const those = ablatable(rfc6311).filter((id) => id !== 'RFC6311-5.1-DROP-STALE');
    expect([...those, ...Object.keys(IPSECHA01)].sort()).toEqual([...ablatable(ipsecha01)].sort());
  });

  // In `replay` a sync request that is replaced after it arrived: see `interpretations.test.ts`.
  test.each([
    ['single-failover', ''],
    ['multiple-failover', ''],
    ['replay', 'recovery-possible inconclusive'],
  ] as const)('with all rules in %s: %s', async (name, breaks) => {
    expect(await broken(ipsecha01, name)).toBe(breaks);
  });

  const cases = Object.entries(IPSECHA01).flatMap(([id, breaks]) =>
    tried.map((name, index) => [id, name, breaks[index] ?? ''] as const),
  );
  test.each(cases)('without %s in %s: %s', async (id, name, breaks) => {
    expect(await broken(without(ipsecha01, id)!, name, smaller[id])).toBe(breaks);
  });

  // Nothing depends on M1 being accepted, so nothing is stuck; but M1 goes back, as without this rule in RFC 6311.
  test.each([
    ['multiple-failover', 'counters-never-regress 4'],
    ['replay', 'counters-never-regress 7, recovery-possible inconclusive'],
  ] as const)('without RFC6311-5.1-M1-SHARED in %s: %s', async (name, breaks) => {
    expect(await broken(without(ipsecha01, 'RFC6311-5.1-M1-SHARED')!, name)).toBe(breaks);
  });
});

/** Plain IKEv2 where nobody fails: what the rules of RFC 7296 are there for. With failovers it is broken anyway. */
const IKEV2: Readonly<Record<string, string>> = {
  'RFC7296-2.3-WINDOW': 'window-respected 2',
  'RFC7296-2.2-RESPONSE-ID': 'recovery-possible 4',
  // Nothing is rekeyed here: see above.
  'RFC7296-2.3-WINDOW-RESTARTS': '',
  'RFC7296-1.4.1-CLOSE-DELETED': '',
  'RFC7296-2.8-DELETE-OLD': '',
  'RFC7296-2.8-OLD-UNTIL-READY': '',
  'RFC7296-2.8.1-LOWEST-NONCE': '',
  'RFC7296-2.3-EXPECTED-ID': 'request-at-most-once 6, window-respected 6, counters-never-regress 6',
  // See above.
  'RFC7296-2.1-RETRANSMISSION': '',
  'RFC7296-2.1-RESPONSE-MATCH': 'response-matches-request 5',
  'RFC7296-2.2-NEXT-ID': 'message-id-monotonicity 4, response-matches-request 5, counters-never-regress 4',
};

describe('ikev2 without a rule, and without failovers', () => {
  test('all of ordinary IKE that can be left out is in the table; numbers come to no end here', () => {
    const rules = ablatable(ikev2).filter((id) => id.startsWith('RFC7296-') && id !== 'RFC7296-2.2-NO-WRAP');
    expect(Object.keys(IKEV2).sort()).toEqual([...rules].sort());
  });

  test('with all rules everything holds', async () => {
    expect(await broken(ikev2, 'single-failover', { failovers: 0 })).toBe('');
  });

  test.each(Object.entries(IKEV2))('without %s: %s', async (id, breaks) => {
    expect(await broken(without(ikev2, id)!, 'single-failover', { failovers: 0 })).toBe(breaks);
  });
});
