import { expect, test } from 'vitest';
import { SystemDefect } from './defect.ts';
import { syncModel } from './examples/sync-model.ts';
import { twoPhaseCommit } from './examples/two-phase-commit.ts';
import { explore } from './explore.ts';
import type { StepResult, StepRule, System } from './system.ts';

type Tiny = System<unknown, unknown, unknown, string>;

const outcome = (
  values: readonly unknown[],
  action = 'go',
): StepResult<unknown, unknown, unknown, string> => ({
  outcomes: [{ values, sent: [], observations: [], action }],
});

const go = (
  step: (values: readonly unknown[]) => StepResult<unknown, unknown, unknown, string>,
  touches: readonly number[] = [0],
): StepRule<unknown, unknown, unknown, string> => ({ kind: 'go', touches, receives: false, step });

const tiny = (parts: Partial<Tiny>): Tiny => ({
  name: 'tiny',
  components: ['only'],
  initial: [[0]],
  rules: [],
  monitors: [],
  progress: [],
  ...parts,
});

test('the same system gives the same result, number for number', async () => {
  const run = async () => {
    const { statistics, ...rest } = await explore(twoPhaseCommit(4, 'abort-after-prepared'));
    const { seconds: _, verdictSeconds: _v, statesPerSecond: __, ...figures } = statistics;
    return JSON.stringify({ ...rest, figures });
  };
  expect(await run()).toBe(await run());
});

test('equal initial states count once', async () => {
  const { statistics } = await explore(tiny({ initial: [[{ a: 1, b: 2 }], [{ b: 2, a: 1 }], [3]] }));
  expect(statistics).toMatchObject({ states: 2, transitions: 0, depth: 0, distinct: { only: 2 } });
});

test('every outcome is a transition, whether or not it leads to another state', async () => {
  const same = tiny({
    rules: [go(([n]) => ({ outcomes: [n, n, 1, 1].flatMap((to) => outcome([to]).outcomes) }))],
  });
  expect((await explore(same)).statistics).toMatchObject({ states: 2, transitions: 8, depth: 1 });
});

test('kinds of steps that never occur are listed with 0', async () => {
  const { statistics, actions } = await explore(tiny({ rules: [go(() => ({ outcomes: [] }))] }));
  expect(statistics.steps).toEqual({ go: 0 });
  expect(actions).toEqual([]);
});

test('a rule may touch no component, or several in any order', async () => {
  const system = tiny({
    components: ['a', 'b', 'c'],
    initial: [[1, 2, 3]],
    rules: [
      { ...go(([c, a]) => outcome([a, c]), [2, 0]), kind: 'swap' },
      { ...go(() => outcome([]), []), kind: 'nothing' },
    ],
  });
  const { statistics } = await explore(system);
  expect(statistics).toMatchObject({ states: 2, transitions: 4, depth: 1, steps: { swap: 2, nothing: 2 } });
});

test('memory per state is that of the tables', async () => {
  const { statistics } = await explore(syncModel({ members: 2, failovers: 2, requests: 3, bump: 1 }));
  expect(statistics.bytesPerState).toBeGreaterThan(16);
  expect(statistics.bytesPerState).toBeLessThan(100);
});

const impure = () => {
  let n = 0;
  return tiny({ rules: [go(() => outcome([n++ % 3]))] });
};

test.each<[string, Tiny, Parameters<typeof explore>[1], string]>([
  [
    'too many values',
    tiny({ rules: [go(() => outcome([1, 2]))] }),
    {},
    "rule 'go' touches 1 components but gave 2",
  ],
  [
    'too few values',
    tiny({ rules: [go(() => outcome([]))] }),
    {},
    "rule 'go' touches 1 components but gave 0",
  ],
  [
    'a component twice',
    tiny({ rules: [go(() => outcome([1, 1]), [0, 0])] }),
    {},
    "rule 'go' touches a component twice",
  ],
  [
    'a component too many',
    tiny({ rules: [go(() => outcome([1]), [1])] }),
    {},
    "rule 'go' touches component 1, which",
  ],
  ['no initial state', tiny({ initial: [] }), {}, 'no initial state'],
  ['a short initial state', tiny({ initial: [[]] }), {}, 'an initial state has 0 values for 1 components'],
  ['an unknown property', tiny({}), { properties: ['x'] }, "there is no property 'x'"],
  [
    'not plain data',
    tiny({ rules: [go(() => outcome([new Set()]))] }),
    {},
    "rule 'go': an instance of Set is not plain",
  ],
  ['an impure rule', impure(), { checkPurity: true }, "rule 'go' gave two results for the same values"],
  [
    'one id for two properties',
    tiny({ monitors: [1, 2].map(() => ({ id: 'p', initial: 0, observe: () => ({ ok: true, state: 0 }) })) }),
    {},
    "two properties have the id 'p'",
  ],
])('a defect of the system is told: %s', async (_, system, options, message) => {
  const exploration = explore(system, options);
  await expect(exploration).rejects.toThrow(message);
  await expect(exploration).rejects.toBeInstanceOf(SystemDefect);
});

test('a rule cannot write into the values that it is given', async () => {
  const writing = tiny({
    initial: [[{ deep: [1] }]],
    rules: [
      go(([value]) => {
        (value as { deep: number[] }).deep.push(2);
        return outcome([value]);
      }),
    ],
  });
  await expect(explore(writing)).rejects.toThrow(TypeError);
});

test('rules that are checked for purity give the same result', async () => {
  const plain = await explore(twoPhaseCommit(3));
  const checked = await explore(twoPhaseCommit(3), { checkPurity: true });
  expect(checked.properties).toEqual(plain.properties);
  expect(checked.statistics.evaluations).toBe(plain.statistics.evaluations);
});
