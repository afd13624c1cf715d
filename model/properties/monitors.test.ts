import { describe, expect, test } from 'vitest';
import { beginRequest, receive, sendAgain } from '../machine/node.ts';
import { ikev2 } from '../revisions/ikev2.ts';
import { ipsecha01 } from '../revisions/ipsecha-01.ts';
import type { Revision } from '../revisions/revision.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { scenarios } from '../scenarios/index.ts';
import type { Settings } from '../settings/settings.ts';
import {
  type ActiveMember,
  type ChildSa,
  establishedSa,
  freshChildSa,
  type Member,
  type SaState,
} from '../state/member.ts';
import type { SyncRequest } from '../state/messages.ts';
import { MAX_MESSAGE_ID } from '../state/numbers.ts';
import type { Observation } from '../state/step.ts';
import { haveTheSame } from './child-sas.ts';
import { packetsGetThrough } from './esp.ts';
import { properties, safetyProperties } from './index.ts';
import type { SafetyProperty } from './property.ts';
import { isInStep, mustBeEstablishedAnew } from './recovery.ts';

const both = { own: true, other: true };

/** Short words for what the monitors see. */
const request = (
  by: 'cluster' | 'peer',
  id: number,
  content: string | number = `${by} ${id}`,
): Observation => ({
  kind: 'request-sent',
  by,
  id,
  content,
  lowest: id,
  window: 1,
});
const processed = (
  by: 'cluster' | 'peer',
  id: number,
  content: string | number = `to ${by} ${id}`,
): Observation => ({
  kind: 'request-processed',
  by,
  id,
  content,
  expected: id,
  window: 1,
});
const answered = (id: number, asked: string, answers: string): Observation => ({
  kind: 'response-taken',
  by: 'cluster',
  id,
  request: asked,
  answers,
});
const asks = (m1: number, announced = both): Observation => ({
  kind: 'sync-request-sent',
  by: 'cluster',
  nonce: 'n',
  m1,
  announced,
});
const accepts = (p2: number, m2: number, nonce = 'n', announced = both): Observation => ({
  kind: 'sync-request-accepted',
  by: 'peer',
  nonce,
  p2,
  m2,
  announced,
  wellFormed: true,
});
const adopts = (p2: number, m2: number, nonce = 'n', pending = 'n'): Observation => ({
  kind: 'sync-response-accepted',
  by: 'cluster',
  nonce,
  pending,
  p2,
  m2,
});
const packet = (number: number, spi = 'c0ffee'): Observation => ({
  kind: 'esp-sent',
  by: 'peer',
  spi,
  number,
  content: `${spi} ${number}`,
});

/** How many observations a monitor takes before it objects, and what it says then. */
function watch(id: string, observations: readonly Observation[]): 'holds' | readonly [number, string] {
  const property = safetyProperties.find((each) => each.id === id) as SafetyProperty;
  let state = property.watch.initial;
  for (const [index, observation] of observations.entries()) {
    const seen = property.watch.observe(state, observation);
    if (!seen.ok) return [index, seen.because];
    state = seen.state;
  }
  return 'holds';
}

describe('message-id-monotonicity', () => {
  test.each([
    [
      'each end counts for itself',
      [request('cluster', 0), request('peer', 0), request('cluster', 1)],
      'holds',
    ],
    ['gaps are allowed', [request('cluster', 0), request('cluster', 7)], 'holds'],
    ['M1 uses up no number by itself', [asks(5), asks(4), request('cluster', 4)], 'holds'],
  ])('%s', (_, observations, verdict) => {
    expect(watch('message-id-monotonicity', observations)).toBe(verdict);
  });

  test.each([
    ['used twice', 3, 3],
    ['lower than one before', 3, 2],
  ])('%s', (_, before, now) => {
    expect(watch('message-id-monotonicity', [request('peer', before), request('peer', now)])).toEqual([
      1,
      `the peer uses Message ID ${now} for a new request; it had used up to 3`,
    ]);
  });
});

