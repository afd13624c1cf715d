import { expect, test } from 'vitest';
import { ipsecha01 } from '../revisions/ipsecha-01.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { isStandaloneInOrder } from './5.2-replay-counter-sync.ts';
import { hasDelta, isAllOrNone, isSentByCluster } from './6.4-replay-counter-notification.ts';

test('RFC6311-5.2-STANDALONE: a request with a Message ID of its own, and an empty response', () => {
  expect(isStandaloneInOrder({ id: 7, response: false, payloads: 1 })).toBe(true);
  expect(isStandaloneInOrder({ id: 0, response: false, payloads: 1 })).toBe(false);
  expect(isStandaloneInOrder({ id: 7, response: true, payloads: 0 })).toBe(true);
  expect(isStandaloneInOrder({ id: 7, response: true, payloads: 1 })).toBe(false);
});

test('RFC6311-6.4-FORMAT: 8 octets with extended sequence numbers, else 4; either, if that is not known', () => {
  const fitting = (esn?: boolean) =>
    [0, 1, 2, 3, 4, 5, 8, 12].filter((octets) => hasDelta(esn === undefined ? { octets } : { octets, esn }));
  expect(fitting(true)).toEqual([8]);
  expect(fitting(false)).toEqual([4]);
  expect(fitting()).toEqual([4, 8]);
});

test('RFC6311-6.4-ALL-OR-NO-ESN: all Child SAs use extended sequence numbers, or none does', () => {
  const of = (...each: readonly boolean[]) => isAllOrNone(each.map((esn) => ({ esn })));
  expect([of(), of(true), of(false), of(true, true), of(false, false)]).toEqual(Array(5).fill(true));
  expect([of(true, false), of(false, false, true)]).toEqual([false, false]);
});

test('RFC6311-6.4-CLUSTER-ONLY: in requests, and in no response; in the slides in both directions', () => {
  expect(isSentByCluster({ response: false })).toBe(true);
  expect(isSentByCluster({ response: true })).toBe(false);
  expect(rfc6311.replaySync).toHaveProperty('isSentByCluster');
  expect(ipsecha01.replaySync).not.toHaveProperty('isSentByCluster');
});
