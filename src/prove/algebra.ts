/**
 * The few operations in which a transition relation is written down. It is written once, and read in two ways:
 * as text for a solver (`smtlib.ts`), and as a computation with actual numbers (`concrete.ts`).
 */

/** What stands for an integer (without bounds), a truth value, and a list of integers. */
export interface Terms {
  readonly int: unknown;
  readonly bool: unknown;
  readonly list: unknown;
}

/** The sort of a variable. */
export type Sort = keyof Terms;

/** One reading of the operations. All of them are total. */
export interface Algebra<T extends Terms> {
  int(value: number): T['int'];
  truth(value: boolean): T['bool'];

  add(a: T['int'], b: T['int']): T['int'];
  /** `a` where the condition is true, else `b`. */
  ite(condition: T['bool'], a: T['int'], b: T['int']): T['int'];

  eq(a: T['int'], b: T['int']): T['bool'];
  /** a < b */
  lt(a: T['int'], b: T['int']): T['bool'];
  /** a <= b */
  le(a: T['int'], b: T['int']): T['bool'];

  not(a: T['bool']): T['bool'];
  /** True if there is nothing to be true. */
  and(...all: readonly T['bool'][]): T['bool'];
  /** False if there is nothing to be true. */
  or(...all: readonly T['bool'][]): T['bool'];
  implies(a: T['bool'], b: T['bool']): T['bool'];

  /** The list that holds these, in this order. */
  list(...items: readonly T['int'][]): T['list'];
  length(list: T['list']): T['int'];
  /** The item with this index, from 0. Outside of the list it is some integer: guard it by `isIndex`. */
  at(list: T['list'], index: T['int']): T['int'];
  append(list: T['list'], item: T['int']): T['list'];

  /** Whether two terms of one sort are the same, lists item by item. */
  same<S extends Sort>(sort: S, a: T[S], b: T[S]): T['bool'];
}

/** The higher of two. */
export const max = <T extends Terms>(algebra: Algebra<T>, a: T['int'], b: T['int']): T['int'] =>
  algebra.ite(algebra.le(a, b), b, a);

/** Whether this is the index of an item: from 0 to below the length. */
export const isIndex = <T extends Terms>(algebra: Algebra<T>, list: T['list'], index: T['int']): T['bool'] =>
  algebra.and(algebra.le(algebra.int(0), index), algebra.lt(index, algebra.length(list)));
