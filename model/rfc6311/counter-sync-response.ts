/**
 * The sync response (RFC 6311, 5.1): which requests the peer answers, what it answers, and what it goes on with.
 *
 * First the rules, one small function each; then the step that is made of them.
 */

import { isObserved } from '../ipsecha-01/failover-count.ts';
import { type MessageId, messageIdExists } from '../rfc7296/2.2-message-ids.ts';
import { under } from '../rfc7296/2-requests-and-responses.ts';
import { rule } from '../rule.ts';
import type { Policies } from '../settings/policies.ts';
import type { ActiveMember, SaState } from '../state/member.ts';
import type { Endpoint, Nonce, SyncRequest, SyncResponse } from '../state/messages.ts';
import { refused, type Step, taken } from '../state/step.ts';
import type { CounterSync } from './counter-sync.ts';
import { dropPending } from './counter-sync-adoption.ts';
import { hasMessageIdZero, isAlone, isNegotiated, isWellFormed } from './counter-sync-form.ts';

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
