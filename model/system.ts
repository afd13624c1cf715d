/**
 * The composition: two logical endpoints, a cluster and a peer that may be one too, and which steps are possible
 * where. The IKE SA and its Child SAs are established, and every member knows their state.
 *
 * The network is not here (`network.ts`): over the strongest it is the set of all messages ever sent, any of which
 * may arrive at any time and any number of times. So loss (never arriving), delay, reordering, duplication and
 * replay are all in it.
 */
import { beginRequest, receive, sendAgain, tellDelta } from './box.ts';
import {
  afterCounting,
  afterSharingBump,
  afterTelling,
  receiveStateSync,
  snapshotOf,
  syncChoice,
  takeOver,
} from './cluster.ts';
import { sendSyncRequest, syncRequestOf } from './counter-sync.ts';
import { MAX_MESSAGE_ID, type MessageId } from './counters.ts';
import { beginPacket, freshChildSa, MAX_SEQUENCE_NUMBER } from './esp.ts';
import { withInitialCount } from './failover-count.ts';
import { requestOf } from './ike.ts';
import {
  type ActiveMember,
  type ChildSa,
  establishedSa,
  isSyncing,
  type Member,
  type SaState,
} from './member.ts';
import type { Ask, Endpoint, Message } from './messages.ts';
import { type Announcers, afterIkeAuth, allAnnouncers } from './negotiation.ts';
import { overNetwork } from './network.ts';
import type { Revision } from './revisions/revision.ts';
import type { Settings } from './settings.ts';
import type { Observation, Step } from './step.ts';

/** What holds a value: a box, a count of what the environment has had happen, or a queue of messages. */
export type Place =
  | { readonly name: string; readonly what: 'member'; readonly end: Endpoint }
  | {
      readonly name: string;
      readonly what: 'count';
      readonly of: 'requests' | 'packets' | 'failovers' | 'sync requests';
    }
  | { readonly name: string; readonly what: 'queue' };

/** The messages on their way to an end, the next one to arrive first. */
export interface Queue {
  readonly role: 'queue';
  readonly messages: readonly Message[];
}

/** The value of a place: the state of a box, a count, or the messages on their way. */
export type Value = Member | number | Queue;

/** What happened in a step, as it is told to a reader. */
export type Action = {
  /** Ids of the rules that shaped the step. */
  readonly rules: readonly string[];
  /** What it put into a queue, where the network is one. */
  readonly sent?: readonly Message[];
} & (
  | { readonly kind: 'request' | 'again' | 'tell-delta' | 'rekey-child' | 'rekey-ike'; readonly by: string }
  | { readonly kind: 'packet'; readonly by: string; readonly spi: string }
  | { readonly kind: 'receive' | 'drop'; readonly by: string; readonly message: Message }
  | { readonly kind: 'lose'; readonly message: Message }
  | { readonly kind: 'state-sync'; readonly from: string; readonly to: string }
  | { readonly kind: 'failover'; readonly from: string; readonly to: string }
  | { readonly kind: 'retry' | 'retransmit'; readonly by: string }
);

export type StepKind = Action['kind'];

/** A way in which a step can be taken: new values of its places, messages, observations. */
export interface Effect {
  readonly values: readonly Value[];
  readonly sent: readonly Message[];
  readonly observations: readonly Observation[];
  readonly action: Action;
  /** Whether the message that is received leaves the network. */
  readonly consumes?: boolean;
}

/** Either the step is possible, or not, or only a bound of the scenario (a setting, by name) forbids it. */
export type Possibility = Effect | 'impossible' | { readonly boundedBy: string };

/** A kind of step at given places. */
export type StepRule = {
  readonly kind: StepKind;
  /** The end whose active member acts; absent where none does. */
  readonly end?: Endpoint;
  /** Names of the places that it reads and writes; nothing else does it see. */
  readonly places: readonly string[];
} & (
  | { readonly receives: false; readonly take: (values: readonly Value[]) => Possibility }
  | { readonly receives: true; readonly take: (values: readonly Value[], message: Message) => Possibility }
);

export interface Composition {
  readonly places: readonly Place[];
  /** One value for each place; several such lists where IKE_AUTH may have gone in several ways. */
  readonly initial: readonly (readonly Value[])[];
  readonly steps: readonly StepRule[];
}

