/** What is remembered has a bound, and the work of forgetting does not grow with what was forgotten. */
import { expect, it } from 'vitest';
import { BoundedMap, BoundedSet } from './bounded.ts';

it('lets the entry that has been there for longest give way', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2).set('a', 3);
  expect([...map]).toEqual([
    ['a', 3],
    ['b', 2],
  ]);
  map.set('c', 4);
  expect([...map.keys()]).toEqual(['b', 'c']);
  map.delete('b');
  map.set('d', 5).set('b', 6);
  expect([...map.keys()]).toEqual(['d', 'b']);
  map.clear();
  map.set('e', 7).set('f', 8).set('g', 9);
  expect([...map.keys()]).toEqual(['f', 'g']);
});

it('does so with the values of a set', () => {
  const set = new BoundedSet<number>(3);
  for (let value = 0; value < 200_000; value += 1) set.add(value).add(value);
  expect([...set]).toEqual([199_997, 199_998, 199_999]);
});
