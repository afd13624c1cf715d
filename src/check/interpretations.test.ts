/** Where the text leaves a choice: what each choice costs. Verdicts with the lengths of the counterexamples. */
import { describe, expect, test } from 'vitest';
import { ikev2, type Revision, rfc6311, type Settings, scenarios } from '../../model/index.ts';
import { check } from './check.ts';

async function broken(revision: Revision, name: string, changes: Partial<Settings>): Promise<string> {
  const scenario = scenarios.find((each) => each.name === name)!;
  const settings = { ...scenario.sizes.small, ...changes };
  const result = await check({ revision, scenario, size: 'small', settings });
  expect(result.statistics.complete).toBe(true);
  return result.properties
    .filter(({ verdict }) => verdict !== 'holds')
    .map(({ id, verdict, counterexample }) => `${id} ${counterexample?.depth ?? verdict}`)
    .join(', ');
}

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
    expect(await broken(rfc6311, name, { ...changes, whileSyncing: 'process' })).toBe(
      'request-at-most-once 4, counters-never-regress 4',
    );
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

test('without failovers everything holds, with and without counter sync', async () => {
  expect(await broken(ikev2, 'multiple-failover', { failovers: 0 })).toBe(EVERYTHING);
  expect(await broken(rfc6311, 'multiple-failover', { failovers: 0 })).toBe(EVERYTHING);
});
