/**
 * A template for a revision of one's own: every slot, filled as RFC 6311 has it. Change what differs; what does
 * not can also be taken over: `{ ...rfc6311, name: 'mine', counterSync: { ...messageIdSync, chooseM2: ... } }`.
 *
 *     ipsecha check ./my-revision.ts                  which properties hold, or the shortest counterexample
 *     ipsecha compare rfc6311 ./my-revision.ts        which verdicts differ
 *     ipsecha ablate ./my-revision.ts                 which rule is needed for what
 *
 * Rules are pure functions: they return the same for the same values, and change none. `sa` is what a box knows
 * of the IKE SA (`SaState` in model/member.ts).
 */
import { MAX_MESSAGE_ID, type Revision } from '../../model/index.ts'; // in your own project: from 'ipsecha/model'

const revision: Revision = {
  /** One word; no shipped revision has it. */
  name: 'template',
  title: 'What it is about',
  source: 'The document, as one would cite it',

  /** What it leaves open and `--set` can therefore change, by the names in model/policies.ts. */
  policies: ['bump', 'stateSync', 'retry', 'staleSync', 'm1Compare', 'm1Sharing', 'whileSyncing'],

  /** Ordinary exchanges with a window of 1, both ends. */
  ike: {
    /** Whether there is such a Message ID: they never wrap. */
    messageIdExists: (id) => Number.isInteger(id) && id >= 0 && id <= MAX_MESSAGE_ID,
    /** The Message ID of a new request. */
    nextRequestId: (sa) => sa.expectedSend,
    /** Whether a new request may be sent now. */
    windowHasRoom: (sa) => sa.outstanding === null,
    /** Whether a request of the other end is the one that is expected; any other is ignored. */
    isExpected: (sa, id) => id === sa.expectedReceive,
    /** Whether a request is the one answered last, sent again; then the same response is sent again. */
    isRetransmission: (sa, request) =>
      sa.answered !== null && sa.answered.id === request.id && sa.answered.content === request.content,
    /** The Message ID of the response to a request. */
    responseId: (request) => request.id,
    /** Whether a response is taken as the answer to the outstanding request. */
    answersOutstanding: (sa, id) => sa.outstanding !== null && sa.outstanding.id === id,
  },

  /** The exchange after a failover. `null` if the text has none: then the new member just goes on. */
  counterSync: {
    /** Both ends: whether sync messages may be used at all. */
    isNegotiated: (sa) => sa.announced.own && sa.announced.other,
    /** Both ends: whether the notification has the right form. */
    isWellFormed: (message) => message.wellFormed,
    /** Both ends: whether it is the only payload. */
    isAlone: (message) => message.otherPayloads.length === 0,
    /** Both ends: whether the Message ID of the exchange is 0. */
    hasMessageIdZero: (message) => message.id === 0,

    /** Newly active member: the lowest M1 that it may send. */
    lowestM1: (sa) => Math.max(sa.expectedSend, sa.m1Sent + 1),
    /** Newly active member: M1. `bump` is a setting. */
    chooseM1: (lowest, bump) => lowest + bump,
    /** Newly active member: P1. */
    chooseP1: (sa) => sa.expectedReceive,
    /** Other members: what they know once M1 was sent. */
    tellM1: (snapshot, m1) => ({ ...snapshot, m1Sent: Math.max(snapshot.m1Sent, m1) }),

    /** Peer: whether a sync request is too old. `compare` is a setting. May be left out: then none is. */
    isStale: (sa, m1, compare) =>
      m1 <= (compare === 'highest-seen' ? sa.highestSeen : sa.expectedReceive - 1),
    /** Peer: P2, with which it goes on itself. */
    chooseP2: (sa, p1) => Math.max(p1, sa.expectedSend),
    /** Peer: M2, the request that it expects next. */
    chooseM2: (sa, m1, compare) =>
      Math.max(m1, compare === 'highest-seen' ? sa.highestSeen + 1 : sa.expectedReceive),
    /** Peer: the nonce of the response. */
    echoNonce: (request) => request.nonce,

    /** Newly active member: whether a response belongs to the sync request that waits. */
    nonceMatches: (pending, response) => pending.nonce === response.nonce,
    /** Newly active member: its counters after the exchange. */
    adopt: (sa, response) => ({
      ...sa,
      expectedSend: response.m2,
      expectedReceive: response.p2,
      highestSeen: Math.max(sa.highestSeen, response.p2 - 1),
    }),
    /** Both ends: what becomes of requests that were under way. */
    dropPending: (sa) => ({ ...sa, outstanding: null, answered: null }),

    // A Failover Count, as the draft of October 2010 has one, takes four more slots. `policies` then also lists
    // 'failoverCount', and sync requests need no isStale:
    //   nextCount: (known) => known + 1                      newly active member: the count that it sends
    //   isObserved: (observed, count) => count <= observed   peer: whether a count is too old
    //   hearsCount: (policy, occasion) => true               other members: whether they hear of it
    //   initialCount: () => 0                                peer: the count that it assumes at first
  },
};

export default revision;
