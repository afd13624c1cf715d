import { expect, test } from 'vitest';
import { isStandaloneInOrder } from './5.2-replay-counter-sync.ts';
import { hasDelta } from './6.4-replay-counter-notification.ts';

test('RFC6311-5.2-STANDALONE: a request with a Message ID of its own, and an empty response', () => {
  expect(isStandaloneInOrder({ id: 7, response: false, payloads: 1 })).toBe(true);
  expect(isStandaloneInOrder({ id: 0, response: false, payloads: 1 })).toBe(false);
  expect(isStandaloneInOrder({ id: 7, response: true, payloads: 0 })).toBe(true);
  expect(isStandaloneInOrder({ id: 7, response: true, payloads: 1 })).toBe(false);
});

test('RFC6311-6.4-FORMAT: 4 octets, or 8', () => {
  const fitting = [0, 1, 2, 3, 4, 5, 8, 12].filter((octets) => hasDelta({ octets }));
  expect(fitting).toEqual([4, 8]);
});
