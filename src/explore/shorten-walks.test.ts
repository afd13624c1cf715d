import { describe, expect, it } from 'vitest';
import type { Choice, Path } from './walk/path.ts';
import { type Follow, shorten, shortenDirectly, shrinkByFastCheck } from './walk/shorten.ts';

const path = (...rules: readonly number[]): Path => ({
  initial: 0,
  choices: rules.map((rule) => ({ rule, pick: 0 })),
});
const rulesOf = ({ choices }: Path): readonly number[] => choices.map(({ rule }) => rule);

/** Violated as soon as these rules were taken in this order; rule 9 can never be taken. */
const inOrder =
  (...wanted: readonly number[]): Follow =>
  ({ initial, choices }) => {
    const taken: Choice[] = [];
    let next = 0;
    for (const choice of choices) {
      if (choice.rule === 9) continue;
      taken.push(choice);
      if (choice.rule === wanted[next]) next++;
      if (next === wanted.length) return { initial, choices: taken };
    }
    return undefined;
  };

/** Violated by a 7 once there was as often a 1 as a 2: so they can be dropped in pairs only. */
const balanced: Follow = (given) => {
  const end = given.choices.findIndex(({ rule }) => rule === 7);
  const before = given.choices.slice(0, end);
  const count = (rule: number): number => before.filter((choice) => choice.rule === rule).length;
  return end >= 0 && count(1) === count(2)
    ? { ...given, choices: given.choices.slice(0, end + 1) }
    : undefined;
};

describe('shorten', () => {
  const long = path(5, 1, 5, 2, 9, 5, 5, 1, 3, 2, 5, 3, 3, 1, 7, 5, 5);

  it('leaves the choices that the violation needs', async () => {
    for (const wanted of [[1, 2, 3], [5], [2, 3, 7], [5, 5, 5, 5, 5, 7]]) {
      expect(rulesOf(await shorten(long, inOrder(...wanted), 1))).toEqual(wanted);
      expect(rulesOf(await shrinkByFastCheck(long, inOrder(...wanted), 1))).toEqual(wanted);
      expect(rulesOf(shortenDirectly(long, inOrder(...wanted)))).toEqual(wanted);
    }
  });

  it('drops pairs where neither can be dropped alone', async () => {
    expect(rulesOf(await shorten(path(1, 5, 1, 2, 5, 2, 7), balanced, 1))).toEqual([7]);
  });

  it('takes the first way where it does', () => {
    const lower: Follow = (given) => (given.choices.every(({ pick }) => pick >= 1) ? given : undefined);
    const from: Path = { initial: 0, choices: [{ rule: 1, pick: 4 }] };
    const needsOne: Follow = (given) => (given.choices.length === 1 ? lower(given) : undefined);
    expect(shortenDirectly(from, needsOne).choices).toEqual([{ rule: 1, pick: 1 }]);
  });

  it('takes a long path in its stride', async () => {
    const rules = Array.from({ length: 400 }, (_, i) => (i % 40 === 7 ? 1 : i % 90 === 11 ? 2 : 5));
    let tries = 0;
    const follow: Follow = (given) => {
      tries++;
      return inOrder(1, 2, 1, 2)(given);
    };
    expect(rulesOf(await shorten(path(...rules), follow, 1))).toEqual([1, 2, 1, 2]);
    expect(tries).toBeLessThan(40_001);
  });
});
