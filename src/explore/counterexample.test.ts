import { expect, test } from 'vitest';
import { type TwoPhaseCommit, twoPhaseCommit } from './examples/two-phase-commit.ts';
import { explore } from './explore.ts';
import type { Counterexample, PropertyResult } from './result.ts';
import type { System } from './system.ts';

function violated<C, M, O, A>(
  properties: readonly PropertyResult<C, M, O, A>[],
  id: string,
): Counterexample<C, M, O, A> {
  const property = properties.find((each) => each.id === id);
  if (property?.verdict !== 'violated') throw new Error(`${id} is ${property?.verdict}`);
  return property.counterexample;
}

const exploreFaulty = async (managers: number) =>
  violated((await explore(twoPhaseCommit(managers, 'abort-after-prepared'))).properties, 'consistent');

test('a resource manager that aborts after it has prepared: the shortest way, step by step', async () => {
  const { depth, initial, steps, because } = await exploreFaulty(2);
  expect(depth).toBe(7);
  expect(initial).toEqual(['working', 'working', { state: 'init', prepared: [] }]);
  expect(steps.map(({ action }) => action)).toEqual([
    'RMPrepare(0)',
    'RMChooseToAbort(0)',
    'RMPrepare(1)',
    'TMRcvPrepared(0)',
    'TMRcvPrepared(1)',
    'TMCommit',
    'RMRcvCommitMsg(0)',
  ]);
  expect(steps.at(-1)).toMatchObject({
    kind: 'RMRcvCommitMsg',
    received: { kind: 'commit' },
    sent: [],
    observations: [{ by: 0, is: 'committed' }],
  });
  expect(because).toBe('rm 0 has committed after one has aborted');
});

test('its length grows with the number of resource managers as it must', async () => {
  // Each prepares and is heard, the transaction manager commits, one aborts, one commits.
  for (const managers of [1, 2, 3, 4]) expect((await exploreFaulty(managers)).depth).toBe(2 * managers + 3);
});

test('steps are linked, and tell what was sent, received and observed', async () => {
  const { initial, steps } = await exploreFaulty(3);
  let before = initial;
  const sent: unknown[] = [];
  for (const step of steps) {
    expect(step.before).toEqual(before);
    if (step.received !== undefined) expect(sent).toContainEqual(step.received);
    sent.push(...step.sent);
    before = step.after;
  }
  expect(steps[0]!.sent).toEqual([{ kind: 'prepared', by: steps[0]!.before.indexOf('working') }]);
  expect('received' in steps[0]!).toBe(false);
});

test('the other properties get their shortest counterexamples as well', async () => {
  const { properties } = await explore(twoPhaseCommit(2, 'abort-after-prepared'));
  expect(violated(properties, 'nobody-commits')).toMatchObject({
    depth: 6,
    because: 'rm 0 has committed',
  });
});

test('only the properties asked for are judged, and only their monitors are in the states', async () => {
  const counting: TwoPhaseCommit['monitors'][number] = {
    id: 'few-decisions',
    initial: 0,
    observe: (count) =>
      count === 5 ? { ok: false, because: 'a sixth decision' } : { ok: true, state: Number(count) + 1 },
  };
  const system = { ...twoPhaseCommit(2), monitors: [counting, ...twoPhaseCommit(2).monitors] };
  const all = await explore(system);
  const some = await explore(system, { properties: ['consistent'] });
  expect(some.properties.map(({ id, verdict }) => [id, verdict])).toEqual([['consistent', 'holds']]);
  expect(some.statistics.states).toBe(56);
  expect(all.statistics.states).toBeGreaterThan(56);
  expect(violated(all.properties, 'few-decisions')).toMatchObject({ depth: 7, because: 'a sixth decision' });
});

/** One step that makes several observations. */
const observing = (observations: readonly number[]): System<boolean, never, number, string> => ({
  name: 'observing',
  components: ['done'],
  initial: [[false]],
  rules: [
    {
      kind: 'observe',
      touches: [0],
      receives: false,
      step: ([done]) => ({
        outcomes: done ? [] : [{ values: [true], sent: [], observations, action: 'observe' }],
      }),
    },
  ],
  monitors: [
    {
      id: 'increasing',
      initial: 0,
      observe: (last, now) =>
        now > Number(last) ? { ok: true, state: now } : { ok: false, because: `${now} after ${last}` },
    },
  ],
  progress: [],
});

test('a monitor is fed the observations of a step in their order, up to the first that it rejects', async () => {
  expect((await explore(observing([1, 2, 5]))).properties).toMatchObject([{ verdict: 'holds' }]);
  const { properties } = await explore(observing([1, 4, 3, 2]));
  expect(violated(properties, 'increasing')).toMatchObject({
    depth: 1,
    because: '3 after 4',
    steps: [{ observations: [1, 4, 3, 2], before: [false], after: [true] }],
  });
});

test('a violation by a step that changes nothing else is found', async () => {
  const system: System<null, never, string, string> = {
    name: 'still',
    components: ['nothing'],
    initial: [[null]],
    rules: [
      {
        kind: 'stay',
        touches: [0],
        receives: false,
        step: () => ({ outcomes: [{ values: [null], sent: [], observations: ['seen'], action: 'stay' }] }),
      },
    ],
    monitors: [{ id: 'unseen', initial: null, observe: () => ({ ok: false, because: 'it was seen' }) }],
    progress: [],
  };
  const { properties, statistics } = await explore(system);
  expect(violated(properties, 'unseen')).toMatchObject({ depth: 1, because: 'it was seen' });
  expect(statistics).toMatchObject({ states: 2, transitions: 2, depth: 1 });
});
