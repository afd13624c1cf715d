/**
 * What rewritten code (`instrument.ts`) calls in place of the operators of the language: the same for values that are
 * known; for integers that are not, a sum, or the answer on the way that is looked at (`paths.ts`). What cannot be
 * followed is refused with the place where it stands.
 */
import { isAtMost, isSameNumber } from './compare.ts';
import { Fraction, NotFollowed, plus, Sum, times } from './linear.ts';
import {
  filteredNumbers,
  isAnothers,
  isIn,
  isNumberList,
  joinedNumbers,
  markPure,
  mustBePure,
  type NumberList,
  ofIndices,
  setOf,
  sortedNumbers,
} from './number-lists.ts';
import { knownMost, quotientOf } from './paths.ts';

/** A text with an integer in it that is not known, such as a name made from a number. */
export class Text {
  readonly before: string;
  readonly value: Sum;
  readonly after: string;

  constructor(before: string, value: Sum, after: string) {
    this.before = before;
    this.value = value;
    this.after = after;
    Object.freeze(this);
  }

  [Symbol.toPrimitive](): never {
    throw new NotFollowed('a text that is not known is used as a text by code that was not rewritten');
  }

  toJSON(): never {
    return this[Symbol.toPrimitive]();
  }
}

/** A text that is only shown: it holds several unknown integers, so it is compared with nothing. */
export class Prose {
  [Symbol.toPrimitive](): never {
    throw new NotFollowed('a text with several numbers that are not known is looked at');
  }

  toJSON(): string {
    return '(a text)';
  }
}

type Unknown = Sum | Text | Prose | Fraction;

const isUnknown = (value: unknown): value is Unknown =>
  value instanceof Sum || value instanceof Text || value instanceof Prose || value instanceof Fraction;

const isCount = (value: unknown): value is Sum | number => typeof value === 'number' || value instanceof Sum;

const DIGIT = /\d|-/;

function isSameText(a: Text, b: unknown): boolean {
  if (typeof b === 'number' || b instanceof Sum || typeof b === 'boolean' || b === null || b === undefined)
    return false;
  if (b instanceof Text && a.before === b.before && a.after === b.after)
    return isSameNumber(a.value, b.value);
  const other = typeof b === 'string' ? b : b instanceof Text ? b.before : undefined;
  // They differ before any number begins.
  if (other !== undefined) {
    const known = typeof b === 'string' ? b : other;
    const length = Math.min(a.before.length, known.length);
    if (a.before.slice(0, length) !== known.slice(0, length)) return false;
    if (typeof b === 'string' && b.length > length && !DIGIT.test(b[length] ?? '')) return false;
  }
  throw new NotFollowed('two texts of different make are compared');
}

const lessOrSame = (a: unknown, b: unknown, site: string): boolean => {
  if (!isCount(a) || !isCount(b)) throw new NotFollowed(`what is compared is no number, at ${site}`);
  return isAtMost(a, b);
};

/** Values that are known are compared by the language itself. */
const areKnown = (a: unknown, b: unknown): boolean => !isUnknown(a) && !isUnknown(b);

// What is known may be of any type: the operators themselves say what they make of it.
type Known = number;

function eq(a: unknown, b: unknown): boolean {
  if (a === b || areKnown(a, b)) return a === b;
  for (const each of [a, b]) if (each instanceof Fraction) each.refused();
  if (a instanceof Prose || b instanceof Prose)
    throw new NotFollowed('a text that is only shown is compared');
  if (a instanceof Text) return isSameText(a, b);
  if (b instanceof Text) return isSameText(b, a);
  return isCount(a) && isCount(b) && isSameNumber(a, b);
}

function truthy(value: unknown): boolean {
  if (value instanceof Sum) return !eq(value, 0);
  if (value instanceof Text || value instanceof Prose) return true;
  if (value instanceof Fraction) return value.refused();
  return Boolean(value);
}

function add(a: unknown, b: unknown, site: string): unknown {
  if (areKnown(a, b)) return (a as Known) + (b as Known);
  for (const each of [a, b]) if (each instanceof Fraction) each.refused();
  if (isCount(a) && isCount(b)) {
    if (a === Infinity || a === -Infinity || Number.isNaN(a)) return a;
    if (b === Infinity || b === -Infinity || Number.isNaN(b)) return b;
    return plus(a, b);
  }
  if ([a, b].every((each) => typeof each === 'string' || isCount(each) || isUnknown(each))) {
    return text(['', '', ''], [a, b]);
  }
  throw new NotFollowed(`what is added is neither a number nor a text, at ${site}`);
}

