/**
 * The composition: one cluster and one peer, and which steps are possible where.
 *
 * The network is not here: it is the set of all messages ever sent, any of which may arrive at any time and any
 * number of times. So loss (never arriving), delay, reordering, duplication and replay are all in it, and a
 * retransmission, which adds nothing to the set, needs no step of its own.
 */
import { beginRequest, receive } from './box.ts';
import { afterCounting, afterTelling, receiveStateSync, snapshotOf, takeOver } from './cluster.ts';
import { sendSyncRequest } from './counter-sync.ts';
import { withInitialCount } from './failover-count.ts';
import { type ActiveMember, establishedSa, isSyncing, type Member } from './member.ts';
import type { Endpoint, Message } from './messages.ts';
import type { Revision } from './revisions/revision.ts';
import type { Settings } from './settings.ts';
import type { Observation, Step } from './step.ts';

/** What holds a value: a box, or a count of what the environment has had happen. */
export type Place =
  | { readonly name: string; readonly what: 'member'; readonly end: Endpoint }
  | {
      readonly name: string;
      readonly what: 'count';
      readonly of: 'requests' | 'failovers' | 'sync requests';
    };

/** The value of a place: the state of a box, or a count. */
export type Value = Member | number;

/** What happened in a step, as it is told to a reader. */
export type Action = {
  /** Ids of the rules that shaped the step. */
  readonly rules: readonly string[];
} & (
  | { readonly kind: 'request'; readonly by: string }
  | { readonly kind: 'receive'; readonly by: string; readonly message: Message }
  | { readonly kind: 'state-sync'; readonly from: string; readonly to: string }
  | { readonly kind: 'failover'; readonly from: string; readonly to: string }
  | { readonly kind: 'retry'; readonly by: string }
);

export type StepKind = Action['kind'];

/** A way in which a step can be taken: new values of its places, messages, observations. */
export interface Effect {
  readonly values: readonly Value[];
  readonly sent: readonly Message[];
  readonly observations: readonly Observation[];
  readonly action: Action;
}

/** Either the step is possible, or not, or only a bound of the scenario (a setting, by name) forbids it. */
export type Possibility = Effect | 'impossible' | { readonly boundedBy: string };

/** A kind of step at given places. */
export type StepRule = {
  readonly kind: StepKind;
  /** Names of the places that it reads and writes; nothing else does it see. */
  readonly places: readonly string[];
} & (
  | { readonly receives: false; readonly take: (values: readonly Value[]) => Possibility }
  | { readonly receives: true; readonly take: (values: readonly Value[], message: Message) => Possibility }
);

export interface Composition {
  readonly places: readonly Place[];
  readonly initial: readonly Value[];
  readonly steps: readonly StepRule[];
}

/** Names of the cluster's members: A, B, C ... */
export const memberNames = (members: number): readonly string[] =>
  Array.from({ length: members }, (_, index) => String.fromCharCode(65 + index));

/** The name of the peer, a cluster of one. */
export const PEER = 'peer';

/** Names of the counts. */
export const COUNTS = {
  clusterRequests: 'requests of the cluster',
  peerRequests: 'requests of the peer',
  failovers: 'failovers',
  syncRequests: 'sync requests',
} as const;

/** The system of a revision under given settings. The IKE SA is established, and both ends know its state. */
export function compose(revision: Revision, settings: Settings): Composition {
  const members = memberNames(settings.members);
  const sa = withInitialCount(revision.counterSync ?? {}, establishedSa());
  const boxes = [
    ...members.map((name) => ({ name, end: 'cluster' as const, requests: COUNTS.clusterRequests })),
    { name: PEER, end: 'peer' as const, requests: COUNTS.peerRequests },
  ];
  return {
    places: [
      ...boxes.map(({ name, end }) => ({ name, what: 'member' as const, end })),
      { name: COUNTS.clusterRequests, what: 'count', of: 'requests' },
      { name: COUNTS.peerRequests, what: 'count', of: 'requests' },
      { name: COUNTS.failovers, what: 'count', of: 'failovers' },
      { name: COUNTS.syncRequests, what: 'count', of: 'sync requests' },
    ],
    initial: [
      ...boxes.map(
        ({ name }): Value =>
          name === 'A' || name === PEER
            ? { role: 'active', sa, sync: null }
            : { role: 'standby', snapshot: sa },
      ),
      0,
      0,
      0,
      0,
    ],
    steps: [
      ...boxes.map((box) => requestStep(revision, settings, box)),
      ...boxes.map((box) => receiveStep(revision, settings, box)),
      ...(settings.stateSync === 'any'
        ? pairs(members).map(([from, to]) => stateSyncStep(revision, settings, from, to))
        : []),
      ...pairs(members).map(([from, to]) => failoverStep(revision, settings, from, to, members)),
      ...(settings.retry === 'fresh'
        ? members.map((name) => retryStep(revision, settings, name, members))
        : []),
    ],
  };
}

interface Box {
  readonly name: string;
  readonly end: Endpoint;
  readonly requests: string;
}

