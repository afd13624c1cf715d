/** Holds `docs/flaws.md` to what the explorer finds. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { rfc6311, scenarios } from '../../model/index.ts';
import { foundBy } from './find.ts';
import { flaws } from './flaws.ts';
import { flawsPage, PAGE, RECORD, type Recorded } from './page.ts';

const record = JSON.parse(await readFile(RECORD, 'utf8')) as Recorded;

test('the page is made of the record, and every flaw is found', async () => {
  expect(await readFile(PAGE, 'utf8')).toBe(flawsPage(record));
  expect(record.map(({ flaw }) => flaw)).toEqual(flaws.map(({ name }) => name));
  expect(flaws.length).toBeGreaterThanOrEqual(14);
});

test.each(record)('$flaw is found by $property in $scenario', async ({ flaw, scenario, property, depth }) => {
  const { revision } = flaws.find(({ name }) => name === flaw)!;
  const place = scenarios.find(({ name }) => name === scenario)!;
  expect(await foundBy(flaw, revision, place, property)).toMatchObject({ depth });
});

test('without a flaw, none of that is broken', async () => {
  const [first] = record;
  const place = scenarios.find(({ name }) => name === first!.scenario)!;
  expect(await foundBy('none', rfc6311, place, first!.property)).toBeUndefined();
});