describe('request-at-most-once', () => {
  test('the same number with another content is another request, and so is that of the other end', () => {
    const seen = [processed('peer', 0, 'a'), processed('peer', 0, 'b'), processed('cluster', 0, 'a')];
    expect(watch('request-at-most-once', seen)).toBe('holds');
  });

  test('the same request a second time, whatever came in between', () => {
    const seen = [processed('peer', 0, 'a'), processed('peer', 1, 'b'), processed('peer', 0, 'a')];
    expect(watch('request-at-most-once', seen)).toEqual([
      2,
      'the peer processes the same request with Message ID 0 a second time',
    ]);
  });
});

describe('response-matches-request', () => {
  test('compares contents, since the Message ID is the same in any case', () => {
    expect(watch('response-matches-request', [answered(0, 'a', 'a'), answered(0, 'b', 'b')])).toBe('holds');
    expect(watch('response-matches-request', [answered(4, 'a', 'b')])).toEqual([
      0,
      'the cluster takes the response to another request for the answer to its request 4',
    ]);
  });
});

describe('sync-request-once', () => {
  test('by its nonce', () => {
    expect(watch('sync-request-once', [accepts(0, 5, 'a'), accepts(0, 5, 'b')])).toBe('holds');
    expect(watch('sync-request-once', [accepts(0, 5, 'a'), accepts(0, 6, 'b'), accepts(0, 7, 'a')])).toEqual([
      2,
      'the peer acts a second time on the sync request with nonce a',
    ]);
  });
});

describe('sync-response-fresh', () => {
  test('the nonce of the response is the one that waits', () => {
    expect(watch('sync-response-fresh', [adopts(1, 2, 'a', 'a')])).toBe('holds');
    expect(watch('sync-response-fresh', [adopts(1, 2, 'a', 'b')])).toEqual([
      0,
      'the cluster accepts the response to nonce a while it waits for nonce b',
    ]);
  });
});

describe('counters-never-regress', () => {
  test.each<[string, readonly Observation[]]>([
    ['a whole sync', [request('cluster', 3), asks(9), accepts(4, 9), adopts(4, 9), request('cluster', 9)]],
    ['M1 equal to the next Message ID', [request('cluster', 3), asks(4)]],
    ['M2 above M1, since more had been seen', [asks(4), accepts(4, 6), adopts(4, 6), request('cluster', 6)]],
  ])('holds: %s', (_, seen) => {
    expect(watch('counters-never-regress', seen)).toBe('holds');
  });

  test.each<[string, readonly Observation[], RegExp]>([
    [
      'M1 below a request',
      [request('cluster', 3), asks(3)],
      /cluster sends a sync request with M1 3, below 4/,
    ],
    ['M1 below an earlier M1', [asks(5), asks(4)], /cluster sends a sync request with M1 4, below 5/],
    ['a request below an M1', [asks(5), request('cluster', 4)], /cluster goes back to sending 4/],
    ['P2 below a request of the peer', [request('peer', 3), accepts(3, 9)], /peer goes back to sending 3/],
    ['M2 below an earlier one', [accepts(0, 9), accepts(0, 8, 'o')], /peer goes back to expecting 8/],
    ['M2 below a processed request', [processed('peer', 3), accepts(0, 3)], /peer goes back to expecting 3/],
    ['adopting a lower P2', [processed('cluster', 3), adopts(3, 9)], /cluster goes back to expecting 3/],
    ['adopting a lower M2', [asks(9), adopts(3, 8)], /cluster goes back to sending 8/],
    [
      'a request processed again',
      [processed('peer', 3), processed('peer', 3)],
      /peer goes back to expecting 3/,
    ],
  ])('broken: %s', (_, seen, because) => {
    expect(watch('counters-never-regress', seen)).toEqual([seen.length - 1, expect.stringMatching(because)]);
  });
});

describe('sync-negotiated', () => {
  const half = { own: true, other: false };

  test('both ends must have announced it, for sending and for acting on', () => {
    expect(watch('sync-negotiated', [asks(5), accepts(0, 5)])).toBe('holds');
    expect(watch('sync-negotiated', [asks(5, half)])).toEqual([
      0,
      'the cluster uses counter sync, which was not negotiated',
    ]);
    expect(watch('sync-negotiated', [asks(5), accepts(0, 5, 'n', half)])).toEqual([
      1,
      'the peer uses counter sync, which was not negotiated',
    ]);
  });
});

