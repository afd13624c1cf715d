/**
 * RFC 6311, 5.1, "Processing Rules for IKE Message ID Synchronization": the counter sync exchange, both sides. The
 * drafts before it share its rules, apart from what protects sync requests against replay: nothing at first, then a
 * Failover Count (`ipsecha-01/`), then M1 that must grow.
 *
 *     newly active member                                   peer
 *     HDR(0), SK {N(IKEV2_MESSAGE_ID_SYNC: nonce, M1, P1)}  -->
 *                             <--  HDR(0), SK {N(IKEV2_MESSAGE_ID_SYNC: nonce, P2, M2)}
 *
 * First the rules in the order of the bullets, one small function each; then the three steps that are made of them:
 * the request, the response, and what the newly active member makes of it.
 */
import type { CounterSync } from '../catalogue.ts';
import { isObserved, nextCount } from '../ipsecha-01/failover-count.ts';
import type { Revision } from '../revisions/revision.ts';
import { messageIdExists } from '../rfc7296/2.2-message-ids.ts';
import { rule } from '../rule.ts';
import type { Policies } from '../settings/settings.ts';
import { type ActiveMember, type PendingSync, type SaState, under } from '../state/member.ts';
import type { Endpoint, SaCounter, SyncRequest, SyncResponse } from '../state/messages.ts';
import type { MessageId, Nonce } from '../state/numbers.ts';
import { noStep, refused, type Step, taken } from '../state/step.ts';
import { isNegotiated } from './5-counter-sync-exchange.ts';
import { isWellFormed } from './6.3-message-id-sync-notification.ts';
import { dropPending } from './8.1-messages-outside-the-window.ts';

/** RFC 6311, 5.1. The lowest M1 that the newly active member may send. */
export const lowestM1 = rule(
  {
    id: 'RFC6311-5.1-M1-FRESH',
    part: 'counterSync',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'C',
    title: 'M1 is above every Message ID known to have been used',
    says: 'M1 is larger than any Message ID that the newly active member knows the cluster to have used, earlier sync requests included.',
    returns: 'number',
    seenBy: 'contents',
    // What is known to have been used does not count: M1 is only advanced from 0.
    absent: () => 0,
  },
  (sa: SaState): MessageId => Math.max(sa.expectedSend, sa.m1Sent + 1),
);

/** RFC 6311, 5.1. How M1 is chosen. */
export const chooseM1 = rule(
  {
    id: 'RFC6311-5.1-M1-BUMP',
    part: 'counterSync',
    level: 'RECOMMENDED',
    actor: 'newly active member',
    confidence: 'C',
    title: 'M1 is advanced past what is known',
    says: 'M1 is at least the known value plus the size of the sender window, since the part of the state that was lost can hide that many requests.',
    returns: 'number',
    seenBy: 'contents',
    absent: (lowest) => lowest,
  },
  (lowest: MessageId, bump: number): MessageId => lowest + bump,
);

/** RFC 6311, 5.1. How P1 is chosen. */
export const chooseP1 = rule(
  {
    id: 'RFC6311-5.1-P1',
    part: 'counterSync',
    level: 'SHOULD',
    actor: 'newly active member',
    confidence: 'C',
    title: 'P1 is one more than the last Message ID known from the peer',
    says: 'P1 is one more than the last Message ID that the newly active member knows to have come from the peer; it may be higher.',
    returns: 'number',
    seenBy: 'contents',
    absent: () => 0,
  },
  (sa: SaState): MessageId => Math.max(sa.expectedReceive, ...sa.answered.map(({ id }) => id + 1)),
);

/** RFC 6311, 5.1. What the other members know once a sync request was sent. */
export const tellM1 = rule(
  {
    id: 'RFC6311-5.1-M1-SHARED',
    part: 'counterSync',
    level: 'SHOULD',
    actor: 'newly active member',
    confidence: 'C',
    title: 'The other members are told the M1 that was sent',
    says: 'The newly active member tells the other members the M1 that it sent, so that a second failover does not send it again.',
    returns: 'state',
    seenBy: 'nobody',
    leavesNoMark: true,
    absent: (snapshot) => snapshot,
  },
  (snapshot: SaState, m1: MessageId): SaState => ({ ...snapshot, m1Sent: Math.max(snapshot.m1Sent, m1) }),
);

/**
 * The highest sender value seen from the other end (RFC 6311, 5.1). The text counts the M1 of earlier sync
 * requests; who compares with the Message ID expected next does not, since M1 itself is expected next.
 */
