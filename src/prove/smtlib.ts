/**
 * The operations as text of SMT-LIB 2 (logic QF_AUFLIA: integers without bounds, arrays, no quantifiers).
 * Text, not the objects of one solver: so the questions can be kept, compared, and put to another solver.
 */
import type { Algebra, Sort } from './algebra.ts';

export interface Text {
  readonly int: string;
  readonly bool: string;
  /** A list is its length with an array from index to item; beyond the length the array means nothing. */
  readonly list: { readonly length: string; readonly items: string };
}

const apply = (operation: string, ...args: readonly string[]): string => `(${operation} ${args.join(' ')})`;

const numeral = (value: number): string => (value < 0 ? `(- ${-value})` : `${value}`);

/** `and` or `or`, which SMT-LIB does not know of no arguments. */
const joined = (operation: string, all: readonly string[], ofNone: string): string =>
  all.length === 0 ? ofNone : all.length === 1 ? all.join('') : apply(operation, ...all);

const NO_ITEMS = '((as const (Array Int Int)) 0)';

const append = (list: Text['list'], item: string): Text['list'] => ({
  length: apply('+', list.length, '1'),
  items: apply('store', list.items, list.length, item),
});

export const smtlib: Algebra<Text> = {
  int: numeral,
  truth: (value) => `${value}`,
  add: (a, b) => apply('+', a, b),
  ite: (condition, a, b) => apply('ite', condition, a, b),
  eq: (a, b) => apply('=', a, b),
  lt: (a, b) => apply('<', a, b),
  le: (a, b) => apply('<=', a, b),
  not: (a) => apply('not', a),
  and: (...all) => joined('and', all, 'true'),
  or: (...all) => joined('or', all, 'false'),
  implies: (a, b) => apply('=>', a, b),
  list: (...items) =>
    items.reduce<Text['list']>((list, item) => append(list, item), { length: '0', items: NO_ITEMS }),
  length: (list) => list.length,
  at: (list, index) => apply('select', list.items, index),
  append,
  same: <S extends Sort>(_sort: S, a: Text[S], b: Text[S]) => same(a, b),
};

type AnyTerm = Text[Sort];

/** Arrays are compared as wholes: all lists grow from the same empty one, so equal lists have equal arrays. */
const same = (a: AnyTerm, b: AnyTerm): string =>
  typeof a === 'object' && typeof b === 'object'
    ? apply('and', apply('=', a.length, b.length), apply('=', a.items, b.items))
    : apply('=', `${a}`, `${b}`);

/** A constant to be declared, with its sort in SMT-LIB. */
interface Constant {
  readonly name: string;
  readonly sort: 'Int' | 'Bool' | '(Array Int Int)';
}

/** A question to a solver while it is put together: declared constants and what is asserted of them. */
export class Script {
  readonly #constants: Constant[] = [];
  readonly #assertions: string[] = [];

  /** A new constant, of which nothing is known (of a list: only that its length is not negative). */
  constant<S extends Sort>(sort: S, name: string): Text[S];
  constant(sort: Sort, name: string): AnyTerm {
    if (sort === 'list') {
      const list = { length: `${name}.length`, items: `${name}.items` };
      this.#constants.push({ name: list.length, sort: 'Int' }, { name: list.items, sort: '(Array Int Int)' });
      this.assert(smtlib.le('0', list.length));
      return list;
    }
    this.#constants.push({ name, sort: sort === 'int' ? 'Int' : 'Bool' });
    return name;
  }

  assert(claim: string): void {
    this.#assertions.push(claim);
  }

  /** The text, the same for the same calls. */
  text(): string {
    return [
      ...this.#constants.map(({ name, sort }) => `(declare-const ${name} ${sort})`),
      ...this.#assertions.map((claim) => `(assert ${claim})`),
      '',
    ].join('\n');
  }
}
