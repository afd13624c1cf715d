import { expect, test } from 'vitest';
import { settingsFor } from '../../model/index.ts';
import { stableFigures } from '../explore/testing/figures.ts';
import { check, revisionNamed, scenarioNamed } from './check.ts';

test.each([
  ['ikev2', 'single-failover'],
  ['rfc6311', 'single-failover'],
  ['ipsecha-01', 'message-id-only'],
])('%s in %s: several workers find what one finds', async (name, place) => {
  const [revision, scenario] = [revisionNamed(name), scenarioNamed(place)];
  const settings = settingsFor(scenario, 'small', revision);
  const found = async (workers: number) => {
    const result = await check({ revision, scenario, settings, size: 'small', workers, threadsFrom: 0 });
    const figures = stableFigures(result.statistics);
    expect(figures.workers).toBe(workers);
    return JSON.stringify({ ...result, statistics: { ...figures, workers: 0 } });
  };
  const expected = await found(1);
  for (const workers of [2, 4]) expect(await found(workers)).toBe(expected);
});