/** Names of the cluster's members: A, B, C ... */
export const memberNames = (members: number): readonly string[] =>
  Array.from({ length: members }, (_, index) => String.fromCharCode(65 + index));

/** The name of the peer, a cluster of one. */
export const PEER = 'peer';

/** Names of the boxes at the other end: the peer, or the members P, Q, R ... of a cluster. */
export const peerNames = (members: number): readonly string[] =>
  members === 1 ? [PEER] : Array.from({ length: members }, (_, index) => String.fromCharCode(80 + index));

/** The end that a box of this name is of. */
export const endOfBox = (name: string): Endpoint => (name === PEER || name >= 'P' ? 'peer' : 'cluster');

/** Names of the counts. */
export const COUNTS = {
  clusterRequests: 'requests of the cluster',
  peerRequests: 'requests of the peer',
  failovers: 'failovers',
  syncRequests: 'sync requests',
} as const;

/** Names of the counts that are there only where there is something to count. */
export const FURTHER_COUNTS = {
  clusterPackets: 'packets of the cluster',
  peerPackets: 'packets of the peer',
  peerFailovers: 'failovers of the peer',
  peerSyncRequests: 'sync requests of the peer',
} as const;

/** One logical endpoint: its boxes, and the counts that are kept of it. */
interface End {
  readonly end: Endpoint;
  readonly names: readonly string[];
  readonly requests: string;
  readonly packets: string;
  readonly failovers: string;
  readonly syncRequests: string;
  readonly failoversAtMost: number;
}

/** The system of a revision under given settings. */
export function compose(revision: Revision, settings: Settings): Composition {
  const ends: readonly End[] = [
    {
      end: 'cluster',
      names: memberNames(settings.members),
      requests: COUNTS.clusterRequests,
      packets: FURTHER_COUNTS.clusterPackets,
      failovers: COUNTS.failovers,
      syncRequests: COUNTS.syncRequests,
      failoversAtMost: settings.failovers,
    },
    {
      end: 'peer',
      names: peerNames(settings.peerMembers),
      requests: COUNTS.peerRequests,
      packets: FURTHER_COUNTS.peerPackets,
      failovers: FURTHER_COUNTS.peerFailovers,
      syncRequests: FURTHER_COUNTS.peerSyncRequests,
      failoversAtMost: settings.peerFailovers,
    },
  ];
  const counts = countsOf(settings);
  return overNetwork(settings.network, {
    places: [
      ...ends.flatMap(({ end, names }) => names.map((name) => ({ name, what: 'member' as const, end }))),
      ...counts,
    ],
    initial: announcements(settings).map((announced) => [
      ...ends.flatMap(({ end, names }) => {
        const sa = afterIkeAuth(freshSa(revision, settings), end, ...announced);
        return names.map(
          (_, index): Value =>
            index === 0 ? { role: 'active', sa, sync: null } : { role: 'standby', snapshot: sa },
        );
      }),
      ...counts.map(() => 0),
    ]),
    steps: ends.flatMap((end) => stepsOf(revision, settings, end)),
  });
}

/** The counts that these settings need. */
function countsOf({ packets, peerMembers }: Settings): readonly Place[] {
  const count = (name: string, of: Extract<Place, { what: 'count' }>['of']): Place => ({
    name,
    what: 'count',
    of,
  });
  return [
    count(COUNTS.clusterRequests, 'requests'),
    count(COUNTS.peerRequests, 'requests'),
    count(COUNTS.failovers, 'failovers'),
    count(COUNTS.syncRequests, 'sync requests'),
    ...(packets > 0
      ? [count(FURTHER_COUNTS.clusterPackets, 'packets'), count(FURTHER_COUNTS.peerPackets, 'packets')]
      : []),
    ...(peerMembers > 1
      ? [
          count(FURTHER_COUNTS.peerFailovers, 'failovers'),
          count(FURTHER_COUNTS.peerSyncRequests, 'sync requests'),
        ]
      : []),
  ];
}

/** Who announced what: one pair, or every pair that `any` allows. */
function announcements({
  messageIdSync,
  replayCounterSync,
}: Settings): readonly (readonly [Announcers, Announcers])[] {
  const each = (which: Announcers | 'any'): readonly Announcers[] =>
    which === 'any' ? allAnnouncers : [which];
  return each(messageIdSync).flatMap((messageIds) =>
    each(replayCounterSync).map((replayCounters) => [messageIds, replayCounters] as const),
  );
}

