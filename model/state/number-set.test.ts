import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, emptySet, has } from './number-set.ts';

test('a set of numbers has what was added, as few sorted intervals', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (numbers) => {
      const set = numbers.reduce(add, emptySet);
      for (let number = -1; number <= 21; number++) expect(has(set, number)).toBe(numbers.includes(number));
      for (const [index, [from, to]] of set.entries()) {
        expect(from).toBeLessThanOrEqual(to);
        const next = set[index + 1];
        if (next !== undefined) expect(next[0]).toBeGreaterThan(to + 1);
      }
    }),
  );
});

test('numbers in order take no room', () => {
  expect([1, 2, 3, 7, 8, 5].reduce(add, emptySet)).toEqual([
    [1, 3],
    [5, 5],
    [7, 8],
  ]);
});
