import { expect, test } from 'vitest';
import { ikev2, rfc6311, scenarios, settingsFor } from '../../model/index.ts';
import { boundsOf } from './check.ts';
import { coveredWords } from './covered.ts';

const bounds = { bump: 3, requests: 3, 'state-sync': 'any', lag: 1 };

test.each([
  [{}, 'bump 3 covers all 3 requests that a snapshot can lack'],
  [{ requests: 1 }, 'bump 3 covers the one request that a snapshot can lack'],
  [{ requests: 100, 'state-sync': 'never' }, 'bump 3 does not cover all 100 requests'],
  [{ 'state-sync': 'periodic' }, 'bump 3 covers the 1 of 3 requests that a snapshot can lack (lag)'],
  [{ 'state-sync': 'periodic', bump: 1, lag: 2 }, 'bump 1 does not cover the 2 of 3 requests'],
  // Each of the requests may replace a Child SA, and its DELETE is one more.
  [
    { rekey: 'child', 'rekey-old': 'until-delete', 'rekey-by': 'cluster', failovers: 1 },
    'bump 3 does not cover all 6 requests, DELETEs among them, that',
  ],
  [{ rekey: 'child', 'rekey-old': 'until-delete', 'rekey-by': 'peer' }, 'bump 3 covers all 3 requests that'],
])('%o', (changes, words) => expect(coveredWords({ ...bounds, ...changes })).toContain(words));

test.each([{ requests: 0 }, { 'state-sync': 'each-step' }])('nothing to say of %o', (changes) => {
  expect(coveredWords({ ...bounds, ...changes })).toBeUndefined();
});

test('nor of a revision without counter sync; in one scenario the bump does not cover all requests', () => {
  const [first] = scenarios;
  expect(coveredWords(boundsOf(ikev2, settingsFor(first!, 'small', ikev2)))).toBeUndefined();
  const periodic = scenarios.find(({ name }) => name === 'periodic-state-sync')!;
  expect(coveredWords(boundsOf(rfc6311, settingsFor(periodic, 'small', rfc6311)))).toContain('the 1 of 2');
});
