/**
 * Lists of numbers of which neither the length nor the order is known, such as what a window of any size holds. One can
 * ask whether a number is in one, and make another of it by filtering, joining and sorting; all else is refused. Of a
 * list of which nothing is known, any number may be in it or not: the answer is decided as others are (`paths.ts`).
 */
import { isAtMost, isSameNumber } from './compare.ts';
import { Fraction, NotFollowed, numberOf, plus, question, Sum, times, type Variable } from './linear.ts';
import { decide, undecided } from './paths.ts';

type Count = Sum | number;

/** How a list came about. */
type Made =
  /** Nothing is known of it. */
  | { readonly by: 'nobody'; readonly name: string }
  /** `each` of 0 to `length` - 1: `first`, and up or down from there in steps of one. */
  | { readonly by: 'index'; readonly length: Count; readonly first: Count; readonly step: 1 | -1 }
  | { readonly by: 'joining'; readonly parts: readonly (NumberList | readonly Count[])[] }
  | { readonly by: 'filtering'; readonly of: NumberList; readonly test: (item: Count) => boolean };

declare const numberList: unique symbol;

/** An array or a set of them, to whoever looks at it; what it is made of, is known in here alone. */
export interface NumberList {
  readonly [numberList]: never;
}

const made = new WeakMap<object, Made>();

/** Whether a value is such a list, or a set of the same make. */
export const isNumberList = (of: unknown): of is NumberList =>
  typeof of === 'object' && of !== null && made.has(of);

const madeOf = (list: NumberList): Made => made.get(list) as Made;

/**
 * A list, of which nothing is read or changed unseen: whatever the language itself would do with it is refused.
 *
 * @param like what it is to the language: an array or a set
 * @param own what can be done with it all the same, by name
 */
function listOf(how: Made, like: object = [], own: Readonly<Record<string, unknown>> = {}): NumberList {
  const all = (): never => refused('each item');
  const list = new Proxy(like, {
    get: (_, key): unknown =>
      typeof key === 'string' && Object.hasOwn(own, key) ? own[key] : refused(wordsFor(key)),
    has: (_, key) => refused(wordsFor(key)),
    getOwnPropertyDescriptor: (_, key) => refused(wordsFor(key)),
    ownKeys: all,
    set: all,
    deleteProperty: all,
    defineProperty: all,
    setPrototypeOf: all,
    isExtensible: all,
    preventExtensions: all,
  });
  made.set(list, how);
  return list as NumberList;
}

const wordsFor = (key: string | symbol): string =>
  key === 'length' || key === 'size'
    ? `the ${key}`
    : key === Symbol.iterator || key === Symbol.isConcatSpreadable
      ? 'each item'
      : key === 'toJSON' || key === 'toString' || typeof key === 'symbol'
        ? 'the text'
        : `the item ${key}`;

const refused = (what: string): never => {
  throw new NotFollowed(`${what} of a list of numbers is looked at, of which one can only ask what is in it`);
};

/** A set of the same numbers, given an empty one. */
export const setOf = (list: NumberList, empty: object): NumberList => {
  const set: NumberList = listOf(madeOf(list), empty, { has: (item: unknown) => isIn(item, set) });
  return set;
};

/** Functions that do nothing but calculate and compare their arguments and what never changes (`instrument.ts`). */
const pure = new WeakSet<object>();

export function markPure<T extends object>(callback: T): T {
  pure.add(callback);
  return callback;
}

/**
 * A list asks its callbacks when it is asked what is in it, of that one item, and as often as it likes: so they may
 * neither go by what came before nor by anything that changes.
 *
 * @param parameters how many they may have: whatever else the language would hand in, they go without
 * @throws NotFollowed if a callback may be another one
 */
export function mustBePure(callback: unknown, parameters: number): void {
  if (typeof callback === 'function' && pure.has(callback) && callback.length <= parameters) return;
  throw new NotFollowed(
    'a list of numbers whose length is not known goes by a function that does more than compare and add its item and what never changes, each under a name of its own',
  );
}

/** A list of which nothing is known. */
export const anyNumbers = (name: string): NumberList => listOf({ by: 'nobody', name });

