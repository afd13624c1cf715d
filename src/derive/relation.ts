/**
 * The steps of a composition for all numbers at once: the very functions of the model, rewritten (`load.ts`), taken in
 * any world of the shapes (`worlds.ts`), along every path (`paths.ts`).
 *
 * A, B and C stand for all members: A is active, B takes over or receives a copy, and C is any other. A step reads and
 * writes no more than two members and changes each of the others by itself, so three stand for any number.
 */
import {
  type Action,
  type Composition,
  type Effect,
  isActive,
  type Message,
  memberNames,
  PEER,
  type Possibility,
  type Revision,
  type Settings,
  type StepRule,
  type Value,
} from '../../model/index.ts';
import { type Decision, explore, type Known, type Variables } from './paths.ts';
import { oneOf, type Shape } from './shape.ts';
import { anyOf } from './values.ts';
import { type Shapes, shapesOf } from './worlds.ts';

/** One way in which a step can go. */
export interface StepPath {
  readonly decisions: readonly Decision[];
  readonly known: Known;
  /** The places of the step as they are before it, by name. */
  readonly before: Readonly<Record<string, Value>>;
  /** The message that arrives, if one does. */
  readonly message: Message | null;
  readonly effect: Effect;
  /** The places after it. */
  readonly after: Readonly<Record<string, Value>>;
}

/** A kind of step, as a reader tells them apart. */
export interface DerivedStep {
  /** As `failover`, or `receive sync-request at the peer`. */
  readonly name: string;
  readonly rule: StepRule;
  readonly paths: readonly StepPath[];
  /**
   * What becomes of the members that it does not name: they are as they were; or it tells them something, each by
   * itself, which another step of this list looks at.
   */
  readonly others: 'untouched' | 'told';
  /** The one of those told that this step is here for; null if it is here for all but them. */
  readonly lookedAt: string | null;
}

/** All steps from the worlds of one composition. */
export interface Relation {
  readonly variables: Variables;
  readonly shapes: Shapes;
  readonly initial: readonly Value[];
  readonly composition: Composition;
  readonly steps: readonly DerivedStep[];
}

/** What of the rewritten model is used. */
export interface RewrittenModel {
  readonly compose: (revision: Revision, settings: Settings) => Composition;
}

const [A = '', B = '', C = ''] = memberNames(3);

/** The names of members in the worlds. */
export const members = { A, B, C } as const;

const MEMBERS: readonly string[] = [A, B, C];

/** The members among the places of a step, in their order. */
const membersOf = ({ places }: StepRule): readonly string[] =>
  places.filter((name) => MEMBERS.includes(name));

/**
 * The relations of a composition: one for each way in which IKE_AUTH may have gone.
 *
 * @param settings bounds may be infinite, and numbers unknown (`Sum`)
 * @throws NotFollowed where a function cannot be followed, with the place
 */
export function relationsOf(
  model: RewrittenModel,
  revision: Revision,
  settings: Settings,
  variables: Variables,
): readonly Relation[] {
  // Where a setting is not known, what is made of it at once has to be the same whatever it is.
  const composed = (many: number): Composition | undefined => {
    const ways = explore(() => model.compose(revision, { ...settings, members: many }));
    return ways.length === 1 ? ways[0]?.result : undefined;
  };
  const [three, two] = [composed(3), composed(2)];
  if (three === undefined || two === undefined)
    throw new Error('the steps differ by a setting that is not known');
  return three.initial.map((initial) => {
    const shapes = shapesOf(revision, { ...settings, members: 3 }, initial);
    const chosen = chosenSteps(three, two);
    const steps = chosen.flatMap(({ rule, others, lookedAt }) => {
      const paths = pathsOf(rule, shapes, variables, settings.requests === 0 ? ['requests'] : []);
      // One that can never be taken stays in sight: nothing is shown of it.
      if (paths === 'bounded') return [];
      if (paths.length === 0) return [{ name: nameOfRule(rule), rule, others, lookedAt, paths }];
      return namesIn(paths).map((name) => ({
        name: lookedAt !== null ? `${name}, for the other members` : name,
        rule,
        others,
        lookedAt,
        paths: paths.filter((path) => nameOf(path) === name),
      }));
    });
    return { variables, shapes, initial, composition: three, steps };
  });
}

/**
 * A step for each kind: at A, from A to B. Where all others are told something, the step is looked at without them, and
 * once more for one of them.
 */
