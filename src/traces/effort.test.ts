import { expect, test } from 'vitest';
import { Effort } from './effort.ts';

test('what is saved up is spent, and each message earns more', () => {
  const effort = new Effort();
  expect(effort.allows(2000, 1)).toBe(true);
  expect(effort.ranOut).toBe(false);
  expect(effort.allows(1, 1)).toBe(false);
  expect(effort.ranOut).toBe(true);
  effort.earn();
  expect(effort.allows(100, 1)).toBe(true);
  expect(effort.allows(1, 1)).toBe(false);
});

test('a search ends where it has reached too many states, unless nothing can arrive', () => {
  const effort = new Effort();
  expect(effort.allows(0, 1_000_000)).toBe(true);
  expect(effort.ranOut).toBe(false);
  expect(effort.allows(1, 257)).toBe(false);
  expect(effort.ranOut).toBe(true);
});

test('a copy goes its own way', () => {
  const effort = new Effort();
  const copy = new Effort(effort);
  expect(copy.allows(2000, 1)).toBe(true);
  expect(effort.allows(2000, 1)).toBe(true);
});