/** In the place of an index, while a function of it is looked at. */
const INDEX: Variable = { name: 'an index', index: 0 };

/** What a function makes of each index below a length that is not known. */
export function ofIndices(length: Sum, each: (item: undefined, index: number) => unknown): NumberList {
  mustBePure(each, 2);
  const item = undecided('the items of a list go by their places', () =>
    each(undefined, new Sum(0, [[INDEX, 1]]) as unknown as number),
  );
  const step = item instanceof Sum ? item.terms.find(([variable]) => variable === INDEX)?.[1] : undefined;
  if (!(item instanceof Sum) || (step !== 1 && step !== -1))
    throw new NotFollowed('the items of a list whose length is not known do not go up or down by one');
  return listOf({
    by: 'index',
    length,
    first: plus(item, new Sum(0, [[INDEX, 1]]), -step),
    step,
  });
}

/** All items of several lists, one of them such a list. */
export const joinedNumbers = (parts: readonly unknown[]): NumberList =>
  listOf({
    by: 'joining',
    parts: parts.map((part) => (isNumberList(part) ? part : counted(part as Iterable<unknown>))),
  });

function counted(items: Iterable<unknown>): readonly Count[] {
  const all = [...items];
  if (!all.every(isCount)) throw new NotFollowed('a list of numbers is joined with what is no whole number');
  return all;
}

export const filteredNumbers = (of: NumberList, test: (item: unknown) => boolean): NumberList =>
  listOf({ by: 'filtering', of, test });

/** The same numbers in another order, which nobody can look at: another list to the language. */
export const sortedNumbers = (of: NumberList): NumberList => listOf({ by: 'joining', parts: [of] });

/** Whether nobody but the code at hand has made it, so that it may be changed in place. */
export const isAnothers = (of: NumberList): boolean => madeOf(of).by === 'nobody';

const isCount = (of: unknown): of is Count => of instanceof Sum || Number.isInteger(of);

/** Whether a number is in a list. */
export function isIn(item: unknown, list: NumberList): boolean {
  if (item instanceof Fraction) return item.refused();
  if (!isCount(item)) return false;
  const made = madeOf(list);
  switch (made.by) {
    case 'nobody':
      return decide(question('in', typeof item === 'number' ? new Sum(item, []) : item, made.name));
    case 'index': {
      const index = by(made.step, plus(item, made.first, -1));
      return isAtMost(0, index) && isAtMost(plus(index, 1), made.length);
    }
    case 'joining':
      return made.parts.some((part) =>
        isNumberList(part) ? isIn(item, part) : part.some((each) => isSameNumber(each, item)),
      );
    case 'filtering':
      return isIn(item, made.of) && made.test(item);
  }
}

const by = (step: 1 | -1, of: Count): Count =>
  step === 1 ? of : typeof of === 'number' ? -of : times(of, -1);

/** The value of a variable, by its name. */
type Values = (name: string) => number;

/** How the values of variables tell which numbers are in a list of which nothing else is known. */
export const lengthName = (list: string): string => `${list}.length`;

export const itemName = (list: string, place: number): string => `${list}.${place}`;

/** The numbers in a list of which nothing is known, by the values of variables. */
export const itemsOf = (list: string, values: Values): readonly number[] =>
  Array.from({ length: values(lengthName(list)) }, (_, place) => values(itemName(list, place)));

/** The numbers in a list, lowest first. What filters it is asked as `paths.ts` has it at the time. */
export const numbersAt = (list: NumberList, values: Values): readonly number[] =>
  [...new Set(unsorted(list, values))].sort((a, b) => a - b);

function unsorted(list: NumberList, values: Values): readonly number[] {
  const made = madeOf(list);
  switch (made.by) {
    case 'nobody':
      return itemsOf(made.name, values);
    case 'index':
      return Array.from(
        { length: Math.max(0, numberOf(made.length, values)) },
        (_, index) => numberOf(made.first, values) + made.step * index,
      );
    case 'joining':
      return made.parts.flatMap((part) =>
        isNumberList(part) ? unsorted(part, values) : part.map((each) => numberOf(each, values)),
      );
    case 'filtering':
      return unsorted(made.of, values).filter((item) => made.test(item));
  }
}