export const highestValueSeen = (sa: SaState, compare: Policies['m1Compare']): number =>
  compare === 'highest-seen' ? sa.highestSeen : sa.expectedReceive - 1;

/** RFC 6311, 5.1. Whether a sync request is too old to be acted on. */
export const isStale = rule(
  {
    id: 'RFC6311-5.1-DROP-STALE',
    part: 'counterSync',
    optional: true,
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'A sync request with an old M1 is dropped silently',
    says: 'A sync request whose M1 is lower than or equal to the highest value seen from the cluster, earlier sync requests included, is dropped silently.',
    returns: 'truth',
    seenBy: 'contents',
    absent: () => false,
  },
  (sa: SaState, m1: MessageId, compare: Policies['m1Compare']): boolean =>
    m1 <= highestValueSeen(sa, compare),
);

/** RFC 6311, 5.1. The lowest M2 of the response. */
export const chooseM2 = rule(
  {
    id: 'RFC6311-5.1-M2',
    part: 'counterSync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'M2 is at least M1 and above everything seen',
    says: 'M2 is at least the higher of M1 and one more than the highest sender value received from the cluster, earlier sync requests included.',
    returns: 'number',
    seenBy: 'contents',
    absent: (sa) => sa.expectedReceive,
  },
  (sa: SaState, m1: MessageId, compare: Policies['m1Compare']): MessageId =>
    Math.max(m1, highestValueSeen(sa, compare) + 1),
);

/**
 * RFC 6311, 5.1. P2 of the response. A cluster that answers while its own sync request is under way sends its M1
 * next, whatever its snapshot says.
 */
export const chooseP2 = rule(
  {
    id: 'RFC6311-5.1-P2',
    part: 'counterSync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'P2 is the higher of P1 and what the peer sends next',
    says: 'P2 is the higher of P1 and one more than the highest sender value that the peer has used.',
    returns: 'number',
    seenBy: 'contents',
    // The peer only repeats what it was told.
    absent: (_sa, p1) => p1,
  },
  (sa: SaState, p1: MessageId): MessageId => Math.max(p1, sa.expectedSend, sa.m1Sent),
);

/** RFC 6311, 5.1. The nonce of the response. */
export const echoNonce = rule(
  {
    id: 'RFC6311-5.1-NONCE-ECHO',
    part: 'counterSync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'The nonce is returned unchanged',
    says: 'The response carries the nonce of the request.',
    returns: 'nonce',
    seenBy: 'contents',
    // The response carries a nonce that nobody sent.
    absent: () => -1,
  },
  (request: { readonly nonce: Nonce }): Nonce => request.nonce,
);

/** RFC 6311, 5.1. Whether a response belongs to the sync request that waits. */
export const nonceMatches = rule(
  {
    id: 'RFC6311-5.1-NONCE-CHECK',
    part: 'counterSync',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'C',
    title: 'A response with another nonce is dropped silently',
    says: 'A sync response whose nonce is not the one that was sent is dropped silently.',
    returns: 'truth',
    seenBy: 'contents',
    absent: () => true,
  },
  (pending: { readonly nonce: Nonce }, response: { readonly nonce: Nonce }): boolean =>
    pending.nonce === response.nonce,
);

/** RFC 6311, 5.1. Whether the sync notifications are the only payloads. */
export const isAlone = rule(
  {
    id: 'RFC6311-5.1-ALONE',
    part: 'counterSync',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'No other payload in the exchange',
    says: 'Request and response hold no payload besides IKEV2_MESSAGE_ID_SYNC and the optional IPSEC_REPLAY_COUNTER_SYNC.',
    returns: 'truth',
    seenBy: 'contents',
    absent: null,
  },
  (message: { readonly otherPayloads: readonly string[] }): boolean => message.otherPayloads.length === 0,
);

/** RFC 6311, 5.1. Whether the exchange has Message ID 0. */
export const hasMessageIdZero = rule(
  {
    id: 'RFC6311-5.1-MID-ZERO',
    part: 'counterSync',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'The exchange has Message ID 0',
    says: 'Request and response both have Message ID 0, and are told from IKE_SA_INIT by exchange type.',
    returns: 'truth',
    seenBy: 'contents',
    absent: null,
  },
  (message: { readonly id: MessageId }): boolean => message.id === 0,
);

