/** Conditions on the places of a composition, for progress properties. */
import {
  COUNTS,
  type Composition,
  FURTHER_COUNTS,
  isActive,
  isMember,
  type StepKind,
  type Value,
} from '../machine/composition.ts';
import { hasStateSyncs } from '../machine/state-syncs.ts';
import type { ActiveMember, Member } from '../state/member.ts';
import type { Endpoint } from '../state/messages.ts';
import type { Condition, World } from './property.ts';

/**
 * The same condition whenever it is asked for of the same world: properties that have one in common have it evaluated
 * once.
 */
export function oncePerWorld(make: (world: World) => Condition): (world: World) => Condition {
  const made = new WeakMap<World, Condition>();
  return (world) => {
    const condition = made.get(world) ?? make(world);
    made.set(world, condition);
    return condition;
  };
}

/** Names of the boxes of an end. */
const boxesOf = ({ places }: Composition, end: Endpoint): readonly string[] =>
  places.flatMap((place) => (place.what === 'member' && place.end === end ? [place.name] : []));

/** A condition on what acts for either end: its active member, or the one that took over and closed the SA. */
export function whenBoth(
  { composition }: Pick<World, 'composition'>,
  holds: (one: Member, other: Member) => boolean,
): Condition {
  const [cluster, peer] = [boxesOf(composition, 'cluster'), boxesOf(composition, 'peer')];
  const boxes = cluster.length + peer.length;
  return {
    reads: [...cluster, ...peer],
    holds: (values) => {
      const one = actingAmong(values, 0, cluster.length);
      if (one === undefined) return false;
      const other = actingAmong(values, cluster.length, boxes);
      return other !== undefined && holds(one, other);
    },
  };
}

/** What acts for an end, whose boxes are some of these values; of two that are active at once, neither does. */
function actingAmong(values: readonly Value[], first: number, end: number): Member | undefined {
  let active: Member | undefined;
  let closed: Member | undefined;
  for (let box = first; box < end; box++) {
    const value = values[box];
    if (isActive(value)) {
      if (active !== undefined) return undefined;
      active = value;
    } else if (isMember(value) && value.role === 'closed') closed ??= value;
  }
  return active ?? closed;
}

/** A condition on the active members of both ends. */
export const whenActive = (
  world: Pick<World, 'composition'>,
  holds: (one: ActiveMember, other: ActiveMember) => boolean,
): Condition =>
  whenBoth(world, (one, other) => one.role === 'active' && other.role === 'active' && holds(one, other));

/**
 * No failover is left at either end: the scenario allows no more, or there is no standby, and nothing makes one again.
 * And of members that were active at once, one is left.
 */
export const noFailoverLeft = oncePerWorld(({ composition, settings }) => {
  const ends = [
    { end: 'cluster', count: COUNTS.failovers, most: settings.failovers },
    { end: 'peer', count: FURTHER_COUNTS.peerFailovers, most: settings.peerFailovers },
  ] as const;
  // Where a box that was down can come back, there being no standby now says nothing.
  const comesBack = hasStateSyncs(settings);
  const parts = ends.flatMap(({ end, count, most }) =>
    composition.places.some(({ name }) => name === count)
      ? [{ count, most, boxes: comesBack ? [] : boxesOf(composition, end) }]
      : [],
  );
  const mayBeSeveral =
    settings.actives > 1 ? [boxesOf(composition, 'cluster'), boxesOf(composition, 'peer')] : [];
  const reads = [
    ...new Set([...parts.flatMap(({ count, boxes }) => [count, ...boxes]), ...mayBeSeveral.flat()]),
  ];
  return {
    reads,
    holds: (values) => {
      const valueAt = (name: string): Value | undefined => values[reads.indexOf(name)];
      return (
        parts.every(
          ({ count, most, boxes }) =>
            valueAt(count) === most || (boxes.length > 0 && !boxes.some((box) => isStandby(valueAt(box)))),
        ) && mayBeSeveral.every((boxes) => boxes.filter((box) => isActive(valueAt(box))).length <= 1)
      );
    },
  };
});

const isStandby = (value: Value | undefined): boolean => isMember(value) && value.role === 'standby';

/** Every kind of step that there is: a claim without them is one of the state itself. */
export const everyKind = ({ composition }: Pick<World, 'composition'>): readonly StepKind[] => [
  ...new Set(composition.steps.map(({ kind }) => kind)),
];