/** The IKE SA as it was established, with its Child SAs. */
function freshSa(revision: Revision, settings: Settings): SaState {
  const near = settings.counters === 'near-maximum';
  const first: MessageId = near ? MAX_MESSAGE_ID - settings.requests : 0;
  const child = {
    esn: settings.esn === 'on',
    replayWindow: settings.replayWindow,
    first: firstNumber(settings),
  };
  return {
    ...withInitialCount(revision.counterSync ?? {}, establishedSa()),
    window: settings.window,
    expectedSend: first,
    expectedReceive: first,
    highestSeen: first - 1,
    childSas: Array.from({ length: settings.childSas }, (_, index) => freshChildSa(`c${index + 1}`, child)),
  };
}

/** The sequence number that each SA begins after. With ESN it is the lower half that comes to its end. */
const firstNumber = ({ counters, packets }: Settings): number =>
  counters === 'from-zero' ? 0 : MAX_SEQUENCE_NUMBER - Math.max(packets - 1, 0);

/** Every kind of step that can happen at one end. */
function stepsOf(revision: Revision, settings: Settings, end: End): readonly StepRule[] {
  const { names } = end;
  const at = (step: (name: string) => StepRule): readonly StepRule[] => names.map(step);
  const isCluster = end.end === 'cluster';
  const rekeys = (kind: 'child' | 'ike'): boolean =>
    isCluster && (settings.rekey === 'both' || settings.rekey === kind);
  const several = names.length > 1;
  return [
    ...at((name) => requestStep(revision, settings, end, name, 'request')),
    ...(rekeys('child') ? at((name) => requestStep(revision, settings, end, name, 'rekey-child')) : []),
    ...(rekeys('ike') ? at((name) => requestStep(revision, settings, end, name, 'rekey-ike')) : []),
    ...(settings.pending === 'send-again' ? at((name) => againStep(revision, end, name)) : []),
    ...(settings.packets > 0
      ? at((name) => packetStep(revision, settings, end, name, 0)).concat(
          Array.from({ length: settings.childSas - 1 }, (_, index) => index + 1).flatMap((index) =>
            at((name) => packetStep(revision, settings, end, name, index)),
          ),
        )
      : []),
    ...at((name) => receiveStep(revision, settings, end, name)),
    ...(settings.network === 'adversarial'
      ? []
      : at((name) => retransmitStep(revision, settings, end, name))),
    ...(several && (settings.stateSync === 'any' || settings.stateSync === 'ike-each-step')
      ? pairs(names).map(([from, to]) => stateSyncStep(revision, settings, from, to))
      : []),
    ...pairs(names).map(([from, to]) => failoverStep(revision, settings, end, from, to)),
    ...(several && revision.replaySync !== null && mayTellAlone(settings)
      ? at((name) => tellDeltaStep(revision, end, name))
      : []),
    ...(several && revision.counterSync !== null && settings.retry === 'fresh'
      ? at((name) => retryStep(revision, settings, end, name))
      : []),
  ];
}

/** Whether there can be a delta that no sync request carries. */
const mayTellAlone = ({ messageIdSync, replayCounterSync }: Settings): boolean =>
  messageIdSync !== 'both' && replayCounterSync !== 'neither';

/**
 * An application at the active member wants an exchange, or a rekeying is due. It waits while the counters are being
 * synced, and while a request from before the sync is still to be sent again.
 */
function requestStep(
  revision: Revision,
  settings: Settings,
  { end, requests }: End,
  name: string,
  kind: 'request' | 'rekey-child' | 'rekey-ike',
): StepRule {
  return {
    kind,
    end,
    places: [name, requests],
    receives: false,
    take: ([member, made]) => {
      if (!isActive(member) || typeof made !== 'number' || member.sa.again.length > 0) return 'impossible';
      const asks = asking(kind, member.sa);
      if (asks === null) return 'impossible';
      // Each request of an end has a content of its own: its number among all that the end ever made.
      const step = beginRequest(revision, end, member, made, asks);
      if (!step.enabled) return 'impossible';
      if (made >= settings.requests) return { boundedBy: 'requests' };
      return effect(step, [step.member, made + 1], { kind, by: name, rules: step.rules });
    },
  };
}