/** RFC 6311, 5.1. The counters of the newly active member after the exchange. */
export const adopt = rule(
  {
    id: 'RFC6311-5.1-ADOPT',
    part: 'counterSync',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'C',
    title: 'After the exchange the member sends with M2 and expects P2',
    says: 'From the response on, the Message ID of its next request is M2 and it expects P2 from the peer.',
    returns: 'state',
    seenBy: 'contents',
    absent: (sa) => sa,
  },
  (sa: SaState, response: { readonly p2: MessageId; readonly m2: MessageId }): SaState => ({
    ...sa,
    expectedSend: response.m2,
    expectedReceive: response.p2,
    highestSeen: Math.max(sa.highestSeen, response.p2 - 1),
  }),
);

const NOT_IN_REVISION = 'this revision has no counter sync';

/** What the newly active member is free to choose. */
export interface SyncChoice {
  /** Never sent before. */
  readonly nonce: Nonce;
  /** How far M1 is above the lowest that is allowed: 0 or more. */
  readonly bump: number;
  /** How far P1 is above what is known: 0 or more. */
  readonly p1Ahead?: number;
  /** Delta of the IPSEC_REPLAY_COUNTER_SYNC notification beside it; none if there is none. */
  readonly delta?: number;
  /** Counters of each Child SA instead of a delta, as in the first draft. */
  readonly perSa?: readonly SaCounter[];
  /** Whether a sync was begun for the same failover before; absent if not. */
  readonly again?: true;
}

/** A member that became active asks the peer for the counters; also again, with a new nonce and a higher M1. */
export function sendSyncRequest(revision: Revision, by: Endpoint, sa: SaState, choice: SyncChoice): Step {
  const { counterSync: rules, ike } = revision;
  if (rules === null) return noStep(NOT_IN_REVISION);
  // 5: only what was negotiated is sent.
  if (!rules.isNegotiated(sa)) return refused(isNegotiated, 'it was not announced by both ends in IKE_AUTH');
  const lowest = rules.lowestM1(sa);
  // 5.1: M1 is above everything known to have been used.
  if (choice.bump < 0) {
    return refused(
      lowestM1,
      `M1 ${lowest + choice.bump} is below ${lowest}, the lowest that is not known to be used`,
    );
  }
  const m1 = rules.chooseM1(lowest, choice.bump);
  const p1 = rules.chooseP1(sa) + (choice.p1Ahead ?? 0);
  if (!ike.messageIdExists(m1) || !ike.messageIdExists(p1)) {
    return refused(messageIdExists, 'every Message ID has been used');
  }
  const { nonce, delta, perSa } = choice;
  const sync: PendingSync = {
    nonce,
    m1,
    p1,
    ...(delta === undefined ? {} : { delta }),
    ...(perSa === undefined ? {} : { perSa }),
  };
  const request = syncRequestOf(rules, by, sa, sync);
  return taken(
    { role: 'active', sa: { ...sa, m1Sent: m1 }, sync },
    [isNegotiated, lowestM1, chooseM1, chooseP1, ...(rules.nextCount === undefined ? [] : [nextCount])],
    {
      sent: [request],
      observations: [
        {
          kind: 'sync-request-sent',
          by,
          ...under(sa),
          nonce,
          m1,
          announced: sa.announced,
          ...(choice.again === undefined ? {} : { again: choice.again }),
        },
      ],
    },
  );
}

/** A sync request as it is on the wire, the first time and whenever it is sent again. */
export const syncRequestOf = (
  rules: CounterSync,
  by: Endpoint,
  sa: SaState,
  sync: PendingSync,
): SyncRequest => ({
  kind: 'sync-request',
  from: by,
  ...under(sa),
  id: 0,
  ...sync,
  // October 2010: the count of the failover, whose only request this need not be.
  ...(rules.nextCount === undefined ? {} : { failoverCount: sa.failoverCount }),
  wellFormed: true,
  otherPayloads: [],
});