describe('failover-count-increases', () => {
  const counted = (count: number, by: 'cluster' | 'peer' = 'cluster'): Observation => ({
    kind: 'failover-counted',
    by,
    count,
    known: -1,
  });

  test('speaks of failovers, each end for itself, not of sync requests that are sent again', () => {
    expect(watch('failover-count-increases', [counted(1), counted(1, 'peer'), counted(2), counted(7)])).toBe(
      'holds',
    );
    expect(watch('failover-count-increases', [counted(1), asks(5), asks(6)])).toBe('holds');
  });

  test.each([
    ['the same', 2],
    ['a lower one', 1],
  ])('broken: %s', (_, count) => {
    expect(watch('failover-count-increases', [counted(2), counted(count)])).toEqual([
      1,
      `a failover of the cluster has Failover Count ${count}; the one before had 2`,
    ]);
  });

  test('the first count is above what was known: 0 where that is the first, 1 elsewhere', () => {
    const first = (known: number): Observation => ({
      kind: 'failover-counted',
      by: 'cluster',
      count: 0,
      known,
    });
    expect(watch('failover-count-increases', [first(-1)])).toBe('holds');
    expect(watch('failover-count-increases', [first(0)])).toEqual([0, expect.any(String)]);
  });
});

describe('esp-sequence-unique', () => {
  test('any order will do, but no number twice; each SPI for itself', () => {
    expect(watch('esp-sequence-unique', [packet(1), packet(9), packet(4), packet(1, 'decade')])).toBe(
      'holds',
    );
    expect(watch('esp-sequence-unique', [packet(1), packet(9), packet(1)])).toEqual([
      2,
      'the peer sends ESP sequence number 1 of SPI c0ffee a second time',
    ]);
  });
});

describe('recovery-possible', () => {
  const end = (changes: Partial<SaState>, sync: ActiveMember['sync'] = null): ActiveMember => ({
    role: 'active',
    sa: { ...establishedSa(), ...changes },
    sync,
  });
  const one = end({ expectedSend: 3, expectedReceive: 7 });
  const other = end({ expectedSend: 7, expectedReceive: 3 });

  test('its goal: both directions agree, nothing is outstanding, no sync is under way', () => {
    expect(isInStep(one, other)).toBe(true);
    expect(isInStep(one, end({ expectedSend: 7, expectedReceive: 4 }))).toBe(false);
    expect(isInStep(one, end({ expectedSend: 6, expectedReceive: 3 }))).toBe(false);
    expect(isInStep(one, end({ ...other.sa, outstanding: [{ id: 6, content: 'x' }] }))).toBe(false);
    expect(isInStep(end(one.sa, { nonce: 0, m1: 3, p1: 7 }), other)).toBe(false);
    expect(isInStep(one, end(other.sa, { nonce: 0, m1: 3, p1: 7 }))).toBe(false);
    expect(isInStep(end({ ...one.sa, outstanding: [{ id: 2, content: 'x' }] }), other)).toBe(false);
  });
});

describe('esp-sequence-unique: the end of the numbers', () => {
  test('a counter that begins again is seen at once, though the number is new', () => {
    expect(watch('esp-sequence-unique', [packet(9), { ...packet(1), cycles: true } as Observation])).toEqual([
      1,
      'the counter of the peer for SPI c0ffee begins again',
    ]);
  });

  test('the two directions of a Child SA count for themselves', () => {
    const other = { ...packet(1), by: 'cluster' } as Observation;
    expect(watch('esp-sequence-unique', [packet(1), other])).toBe('holds');
    expect(watch('esp-sequence-unique', [packet(1), other, other])).toEqual([2, expect.any(String)]);
  });
});

