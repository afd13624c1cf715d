import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explore } from './explore.ts';
import { exploreNaively } from './testing/naive-explorer.ts';
import { randomSystems } from './testing/random-system.ts';

test('agrees with a naive explorer on arbitrary systems', async () => {
  let states = 0;
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(randomSystems, async (system) => {
      const naive = exploreNaively(system);
      const { statistics, properties, completeness } = await explore(system, { checkPurity: true });
      expect(completeness.kind).toBe('exhausted');
      expect(statistics).toMatchObject({
        states: naive.states,
        transitions: naive.transitions,
        depth: naive.depth,
      });
      for (const property of properties) {
        const { id } = property;
        const depth = property.verdict === 'violated' ? property.counterexample.depth : undefined;
        if (id in naive.progress) {
          const expected = naive.progress[id]!;
          const isViolated = typeof expected === 'object';
          expect(property.verdict).toBe(isViolated ? 'violated' : expected);
          if (isViolated) expect(depth).toBe(expected.violatedAt);
        } else {
          expect(property.verdict).toBe(id in naive.violations ? 'violated' : 'holds');
          expect(depth).toBe(naive.violations[id]);
        }
        seen.add(`${id.split(' ')[0]} ${property.verdict}`);
        if (property.verdict !== 'violated') continue;
        const { steps, initial } = property.counterexample;
        expect(steps).toHaveLength(property.counterexample.depth);
        expect(system.initial).toContainEqual(initial);
        steps.forEach((step, i) => {
          expect(step.before).toEqual(i === 0 ? initial : steps[i - 1]!.after);
        });
      }
      states += naive.states;
    }),
    { numRuns: 400, seed: 6311 },
  );
  // The systems were worth it: every kind of verdict occurred, on more than a handful of states.
  expect([...seen].sort()).toEqual([
    'monitor holds',
    'monitor violated',
    'progress holds',
    'progress inconclusive',
    'progress violated',
  ]);
  expect(states).toBeGreaterThan(5_000);
});
