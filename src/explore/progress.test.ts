import { expect, test } from 'vitest';
import { explore } from './explore.ts';
import type { Progress, StepResult, StepRule, System } from './system.ts';

type Counter = System<number, never, never, string>;
type Rule = StepRule<number, never, never, string>;

/** One number; each rule says where it may go from where. */
function counter(initial: number, rules: readonly Rule[], progress: Partial<Progress<number>> = {}): Counter {
  return {
    name: 'counter',
    components: ['number'],
    initial: [[initial]],
    rules,
    monitors: [],
    progress: [
      {
        id: 'back-to-zero',
        scope: { reads: [0], holds: () => true },
        goal: { reads: [0], holds: ([n]) => n === 0 },
        without: [],
        ...progress,
      },
    ],
  };
}

const rule = (kind: string, next: (n: number) => readonly number[] | { boundedBy: string }): Rule => ({
  kind,
  touches: [0],
  receives: false,
  step: ([n]): StepResult<number, never, never, string> => {
    const to = next(n as number);
    if ('boundedBy' in to) return { outcomes: [], boundedBy: to.boundedBy };
    return {
      outcomes: to.map((value) => ({
        values: [value],
        sent: [],
        observations: [],
        action: `${kind} to ${value}`,
      })),
    };
  },
});

const judge = async (system: Counter) => (await explore(system)).properties[0];

const round = rule('round', (n) => [(n + 1) % 5]);
const trap = rule('trap', (n) => (n === 3 ? [100] : []));

test('holds where the goal is always reachable', async () => {
  expect(await judge(counter(0, [round]))).toMatchObject({ verdict: 'holds' });
});

test('violated: the shortest path to the first state that is stuck', async () => {
  const loop = rule('loop', (n) => (n >= 100 ? [100 + ((n + 1) % 3)] : []));
  const result = await judge(counter(0, [rule('round', (n) => (n < 5 ? [(n + 1) % 5] : [])), trap, loop]));
  expect(result).toMatchObject({
    verdict: 'violated',
    counterexample: {
      depth: 4,
      initial: [0],
      because: 'from here the goal cannot be reached',
      steps: [
        { action: 'round to 1' },
        { action: 'round to 2' },
        { action: 'round to 3' },
        { action: 'trap to 100' },
      ],
    },
  });
});

test('a state outside the scope may be stuck', async () => {
  const inScope = { reads: [0], holds: ([n]: readonly number[]) => n! < 100 };
  const system = counter(0, [rule('round', (n) => (n < 5 ? [(n + 1) % 5] : [])), trap], { scope: inScope });
  expect(await judge(system)).toMatchObject({ verdict: 'holds' });
});

test('steps of kinds that do not count lead nowhere', async () => {
  const reset = rule('reset', () => [0]);
  expect(await judge(counter(0, [round, trap, reset]))).toMatchObject({ verdict: 'holds' });
  expect(await judge(counter(0, [round, reset], { without: ['round'] }))).toMatchObject({ verdict: 'holds' });
  expect(
    await judge(counter(0, [rule('up', (n) => (n < 3 ? [n + 1] : [])), reset], { without: ['reset'] })),
  ).toMatchObject({
    verdict: 'violated',
    counterexample: {
      depth: 1,
      because: 'from here the goal cannot be reached without steps of kind reset',
    },
  });
});

test('an initial state may be stuck', async () => {
  expect(await judge(counter(7, []))).toMatchObject({
    verdict: 'violated',
    counterexample: { depth: 0, initial: [7], steps: [] },
  });
});

const upTo3 = rule('up', (n) => (n < 3 ? [n + 1] : n === 3 ? { boundedBy: 'largest' } : []));

test('inconclusive where only a bound may be in the way, and it is named', async () => {
  expect(await judge(counter(1, [upTo3]))).toMatchObject({
    verdict: 'inconclusive',
    because: expect.stringMatching(/bounds.*: largest$/),
  });
});

test('a bound that no stuck state meets is not named', async () => {
  const apart = rule('apart', (n) => (n === 0 ? { boundedBy: 'unrelated' } : []));
  const down = rule('down', (n) => (n === 1 ? [0] : []));
  expect(await judge(counter(1, [upTo3, apart, down]))).toMatchObject({
    verdict: 'inconclusive',
    because: expect.stringMatching(/: largest$/),
  });
});

test('a bound on steps that do not count excuses nothing', async () => {
  expect(await judge(counter(1, [upTo3], { without: ['up'] }))).toMatchObject({
    verdict: 'violated',
    counterexample: { depth: 0 },
  });
});

test('a state that is stuck for certain outweighs those that may not be', async () => {
  expect(await judge(counter(1, [upTo3, rule('trap', (n) => (n === 2 ? [50] : []))]))).toMatchObject({
    verdict: 'violated',
    counterexample: { depth: 2, steps: [{ action: 'up to 2' }, { action: 'trap to 50' }] },
  });
});

test('properties with different kinds that do not count are judged side by side', async () => {
  const reset = rule('reset', () => [0]);
  const up = rule('up', (n) => (n < 3 ? [n + 1] : []));
  const [first] = counter(0, []).progress as readonly [Progress<number>];
  const system = {
    ...counter(0, [up, reset]),
    progress: [first, { ...first, id: 'without-reset', without: ['reset'] }],
  };
  const { properties } = await explore(system);
  expect(properties.map(({ id, verdict }) => [id, verdict])).toEqual([
    ['back-to-zero', 'holds'],
    ['without-reset', 'violated'],
  ]);
});
