import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import { DeclarationDefect } from './defect.ts';
import { type SyncModel, type SyncModelSize, syncModel } from './examples/sync-model.ts';
import { explore } from './explore.ts';
import type { ReductionName } from './options.ts';
import type { Exploration } from './result.ts';
import type { System } from './system.ts';
import { replay } from './testing/replay.ts';
import { symmetricSystems } from './testing/symmetric-system.ts';

/** Whether all cases are gone through (`npm run sweeps`), or a part of them. */
const isWhole = inject('sweeps');

const CHOICES: readonly (readonly ReductionName[])[] = [
  [],
  ['symmetry'],
  ['dead-messages'],
  ['symmetry', 'dead-messages'],
];

/** What must not depend on reductions: verdicts, and lengths of counterexamples. */
const judged = <C, M, O, A>({ properties }: Exploration<C, M, O, A>): readonly (readonly unknown[])[] =>
  properties.map((property) =>
    property.verdict === 'violated'
      ? [property.id, property.verdict, property.counterexample.depth]
      : [property.id, property.verdict],
  );

const sized = (size: string): SyncModelSize => {
  const [members, failovers, requests, bump] = size.split(' ').map(Number);
  return { members: members!, failovers: failovers!, requests: requests!, bump: bump! };
};

describe('the yardstick', () => {
  const known: [size: string, ...states: number[]][] = [
    ['2 1 1 1', 231, 184, 231, 184],
    ['3 2 1 1', 8_760, 4_775, 3_211, 1_854],
    ['4 2 1 1', 60_996, 33_440, 7_957, 4_642],
    // These four were found by a program written for this system alone.
    ['3 3 2 1', 1_908_940, 259_140, 599_852, 85_897],
  ];
  // The largest takes as long as all others together, twenty times over.
  test.each(isWhole ? known : known.slice(0, -1))(
    '%s: states without reductions, without one, with both',
    async (size, ...states) => {
      const found: number[] = [];
      for (const choice of [...CHOICES].reverse()) {
        const { statistics, completeness } = await explore(syncModel(sized(size)), {
          noReductions: choice,
          checkPurity: true,
        });
        expect(completeness.kind).toBe('exhausted');
        found.push(statistics.states);
      }
      const [none, symmetry, dead, both] = found;
      expect([none, dead, symmetry, both]).toEqual(states);
    },
  );

  test('a bound that is set too low is broken in as few steps, and by a run of the system as it is', async () => {
    const system = syncModel(sized('3 2 2 1'));
    const strict: SyncModel = {
      ...system,
      monitors: [2, 3].map((most) => ({
        id: `m1 up to ${most}`,
        initial: null,
        observe: (state, seen) =>
          seen.of === 'peer' && seen.high > most
            ? { ok: false, because: `M1 is ${seen.high}` }
            : { ok: true, state },
      })),
    };
    const plain = await explore(strict, { noReductions: ['symmetry', 'dead-messages'] });
    expect(judged(plain).map(([, verdict]) => verdict)).toEqual(['violated', 'violated']);
    for (const noReductions of CHOICES) {
      const reduced = await explore(strict, { noReductions });
      expect(judged(reduced)).toEqual(judged(plain));
      for (const property of reduced.properties) {
        if (property.verdict === 'violated') replay(strict, property.counterexample);
      }
    }
  });
});

test('arbitrary systems with interchangeable components and obsolete messages: same verdicts, same lengths', async () => {
  let [plainStates, bySymmetry, byDead, dropped] = [0, 0, 0, 0];
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(symmetricSystems, async (system) => {
      const plain = await explore(system, { noReductions: ['symmetry', 'dead-messages'] });
      plainStates += plain.statistics.states;
      for (const noReductions of CHOICES) {
        const reduced = await explore(system, { noReductions, checkPurity: true });
        expect(judged(reduced)).toEqual(judged(plain));
        expect(reduced.statistics.states).toBeLessThanOrEqual(plain.statistics.states);
        for (const property of reduced.properties) {
          seen.add(`${property.id.split(' ')[0]} ${property.verdict}`);
          if (property.verdict === 'violated') replay(system, property.counterexample);
        }
        if (noReductions.join() === 'dead-messages') bySymmetry += reduced.statistics.states;
        if (noReductions.join() === 'symmetry') {
          byDead += reduced.statistics.states;
          dropped += reduced.statistics.dropped;
        }
      }
    }),
    { numRuns: isWhole ? 80 : 40, seed: 5685 },
  );
  // The systems were worth it.
  expect([...seen].sort()).toEqual([
    'monitor holds',
    'monitor violated',
    'progress holds',
    'progress inconclusive',
    'progress violated',
  ]);
  expect(plainStates).toBeGreaterThan(5_000);
  expect(bySymmetry).toBeLessThan(0.8 * plainStates);
  expect(byDead).toBeLessThan(0.95 * plainStates);
  expect(dropped).toBeGreaterThan(500);
});