describe('esp-replay-rejected', () => {
  const taken = (content: string, number = 4, by: 'cluster' | 'peer' = 'cluster'): Observation => ({
    kind: 'esp-accepted',
    by,
    spi: 'c0ffee',
    number,
    content,
  });

  test('other packets in any order, and what the other end accepts', () => {
    const seen = [taken('b', 4), taken('a', 3), taken('c', 4), taken('a', 3, 'peer')];
    expect(watch('esp-replay-rejected', seen)).toBe('holds');
  });

  test('the same packet a second time, whatever came in between; sending it is not accepting it', () => {
    expect(watch('esp-replay-rejected', [taken('a'), packet(4), taken('b', 5), taken('a')])).toEqual([
      3,
      'the cluster accepts the packet with sequence number 4 of SPI c0ffee a second time',
    ]);
    expect(watch('esp-replay-rejected', [packet(4), packet(4), taken('a')])).toBe('holds');
  });
});

describe('delta-added-once', () => {
  const added = (asked: string | number, by: 'cluster' | 'peer' = 'peer'): Observation => ({
    kind: 'delta-applied',
    by,
    request: asked,
    announced: both,
  });

  test('the deltas of other requests, and those of the other end', () => {
    expect(watch('delta-added-once', [added('n'), added(1), added('o'), added('n', 'cluster')])).toBe(
      'holds',
    );
  });

  test('the delta of the same request a second time', () => {
    expect(watch('delta-added-once', [added('n'), added('o'), added('n')])).toEqual([
      2,
      'the peer adds the delta of the request n a second time',
    ]);
  });

  test('sync-negotiated: nor unless both ends announced it', () => {
    const seen = { ...added('n'), announced: { own: true, other: false } } as Observation;
    expect(watch('sync-negotiated', [added('o'), seen])).toEqual([
      1,
      'the peer uses replay counter sync, which was not negotiated',
    ]);
  });
});

describe('window-respected', () => {
  const sends = (id: number, lowest: number, window: number): Observation =>
    ({ ...request('peer', id), lowest, window }) as Observation;
  const processes = (id: number, expected: number, window: number): Observation =>
    ({ ...processed('peer', id), expected, window }) as Observation;

  test.each([
    ['the only request', sends(5, 5, 1)],
    ['the last that the window holds', sends(7, 5, 3)],
    ['the next one expected', processes(5, 5, 1)],
    ['the last one expected', processes(7, 5, 3)],
  ])('holds: %s', (_, seen) => {
    expect(watch('window-respected', [seen])).toBe('holds');
  });

  test.each([
    ['a second one', sends(6, 5, 1), 'sends request 6 while request 5 is not answered, with a window of 1'],
    ['one too many', sends(8, 5, 3), 'sends request 8 while request 5 is not answered, with a window of 3'],
    ['one too high', processes(8, 5, 3), 'processes request 8, though it expects 5, with a window of 3'],
    ['one too low', processes(4, 5, 3), 'processes request 4, though it expects 5, with a window of 3'],
  ])('broken: %s', (_, seen, because) => {
    expect(watch('window-respected', [seen])).toEqual([0, `the peer ${because}`]);
  });

  test('RFC6311-8.1-DECLARED-WINDOW: broken by a request below P1, though the snapshot had it expected', () => {
    const declaring = (id: number) => ({ ...processes(id, 3, 3), declared: 4 }) as Observation;
    expect(watch('window-respected', [declaring(4)])).toBe('holds');
    expect(watch('window-respected', [declaring(3)])).toEqual([
      0,
      'the peer processes request 3, below P1 4, which it declared',
    ]);
  });
});

