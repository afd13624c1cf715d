/**
 * The counter sync exchange of RFC 6311, 5.1: IKEV2_MESSAGE_ID_SYNC, both sides. The drafts before it share its
 * rules, apart from what protects sync requests against replay: nothing at first, then a Failover Count
 * (`failover-count.ts`), then M1 that must grow.
 *
 *     newly active member                                   peer
 *     HDR(0), SK {N(IKEV2_MESSAGE_ID_SYNC: nonce, M1, P1)}  -->
 *                             <--  HDR(0), SK {N(IKEV2_MESSAGE_ID_SYNC: nonce, P2, M2)}
 *
 * First the rules, one small function each; then the steps of a box that are made of them.
 */
import { type MessageId, messageIdExists } from './counters.ts';
import { type FailoverCounting, isObserved, nextCount } from './failover-count.ts';
import { under } from './ike.ts';
import type { ActiveMember, Announced, PendingSync, SaState } from './member.ts';
import type { Content, Endpoint, Nonce, SaCounter, SyncRequest, SyncResponse } from './messages.ts';
import type { Policies } from './policies.ts';
import { rule } from './rules/rule.ts';
import { refused, type Step, taken } from './step.ts';

/** RFC 6311, 5. Whether sync messages may be used on this IKE SA. */
export const isNegotiated = rule(
  {
    id: 'RFC6311-5-NEGOTIATED',
    document: 'RFC6311',
    section: '5',
    level: 'MUST',
    actor: 'both',
    confidence: 'B',
    title: 'No counter sync without negotiation',
    says: 'Neither sync notification is sent, nor acted on, unless both ends announced its *_SUPPORTED notification in IKE_AUTH.',
  },
  (sa: { readonly announced: Announced }): boolean => sa.announced.own && sa.announced.other,
);

/** RFC 6311, 6.3. Whether the notification has the fields that it should have. */
export const isWellFormed = rule(
  {
    id: 'RFC6311-6.3-FORMAT',
    document: 'RFC6311',
    section: '6.3',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'The notification has a nonce of 4 octets and two Message IDs',
    says: 'IKEV2_MESSAGE_ID_SYNC has Protocol ID 0, SPI size 0 and 12 octets of data: a nonce of 4, EXPECTED_SEND_REQ_MESSAGE_ID of 4, EXPECTED_RECV_REQ_MESSAGE_ID of 4.',
  },
  (message: { readonly wellFormed: boolean }): boolean => message.wellFormed,
);

/** RFC 6311, 5.1. Whether the sync notifications are the only payloads. */
export const isAlone = rule(
  {
    id: 'RFC6311-5.1-ALONE',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'No other payload in the exchange',
    says: 'Request and response hold no payload besides IKEV2_MESSAGE_ID_SYNC and the optional IPSEC_REPLAY_COUNTER_SYNC.',
  },
  (message: { readonly otherPayloads: readonly string[] }): boolean => message.otherPayloads.length === 0,
);

/** RFC 6311, 5.1. Whether the exchange has Message ID 0. */
export const hasMessageIdZero = rule(
  {
    id: 'RFC6311-5.1-MID-ZERO',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'The exchange has Message ID 0',
    says: 'Request and response both have Message ID 0, and are told from IKE_SA_INIT by exchange type.',
  },
  (message: { readonly id: MessageId }): boolean => message.id === 0,
);

/** RFC 6311, 5.1. The lowest M1 that the newly active member may send. */
export const lowestM1 = rule(
  {
    id: 'RFC6311-5.1-M1-FRESH',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'C',
    title: 'M1 is above every Message ID known to have been used',
    says: 'M1 is larger than any Message ID that the newly active member knows the cluster to have used, earlier sync requests included.',
  },
  (sa: SaState): MessageId => Math.max(sa.expectedSend, sa.m1Sent + 1),
);