/** What is asked; `null` if there is nothing that could be asked so. */
function asking(kind: 'request' | 'rekey-child' | 'rekey-ike', sa: SaState): Ask | undefined | null {
  if (kind === 'request') return undefined;
  if (kind === 'rekey-ike') return { kind };
  const [child] = sa.childSas;
  return child === undefined ? null : { kind, spi: child.spi };
}

/** A request that was under way at the sync is sent again. */
function againStep(revision: Revision, { end }: End, name: string): StepRule {
  return {
    kind: 'again',
    end,
    places: [name],
    receives: false,
    take: ([member]) => {
      if (!isActive(member)) return 'impossible';
      const step = sendAgain(revision, end, member);
      if (step === null || !step.enabled) return 'impossible';
      return effect(step, [step.member], { kind: 'again', by: name, rules: step.rules });
    },
  };
}

/** The newly active member tells the delta in a request of its own. */
function tellDeltaStep(revision: Revision, { end }: End, name: string): StepRule {
  return {
    kind: 'tell-delta',
    end,
    places: [name],
    receives: false,
    take: ([member]) => {
      if (!isActive(member)) return 'impossible';
      const step = tellDelta(revision, end, member);
      if (step === null || !step.enabled) return 'impossible';
      return effect(step, [step.member], { kind: 'tell-delta', by: name, rules: step.rules });
    },
  };
}

/** An application at the active member sends a packet over the Child SA at this place of its list. */
function packetStep(
  revision: Revision,
  settings: Settings,
  { end, packets }: End,
  name: string,
  index: number,
): StepRule {
  return {
    kind: 'packet',
    end,
    places: [name, packets],
    receives: false,
    take: ([member, made]) => {
      if (!isActive(member) || typeof made !== 'number') return 'impossible';
      const child: ChildSa | undefined = member.sa.childSas[index];
      if (child === undefined) return 'impossible';
      const step = beginPacket(revision.esp, end, member, child, made);
      if (!step.enabled) return 'impossible';
      if (made >= settings.packets) return { boundedBy: 'packets' };
      return effect(step, [step.member, made + 1], {
        kind: 'packet',
        by: name,
        spi: child.spi,
        rules: step.rules,
      });
    },
  };
}

/** A message of the other end arrives at the active member. */
function receiveStep(revision: Revision, settings: Settings, { end }: End, name: string): StepRule {
  const highest = highestNumber(settings);
  return {
    kind: 'receive',
    end,
    places: [name],
    receives: true,
    take: ([member], message) => {
      if (!isActive(member)) return 'impossible';
      const step = receive(revision, settings, end, member, message);
      if (!step.enabled) return 'impossible';
      if (step.member.sa.childSas.some(({ sent }) => sent > highest)) return { boundedBy: 'delta' };
      return effect(step, [step.member], { kind: 'receive', by: name, message, rules: step.rules });
    },
  };
}

/**
 * No sequence number is higher unless some delta is added more than once. Where nothing prevents that, it can go on
 * for ever; it is followed once, and then no further.
 */
function highestNumber(settings: Settings): number {
  const { packets, delta, failovers, peerFailovers, retries } = settings;
  return firstNumber(settings) + packets + delta * (failovers + peerFailovers + retries + 1);
}

/** What an end sends again and again until it is answered: its requests, and its sync request. */
export function sentAgain(
  { counterSync }: Revision,
  { retry }: Pick<Settings, 'retry'>,
  end: Endpoint,
  member: Member,
): readonly Message[] {
  if (!isActive(member)) return [];
  const { sa, sync } = member;
  if (sync === null) return sa.outstanding.map((request) => requestOf(end, sa, request));
  return counterSync === null || retry === 'fresh' ? [] : [syncRequestOf(counterSync, end, sa, sync)];
}

