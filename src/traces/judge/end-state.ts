/** What is known of one end of an IKE SA: the states in which it can be, those in which it was, what it sent. */
import type {
  Announced,
  Endpoint,
  Message,
  Request,
  RuleId,
  SaState,
  SyncRequest,
  SyncResponse,
} from '../../../model/index.ts';
import { add, emptySet, type NumberSet } from '../../../model/state/number-set.ts';
import { textOf } from '../common/text-of.ts';
import type { Entry } from '../findings/account.ts';
import { type Allowance, Effort } from './effort.ts';
import { distinct, type Explained, type Hypothesis, type Inbox, type PastState } from './explanation.ts';

/** So many messages of each kind are remembered of an end. Later ones that refer to older ones cannot be judged. */
export const REMEMBERED = 512;

/** So many states are remembered of an end: the first ones, the last ones, and some of those between. */
const REMEMBERED_STATES = 256;

/** A sync response whose P2 is too high, unless a sync request of the same end was sent before it and overtaken. */
export interface Doubt {
  readonly response: SyncResponse;
  readonly asked: readonly SyncRequest[];
  /** The states from which it was tried. */
  readonly from: readonly Hypothesis[];
  readonly finding: Entry;
}

export interface EndState {
  readonly end: Endpoint;
  hypotheses: readonly Hypothesis[];
  /**
   * After a finding that a failover explains: the states in which there was none, and the message was just
   * wrong. They count only when the failover does not explain what comes next.
   */
  otherwise: readonly Hypothesis[];
  past: readonly PastState[];
  /** What this end has sent, for the other to receive. */
  readonly requests: Map<number, readonly Request[]>;
  readonly responses: Map<number, readonly Message[]>;
  /** Every Message ID that it used for a request, and every one that it answered. */
  requested: NumberSet;
  responded: NumberSet;
  /**
   * Whether its new requests, and its new responses, were seen with each number one above the last, and no response
   * showed a request that was not seen.
   */
  requestsInSequence: boolean;
  responsesInSequence: boolean;
  /** The event at which each of them was first seen: `request ID` or `response ID`. */
  readonly seenAt: Map<string, number>;
  syncs: readonly Message[];
  /** The event at which each of its requests was first seen: `request ID` or `sync NONCE`. */
  readonly firstSeen: Map<string, number>;
  /** Its sync messages that no receiver may act on, and the rule that they break. */
  voidSyncs: readonly { readonly id: number; readonly nonce: unknown; readonly rule: RuleId }[];
  /** The nonces of the sync responses that its own log says it took. */
  taken: readonly unknown[];
  /** Its sync responses that are findings, unless it had sent a sync request before that is still to be seen. */
  doubts: readonly Doubt[];
  /** The highest Message IDs of requests and responses that were forgotten; -1 for none. */
  forgotten: { readonly request: number; readonly response: number };
  /** Whether states in which it was were forgotten. */
  forgotStates: boolean;
  /** Whether sync messages were forgotten, or possible states given up: then a fault that depends on them is none. */
  forgotSyncs: boolean;
  crowded: boolean;
  /** What may be spent on looking for states in which it may be. */
  readonly effort: Effort;
  /** The highest Failover Count that it sent; -1 for none, undefined where the beginning was not seen. */
  failoverCount: number | undefined;
  /** What its own log says of the snapshots that its members hold, by member. */
  readonly snapshots: Map<string, readonly PastState[]>;
  /** Where its own log tells of a failover, and what was copied to who took over: only that can be gone on from. */
  takenFrom: readonly PastState[] | null;
  /** Whether its own log told of a failover that nothing has shown since. */
  failoverDue: boolean;
  /** Whether it showed that another member took over. */
  actsAsCluster: boolean;
  /** Whether something besides a fault tells so: a sync message of its own, or a word of its log. */
  showsCluster: boolean;
  address: string | undefined;
}

