/** Small systems with properties of fair progress that are arbitrary but fixed functions of a seed. */
import fc from 'fast-check';
import type { FairProgress } from '../system.ts';
import { type RandomSystem, randomSystems, scramble } from './random-system.ts';

export type RandomFairProgress = FairProgress<number, number, string>;

export const randomFairSystems: fc.Arbitrary<
  RandomSystem & { readonly fairProgress: readonly RandomFairProgress[] }
> = fc
  .record({
    system: randomSystems,
    seed: fc.integer(),
    again: fc.integer({ min: 0, max: 2 }),
    groups: fc.integer({ min: 0, max: 2 }),
    queues: fc.boolean(),
    lax: fc.boolean(),
  })
  .map(({ system, seed, again, groups, queues, lax }) => {
    const draw = (most: number, ...about: readonly unknown[]): number =>
      scramble(`${seed} ${about.join(' ')}`) % (most + 1);
    return {
      ...system,
      // Monitors only multiply the states.
      monitors: [],
      progress: [],
      fairProgress: [0, 1].map((p) => ({
        id: `fair ${p}`,
        scope: { reads: [0], holds: (values) => draw(4, 'scope', p, values) > 0 },
        goal: {
          reads: system.components.map((_, i) => i),
          holds: (values) => draw(4, 'goal', p, values) === 0,
        },
        fairness: {
          again: Array.from({ length: again }, (_, a) => ({
            reads: [a % system.components.length],
            messages: (values: readonly number[]) =>
              draw(1, 'again', p, a, values) === 0 ? [1 + draw(3, 'message', p, a, values)] : [],
          })),
          ...(queues && {
            queued: (kind: string, action: string) => ({
              sent: draw(2, 'queued', p, kind, action) === 0 ? [9] : [],
              ...(draw(4, 'dequeued', p, kind, action) === 0 && { received: 9 }),
            }),
          }),
          groups: (kind: string, action: string) =>
            Array.from({ length: groups }, (_, g) => `${g}`).filter(
              (g) => draw(3, 'group', p, g, kind, action) === 0,
            ),
          without: lax ? ['a', 'b', 'c'] : ['a', 'b'],
        },
      })),
    };
  });
