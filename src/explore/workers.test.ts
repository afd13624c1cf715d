import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { syncModel } from './examples/sync-model.ts';
import { twoPhaseCommit } from './examples/two-phase-commit.ts';
import { explore } from './explore.ts';
import type { Options } from './options.ts';
import { REDUCTIONS } from './options.ts';
import { Search } from './search.ts';
import { SharedStates } from './shared-states.ts';
import type { System } from './system.ts';
import { abortingAtLook } from './testing/aborting.ts';
import { stableFigures } from './testing/figures.ts';
import { randomFairSystems } from './testing/random-fairness.ts';
import { randomSystems } from './testing/random-system.ts';
import { symmetricSystems } from './testing/symmetric-system.ts';
import { Threads } from './threads.ts';
import { WorkerFailure, Workers } from './workers.ts';

/** Everything that an exploration finds but what depends on the machine or on how the tables lie in memory. */
async function found<C, M, O, A>(system: System<C, M, O, A>, options: Options): Promise<string> {
  const { statistics, completeness, properties, actions } = await explore(system, {
    ...options,
    threadsFrom: 0,
  });
  const { seconds, verdictSeconds, statesPerSecond, bytesPerState, load } = statistics;
  const { workers, ...figures } = stableFigures(statistics);
  expect(workers).toBe(options.workers);
  expect(load).toBeLessThanOrEqual(0.75);
  expect(Math.min(seconds, verdictSeconds, statesPerSecond, bytesPerState)).toBeGreaterThan(0);
  return JSON.stringify({ figures, kind: completeness.kind, properties, actions });
}

test.each([2, 4])('%i workers find what one finds: arbitrary systems', async (workers) => {
  for (const [systems, seed] of [
    [randomSystems, 6311],
    [symmetricSystems, 6027],
  ] as const) {
    await fc.assert(
      fc.asyncProperty(systems as fc.Arbitrary<System<number, number, number, string>>, async (system) => {
        expect(await found(system, { workers })).toBe(await found(system, { workers: 1 }));
      }),
      { numRuns: workers === 2 ? 4 : 2, seed },
    );
  }
});

test.each([
  ['the yardstick', syncModel({ members: 2, failovers: 2, requests: 2, bump: 1 }), REDUCTIONS],
  ['the yardstick, reduced', syncModel({ members: 3, failovers: 2, requests: 2, bump: 1 }), []],
  [
    'the yardstick with more members',
    syncModel({ members: 4, failovers: 1, requests: 1, bump: 1 }),
    REDUCTIONS,
  ],
])('1, 2, 3 and 4 workers: %s', async (_, system, noReductions) => {
  const expected = await found(system, { workers: 1, noReductions });
  for (const workers of [2, 3, 4]) expect(await found(system, { workers, noReductions })).toBe(expected);
});

test('the same counterexamples, progress properties included', async () => {
  const system = twoPhaseCommit(6, 'abort-after-prepared');
  const expected = await found(system, { workers: 1 });
  expect(expected).toContain('"verdict":"violated"');
  for (const workers of [2, 4]) expect(await found(system, { workers })).toBe(expected);
});

test('the same verdicts and runs for properties of fair progress', async () => {
  const verdicts = new Set<string>();
  await fc.assert(
    fc.asyncProperty(randomFairSystems, async (system) => {
      const expected = await found(system, { workers: 1 });
      for (const [, verdict] of expected.matchAll(/"verdict":"(\w+)"/g)) verdicts.add(verdict!);
      expect(await found(system, { workers: 2 })).toBe(expected);
    }),
    { numRuns: 6, seed: 5 },
  );
  expect([...verdicts].sort()).toEqual(['holds', 'violated']);
});

test('limits end it as well, and then all that was found is in the tables', async () => {
  const { completeness, statistics } = await explore(twoPhaseCommit(7), {
    workers: 2,
    threadsFrom: 0,
    signal: abortingAtLook(6),
    properties: [],
  });
  expect(completeness).toMatchObject({ kind: 'stopped', reason: 'interrupted' });
  expect(statistics.states).toBeGreaterThan(1000);
  expect(statistics.states).toBeLessThan(296_448);
});

test('a small exploration starts no threads; a large one does, and finds the same', async () => {
  const search = (resourceManagers: number) => new Search(twoPhaseCommit(resourceManagers), [], []);
  const threads = new Threads({ workers: 2 });
  const small = search(5);
  small.run(10_000);
  await threads.attend(small);
  expect(small.finished).toBe(true);
  expect(small.table).not.toBeInstanceOf(SharedStates);

  const large = search(7);
  while (!(large.table instanceof SharedStates) && !large.finished) {
    await threads.attend(large);
    if (large.table.count < 150_000) large.run(large.batchSize);
    else await setTimeout(10);
  }
  expect(large.table).toBeInstanceOf(SharedStates);
  while (!large.finished) large.run(large.batchSize);
  threads.close();
  expect(large.table.count).toBe(296_448);
});

/** The states that a search has found, as ids; and the sets of messages in the order of theirs. */
function idsIn({ table, layout, knowledge }: Search<number, string, unknown, string>): string {
  const row = new Int32Array(layout.words);
  const states = Array.from({ length: table.count }, (_, state) => {
    table.read(state, row);
    return knowledge.sizes.map((_, field) => layout.read(row, field));
  });
  return JSON.stringify([states, knowledge.sets.save().map((part) => [...part])]);
}

/**
 * Components that count up to a limit, each on its own, and send a message at each step: nearly every step leads to a
 * set of messages that is new.
 */
const manySets = (components: number, limit: number): System<number, string, unknown, string> => ({
  name: 'many sets',
  components: Array.from({ length: components }, (_, i) => `counter ${i}`),
  initial: [Array.from({ length: components }, () => 0)],
  rules: Array.from({ length: components }, (_, i) => ({
    kind: 'count',
    touches: [i],
    receives: false,
    step: ([value]) => ({
      outcomes:
        value! < limit
          ? [{ values: [value! + 1], sent: [`${i}: ${value}`], observations: [], action: 'count' }]
          : [],
    }),
  })),
  monitors: [],
  progress: [],
});

test('sets of messages get the same ids however the states are shared out, also where rows are laid out anew', async () => {
  const system = manySets(5, 6);
  const alone = new Search(system, [], []);
  while (!alone.finished) alone.run(alone.batchSize);
  for (const together of [1, 7, 64]) {
    const threads = await Workers.start(1);
    const search = new Search(system, [], []);
    search.share(threads, together);
    while (!search.finished) search.run(search.batchSize);
    threads.close();
    expect(idsIn(search)).toBe(idsIn(alone));
  }
});

test('a thread that has ended is an error, and nobody waits for it for ever', async () => {
  const threads = await Workers.start(2, 2);
  const search = new Search(twoPhaseCommit(6), [], []);
  search.share(threads);
  search.run(search.batchSize);
  await threads.kill(2);
  expect(() => {
    while (!search.finished) search.run(search.batchSize);
  }).toThrow(WorkerFailure);
  threads.close();
});

test('a thread that is killed while the search waits for it is given up', async () => {
  const threads = await Workers.start(1, 2);
  const search = new Search(twoPhaseCommit(8), [], []);
  search.share(threads);
  // The search goes on without returning to the event loop, so it is not told that the thread ends.
  const killed = threads.kill(1);
  expect(() => {
    while (!search.finished) search.run(search.batchSize);
  }).toThrow('shows no sign of life');
  await killed;
  threads.close();
});