function chosenSteps(
  three: Composition,
  two: Composition,
): readonly Pick<DerivedStep, 'rule' | 'others' | 'lookedAt'>[] {
  const isOf = (rule: StepRule, names: readonly string[]): boolean =>
    membersOf(rule).length === names.length && membersOf(rule).every((name, index) => name === names[index]);
  const tellsAll = ({ kind }: StepRule): boolean => kind === 'failover' || kind === 'retry' || kind === 'ask';
  const telling = [...two.steps, ...three.steps].filter(tellsAll);
  const one = telling.filter((rule) => rule.kind !== 'failover' && isOf(rule, [A, B]));
  const taking = telling.filter((rule) => rule.kind === 'failover');
  const chosen = [
    ...three.steps
      .filter((rule) => !tellsAll(rule) && (isOf(rule, []) || isOf(rule, [A]) || isOf(rule, [A, B])))
      .map((rule) => ({ rule, others: 'untouched' as const, lookedAt: null })),
    ...taking
      .filter((rule) => isOf(rule, [A, B]))
      .map((rule) => ({ rule, others: 'told' as const, lookedAt: null })),
    ...taking
      .filter((rule) => isOf(rule, [A, B, C]))
      .map((rule) => ({ rule, others: 'told' as const, lookedAt: C })),
    ...one.map((rule) => ({ rule: withoutLast(rule), others: 'told' as const, lookedAt: null })),
    ...one.map((rule) => ({ rule, others: 'told' as const, lookedAt: B })),
  ];
  const left = three.steps.find(({ kind }) => !chosen.some(({ rule }) => rule.kind === kind));
  if (left !== undefined) throw new Error(`the steps ${left.kind} have no place among these`);
  return chosen;
}

/** A step without the other member that it tells something, which is the last of its places. */
const withoutLast = (rule: StepRule): StepRule => ({ ...rule, places: rule.places.slice(0, -1) });

/** Any value of a place: before the step, of which nothing is known. */
export function placeBefore(shapes: Shapes, variables: Variables, place: string): Value {
  const shape: Shape =
    place === A
      ? shapes.active
      : place === PEER
        ? shapes.peer
        : MEMBERS.includes(place)
          ? shapes.inactive
          : COUNT;
  // What a shape of the model's values makes is one of them.
  return anyOf(variables, shape, place) as Value;
}

const COUNT: Shape = { shape: 'integer', least: 0 };

/** Any message, under a name. */
export const anyMessage = (shapes: Shapes, variables: Variables, name: string): Message =>
  anyOf(variables, oneOf(...shapes.messages), name) as Message;

/** @param bounds those that are meant: what they forbid does not happen */
function pathsOf(
  rule: StepRule,
  shapes: Shapes,
  variables: Variables,
  bounds: readonly string[],
): readonly StepPath[] | 'bounded' {
  const paths = explore(() => {
    const before = rule.places.map((place) => placeBefore(shapes, variables, place));
    const message = rule.receives ? anyMessage(shapes, variables, 'm') : null;
    const possibility: Possibility =
      rule.receives && message !== null
        ? rule.take(before, message)
        : rule.receives
          ? 'impossible'
          : rule.take(before);
    return { before, message, possibility };
  });
  let isBounded = false;
  const taken = paths.flatMap(({ result: { before, message, possibility }, decisions, known }) => {
    if (possibility === 'impossible') return [];
    if ('boundedBy' in possibility) {
      isBounded = true;
      if (bounds.includes(possibility.boundedBy)) return [];
      throw new Error(`the bound ${possibility.boundedBy} is met, though there should be none`);
    }
    const named = (values: readonly Value[]): Readonly<Record<string, Value>> =>
      Object.fromEntries(
        rule.places.flatMap((place, index) => {
          const value = values[index];
          return value === undefined ? [] : [[place, value] as const];
        }),
      );
    return [
      {
        decisions,
        known,
        before: named(before),
        message,
        effect: possibility,
        after: named(possibility.values),
      },
    ];
  });
  return isBounded && taken.length === 0 ? 'bounded' : taken;
}

const namesIn = (paths: readonly StepPath[]): readonly string[] => [...new Set(paths.map(nameOf))];

/** How a step is called in a table. */
function nameOf({ effect: { action }, message }: StepPath): string {
  if (message !== null) return `${message.kind} to the ${message.from === 'cluster' ? 'peer' : 'cluster'}`;
  return nameOfAction(action);
}

/** The same of one that nothing comes of. */
const nameOfRule = ({ kind, end }: StepRule): string =>
  kind === 'failover' || kind === 'state-sync' ? kind : `${kind} by the ${end ?? 'cluster'}`;

function nameOfAction(action: Action): string {
  if ('by' in action) return `${action.kind} by the ${action.by === PEER ? 'peer' : 'cluster'}`;
  return action.kind;
}

/** The member that is active after a step; null if none is. */
export function activeAfter(path: StepPath, before: Value | null): Value | null {
  const touched = MEMBERS.filter((name) => name in path.after);
  if (!touched.includes(A)) return before;
  return touched.map((name) => path.after[name]).find(isActive) ?? null;
}
