/** Linear sums of integers that are not known, and what can be asked of one: is it at most 0, is it 0, is it in a list? */

/** An integer that is not known. */
export interface Variable {
  readonly name: string;
  /** From 1; in the order in which they were first named. */
  readonly index: number;
  readonly least?: number;
  readonly most?: number;
  /** What it is, where it stands for a whole quotient: the sum, never below 0, divided by a number, rounded down. */
  readonly quotient?: { readonly of: Sum; readonly by: number };
}

/** What is thrown where a function uses an integer in a way that is not followed: never passed over in silence. */
export class NotFollowed extends Error {
  override readonly name = 'NotFollowed';

  constructor(message: string) {
    super(message);
    refusal ??= this;
  }
}

let refusal: NotFollowed | null = null;

/** The first that could not be followed since somebody asked last: also where the code that is followed caught it. */
export function takeRefusal(): NotFollowed | null {
  const taken = refusal;
  refusal = null;
  return taken;
}

/**
 * `constant` and, for each variable, how often it is added. Never changed. At least one variable is in it, but where it
 * is asked of a list whether a known number is in it.
 */
export class Sum {
  readonly constant: number;
  /** In the order of the variables; no factor is 0. */
  readonly terms: readonly (readonly [Variable, number])[];

  constructor(constant: number, terms: Sum['terms']) {
    this.constant = constant;
    this.terms = terms;
    Object.freeze(this);
  }

  /** Where JavaScript itself would make a number or a text of it, some code was not rewritten. */
  [Symbol.toPrimitive](): never {
    throw new NotFollowed('an integer that is not known is used as a number by code that was not rewritten');
  }

  toJSON(): never {
    return this[Symbol.toPrimitive]();
  }
}

/** An integer that is not known divided by one that is: until it is rounded, one can do nothing with it. */
export class Fraction {
  readonly of: Sum;
  /** Whole, 2 or more. */
  readonly by: number;

  constructor(of: Sum, by: number) {
    this.of = of;
    this.by = by;
    Object.freeze(this);
  }

  refused(): never {
    throw new NotFollowed('a quotient of a number that is not known is used before it is rounded');
  }

  [Symbol.toPrimitive](): never {
    return this.refused();
  }

  toJSON(): never {
    return this.refused();
  }
}

export const sumOf = (variable: Variable): Sum => new Sum(0, [[variable, 1]]);

/** A sum, or a number where nothing unknown is left of it. */
function made(constant: number, terms: Sum['terms']): Sum | number {
  if (!Number.isSafeInteger(constant)) {
    throw new NotFollowed(`${constant} is added to an integer that is not known`);
  }
  const large = terms.find(([, many]) => !Number.isSafeInteger(many));
  if (large !== undefined) throw new NotFollowed(`${large[1]} times an integer that is not known`);
  return terms.length === 0 ? constant : new Sum(constant, terms);
}

/** a + factor * b */
export function plus(a: Sum | number, b: Sum | number, factor = 1): Sum | number {
  const [left, right] = [termsOf(a), termsOf(b)];
  const terms: (readonly [Variable, number])[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [one, other] = [left[i], right[j]];
    if (one !== undefined && (other === undefined || one[0].index < other[0].index)) {
      terms.push(one);
      i++;
    } else if (other !== undefined && (one === undefined || other[0].index < one[0].index)) {
      terms.push([other[0], factor * other[1]]);
      j++;
    } else if (one !== undefined && other !== undefined) {
      const times = one[1] + factor * other[1];
      if (times !== 0) terms.push([one[0], times]);
      i++;
      j++;
    }
  }
  return made(constantOf(a) + factor * constantOf(b), terms);
}

/** A sum so many times. */
export const times = (a: Sum, factor: number): Sum | number =>
  factor === 0
    ? 0
    : made(
        factor * a.constant,
        a.terms.map(([variable, many]) => [variable, factor * many] as const),
      );

const termsOf = (a: Sum | number): Sum['terms'] => (typeof a === 'number' ? [] : a.terms);

const constantOf = (a: Sum | number): number => (typeof a === 'number' ? a : a.constant);

/** `at-most`: the sum is at most 0; `is`: it is 0; `in`: it is in a list of which nothing is known (`number-lists.ts`). */
export interface Question {
  readonly asks: 'at-most' | 'is' | 'in';
  readonly sum: Sum;
  /** The name of the list; none, if no list is asked of. */
  readonly list?: string;
  /** The same for the same question. */
  readonly key: string;
}

/** Whatever else was named before, texts are the same. */
const byName = ({ terms }: Sum): Sum['terms'] =>
  [...terms].sort(([one], [other]) => (one.name < other.name ? -1 : 1));

/** @param list its name, where one is asked of */
export function question(asks: Question['asks'], sum: Sum, list?: string): Question {
  if (list !== undefined) return { asks, sum, list, key: `in ${list} ${termsText(sum)}` };
  const first = byName(sum)[0]?.[1] ?? 1;
  // x - y is 0 if y - x is.
  const turned = asks === 'is' && first < 0 ? times(sum, -1) : sum;
  if (typeof turned === 'number') throw new Error('a sum without a variable');
  return { asks, sum: turned, key: `${asks === 'is' ? '=' : '<='} ${termsText(turned)}` };
}

const termsText = ({ terms, constant }: Sum): string =>
  `${terms.map(([{ index }, many]) => `${many}*${index}`).join('+')} ${constant}`;

/** The value of a sum, given those of the variables. */
export const numberOf = (a: Sum | number, values: (name: string) => number): number =>
  typeof a === 'number'
    ? a
    : a.terms.reduce((total, [{ name }, many]) => total + many * values(name), a.constant);

const numeral = (value: number): string => (value < 0 ? `(- ${-value})` : `${value}`);

/** A sum as text of SMT-LIB. */
export function sumText(a: Sum | number): string {
  if (typeof a === 'number') return numeral(a);
  const terms = byName(a).map(([{ name }, many]) =>
    many === 1 ? `|${name}|` : `(* ${numeral(many)} |${name}|)`,
  );
  const all = a.constant === 0 && terms.length > 0 ? terms : [...terms, numeral(a.constant)];
  return all.length === 1 ? all.join('') : `(+ ${all.join(' ')})`;
}

/** A question, with the answer that was given, as text of SMT-LIB. */
export function answeredText({ asks, sum, list }: Question, answer: boolean): string {
  const text =
    list === undefined ? `(${asks === 'is' ? '=' : '<='} ${sumText(sum)} 0)` : `(|${list}| ${sumText(sum)})`;
  return answer ? text : `(not ${text})`;
}