/** RFC 6311, 5.1. How M1 is chosen. */
export const chooseM1 = rule(
  {
    id: 'RFC6311-5.1-M1-BUMP',
    document: 'RFC6311',
    section: '5.1',
    level: 'RECOMMENDED',
    actor: 'newly active member',
    confidence: 'C',
    title: 'M1 is advanced past what is known',
    says: 'M1 is at least the known value plus the size of the sender window, since the part of the state that was lost can hide that many requests.',
  },
  (lowest: MessageId, bump: number): MessageId => lowest + bump,
);

/** RFC 6311, 5.1. How P1 is chosen. */
export const chooseP1 = rule(
  {
    id: 'RFC6311-5.1-P1',
    document: 'RFC6311',
    section: '5.1',
    level: 'SHOULD',
    actor: 'newly active member',
    confidence: 'C',
    title: 'P1 is one more than the last Message ID known from the peer',
    says: 'P1 is one more than the last Message ID that the newly active member knows to have come from the peer; it may be higher.',
  },
  (sa: SaState): MessageId => Math.max(sa.expectedReceive, ...sa.answered.map(({ id }) => id + 1)),
);

/** RFC 6311, 5.1. What the other members know once a sync request was sent. */
export const tellM1 = rule(
  {
    id: 'RFC6311-5.1-M1-SHARED',
    document: 'RFC6311',
    section: '5.1',
    level: 'SHOULD',
    actor: 'newly active member',
    confidence: 'C',
    title: 'The other members are told the M1 that was sent',
    says: 'The newly active member tells the other members the M1 that it sent, so that a second failover does not send it again.',
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
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'A sync request with an old M1 is dropped silently',
    says: 'A sync request whose M1 is lower than or equal to the highest value seen from the cluster, earlier sync requests included, is dropped silently.',
  },
  (sa: SaState, m1: MessageId, compare: Policies['m1Compare']): boolean =>
    m1 <= highestValueSeen(sa, compare),
);

/**
 * RFC 6311, 5.1. P2 of the response. A cluster that answers while its own sync request is under way sends its M1
 * next, whatever its snapshot says.
 */
export const chooseP2 = rule(
  {
    id: 'RFC6311-5.1-P2',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'P2 is the higher of P1 and what the peer sends next',
    says: 'P2 is the higher of P1 and one more than the highest sender value that the peer has used.',
  },
  (sa: SaState, p1: MessageId): MessageId => Math.max(p1, sa.expectedSend, sa.m1Sent),
);

/** RFC 6311, 5.1. The lowest M2 of the response. */
export const chooseM2 = rule(
  {
    id: 'RFC6311-5.1-M2',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'M2 is at least M1 and above everything seen',
    says: 'M2 is at least the higher of M1 and one more than the highest sender value received from the cluster, earlier sync requests included.',
  },
  (sa: SaState, m1: MessageId, compare: Policies['m1Compare']): MessageId =>
    Math.max(m1, highestValueSeen(sa, compare) + 1),
);

/** RFC 6311, 5.1. The nonce of the response. */
export const echoNonce = rule(
  {
    id: 'RFC6311-5.1-NONCE-ECHO',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'The nonce is returned unchanged',
    says: 'The response carries the nonce of the request.',
  },
  (request: { readonly nonce: Nonce }): Nonce => request.nonce,
);

/** RFC 6311, 5.1. Whether a response belongs to the sync request that waits. */
export const nonceMatches = rule(
  {
    id: 'RFC6311-5.1-NONCE-CHECK',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'C',
    title: 'A response with another nonce is dropped silently',
    says: 'A sync response whose nonce is not the one that was sent is dropped silently.',
  },
  (pending: { readonly nonce: Nonce }, response: { readonly nonce: Nonce }): boolean =>
    pending.nonce === response.nonce,
);

/** RFC 6311, 5.1. The counters of the newly active member after the exchange. */
export const adopt = rule(
  {
    id: 'RFC6311-5.1-ADOPT',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'C',
    title: 'After the exchange the member sends with M2 and expects P2',
    says: 'From the response on, the Message ID of its next request is M2 and it expects P2 from the peer.',
  },
  (sa: SaState, response: { readonly p2: MessageId; readonly m2: MessageId }): SaState => ({
    ...sa,
    expectedSend: response.m2,
    expectedReceive: response.p2,
    highestSeen: Math.max(sa.highestSeen, response.p2 - 1),
  }),
);

