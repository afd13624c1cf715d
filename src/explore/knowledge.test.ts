import fc from 'fast-check';
import { expect, test } from 'vitest';
import { syncModel } from './examples/sync-model.ts';
import { type Options, REDUCTIONS } from './options.ts';
import { Search } from './search.ts';
import { areSame, type StepTables, stepTables } from './step-tables.ts';
import type { System } from './system.ts';
import { randomSystems } from './testing/random-system.ts';
import { symmetricSystems } from './testing/symmetric-system.ts';

/** Searches to the end, and returns how often the tables were replaced; they must always be what new ones would be. */
function replacements<C, M, O, A>(
  system: System<C, M, O, A>,
  noReductions: NonNullable<Options['noReductions']>,
  most = Number.POSITIVE_INFINITY,
): number {
  const search = new Search(system, system.monitors, [], { noReductions });
  const seen = new Set<StepTables>();
  for (let states = 0; !search.finished && states < most; states++) {
    search.run(1);
    const { knowledge, layout } = search;
    const { steps, monitors, sets, dead, symmetry } = knowledge;
    const { views, blocks, code } = steps;
    const components = system.components.length;
    const tables = knowledge.tables(layout);
    seen.add(tables);
    const anew = stepTables({ components, layout, views, blocks, code, monitors, sets, dead, symmetry });
    expect(areSame(tables, anew)).toBe(true);
  }
  return seen.size;
}

test.each([
  ['nothing reduced', REDUCTIONS],
  ['reduced', []],
])('tables are kept as long as they are what new ones would be: %s', (_, noReductions) => {
  const system = syncModel({ members: 3, failovers: 2, requests: 1, bump: 1 });
  const replaced = replacements(system, noReductions, 5000);
  expect(replaced).toBeGreaterThan(20);
  expect(replaced).toBeLessThan(500);
});

test('the same for arbitrary systems', () => {
  for (const systems of [randomSystems, symmetricSystems]) {
    fc.assert(
      fc.property(systems as fc.Arbitrary<System<number, number, number, string>>, (system) => {
        replacements(system, []);
        replacements(system, REDUCTIONS);
      }),
      { numRuns: 20 },
    );
  }
});