/** A sync request arrives at the other end. Steps in the order in which a receiver has to look. */
export function receiveSyncRequest(
  revision: Revision,
  policies: Pick<Policies, 'staleSync' | 'm1Compare' | 'pending'>,
  by: Endpoint,
  member: ActiveMember,
  request: SyncRequest,
): Step {
  const { counterSync: rules, ike } = revision;
  const { sa } = member;
  if (rules === null) return noStep(NOT_IN_REVISION);
  // 5: nor is what was not negotiated acted on.
  if (!rules.isNegotiated(sa)) return refused(isNegotiated, 'it was not announced by both ends in IKE_AUTH');
  // 6.3 and 5.1: the form. What is not a sync request is not acted on as one.
  if (!rules.isWellFormed(request)) return refused(isWellFormed, 'the notification is malformed');
  if (!rules.isAlone(request)) return refused(isAlone, `it also holds ${request.otherPayloads.join(', ')}`);
  if (!rules.hasMessageIdZero(request)) return refused(hasMessageIdZero, `its Message ID is ${request.id}`);
  // October 2010: one of a failover that was observed already is discarded, and so is one without a count.
  const count = request.failoverCount ?? 0;
  if (rules.isObserved?.(sa.failoverCountSeen, count)) {
    return refused(
      isObserved,
      request.failoverCount === undefined
        ? 'it carries no Failover Count'
        : `Failover Count ${count} is not above the highest observed, ${sa.failoverCountSeen}`,
    );
  }
  // 5.1: old ones are dropped silently. Whether the last one is answered again, the text leaves open.
  if (rules.isStale?.(sa, request.m1, policies.m1Compare)) {
    const cached = sa.lastSync;
    if (policies.staleSync === 'answer-from-cache' && cached !== null && isSame(cached.request, request)) {
      return taken(member, [isStale], { answer: 'again', sent: [cached.response] });
    }
    return refused(
      isStale,
      `M1 ${request.m1} is not above the highest value seen, ${highestValueSeen(sa, policies.m1Compare)}`,
    );
  }
  // 5.1: the answer, which is also what the peer itself goes on with.
  const p2 = rules.chooseP2(sa, request.p1);
  const m2 = rules.chooseM2(sa, request.m1, policies.m1Compare);
  if (!ike.messageIdExists(p2) || !ike.messageIdExists(m2)) {
    return refused(messageIdExists, 'every Message ID has been used');
  }
  const nonce = rules.echoNonce(request);
  const response: SyncResponse = {
    kind: 'sync-response',
    from: by,
    ...under(sa),
    id: 0,
    nonce,
    p2,
    m2,
    wellFormed: true,
    otherPayloads: [],
  };
  // 5: every request that is acted on is answered.
  const responds = rules.respondsToSync(request);
  return taken(
    {
      ...member,
      sa: {
        ...rules.dropPending(sa, policies.pending),
        expectedSend: p2,
        expectedReceive: m2,
        highestSeen: Math.max(sa.highestSeen, request.m1),
        failoverCountSeen: Math.max(sa.failoverCountSeen, count),
        lastSync: policies.staleSync === 'answer-from-cache' && responds ? { request, response } : null,
      },
    },
    [
      isNegotiated,
      isWellFormed,
      isAlone,
      hasMessageIdZero,
      ...(rules.isObserved === undefined ? [] : [isObserved]),
      ...(rules.isStale === undefined ? [] : [isStale]),
      chooseP2,
      chooseM2,
      echoNonce,
      dropPending,
    ],
    {
      answer: 'anew',
      sent: responds ? [response] : [],
      observations: [
        {
          kind: 'sync-request-accepted',
          by,
          ...under(sa),
          nonce: request.nonce,
          p2,
          m2,
          announced: sa.announced,
          wellFormed: isWellFormed(request) && isAlone(request) && hasMessageIdZero(request),
        },
      ],
    },
  );
}

/** Whether two sync requests are the same, octet for octet. */
const isSame = (a: SyncRequest, b: SyncRequest): boolean =>
  a.nonce === b.nonce && a.m1 === b.m1 && a.p1 === b.p1 && a.from === b.from;

/** A sync response arrives at a member. */
export function receiveSyncResponse(
  { counterSync: rules }: Revision,
  policies: Pick<Policies, 'pending'>,
  by: Endpoint,
  member: ActiveMember,
  response: SyncResponse,
): Step {
  if (rules === null) return noStep(NOT_IN_REVISION);
  const pending = member.sync;
  if (pending === null) return refused(nonceMatches, `no sync request of the ${by} waits for a response`);
  if (!rules.isWellFormed(response)) return refused(isWellFormed, 'the notification is malformed');
  if (!rules.isAlone(response)) return refused(isAlone, `it also holds ${response.otherPayloads.join(', ')}`);
  if (!rules.hasMessageIdZero(response)) return refused(hasMessageIdZero, `its Message ID is ${response.id}`);
  if (!rules.nonceMatches(pending, response))
    return refused(nonceMatches, 'its nonce is not the one that was sent');
  const adopted = rules.adopt(member.sa, response);
  return taken(
    { ...member, sa: rules.dropPending(adopted, policies.pending), sync: null },
    [isWellFormed, isAlone, hasMessageIdZero, nonceMatches, adopt, dropPending],
    {
      observations: [
        {
          kind: 'sync-response-accepted',
          by,
          ...under(member.sa),
          nonce: response.nonce,
          pending: pending.nonce,
          p2: adopted.expectedReceive,
          m2: adopted.expectedSend,
        },
      ],
    },
  );
}
