/** The operations as a computation with actual numbers. */
import type { Algebra, Sort } from './algebra.ts';

export interface Concrete {
  readonly int: bigint;
  readonly bool: boolean;
  readonly list: readonly bigint[];
}

/** What stands outside of a list. Any integer would do, since every use is guarded. */
const OUTSIDE = 0n;

export const concrete: Algebra<Concrete> = {
  int: (value) => BigInt(value),
  truth: (value) => value,
  add: (a, b) => a + b,
  ite: (condition, a, b) => (condition ? a : b),
  eq: (a, b) => a === b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  not: (a) => !a,
  and: (...all) => all.every((each) => each),
  or: (...all) => all.some((each) => each),
  implies: (a, b) => !a || b,
  list: (...items) => items,
  length: (list) => BigInt(list.length),
  at: (list, index) => (index >= 0n ? list[Number(index)] : undefined) ?? OUTSIDE,
  append: (list, item) => [...list, item],
  same: <S extends Sort>(_sort: S, a: Concrete[S], b: Concrete[S]) => isSame(a, b),
};

type AnyValue = Concrete[Sort];

const isSame = (a: AnyValue, b: AnyValue): boolean =>
  typeof a === 'object' && typeof b === 'object'
    ? a.length === b.length && a.every((item, index) => item === b[index])
    : a === b;