/** @param allowance how far it is searched for states in which it may be */
export const freshEnd = (end: Endpoint, allowance?: Allowance): EndState => ({
  end,
  hypotheses: [],
  otherwise: [],
  past: [],
  requests: new Map(),
  responses: new Map(),
  requested: emptySet,
  responded: emptySet,
  requestsInSequence: true,
  responsesInSequence: true,
  seenAt: new Map(),
  syncs: [],
  firstSeen: new Map(),
  voidSyncs: [],
  taken: [],
  doubts: [],
  forgotten: { request: -1, response: -1 },
  forgotStates: false,
  forgotSyncs: false,
  crowded: false,
  effort: new Effort(allowance),
  failoverCount: -1,
  snapshots: new Map(),
  takenFrom: null,
  failoverDue: false,
  actsAsCluster: false,
  showsCluster: false,
  address: undefined,
});

/** A copy that goes its own way. What was seen at which event is the same for all. */
export const copyOfEnd = (state: EndState): EndState => ({
  ...state,
  requests: new Map(state.requests),
  responses: new Map(state.responses),
  firstSeen: new Map(state.firstSeen),
  seenAt: new Map(state.seenAt),
  snapshots: new Map(state.snapshots),
  effort: state.effort.copy(),
});

/** The event at which each response and sync message was seen, for as long as it is remembered. */
const SEEN_AT = new WeakMap<Message, number>();

/** What an end may receive: all that the other was seen to send. */
export const inboxFrom = ({ requests, responses, syncs }: EndState): Inbox => ({
  requests,
  responses,
  syncs,
});

/** What an end may have received before an event. */
export function inboxBefore(state: EndState, event: number): Inbox {
  const isEarlier = (message: Message): boolean => (SEEN_AT.get(message) ?? 0) < event;
  return {
    requests: state.requests,
    responses: new Map([...state.responses].map(([id, messages]) => [id, messages.filter(isEarlier)])),
    syncs: state.syncs.filter(isEarlier),
  };
}

const highest = (set: NumberSet): number => set.at(-1)?.[1] ?? -1;

/** Whether a number follows on the last one, or is the first. */
const follows = (set: NumberSet, id: number): boolean => set.length === 0 || id === highest(set) + 1;

export function noteRequest(state: EndState, request: Request, event: number): void {
  const { id } = request;
  state.requestsInSequence &&= follows(state.requested, id);
  noteSeen(state, `request ${id}`, event);
  // What it has sent since tells where it stands.
  state.doubts = [];
  state.requested = add(state.requested, id);
  state.requests.set(id, [...(state.requests.get(id) ?? []), request].slice(-MOST_OF_ONE));
  if (!state.firstSeen.has(`request ${id}`)) state.firstSeen.set(`request ${id}`, event);
  for (const oldest of oldestOf(state.requests)) {
    state.firstSeen.delete(`request ${oldest}`);
    state.seenAt.delete(`request ${oldest}`);
    state.forgotten = { ...state.forgotten, request: Math.max(state.forgotten.request, oldest) };
  }
}

export function noteResponses(
  state: EndState,
  id: number,
  responses: readonly Message[],
  event: number,
): void {
  state.responsesInSequence &&= follows(state.responded, id);
  noteSeen(state, `response ${id}`, event);
  state.responded = add(state.responded, id);
  state.responses.set(id, [...(state.responses.get(id) ?? []), ...responses].slice(-MOST_OF_ONE));
  for (const response of responses) SEEN_AT.set(response, event);
  for (const oldest of oldestOf(state.responses)) {
    state.seenAt.delete(`response ${oldest}`);
    state.forgotten = { ...state.forgotten, response: Math.max(state.forgotten.response, oldest) };
  }
}

function noteSeen({ seenAt }: EndState, what: string, event: number): void {
  if (!seenAt.has(what)) seenAt.set(what, event);
}

/** Messages with one and the same Message ID that are remembered; more than a few is a fault, and was told. */
const MOST_OF_ONE = 8;

