/**
 * The specification as the explorer wants it: names of places become indexes, possibilities become results.
 * Nothing is decided here.
 */
import {
  type Action,
  type Composition,
  type Condition,
  compose,
  type Endpoint,
  type FairRuns,
  type Message,
  type Observation,
  type OwnProperty,
  type Possibility,
  progressProperties,
  type Revision,
  revisions,
  type Settings,
  safetyProperties,
  type Value,
} from '../../model/index.ts';
import type { Fairness, Predicate, StepResult, StepRule, System } from '../explore/system.ts';
import { obsoleteAhead, obsoleteMessages } from './obsolete.ts';

export type ModelSystem = System<Value, Message, Observation, Action>;
type Result = StepResult<Value, Message, Observation, Action>;

/**
 * The explorer's system for a revision under given settings.
 *
 * @param own properties beside ours: those of the revision, if nothing is said
 */
export function systemOf(
  revision: Revision,
  settings: Settings,
  own: readonly OwnProperty[] = revision.properties ?? [],
): ModelSystem {
  const composition = compose(revision, settings);
  const names = composition.places.map((place) => place.name);
  const world = { revision, settings, composition };
  // Several properties have a condition in common: it is the same predicate to the explorer.
  const predicates = new Map<Condition, Predicate<Value>>();
  const predicateFor = (condition: Condition): Predicate<Value> => {
    const predicate = predicates.get(condition) ?? predicateOf(names, condition);
    predicates.set(condition, predicate);
    return predicate;
  };
  const claims = progressProperties.map(({ id, claim }) => {
    const { scope, goal, reached } = claim(world);
    return { id, scope: predicateFor(scope), goal: predicateFor(goal), reached };
  });
  const isObsolete = obsoleteMessages(revision, settings, composition);
  const isAskedOf = obsoleteAhead(revision, settings, composition);
  return {
    name: revision.name,
    components: names,
    initial: composition.initial,
    rules: composition.steps.map((step): StepRule<Value, Message, Observation, Action> => {
      const touches = step.places.map((name) => names.indexOf(name));
      return step.receives
        ? {
            kind: step.kind,
            touches,
            receives: true,
            step: (values, message) => resultOf(step.take(values, message)),
          }
        : { kind: step.kind, touches, receives: false, step: (values) => resultOf(step.take(values)) };
    }),
    monitors: [...safetyProperties, ...own].map(({ id, watch }) => ({ id, ...watch })),
    progress: claims.flatMap(({ id, scope, goal, reached }) =>
      reached.by === 'some run' ? [{ id, scope, goal, without: reached.without }] : [],
    ),
    fairProgress: claims.flatMap(({ id, scope, goal, reached }) =>
      reached.by === 'every fair run'
        ? [{ id, scope, goal, fairness: fairnessOf(names, reached.fairness) }]
        : [],
    ),
    // Whatever is shipped returns literals alone (`system-of.test.ts`); of what else is exported nobody knows.
    isPlain: own.length === 0 && revisions.includes(revision),
    // No rule of the model sees the name of a box.
    interchangeable: (['cluster', 'peer'] as const)
      .map((end) => boxesOf(composition, end))
      .filter(({ length }) => length > 1),
    ...(isObsolete === undefined ? {} : { isObsolete }),
    ...(isObsolete === undefined || isAskedOf === undefined ? {} : { isAskedOf }),
  };
}

function resultOf(possibility: Possibility): Result {
  if (possibility === 'impossible') return NOTHING;
  if ('boundedBy' in possibility) return { outcomes: [], boundedBy: possibility.boundedBy };
  return { outcomes: [possibility] };
}

const NOTHING: Result = { outcomes: [] };

/** The boxes of an end, as indexes of places. */
const boxesOf = ({ places }: Composition, end: Endpoint): readonly number[] =>
  places.flatMap((place, index) => (place.what === 'member' && place.end === end ? [index] : []));

const predicateOf = (names: readonly string[], { reads, holds }: Condition): Predicate<Value> => ({
  reads: reads.map((name) => names.indexOf(name)),
  holds,
});

const fairnessOf = (
  names: readonly string[],
  { again, queued, groups, without }: FairRuns,
): Fairness<Value, Message, Action> => ({
  again: again.map(({ place, messages }) => ({
    reads: [names.indexOf(place)],
    messages: ([value]) => messages(value),
  })),
  ...(queued !== undefined && { queued: (_, action: Action) => queued(action) }),
  groups: (_, action) => groups(action),
  without,
});
