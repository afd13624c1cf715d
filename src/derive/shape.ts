/**
 * What values look like whose numbers are not known: which fields, how long the lists.
 * `values.ts` makes values of shapes, and says whether a value is of one.
 */
export type Shape =
  /** This very value. */
  | { readonly shape: 'value'; readonly value: unknown }
  /** Any whole number from `least` on. */
  | { readonly shape: 'integer'; readonly least: number }
  /** One of several; an absent one only as a field of a record. */
  | { readonly shape: 'one-of'; readonly options: readonly Shape[] }
  | { readonly shape: 'absent' }
  | {
      readonly shape: 'list';
      readonly item: Shape;
      readonly most: number;
      /** The field of its items, a number, by which they ascend; absent if in any order. */
      readonly by?: string;
    }
  /** Any list of whole numbers, of which one can only ask whether a number is in it. */
  | { readonly shape: 'numbers' }
  | { readonly shape: 'record'; readonly fields: Readonly<Record<string, Shape>> }
  /** All of it follows from one part: `make` makes it of that, and `part` says which that is. */
  | {
      readonly shape: 'made';
      readonly of: Shape;
      readonly make: (part: unknown) => unknown;
      readonly part: (whole: unknown) => unknown;
    };

export const value = (of: unknown): Shape => ({ shape: 'value', value: of });

export const integer = (least = 0): Shape => ({ shape: 'integer', least });

export const oneOf = (...options: readonly Shape[]): Shape =>
  options.length === 1 && options[0] !== undefined ? options[0] : { shape: 'one-of', options };

/** A field that need not be there. */
export const maybe = (of: Shape): Shape => oneOf({ shape: 'absent' }, of);

export const list = (item: Shape, most: number, by?: string): Shape => ({
  shape: 'list',
  item,
  most,
  ...(by === undefined ? {} : { by }),
});

export const numbers: Shape = { shape: 'numbers' };

export const record = (fields: Readonly<Record<string, Shape>>): Shape => ({ shape: 'record', fields });

export const made = (
  of: Shape,
  make: (part: unknown) => unknown,
  part: (whole: unknown) => unknown,
): Shape => ({ shape: 'made', of, make, part });
