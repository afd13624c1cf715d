/** What a file has to hold that was written by this program, and may have been written by another one since. */
import { shown } from './shown.ts';
import { UsageError } from './usage-error.ts';

/** What is wrong with a value, and where; undefined if nothing is. */
export type Shape = (value: unknown, where: string) => string | undefined;

const wrong = (value: unknown, where: string, what: string): string =>
  `${where} is ${shown(value)}, not ${what}`;

export const text: Shape = (value, where) =>
  typeof value === 'string' ? undefined : wrong(value, where, 'a text');

/** A number that is not below 0. */
export const amount: Shape = (value, where) =>
  typeof value === 'number' && value >= 0 ? undefined : wrong(value, where, 'a number of 0 or more');

export const truth: Shape = (value, where) =>
  typeof value === 'boolean' ? undefined : wrong(value, where, 'true or false');

export const anything: Shape = (value, where) => (value === undefined ? `${where} is missing` : undefined);

export const oneOf =
  (values: readonly unknown[]): Shape =>
  (value, where) =>
    values.includes(value) ? undefined : wrong(value, where, `one of ${values.join(', ')}`);

export const optional =
  (shape: Shape): Shape =>
  (value, where) =>
    value === undefined ? undefined : shape(value, where);

export const list =
  (of: Shape, least = 0): Shape =>
  (value, where) => {
    if (!Array.isArray(value)) return wrong(value, where, 'a list');
    if (value.length < least) return `${where} has ${value.length} entries, not ${least} or more`;
    for (const [index, each] of value.entries()) {
      const found = of(each, `${where}[${index}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  };

/** These fields; there may be others. */
export const record =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value, where) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return wrong(value, where, 'a record');
    }
    for (const [name, shape] of Object.entries(fields)) {
      const found = shape((value as Readonly<Record<string, unknown>>)[name], `${where}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };

/** @throws UsageError if a part of a sharded run is not of the shape that it has to have */
export function mustBePart(shape: Shape, value: unknown, where: string): void {
  const found = shape(value, where);
  if (found !== undefined) throw notPart(found);
}

/** What is said of a part that does not fit its question. */
export const notPart = (what: string): UsageError =>
  new UsageError(`a part is not what a shard writes: ${what}`, 'run that shard again');