describe('sync-well-formed', () => {
  test('no sync request is acted on that is not', () => {
    expect(watch('sync-well-formed', [accepts(0, 5), asks(6)])).toBe('holds');
    expect(watch('sync-well-formed', [{ ...accepts(0, 5), wellFormed: false } as Observation])).toEqual([
      0,
      'the peer acts on a sync request that is not well formed',
    ]);
  });

  test.each<[string, Partial<SyncRequest>, 'isWellFormed' | 'isAlone' | 'hasMessageIdZero']>([
    ['its form', { wellFormed: false }, 'isWellFormed'],
    ['other payloads', { otherPayloads: ['DELETE'] }, 'isAlone'],
    ['its Message ID', { id: 1 }, 'hasMessageIdZero'],
  ])('an author whose rules let in %s is told', (_, changes, slot) => {
    const counterSync = { ...rfc6311.counterSync!, [slot]: () => true };
    const message: SyncRequest = {
      ...{ kind: 'sync-request', from: 'cluster', id: 0, nonce: 'n', m1: 9, p1: 0 },
      ...{ wellFormed: true, otherPayloads: [] },
      ...changes,
    };
    const peer: ActiveMember = { role: 'active', sa: establishedSa(), sync: null };
    const policies = scenarios[0]!.sizes.small;
    expect(receive(rfc6311, policies, 'peer', peer, message).enabled).toBe(false);
    const step = receive({ ...rfc6311, counterSync }, policies, 'peer', peer, message);
    expect(watch('sync-well-formed', step.enabled ? step.observations : [])).toEqual([0, expect.any(String)]);
  });
});

describe('each IKE SA has Message IDs of its own', () => {
  const under = (observation: Observation, ikeSa: string): Observation =>
    ({ ...observation, ikeSa }) as Observation;

  test('they begin again at 0 after a rekeying, and go on in the new one', () => {
    const numbers = [request('peer', 7), under(request('peer', 0), 'x'), under(request('peer', 1), 'x')];
    const again = [...numbers, under(request('peer', 1), 'x')];
    for (const id of ['message-id-monotonicity', 'counters-never-regress']) {
      expect(watch(id, numbers)).toBe('holds');
      expect(watch(id, [...numbers, under(request('peer', 0), 'y')])).toBe('holds');
      expect(watch(id, again)).toEqual([3, expect.any(String)]);
    }
    const whole = [
      processed('peer', 3),
      under(processed('peer', 0, 'a'), 'x'),
      under(processed('peer', 1, 'b'), 'x'),
    ];
    expect(watch('counters-never-regress', whole)).toBe('holds');
    expect(watch('counters-never-regress', [...whole, under(accepts(0, 1), 'x')])).toEqual([
      3,
      expect.any(String),
    ]);
    expect(watch('counters-never-regress', [...whole, accepts(0, 3)])).toEqual([3, expect.any(String)]);
  });

  test('a request is the same under whatever IKE SA', () => {
    const seen = [processed('peer', 3, 'a'), under(processed('peer', 0, 'a'), 'x')];
    expect(watch('request-at-most-once', seen)).toEqual([1, expect.any(String)]);
  });
});

