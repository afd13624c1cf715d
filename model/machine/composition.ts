/**
 * What a system is made of: places that hold values, and steps that read and write some of them. `system.ts` composes
 * one of a revision; `environment.ts` has its steps.
 */
import type { RuleId } from '../catalogue.ts';
import type { ActiveMember, Member, WaitingMember } from '../state/member.ts';
import type { Endpoint, Message } from '../state/messages.ts';
import type { Observation } from '../state/step.ts';

/** What holds a value: a box, a count of what the environment has had happen, or a queue of messages. */
export type Place =
  | { readonly name: string; readonly what: 'member'; readonly end: Endpoint }
  | {
      readonly name: string;
      readonly what: 'count';
      readonly of: 'requests' | 'packets' | 'failovers' | 'sync requests' | 'deletes';
    }
  | { readonly name: string; readonly what: 'queue' };

/** The messages on their way to an end, the next one to arrive first. */
export interface Queue {
  readonly role: 'queue';
  readonly messages: readonly Message[];
}

/** The value of a place: the state of a box, a count, or the messages on their way. */
export type Value = Member | number | Queue;

/** What happened in a step, as a reader is shown it. */
export type Action = {
  /** Ids of the rules that shaped the step. */
  readonly rules: readonly RuleId[];
  /** What it put into a queue, where the network is one. */
  readonly sent?: readonly Message[];
} & (
  | {
      readonly kind: 'request' | 'again' | 'tell-delta' | 'rekey-child' | 'rekey-ike' | 'rekey-after';
      readonly by: string;
      /** Which Child SA is rekeyed, where it can be any (`rekey-of`); absent elsewhere. */
      readonly spi?: string;
    }
  | { readonly kind: 'delete-old'; readonly by: string }
  | { readonly kind: 'packet'; readonly by: string; readonly spi: string }
  | { readonly kind: 'receive' | 'drop'; readonly by: string; readonly message: Message }
  | { readonly kind: 'lose'; readonly message: Message }
  | { readonly kind: 'state-sync' | 'send-state-sync'; readonly from: string; readonly to: string }
  | { readonly kind: 'receive-state-sync'; readonly by: string }
  | { readonly kind: 'failover' | 'split' | 'step-down'; readonly from: string; readonly to: string }
  | { readonly kind: 'ask' | 'retry' | 'retransmit'; readonly by: string }
  | { readonly kind: 'begin'; readonly by: string; readonly name: string }
  | { readonly kind: 'tell-sync' | 'tell-bump' | 'send'; readonly by: string }
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

/** Names of the boxes of either end, in order: as many as there can be at most (`members`, `peer-members`). */
const NAMES: Readonly<Record<Endpoint, readonly string[]>> = {
  cluster: [...'ABCDEFGHIJKL'],
  peer: [...'PQRSTUVWXY'],
};

/** Names of the cluster's members: A, B, C ... */
export const memberNames = (members: number): readonly string[] => NAMES.cluster.slice(0, members);

/** The name of the peer, a cluster of one. */
export const PEER = 'peer';

/** Names of the boxes at the other end: the peer, or the members P, Q, R ... of a cluster. */
export const peerNames = (members: number): readonly string[] =>
  members === 1 ? [PEER] : NAMES.peer.slice(0, members);

/** The end that a box of this name is of. */
export const endOfBox = (name: string): Endpoint => (NAMES.cluster.includes(name) ? 'cluster' : 'peer');

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
  clusterDeletes: 'deletes of the cluster',
  peerDeletes: 'deletes of the peer',
} as const;

/** Whether a value is that of a box. */
export const isMember = (value: Value | undefined): value is Member =>
  typeof value === 'object' && value.role !== 'queue';

/** Whether a value is that of an active member. */
export const isActive = (value: Value | undefined): value is ActiveMember =>
  isMember(value) && value.role === 'active';

/** Whether a value is that of a member to which a state sync can come. */
export const isWaiting = (value: Value | undefined): value is WaitingMember =>
  isMember(value) && (value.role === 'standby' || value.role === 'down');
