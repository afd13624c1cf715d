/**
 * What the explorer can see of a value. It takes two values for one if JSON shows the same of them, so a rule that
 * puts something where JSON does not look could tell apart what the explorer cannot. Such a value is refused.
 *
 * The functions that look are taken at the beginning: code that is loaded later may replace them.
 */
const { getOwnPropertyDescriptor, getPrototypeOf, is } = Object;
const { ownKeys } = Reflect;
const { isArray } = Array;
const { isFinite: isFiniteNumber } = Number;
const nameOf = String;

/**
 * What a value holds that is no plain data, and where, in words: `NaN in .again[2]`. Undefined if there is nothing.
 *
 * @param seen - objects that need not be looked at again: frozen ones, without anything of the kind
 */
export function invisibleIn(
  value: unknown,
  seen?: { has(value: object): boolean },
  path = '',
  depth = 0,
): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      if (!isFiniteNumber(value)) return at(nameOf(value), path);
      return is(value, -0) ? at('-0, which looks like 0', path) : undefined;
    case 'undefined':
      return at('undefined', path);
    case 'object':
      if (value === null || seen?.has(value) === true) return undefined;
      return depth > DEEPEST
        ? at('itself, or more than can be looked through', path)
        : inObject(value, seen, path, depth);
    default:
      return at(`a ${typeof value}`, path);
  }
}

/** No value of a rule is as deep; one that holds itself is. */
const DEEPEST = 100;

const at = (what: string, path: string): string => (path === '' ? what : `${what} in ${path}`);

function inObject(
  value: object,
  seen: { has(value: object): boolean } | undefined,
  path: string,
  depth: number,
): string | undefined {
  const prototype: unknown = getPrototypeOf(value);
  const list = isArray(value);
  // The prototype of a literal, in whatever realm, is one that has none itself; that of an array comes before it.
  const root = list && prototype !== null ? getPrototypeOf(prototype) : prototype;
  if (root === null ? list : getPrototypeOf(root) !== null) {
    return at(list ? 'an array of a class' : `an instance of ${className(prototype)}`, path);
  }
  const keys = ownKeys(value);
  if (list) {
    // `length` is a key of its own; one that is too many may stand for an element that is missing.
    const extra = keys.find((key) => typeof key === 'symbol' || !/^(?:length|0|[1-9]\d*)$/.test(key));
    if (extra !== undefined) return at(`the property ${nameOf(extra)} of an array`, path);
    if (keys.length !== value.length + 1) return at('an array with holes', path);
  }
  for (const key of keys) {
    if (typeof key === 'symbol') return at(`the key ${nameOf(key)}`, path);
    if (list && key === 'length') continue;
    const there = list ? `${path}[${key}]` : `${path}.${key}`;
    const property = getOwnPropertyDescriptor(value, key);
    if (property === undefined || !('value' in property)) return `an accessor in ${there}`;
    if (property.enumerable !== true) return `a property that is not enumerable in ${there}`;
    const found = invisibleIn(property.value, seen, there, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function className(prototype: unknown): string {
  try {
    const { constructor: made } = prototype as { readonly constructor?: { readonly name?: unknown } };
    return typeof made?.name === 'string' && made.name !== '' ? made.name : 'a class';
  } catch {
    return 'a class';
  }
}