describe('SAs are kept apart, and ends too', () => {
  const other = {
    end: (seen: Observation): Observation =>
      ({ ...seen, by: seen.by === 'cluster' ? 'peer' : 'cluster' }) as Observation,
    'IKE SA': (seen: Observation): Observation => ({ ...seen, ikeSa: 'x' }) as Observation,
    'Child SA': (seen: Observation): Observation => ({ ...seen, spi: 'decade' }) as Observation,
  };
  const ofIke = ['end', 'IKE SA'] as const;
  const accepted: Observation = { ...packet(4), kind: 'esp-accepted' } as Observation;
  const delta: Observation = { kind: 'delta-applied', by: 'peer', request: 'n', announced: both };
  const counted: Observation = { kind: 'failover-counted', by: 'cluster', count: 3, known: 2 };
  const iv: Observation = { kind: 'iv-used', by: 'cluster', iv: 7 };

  // Each second one breaks the property after the first, under the same SA; under another it does not.
  test.each<[string, Observation, Observation, readonly (keyof typeof other)[]]>([
    ['message-id-monotonicity', request('cluster', 3), request('cluster', 3, 'x'), ofIke],
    ['counters-never-regress', request('cluster', 3), request('cluster', 3, 'x'), ofIke],
    ['counters-never-regress', request('cluster', 3), asks(3), ofIke],
    ['counters-never-regress', asks(5), request('cluster', 4), ofIke],
    ['counters-never-regress', asks(5), asks(4), ofIke],
    ['counters-never-regress', asks(5), adopts(0, 4), ofIke],
    ['counters-never-regress', accepts(0, 9), accepts(0, 8, 'o'), ofIke],
    ['counters-never-regress', accepts(9, 0), accepts(8, 0, 'o'), ofIke],
    ['counters-never-regress', accepts(5, 0), request('peer', 4), ofIke],
    ['counters-never-regress', accepts(0, 5), processed('peer', 4), ofIke],
    ['counters-never-regress', processed('peer', 3), accepts(0, 3), ofIke],
    ['counters-never-regress', adopts(9, 0), processed('cluster', 8), ofIke],
    ['counters-never-regress', adopts(0, 9), request('cluster', 8), ofIke],
    ['request-at-most-once', processed('peer', 3, 'x'), processed('peer', 4, 'x'), ['end']],
    ['failover-count-increases', counted, counted, ['end']],
    ['esp-sequence-unique', packet(4), packet(4), ['end', 'Child SA']],
    ['esp-replay-rejected', accepted, accepted, ['end']],
    ['delta-added-once', delta, delta, ['end']],
    ['iv-never-repeats', iv, iv, ofIke],
  ])('%s: %o, then %o', (id, first, second, dimensions) => {
    expect(watch(id, [first, second])).toEqual([1, expect.any(String)]);
    for (const dimension of dimensions) {
      const apart = other[dimension];
      expect(watch(id, [first, apart(second)])).toBe('holds');
      expect(watch(id, [apart(first), second])).toBe('holds');
      // What is seen of the one SA makes nothing forgotten of the other.
      expect(watch(id, [first, apart(first), second])).toEqual([2, expect.any(String)]);
      expect(watch(id, [first, apart(first), apart(second)])).toEqual([2, expect.any(String)]);
    }
  });

  // A nonce is that of one sync request, whoever sent it; and contents are those of one packet.
  test('sync-request-once: by the nonce alone', () => {
    const [first] = [accepts(0, 5, 'a')];
    for (const apart of [other.end, other['IKE SA']]) {
      expect(watch('sync-request-once', [first, apart(first)])).toEqual([1, expect.any(String)]);
    }
  });

  test('child-sas-agree: an end with one Child SA more, or with another one', () => {
    const end = (...spis: readonly string[]): ActiveMember => ({
      role: 'active',
      sa: { ...establishedSa(), childSas: spis.map((spi) => freshChildSa(spi)) },
      sync: null,
    });
    expect(haveTheSame(end('a', 'b'), end('b', 'a'))).toBe(true);
    expect(haveTheSame(end(), end())).toBe(true);
    for (const [one, two] of [
      [end('a', 'b'), end('a')],
      [end('a'), end('a', 'b')],
      [end('a', 'b'), end('a', 'c')],
      [end(), end('a')],
    ] as const) {
      expect(haveTheSame(one, two)).toBe(false);
    }
  });

  test('recovery-possible: ends under two IKE SAs are not in step, whatever their counters', () => {
    const end = (ikeSa?: string): ActiveMember => ({
      role: 'active',
      sa: { ...establishedSa(), ...(ikeSa === undefined ? {} : { ikeSa }) },
      sync: null,
    });
    expect(isInStep(end('x'), end('x'))).toBe(true);
    expect(isInStep(end(), end('x'))).toBe(false);
    expect(isInStep(end('y'), end('x'))).toBe(false);
  });
});

