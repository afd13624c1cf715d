/** A predicate over the values of components, answered by state number and evaluated once per tuple of values. */
import { GrowingInts } from './growing-ints.ts';
import type { Search } from './search.ts';
import type { Predicate } from './system.ts';
import { TupleTable } from './tuple-table.ts';

/** A 1 for each state that satisfies the predicate. */
export function satisfying<C, M, O, A>(search: Search<C, M, O, A>, predicate: Predicate<C>): Uint8Array {
  const { table, layout, words } = search;
  const tuples = new TupleTable(predicate.reads);
  const answers = new GrowingInts();
  const marks = new Uint8Array(table.count);
  const row = new Int32Array(layout.words);
  const ids = new Int32Array(words.components.length);
  for (let state = 0; state < marks.length; state++) {
    table.read(state, row);
    for (const component of predicate.reads) ids[component] = layout.read(row, component);
    let tuple = tuples.find(ids);
    if (tuple < 0) {
      tuple = tuples.add(ids);
      const values = predicate.reads.map((component) =>
        words.components[component]!.valueOf(ids[component]!),
      );
      answers.push(predicate.holds(values) ? 1 : 0);
    }
    marks[state] = answers.data[tuple]!;
  }
  return marks;
}
