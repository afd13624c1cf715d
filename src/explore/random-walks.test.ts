/** Walks against the naive reading of the same system: every rule evaluated on values, nothing remembered. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from './explore.ts';
import { Interner } from './intern.ts';
import type { System } from './system.ts';
import { type RandomSystem, randomSystems } from './testing/random-system.ts';
import { follow, othersOfKind } from './walk/follow.ts';
import { Moves } from './walk/moves.ts';
import { type Path, pathOf, pathText } from './walk/path.ts';
import { counterexampleOf, stepsOf } from './walk/retell.ts';
import { WalkState } from './walk/walk-state.ts';
import { type WalksResult, walk } from './walk/walks.ts';
import { Watch } from './walk/watch.ts';

/** The system, in which some messages leave the network when they are received. */
const withConsuming = (system: RandomSystem): RandomSystem => ({
  ...system,
  rules: system.rules.map((rule) =>
    rule.receives
      ? {
          ...rule,
          step: (values, message) => {
            const result = rule.step(values, message);
            const outcomes = result.outcomes.map((outcome) =>
              (message + values.length) % 2 === 0 ? { ...outcome, consumes: true } : outcome,
            );
            return { ...result, outcomes };
          },
        }
      : rule,
  ),
});

const systems = fc.oneof(randomSystems, randomSystems.map(withConsuming));

const choices = fc.array(fc.record({ rule: fc.nat(5), pick: fc.nat(6) }), { maxLength: 30 });

function tablesOf<C, M, O, A>(system: System<C, M, O, A>): WalkState<C, M, O, A> {
  const moves = new Moves(system, () => [], new Interner());
  return new WalkState(
    moves,
    system.monitors.map((monitor) => new Watch(monitor, moves)),
    system.rules,
  );
}

const monitorSays = (
  { monitors }: RandomSystem,
  index: number,
  path: readonly { observations: readonly number[] }[],
) => {
  let state: unknown = monitors[index]!.initial;
  for (const [step, { observations }] of path.entries()) {
    for (const observation of observations) {
      const seen = monitors[index]!.observe(state, observation);
      if (!seen.ok) return step + 1;
      state = seen.state;
    }
  }
  return undefined;
};

describe('a path', () => {
  it('is followed in the tables just as on the values', () => {
    let violating = 0;
    fc.assert(
      fc.property(systems, fc.nat(2), choices, (system, start, picked) => {
        const path: Path = {
          initial: start % system.initial.length,
          choices: picked.filter(({ rule }) => rule < system.rules.length),
        };
        const tables = tablesOf(system);
        const steps = stepsOf(system, path);
        // Without a monitor, to the end.
        const { path: taken } = follow(system, tables, path, 31);
        expect(taken.choices.length).toBe(steps.length);
        expect(stepsOf(system, taken)).toEqual(steps);
        const values = Array.from(tables.ids, (id, i) => tables.moves.components[i]!.valueOf(id));
        expect(values).toEqual(steps.at(-1)?.after ?? system.initial[path.initial]);
        // With other rules of the same kind, it is a path that can be followed without them.
        const { path: lenient } = follow(system, tables, path, 31, othersOfKind(system));
        expect(stepsOf(system, lenient).length).toBe(lenient.choices.length);
        for (const [m, monitor] of system.monitors.entries()) {
          const at = monitorSays(system, m, steps);
          const followed = follow(system, tables, path, m);
          expect(followed.violates).toBe(at !== undefined);
          if (at === undefined) continue;
          violating++;
          expect(followed.path.choices.length).toBe(at);
          expect(counterexampleOf(system, followed.path, monitor).steps).toEqual(steps.slice(0, at));
        }
      }),
      { numRuns: 3000, seed: 42 },
    );
    expect(violating).toBeGreaterThan(100);
  });

  it('is written as a word, and read again', () => {
    fc.assert(
      fc.property(
        fc.nat(9),
        fc.array(fc.record({ rule: fc.nat(99), pick: fc.nat(99) }), { minLength: 1 }),
        (initial, made) => {
          const path = { initial, choices: made };
          expect(pathOf(pathText(path))).toEqual(path);
        },
      ),
      { seed: 1 },
    );
    expect(
      pathText({
        initial: 0,
        choices: [
          { rule: 3, pick: 0 },
          { rule: 12, pick: 1 },
        ],
      }),
    ).toBe('3.0-12.1');
    for (const word of ['', '-', '1', '1.', '1.0-', '1.0--2.0', 'x', '1:', '1.0 ', '9999999.0'])
      expect(pathOf(word)).toBeUndefined();
  });
});