/** What was sent and is not answered is sent again, as it was. */
function retransmitStep(revision: Revision, settings: Settings, { end }: End, name: string): StepRule {
  return {
    kind: 'retransmit',
    end,
    places: [name],
    receives: false,
    take: ([member]) => {
      if (!isActive(member)) return 'impossible';
      const sent = sentAgain(revision, settings, end, member);
      if (sent.length === 0) return 'impossible';
      return {
        values: [member],
        sent,
        observations: [],
        action: { kind: 'retransmit', by: name, rules: ['RFC7296-2.1-RETRANSMISSION'] },
      };
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
  { end, names, failovers: failoverCount, syncRequests, failoversAtMost }: End,
  from: string,
  to: string,
): StepRule {
  const others = names.filter((name) => name !== from && name !== to);
  return {
    kind: 'failover',
    end,
    places: [from, to, failoverCount, syncRequests, ...others],
    receives: false,
    take: ([active, standby, failovers, asked, ...rest]) => {
      if (!isActive(active) || !isMember(standby) || standby.role !== 'standby') return 'impossible';
      if (typeof failovers !== 'number' || typeof asked !== 'number') return 'impossible';
      if (failovers >= failoversAtMost) {
        return { boundedBy: end === 'cluster' ? 'failovers' : 'peer-failovers' };
      }
      const snapshot = heldBy(revision, settings, active, standby);
      const down: Member = { role: 'down' };
      const step = takeOver(revision, end, snapshot, settings, nonceFor(end, asked));
      if (step === 'closed') {
        return {
          values: [down, { role: 'closed' }, failovers + 1, asked, ...rest],
          sent: [],
          observations: [],
          action: { kind: 'failover', from, to, rules: ['RFC7296-2.2-NO-WRAP'] },
        };
      }
      if (!step.enabled) return 'impossible';
      const asks = step.member.sync === null && step.member.owed === undefined ? 0 : 1;
      return effect(
        step,
        [down, step.member, failovers + 1, asked + asks, ...told(revision, settings, step.member, rest)],
        { kind: 'failover', from, to, rules: step.rules },
      );
    },
  };
}

/** What a standby takes over with. */
function heldBy(
  revision: Revision,
  settings: Settings,
  active: ActiveMember,
  standby: Extract<Member, { role: 'standby' }>,
): SaState {
  if (settings.stateSync === 'any' || settings.stateSync === 'never') return standby.snapshot;
  const { snapshot } = receiveStateSync(revision, settings, standby, snapshotOf(active));
  return settings.stateSync === 'each-step' ? snapshot : { ...snapshot, childSas: standby.snapshot.childSas };
}

/** The newly active member replaces its unanswered sync request by a new one: new nonce, higher M1. */
function retryStep(
  revision: Revision,
  settings: Settings,
  { end, names, failovers: failoverCount, syncRequests }: End,
  name: string,
): StepRule {
  const others = names.filter((other) => other !== name);
  return {
    kind: 'retry',
    end,
    places: [name, syncRequests, failoverCount, ...others],
    receives: false,
    take: ([member, asked, failovers, ...rest]) => {
      if (!isActive(member) || !isSyncing(member) || revision.counterSync === null) return 'impossible';
      if (typeof asked !== 'number' || typeof failovers !== 'number') return 'impossible';
      const choice = syncChoice(revision, member.sa, settings, nonceFor(end, asked));
      const step = sendSyncRequest(revision.counterSync, end, member.sa, choice);
      if (!step.enabled) return 'impossible';
      // Every failover sends one sync request; all further ones are retries.
      if (asked - failovers >= settings.retries) return { boundedBy: 'retries' };
      return effect(
        step,
        [step.member, asked + 1, failovers, ...told(revision, settings, step.member, rest)],
        { kind: 'retry', by: name, rules: step.rules },
      );
    },
  };
}

/** No two sync requests have the same nonce, whichever end sends them. */
const nonceFor = (end: Endpoint, asked: number): number | string => (end === 'cluster' ? asked : `p${asked}`);

/** The other members, once one took over: they know what it told them, of M1, of the count, of its ESP counters. */
function told(
  { counterSync, replaySync }: Revision,
  { m1Sharing, failoverCount, bumpSharing }: Settings,
  { sa, sync }: ActiveMember,
  others: readonly Value[],
): readonly Value[] {
  return others.map((other) => {
    if (!isMember(other)) return other;
    const bumped =
      replaySync !== null && bumpSharing === 'told' ? afterSharingBump(replaySync, other, sa) : other;
    if (counterSync === null || sync === null) return bumped;
    const told = m1Sharing === 'told' ? afterTelling(counterSync, bumped, sync.m1) : bumped;
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

/** Whether a value is that of a box. */
export const isMember = (value: Value | undefined): value is Member =>
  typeof value === 'object' && value.role !== 'queue';

/** Whether a value is that of an active member. */
export const isActive = (value: Value | undefined): value is ActiveMember =>
  isMember(value) && value.role === 'active';

const pairs = (names: readonly string[]): readonly (readonly [string, string])[] =>
  names.flatMap((from) => names.filter((to) => to !== from).map((to) => [from, to] as const));
