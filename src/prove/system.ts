/** A transition system: what an obligation speaks of, written in the operations of `algebra.ts`. */
import type { Algebra, Sort, Terms } from './algebra.ts';
import type { Concrete } from './concrete.ts';

/** The state variables, with their sorts. */
export type Variables = Readonly<Record<string, Sort>>;

/** A value for each variable. */
export type State<V extends Variables, T extends Terms> = { readonly [Name in keyof V]: T[V[Name]] };

/** What a step leaves open: an integer for each name. Which they are, is up to whoever takes the step. */
export type Choice<C extends string, T extends Terms> = Readonly<Record<C, T['int']>>;

/** A step out of a state, with its choices made. The next state is a function of both. */
export interface Step<V extends Variables, T extends Terms> {
  /** Whether it can be taken. */
  readonly enabled: T['bool'];
  /** What is assumed of it besides; without assumptions, it can be taken also where this is false. */
  readonly assumes: T['bool'];
  readonly next: State<V, T>;
}

export interface Transition<V extends Variables, C extends string> {
  /** Unique in its system. */
  readonly name: string;
  /** The choices that it makes use of. */
  readonly choices: readonly C[];
  readonly step: <T extends Terms>(
    algebra: Algebra<T>,
    state: State<V, T>,
    choice: Choice<C, T>,
  ) => Step<V, T>;
  /** The step in words. */
  readonly says: (before: State<V, Concrete>, choice: Choice<C, Concrete>) => string;
}

export interface System<V extends Variables, C extends string> {
  readonly variables: V;
  /** The variables in words. */
  readonly labels: Readonly<Record<keyof V, string>>;
  readonly choices: readonly C[];
  /** The initial states: one for each choice that is allowed. */
  readonly initial: {
    readonly state: <T extends Terms>(
      algebra: Algebra<T>,
      choice: Choice<C, T>,
    ) => { readonly allowed: T['bool']; readonly state: State<V, T> };
    readonly says: (choice: Choice<C, Concrete>) => string;
  };
  readonly transitions: readonly Transition<V, C>[];
}

/** Something that must not happen in a step of a certain transition. */
export interface Violation<V extends Variables, C extends string> {
  readonly name: string;
  /** Name of the transition. */
  readonly transition: string;
  /** Whether it happens; `index` is any integer at all: an index of whatever list it looks into. */
  readonly happens: <T extends Terms>(
    algebra: Algebra<T>,
    before: State<V, T>,
    choice: Choice<C, T>,
    index: T['int'],
  ) => T['bool'];
}

/** Applied to every variable, in their order. */
export const mapVariables = <V extends Variables, R>(
  variables: V,
  each: (name: keyof V & string, sort: Sort) => R,
): readonly R[] => Object.entries(variables).map(([name, sort]) => each(name, sort));

/** Whether two states are the same in all variables. */
export const sameState = <V extends Variables, T extends Terms>(
  algebra: Algebra<T>,
  variables: V,
  a: State<V, T>,
  b: State<V, T>,
): T['bool'] => algebra.and(...mapVariables(variables, (name, sort) => algebra.same(sort, a[name], b[name])));
