import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalText } from './canonical.ts';
import { explore } from './explore.ts';
import type { Counterexample } from './result.ts';
import { faultOfCycle, judgeNaively } from './testing/naive-fairness.ts';
import { type RandomFairProgress, randomFairSystems } from './testing/random-fairness.ts';
import type { RandomSystem } from './testing/random-system.ts';

type RandomCounterexample = Counterexample<number, number, number, string>;

/** What is wrong with a counterexample as a run that goes on for ever, or nothing. */
function faultOf(
  system: RandomSystem,
  progress: RandomFairProgress,
  { initial, steps, cycle, depth }: RandomCounterexample,
): string | undefined {
  const sent = new Set<string>();
  const states = [initial, ...steps.map(({ after }) => after)].map((values, i) => {
    const step = steps[i - 1];
    if (step?.consumed === true) sent.delete(canonicalText(step.received));
    for (const message of step?.sent ?? []) sent.add(canonicalText(message));
    return { values, sent: [...sent].sort() };
  });
  const start = cycle?.start ?? -1;
  if (start !== depth) return `it begins to go round at ${start}, not at ${depth}`;
  if (canonicalText(states[start]) !== canonicalText(states.at(-1))) return 'it does not come back';
  const { queued, groups } = progress.fairness;
  const round = steps.slice(start).map(({ kind, action, sent: messages, received }) => {
    const inQueue = queued?.(kind, action);
    return {
      sends: [...messages, ...(inQueue?.sent ?? [])].map(canonicalText),
      meets: [
        ...[received, inQueue?.received].flatMap((message) =>
          message === undefined ? [] : [canonicalText(message)],
        ),
        ...groups(kind, action).map((group) => `group ${group}`),
      ],
    };
  });
  return faultOfCycle(system, progress, states.slice(start), round);
}

test('agrees with a naive judge on arbitrary systems, and every run that it shows is fair', async () => {
  const seen: Record<string, number> = {};
  const note = (what: string) => {
    seen[what] = (seen[what] ?? 0) + 1;
  };
  await fc.assert(
    fc.asyncProperty(randomFairSystems, async (system) => {
      const { properties } = await explore(system);
      for (const progress of system.fairProgress) {
        const expected = judgeNaively(system, progress, 60);
        if (expected === undefined) return;
        const property = properties.find(({ id }) => id === progress.id)!;
        const isViolated = typeof expected === 'object';
        expect(property.verdict).toBe(isViolated ? 'violated' : expected);
        note(property.verdict);
        if (property.verdict !== 'violated') continue;
        const { counterexample } = property;
        expect({ violatedAt: counterexample.depth }).toEqual(expected);
        expect(faultOf(system, progress, counterexample)).toBeUndefined();
        const round = counterexample.steps.length - counterexample.depth;
        note(round === 0 ? 'stays' : round === 1 ? 'stays and does one thing' : 'goes round');
      }
    }),
    { numRuns: 500, seed: 6311 },
  );
  // The systems were worth it: every kind of verdict and of run occurred.
  for (const what of [
    'holds',
    'inconclusive',
    'violated',
    'stays',
    'stays and does one thing',
    'goes round',
  ]) {
    expect(seen[what], what).toBeGreaterThan(10);
  }
});
