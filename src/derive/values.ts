/**
 * Values of shapes, read in three ways: any value, part by part as it is looked at; one value, where somebody says
 * which; and the question whether a value is of a shape.
 */
import { numberOf, plus, question, Sum, sumOf } from './linear.ts';
import { anyNumbers, isNumberList, itemsOf, numbersAt } from './number-lists.ts';
import { assume, choose, thisRun, type Variables } from './paths.ts';
import type { Shape } from './shape.ts';
import { markLazy, operations } from './symbolic.ts';

/** Who says what is not known. */
interface Source {
  readonly integer: (name: string, least: number) => unknown;
  readonly choose: (name: string, many: number) => number;
  readonly numbers: (name: string) => unknown;
  /** Records that were built, by shape and name: what is settled in them is settled anew in each run. */
  readonly records: Map<Shape, Map<string, object>>;
}

const sources = new WeakMap<Variables, Source>();

function sourceOf(variables: Variables): Source {
  const known = sources.get(variables);
  if (known !== undefined) return known;
  const source: Source = {
    integer: (of, least) => sumOf(variables.named(of, least)),
    choose: (of, many) => choose(variables, of, many),
    numbers: anyNumbers,
    records: new Map(),
  };
  sources.set(variables, source);
  return source;
}

/** What was built by a shape is of it. */
const builtBy = new WeakMap<object, Shape>();

/** What is got by it is of this shape. */
const gotBy = new WeakMap<() => unknown, Shape>();

/** Any value of a shape, named for where it is. A part is settled when it is looked at, in each run anew. */
export const anyOf = (variables: Variables, shape: Shape, name: string): unknown =>
  built(shape, name, sourceOf(variables), true);

/** The value of a shape that is told by the values of its variables. */
export const oneAs = (shape: Shape, name: string, values: (variable: string) => number): unknown =>
  built(
    shape,
    name,
    {
      integer: values,
      choose: (of) => values(of),
      numbers: (of) => itemsOf(of, values),
      records: new Map(),
    },
    false,
  );

const ABSENT = Symbol('absent');

function built(shape: Shape, name: string, source: Source, lazily: boolean): unknown {
  switch (shape.shape) {
    case 'value':
      return shape.value;
    case 'integer':
      return source.integer(name, shape.least);
    case 'absent':
      return ABSENT;
    case 'one-of': {
      const which = source.choose(`${name}?`, shape.options.length);
      const option = shape.options[which];
      if (option === undefined) throw new RangeError(`${name} has no option ${which}`);
      return built(option, shape.options.length > 2 ? `${name}.${which}` : name, source, lazily);
    }
    case 'numbers':
      return source.numbers(name);
    case 'made':
      return shape.make(built(shape.of, name, source, lazily));
    case 'list': {
      const length = source.choose(`${name}.length`, shape.most + 1);
      const items = Array.from({ length }, (_, index) =>
        built(shape.item, `${name}.${index}`, source, lazily),
      );
      if (lazily && shape.by !== undefined) assumeAscending(keysOf(items, shape.by));
      Object.freeze(items);
      builtBy.set(items, shape);
      return items;
    }
    case 'record': {
      const kept = source.records.get(shape) ?? new Map<string, object>();
      source.records.set(shape, kept);
      const same = kept.get(name);
      if (same !== undefined) return same;
      const fields: Record<string, unknown> = {};
      for (const [field, of] of Object.entries(shape.fields)) {
        if (!lazily || of.shape === 'value' || of.shape === 'integer' || of.shape === 'numbers') {
          const part = built(of, `${name}.${field}`, source, lazily);
          if (part !== ABSENT) fields[field] = part;
          continue;
        }
        let run: object | null = null;
        let settled: unknown;
        const get = (): unknown => {
          if (run === null || run !== thisRun()) {
            const part = built(of, `${name}.${field}`, source, true);
            // To the model an absent field is one without a value.
            settled = part === ABSENT ? undefined : part;
            run = thisRun();
          }
          return settled;
        };
        gotBy.set(get, of);
        Object.defineProperty(fields, field, { enumerable: true, get });
      }
      Object.freeze(fields);
      if (lazily) {
        markLazy(fields);
        kept.set(name, fields);
      }
      builtBy.set(fields, shape);
      return fields;
    }
  }
}

const keysOf = (items: readonly unknown[], by: string): readonly (Sum | number)[] =>
  items.map((item) => (item as Readonly<Record<string, Sum | number>>)[by] ?? Number.NaN);