function multiply(a: unknown, b: unknown, site: string): unknown {
  if (areKnown(a, b)) return (a as Known) * (b as Known);
  if (a instanceof Sum && typeof b === 'number') return scaled(a, b, site);
  if (b instanceof Sum && typeof a === 'number') return scaled(b, a, site);
  throw new NotFollowed(`a product of two numbers that are not known is not linear, at ${site}`);
}

/** A whole number from 2 on by which a number that is not known can be divided: what comes of it is linear. */
const isDivisor = (by: unknown): by is number => Number.isSafeInteger(by) && (by as number) > 1;

function divide(a: unknown, b: unknown, site: string): unknown {
  if (areKnown(a, b)) return (a as Known) / (b as Known);
  if (a instanceof Sum && isDivisor(b)) return new Fraction(a, b);
  throw new NotFollowed(`a quotient of a number that is not known is not linear, at ${site}`);
}

/** The quotient of a number that is not below 0, rounded down. */
const lower = (of: Sum | number, by: number): Sum | number =>
  typeof of === 'number' ? Math.floor(of / by) : quotientOf(of, by);

const negative = (of: Sum | number): Sum | number => (typeof of === 'number' ? -of : times(of, -1));

/** The quotient of a number that is not below 0, rounded up. */
const upper = (of: Sum | number, by: number): Sum | number => lower(plus(of, by - 1), by);

type Rounding = 'floor' | 'ceil' | 'trunc';

/** Towards minus infinity, plus infinity or 0. */
function rounded({ of, by }: Fraction, how: Rounding): unknown {
  if (isAtMost(0, of)) return how === 'ceil' ? upper(of, by) : lower(of, by);
  const size = negative(of);
  return negative(how === 'floor' ? upper(size, by) : lower(size, by));
}

/** What is left of a division by a whole number has the sign of what is divided. */
function remainder(a: unknown, b: unknown, site: string): unknown {
  if (areKnown(a, b)) return (a as Known) % (b as Known);
  if (!(a instanceof Sum) || !isDivisor(b))
    throw new NotFollowed(`a remainder of a number that is not known is not linear, at ${site}`);
  const left = (of: Sum | number): Sum | number => plus(of, lower(of, b), -b);
  return isAtMost(0, a) ? left(a) : negative(left(negative(a)));
}

function scaled(a: Sum, factor: number, site: string): unknown {
  if (Number.isSafeInteger(factor)) return times(a, factor);
  if (Math.abs(factor) !== Infinity)
    throw new NotFollowed(`a fraction of a number that is not known, at ${site}`);
  if (eq(a, 0)) return Number.NaN;
  return isAtMost(a, 0) ? -factor : factor;
}

/** The text of a template. */
function text(parts: readonly string[], values: readonly unknown[]): unknown {
  const unknown = values.filter(isUnknown);
  if (unknown.length === 0) {
    return parts
      .map((part, index) => (index < values.length ? `${part}${String(values[index])}` : part))
      .join('');
  }
  const [only] = unknown;
  if (unknown.length > 1 || only === undefined || only instanceof Prose || only instanceof Fraction)
    return new Prose();
  const place = values.indexOf(only);
  const before = String(text(parts.slice(0, place + 1), values.slice(0, place)));
  const after = String(text(parts.slice(place + 1), values.slice(place + 1)));
  return only instanceof Sum
    ? new Text(before, only, after)
    : new Text(`${before}${only.before}`, only.value, `${only.after}${after}`);
}

/** A number that an array goes by: one of few, so each is looked at. */
function few(value: unknown, site: string): unknown {
  if (!(value instanceof Sum)) return value;
  // Asked in this way, whatever is known to bound it ends it.
  if (!isAtMost(value, -1))
    for (let each = 0; each <= MOST_ITEMS; each++) if (isAtMost(value, each)) return each;
  throw new NotFollowed(
    `the length or place of an array is not known: below 0, or ${MOST_ITEMS} or more, at ${site}`,
  );
}

const MOST_ITEMS = 70;

/** How long an array that is made by places may be and still have each of its items listed. */
const MOST_LISTED = 4;

const notLinear =
  (operator: string, known: (a: Known, b: Known) => unknown) =>
  (a: unknown, b: unknown, site: string): unknown => {
    if (areKnown(a, b)) return known(a as Known, b as Known);
    throw new NotFollowed(`${operator} of a number that is not known is not linear, at ${site}`);
  };

