/**
 * Small systems of a hub and some members that are interchangeable, arbitrary but for that; and which of their
 * messages are obsolete, found out by looking at every step that any values could make.
 */
import fc from 'fast-check';
import type { Outcome, StepResult, StepRule, System } from '../system.ts';
import { scramble } from './random-system.ts';

export type SymmetricSystem = System<number, number, number, string>;

interface Shape {
  readonly seed: number;
  readonly members: number;
  readonly values: number;
  readonly messages: number;
  readonly rules: readonly { readonly of: Part; readonly receives: boolean }[];
  readonly monitors: number;
  /** Out of so many messages a receiving rule reacts to one. */
  readonly choosiness: number;
}

/** What a rule is about: the hub, each member, the hub and each member, each pair of members. */
type Part = 'hub' | 'member' | 'hub and member' | 'pair';
type Result = StepResult<number, number, number, string>;
type Rule = StepRule<number, number, number, string>;

const shapes: fc.Arbitrary<Shape> = fc.record({
  seed: fc.integer(),
  members: fc.integer({ min: 2, max: 3 }),
  values: fc.integer({ min: 2, max: 4 }),
  messages: fc.integer({ min: 1, max: 4 }),
  rules: fc.array(
    fc.record({
      of: fc.constantFrom<Part>('hub', 'member', 'hub and member', 'pair'),
      receives: fc.boolean(),
    }),
    { minLength: 2, maxLength: 5 },
  ),
  monitors: fc.integer({ min: 0, max: 2 }),
  choosiness: fc.integer({ min: 1, max: 6 }),
});

export const symmetricSystems: fc.Arbitrary<SymmetricSystem> = shapes.map(systemOf);

function systemOf(shape: Shape): SymmetricSystem {
  const members = Array.from({ length: shape.members }, (_, i) => i + 1);
  const components = ['hub', ...members.map((i) => `member ${i}`)];
  const rules = shape.rules.flatMap((_, r) => rulesOf(shape, r, members));
  const draw = drawer(shape);
  const first = draw(0, shape.values - 1, 'first');
  return {
    name: 'symmetric',
    components,
    initial: [0, 1].map((n) => [
      draw(0, shape.values - 1, 'hub', n),
      ...members.map((i) => (i === 1 ? first : draw(0, shape.values - 1, 'others', n))),
    ]),
    rules,
    monitors: Array.from({ length: shape.monitors }, (_, m) => ({
      id: `monitor ${m}`,
      initial: 0,
      observe: (state, observation) =>
        draw(0, 6, 'monitor', m, state, observation) === 0
          ? { ok: false, because: `${observation} in ${state}` }
          : { ok: true, state: draw(0, 1, 'monitor state', m, state, observation) },
    })),
    progress: [[], ['a'], ['b', 'c']].map((without, p) => {
      const predicate = (what: string, outOf: number) => ({
        reads: components.map((_, i) => i),
        holds: ([hub, ...others]: readonly number[]) => draw(0, outOf, what, p, hub, others.sort()) === 0,
      });
      return { id: `progress ${p}`, scope: predicate('scope', 1), goal: predicate('goal', 3), without };
    }),
    interchangeable: [members],
    isObsolete: obsoleteIn(shape, rules),
  };
}

const drawer =
  (shape: Shape) =>
  (least: number, most: number, ...about: readonly unknown[]): number =>
    least + (scramble(`${shape.seed} ${about.join(' ')}`) % (most - least + 1));

/** One rule for each choice of members; what it does does not depend on which they are. */
function rulesOf(shape: Shape, r: number, members: readonly number[]): readonly Rule[] {
  const { of, receives } = shape.rules[r]!;
  const draw = drawer(shape);
  const kind = 'abc'[r % 3]!;
  const touches: readonly (readonly number[])[] = {
    hub: [[0]],
    member: members.map((i) => [i]),
    'hub and member': members.map((i) => [0, i]),
    pair: members.flatMap((i) => members.filter((j) => j !== i).map((j) => [i, j])),
  }[of];
  return touches.map((touched): Rule => {
    const result = (values: readonly number[], message?: number): Result => {
      const about = [r, values, message];
      if (message !== undefined && draw(1, shape.choosiness, 'reacts', ...about) > 1) return { outcomes: [] };
      const outcomes = Array.from({ length: Math.max(0, draw(-1, 2, ...about)) }, (_, n) => {
        const outcome: Outcome<number, number, number, string> = {
          values: values.map((_, i) => draw(0, shape.values - 1, ...about, n, 'value', i)),
          sent:
            draw(0, 1, ...about, n, 'sends') === 1 ? [draw(1, shape.messages, ...about, n, 'message')] : [],
          observations: Array.from({ length: draw(0, 1, ...about, n, 'observations') }, (_, o) =>
            draw(0, 2, ...about, n, 'observation', o),
          ),
          action: `${kind} ${n} of ${touched.join()}`,
          ...(receives && draw(0, 2, ...about, n, 'consumes') === 0 && { consumes: true }),
        };
        return outcome;
      });
      return draw(0, 5, ...about, 'bound') === 0 ? { outcomes, boundedBy: `setting ${r}` } : { outcomes };
    };
    return receives
      ? { kind, touches: touched, receives, step: result }
      : { kind, touches: touched, receives, step: (values) => result(values) };
  });
}

/**
 * Begins with everything obsolete, and takes back whatever breaks one of the two facts of `dead-messages.ts`, until
 * nothing does: for a message that is received, for all that the rule touches; for one that matters after a step,
 * for that whose value makes it matter.
 */
function obsoleteIn(shape: Shape, rules: readonly Rule[]): NonNullable<SymmetricSystem['isObsolete']> {
  const matters = new Set<string>();
  const key = (message: number, value: number, component: number): string =>
    `${message} ${value} ${component === 0 ? 'hub' : 'member'}`;
  const messages = Array.from({ length: shape.messages }, (_, m) => m + 1);
  const pass = (): boolean => {
    const had = matters.size;
    for (const rule of rules) {
      for (const values of tuples(rule.touches.length, shape.values)) {
        const keys = (message: number, of: readonly number[]) =>
          of.map((v, i) => key(message, v, rule.touches[i]!));
        for (const received of rule.receives ? messages : [undefined]) {
          const { outcomes, boundedBy } =
            received === undefined || !rule.receives ? rule.step(values, 0) : rule.step(values, received);
          if (received !== undefined && (outcomes.length > 0 || boundedBy !== undefined)) {
            for (const each of keys(received, values)) matters.add(each);
          }
          for (const { values: after } of outcomes) {
            for (const message of messages) {
              const before = keys(message, values);
              if (before.some((each) => matters.has(each))) continue;
              keys(message, after).forEach((each, i) => {
                if (matters.has(each)) matters.add(before[i]!);
              });
            }
          }
        }
      }
    }
    return matters.size > had;
  };
  while (pass());
  return (message, value, component) => !matters.has(key(message, value, component));
}

/** All tuples of values below `values`. */
function tuples(length: number, values: number): readonly (readonly number[])[] {
  if (length === 0) return [[]];
  return tuples(length - 1, values).flatMap((rest) =>
    Array.from({ length: values }, (_, value) => [...rest, value]),
  );
}
