import { expect, test } from 'vitest';
import { closest } from './closest.ts';

test.each([
  ['higestSeen', 'highestSeen'],
  ['isStael', 'isStale'],
  ['m1sent', 'm1Sent'],
  ['x', undefined],
  ['somethingElse', undefined],
])('%s: %s', (name, meant) => {
  expect(closest(name, ['highestSeen', 'isStale', 'm1Sent', 'window'])).toBe(meant);
});
