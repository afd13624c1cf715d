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

import { match } from 'ts-pattern';
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
import { declareWindow, dropPending, unlessTakenBack } from './8.1-messages-outside-the-window.ts';
import { isAwaited } from './11-replays.ts';

/** RFC 6311, 5.1, bullet 1. The lowest M1 that the newly active member may send. */
export const lowestM1 = rule(
  {
    id: 'RFC6311-5.1-M1-FRESH',
    part: 'counterSync',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'A',
    title: 'M1 is above every value known to have been used',
    says: 'M1, the Message ID of the next request of the newly active member, is larger than any value that the member knows the cluster to have used. An M1 that was sent counts as used (11: what the cluster sends always increases).',
    returns: 'number',
    seenBy: 'contents',
    convictedBy: 'either',
    // What is known to have been used does not count: M1 is only advanced from 0.
    absent: () => 0,
  },
  (sa: SaState): MessageId => Math.max(sa.expectedSend, sa.m1Sent + 1),
);

/** RFC 6311, 5.1, bullet 1. How M1 is chosen. */
export const chooseM1 = rule(
  {
    id: 'RFC6311-5.1-M1-BUMP',
    part: 'counterSync',
    level: 'RECOMMENDED',
    actor: 'newly active member',
    confidence: 'A',
    title: 'M1 leaves room for a window of requests that the member does not know of',
    says: 'M1 is the known value plus at least the size of the sender window. The text has two readings of the known value: the highest Message ID known to be used, or the one after it. Neither covers a snapshot that is older than one window: requests that were answered since are not bounded by it.',
    formerly:
      'It said that a lost part of the state can hide no more requests than the sender window; an older snapshot can have missed more.',
    returns: 'number',
    seenBy: 'contents',
    absent: (lowest) => lowest,
  },
  (lowest: MessageId, bump: number): MessageId => lowest + bump,
);

/** RFC 6311, 5.1, bullet 2. How P1 is chosen. */
export const chooseP1 = rule(
  {
    id: 'RFC6311-5.1-P1',
    part: 'counterSync',
    level: 'SHOULD',
    actor: 'newly active member',
    confidence: 'A',
    title: 'P1 is one more than the last Message ID received from the peer, or higher',
    says: 'P1 is one more than the last Message ID that the newly active member knows to have been received from the peer. Any higher value is allowed, as where it supposes that messages were lost (A.3).',
    returns: 'number',
    seenBy: 'contents',
    convictedBy: 'either',
    absent: () => 0,
  },
  (sa: SaState): MessageId =>
    Math.max(sa.expectedReceive, sa.p1Sent ?? 0, ...sa.answered.map(({ id }) => id + 1)),
);

/** RFC 6311, 5.1, bullet 3. What the other members know once a sync request was sent. */
export const tellM1 = rule(
  {
    id: 'RFC6311-5.1-M1-SHARED',
    part: 'counterSync',
    level: 'SHOULD',
    actor: 'newly active member',
    confidence: 'A',
    title: 'The other members are informed of the M1 and P1 that were sent',
    says: 'The newly active member passes the values that it sent, M1 and P1, on to the other members, so that a second failover does not send the same sync message again: it would be dropped, and the IKE SA would be given up in the end.',
    formerly: 'It left out P1: both values that were sent are shared.',
    returns: 'state',
    seenBy: 'nobody',
    leavesNoMark: true,
    absent: (snapshot) => snapshot,
  },
  (snapshot: SaState, m1: MessageId, p1: MessageId): SaState =>
    withP1Sent({ ...snapshot, m1Sent: Math.max(snapshot.m1Sent, m1) }, p1),
);

/** A P1 that was sent is remembered where it says more than what was received. */
const withP1Sent = (sa: SaState, p1: MessageId): SaState =>
  p1 > sa.expectedReceive ? { ...sa, p1Sent: Math.max(sa.p1Sent ?? 0, p1) } : sa;

/** After the sync the P1 that was sent says no more than the counters themselves. */
function withoutOldP1({ p1Sent, ...sa }: SaState): SaState {
  return p1Sent === undefined || p1Sent <= sa.expectedReceive ? sa : { ...sa, p1Sent };
}

/** What M1 is compared with (RFC 6311, 5.1): all that was seen, earlier sync requests alone, or what is expected next. */
export const highestValueSeen = (sa: SaState, compare: Policies['m1Compare']): number =>
  match(compare)
    .with('highest-seen', () => sa.highestSeen)
    .with('earlier-syncs', () => sa.m1Seen ?? -1)
    .with('next-expected', () => sa.expectedReceive - 1)
    .exhaustive();

/**
 * What M2 has to be above: whatever M1 is compared with, the Message IDs of requests count. A peer that compares with
 * the Message ID expected next counts no M1, since M1 itself is expected next.
 */