/** RFC 6311, 8.1. What becomes of requests that were under way, and of the responses that were kept. */
export const dropPending = rule(
  {
    id: 'RFC6311-8.1-PENDING-IKE',
    document: 'RFC6311',
    section: '8.1',
    level: 'open',
    actor: 'both',
    confidence: 'D',
    title: 'Requests under way at the sync',
    says: 'After the exchange neither end waits for a response to an earlier request, nor answers retransmissions of one. Whether a request that was under way is given up, or sent again under a new Message ID, the text leaves open.',
  },
  (sa: SaState, pending: Policies['pending']): SaState => ({
    ...sa,
    outstanding: [],
    answered: [],
    again: pending === 'send-again' ? [...sa.again, ...ordinary(sa)] : [],
  }),
);

/** The contents of the requests under way that ask nothing beyond themselves: others are begun anew, if at all. */
const ordinary = (sa: SaState): readonly Content[] =>
  sa.outstanding.flatMap(({ content, asks }) => (asks === undefined ? [content] : []));

/** The rules of the counter sync exchange that all revisions with one have in common. */
export const syncExchange = {
  isNegotiated,
  isWellFormed,
  isAlone,
  hasMessageIdZero,
  lowestM1,
  chooseM1,
  chooseP1,
  tellM1,
  chooseP2,
  chooseM2,
  echoNonce,
  nonceMatches,
  adopt,
  dropPending,
};

/** The rules of the counter sync exchange of RFC 6311: M1 must grow. */
export const messageIdSync = { ...syncExchange, isStale };

/** What every revision with counter sync has. */
export type SyncExchange = {
  readonly [Slot in keyof typeof syncExchange]: (
    ...args: Parameters<(typeof syncExchange)[Slot]>
  ) => ReturnType<(typeof syncExchange)[Slot]>;
};

/** What protects sync requests against replay: M1 that must grow, or a Failover Count; what a revision lacks is absent. */
export type ReplayProtection = Partial<FailoverCounting> & {
  readonly isStale?: (...args: Parameters<typeof isStale>) => ReturnType<typeof isStale>;
};

/** The rules of counter sync, as a revision holds them. Each slot can be filled by another function of the same form. */
export type CounterSync = SyncExchange & ReplayProtection;

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
}

/** A member that became active asks the peer for the counters; also again, with a new nonce and a higher M1. */
export function sendSyncRequest(rules: CounterSync, by: Endpoint, sa: SaState, choice: SyncChoice): Step {
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
  if (!messageIdExists(m1) || !messageIdExists(p1)) {
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
      observations: [{ kind: 'sync-request-sent', by, ...under(sa), nonce, m1, announced: sa.announced }],
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
  rules: CounterSync,
  policies: Pick<Policies, 'staleSync' | 'm1Compare' | 'pending'>,
  by: Endpoint,
  member: ActiveMember,
  request: SyncRequest,
): Step {
  const { sa } = member;
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
      return taken(member, [isStale], { sent: [cached.response] });
    }
    return refused(
      isStale,
      `M1 ${request.m1} is not above the highest value seen, ${highestValueSeen(sa, policies.m1Compare)}`,
    );
  }
  // 5.1: the answer, which is also what the peer itself goes on with.
  const p2 = rules.chooseP2(sa, request.p1);
  const m2 = rules.chooseM2(sa, request.m1, policies.m1Compare);
  if (!messageIdExists(p2) || !messageIdExists(m2)) {
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
  return taken(
    {
      ...member,
      sa: {
        ...rules.dropPending(sa, policies.pending),
        expectedSend: p2,
        expectedReceive: m2,
        highestSeen: Math.max(sa.highestSeen, request.m1),
        failoverCountSeen: Math.max(sa.failoverCountSeen, count),
        lastSync: policies.staleSync === 'answer-from-cache' ? { request, response } : null,
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
      sent: [response],
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
  rules: CounterSync,
  policies: Pick<Policies, 'pending'>,
  by: Endpoint,
  member: ActiveMember,
  response: SyncResponse,
): Step {
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
