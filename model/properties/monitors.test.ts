import { describe, expect, test } from 'vitest';
import { type ActiveMember, establishedSa, type SaState } from '../member.ts';
import type { Observation } from '../step.ts';
import { isInStep, properties, type SafetyProperty, safetyProperties, traceProperties } from './index.ts';

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
});

/** How many observations a monitor takes before it objects, and what it says then. */
function watch(id: string, observations: readonly Observation[]): 'holds' | readonly [number, string] {
  const property = [...safetyProperties, ...traceProperties].find((each) => each.id === id) as SafetyProperty;
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

  test('0 is no count of a failover', () => {
    expect(watch('failover-count-increases', [counted(0)])).toEqual([0, expect.any(String)]);
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
    expect(isInStep(one, end({ ...other.sa, outstanding: { id: 6, content: 'x' } }))).toBe(false);
    expect(isInStep(end(one.sa, { nonce: 0, m1: 3, p1: 7 }), other)).toBe(false);
    expect(isInStep(one, end(other.sa, { nonce: 0, m1: 3, p1: 7 }))).toBe(false);
    expect(isInStep(end({ ...one.sa, outstanding: { id: 2, content: 'x' } }), other)).toBe(false);
  });
});

test('every property has an id of its own; the safety properties are reported in this order', () => {
  const ids = properties.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(safetyProperties.map(({ id }) => id)).toEqual([
    'message-id-monotonicity',
    'request-at-most-once',
    'response-matches-request',
    'sync-request-once',
    'sync-response-fresh',
    'counters-never-regress',
    'sync-negotiated',
    'failover-count-increases',
  ]);
  expect(ids).toEqual(expect.arrayContaining(safetyProperties.map(({ id }) => id)));
});
