/** A rule of an author's as it is asked: with its own copy of what it is given; and what it returned is copied. */

import { beginQuestion, unwrapped, wrapped } from './arguments.ts';
import type { Slot } from './guard.ts';
import type { Question, Reply } from './protocol.ts';

// As they are before the file is loaded, which may replace them.
const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, is, keys, prototype: ROOT } = Object;
const { ownKeys } = Reflect;
const { isArray, prototype: LIST } = Array;

/**
 * What a rule says.
 *
 * @param answer how it is asked: `answerTwice` in a row; `answerOnce`, where that is compared with what it said elsewhere
 * @param args nobody else's: they are wrapped in place
 * @param run calls the rule
 * @param told what is said of what it throws
 */
export function asked(
  answer: (call: () => unknown) => Reply,
  rule: Slot,
  args: readonly unknown[],
  run: (act: () => unknown) => unknown,
  told: (error: unknown) => Reply,
): Reply {
  try {
    beginQuestion();
    const given = args.map(wrapped);
    return answer(() => copied(run(() => rule(...given))));
  } catch (error) {
    return told(error);
  }
}

/** A question, which is plain data, with nothing in common with another one: what a rule is given is wrapped in place. */
export const ownCopy = ({ slot, args }: Question): Question => ({ slot, args: args.map(copyOfPlain) });

function copyOfPlain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) {
    const list: unknown[] = [];
    for (let i = 0; i < value.length; i++) list[i] = copyOfPlain(value[i]);
    return list;
  }
  const copy: Record<string, unknown> = {};
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key of keys(fields)) {
    const field = copyOfPlain(fields[key]);
    if (key === '__proto__') {
      defineProperty(copy, key, { value: field, enumerable: true, writable: true, configurable: true });
    } else copy[key] = field;
  }
  return copy;
}

/**
 * What a rule returned, without the wraps of what it was given; where that is not plain data, nothing is copied.
 */
export function copied(value: unknown, depth = 0): unknown {
  const own = unwrapped(value);
  if (!is(own, value)) return copied(own, depth);
  // One that holds itself ends here, and is found when it is looked through.
  if (typeof value !== 'object' || value === null || depth > 200) return value;
  if (isArray(value)) return isList(value) ? copiedList(value, depth) : value;
  const prototype: unknown = getPrototypeOf(value);
  if (prototype !== ROOT && prototype !== null) return value;
  const copy = {};
  for (const key of ownKeys(value)) {
    const property = getOwnPropertyDescriptor(value, key)!;
    if ('value' in property) property.value = copied(property.value, depth + 1);
    defineProperty(copy, key, property);
  }
  return copy;
}

/** Whether an array holds its elements and nothing else: no holes, accessors or further properties, and of no class. */
function isList(value: readonly unknown[]): boolean {
  if (getPrototypeOf(value) !== LIST || ownKeys(value).length !== value.length + 1) return false;
  for (let i = 0; i < value.length; i++) {
    const property = getOwnPropertyDescriptor(value, i);
    if (property === undefined || !('value' in property) || property.enumerable !== true) return false;
  }
  return true;
}

function copiedList(value: readonly unknown[], depth: number): readonly unknown[] {
  const copy: unknown[] = [];
  for (let i = 0; i < value.length; i++) {
    defineProperty(copy, i, {
      value: copied(value[i], depth + 1),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return copy;
}
