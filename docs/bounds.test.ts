/** docs/bounds.md tells of the scenarios as they are, and says what docs/bounds.json does. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { rfc6311, scenarios, settingsFor, usual } from '../model/index.ts';
import { expectedChecks } from '../src/overview/expected.ts';
import { boundsOf } from '../src/questions/check.ts';
import { boundsPage, readBounds } from '../src/report/bounds-page.ts';

const rows = readBounds(await readFile(new URL('./bounds.json', import.meta.url), 'utf8'));

it('is made from the data beside it', async () => {
  expect(await readFile(new URL('./bounds.md', import.meta.url), 'utf8')).toBe(boundsPage(rows));
});

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (name, scenario) => {
  it.each(['medium', 'large'])('is measured at size %s', (size) => {
    expect(rows.filter((each) => each.scenario === name && each.size === size)).toHaveLength(1);
  });

  it.each(rows.filter((each) => each.scenario === name).map((row) => [row.size, row] as const))(
    'has its present bounds at size %s, and was visited to the end',
    (size, row) => {
      const settings = settingsFor(scenario, size === 'large' ? 'large' : 'medium', rfc6311);
      // A setting that came after the measurement was then as it usually is.
      const measured = { ...boundsOf(rfc6311, usual), ...row.bounds };
      const present = boundsOf(rfc6311, settings);
      const keys = new Set([...Object.keys(present), ...Object.keys(row.bounds)]);
      for (const key of keys) expect([key, measured[key]]).toEqual([key, present[key]]);
      expect(row.complete).toBe(true);
    },
  );

  it('holds at small what a larger size does not break', () => {
    const small = expectedChecks['rfc6311']?.[name] ?? '';
    for (const { broken } of rows.filter((row) => row.scenario === name)) {
      for (const found of broken.filter((text) => !text.endsWith('inconclusive'))) {
        expect(small).toContain(found.split(' ')[0]);
      }
    }
  });
});
