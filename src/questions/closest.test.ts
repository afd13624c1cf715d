import { expect, test } from 'vitest';
import { closest, namesHint } from './closest.ts';

test.each([
  ['higestSeen', 'highestSeen'],
  ['isStael', 'isStale'],
  ['m1sent', 'm1Sent'],
  ['x', undefined],
  ['somethingElse', undefined],
])('%s: %s', (name, meant) => {
  expect(closest(name, ['highestSeen', 'isStale', 'm1Sent', 'window'])).toBe(meant);
});

test('a long list of names is cut to the nearest ones', () => {
  const few = ['isStale', 'window'];
  expect(namesHint('slots', 'x', few, 'ipsecha slots')).toBe('slots are: isStale, window');
  const many = Array.from({ length: 30 }, (_, at) => `window-${at}`).concat(
    'recovery-fair',
    'recovery-possible',
  );
  expect(namesHint('names', 'recovry-fair', many, 'ipsecha names')).toBe(
    'like it: recovery-fair; ipsecha names lists them all',
  );
  expect(namesHint('names', 'recovery', many, 'ipsecha names')).toBe(
    'like it: recovery-fair, recovery-possible; ipsecha names lists them all',
  );
  expect(namesHint('names', 'zebra', many, 'ipsecha names')).toBe('ipsecha names lists them all');
  expect(namesHint('names', 'window', many, 'ipsecha names').split(', ')).toHaveLength(5);
});