type Method = (of: readonly unknown[], args: readonly unknown[], site: string) => unknown;

const test = (given: unknown) => {
  const callback = given as (...args: unknown[]) => unknown;
  return (...args: unknown[]): boolean => truthy(callback(...args));
};

/** Arrays whose order is not known: one can ask what is in them, and nothing else. */
const unorderedItems = new WeakMap<object, readonly unknown[]>();

function unordered(items: readonly unknown[], site: string): unknown[] {
  const array = new Proxy<unknown[]>([], {
    get: (_, key) => {
      if (key === 'length') return items.length;
      // Those are asked of the items by `method`.
      if (typeof key === 'string' && ORDERLESS.includes(key)) return undefined;
      throw new NotFollowed(
        `the order of an array that was sorted by texts is looked at (${String(key)}), at ${site}`,
      );
    },
  });
  unorderedItems.set(array, items);
  return array;
}

const ORDERLESS: readonly string[] = ['includes', 'some', 'every'];

/** Sorted by comparing neighbours; equal ones stay in their order, as the language has it. */
function sorted(of: readonly unknown[], compare: unknown, site: string): unknown[] {
  if (compare === undefined) {
    // By their texts: in which order that puts numbers that are not known, nobody can go by.
    return of.some(isUnknown) && of.length > 1 ? unordered(of, site) : [...of].sort();
  }
  const callback = compare as (a: unknown, b: unknown) => unknown;
  const items: unknown[] = [];
  for (const item of of) {
    let place = items.length;
    while (place > 0 && !lessOrSame(callback(items[place - 1], item), 0, site)) place--;
    items.splice(place, 0, item);
  }
  return items;
}

/** That no place is given from which on an array is searched. */
function fromTheStart(from: readonly unknown[], site: string): true {
  if (from.length > 0) throw new NotFollowed(`an array is searched from a place on, at ${site}`);
  return true;
}

/** Methods of arrays that compare what is in them, or go by what a callback returns. */
const METHODS: Readonly<Record<string, Method>> = {
  includes: (of, [item, ...from], site) =>
    fromTheStart(from, site) &&
    of.some((each) => eq(each, item) || (Number.isNaN(each) && Number.isNaN(item))),
  indexOf: (of, [item, ...from], site) => fromTheStart(from, site) && of.findIndex((each) => eq(each, item)),
  lastIndexOf: (of, [item, ...from], site) =>
    fromTheStart(from, site) && of.findLastIndex((each) => eq(each, item)),
  filter: (of, [callback]) => of.filter(test(callback)),
  some: (of, [callback]) => of.some(test(callback)),
  every: (of, [callback]) => of.every(test(callback)),
  find: (of, [callback]) => of.find(test(callback)),
  findIndex: (of, [callback]) => of.findIndex(test(callback)),
  findLast: (of, [callback]) => of.findLast(test(callback)),
  findLastIndex: (of, [callback]) => of.findLastIndex(test(callback)),
  at: (of, [index], site) => of.at(Number(few(index, site))),
  slice: (of, [from, to], site) => of.slice(few(from, site) as number, few(to, site) as number),
  sort: (of, [compare], site) => {
    const items = sorted(of, compare, site);
    // What is sorted by texts is made for it here: whoever kept the array itself would find it as it was.
    if (unorderedItems.has(items)) return items;
    (of as unknown[]).splice(0, of.length, ...items);
    return of;
  },
  toSorted: (of, [compare], site) => sorted(of, compare, site),
  join: (of, [between = ',']) =>
    of.some(isUnknown)
      ? text(
          ['', ...of.slice(1).map(() => String(between)), ''],
          of.map((each) => each ?? ''),
        )
      : of.join(String(between)),
};

/** Methods whose calls are rewritten. */
export const rewrittenMethods: readonly string[] = Object.keys(METHODS);

function method(of: unknown, name: string, args: readonly unknown[], site: string): unknown {
  const own = METHODS[name];
  const items = unorderedItems.get(of as object);
  if (items !== undefined && own !== undefined && ORDERLESS.includes(name)) return own(items, args, site);
  if (isNumberList(of)) return ofNumbers(of, name, args, site);
  if (Array.isArray(of) && own !== undefined) return own(of, args, site);
  const called = (of as Readonly<Record<string, (...args: readonly unknown[]) => unknown>>)[name];
  if (of instanceof Text) return ofText(of, name, args, site);
  if (typeof of === 'string' && args.some(isUnknown)) {
    throw new NotFollowed(`a text is asked for something that is not known, at ${site}`);
  }
  if (called === undefined) throw new TypeError(`${name} is not a function, at ${site}`);
  return called.apply(of, [...args]);
}

