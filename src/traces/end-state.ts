/** What is known of one end of an IKE SA: the states in which it can be, those in which it was, what it sent. */
import type { Announced, Content, Endpoint, Message, SaState } from '../../model/index.ts';
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
  /** Its sync messages that no receiver may act on, and the rule that they break. */
  readonly voidSyncs: { readonly nonce: unknown; readonly rule: string }[];
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

export const noteRequest = (state: EndState, id: number, content: Content): void => {
  state.requests.set(id, [...(state.requests.get(id) ?? []), content]);
};

/** Takes the states that explain an event for those in which the end is now. */
export function adopt(state: EndState, hypotheses: readonly Hypothesis[], event: number): void {
  state.hypotheses = hypotheses;
  for (const { member } of hypotheses) {
    const key = JSON.stringify(member.sa);
    if (state.pastKeys.has(key)) continue;
    state.pastKeys.add(key);
    state.past.push({ sa: member.sa, event });
  }
}

/** Takes an explanation; if it needs a failover and still breaks a property, also that there was none. */
export function accept(state: EndState, found: Explained, event: number): void {
  const before = state.hypotheses;
  if (found.failoverFrom !== null) state.actsAsCluster = true;
  adopt(state, found.hypotheses, event);
  if (found.broken.length === 0 || found.failoverFrom === null) return;
  const [first] = found.hypotheses;
  if (first === undefined) return;
  const { expectedSend, outstanding } = first.member.sa;
  state.otherwise = before.map(({ member }) => ({
    member: { ...member, sa: { ...member.sa, expectedSend, outstanding } },
    watched: first.watched,
  }));
}

/** The most charitable states after a message that nothing explains: those that it shows. */
export function suppose(state: EndState, change: Partial<SaState>, event: number): void {
  const changed = state.hypotheses.map(({ member, watched }) => ({
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
  state.past = state.past.map(({ sa, event }) => ({ sa: { ...sa, announced }, event }));
}
