/** Small systems whose rules, monitors and predicates are arbitrary but fixed functions of a seed. */
import fc from 'fast-check';
import type { Outcome, StepResult, StepRule, System } from '../system.ts';

export type RandomSystem = System<number, number, number, string>;

interface Shape {
  readonly seed: number;
  /** Number of values of each component. */
  readonly components: readonly number[];
  readonly rules: readonly { readonly touches: readonly number[]; readonly receives: boolean }[];
  /** Messages that rules send and react to. */
  readonly messages: number;
  readonly monitors: number;
  /** Messages that nobody reacts to, sent in some steps, so that the others are spread over several words. */
  readonly fillers: number;
  readonly initial: number;
}

const shapes: fc.Arbitrary<Shape> = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
  .chain((components) =>
    fc.record({
      seed: fc.integer(),
      components: fc.constant(components),
      rules: fc.array(
        fc.record({
          touches: fc.shuffledSubarray(
            components.map((_, i) => i),
            { minLength: 0 },
          ),
          receives: fc.boolean(),
        }),
        { minLength: 1, maxLength: 6 },
      ),
      messages: fc.integer({ min: 0, max: 4 }),
      monitors: fc.integer({ min: 0, max: 2 }),
      fillers: fc.constantFrom(0, 0, 31, 70),
      initial: fc.integer({ min: 1, max: 3 }),
    }),
  );

export const randomSystems: fc.Arbitrary<RandomSystem> = shapes.map(systemOf);

function systemOf(shape: Shape): RandomSystem {
  const draw = (least: number, most: number, ...about: readonly unknown[]): number =>
    least + (scramble(`${shape.seed} ${about.join(' ')}`) % (most - least + 1));
  const { components } = shape;
  const kinds = ['a', 'b', 'c'];
  return {
    name: 'random',
    components: components.map((_, i) => `component ${i}`),
    initial: Array.from({ length: shape.initial }, (_, n) =>
      components.map((values, i) => draw(0, values - 1, 'initial', n, i)),
    ),
    rules: shape.rules.map(({ touches, receives }, r): StepRule<number, number, number, string> => {
      const kind = kinds[r % kinds.length]!;
      const result = (...about: readonly unknown[]): StepResult<number, number, number, string> => {
        const outcomes = Array.from({ length: Math.max(0, draw(-1, 2, r, about)) }, (_, n) => {
          const outcome: Outcome<number, number, number, string> = {
            values: touches.map((i) => draw(0, components[i]! - 1, r, about, n, 'value', i)),
            sent: [
              ...(shape.fillers > 0 && draw(0, 2, r, about, n, 'filler') === 0
                ? Array.from({ length: shape.fillers }, (_, f) => 1000 + f)
                : []),
              ...(shape.messages > 0 && draw(0, 1, r, about, n, 'sends') === 1
                ? [draw(1, shape.messages, r, about, n, 'message')]
                : []),
            ],
            observations: Array.from({ length: draw(0, 2, r, about, n, 'observations') }, (_, o) =>
              draw(0, 2, r, about, n, 'observation', o),
            ),
            action: `${kind} ${n}`,
            ...(receives && draw(0, 2, r, about, n, 'consumes') === 0 && { consumes: true }),
          };
          return outcome;
        });
        return draw(0, 5, r, about, 'bound') === 0 ? { outcomes, boundedBy: `setting ${r}` } : { outcomes };
      };
      return receives
        ? {
            kind,
            touches,
            receives,
            step: (values, message) => (message >= 1000 ? { outcomes: [] } : result(values, message)),
          }
        : { kind, touches, receives, step: (values) => result(values) };
    }),
    monitors: Array.from({ length: shape.monitors }, (_, m) => ({
      id: `monitor ${m}`,
      initial: 0,
      observe: (state, observation) =>
        draw(0, 6, 'monitor', m, state, observation) === 0
          ? { ok: false, because: `${observation} in ${state}` }
          : { ok: true, state: draw(0, 2, 'monitor state', m, state, observation) },
    })),
    progress: [[], ['a'], ['b', 'c'], []].map((without, p) => ({
      id: `progress ${p}`,
      scope: {
        reads: components.map((_, i) => i).slice(p % 2),
        holds: (values) => draw(0, 1, 'scope', p, values) === 0,
      },
      goal: {
        reads: components.map((_, i) => i).slice(0, 2),
        holds: (values) => draw(0, 3, 'goal', p, values) === 0,
      },
      without,
    })),
  };
}

/** A non-negative integer that looks as if it had nothing to do with the text (FNV-1a, mixed). */
export function scramble(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
