/** The attacks that a suite has time for: one of each kind. All of them: `npm run attack`. */
import { describe, expect, test } from 'vitest';
import { attacks } from './attacks.ts';
import { outcomeOf } from './run.ts';

const FEW = [
  'counts its calls, good for 100,000',
  'keeps what it was asked, and says no the second time',
  'one time in a thousand',
  'a symbol key',
  'a loop, now and then',
  'a handler that counts',
  'a handler that never ends',
  'changes the shipped revision',
  'ends the process',
  'a field',
  'with a copy of what it is given',
];

test('there are many, each under a name of its own', () => {
  const dishonest = attacks.filter(({ kind }) => kind !== 'honest');
  expect(dishonest.length).toBeGreaterThanOrEqual(60);
  expect(new Set(attacks.map(({ kind, name }) => `${kind} ${name}`)).size).toBe(attacks.length);
  expect(dishonest.filter(({ right }) => right === 'holds')).toEqual([]);
});

describe('a file is not believed that', () => {
  test.each(attacks.filter(({ name }) => FEW.includes(name)))(
    '$kind: $name',
    async (attack) => {
      expect(await outcomeOf(attack)).toMatchObject({ isRight: true });
    },
    240_000,
  );
});
