/** A predicate over the values of components, answered by state number and evaluated once per tuple of values. */
import { DeclarationDefect } from './defect.ts';
import { GrowingInts } from './growing-ints.ts';
import { forEachBelow, type Work } from './judging.ts';
import type { Search } from './search.ts';
import type { Predicate } from './system.ts';
import { TupleTable } from './tuple-table.ts';

/**
 * A 1 for each state that satisfies the predicate.
 *
 * @param among - a 1 for each state that is asked about; absent: all are
 */
export function* satisfying<C, M, O, A>(
  search: Search<C, M, O, A>,
  predicate: Predicate<C>,
  among?: Uint8Array,
): Work<Uint8Array> {
  const { table, layout } = search;
  const { words } = search.knowledge;
  const tuples = new TupleTable(predicate.reads);
  const answers = new GrowingInts();
  const marks = new Uint8Array(table.count);
  const row = new Int32Array(layout.words);
  const ids = new Int32Array(words.components.length);
  const exchanges = search.knowledge.symmetry?.exchanges ?? [];
  yield* forEachBelow(marks.length, 'asking where it matters', (state) => {
    if (among !== undefined && among[state] === 0) return;
    table.read(state, row);
    for (const component of predicate.reads) ids[component] = layout.read(row, component);
    let tuple = tuples.find(ids);
    if (tuple < 0) {
      tuple = tuples.add(ids);
      const values = predicate.reads.map((component) =>
        words.components[component]!.valueOf(ids[component]!),
      );
      const holds = predicate.holds(values);
      checkExchanges(search, exchanges, predicate, values, holds);
      answers.push(holds ? 1 : 0);
    }
    marks[state] = answers.data[tuple]!;
  });
  return marks;
}

/** Where states are kept that stand for others, a predicate must not tell those apart. */
function checkExchanges<C, M, O, A>(
  { system }: Search<C, M, O, A>,
  exchanges: readonly (readonly [number, number])[],
  { reads, holds }: Predicate<C>,
  values: readonly C[],
  answer: boolean,
): void {
  for (const [one, other] of exchanges) {
    const [i, j] = [reads.indexOf(one), reads.indexOf(other)];
    if (i < 0 && j < 0) continue;
    const exchanged = [...values];
    if (i >= 0 && j >= 0) [exchanged[i], exchanged[j]] = [values[j]!, values[i]!];
    if (i < 0 || j < 0 || holds(exchanged) !== answer) {
      throw new DeclarationDefect(
        `components '${system.components[one]}' and '${system.components[other]}' are declared interchangeable, but a progress property tells them apart`,
      );
    }
  }
}
