/** A second opinion: the model and the twin, which was written from the texts apart from it, count the same. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Revision, rfc6311 } from '../../model/index.ts';
import { hasSpin } from '../explore/bench/spin.ts';
import type { CheckResult } from '../questions/check.ts';
import { isWhole } from '../testing/sweep.ts';
import { type Counted, configurations, configurationsTable } from './configurations.ts';
import { modelCounts } from './model-counts.ts';
import type { TwinOptions } from './promela.ts';
import { spinOf } from './spin-counts.ts';

const MINUTES = 600_000;

const taken = configurations
  .filter(({ isQuick }) => isWhole || isQuick)
  .map(
    ({ counts, isQuick: _, ...options }) =>
      [Object.values(options).flat().join(' '), options, counts] as const,
  );

const counted = ({ properties, statistics }: CheckResult): Counted => {
  const [property] = properties;
  if (property?.counterexample !== undefined) return { violatedIn: property.counterexample.steps.length };
  const { states, transitions, depth } = statistics;
  expect(property?.verdict).toBe('holds');
  return { states, transitions, depth };
};

test.each(taken)('the model has as much of it as is written down: %s', async (_name, options, counts) => {
  expect(counted(await modelCounts(options))).toEqual(counts);
});

// In CI it is installed.
describe.skipIf(!hasSpin())('SPIN', () => {
  test.each(taken)(
    'counts the same of the twin: %s',
    (_name, options, counts) => {
      const { violatedIn, states, transitions, depth } = spinOf(options);
      expect(violatedIn === null ? { states, transitions, depth } : { violatedIn }).toEqual(counts);
    },
    MINUTES,
  );
});

describe('a difference is seen', () => {
  const options: TwinOptions = {
    ...{ revision: 'rfc6311', members: 2, requests: 1, failovers: 1, retries: 0, bump: 0 },
    ...{ stateSync: 'any', without: [], property: 'sync-response-fresh' },
  };
  const { counterSync } = rfc6311;
  if (counterSync === null) throw new Error('RFC 6311 syncs counters');
  const changed = (slots: Partial<typeof counterSync>): Revision => ({
    ...rfc6311,
    counterSync: { ...counterSync, ...slots },
  });

  test.each([
    ['M1 is one higher', changed({ chooseM1: (lowest, bump) => lowest + bump + 1 })],
    ['M2 is one higher', changed({ chooseM2: (sa, m1) => Math.max(sa.highestSeen + 1, m1) + 1 })],
    ['P2 is that of the request', changed({ chooseP2: (_sa, p1) => p1 })],
    ['an M1 may be equal', changed({ isStale: (sa, m1) => m1 < sa.highestSeen })],
  ])('%s', async (_name, revision) => {
    const [as, other] = [await modelCounts(options), await modelCounts(options, revision)];
    expect(counted(other)).not.toEqual(counted(as));
  });
});

test('docs/trust.md has the counts', () => {
  const page = readFileSync(new URL('../../docs/trust.md', import.meta.url), 'utf8');
  expect(page).toContain(configurationsTable());
});