describe('what is declared wrongly is told', () => {
  const system = syncModel(sized('2 2 2 1'));
  const declaring = (isObsolete: NonNullable<SyncModel['isObsolete']>): SyncModel => ({
    ...system,
    isObsolete,
  });

  test.each<[string, NonNullable<SyncModel['isObsolete']>, string]>([
    ['everything', () => true, 'it can be received'],
    [
      'a request that is answered again',
      (message, value, component) =>
        system.isObsolete!(message, value, component) ||
        (message.kind === 'request' &&
          'high' in value &&
          message.by === 'cluster' &&
          message.id < value.recv),
      "by rule 'AgainC' it can be received",
    ],
    [
      'a response that is not waited for yet',
      (message, value, component) =>
        system.isObsolete!(message, value, component) ||
        (message.kind === 'response' && 'high' in value && message.by === 'cluster' && !value.out),
      "by rule 'SendP' a step makes it matter again",
    ],
    [
      'an answer to a failover that is still to come',
      (message, value, component) =>
        system.isObsolete!(message, value, component) ||
        (message.kind === 'sync-response' && !('syncing' in value && value.failovers === message.failover)),
      "by rule 'Fail' a step makes it matter again",
    ],
  ])('obsolete: %s', async (_, isObsolete, message) => {
    const exploration = explore(declaring(isObsolete));
    await expect(exploration).rejects.toThrow(message);
    await expect(exploration).rejects.toBeInstanceOf(DeclarationDefect);
    // Without the reduction, what is said of it does no harm.
    const plain = await explore(declaring(isObsolete), { noReductions: ['dead-messages'] });
    expect(plain.properties).toMatchObject([{ verdict: 'holds' }]);
  });

  /** Two components that count; the second one goes further. */
  const counters = (most: readonly number[]): System<number, never, number, string> => ({
    name: 'counters',
    components: ['a', 'b'],
    initial: [[0, 0]],
    interchangeable: [[0, 1]],
    rules: most.map((limit, index) => ({
      kind: 'up',
      touches: [index],
      receives: false,
      step: ([n]) => ({
        outcomes:
          n! < limit ? [{ values: [n! + 1], sent: [], observations: [n! + 1], action: `up ${index}` }] : [],
      }),
    })),
    monitors: [
      {
        id: 'up to 2',
        initial: 0,
        observe: (state, n) => (n > 2 ? { ok: false, because: `${n}` } : { ok: true, state }),
      },
    ],
    progress: [
      {
        id: 'a gets there',
        scope: { reads: [], holds: () => true },
        goal: { reads: [0], holds: ([a]) => a === 2 },
        without: [],
      },
    ],
  });

  test('components that are not interchangeable', async () => {
    const monitors = { properties: ['up to 2'] };
    await expect(explore(counters([2, 3]), { ...monitors, checkPurity: true })).rejects.toThrow(
      "components 'a' and 'b' are declared interchangeable, but steps of kind 'up' are not the same",
    );
    // Why it matters: sorted, the further one is never the first, which alone goes no further than 2.
    const { properties } = await explore(counters([3, 2]), { ...monitors, noReductions: ['symmetry'] });
    expect(properties).toMatchObject([{ verdict: 'violated' }]);
  });

  test('a predicate that tells interchangeable components apart', async () => {
    await expect(explore(counters([2, 2]))).rejects.toThrow('but a progress property tells them apart');
    await expect(explore(counters([2, 2]), { noReductions: ['symmetry'] })).resolves.toBeDefined();
  });

  test('groups of components that do not exist, or overlap', async () => {
    for (const interchangeable of [[[0, 7]], [[0, 1], [1]]]) {
      await expect(explore({ ...counters([2, 2]), interchangeable })).rejects.toThrow('in two groups');
    }
  });
});
