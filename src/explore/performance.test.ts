/** What docs/performance.md shows is what docs/performance.json has. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Figures } from './bench/figures.ts';
import { plot } from './bench/plot.ts';
import { withTables } from './bench/tables.ts';

const read = (file: string): string => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
const figures = JSON.parse(read('performance.json')) as Figures;

test('the tables in the page and the plot are those of the figures', () => {
  const page = read('performance.md');
  expect(withTables(page, figures)).toBe(page);
  expect(plot(figures)).toBe(read('performance.svg'));
});

test('all that visit every state of a size have counted the same', () => {
  const exact = figures.figures.filter(({ tool }) => tool !== 'engine-reduced');
  for (const { size, counts } of exact) {
    const first = exact.find((figure) => figure.size === size)!;
    expect([size, counts.states, counts.transitions, counts.depth]).toEqual([
      size,
      first.counts.states,
      first.counts.transitions,
      first.counts.depth,
    ]);
  }
  expect(exact.find(({ size }) => size === 'large')?.counts).toMatchObject({
    states: 24_270_895,
    transitions: 105_581_226,
  });
});

test('a page without a place for a table is told', () => {
  expect(() => withTables('# Performance', figures)).toThrow("no place for 'machine'");
});