/** Takes what is oldest out of a map that has become too large. */
function oldestOf(map: Map<number, unknown>): readonly number[] {
  const oldest: number[] = [];
  for (const id of map.keys()) {
    if (map.size <= REMEMBERED) break;
    map.delete(id);
    oldest.push(id);
  }
  return oldest;
}

/** A sync message that a receiver may act on. */
export function noteSync(state: EndState, message: Message, event: number): void {
  state.forgotSyncs ||= state.syncs.length === MOST_SYNCS;
  state.syncs = [...state.syncs, message].slice(-MOST_SYNCS);
  SEEN_AT.set(message, event);
}

/** The event at which a sync response of an end with a nonce was seen; infinite if none was. */
export const answeredAt = ({ syncs }: EndState, nonce: unknown): number =>
  Math.min(
    Number.POSITIVE_INFINITY,
    ...syncs.flatMap((each) =>
      each.kind === 'sync-response' && each.nonce === nonce ? [SEEN_AT.get(each) ?? 0] : [],
    ),
  );

/** Sync messages of an end that are remembered. An end whose last ones are all unanswered has other worries. */
const MOST_SYNCS = 32;

export function noteSyncRequest(state: EndState, request: SyncRequest, event: number): void {
  noteSync(state, request, event);
  state.firstSeen.set(`sync ${request.nonce}`, event);
  const count = request.failoverCount;
  if (count !== undefined) state.failoverCount = Math.max(state.failoverCount ?? 0, count);
  const syncs = [...state.firstSeen.keys()].filter((key) => key.startsWith('sync '));
  for (const key of syncs.slice(0, -MOST_SYNCS)) state.firstSeen.delete(key);
}

type VoidSync = EndState['voidSyncs'][number];

/** A sync message, of either kind, that no receiver may act on. */
export function noteVoidSync(state: EndState, { id, nonce }: Omit<VoidSync, 'rule'>, rule: RuleId): void {
  state.voidSyncs = [...state.voidSyncs, { id, nonce, rule }].slice(-MOST_SYNCS);
}

/** The states in which an end was at an event or later. */
export const statesSince = ({ past }: EndState, event: number): readonly PastState[] => {
  const current = past.findLast((state) => state.event <= event)?.event ?? 0;
  return past.filter((state) => state.event >= current);
};

/** Whether it may be in states that are not followed: then a fault that depends on all of them is none. */
export const isCrowded = ({ crowded, effort }: EndState): boolean => crowded || effort.ranOut;

/** Takes the states that explain an event for those in which the end is now. */
export function adopt(state: EndState, hypotheses: readonly Hypothesis[], event: number): void {
  state.crowded ||= hypotheses.length > MOST_HYPOTHESES;
  state.hypotheses = hypotheses.slice(0, MOST_HYPOTHESES);
  // Counters go up, so a state that is the same as an earlier one is the same as one of the last.
  const last = state.past.slice(-LATEST);
  const added: PastState[] = [];
  for (const { member } of state.hypotheses) {
    const past = { sa: member.sa, sync: member.sync, event };
    if (last.some((each) => isSame(each, past))) continue;
    last.push(past);
    added.push(past);
  }
  if (added.length === 0) return;
  const past = [...state.past, ...added];
  state.past = thinned(past);
  state.forgotStates ||= state.past.length < past.length;
  // A newly active member's own states are what the next one may hold, besides what it was told of.
  if (state.takenFrom !== null) state.takenFrom = thinned([...state.takenFrom, ...added]);
}

const LATEST = 4;

/** Whether two states are the same. Most differ in their counters, and need no further look. */
const isSame = (one: PastState, other: PastState): boolean =>
  one.sa.expectedSend === other.sa.expectedSend &&
  one.sa.expectedReceive === other.sa.expectedReceive &&
  one.sa.m1Sent === other.sa.m1Sent &&
  keyOfPast(one) === keyOfPast(other);

