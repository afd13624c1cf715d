/**
 * A template for a revision of one's own: every slot, filled as RFC 6311 has it. Change what differs, and delete the
 * rest if you like: each part begins with the slots of RFC 6311 as they are (`...messageIdSync`), which also has the
 * rules that a later version of ipsecha adds.
 *
 *     ipsecha check ./my-revision.ts                  which properties hold, or the shortest counterexample
 *     ipsecha compare rfc6311 ./my-revision.ts        which verdicts differ
 *     ipsecha ablate ./my-revision.ts                 which rule is needed for what
 *
 * Rules are pure functions: they return the same for the same values, and change none. `sa` is what a box knows
 * of the IKE SA (`SaState` in model/state/member.ts).
 */
import { closedUpTo, largestNumber, MAX_MESSAGE_ID, type Revision, rfc6311 } from '../../model/index.ts'; // in your own project: from 'ipsecha/model'

const { ike, esp, counterSync: messageIdSync, replaySync } = rfc6311;
if (messageIdSync === null || replaySync === null)
  throw new Error('RFC 6311 has counter sync and replay counter sync');

const revision: Revision = {
  /** One word; no shipped revision has it. */
  name: 'template',
  title: 'What it is about',
  source: 'The document, as one would cite it',

  /** What it leaves open and `--set` can therefore change, by the names in model/settings/settings.ts. */
  policies: [
    'bump',
    'p1Ahead',
    'delta',
    'ownBump',
    'windowMove',
    'stateSync',
    'retry',
    'syncTrigger',
    'capabilityAfterRekey',
    'staleSync',
    'm1Compare',
    'p2Counts',
    'adopt',
    'm1Sharing',
    'ikeWhileSyncing',
    'espWhileSyncing',
    'pending',
    'ikeIv',
    'inWindow',
    'afterFailover',
    'bumpSharing',
  ],

  /** Ordinary exchanges both ends. */
  ike: {
    ...ike,
    /** Whether there is such a Message ID: they never wrap. */
    messageIdExists: (id) => Number.isInteger(id) && id >= 0 && id <= MAX_MESSAGE_ID,
    /** The Message ID of a new request. */
    nextRequestId: (sa) => sa.expectedSend,
    /** Whether a new request may be sent now. */
    windowHasRoom: (sa) => {
      const [lowest] = sa.outstanding;
      return lowest === undefined || sa.expectedSend < lowest.id + sa.window;
    },
    /** Whether a request of the other end is one that is expected; any other is ignored. */
    isExpected: (sa, id) =>
      id >= sa.expectedReceive &&
      id < sa.expectedReceive + sa.window &&
      !sa.answered.some((request) => request.id === id),
    /** Whether a request is one that was answered, sent again; then the same response is sent again. */
    isRetransmission: (sa, { id, content }) =>
      sa.answered.some((request) => request.id === id && request.content === content),
    /** The Message ID of the response to a request. */
    responseId: (request) => request.id,
    /** Whether a response is taken as the answer to an outstanding request. */
    answersOutstanding: (sa, id) => sa.outstanding.some((request) => request.id === id),
    /** The window of an IKE SA that replaces another; `old` is that of the old one. */
    windowOfNewSa: (_old) => 1,
    /** Whether a message is of the IKE SA that the box has; any other is dropped. */
    isOfThisIkeSa: (sa, message) => sa.ikeSa === message.ikeSa,
    /** The initialization vector of a message that is sent for the first time, where `ikeIv` is not random. */
    chooseIv: (spent, message, ikeIv) =>
      ikeIv === 'counter' ? spent : 2 * message.id + (message.kind.endsWith('response') ? 1 : 0),
  },

  /** ESP packets, both ends. May be left out: then they are as here. */
  esp: {
    ...esp,
    /** The sequence number of a new packet. `last` is that of the packet before it. */
    nextNumber: (sa) => sa.last + 1,
    /** Whether a new packet may have this number: counters never cycle. */
    isFreshNumber: (sa, number) => number > sa.last && number <= largestNumber(sa.esn === true),
    /** Whether a number may be that of a new packet; `size` is that of the anti-replay window. */
    isNewInWindow: (window, size, number) => number > window.highest - size && !window.seen.includes(number),
    /** The whole number of a packet of which only the lower 32 bits came (ESN). */
    inferNumber: esp.inferNumber,
  },

  /** The exchange after a failover. `null` if the text has none: then the new member just goes on. */
  counterSync: {
    ...messageIdSync,
    /** Both ends: whether sync messages may be used at all. */
    isNegotiated: (sa) => sa.announced.own && sa.announced.other,
    /** In traces: whether what the two ends of IKE_AUTH announced of a capability is in order. */
    announcesOnlyIfAsked: ({ initiator, responder }) => initiator || !responder,
    /** In traces: whether the announcement has the right form. */
    isMessageIdAnnouncement: ({ protocol, spiSize, octets }) =>
      protocol === 0 && spiSize === 0 && octets === 0,
    /** Other members: what of the peer's capabilities a state sync hands over to them. */
    shareCapabilities: (sa) => sa,
    /** Newly active member: whether it begins its sync on an occasion. `trigger` is a setting. */
    beginsSync: (trigger, occasion) => trigger === 'at-once' || occasion === 'later',
    /** Newly active member: whether it may begin a new sync for the same failover. `retry` is a setting. */
    beginsSyncAgain: (retry) => retry === 'fresh',
    /** Peer: whether it responds to a sync request that it acts on. */
    respondsToSync: (_request) => true,
    /** Both ends: whether the notification has the right form. */
    isWellFormed: (message) => message.wellFormed,
    /** Both ends: whether it is the only payload; a request may have the delta besides. */
    isAlone: (message) =>
      message.otherPayloads.length === 0 && (message.kind === 'sync-request' || message.delta === undefined),
    /** Both ends: whether the Message ID of the exchange is 0. */
    hasMessageIdZero: (message) => message.id === 0,

    /** Newly active member: the lowest M1 that it may send. */
    lowestM1: (sa) => Math.max(sa.expectedSend, sa.m1Sent + 1),
    /** Newly active member: M1. `bump` is a setting. */
    chooseM1: (lowest, bump) => lowest + bump,
    /** Newly active member: P1. */
    chooseP1: (sa) => Math.max(sa.expectedReceive, sa.p1Sent ?? 0, ...sa.answered.map(({ id }) => id + 1)),
    /** Other members: what they know once M1 and P1 were sent. */
    tellM1: (snapshot, m1, p1) => ({
      ...snapshot,
      m1Sent: Math.max(snapshot.m1Sent, m1),
      ...(p1 > snapshot.expectedReceive ? { p1Sent: Math.max(snapshot.p1Sent ?? 0, p1) } : {}),
    }),

    /**
     * Peer: whether a sync request is too old. `compare` is a setting. A text in which none is begins with
     * `...ipsecha00.counterSync`, which lacks this slot.
     */
    isStale: (sa, m1, compare) =>
      m1 <=
      {
        'highest-seen': sa.highestSeen,
        'earlier-syncs': sa.m1Seen ?? -1,
        'next-expected': sa.expectedReceive - 1,
      }[compare],
    /** Peer: P2, with which it goes on itself. `counts` is a setting. */
    chooseP2: (sa, p1, counts) => Math.max(p1, sa.expectedSend, counts === 'own-m1' ? sa.m1Sent : 0),
    /** Peer: M2, the request that it expects next. */
    chooseM2: (sa, m1, compare) =>
      Math.max(m1, compare === 'next-expected' ? sa.expectedReceive : sa.highestSeen + 1),
    /** Peer: the nonce of the response. */
    echoNonce: (request) => request.nonce,

    /** Newly active member: whether a response belongs to the sync request that waits. */
    nonceMatches: (pending, response) => pending.nonce === response.nonce,
    /** Newly active member: whether it takes a response, if a sync request of its own waits for one. */
    isAwaited: (waits) => waits,
    /** Newly active member: its counters after the exchange. `how` is a setting. */
    adopt: (sa, { p2, m2 }, how) => ({
      ...sa,
      expectedSend: how === 'maximum' ? Math.max(sa.expectedSend, m2) : m2,
      expectedReceive: how === 'maximum' ? Math.max(sa.expectedReceive, p2) : p2,
      highestSeen: Math.max(sa.highestSeen, p2 - 1),
    }),
    /** Both ends: what becomes of requests that were under way. */
    dropPending: (sa, pending, next) => {
      const given = sa.outstanding.filter(({ id }) => id < next);
      return {
        ...sa,
        outstanding: sa.outstanding.filter(({ id }) => id >= next),
        again: pending === 'send-again' ? [...sa.again, ...given.map(({ content }) => content)] : [],
      };
    },

    /** Newly active member: whether it looks at an ordinary message now. `whileSyncing` is one of two settings. */
    looksAtOrdinary: (member, whileSyncing) => whileSyncing !== 'hold' || member.sync === null,

    /** Both ends: the receive side of one that declared the lowest Message ID that it still takes. */
    declareWindow: (sa, lowest) => ({
      ...sa,
      expectedReceive: Math.max(sa.expectedReceive, lowest),
      answered: sa.answered.filter(({ id }) => id >= lowest),
    }),

    // A Failover Count, as the draft of October 2010 has one, takes four more slots. `policies` then also lists
    // 'failoverCount', 'firstCount' and 'freshCount', and sync requests need no `isStale`:
    //   nextCount: (known) => known + 1                      newly active member: the count that it sends
    //   isObserved: (observed, count) => count <= observed   peer: whether a count is too old
    //   hearsCount: (policy, occasion) => true               other members: whether they hear of it
    //   initialCount: () => 0                                peer: the count that it assumes at first
  },

  /** What becomes of ESP counters after a failover. `null`, or left out, if the text says nothing of them. */
  replaySync: {
    ...replaySync,
    /** Both ends: whether IPSEC_REPLAY_COUNTER_SYNC may be used at all. */
    isReplaySyncNegotiated: ({ announcedReplayCounters: { own, other } }) => own && other,
    /** In traces: whether the announcement has the right form. */
    isReplayCounterAnnouncement: ({ protocol, spiSize, octets }) =>
      protocol === 0 && spiSize === 0 && octets === 0,
    /** Newly active member: its own outgoing counters. The bump is a setting. */
    ownBump: (sent, bump) => sent + bump,
    /** Newly active member: whether it rekeys the Child SAs. `afterFailover` is a setting. */
    rekeysAfterSkip: (afterFailover) => afterFailover === 'rekey',
    /** Newly active member: its incoming windows. How far they move and `inWindow` are settings. */
    windowAfterFailover: (window, size, move, inWindow) => {
      if (inWindow === 'keep') return window;
      if (inWindow === 'learn') return { ...window, learns: true };
      return closedUpTo(window, size, window.highest + move);
    },
    /** Newly active member: whether it accepts a packet that its window refuses. */
    acceptsOutside: (isWaiting, inWindow) => isWaiting && inWindow === 'accept-outside',
    /** Peer: its outgoing counters, once it was told the delta. */
    peerDelta: (sent, delta) => sent + delta,
    /** Peer: whether the delta is added, by what became of the Message ID notification beside it. */
    addsDeltaOf: (messageIds) => messageIds === 'accepted',
    /** Peer: how far they are advanced when the request comes again. */
    deltaOfRepeated: () => 0,
    /** Both ends: whether a counter may be advanced so far; if not, the Child SA is closed. */
    mayAdvanceTo: (number, largest) => number <= largest,
    /** Other members: what they know of a Child SA, once one of them took over. */
    tellBump: replaySync.tellBump,
    /** Both ends: the form of a replay counter sync on its own, for traces. */
    isStandaloneInOrder: replaySync.isStandaloneInOrder,
    /** Both ends: the form of the notification, for traces. */
    hasDelta: replaySync.hasDelta,
    isAllOrNone: replaySync.isAllOrNone,
    isSentByCluster: ({ response }) => !response,
  },

  /**
   * What no rule above has a slot for (`Exchanges` in model/revisions/exchanges.ts): messages and notifications of the
   * text's own, another course of an exchange, and what members hand on. Each slot is told what the rules make of the
   * situation, `usual`, and here leaves it at that. `three-message-sync.ts`, `count-and-m1.ts`, `window-sync.ts`
   * and `maxima-in-state-sync.ts` beside this file use them. Leave out what does not differ.
   */
  exchanges: {
    /** What a box remembers besides, as `sa.own`; always the same fields. `remembering` gives them types. */
    memory: {},
    /** Notifications: type on the wire, and fields. Messages have them under `holds`. */
    notifications: {},
    /** Messages of kinds of one's own: what becomes of one that arrives, and when nobody reacts to it any more. */
    messages: {},
    /** Exchanges that a box begins by itself, by their names: the step that begins it, or `noStep`. */
    begins: {
      // 'window-sync': { step: (by, member, policies) => noStep('it has no reason to') },
    },
    /** What becomes of messages of the kinds that there are. */
    receives: {
      // 'sync-request': { receive: (by, member, message, policies, usual) => usual },
    },
    /** Any message of IKE as it goes out. */
    writes: (_by, _sa, message) => message,
    /** What a member sends again and again until it is answered. */
    sendsAgain: (_by, _member, _policies, usual) => usual,
    /** What a state sync hands over. */
    handsOver: (sa) => sa,
    /** What a member knows once a state sync has reached it; `known` is null for one that was down. */
    takesIn: (_known, _copy, _policies, usual) => usual,
    /** What a member does as it takes over. */
    takesOver: (_by, _snapshot, _nonce, _policies, usual) => usual,
    /** What a standby knows once the newly active member has informed it. */
    tells: (_known, _newlyActive, _policies, usual) => usual,
  },

  /**
   * Properties of one's own: monitors, which see what both ends do (`Observation` in model/state/step.ts). They are
   * checked, drawn and compared like ours.
   */
  properties: [
    // safety<number>({
    //   id: 'few-syncs',
    //   title: 'There are few syncs',
    //   says: 'No more than three sync requests are acted on.',
    //   rules: [],
    //   watch: {
    //     initial: 0,
    //     observe: (count, seen) => {
    //       if (seen.kind !== 'sync-request-accepted') return fine(count);
    //       return count < 3 ? fine(count + 1) : broken(`the ${seen.by} acts on a fourth sync request`);
    //     },
    //   },
    // }),
  ],

  /** Scenarios of one's own: what is not as usual (`usual` in model/settings/settings.ts). */
  scenarios: [
    // { name: 'three-failovers', sizes: { small: { members: 4, failovers: 3, requests: 1, bump: 1 } } },
  ],
};

export default revision;
