/** Runs of the model as a theorem sees them: with what is remembered before and after each step, of one item. */
import {
  type Action,
  type ActiveMember,
  COUNTS,
  compose,
  type Endpoint,
  endOfBox,
  FURTHER_COUNTS,
  isActive,
  isMember,
  type Observation,
  type Revision,
  type SafetyProperty,
  type Settings,
  safetyProperties,
  usual,
  type Value,
} from '../model/index.ts';
import { type Move, type World as Walked, walk } from './random-walk.ts';
import type { Clause, StepSeen, Theorem, World } from './theorem.ts';

/** What a property remembers; one of progress remembers nothing, for it is no property of runs. */
const watchOf = ({ property, progress }: Theorem): SafetyProperty['watch'] => {
  if (progress !== undefined) return { initial: null, observe: (state) => ({ ok: true, state }) };
  const found = safetyProperties.find(({ id }) => id === property);
  if (found === undefined) throw new Error(`there is no property ${property}`);
  return found.watch;
};

/** A step of a run, with what is remembered before and after it of one item. */
export interface Seen {
  readonly before: World;
  readonly after: World;
  readonly move: Move;
  readonly isBroken: boolean;
}

function worldOf(
  { values }: Walked,
  remembered: Pick<World, 'memory' | 'ghosts' | 'any'>,
  settings: Settings,
): World {
  return { ...boxesIn(new Map(Object.entries(values))), ...remembered, settings };
}

/** The boxes and counts of a world of the model, by its places. */
export function boxesIn(
  values: ReadonlyMap<string, Value | undefined>,
): Omit<World, 'memory' | 'ghosts' | 'any' | 'settings'> {
  const activeOf = (end: Endpoint): ActiveMember | undefined =>
    [...values].flatMap(([name, value]) => (isActive(value) && endOfBox(name) === end ? [value] : []))[0];
  const [cluster, peer] = [activeOf('cluster'), activeOf('peer')];
  const count = (name: string): number => Number(values.get(name) ?? 0);
  // Of an end that has closed the SA nothing is said, so any member will do.
  const someone = (cluster ?? peer) as ActiveMember;
  return {
    cluster: cluster ?? someone,
    isClosed: cluster === undefined,
    peer: peer ?? someone,
    isClosedByPeer: peer === undefined,
    made: {
      cluster: count(COUNTS.clusterRequests),
      peer: count(COUNTS.peerRequests),
      syncs: count(COUNTS.syncRequests),
      syncsOfPeer: count(FURTHER_COUNTS.peerSyncRequests),
    },
    packets: { cluster: count(FURTHER_COUNTS.clusterPackets), peer: count(FURTHER_COUNTS.peerPackets) },
  };
}

function observed(
  theorem: Theorem,
  remembered: Pick<World, 'memory' | 'ghosts' | 'any'>,
  observations: readonly Observation[],
): { readonly remembered: Pick<World, 'memory' | 'ghosts' | 'any'>; readonly isBroken: boolean } {
  const watch = watchOf(theorem);
  const { any } = remembered;
  let { memory, ghosts } = remembered;
  let isBroken = false;
  for (const observation of observations) {
    const seen = watch.observe(memory, observation);
    if (seen.ok) memory = theorem.memory.keep(seen.state, any);
    else if (theorem.isAbout?.(observation, any) ?? true) isBroken = true;
    ghosts = Object.fromEntries(
      Object.entries(theorem.ghosts).map(([name, { after }]) => [
        name,
        after(ghosts[name] ?? null, observation, any),
      ]),
    );
  }
  return { remembered: { memory, ghosts, any }, isBroken };
}

/** A run as a theorem sees it that looks at one item. */
export function seen(
  theorem: Theorem,
  moves: readonly Move[],
  any: number,
  settings: Settings,
): readonly Seen[] {
  const watch = watchOf(theorem);
  let remembered: Pick<World, 'memory' | 'ghosts' | 'any'> = {
    memory: watch.initial,
    ghosts: Object.fromEntries(Object.entries(theorem.ghosts).map(([name, { initial }]) => [name, initial])),
    any,
  };
  return moves.map((move) => {
    const before = worldOf(move.before, remembered, settings);
    const next = observed(theorem, remembered, move.effect.observations);
    remembered = next.remembered;
    return { before, after: worldOf(move.after, remembered, settings), move, isBroken: next.isBroken };
  });
}

/** The world after a further move, as a theorem sees it. */
export const worldAfter = (theorem: Theorem, before: World, move: Move, settings: Settings): World =>
  worldOf(move.after, observed(theorem, before, move.effect.observations).remembered, settings);

export const stepOf = ({ effect: { action }, before: { values } }: Move): StepSeen =>
  stepSeen(action, new Map(Object.entries(values)), 'any');

/** A step, as an assumption sees it. */
export function stepSeen(
  action: Action,
  values: ReadonlyMap<string, Value | undefined>,
  stateSync: Settings['stateSync'],
): StepSeen {
  const { kind } = action;
  const box = 'by' in action ? action.by : 'from' in action ? action.from : '';
  const taker =
    action.kind === 'failover'
      ? stateSync === 'each-step'
        ? action.from
        : action.to
      : action.kind === 'ask'
        ? action.by
        : '';
  const member = values.get(taker);
  const snapshot = !isMember(member)
    ? null
    : member.role === 'standby'
      ? member.snapshot
      : member.role === 'active'
        ? member.sa
        : null;
  return { kind, by: endOfBox(box), snapshot };
}

/** Every clause that is false after a step. */
export const brokenClauses = (clauses: readonly Clause[], { after, move }: Seen): readonly string[] =>
  clauses.flatMap((clause) => {
    const holds =
      clause.of === 'world'
        ? clause.holds(after)
        : clause.of === 'message'
          ? move.after.network.every((message) => clause.holds(after, message))
          : Object.entries(move.after.values).every(
              ([name, value]) =>
                endOfBox(name) !== (clause.end ?? 'cluster') ||
                !isMember(value) ||
                value.role !== 'standby' ||
                clause.holds(after, value.snapshot),
            );
    return holds ? [] : [clause.id];
  });

/** Pseudo-random numbers, the same each time. */
export function picks(seed: number, many: number): readonly number[] {
  let state = seed;
  return Array.from({ length: many }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state;
  });
}

export const settingsOf = (theorem: Theorem, bump: number, further: Partial<Settings> = {}): Settings => ({
  ...usual,
  ...theorem.settings,
  messageIdSync: 'both',
  members: 3,
  failovers: 100,
  requests: theorem.settings.requests ?? 100,
  packets: theorem.settings.packets === undefined ? 0 : 100,
  retries: 100,
  retry: theorem.settings.retry ?? 'fresh',
  bump,
  delta: bump,
  ...further,
});

/**
 * Runs of the model, as a theorem sees each of them for several items.
 *
 * @param settingsFor the settings of a run, which has a number
 */
export function runs(
  theorem: Theorem,
  revision: Revision,
  many: number,
  settingsFor: (run: number) => Settings,
  each: (steps: readonly Seen[]) => void,
): void {
  for (let run = 0; run < many; run++) {
    const settings = settingsFor(run);
    const moves = walk(compose(revision, settings), picks(run + 1, 40));
    for (const any of theorem.any === null ? [0] : [0, 1, 2]) each(seen(theorem, moves, any, settings));
  }
}
