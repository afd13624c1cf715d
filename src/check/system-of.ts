/**
 * The specification as the explorer wants it: names of places become indexes, possibilities become results.
 * Nothing is decided here.
 */
import {
  type Action,
  COUNTS,
  type Composition,
  compose,
  isInStep,
  type Message,
  type Observation,
  type Possibility,
  type Revision,
  recoveryPossible,
  type Settings,
  safetyProperties,
  type Value,
} from '../../model/index.ts';
import type { Predicate, StepResult, StepRule, System } from '../explore/system.ts';

export type ModelSystem = System<Value, Message, Observation, Action>;
type Result = StepResult<Value, Message, Observation, Action>;

/** The explorer's system for a revision under given settings. */
export function systemOf(revision: Revision, settings: Settings): ModelSystem {
  const composition = compose(revision, settings);
  const names = composition.places.map((place) => place.name);
  const members = composition.places.flatMap((place, index) => (place.what === 'member' ? [index] : []));
  return {
    name: revision.name,
    components: names,
    initial: [composition.initial],
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
        id: recoveryPossible.id,
        scope: noFailoverLeft(names, members, settings),
        goal: inStep(composition, members),
        // Recovery must not hang on what an application wants, nor on a state sync or another failover.
        without: ['request', 'state-sync', 'failover'],
      },
    ],
  };
}

function resultOf(possibility: Possibility): Result {
  if (possibility === 'impossible') return NOTHING;
  if ('boundedBy' in possibility) return { outcomes: [], boundedBy: possibility.boundedBy };
  return { outcomes: [possibility] };
}

const NOTHING: Result = { outcomes: [] };

/** No failover is left: the scenario allows no more, or there is no standby, and nothing makes one again. */
function noFailoverLeft(
  names: readonly string[],
  members: readonly number[],
  settings: Settings,
): Predicate<Value> {
  return {
    reads: [names.indexOf(COUNTS.failovers), ...members],
    holds: ([failovers, ...boxes]) =>
      failovers === settings.failovers ||
      (settings.stateSync !== 'any' &&
        !boxes.some((box) => typeof box === 'object' && box.role === 'standby')),
  };
}

/** The goal of recovery: the active member of either end, wherever it is, is in step with the other. */
function inStep(composition: Composition, members: readonly number[]): Predicate<Value> {
  const ends = members.map((index) => composition.places[index]);
  return {
    reads: members,
    holds: (values) => {
      const active = (end: 'cluster' | 'peer') =>
        values.flatMap((value, at) => {
          const place = ends[at];
          return place?.what === 'member' && place.end === end && isActive(value) ? [value] : [];
        });
      return active('cluster').some((one) => active('peer').some((other) => isInStep(one, other)));
    },
  };
}

const isActive = (value: Value): value is Extract<Value, { role: 'active' }> =>
  typeof value === 'object' && value.role === 'active';
