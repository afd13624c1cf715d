import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginning, isSameStep, waysFrom } from './by-hand.ts';
import { explore } from './explore.ts';
import { shortestWay } from './shortest-way.ts';
import { randomSystems } from './testing/random-system.ts';

test('finds a violation as near as the explorer does, by steps that can be taken by hand', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(randomSystems, async (system) => {
      const { properties } = await explore(system, { properties: system.monitors.map(({ id }) => id) });
      for (const property of properties) {
        const { id } = property;
        const ways = await Promise.all(
          system.initial.map(async (_, index) => {
            const from = beginning(system, index);
            return { from, way: await shortestWay(system, from, { kind: 'violation', of: [id] }) };
          }),
        );
        const depths = ways.map(({ way }) => (way.kind === 'found' ? way.steps.length : Infinity));
        expect(Math.min(...depths)).toBe(
          property.verdict === 'violated' ? property.counterexample.depth : Infinity,
        );
        for (const { from, way } of ways) {
          seen.add(way.kind);
          if (way.kind !== 'found') continue;
          let at = from;
          const broken = way.steps.flatMap((step) => {
            const taken = waysFrom(system, at).ways.find((each) => isSameStep(each.step, step));
            if (taken === undefined) throw new Error('the way has a step that cannot be taken');
            at = taken.to;
            return taken.violates.map((each) => each.id);
          });
          expect(broken.at(-1) === id || broken.includes(id)).toBe(true);
        }
      }
    }),
    { numRuns: 150, seed: 6311 },
  );
  expect([...seen].sort()).toEqual(['found', 'none']);
});

test('finds the nearest state of some sort, or that there is none', async () => {
  let found = 0;
  let none = 0;
  await fc.assert(
    fc.asyncProperty(randomSystems, fc.nat(3), async (system, which) => {
      const { goal, without } = system.progress[which]!;
      const wanted = { kind: 'state', in: goal, without } as const;
      const way = await shortestWay(system, beginning(system), wanted);
      // The same, told by hand: level by level, with whole states.
      const holds = (values: readonly number[]): boolean =>
        goal.holds(goal.reads.map((at) => values[at] ?? -1));
      let level = [beginning(system)];
      const known = new Set<string>();
      let depth = 0;
      while (level.length > 0 && !level.some(({ values }) => holds(values))) {
        level = level.flatMap((at) =>
          waysFrom(system, at).ways.flatMap(({ step, to }) => {
            const key = JSON.stringify([to.values, to.sent.toSorted()]);
            if (without.includes(step.kind) || known.has(key)) return [];
            known.add(key);
            return [to];
          }),
        );
        depth++;
      }
      if (level.length === 0) expect(way.kind).toBe('none');
      else expect(way.kind === 'found' ? way.steps.length : way.kind).toBe(depth);
      if (way.kind === 'found') found++;
      else none++;
    }),
    { numRuns: 150, seed: 6311 },
  );
  expect(found).toBeGreaterThan(30);
  expect(none).toBeGreaterThan(5);
});

test('stops when it is told to, and says that nothing is known', async () => {
  const system = {
    name: 'counter',
    components: ['n'],
    initial: [[0]],
    rules: [
      {
        kind: 'more',
        touches: [0],
        receives: false as const,
        step: ([n = 0]: readonly number[]) => ({
          outcomes: [{ values: [n + 1], sent: [], observations: [n], action: 'more' }],
        }),
      },
    ],
    monitors: [{ id: 'never', initial: 0, observe: () => ({ ok: true as const, state: 0 }) }],
    progress: [],
  };
  const signal = { aborted: false };
  const way = await shortestWay(
    system,
    beginning(system),
    { kind: 'violation', of: ['never'] },
    {
      signal,
      onProgress: (states) => {
        if (states > 2000) signal.aborted = true;
      },
    },
  );
  expect(way.kind).toBe('stopped');
  expect(
    await shortestWay(system, beginning(system), { kind: 'violation', of: ['never'] }, { states: 100 }),
  ).toMatchObject({ kind: 'stopped' });
});
