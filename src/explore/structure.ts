/**
 * Plain data compared by what it holds: a hash of it, and whether two are the same. Two values are the same here if and
 * only if they have the same canonical text (`canonical.ts`), which takes several times as long to make.
 */
import { SystemDefect } from './defect.ts';
import { mixed } from './mix.ts';

/**
 * A hash, whatever the order of keys. A key whose value is `undefined` counts as absent.
 *
 * @param known - hashes of objects that never change
 * @throws SystemDefect if the value is not plain data
 */
export function structuralHash(value: unknown, known?: Hashes): number {
  switch (typeof value) {
    case 'number':
      if (!Number.isFinite(value)) throw new SystemDefect(`${value} is not plain data`);
      return value === (value | 0) ? mixed(value | 0, 1) : textHash(String(value));
    case 'string':
      return textHash(value);
    case 'boolean':
      return value ? 0x3c6ef372 : 0x1f83d9ab;
    case 'object':
      if (value === null) return 0x5be0cd19;
      return (
        known?.get(value) ?? (Array.isArray(value) ? hashOfArray(value, known) : hashOfObject(value, known))
      );
    default:
      throw new SystemDefect(`a value of type ${typeof value} is not plain data`);
  }
}

/** Hashes by the objects that have them. */
interface Hashes {
  get(value: object): number | undefined;
}

function hashOfArray(value: readonly unknown[], known: Hashes | undefined): number {
  let hash = value.length;
  for (let i = 0; i < value.length; i++) hash = mixed(hash, structuralHash(value[i], known));
  return hash;
}

function hashOfObject(value: object, known: Hashes | undefined): number {
  if (!isPlain(value)) {
    throw new SystemDefect(`an instance of ${value.constructor?.name ?? 'a class'} is not plain data`);
  }
  let hash = 0x510e527f;
  const keys = Object.keys(value);
  for (let i = 0; i < keys.length; i++) {
    const field: unknown = (value as Fields)[keys[i]!];
    if (field !== undefined) hash = (hash + mixed(textHash(keys[i]!), structuralHash(field, known))) | 0;
  }
  return hash;
}

/** Whether two values, which are plain data both, hold the same. */
export function isSameStructure(one: unknown, other: unknown): boolean {
  // This is also how 0 and -0, which have the same text, are the same.
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((part, i) => isSameStructure(part, other[i]))
    );
  }
  if (Array.isArray(other)) return false;
  const keys = Object.keys(one);
  let absent = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const field: unknown = (one as Fields)[key];
    if (field === undefined) absent++;
    // What an object has from its prototype is no field of it: `__proto__` is such a thing.
    else if (!Object.hasOwn(other, key) || !isSameStructure(field, (other as Fields)[key])) return false;
  }
  const others = Object.keys(other);
  let present = keys.length - absent;
  for (let i = 0; i < others.length; i++) if ((other as Fields)[others[i]!] !== undefined) present--;
  return present === 0;
}

type Fields = Readonly<Record<string, unknown>>;

/** Whether an object is what a literal makes, in whatever realm: its prototype is the root or null. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Hashes of texts that come again and again: names of fields and of what they can be. */
const known = new Map<string, number>();
const MOST_KNOWN = 10_000;

function textHash(text: string): number {
  const had = known.get(text);
  if (had !== undefined) return had;
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = mixed(hash, text.charCodeAt(i));
  if (known.size < MOST_KNOWN) known.set(text, hash);
  return hash;
}
