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
export function invisibleIn(value: unknown, seen?: { has(value: object): boolean }): string | undefined {
  // Where something is, is put into words only if there is something.
  return isVisible(value, seen, 0) ? undefined : toldIn(value, seen, '', 0);
}

/** Whether there is nothing of the kind: the same as below, without words. */
function isVisible(
  value: unknown,
  seen: { has(value: object): boolean } | undefined,
  depth: number,
): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return isFiniteNumber(value) && !is(value, -0);
    case 'object':
      return (
        value === null ||
        seen?.has(value) === true ||
        (depth <= DEEPEST && hasPlainPrototype(value) && hasVisibleParts(value, seen, depth))
      );
    default:
      return false;
  }
}

function hasVisibleParts(
  value: object,
  seen: { has(value: object): boolean } | undefined,
  depth: number,
): boolean {
  const list = isArray(value);
  const keys = ownKeys(value);
  if (list && keys.length !== value.length + 1) return false;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (typeof key === 'symbol') return false;
    if (list && key === 'length') continue;
    // The keys of an array come first, in their order.
    if (list && key !== nameOf(i)) return false;
    const property = getOwnPropertyDescriptor(value, key);
    if (property === undefined || !('value' in property) || property.enumerable !== true) return false;
    if (!isVisible(property.value, seen, depth + 1)) return false;
  }
  return true;
}

/** Whether an object is what a literal makes: the prototype of one, in whatever realm, has none itself; that of an array comes before it. */
function hasPlainPrototype(value: object): boolean {
  const prototype: unknown = getPrototypeOf(value);
  const list = isArray(value);
  const root = list && prototype !== null ? getPrototypeOf(prototype) : prototype;
  return root === null ? !list : getPrototypeOf(root) === null;
}

function toldIn(
  value: unknown,
  seen: { has(value: object): boolean } | undefined,
  path: string,
  depth: number,
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
  const list = isArray(value);
  if (!hasPlainPrototype(value)) {
    return at(list ? 'an array of a class' : `an instance of ${className(getPrototypeOf(value))}`, path);
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
    const found = toldIn(property.value, seen, there, depth + 1);
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
