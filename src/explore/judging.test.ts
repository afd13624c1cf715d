import { afterEach, describe, expect, test, vi } from 'vitest';
import { Exhausted } from './exhausted.ts';
import { explore } from './explore.ts';
import { EACH_TIME, forEachBelow, resultOf, type Work, workedOn } from './judging.ts';
import type { Judging, Options } from './options.ts';
import type { StepResult, StepRule, System } from './system.ts';

describe('work', () => {
  function* threeWords(): Work<string> {
    for (let done = 0; done < 3; done++) yield { stage: 'counting', done, of: 3 };
    return 'counted';
  }
  const never = (): undefined => undefined;

  test('is done to its end', async () => {
    expect(await workedOn(threeWords(), never, () => {})).toEqual({ result: 'counted' });
    expect(resultOf(threeWords())).toBe('counted');
  });

  test.each([0, 1, 2, 3])('is given up after %i words, and not gone on with', async (words) => {
    let said = 0;
    function* watched(): Work<never> {
      for (;;) yield { stage: 'for ever', done: ++said };
    }
    let looks = 0;
    const ended = () => (looks++ === words ? 'time' : undefined);
    expect(await workedOn(watched(), ended, () => {})).toEqual({ givenUp: 'time' });
    expect(said).toBe(words);
  });

  test('what it throws is thrown', async () => {
    // biome-ignore lint/correctness/useYield: it has nothing to say before it fails.
    function* failing(): Work<never> {
      throw new RangeError('no');
    }
    await expect(workedOn(failing(), never, () => {})).rejects.toThrow('no');
  });

  test('calls for each number once, and says how far it is', () => {
    const seen: number[] = [];
    const words = [...forEachBelow(2 * EACH_TIME + 1, 'counting', (n) => seen.push(n))];
    expect(seen).toEqual(Array.from({ length: 2 * EACH_TIME + 1 }, (_, n) => n));
    expect(words.map(({ done }) => done)).toEqual([0, EACH_TIME, 2 * EACH_TIME]);
    expect([...forEachBelow(0, 'counting', () => seen.push(-1))]).toEqual([]);
  });
});

type Counters = System<number, never, never, string>;

const SIDE = 120;

/** Two counters, each of which goes round for ever; the first has a step that asks for nothing. */
function counters(onAsked: () => void): Counters {
  const step = (at: number): StepRule<number, never, never, string> => ({
    kind: at === 0 ? 'first' : 'second',
    touches: [at],
    receives: false,
    step: ([n = 0]): StepResult<number, never, never, string> => ({
      outcomes: [{ values: [(n + 1) % SIDE], sent: [], observations: [], action: `to ${(n + 1) % SIDE}` }],
    }),
  });
  const goal = {
    reads: [0, 1],
    holds: ([a, b]: readonly number[]) => {
      onAsked();
      return a === 0 && b === 0;
    },
  };
  const scope = { reads: [], holds: () => true };
  return {
    name: 'counters',
    components: ['first', 'second'],
    initial: [[0, 0]],
    rules: [step(0), step(1)],
    monitors: [],
    progress: [{ id: 'possible', scope, goal, without: [] }],
    fairProgress: [
      // Nobody has to take a step at all.
      { id: 'fair', scope, goal, fairness: { again: [], groups: () => [], without: [] } },
      // Both have to, so it goes round; but it need not be that both are at 0 together.
      { id: 'groups', scope, goal, fairness: { again: [], groups: (kind) => [kind], without: [] } },
    ],
  };
}

const VERDICTS = { possible: 'holds', fair: 'violated', groups: 'violated' } as const;

/** Explores; `until` counts the looks from when the goal is asked for first, and says at which it is over. */
async function judged(id: string, until: number) {
  let isJudging = false;
  let looks = 0;
  const signal: Options['signal'] = {
    get aborted() {
      if (isJudging) looks++;
      return looks >= until;
    },
  };
  const system = counters(() => {
    isJudging = true;
  });
  const { properties, completeness, statistics } = await explore(system, { properties: [id], signal });
  return { property: properties[0]!, completeness, statistics, looks };
}

describe('a verdict on progress is interrupted in the midst of it', () => {
  test.each(Object.entries(VERDICTS))(
    '%s: at any look, nothing is said',
    async (id, verdict) => {
      const whole = await judged(id, Number.POSITIVE_INFINITY);
      expect(whole.property.verdict).toBe(verdict);
      // Several stages, of several words each.
      expect(whole.looks).toBeGreaterThan(8);
      for (let look = 1; look <= whole.looks; look++) {
        const { property, completeness, statistics } = await judged(id, look);
        expect(property).toEqual({
          id,
          verdict: 'inconclusive',
          because: 'all states were visited, but then, before it was judged, it was interrupted',
        });
        expect(completeness).toBeInstanceOf(Exhausted);
        expect(statistics).toMatchObject({ complete: true, states: SIDE * SIDE });
      }
    },
    60_000,
  );
});

describe('with a limit of time', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each(Object.keys(VERDICTS))(
    '%s: that is over in the midst of a verdict, nothing is said',
    async (id) => {
      let asked = 0;
      const hours = () => (asked > 2 * SIDE ? 10_000_000 : 0);
      const began = performance.now();
      vi.spyOn(performance, 'now').mockImplementation(() => began + hours());
      const system = counters(() => asked++);
      const { properties, completeness } = await explore(system, { properties: [id], seconds: 3600 });
      expect(completeness).toBeInstanceOf(Exhausted);
      expect(properties).toEqual([
        {
          id,
          verdict: 'inconclusive',
          because: 'all states were visited, but then, before it was judged, the time was over',
        },
      ]);
      // It went on only to the next look.
      expect(asked).toBeGreaterThan(2 * SIDE);
      expect(asked).toBeLessThan(2 * EACH_TIME);
    },
  );
});

test('it is told how far the judging is, and of which property', async () => {
  let now = performance.now();
  // Each look at the clock is a long time after the last.
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 1000;
    return now;
  });
  const told: (Judging | undefined)[] = [];
  const { statistics } = await explore(
    counters(() => {}),
    { onProgress: ({ judging }) => told.push(judging) },
  );
  vi.restoreAllMocks();
  const stages = new Map<string, Set<string>>();
  for (const judging of told) {
    if (judging === undefined) continue;
    expect(judging.done).toBeLessThanOrEqual(judging.of ?? Number.POSITIVE_INFINITY);
    stages.set(judging.property, (stages.get(judging.property) ?? new Set()).add(judging.stage));
  }
  expect([...stages.keys()]).toEqual(Object.keys(VERDICTS));
  expect([...stages.get('possible')!]).toEqual([
    'asking where it matters',
    'turning the steps round',
    'going back',
  ]);
  // Where it matters is what it was for the one before.
  expect([...stages.get('groups')!]).toEqual([
    'looking at the steps',
    'looking for ways round',
    'taking down the steps',
    'looking for fair ways round',
    'going round',
  ]);
  // The search has its own seconds.
  expect(Math.min(statistics.seconds, statistics.verdictSeconds)).toBeGreaterThan(1);
});