const highestReceived = (sa: SaState, compare: Policies['m1Compare']): number =>
  compare === 'next-expected' ? sa.expectedReceive - 1 : sa.highestSeen;

/** RFC 6311, 5.1, bullet 4. Whether a sync request is too old to be acted on. */
export const isStale = rule(
  {
    id: 'RFC6311-5.1-DROP-STALE',
    part: 'counterSync',
    optional: true,
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'A sync request whose M1 is not above every value seen is dropped silently',
    says: 'A sync request is dropped silently if its M1 is lower than or equal to the highest value seen from the cluster; values in earlier sync requests count. Read literally, the Message IDs of its other requests count as well; then A.2, A.3 and one request of A.4 would have to be dropped (m1-compare).',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'either',
    absent: () => false,
  },
  (sa: SaState, m1: MessageId, compare: Policies['m1Compare']): boolean =>
    m1 <= highestValueSeen(sa, compare),
);

/** RFC 6311, 5.1, bullet 5. The lowest M2 of the response. */
export const chooseM2 = rule(
  {
    id: 'RFC6311-5.1-M2',
    part: 'counterSync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'M2 is at least M1, and above every sender value received',
    says: 'M2 is at least the higher of M1 and one more than the highest sender value received from the cluster; values in earlier sync requests count. From then on the peer expects M2, and waits for no request below it (9).',
    returns: 'number',
    seenBy: 'contents',
    convictedBy: 'either',
    absent: (sa) => sa.expectedReceive,
  },
  (sa: SaState, m1: MessageId, compare: Policies['m1Compare']): MessageId =>
    Math.max(m1, highestReceived(sa, compare) + 1),
);

/**
 * RFC 6311, 5.1, bullet 6. P2 of the response. A cluster that answers while its own sync request is under way will send its M1
 * next, or a higher number.
 */
export const chooseP2 = rule(
  {
    id: 'RFC6311-5.1-P2',
    part: 'counterSync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'P2 is the higher of P1 and one more than the highest value that the peer has used',
    says: 'P2 is the higher of P1 and one more than the highest sender value that the peer has used: exactly that; the peer goes on with it, without waiting for an outstanding response (9). The text does not say whether the M1 of a sync request of its own that is under way counts (p2-counts).',
    formerly:
      'It counted an M1 of the peer that was under way as a value used, without saying that this is a reading.',
    returns: 'number',
    seenBy: 'contents',
    convictedBy: 'either',
    // The peer only repeats P1.
    absent: (_sa, p1) => p1,
  },
  (sa: SaState, p1: MessageId, counts: Policies['p2Counts']): MessageId =>
    Math.max(p1, sa.expectedSend, counts === 'own-m1' ? sa.m1Sent : 0),
);

/** RFC 6311, 5.1, bullet 7. The nonce of the response. */
export const echoNonce = rule(
  {
    id: 'RFC6311-5.1-NONCE-ECHO',
    part: 'counterSync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'The nonce is returned unchanged',
    says: 'The response carries the nonce of the request, unchanged.',
    returns: 'nonce',
    seenBy: 'contents',
    convictedBy: 'complete observation',
    // The response carries a nonce that nobody sent.
    absent: () => -1,
  },
  (request: { readonly nonce: Nonce }): Nonce => request.nonce,
);

/** RFC 6311, 5.1, bullet 7. Whether a response belongs to the sync request that waits. */
export const nonceMatches = rule(
  {
    id: 'RFC6311-5.1-NONCE-CHECK',
    part: 'counterSync',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'A',
    title: 'A response with another nonce is dropped silently',
    says: 'A sync response whose nonce is not the one that was sent is dropped silently; so a response is taken for the current request only (11).',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'complete observation',
    absent: () => true,
  },
  (pending: { readonly nonce: Nonce }, response: { readonly nonce: Nonce }): boolean =>
    pending.nonce === response.nonce,
);

/** What `isAlone` looks at in a sync message. */
export type Payloads = Pick<SyncRequest | SyncResponse, 'kind' | 'otherPayloads' | 'delta' | 'perSa'>;

/**
 * RFC 6311, 5.1, bullet 8. Whether the sync notifications are the only payloads. `confirms`: whether the text lets a response
 * have the replay counters as well.
 */
export const isAlone = rule(
  {
    id: 'RFC6311-5.1-ALONE',
    part: 'counterSync',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'No other payload in request or response',
    says: 'Request and response hold IKEV2_MESSAGE_ID_SYNC and no further payload; the request alone may have IPSEC_REPLAY_COUNTER_SYNC besides. In the slides of October 2010 the response may have it, too. That a receiver drops any other form is our reading.',
    formerly:
      'It let IPSEC_REPLAY_COUNTER_SYNC pass in the response as well; 5.1, bullet 8, allows it in the request alone.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'contradiction',
    absent: null,
  },
  ({ kind, otherPayloads, delta, perSa }: Payloads, confirms: boolean): boolean =>
    otherPayloads.length === 0 &&
    (kind === 'sync-request' || confirms || (delta === undefined && perSa === undefined)),
);

