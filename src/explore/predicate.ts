/**
 * Predicates over the values of components, answered by the numbers of states.
 *
 * Each is evaluated once for each tuple of values that it reads. Which tuple a state has is found out once for all
 * predicates that read the same components one after the other, and what was answered of all states is kept: the same
 * predicate is the scope or the goal of several properties.
 */
import { DeclarationDefect } from './defect.ts';
import { forEachBelow, type Work } from './judging.ts';
import type { Search } from './search.ts';
import type { Predicate } from './system.ts';
import { TupleTable } from './tuple-table.ts';

/** The tuples that the states of a search have at some components. */
interface TuplesOfStates {
  readonly reads: readonly number[];
  readonly tuples: TupleTable;
  /** By the numbers of the states. */
  readonly numbers: Int32Array;
}

const STAGE = 'asking where it matters';
const UNKNOWN = 2;

/** What predicates say of the states of a search that is over. */
export class Predicates<C, M, O, A> {
  readonly #search: Search<C, M, O, A>;
  #last: TuplesOfStates | undefined;
  /** A byte for each state and predicate. */
  readonly #marks = new Map<Predicate<C>, Uint8Array>();

  constructor(search: Search<C, M, O, A>) {
    this.#search = search;
  }

  /**
   * A 1 for each state that satisfies the predicate.
   *
   * @param among - a 1 for each state that is asked about; absent: all are. Of another state nothing is said
   */
  *satisfying(predicate: Predicate<C>, among?: Uint8Array): Work<Uint8Array> {
    const known = this.#marks.get(predicate);
    if (known !== undefined) return known;
    const { tuples, numbers } = yield* this.#tuplesAt(predicate.reads);
    const { ids } = tuples;
    const answers = new Uint8Array(tuples.count).fill(UNKNOWN);
    const marks = new Uint8Array(numbers.length);
    const width = predicate.reads.length;
    yield* forEachBelow(marks.length, STAGE, (state) => {
      if (among !== undefined && among[state] === 0) return;
      const tuple = numbers[state]!;
      if (answers[tuple] === UNKNOWN) {
        answers[tuple] = this.#isSo(predicate, ids.subarray(tuple * width, (tuple + 1) * width)) ? 1 : 0;
      }
      marks[state] = answers[tuple]!;
    });
    if (among === undefined) this.#marks.set(predicate, marks);
    return marks;
  }

  *#tuplesAt(reads: readonly number[]): Work<TuplesOfStates> {
    if (this.#last?.reads.join() === reads.join()) return this.#last;
    // Before there are others: they take room.
    this.#last = undefined;
    const { table, layout, knowledge } = this.#search;
    const tuples = new TupleTable(reads);
    const numbers = new Int32Array(table.count);
    const row = new Int32Array(layout.words);
    const ids = new Int32Array(knowledge.words.components.length);
    yield* forEachBelow(numbers.length, STAGE, (state) => {
      table.read(state, row);
      for (let i = 0; i < reads.length; i++) ids[reads[i]!] = layout.read(row, reads[i]!);
      const tuple = tuples.find(ids);
      numbers[state] = tuple < 0 ? tuples.add(ids) : tuple;
    });
    this.#last = { reads, tuples, numbers };
    return this.#last;
  }

  #isSo(predicate: Predicate<C>, ids: Int32Array): boolean {
    const { components } = this.#search.knowledge.words;
    const values = predicate.reads.map((component, i) => components[component]!.valueOf(ids[i]!));
    const holds = predicate.holds(values);
    checkExchanges(this.#search, predicate, values, holds);
    return holds;
  }
}

/** Where states are kept that stand for others, a predicate must not tell those apart. */
function checkExchanges<C, M, O, A>(
  { system, knowledge: { symmetry } }: Search<C, M, O, A>,
  { reads, holds }: Predicate<C>,
  values: readonly C[],
  answer: boolean,
): void {
  for (const [one, other] of symmetry?.exchanges ?? []) {
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
