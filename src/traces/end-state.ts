/** What is known of one end of an IKE SA: the states in which it can be, those in which it was, what it sent. */
import type { Announced, Content, Endpoint, Message, SaState, SyncRequest } from '../../model/index.ts';
import type { Explained, Hypothesis, Inbox, PastState } from './explanation.ts';

export interface EndState {
  readonly end: Endpoint;
  hypotheses: readonly Hypothesis[];
  /**
   * After a finding that a failover explains: the states in which there was none, and the message was just
   * wrong. They count only when the failover does not explain what comes next.
   */
  otherwise: readonly Hypothesis[];
  past: PastState[];
  readonly pastKeys: Set<string>;
  /** What this end has sent, for the other to receive. */
  readonly requests: Map<number, Content[]>;
  readonly responses: Map<number, Message[]>;
  readonly syncs: Message[];
  /** The event at which each of its responses and sync messages was seen. */
  readonly seenAt: Map<Message, number>;
  /** The event at which each of its requests was first seen: `request ID` or `sync NONCE`. */
  readonly firstSeen: Map<string, number>;
  /** Its sync messages that no receiver may act on, and the rule that they break. */
  readonly voidSyncs: { readonly id: number; readonly nonce: unknown; readonly rule: string }[];
  /** Whether it showed that another member took over. */
  actsAsCluster: boolean;
  address: string | undefined;
}

export const freshEnd = (end: Endpoint): EndState => ({
  end,
  hypotheses: [],
  otherwise: [],
  past: [],
  pastKeys: new Set(),
  requests: new Map(),
  responses: new Map(),
  syncs: [],
  seenAt: new Map(),
  firstSeen: new Map(),
  voidSyncs: [],
  actsAsCluster: false,
  address: undefined,
});

/** What an end may receive: all that the other was seen to send. */
export const inboxFrom = ({ requests, responses, syncs }: EndState): Inbox => ({
  requests,
  responses,
  syncs,
});

/** What an end may have received before an event. */
export function inboxBefore(state: EndState, event: number): Inbox {
  const isEarlier = (message: Message): boolean => (state.seenAt.get(message) ?? 0) < event;
  return {
    requests: state.requests,
    responses: new Map([...state.responses].map(([id, messages]) => [id, messages.filter(isEarlier)])),
    syncs: state.syncs.filter(isEarlier),
  };
}

export const noteRequest = (state: EndState, id: number, content: Content, event: number): void => {
  state.requests.set(id, [...(state.requests.get(id) ?? []), content]);
  if (!state.firstSeen.has(`request ${id}`)) state.firstSeen.set(`request ${id}`, event);
};

export const noteResponses = (
  state: EndState,
  id: number,
  responses: readonly Message[],
  event: number,
): void => {
  state.responses.set(id, [...(state.responses.get(id) ?? []), ...responses]);
  for (const response of responses) state.seenAt.set(response, event);
};

/** A sync message that a receiver may act on. */
export const noteSync = (state: EndState, message: Message, event: number): void => {
  state.syncs.push(message);
  state.seenAt.set(message, event);
};

export const noteSyncRequest = (state: EndState, request: SyncRequest, event: number): void => {
  noteSync(state, request, event);
  state.firstSeen.set(`sync ${request.nonce}`, event);
};

/** The states in which an end was at an event or later. */
export const statesSince = ({ past }: EndState, event: number): readonly PastState[] => {
  const current = past.findLast((state) => state.event <= event)?.event ?? 0;
  return past.filter((state) => state.event >= current);
};

/** Takes the states that explain an event for those in which the end is now. */
export function adopt(state: EndState, hypotheses: readonly Hypothesis[], event: number): void {
  state.hypotheses = hypotheses;
  for (const { member } of hypotheses) {
    const key = JSON.stringify(member);
    if (state.pastKeys.has(key)) continue;
    state.pastKeys.add(key);
    state.past.push({ sa: member.sa, sync: member.sync, event });
  }
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
  if (found.failoverFrom !== null) state.actsAsCluster = true;
  adopt(state, found.hypotheses, event);
  if (found.broken.length === 0 || found.failoverFrom === null) return;
  const [first] = found.hypotheses;
  if (first === undefined) return;
  const { expectedSend, outstanding } = first.member.sa;
  state.otherwise = reached.map(({ member }) => ({
    member: { ...member, sync: null, sa: { ...member.sa, expectedSend, outstanding } },
    watched: first.watched,
  }));
}

/** The most charitable states after a message that nothing explains: those `reached`, but for what it shows. */
export function suppose(
  state: EndState,
  reached: readonly Hypothesis[],
  change: Partial<SaState>,
  event: number,
): void {
  const changed = reached.map(({ member, watched }) => ({
    member: { ...member, sync: null, sa: { ...member.sa, ...change } },
    watched,
  }));
  adopt(state, changed, event);
}

/** What was negotiated becomes known. */
export function setAnnounced(state: EndState, announced: Announced): void {
  const told = ({ member, watched }: Hypothesis): Hypothesis => ({
    member: { ...member, sa: { ...member.sa, announced } },
    watched,
  });
  state.hypotheses = state.hypotheses.map(told);
  state.otherwise = state.otherwise.map(told);
  state.past = state.past.map(({ sa, ...rest }) => ({ sa: { ...sa, announced }, ...rest }));
}