describe('what cannot be broken', () => {
  const { small } = scenarios[0]!.sizes;
  const why = (id: string, revision: Revision, changes: Partial<Settings>): string | undefined =>
    properties.find((each) => each.id === id)?.nothingToBreak?.(revision, { ...small, ...changes });

  test.each<[string, Revision, Partial<Settings>, Partial<Settings>]>([
    ['sync-response-fresh', rfc6311, { failovers: 1 }, { failovers: 2 }],
    ['sync-response-fresh', rfc6311, { retries: 1 }, { retries: 1, retry: 'fresh' }],
    [
      'sync-negotiated',
      rfc6311,
      { replayCounterSync: 'both' },
      { messageIdSync: 'any', replayCounterSync: 'both' },
    ],
    ['sync-negotiated', rfc6311, { replayCounterSync: 'both' }, { replayCounterSync: 'neither' }],
    ['sync-request-once', rfc6311, { failovers: 0 }, { failovers: 0, peerFailovers: 1 }],
    ['failover-count-increases', ipsecha01, { failovers: 0 }, {}],
    ['iv-never-repeats', ikev2, {}, { ikeIv: 'counter' }],
    ['child-sas-agree', rfc6311, { rekey: 'ike' }, { rekey: 'child' }],
    ['delta-added-once', rfc6311, { replayCounterSync: 'neither' }, { replayCounterSync: 'both' }],
    ['esp-sequence-unique', ikev2, { packets: 0 }, { packets: 1 }],
    ['esp-replay-rejected', ikev2, { packets: 0 }, { packets: 1 }],
    ['esp-gets-through', ikev2, { packets: 0 }, { packets: 1 }],
    [
      'request-at-most-once',
      rfc6311,
      { requests: 0 },
      { requests: 0, replayCounterSync: 'both', messageIdSync: 'neither' },
    ],
    ['window-respected', rfc6311, { requests: 0 }, { requests: 1 }],
  ])('%s', (id, revision, idle, busy) => {
    expect(why(id, revision, idle)).toEqual(expect.any(String));
    expect(why(id, revision, busy)).toBeUndefined();
  });

  test('without counter sync nothing is said of it, and no box maims a sync message', () => {
    for (const id of ['sync-request-once', 'sync-response-fresh', 'sync-negotiated', 'sync-well-formed']) {
      expect(why(id, ikev2, { failovers: 2 })).toBe('the revision has no counter sync');
    }
    expect(why('sync-well-formed', rfc6311, { failovers: 2 })).toEqual(expect.any(String));
    expect(why('failover-count-increases', rfc6311, { failovers: 2 })).toBe(
      'the revision has no Failover Count',
    );
  });
});

describe('counters-never-regress with a window above 1', () => {
  const processes = (id: number, expected: number): Observation =>
    ({ ...processed('peer', id), expected, window: 2 }) as Observation;

  test('a lower request may come later, as long as it was still to come', () => {
    expect(watch('counters-never-regress', [processes(1, 0), processes(0, 0), processes(2, 2)])).toBe(
      'holds',
    );
    expect(watch('counters-never-regress', [processes(0, 0), processes(2, 1), processes(0, 1)])).toEqual([
      2,
      'the peer goes back to expecting 0; before, it expected Message ID 1',
    ]);
  });
});

test('request-at-most-once: what is sent again after a sync may have been processed before it', () => {
  const policies = { ...scenarios[0]!.sizes.small, pending: 'send-again' } as const;
  const seen: Observation[] = [];
  const look = (step: ReturnType<typeof receive> | null) => {
    if (step === null || !step.enabled) throw new Error('not possible');
    seen.push(...step.observations);
    return step;
  };
  // The peer's request arrives, and the response is lost with the member that sent it.
  const idle: ActiveMember = { role: 'active', sa: establishedSa(), sync: null };
  const asked = look(beginRequest(rfc6311, 'peer', idle, 'q'));
  const first = look(receive(rfc6311, policies, 'cluster', idle, asked.sent[0]!));
  expect(watch('request-at-most-once', seen)).toBe('holds');
  const message: SyncRequest = {
    ...{ kind: 'sync-request', from: 'cluster', id: 0, nonce: 'n', m1: 9, p1: 1 },
    ...{ wellFormed: true, otherPayloads: [] },
  };
  const synced = look(receive(rfc6311, policies, 'peer', asked.member, message));
  const again = look(sendAgain(rfc6311, 'peer', synced.member));
  expect(again.sent).toMatchObject([{ id: 1, content: 'q' }]);
  look(receive(rfc6311, policies, 'cluster', first.member, again.sent[0]!));
  expect(watch('request-at-most-once', seen)).toEqual([
    seen.length - 1,
    'the cluster processes the same request with Message ID 1 a second time',
  ]);
  expect(watch('message-id-monotonicity', seen)).toBe('holds');
});

