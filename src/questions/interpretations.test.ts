/** Where the text leaves a choice: what each choice costs. Verdicts with the lengths of the counterexamples. */
import { describe, expect, test } from 'vitest';
import { ikev2, ipsecha00, ipsecha01, rfc6311, scenarios } from '../../model/index.ts';
import { REDUCTIONS } from '../explore/options.ts';
import { check } from './check.ts';
import { broken, propertiesButFair } from './testing/broken.ts';

const EVERYTHING = '';
const few = { requests: 1, bump: 1 };

describe('when the active member copies its state', () => {
  // A cluster that loses nothing needs no counter sync.
  test.each(['single-failover', 'multiple-failover'])(
    'after each step: plain IKEv2 holds in %s',
    async (name) => {
      expect(await broken(ikev2, name, { stateSync: 'each-step', requests: 2 })).toBe(EVERYTHING);
    },
  );

  test.each([
    ['single-failover', 3],
    ['multiple-failover', 4],
  ])('never: plain IKEv2 breaks in %s', async (name, stuck) => {
    expect(await broken(ikev2, name, { stateSync: 'never', requests: 2 })).toBe(
      `message-id-monotonicity 3, request-at-most-once 4, response-matches-request 5, counters-never-regress 3, recovery-possible ${stuck}`,
    );
  });

  test.each([
    ['never', 'single-failover'],
    ['never', 'multiple-failover'],
    ['each-step', 'single-failover'],
    ['each-step', 'multiple-failover'],
  ] as const)('%s: RFC 6311 holds in %s', async (stateSync, name) => {
    expect(await broken(rfc6311, name, { stateSync, requests: 2, bump: 2 })).toBe(EVERYTHING);
  });
});

describe('how far M1 is advanced', () => {
  // Two requests can be missing from a snapshot: the bump has to cover both. One short of it, M1 may be one that
  // the peer has seen already: it is dropped, and nothing gets through any more.
  test.each([
    [
      0,
      'message-id-monotonicity 5, response-matches-request 7, counters-never-regress 2, recovery-possible 3',
    ],
    [1, 'counters-never-regress 5, recovery-possible 6'],
    [2, EVERYTHING],
    [3, EVERYTHING],
  ])('by %i, with 2 requests of each side', async (bump, breaks) => {
    expect(await broken(rfc6311, 'single-failover', { requests: 2, bump })).toBe(breaks);
  });

  // Told of the first M1, the second is above it: two failovers together get as far as a bump of 1.
  test.each([
    [0, 'counters-never-regress 2'],
    [1, EVERYTHING],
    [2, EVERYTHING],
  ])('by %i, with 1 request and 2 failovers', async (bump, breaks) => {
    expect(await broken(rfc6311, 'multiple-failover', { requests: 1, bump })).toBe(breaks);
  });

  test.each([
    [
      0,
      'message-id-monotonicity 5, response-matches-request 7, counters-never-regress 2, recovery-possible 5',
    ],
    [1, 'counters-never-regress 5, recovery-possible 8'],
    [2, EVERYTHING],
  ])('by %i, with 2 requests and a fresh retry', async (bump, breaks) => {
    expect(await broken(rfc6311, 'replay', { failovers: 1, requests: 2, bump })).toBe(breaks);
  });
});

describe('what a member does while its sync request is unanswered', () => {
  // By the counters of its snapshot it processes what its predecessor had processed already.
  test.each([
    ['single-failover', { requests: 2, bump: 2 }],
    ['multiple-failover', few],
  ])('it processes ordinary messages: requests are processed twice in %s', async (name, changes) => {
    expect(
      await broken(rfc6311, name, { ...changes, ikeWhileSyncing: 'process', espWhileSyncing: 'pass' }),
    ).toBe('request-at-most-once 4, counters-never-regress 4');
  });
});

