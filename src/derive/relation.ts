/**
 * The steps of a composition for all numbers at once: the very functions of the model, rewritten (`load.ts`), taken in
 * any world of the shapes (`worlds.ts`), along every path (`paths.ts`).
 *
 * A, B and C stand for all members of the cluster: A is active, B takes over or receives a copy, and C is any other. So do
 * P, Q and R where the other end is a cluster too. A step is one of one end, reads and writes no more than two of its
 * members and changes each of the others by itself, so three stand for any number, at either end.
 */
import {
  type Action,
  type Composition,
  type Effect,
  type Endpoint,
  endOfBox,
  isActive,
  type Message,
  memberNames,
  PEER,
  type Possibility,
  peerNames,
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
  /** The end whose boxes take it. */
  readonly end: Endpoint;
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
  readonly boxes: Boxes;
}

/** The boxes of each end in the worlds: the one that is active, and others, if there are any. */
export type Boxes = Readonly<
  Record<Endpoint, { readonly active: string; readonly others: readonly string[] }>
>;

/** What of the rewritten model is used. */
export interface RewrittenModel {
  readonly compose: (revision: Revision, settings: Settings) => Composition;
}

const [A = '', B = '', C = ''] = memberNames(3);

/** The names of members of the cluster in the worlds. */
export const members = { A, B, C } as const;

/** So many members stand for any number. */
const MANY = 3;

/** The settings of a system of so many members, at each end that is a cluster. */
export const withMembers = (settings: Settings, many: number): Settings => ({
  ...settings,
  members: many,
  peerMembers: settings.peerMembers === 1 ? 1 : many,
});

function boxesOf({ peerMembers }: Settings): Boxes {
  const [active = PEER, ...others] = peerNames(peerMembers === 1 ? 1 : MANY);
  return { cluster: { active: A, others: [B, C] }, peer: { active, others } };
}

const allOf = ({ active, others }: Boxes[Endpoint]): readonly string[] => [active, ...others];

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
    const ways = explore(() => model.compose(revision, withMembers(settings, many)));
    return ways.length === 1 ? ways[0]?.result : undefined;
  };
  const boxes = boxesOf(settings);
  const [three, two] = [composed(MANY), composed(2)];
  if (three === undefined || two === undefined)
    throw new Error('the steps differ by a setting that is not known');
  return three.initial.map((initial) => {
    const shapes = shapesOf(revision, withMembers(settings, MANY), initial);
    const chosen = chosenSteps(three, two, boxes);
    const steps = chosen.flatMap((step) => {
      const { rule, lookedAt } = step;
      const paths = pathsOf(rule, { shapes, boxes }, variables, settings.requests === 0 ? ['requests'] : []);
      // One that can never be taken stays in sight: nothing is shown of it.
      if (paths === 'bounded') return [];
      if (paths.length === 0) return [{ ...step, name: nameOfRule(rule), paths }];
      return namesIn(paths).map((name) => ({
        ...step,
        name: lookedAt !== null ? `${name}, for the other members` : name,
        paths: paths.filter((path) => nameOf(path) === name),
      }));
    });
    return { variables, shapes, initial, composition: three, steps, boxes };
  });
}

/**
 * A step for each kind and end: at A, from A to B; at P, from P to Q. Where all others are told something, the step is
 * looked at without them, and once more for one of them.
 */
function chosenSteps(
  three: Composition,
  two: Composition,
  boxes: Boxes,
): readonly Pick<DerivedStep, 'rule' | 'end' | 'others' | 'lookedAt'>[] {
  const ends: readonly Endpoint[] = ['cluster', 'peer'];
  const endOf = ({ places: [place = ''] }: StepRule): Endpoint => endOfBox(place);
  /** Whether a step is at the first so many of its end, in their order, and at no other. */
  const isOfFirst = (rule: StepRule, many: number): boolean => {
    const all = allOf(boxes[endOf(rule)]);
    const named = rule.places.filter((name) => all.includes(name));
    return named.length === many && named.every((name, index) => name === all[index]);
  };
  const tellsAll = ({ kind }: StepRule): boolean => kind === 'failover' || kind === 'retry' || kind === 'ask';
  const telling = [...two.steps, ...three.steps].filter(tellsAll);
  const chosen = [
    ...three.steps
      .filter((rule) => !tellsAll(rule) && (isOfFirst(rule, 1) || isOfFirst(rule, 2)))
      .map((rule) => ({ rule, end: endOf(rule), others: 'untouched' as const, lookedAt: null })),
    ...ends.flatMap((end) => {
      const [other = null, third = null] = boxes[end].others;
      const ofEnd = telling.filter((rule) => endOf(rule) === end);
      const taking = ofEnd.filter(({ kind }) => kind === 'failover');
      const one = ofEnd.filter((rule) => rule.kind !== 'failover' && isOfFirst(rule, 2));
      const told = { end, others: 'told' as const };
      return [
        ...taking.filter((rule) => isOfFirst(rule, 2)).map((rule) => ({ ...told, rule, lookedAt: null })),
        ...taking.filter((rule) => isOfFirst(rule, 3)).map((rule) => ({ ...told, rule, lookedAt: third })),
        ...one.map((rule) => ({ ...told, rule: withoutLast(rule), lookedAt: null })),
        ...one.map((rule) => ({ ...told, rule, lookedAt: other })),
      ];
    }),
  ];
  const left = three.steps.find(
    (rule) => !chosen.some((each) => each.rule.kind === rule.kind && each.end === endOf(rule)),
  );
  if (left !== undefined) throw new Error(`the steps ${left.kind} have no place among these`);
  return chosen;
}

/** A step without the other member that it tells something, which is the last of its places. */
const withoutLast = (rule: StepRule): StepRule => ({ ...rule, places: rule.places.slice(0, -1) });

/** Any value of a place: before the step, of which nothing is known. */
export function placeBefore(
  { shapes, boxes }: Pick<Relation, 'shapes' | 'boxes'>,
  variables: Variables,
  place: string,
): Value {
  const ofEnd = (end: Endpoint): Shape | undefined =>
    place === boxes[end].active
      ? shapes[end].active
      : boxes[end].others.includes(place)
        ? shapes[end].inactive
        : undefined;
  const shape = ofEnd('cluster') ?? ofEnd('peer') ?? COUNT;
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
  { shapes, boxes }: Pick<Relation, 'shapes' | 'boxes'>,
  variables: Variables,
  bounds: readonly string[],
): readonly StepPath[] | 'bounded' {
  const paths = explore(() => {
    const before = rule.places.map((place) => placeBefore({ shapes, boxes }, variables, place));
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
const nameOfRule = ({ kind, end, places: [place = ''] }: StepRule): string =>
  kind === 'failover' || kind === 'state-sync'
    ? nameAt(kind, place)
    : `${kind} by the ${end ?? endOfBox(place)}`;

function nameOfAction(action: Action): string {
  if ('by' in action) return `${action.kind} by the ${endOfBox(action.by)}`;
  return 'from' in action ? nameAt(action.kind, action.from) : action.kind;
}

/** What the cluster alone does, where the peer is none, needs no further name. */
const nameAt = (kind: string, box: string): string =>
  endOfBox(box) === 'cluster' ? kind : `${kind} of the peer`;

/** The member of an end that is active after a step; null if none is. */
export function activeAfter(path: StepPath, boxes: Boxes[Endpoint], before: Value | null): Value | null {
  if (!(boxes.active in path.after)) return before;
  return (
    allOf(boxes)
      .map((name) => path.after[name])
      .find(isActive) ?? null
  );
}
