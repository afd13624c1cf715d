/**
 * The specification as the explorer wants it: names of places become indexes, possibilities become results.
 * Nothing is decided here.
 */
import {
  type Action,
  type ActiveMember,
  COUNTS,
  type Composition,
  compose,
  type Endpoint,
  espGetsThrough,
  FURTHER_COUNTS,
  isActive,
  isInStep,
  isMember,
  type Member,
  type Message,
  mustBeEstablishedAnew,
  type Observation,
  type Possibility,
  packetsGetThrough,
  type Revision,
  recoveryFair,
  recoveryPossible,
  type Settings,
  safetyProperties,
  type Value,
} from '../../model/index.ts';
import type { Predicate, StepResult, StepRule, System } from '../explore/system.ts';
import { fairnessOf, OF_THE_ENVIRONMENT } from './fairness.ts';
import { obsoleteMessages } from './obsolete.ts';

export type ModelSystem = System<Value, Message, Observation, Action>;
type Result = StepResult<Value, Message, Observation, Action>;

/** The explorer's system for a revision under given settings. */
export function systemOf(revision: Revision, settings: Settings): ModelSystem {
  const composition = compose(revision, settings);
  const names = composition.places.map((place) => place.name);
  const isObsolete = obsoleteMessages(revision, settings, composition);
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
    monitors: safetyProperties.map(({ id, watch }) => ({ id, ...watch })),
    progress: [
      {
        // That it holds wherever the ends are in step: no step at all may be needed.
        id: espGetsThrough.id,
        scope: whenActive(composition, isInStep),
        goal: whenActive(composition, (one, other) =>
          packetsGetThrough(revision, one.sa.childSas, other.sa.childSas),
        ),
        without: [...new Set(composition.steps.map(({ kind }) => kind))],
      },
      {
        id: recoveryPossible.id,
        scope: noFailoverLeft(composition, settings),
        goal: inStep(revision, composition),
        // Recovery must not hang on what an application wants, nor on a state sync or another failover.
        without: OF_THE_ENVIRONMENT,
      },
    ],
    fairProgress: [
      {
        id: recoveryFair.id,
        scope: noFailoverLeft(composition, settings),
        goal: inStep(revision, composition),
        fairness: fairnessOf(revision, settings, composition),
      },
    ],
    // No rule of the model sees the name of a box.
    interchangeable: (['cluster', 'peer'] as const)
      .map((end) => boxesOf(composition, end))
      .filter(({ length }) => length > 1),
    ...(isObsolete === undefined ? {} : { isObsolete }),
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

/** No failover is left at either end: the scenario allows no more, or there is no standby, and nothing makes one again. */
function noFailoverLeft(composition: Composition, settings: Settings): Predicate<Value> {
  const ends = [
    { end: 'cluster', count: COUNTS.failovers, most: settings.failovers },
    { end: 'peer', count: FURTHER_COUNTS.peerFailovers, most: settings.peerFailovers },
  ] as const;
  const parts = ends.flatMap(({ end, count, most }) => {
    const at = composition.places.findIndex(({ name }) => name === count);
    // Where a box that was down can come back, there being no standby now says nothing.
    return at < 0 ? [] : [{ at, most, boxes: makesStandbys(settings) ? [] : boxesOf(composition, end) }];
  });
  const reads = parts.flatMap(({ at, boxes }) => [at, ...boxes]);
  return {
    reads,
    holds: (values) =>
      parts.every(
        ({ at, most, boxes }) =>
          values[reads.indexOf(at)] === most ||
          (boxes.length > 0 && !boxes.some((box) => isStandby(values[reads.indexOf(box)]))),
      ),
  };
}

/** Whether a member that was down can become a standby again. */
const makesStandbys = ({ stateSync }: Settings): boolean =>
  stateSync === 'any' || stateSync === 'ike-each-step';

const isStandby = (value: Value | undefined): boolean => isMember(value) && value.role === 'standby';

/** The goal of recovery: the ends are in step, or cannot be without a new SA. */
const inStep = (revision: Revision, composition: Composition): Predicate<Value> =>
  whenBoth(
    composition,
    (one, other) =>
      mustBeEstablishedAnew(revision, one, other) ||
      (one.role === 'active' && other.role === 'active' && isInStep(one, other)),
  );

const whenActive = (
  composition: Composition,
  holds: (one: ActiveMember, other: ActiveMember) => boolean,
): Predicate<Value> =>
  whenBoth(
    composition,
    (one, other) => one.role === 'active' && other.role === 'active' && holds(one, other),
  );

/** A condition on who acts for either end: its active member, or the one that took over and closed the SA. */
function whenBoth(
  composition: Composition,
  holds: (one: Member, other: Member) => boolean,
): Predicate<Value> {
  const [cluster, peer] = [boxesOf(composition, 'cluster'), boxesOf(composition, 'peer')];
  const acting = (values: readonly Value[]): Member | undefined =>
    values.filter(isMember).find((value) => isActive(value) || value.role === 'closed');
  return {
    reads: [...cluster, ...peer],
    holds: (values) => {
      const one = acting(values.slice(0, cluster.length));
      const other = acting(values.slice(cluster.length));
      return one !== undefined && other !== undefined && holds(one, other);
    },
  };
}
