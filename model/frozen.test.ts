import { expect, test } from 'vitest';
import { frozen } from './frozen.ts';

test('a value is given back as it was, with all that it holds frozen: lists, records, functions and their parts', () => {
  const named = Object.assign(() => 1, { text: { id: 'X' } });
  const value = { list: [{ deep: [1] }], named, nothing: null, text: 'x', number: 1 };
  expect(frozen(value)).toBe(value);
  const { list } = value;
  for (const part of [value, list, list[0]!, list[0]!.deep, named, named.text]) {
    expect(Object.isFrozen(part)).toBe(true);
  }
  expect(() => list.push({ deep: [] })).toThrow(TypeError);
});

test('what holds nothing, and what holds itself, are left in peace', () => {
  for (const nothing of [null, undefined, 'x', 1, true]) expect(frozen(nothing)).toBe(nothing);
  const itself: { self?: unknown } = {};
  itself.self = itself;
  expect(Object.isFrozen(frozen(itself))).toBe(true);
});
