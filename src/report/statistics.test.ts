import { expect, test } from 'vitest';
import { rfc6311, scenarios, settingsFor } from '../../model/index.ts';
import { check } from '../questions/check.ts';
import { renderStatistics } from './statistics.ts';
import { terminalOf } from './terminal.ts';

test('shows what was computed and what was found in tables, and the seconds of search and verdicts', async () => {
  const scenario = scenarios.find(({ name }) => name === 'combined');
  if (scenario === undefined) throw new Error('there is no such scenario');
  const settings = settingsFor(scenario, 'small', rfc6311);
  const result = await check({ revision: rfc6311, scenario, size: 'small', settings });
  const { statistics } = result;
  const text = renderStatistics(result, terminalOf({}, {}));
  const shown = (name: string): number =>
    Number(new RegExp(`^${name} +([\\d,.]+)$`, 'm').exec(text)?.[1]?.replaceAll(',', ''));
  expect(shown('local steps computed')).toBe(statistics.evaluations);
  expect(shown('table hits')).toBe(statistics.tableHits);
  expect(shown('seconds of the search')).toBeCloseTo(statistics.seconds, 2);
  expect(shown('seconds of the verdicts')).toBeCloseTo(statistics.verdictSeconds, 2);
  // Each state asks once for each set of components that rules touch; nearly all is known by then.
  expect(statistics.tableHits).toBeGreaterThan(statistics.states);
  expect(statistics.tableHits).toBeGreaterThan(statistics.evaluations);
});