describe('whether the other members are told of M1', () => {
  test.each([
    // The third member sends the same M1 again, which the peer drops.
    [{ requests: 0, bump: 0 }, 'recovery-possible 3'],
    [few, 'counters-never-regress 4, recovery-possible 3'],
    // No bump is high enough, since it is the same for both.
    [{ requests: 1, bump: 2 }, 'counters-never-regress 4, recovery-possible 3'],
    // One fresh retry does not help either, where the second member may have retried as well.
    [{ ...few, retry: 'fresh', retries: 1 }, 'counters-never-regress 3, recovery-possible 6'],
  ] as const)('not told, three members, two failovers: %o', async (changes, breaks) => {
    expect(await broken(rfc6311, 'multiple-failover', { ...changes, m1Sharing: 'not-told' })).toBe(breaks);
  });

  test('not told, a single failover: there is nobody to tell', async () => {
    const changes = { requests: 2, bump: 2, m1Sharing: 'not-told' } as const;
    expect(await broken(rfc6311, 'single-failover', changes)).toBe(EVERYTHING);
  });
});

describe('how an unanswered sync request is sent again', () => {
  test.each([
    ['single-failover', { requests: 2, bump: 2 }],
    ['multiple-failover', few],
  ])('as a new one with a higher M1: %s', async (name, changes) => {
    expect(await broken(rfc6311, name, { ...changes, retry: 'fresh', retries: 1 })).toBe(EVERYTHING);
  });
});

describe('what the peer does with a retransmission of the sync request that it accepted', () => {
  // In the model a response that was sent may still arrive, so a cache adds nothing; nor does it do harm.
  const cases = (['drop', 'answer-from-cache'] as const).flatMap((staleSync) => [
    [staleSync, 'single-failover', { requests: 2, bump: 2 }] as const,
    [staleSync, 'multiple-failover', few] as const,
    [staleSync, 'replay', few] as const,
  ]);
  test.each(cases)('%s: everything holds in %s', async (staleSync, name, changes) => {
    expect(await broken(rfc6311, name, { ...changes, staleSync })).toBe(EVERYTHING);
  });
});

describe('what the peer compares M1 with', () => {
  test.each(['single-failover', 'multiple-failover', 'replay'])(
    'the Message ID expected next: a sync request takes effect twice in %s',
    async (name) => {
      expect(await broken(rfc6311, name, { ...few, m1Compare: 'next-expected' })).toBe('sync-request-once 3');
    },
  );
});

describe('what protects sync requests against replay', () => {
  // Nothing: a copy makes the peer expect one more than the highest value seen, which nobody will ever send.
  test.each([
    ['single-failover', few, 'sync-request-once 3, recovery-possible 4'],
    ['single-failover', { requests: 2, bump: 2 }, 'sync-request-once 3, recovery-possible 4'],
    // One step more for each failover or retry that has to be over before anything is stuck for good.
    ['multiple-failover', few, 'sync-request-once 3, recovery-possible 5'],
    ['replay', { requests: 0, bump: 0 }, 'sync-request-once 3, recovery-possible 6'],
    ['replay', { ...few, failovers: 1 }, 'sync-request-once 3, recovery-possible 4'],
  ] as const)('nothing, in ipsecha-00: %s with %o', async (name, changes, breaks) => {
    expect(await broken(ipsecha00, name, changes)).toBe(breaks);
  });

  test('not even without requests, state syncs and retries does ipsecha-00 hold', async () => {
    const least = { requests: 0, bump: 0, stateSync: 'never', retry: 'same', retries: 0 } as const;
    expect(await broken(ipsecha00, 'single-failover', least)).toBe(
      'sync-request-once 3, recovery-possible 4',
    );
  });

  test('a Failover Count does, and reaches just what M1 that must grow does in a single failover', async () => {
    const scenario = scenarios[0]!;
    const runs = [ipsecha01, rfc6311].map((revision) =>
      check({
        revision,
        scenario,
        size: 'small',
        settings: scenario.sizes.small,
        properties: propertiesButFair,
        noReductions: REDUCTIONS,
      }),
    );
    for (const { verdict, statistics } of await Promise.all(runs)) {
      expect([verdict, statistics.states, statistics.depth]).toEqual(['holds', 32032, 23]);
    }
  });
});