/** Of a text that is known up to its number, one can ask what is left of it without its beginning. */
function ofText({ before, value, after }: Text, name: string, args: readonly unknown[], site: string): Text {
  const [from, ...more] = args;
  if (name === 'slice' && more.length === 0 && typeof from === 'number' && from >= 0 && from <= before.length)
    return new Text(before.slice(from), value, after);
  throw new NotFollowed(`${name} of a text that is not known, at ${site}`);
}

/** The same methods of a list of numbers of which neither length nor order is known. */
function ofNumbers(of: NumberList, name: string, args: readonly unknown[], site: string): unknown {
  const isArray = Array.isArray(of);
  const [first, ...more] = args;
  if (isArray && name === 'includes' && more.length === 0) return isIn(first, of);
  if (isArray && name === 'filter' && more.length === 0) {
    mustBePure(first, 1);
    return filteredNumbers(of, test(first));
  }
  if (isArray && (name === 'sort' || name === 'toSorted')) {
    if (first !== undefined) mustBePure(first, 2);
    if (name === 'toSorted') return sortedNumbers(of);
    // An argument is not sorted in its place: it is frozen.
    if (!isAnothers(of)) return of;
  }
  throw new NotFollowed(`${name} of a list of numbers whose length is not known, at ${site}`);
}

/** The items of several lists in one: an array with `...` in it. */
const joined = (...parts: readonly unknown[]): unknown =>
  parts.some(isNumberList) ? joinedNumbers(parts) : parts.flatMap((part) => [...(part as Iterable<unknown>)]);

/** Values that are compared as `===` compares them, also where they are not known. */
class ValueSet extends Set<unknown> {
  constructor(items?: Iterable<unknown> | null) {
    super();
    for (const item of items ?? []) this.add(item);
  }

  override has(item: unknown): boolean {
    return super.has(item) || [...this].some((each) => eq(each, item));
  }

  override add(item: unknown): this {
    return this.has(item) ? this : super.add(item);
  }

  override delete(item: unknown): boolean {
    return super.delete([...this].find((each) => eq(each, item)));
  }
}

class ValueMap extends Map<unknown, unknown> {
  constructor(entries?: Iterable<readonly [unknown, unknown]> | null) {
    super();
    for (const [key, value] of entries ?? []) this.set(key, value);
  }

  #same(key: unknown): unknown {
    return super.has(key) ? key : ([...this.keys()].find((each) => eq(each, key)) ?? key);
  }

  override has(key: unknown): boolean {
    return super.has(this.#same(key));
  }

  override get(key: unknown): unknown {
    return super.get(this.#same(key));
  }

  override set(key: unknown, value: unknown): this {
    return super.set(this.#same(key), value);
  }

  override delete(key: unknown): boolean {
    return super.delete(this.#same(key));
  }
}

/** Records with parts that are settled only when somebody looks at them: copied, they stay so. */
const lazyRecords = new WeakSet<object>();

/** Says that a record has such parts, as accessors. */
export function markLazy<T extends object>(of: T): T {
  lazyRecords.add(of);
  return of;
}

function spread(...parts: readonly unknown[]): object {
  const isLazy = parts.some((part) => typeof part === 'object' && part !== null && lazyRecords.has(part));
  if (!isLazy) return Object.assign({}, ...parts) as object;
  const whole = {};
  for (const part of parts) {
    if (typeof part !== 'object' || part === null) continue;
    for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(part))) {
      Object.defineProperty(whole, key, { ...descriptor, configurable: true });
    }
  }
  return markLazy(whole);
}

/** A record whose fields are listed: those that turn out to be absent are not among them. */
function settled(of: unknown): unknown {
  if (typeof of !== 'object' || of === null || !lazyRecords.has(of)) return of;
  return Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined));
}

const listed =
  (list: (of: object) => unknown) =>
  (of: unknown): unknown =>
    list(settled(of) as object);

/** Whether a record has a field. One without a value counts as absent, as it does to the model. */
function has(of: unknown, field: unknown): boolean {
  if (isUnknown(of) || isUnknown(field)) throw new NotFollowed('a field is looked for in what is not known');
  const key = field as string;
  return key in (of as object) && (of as Readonly<Record<string, unknown>>)[key] !== undefined;
}

