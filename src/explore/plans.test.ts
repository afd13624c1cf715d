import { expect, test } from 'vitest';
import { syncModel } from './examples/sync-model.ts';
import { REDUCTIONS } from './options.ts';
import { NO_PLAN, Plans } from './plans.ts';
import { RowLayout } from './row-layout.ts';
import { Search } from './search.ts';

/** A search that has ended, and has been asked about all that there is in it. */
function searched(): Search<unknown, unknown, unknown, unknown> {
  const search = new Search(syncModel({ members: 2, failovers: 1, requests: 1, bump: 1 }), [], [], {
    noReductions: REDUCTIONS,
  });
  while (!search.finished) search.run(search.batchSize);
  return search as never;
}

test('a plan is found by the components of a row alone, and is what it was when it is made anew', () => {
  const { table, layout, knowledge } = searched();
  const plans = new Plans(knowledge.tables(layout));
  const row = new Int32Array(layout.words);
  const parts = (plan: number): readonly number[] => [
    ...plans.data.subarray(plan, plan + plans.items - 1),
    ...plans.data.subarray(plan + plans.items, plans.data[plan + plans.items - 1]),
  ];
  const { length } = layout.sizes;
  const setField = length - 1;
  const known = new Map<string, readonly number[]>();
  for (let state = 0; state < table.count; state++) {
    table.read(state, row);
    const ids = Int32Array.from(layout.sizes, (_, field) => layout.read(row, field));
    const components = ids.subarray(0, knowledge.words.components.length).join();
    const plan = plans.find(row);
    expect(plan === NO_PLAN).toBe(!known.has(components));
    if (plan !== NO_PLAN) expect(parts(plan)).toEqual(known.get(components));
    known.set(components, parts(plans.make(row, ids)));
    layout.write(row, setField, 0);
    expect(plans.find(row)).not.toBe(NO_PLAN);
  }
  expect(known.size).toBeGreaterThan(20);
  expect(known.size).toBeLessThan(table.count);
});

test('plans do not outlive the layout of rows that they are for, even if the same bits hold components', () => {
  const { table, layout, knowledge } = searched();
  const tables = knowledge.tables(layout);
  const plans = new Plans(tables);
  const row = new Int32Array(layout.words);
  table.read(0, row);
  const ids = Int32Array.from(layout.sizes, (_, field) => layout.read(row, field));
  plans.make(row, ids);
  plans.use({ ...tables, layout: { ...tables.layout, shift: Int32Array.from(tables.layout.shift) } });
  expect(plans.find(row)).not.toBe(NO_PLAN);

  const [a, b] = [layout.shift[0]!, layout.shift[1]!];
  const shift = Int32Array.from(layout.shift, (bits, field) => (field === 0 ? b : field === 1 ? a : bits));
  plans.use({ ...tables, layout: { ...tables.layout, shift } });
  expect(plans.find(row)).toBe(NO_PLAN);

  plans.make(row, ids);
  plans.use(knowledge.tables(new RowLayout(layout.sizes.map((size) => 2 * size))));
  expect(plans.find(row)).toBe(NO_PLAN);
});