const withoutClock = ({ seconds: _, ...rest }: WalksResult): object => rest;

describe('random walks', () => {
  it('find what an exploration finds in small systems, and nothing else', async () => {
    let [found, reachable] = [0, 0];
    const sample = fc.sample(randomSystems, { numRuns: 500, seed: 7 });
    for (const system of sample) {
      const { properties } = await explore(system, { properties: system.monitors.map(({ id }) => id) });
      const violated = properties.flatMap((each) => (each.verdict === 'violated' ? [each] : []));
      const { violations } = await walk(system, { seed: 3, depth: 40, walks: 300 });
      for (const { property, path } of violations) {
        const shortest = violated.find(({ id }) => id === property)?.counterexample.depth;
        expect(shortest).toBeDefined();
        const monitor = system.monitors.find(({ id }) => id === property)!;
        expect(counterexampleOf(system, path, monitor).depth).toBeGreaterThanOrEqual(shortest!);
      }
      found += violations.length;
      reachable += violated.length;
    }
    expect(reachable).toBeGreaterThan(100);
    expect(found).toBe(reachable);
  });

  it('are the same for the same seed, also when the tables are given up on the way', async () => {
    for (const system of fc.sample(systems, { numRuns: 30, seed: 11 })) {
      const options = { seed: 5, depth: 25, walks: 60 };
      const once = await walk(system, options);
      expect(withoutClock(await walk(system, options))).toEqual(withoutClock(once));
      const frugal = await walk(system, { ...options, bytes: 1 });
      expect(frugal.restarts).toBe(frugal.walks);
      expect(withoutClock(await walk(system, { ...options, bytes: 1 }))).toEqual(withoutClock(frugal));
      for (const { property, path } of frugal.violations) {
        counterexampleOf(system, path, system.monitors.find(({ id }) => id === property)!);
      }
    }
  });
});

/** A counter that may be raised at any time; a message can be received once; the monitor objects to three. */
const three: System<number, string, number, string> = {
  name: 'three',
  components: ['count', 'other'],
  initial: [[0, 0]],
  rules: [
    {
      kind: 'send',
      touches: [1],
      receives: false,
      step: ([other]) => ({
        outcomes:
          other! < 2 ? [{ values: [other! + 1], sent: [`m${other}`], observations: [], action: 'send' }] : [],
      }),
    },
    {
      kind: 'take',
      touches: [0],
      receives: true,
      step: ([count], message) => ({
        outcomes: [
          { values: [count! + 1], sent: [], observations: [count! + 1], action: message, consumes: true },
        ],
      }),
    },
  ],
  monitors: [
    {
      id: 'two',
      initial: 0,
      observe: (_, count) => (count === 2 ? { ok: false, because: 'two' } : { ok: true, state: 0 }),
    },
    {
      id: 'three',
      initial: 0,
      observe: (_, count) => (count === 3 ? { ok: false, because: 'three' } : { ok: true, state: 0 }),
    },
  ],
  progress: [],
};

describe('a message that is consumed', () => {
  it('is received once', async () => {
    const result = await walk(three, {
      seed: 1,
      depth: 50,
      walks: 200,
      tagging: (kind, { action }) => [`${kind} ${action}`],
    });
    expect(result.violations.map(({ property, path }) => [property, pathText(path)])).toEqual([
      ['two', '0.0-0.0-1.0-1.0'],
    ]);
    expect(result.longest).toBe(4);
    expect(result.endedEarly).toBe(200);
    // Kinds may be left out of a walk; what is taken is counted in steps and in walks.
    expect(result.tags['take m1']).toEqual({
      steps: result.tags['take m1']?.walks,
      walks: result.tags['take m1']?.walks,
    });
    expect(result.kinds['send']!.steps).toBe(2 * result.kinds['send']!.walks);
  });

  it('can be received again and again if it is not', async () => {
    const lasting = {
      ...three,
      rules: three.rules.map((rule) =>
        rule.receives
          ? {
              ...rule,
              step: (values: readonly number[], message: string) => ({
                outcomes: rule.step(values, message).outcomes.map(({ consumes: _, ...outcome }) => outcome),
              }),
            }
          : rule,
      ),
    };
    const { violations, stopped } = await walk(lasting, { seed: 1, depth: 50, walks: 200 });
    expect(violations.map(({ property, path }) => [property, pathText(path)])).toEqual([
      ['two', '0.0-1.0-1.0'],
      ['three', '0.0-1.0-1.0-1.0'],
    ]);
    expect(stopped).toBe('all-violated');
  });
});