const extreme =
  (name: 'max' | 'min', isBetter: (a: Sum | number, b: Sum | number) => boolean, none: number) =>
  (...all: readonly unknown[]): unknown => {
    if (!all.some(isUnknown)) return Math[name](...(all as number[]));
    return all.reduce<unknown>((best, each) => {
      if (!isCount(best) || !isCount(each)) throw new NotFollowed(`Math.${name} of what is no number`);
      return isBetter(best, each) ? each : best;
    }, none);
  };

/** Functions of the language that look at a value: the others get no number that is not known. */
const guarded = (of: object, name: string, own: Readonly<Record<string, unknown>>): object =>
  new Proxy(of, {
    get: (target, key) => {
      if (typeof key === 'string' && Object.hasOwn(own, key)) return own[key];
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]): unknown => {
        if (args.some((each) => isUnknown(each) || (isNumberList(each) && key !== 'isArray')))
          throw new NotFollowed(`${name}.${String(key)} of something that is not known`);
        return Reflect.apply(value, target, args);
      };
    },
    apply: (target, self, args: readonly unknown[]) => {
      if (args.some(isUnknown)) {
        if (name === 'Number' && args[0] instanceof Sum) return args[0];
        if (name === 'Number' && args[0] instanceof Text && args[0].before === '' && args[0].after === '')
          return args[0].value;
        if (name === 'Boolean') return truthy(args[0]);
        if (name === 'String') return text(['', ''], [args[0]]);
        throw new NotFollowed(`${name} of something that is not known`);
      }
      return Reflect.apply(target as () => unknown, self, args);
    },
  });

const rounding =
  (how: Rounding) =>
  (value: unknown): unknown =>
    value instanceof Sum
      ? value
      : value instanceof Fraction
        ? rounded(value, how)
        : Math[how](value as number);

/** What is not rounded yet may be whole or not. */
const isWhole = (value: unknown): boolean =>
  value instanceof Fraction ? value.refused() : value instanceof Sum || Number.isInteger(value);

/** What code may use of the language besides what it declares itself. All else would be read from outside. */
const GLOBALS: Readonly<Record<string, unknown>> = {
  Array: guarded(Array, 'Array', {
    of: Array.of,
    from: (items: unknown, each?: (item: unknown, index: number) => unknown): unknown[] => {
      const { length } = items as { readonly length: unknown };
      if (length instanceof Sum && each !== undefined && knownMost(length) > MOST_LISTED)
        return ofIndices(length, each) as unknown as unknown[];
      const list =
        length instanceof Sum
          ? { length: few(length, 'Array.from') as number }
          : (items as ArrayLike<unknown>);
      return each === undefined ? Array.from(list) : Array.from(list, each);
    },
  }),
  Math: guarded(Math, 'Math', {
    max: extreme('max', (best, each) => isAtMost2(best, each), -Infinity),
    min: extreme('min', (best, each) => isAtMost2(each, best), Infinity),
    floor: rounding('floor'),
    ceil: rounding('ceil'),
    trunc: rounding('trunc'),
    round: (value: unknown) => (value instanceof Sum ? value : Math.round(value as number)),
    abs: (value: unknown) =>
      value instanceof Sum ? (isAtMost(0, value) ? value : times(value, -1)) : Math.abs(value as number),
    random: () => {
      throw new NotFollowed('it reads Math.random, which is none of its arguments');
    },
  }),
  Number: guarded(Number, 'Number', {
    isInteger: isWhole,
    // As the model has it, no number that it counts to is rounded.
    isSafeInteger: (value: unknown) =>
      value instanceof Sum
        ? isAtMost(value, Number.MAX_SAFE_INTEGER) && isAtMost(Number.MIN_SAFE_INTEGER, value)
        : isWhole(value) && Number.isSafeInteger(value),
    isFinite: (value: unknown) => value instanceof Sum || value instanceof Fraction || Number.isFinite(value),
    isNaN: (value: unknown) => !isUnknown(value) && Number.isNaN(value),
  }),
  Object: guarded(Object, 'Object', {
    is: (a: unknown, b: unknown) => (areKnown(a, b) ? Object.is(a, b) : eq(a, b)),
    keys: listed(Object.keys),
    values: listed(Object.values),
    entries: listed(Object.entries),
    getOwnPropertyNames: listed(Object.getOwnPropertyNames),
    getOwnPropertyDescriptors: listed(Object.getOwnPropertyDescriptors),
    hasOwn: (of: unknown, field: unknown) => Object.hasOwn(settled(of) as object, field as string),
  }),
  Boolean: guarded(Boolean, 'Boolean', {}),
  String: guarded(String, 'String', {}),
  JSON: guarded(JSON, 'JSON', {}),
  Reflect: guarded(Reflect, 'Reflect', {}),
  Symbol,
  Set: new Proxy(ValueSet, {
    construct: (target, args: readonly unknown[]) =>
      isNumberList(args[0]) ? setOf(args[0], new ValueSet()) : (Reflect.construct(target, args) as object),
  }),
  Map: ValueMap,
  WeakMap,
  Error,
  TypeError,
  RangeError,
  RegExp,
  undefined,
  NaN: Number.NaN,
  Infinity,
};