export const keyOfPast = ({ sa, sync }: PastState): string =>
  `${textOf(sa)} ${sync === null ? '' : textOf(sync)}`;

/** One state for each run of those that are the same: it was in that state from the first of them on. */
export function withoutRepeats(past: readonly PastState[]): readonly PastState[] {
  const kept = past.filter((each, index) => {
    const before = past[index - 1];
    // The first one may be from before the trace.
    return before === undefined || before.event === 0 || !isSame(before, each);
  });
  return kept.length === past.length ? past : kept;
}

/** So many possible states are followed at once. */
export const MOST_HYPOTHESES = 128;

/**
 * The first states and the last ones are kept; of those between, every second one goes whenever there are too many.
 * A sync request that follows from a state that goes follows from an older one that stays too, since M1 and P1 may be
 * higher than they have to be.
 */
function thinned(past: readonly PastState[]): readonly PastState[] {
  if (past.length <= REMEMBERED_STATES) return past;
  const last = past.length - REMEMBERED_STATES / 2;
  return past.filter((_, index) => index < 4 || index >= last || index % 2 === 0);
}

/**
 * Takes an explanation; if it needs a failover and still breaks a property, also that there was none: then the end
 * is in one of the states `reached`, but for its own requests.
 */
export function accept(
  state: EndState,
  found: Explained,
  reached: readonly Hypothesis[],
  event: number,
): void {
  if (found.failoverFrom !== null) {
    state.actsAsCluster = true;
    state.failoverDue = false;
  }
  adopt(state, found.hypotheses, event);
  const [first] = found.hypotheses;
  if (found.broken.length === 0 || first === undefined) return;
  const others = found.failoverFrom === null ? state.otherwise : reached;
  const { expectedSend, outstanding } = first.member.sa;
  state.otherwise = others.map(({ member, unsent }) => ({
    member: { ...member, sync: null, sa: { ...member.sa, expectedSend, outstanding } },
    watched: first.watched,
    unsent,
  }));
}

/** What a message that nothing explains shows of its end all the same. */
export interface Change {
  readonly sa: (sa: SaState) => Partial<SaState>;
  /** Whether it shows that no sync request of the end waits for a response. */
  readonly endsSync: boolean;
}

/** The most charitable states after a message that nothing explains: those `reached`, but for what it shows. */
export function suppose(
  state: EndState,
  reached: readonly Hypothesis[],
  { sa: change, endsSync }: Change,
  event: number,
): void {
  const changed = reached.map(({ member, ...rest }) => ({
    ...rest,
    member: {
      ...member,
      sync: endsSync ? null : member.sync,
      sa: { ...member.sa, ...change(member.sa) },
    },
  }));
  adopt(state, distinct(changed), event);
  // What else was possible is among those reached.
  state.otherwise = [];
}

/** Changes what every state of an end has in common: something about the SA as a whole became known. */
export function becomesKnown(
  state: EndState,
  change: (sa: SaState) => SaState,
  which: (past: PastState) => boolean = () => true,
): void {
  const told = ({ member, ...rest }: Hypothesis): Hypothesis => ({
    ...rest,
    member: { ...member, sa: change(member.sa) },
  });
  const toldPast = (past: PastState): PastState => (which(past) ? { ...past, sa: change(past.sa) } : past);
  state.hypotheses = state.hypotheses.map(told);
  state.otherwise = state.otherwise.map(told);
  state.past = state.past.map(toldPast);
  state.takenFrom = state.takenFrom?.map(toldPast) ?? null;
  for (const [member, snapshots] of state.snapshots) state.snapshots.set(member, snapshots.map(toldPast));
}

/** What was negotiated becomes known. */
export const setAnnounced = (
  state: EndState,
  announced: Announced,
  announcedReplayCounters: Announced,
): void => becomesKnown(state, (sa) => ({ ...sa, announced, announcedReplayCounters }));