function assumeAscending(keys: readonly (Sum | number)[]): void {
  for (const [index, key] of keys.slice(0, -1).entries()) {
    const step = plus(plus(key, keys[index + 1] ?? 0, -1), 1);
    if (step instanceof Sum) assume(question('at-most', step));
  }
}

/** Whether a value is of a shape; undefined if it is, else the part that is not, by name. */
export function unfitIn(of: unknown, shape: Shape, name: string): string | undefined {
  if (typeof of === 'object' && of !== null && builtBy.get(of) === shape) return undefined;
  switch (shape.shape) {
    case 'value':
      return isSame(of, shape.value) ? undefined : name;
    case 'integer':
      return isNumber(of) && operations.le(shape.least, of, name) ? undefined : name;
    case 'absent':
      return of === undefined ? undefined : name;
    case 'numbers':
      return isNumberList(of) || (Array.isArray(of) && of.every(isNumber)) ? undefined : name;
    case 'made': {
      const part = shape.part(of);
      return unfitIn(part, shape.of, name) ?? (isSame(of, shape.make(part)) ? undefined : name);
    }
    case 'one-of':
      return shape.options.some((option) => unfitIn(of, option, name) === undefined) ? undefined : name;
    case 'list': {
      if (!Array.isArray(of)) return name;
      if (of.length > shape.most) return `the length of ${name}`;
      for (const [index, item] of of.entries()) {
        const unfit = unfitIn(item, shape.item, `${name}.${index}`);
        if (unfit !== undefined) return unfit;
      }
      const keys = shape.by === undefined ? [] : keysOf(of, shape.by);
      const isAscending = keys.every(
        (key, index) => index === 0 || operations.lt(keys[index - 1], key, name),
      );
      return isAscending ? undefined : `the order of ${name}`;
    }
    case 'record': {
      if (typeof of !== 'object' || of === null || Array.isArray(of)) return name;
      const given = of as Readonly<Record<string, unknown>>;
      const odd = Object.keys(given).find(
        (field) => !Object.hasOwn(shape.fields, field) && given[field] !== undefined,
      );
      if (odd !== undefined) return `${name}.${odd}`;
      for (const [field, part] of Object.entries(shape.fields)) {
        const get = Object.getOwnPropertyDescriptor(given, field)?.get;
        if (get !== undefined && gotBy.get(get) === part) continue;
        const unfit = unfitIn(given[field], part, `${name}.${field}`);
        if (unfit !== undefined) return unfit;
      }
      return undefined;
    }
  }
}

const isNumber = (of: unknown): boolean => of instanceof Sum || Number.isInteger(of);

/** Whether two values are the same, part by part; a field without a value counts as absent. */
export function isSame(of: unknown, known: unknown): boolean {
  if (typeof known !== 'object' || known === null || known instanceof Sum) return operations.eq(of, known);
  if (typeof of !== 'object' || of === null || Array.isArray(of) !== Array.isArray(known)) return false;
  const [a, b] = [Object.entries(of).filter(([, each]) => each !== undefined), Object.entries(known)];
  return (
    a.length === b.length &&
    b.every(([field, each]) => isSame((of as Readonly<Record<string, unknown>>)[field], each))
  );
}

/** A value with the numbers in place of what is not known. What is undefined is left out, as where it is absent. */
export function concreteOf(of: unknown, values: (variable: string) => number): unknown {
  if (of instanceof Sum) return numberOf(of, values);
  if (isNumberList(of)) return numbersAt(of, values);
  if (typeof of !== 'object' || of === null) return of;
  if ('before' in of && 'value' in of && 'after' in of && of.value instanceof Sum) {
    return `${String(of.before)}${numberOf(of.value, values)}${String(of.after)}`;
  }
  if (Array.isArray(of)) return of.map((each) => concreteOf(each, values));
  const fields: Record<string, unknown> = {};
  for (const field of Object.keys(of)) {
    const each = (of as Readonly<Record<string, unknown>>)[field];
    if (each !== undefined) fields[field] = concreteOf(each, values);
  }
  return fields;
}

/** Whether two values without numbers that are not known are the same; a field without a value is as good as absent. */
export function isAlike(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    return (
      Array.isArray(one) &&
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((each, index) => isAlike(each, other[index]))
    );
  }
  const [a, b] = [one, other] as readonly Readonly<Record<string, unknown>>[];
  return (
    a !== undefined &&
    b !== undefined &&
    Object.keys(a).every((field) => isAlike(a[field], b[field])) &&
    Object.keys(b).every((field) => b[field] === undefined || Object.hasOwn(a, field))
  );
}