describe('how the members agree on the Failover Count (ipsecha-01)', () => {
  const STUCK = 'failover-count-increases 2, recovery-possible 3';
  /** The sync request as it was, so that nothing but the counts of the members can be at fault. */
  const same = { ...few, retry: 'same', retries: 0 } as const;

  test.each(['shared', 'in-state-sync', 'per-member'] as const)(
    '%s: one failover holds, there is nothing to agree on',
    async (failoverCount) => {
      expect(await broken(ipsecha01, 'single-failover', { failoverCount })).toBe(EVERYTHING);
    },
  );

  // The third member sends the count of the second again, which the peer has observed.
  test.each([
    ['shared', 'any', EVERYTHING],
    ['shared', 'never', EVERYTHING],
    ['shared', 'each-step', EVERYTHING],
    ['in-state-sync', 'any', STUCK],
    ['in-state-sync', 'never', STUCK],
    // A state sync after each step is as good as sharing.
    ['in-state-sync', 'each-step', EVERYTHING],
    ['per-member', 'any', STUCK],
    ['per-member', 'never', STUCK],
    ['per-member', 'each-step', STUCK],
  ] as const)(
    '%s, three members, two failovers, state syncs %s: %s',
    async (failoverCount, stateSync, breaks) => {
      expect(await broken(ipsecha01, 'multiple-failover', { ...few, failoverCount, stateSync })).toBe(breaks);
    },
  );

  test.each([
    ['shared', EVERYTHING],
    // Of two members, the one that takes over next has come back by a state sync of the one that failed.
    ['in-state-sync', EVERYTHING],
    ['per-member', 'failover-count-increases 3, recovery-possible 4'],
  ] as const)('%s, two members that take turns: %s', async (failoverCount, breaks) => {
    expect(await broken(ipsecha01, 'replay', { ...same, failoverCount })).toBe(breaks);
  });

  // The peer has observed the count of the failover, so a new request for it is discarded, and the response to the
  // first has the wrong nonce. More retries are no way out, but a bound on them cannot show that.
  test.each([
    ['shared', 'recovery-possible inconclusive'],
    ['in-state-sync', 'recovery-possible inconclusive'],
    ['per-member', 'failover-count-increases 3, recovery-possible inconclusive'],
  ] as const)('%s, with fresh retries: %s', async (failoverCount, breaks) => {
    expect(await broken(ipsecha01, 'replay', { failoverCount })).toBe(breaks);
  });

  test.each([1, 2, 3])('fresh retries, %i at most: they do not help', async (retries) => {
    const changes = { requests: 0, bump: 0, failovers: 1, retries };
    expect(await broken(ipsecha01, 'replay', changes)).toBe('recovery-possible inconclusive');
    expect(await broken(rfc6311, 'replay', changes)).toBe(EVERYTHING);
  });
});

test.each(['single-failover', 'replay'])(
  'retry=fresh breaks section 7 by itself in %s, and nothing else',
  async (name) => {
    const scenario = scenarios.find((each) => each.name === name)!;
    const settings = { ...scenario.sizes.small, ...few, retry: 'fresh', retries: 1 } as const;
    const result = await check({
      revision: rfc6311,
      scenario,
      size: 'small',
      settings,
      properties: propertiesButFair,
    });
    expect(
      result.properties
        .filter(({ verdict }) => verdict !== 'holds')
        .map(({ id, counterexample }) => [id, counterexample?.depth]),
    ).toEqual([['sync-once-per-failover', 2]]);
  },
);

test('without failovers everything holds, with and without counter sync', async () => {
  expect(await broken(ikev2, 'multiple-failover', { failovers: 0 })).toBe(EVERYTHING);
  expect(await broken(rfc6311, 'multiple-failover', { failovers: 0 })).toBe(EVERYTHING);
});