/** The better of two where both are known is told by the language itself. */
function isAtMost2(a: Sum | number, b: Sum | number): boolean {
  return typeof a === 'number' && typeof b === 'number' ? a <= b : isAtMost(a, b);
}

/** The names that rewritten code takes from here. */
export const globalNames: readonly string[] = Object.keys(GLOBALS);

/** What rewritten code knows as `$op`. */
export const operations = {
  eq,
  lt: (a: unknown, b: unknown, site: string): boolean =>
    areKnown(a, b) ? (a as Known) < (b as Known) : isOrdered(a, b) && !lessOrSame(b, a, site),
  le: (a: unknown, b: unknown, site: string): boolean =>
    areKnown(a, b) ? (a as Known) <= (b as Known) : lessOrSame(a, b, site),
  gt: (a: unknown, b: unknown, site: string): boolean =>
    areKnown(a, b) ? (a as Known) > (b as Known) : isOrdered(a, b) && !lessOrSame(a, b, site),
  ge: (a: unknown, b: unknown, site: string): boolean =>
    areKnown(a, b) ? (a as Known) >= (b as Known) : lessOrSame(b, a, site),
  add,
  sub: (a: unknown, b: unknown, site: string): unknown => {
    if (areKnown(a, b)) return (a as Known) - (b as Known);
    if (!isCount(a) || !isCount(b)) throw new NotFollowed(`what is subtracted is no number, at ${site}`);
    if (b instanceof Sum) return add(a, times(b, -1), site);
    return add(a, -b, site);
  },
  mul: multiply,
  div: divide,
  mod: remainder,
  pow: notLinear('a power', (a, b) => a ** b),
  bits: (operator: string, a: unknown, b: unknown, site: string): unknown => {
    if (!areKnown(a, b))
      throw new NotFollowed(`${operator} of a number that is not known is not linear, at ${site}`);
    const [x, y] = [a as number, b as number];
    switch (operator) {
      case '&':
        return x & y;
      case '|':
        return x | y;
      case '^':
        return x ^ y;
      case '<<':
        return x << y;
      case '>>':
        return x >> y;
      default:
        return x >>> y;
    }
  },
  neg: (a: unknown, site: string): unknown => {
    if (!isUnknown(a)) return -(a as number);
    if (a instanceof Sum) return times(a, -1);
    throw new NotFollowed(`what is negated is no number, at ${site}`);
  },
  number: (a: unknown, site: string): unknown => {
    if (!isUnknown(a)) return +(a as number);
    if (a instanceof Sum) return a;
    throw new NotFollowed(`a text is made a number, at ${site}`);
  },
  truthy,
  and: (a: unknown, b: () => unknown): unknown => (truthy(a) ? b() : a),
  or: (a: unknown, b: () => unknown): unknown => (truthy(a) ? a : b()),
  typeof: (value: unknown): string =>
    value instanceof Sum || value instanceof Fraction
      ? 'number'
      : value instanceof Text || value instanceof Prose
        ? 'string'
        : typeof value,
  text,
  has,
  settled,
  spread,
  joined,
  method,
  maybe: (of: unknown, name: string, args: readonly unknown[], site: string): unknown =>
    of === null || of === undefined ? undefined : method(of, name, args, site),
  known: (value: unknown, site: string): unknown => {
    if (isUnknown(value)) throw new NotFollowed(`a switch goes by a value that is not known, at ${site}`);
    return value;
  },
  pure: markPure,
  refused: (what: string, site: string): never => {
    throw new NotFollowed(`${what} is not followed, at ${site}`);
  },
  outside: (name: string, site: string): never => {
    throw new NotFollowed(`it reads ${name}, which is none of its arguments, at ${site}`);
  },
  globals: GLOBALS,
} as const;

/** Nothing is above or below what is no number at all. */
const isOrdered = (a: unknown, b: unknown): boolean => !Number.isNaN(a) && !Number.isNaN(b);
