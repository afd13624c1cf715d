/** Small systems whose difference is known, and random ones against a slow search that keeps nothing. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { distinguish } from './distinguish.ts';
import { findStep } from './find-step.ts';
import type { Outcome, StepRule, System } from './system.ts';

type Machine = System<number, never, never, string>;

/** A machine with one component: arcs from state to state, each with a letter. */
const machine = (
  arcs: readonly (readonly [number, string, number])[],
  bounded: readonly string[] = [],
): Machine => ({
  name: 'machine',
  components: ['state'],
  initial: [[0]],
  rules: [...new Set([...arcs.map(([, letter]) => letter), ...bounded])].map(
    (letter): StepRule<number, never, never, string> => ({
      kind: letter,
      touches: [0],
      receives: false,
      step: ([state]) => ({
        outcomes: arcs.flatMap(([from, by, to]): Outcome<number, never, never, string>[] =>
          from === state && by === letter
            ? [{ values: [to], sent: [], observations: [], action: letter }]
            : [],
        ),
        ...(bounded.includes(letter) ? { boundedBy: 'steps' } : {}),
      }),
    }),
  ),
  monitors: [],
  progress: [],
});

const visible = { start: () => '', label: ({ action }: { readonly action: string }) => action };
const letters = (found: Awaited<ReturnType<typeof distinguish<number, never, never, string>>>): string =>
  found.kind === 'distinguished' ? found.steps.map(({ action }) => action).join('') : found.kind;

/** All words of a machine of up to this length. */
function words(arcs: readonly (readonly [number, string, number])[], length: number): ReadonlySet<string> {
  const found = new Set<string>(['']);
  let level: readonly (readonly [number, string])[] = [[0, '']];
  for (let depth = 0; depth < length; depth++) {
    level = level.flatMap(([state, word]) =>
      arcs.flatMap(([from, by, to]) => (from === state ? [[to, word + by] as const] : [])),
    );
    for (const [, word] of level) found.add(word);
  }
  return found;
}

describe('what one system can do and another cannot', () => {
  test('is the shortest such run, and what the other does instead', async () => {
    const first = machine([
      [0, 'a', 1],
      [1, 'b', 2],
      [2, 'c', 0],
    ]);
    const second = machine([
      [0, 'a', 1],
      [1, 'b', 2],
      [2, 'd', 0],
    ]);
    const found = await distinguish(first, second, visible);
    expect(letters(found)).toBe('abc');
    expect(found.kind === 'distinguished' && found.instead.map(({ action }) => action)).toEqual(['d']);
    expect(letters(await distinguish(second, first, visible))).toBe('abd');
  });

  test('is nothing, where the other guesses: all states that it may be in count', async () => {
    const deterministic = machine([
      [0, 'a', 1],
      [1, 'b', 2],
      [1, 'c', 2],
    ]);
    const guessing = machine([
      [0, 'a', 1],
      [0, 'a', 3],
      [1, 'b', 2],
      [3, 'c', 2],
    ]);
    expect(letters(await distinguish(deterministic, guessing, visible))).toBe('included');
    expect(letters(await distinguish(guessing, deterministic, visible))).toBe('included');
  });

  test('is not told of a step that only a bound forbids the other', async () => {
    const first = machine([
      [0, 'a', 1],
      [1, 'a', 2],
    ]);
    expect(await distinguish(first, machine([[0, 'a', 1]], ['a']), visible)).toMatchObject({
      kind: 'inconclusive',
      because: 'bounds',
      completeDepth: 1,
    });
    expect(letters(await distinguish(first, machine([[0, 'a', 1]]), visible))).toBe('aa');
  });

  test('can be how it begins', async () => {
    const first = machine([[0, 'a', 0]]);
    const start = (values: readonly number[]): number => values[0]!;
    const other = { ...first, initial: [[7]] };
    const found = await distinguish(first, other, { ...visible, start });
    expect(found).toMatchObject({ kind: 'distinguished', steps: [] });
  });

  test('is not known where a limit is met', async () => {
    const long = machine(Array.from({ length: 2000 }, (_, state) => [state, 'a', state + 1] as const));
    const options = { pairs: 500 };
    expect(await distinguish(long, long, visible, options)).toMatchObject({ because: 'pairs' });
    expect(await distinguish(long, long, visible, { seconds: 0 })).toMatchObject({ because: 'time' });
    expect(await distinguish(long, long, visible, { signal: { aborted: true } })).toMatchObject({
      because: 'interrupted',
    });
    expect(letters(await distinguish(long, long, visible))).toBe('included');
  });

  test('is what a slow search over all words finds', async () => {
    const arc = fc.tuple(
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom('a', 'b'),
      fc.integer({ min: 0, max: 3 }),
    );
    const arcs = fc.array(arc, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(arcs, arcs, async (one, other) => {
        // Two machines with 4 states differ in a word shorter than 4 * 2^4, if at all; these in far shorter ones.
        const length = 9;
        const known = words(other, length);
        const odd = [...words(one, length)].filter((word) => !known.has(word));
        const shortest = Math.min(...odd.map((word) => word.length));
        const found = await distinguish(machine(one), machine(other), visible);
        if (found.kind === 'distinguished') {
          const word = letters(found);
          expect(words(one, word.length)).toContain(word);
          expect(words(other, word.length)).not.toContain(word);
          if (odd.length > 0) expect(word).toHaveLength(shortest);
        } else {
          expect(found.kind).toBe('included');
          expect(odd).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('an example of a step', () => {
  const system = machine([
    [0, 'a', 1],
    [0, 'b', 2],
    [1, 'b', 2],
    [2, 'c', 3],
  ]);
  const actions = async (letter: string): Promise<string> => {
    const found = await findStep(system, ({ action }) => action === letter);
    return found.kind === 'found' ? found.steps.map(({ action }) => action).join('') : found.kind;
  };
  test('is a shortest run', async () => {
    expect(await actions('c')).toBe('bc');
    expect(await actions('d')).toBe('never');
  });
});