/** Whether a sync response of the revision may have the replay counters besides: in the drafts it may. */
export const confirmsCounters = ({ replaySync }: Pick<Revision, 'replaySync'>): boolean =>
  replaySync?.confirmDelta !== undefined || replaySync?.sendBeyond !== undefined;

/** What a sync message holds besides and may not, in words. */
export const furtherPayloads = ({ kind, otherPayloads, delta, perSa }: Payloads, confirms: boolean): string =>
  [
    ...otherPayloads,
    ...(kind === 'sync-request' || confirms || (delta === undefined && perSa === undefined)
      ? []
      : ['IPSEC_REPLAY_COUNTER_SYNC']),
  ].join(', ');

/** RFC 6311, 5.1, bullet 9. Whether the exchange has Message ID 0. */
export const hasMessageIdZero = rule(
  {
    id: 'RFC6311-5.1-MID-ZERO',
    part: 'counterSync',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'The exchange has Message ID 0',
    says: 'Request and response have Message ID 0, whatever the counters are.',
    formerly:
      'It added that the exchange type distinguishes the exchange from IKE_SA_INIT, which the text does not say.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'contradiction',
    absent: null,
  },
  (message: { readonly id: MessageId }): boolean => message.id === 0,
);

/** RFC 6311, 5.1, without a bullet; A.4. The counters of the newly active member after the exchange. */
export const adopt = rule(
  {
    id: 'RFC6311-5.1-ADOPT',
    part: 'counterSync',
    level: 'open',
    actor: 'newly active member',
    confidence: 'D',
    title: 'The values that the member goes on with after the exchange',
    says: 'After the response the newly active member goes on with the values that were synchronised. No clause says how. Taking the higher of its own value and the one in the response is what A.4 concludes, and what 9 says of the peer; taking over M2 and P2 as they come rests on no clause either (adopt).',
    formerly:
      'It was a MUST by which the member takes over M2 and P2 as they come; no clause says so, and where both ends fail over it can put them out of step.',
    returns: 'state',
    seenBy: 'contents',
    convictedBy: 'complete observation',
    absent: (sa) => sa,
  },
  (
    sa: SaState,
    { p2, m2 }: { readonly p2: MessageId; readonly m2: MessageId },
    how: Policies['adopt'],
  ): SaState => ({
    ...sa,
    expectedSend: how === 'maximum' ? Math.max(sa.expectedSend, m2) : m2,
    expectedReceive: how === 'maximum' ? Math.max(sa.expectedReceive, p2) : p2,
    // No text: the peer has said that it sends nothing below P2.
    highestSeen: Math.max(sa.highestSeen, p2 - 1),
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
  // 5, paragraph 3: only what was negotiated is sent.
  if (!rules.isNegotiated(sa)) return refused(isNegotiated, 'it was not announced by both ends in IKE_AUTH');
  const lowest = rules.lowestM1(sa);
  // 5.1, bullet 1: M1 is above everything known to have been used.
  if (choice.bump < 0) {
    return refused(
      lowestM1,
      `M1 ${lowest + choice.bump} is below ${lowest}, the lowest that is not known to be used`,
    );
  }
  const m1 = rules.chooseM1(lowest, choice.bump);
  // Bullet 2: P1 may be higher than what is known.
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
    { role: 'active', sa: withP1Sent({ ...sa, m1Sent: m1 }, p1), sync },
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
          ...(request.failoverCount === undefined ? {} : { failoverCount: request.failoverCount }),
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
  policies: Pick<Policies, 'staleSync' | 'm1Compare' | 'pending' | 'p2Counts' | 'm2Counts'>,
  by: Endpoint,
  member: ActiveMember,
  request: SyncRequest,
): Step {
  const { counterSync: rules, ike } = revision;
  const { sa } = member;
  if (rules === null) return noStep(NOT_IN_REVISION);
  // 5, paragraph 3: nor is what was not negotiated acted on.
  if (!rules.isNegotiated(sa)) return refused(isNegotiated, 'it was not announced by both ends in IKE_AUTH');
  // 6.3, and 5.1, bullets 8 and 9: the form. What is not a sync request is not acted on as one.
  if (!rules.isWellFormed(request)) return refused(isWellFormed, 'the notification is malformed');
  const confirms = confirmsCounters(revision);
  if (!rules.isAlone(request, confirms))
    return refused(isAlone, `it also holds ${furtherPayloads(request, confirms)}`);
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
  // 5.1, bullet 4: old ones are dropped silently. Whether the last one is answered again, the text leaves open.
  if (rules.isStale?.(sa, request.m1, policies.m1Compare)) {
    const cached = sa.lastSync;
    if (policies.staleSync === 'answer-from-cache' && cached !== null && isSame(cached.request, request)) {
      return taken(member, [isStale], { answer: 'again', sent: [cached.response] });
    }
    return refused(isStale, whyStale(sa, request.m1, policies.m1Compare));
  }
  // 5.1, bullets 6 and 5: the answer, which is also what the peer itself goes on with (9, bullet 3).
  const p2 = rules.chooseP2(sa, request.p1, policies.p2Counts);
  const m2 = rules.chooseM2(sa, request.m1, policies.m1Compare);
  if (!ike.messageIdExists(p2) || !ike.messageIdExists(m2)) {
    return refused(messageIdExists, 'every Message ID has been used');
  }
  // 5.1, bullet 7.
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
  // 5, paragraph 5: every request that is acted on is answered.
  const responds = rules.respondsToSync(request);
  return taken(
    {
      ...member,
      sa: {
        ...rules.declareWindow(rules.dropPending(sa, policies.pending, p2), m2),
        expectedSend: p2,
        expectedReceive: m2,
        // What a text without this comparison counts is a policy; RFC 6311, 5.1, bullet 5, has sync requests counted.
        highestSeen:
          rules.isStale === undefined && policies.m2Counts === 'requests-only'
            ? sa.highestSeen
            : Math.max(sa.highestSeen, request.m1),
        ...(policies.m1Compare === 'earlier-syncs' ? { m1Seen: Math.max(sa.m1Seen ?? -1, request.m1) } : {}),
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
      declareWindow,
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
          wellFormed: isWellFormed(request) && isAlone(request, confirms) && hasMessageIdZero(request),
        },
      ],
    },
  );
}

/** Why an M1 is too low, in the words of what it is compared with. A revision may have a comparison of its own. */
function whyStale(sa: SaState, m1: MessageId, compare: Policies['m1Compare']): string {
  const highest = highestValueSeen(sa, compare);
  if (m1 > highest) return `M1 ${m1} is too low for this revision`;
  return match(compare)
    .with('highest-seen', () => `M1 ${m1} is not above the highest value seen, ${highest}`)
    .with('earlier-syncs', () => `M1 ${m1} is not above that of an earlier sync request, ${highest}`)
    .with('next-expected', () => `M1 ${m1} is below the Message ID expected next, ${highest + 1}`)
    .exhaustive();
}

/** Whether two sync requests are the same, octet for octet. */
const isSame = (a: SyncRequest, b: SyncRequest): boolean =>
  a.nonce === b.nonce && a.m1 === b.m1 && a.p1 === b.p1 && a.from === b.from;

/** A sync response arrives at a member. */
export function receiveSyncResponse(
  revision: Revision,
  policies: Pick<Policies, 'pending' | 'adopt'>,
  by: Endpoint,
  member: ActiveMember,
  response: SyncResponse,
): Step {
  const { counterSync: rules } = revision;
  if (rules === null) return noStep(NOT_IN_REVISION);
  // 11, bullet 2: only while a sync request waits for it.
  const { answered, ...rest } = member;
  const pending = rules.isAwaited(member.sync !== null) ? (member.sync ?? answered) : null;
  if (pending === null || pending === undefined)
    return refused(isAwaited, `no sync request of the ${by} waits for a response`);
  // 6.3, and 5.1, bullets 8 and 9: the form.
  if (!rules.isWellFormed(response)) return refused(isWellFormed, 'the notification is malformed');
  const confirms = confirmsCounters(revision);
  if (!rules.isAlone(response, confirms))
    return refused(isAlone, `it also holds ${furtherPayloads(response, confirms)}`);
  if (!rules.hasMessageIdZero(response)) return refused(hasMessageIdZero, `its Message ID is ${response.id}`);
  // 5.1, bullet 7.
  if (!rules.nonceMatches(pending, response))
    return refused(nonceMatches, 'its nonce is not the one that was sent');
  // A.4: the higher of each value, unless another reading is asked for.
  const adopted = withoutOldP1(rules.adopt(member.sa, response, policies.adopt));
  return taken(
    {
      ...rest,
      sa: rules.declareWindow(
        rules.dropPending(unlessTakenBack(member.sa, adopted), policies.pending, response.m2),
        response.p2,
      ),
      sync: null,
      // A member that takes a response again has to know the nonce still.
      ...(rules.isAwaited(false) ? { answered: pending } : {}),
    },
    [isAwaited, isWellFormed, isAlone, hasMessageIdZero, nonceMatches, adopt, declareWindow, dropPending],
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