/** An application at the active member wants an exchange. It waits while the counters are being synced. */
function requestStep(revision: Revision, settings: Settings, box: Box): StepRule {
  return {
    kind: 'request',
    places: [box.name, box.requests],
    receives: false,
    take: ([member, made]) => {
      if (!isActive(member) || typeof made !== 'number') return 'impossible';
      // Each request of an end has a content of its own: its number among all that the end ever made.
      const step = beginRequest(revision, box.end, member, made);
      if (!step.enabled) return 'impossible';
      if (made >= settings.requests) return { boundedBy: 'requests' };
      return effect(step, [step.member, made + 1], { kind: 'request', by: box.name, rules: step.rules });
    },
  };
}

/** A message of the other end arrives at the active member. */
function receiveStep(revision: Revision, settings: Settings, box: Box): StepRule {
  return {
    kind: 'receive',
    places: [box.name],
    receives: true,
    take: ([member], message) => {
      if (!isActive(member)) return 'impossible';
      const step = receive(revision, settings, box.end, member, message);
      if (!step.enabled) return 'impossible';
      return effect(step, [step.member], { kind: 'receive', by: box.name, message, rules: step.rules });
    },
  };
}

/** The active member copies its state to another one. A member that was down comes back as a standby. */
function stateSyncStep(revision: Revision, settings: Settings, from: string, to: string): StepRule {
  return {
    kind: 'state-sync',
    places: [from, to],
    receives: false,
    take: ([active, other]) => {
      if (!isActive(active) || !isMember(other) || other.role === 'active') return 'impossible';
      return {
        values: [active, receiveStateSync(revision, settings, other, snapshotOf(active))],
        sent: [],
        observations: [],
        action: { kind: 'state-sync', from, to, rules: [] },
      };
    },
  };
}

/** The active member goes down with all that it had not copied; a standby takes over with its snapshot. */
function failoverStep(
  revision: Revision,
  settings: Settings,
  from: string,
  to: string,
  members: readonly string[],
): StepRule {
  const others = members.filter((name) => name !== from && name !== to);
  return {
    kind: 'failover',
    places: [from, to, COUNTS.failovers, COUNTS.syncRequests, ...others],
    receives: false,
    take: ([active, standby, failovers, nonce, ...rest]) => {
      if (!isActive(active) || !isMember(standby) || standby.role !== 'standby') return 'impossible';
      if (typeof failovers !== 'number' || typeof nonce !== 'number') return 'impossible';
      if (failovers >= settings.failovers) return { boundedBy: 'failovers' };
      const { snapshot } =
        settings.stateSync === 'each-step'
          ? receiveStateSync(revision, settings, standby, snapshotOf(active))
          : standby;
      const step = takeOver(revision, 'cluster', snapshot, settings, nonce);
      if (!step.enabled) return 'impossible';
      const asks = step.member.sync === null ? 0 : 1;
      const down: Member = { role: 'down' };
      return effect(
        step,
        [down, step.member, failovers + 1, nonce + asks, ...told(revision, settings, step.member, rest)],
        { kind: 'failover', from, to, rules: step.rules },
      );
    },
  };
}

/** The newly active member replaces its unanswered sync request by a new one: new nonce, higher M1. */
function retryStep(
  revision: Revision,
  settings: Settings,
  name: string,
  members: readonly string[],
): StepRule {
  const others = members.filter((other) => other !== name);
  return {
    kind: 'retry',
    places: [name, COUNTS.syncRequests, COUNTS.failovers, ...others],
    receives: false,
    take: ([member, nonce, failovers, ...rest]) => {
      if (!isActive(member) || !isSyncing(member) || revision.counterSync === null) return 'impossible';
      if (typeof nonce !== 'number' || typeof failovers !== 'number') return 'impossible';
      // Every failover sends one sync request; all further ones are retries.
      if (nonce - failovers >= settings.retries) return { boundedBy: 'retries' };
      const step = sendSyncRequest(revision.counterSync, 'cluster', member.sa, {
        nonce,
        bump: settings.bump,
      });
      if (!step.enabled) return 'impossible';
      return effect(
        step,
        [step.member, nonce + 1, failovers, ...told(revision, settings, step.member, rest)],
        { kind: 'retry', by: name, rules: step.rules },
      );
    },
  };
}

/** The other members, once a sync request was sent: they know its M1 and its Failover Count, if these are shared. */
function told(
  { counterSync }: Revision,
  { m1Sharing, failoverCount }: Settings,
  { sa, sync }: ActiveMember,
  others: readonly Value[],
): readonly Value[] {
  if (counterSync === null || sync === null) return others;
  return others.map((other) => {
    if (!isMember(other)) return other;
    const told = m1Sharing === 'told' ? afterTelling(counterSync, other, sync.m1) : other;
    return afterCounting(counterSync, failoverCount, told, sa.failoverCount);
  });
}

const effect = (
  step: Extract<Step, { enabled: true }>,
  values: readonly Value[],
  action: Action,
): Effect => ({
  values,
  sent: step.sent,
  observations: step.observations,
  action,
});

const isMember = (value: Value | undefined): value is Member => typeof value === 'object';

const isActive = (value: Value | undefined): value is ActiveMember =>
  isMember(value) && value.role === 'active';

const pairs = (names: readonly string[]): readonly (readonly [string, string])[] =>
  names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));