describe('esp-gets-through', () => {
  const child = (sent: number, highest: number, changes: Partial<ChildSa> = {}): ChildSa => ({
    ...freshChildSa('c1', { replayWindow: 4 }),
    sent,
    received: { highest, seen: [highest] },
    ...changes,
  });
  const through = (one: readonly ChildSa[], other: readonly ChildSa[]): boolean =>
    packetsGetThrough(rfc6311, one, other);

  test('its goal: the next packet of either end is new to the other', () => {
    expect(through([child(5, 9)], [child(9, 5)])).toBe(true);
    expect(through([child(4, 9)], [child(9, 5)])).toBe(false);
    expect(through([child(5, 9)], [child(8, 5)])).toBe(false);
    expect(through([child(1, 9)], [child(9, 5)])).toBe(true);
    expect(through([child(0, 9)], [child(9, 5)])).toBe(false);
  });

  test('on each Child SA that both have; who lacks one has nothing to agree on', () => {
    const second = child(0, 9, { spi: 'c2' });
    expect(through([child(5, 9), second], [child(9, 5), child(9, 0, { spi: 'c2' })])).toBe(true);
    expect(through([child(5, 9), second], [child(9, 5), child(8, 0, { spi: 'c2' })])).toBe(false);
    expect(through([child(5, 9), second], [child(9, 5)])).toBe(true);
    expect(through([], [child(9, 5)])).toBe(true);
  });
});

describe('where the SA must be established anew, nothing else can bring the ends in step', () => {
  const end = (changes: Partial<SaState> = {}): ActiveMember => ({
    role: 'active',
    sa: { ...establishedSa(), ...changes },
    sync: null,
  });
  const anew = (one: Member, other: Member = end()): readonly boolean[] => [
    mustBeEstablishedAnew(rfc6311, one, other),
    mustBeEstablishedAnew(rfc6311, other, one),
  ];

  test('one end closed it, lacks it, or has no numbers left', () => {
    expect(anew({ role: 'closed' })).toEqual([true, true]);
    expect(anew(end({ ikeSa: 'x' }))).toEqual([true, true]);
    expect(anew(end({ expectedSend: MAX_MESSAGE_ID + 1 }))).toEqual([true, true]);
    expect(anew(end({ expectedReceive: MAX_MESSAGE_ID + 1 }))).toEqual([true, true]);
  });

  test('else it need not be', () => {
    expect(anew(end())).toEqual([false, false]);
    expect(anew(end({ ikeSa: 'x' }), end({ ikeSa: 'x' }))).toEqual([false, false]);
    expect(anew(end({ expectedSend: MAX_MESSAGE_ID, expectedReceive: MAX_MESSAGE_ID }))).toEqual([
      false,
      false,
    ]);
    expect(anew({ role: 'standby', snapshot: establishedSa() })).toEqual([false, false]);
  });

  test('the ends are not in step while something is still to be told or sent again', () => {
    expect(isInStep(end(), end())).toBe(true);
    const owes = { ...end(), owed: { delta: 1, content: 'd' } };
    const again = end({ again: ['a'] });
    for (const busy of [owes, again]) {
      expect([isInStep(busy, end()), isInStep(end(), busy)]).toEqual([false, false]);
    }
  });
});

test('every property has an id of its own; the safety properties are reported in this order', () => {
  const ids = properties.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  // What was published keeps its place; what is new comes after it, or before if `ORDER` says so.
  const published = [
    'message-id-monotonicity',
    'request-at-most-once',
    'response-matches-request',
    'window-respected',
    'sync-request-once',
    'sync-response-fresh',
    'counters-never-regress',
    'sync-negotiated',
    'sync-well-formed',
    'failover-count-increases',
    'sync-once-per-failover',
    'esp-sequence-unique',
    'esp-replay-rejected',
    'delta-added-once',
    'iv-never-repeats',
    'esn-inferred-right',
  ];
  expect(safetyProperties.map(({ id }) => id).filter((id) => published.includes(id))).toEqual(published);
  expect(ids).toEqual(expect.arrayContaining(safetyProperties.map(({ id }) => id)));
});
