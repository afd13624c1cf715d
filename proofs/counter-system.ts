/**
 * Request counters of a cluster, seen from its peer, as a transition system over integers without bounds: RFC
 * 6311, 5.1, with as many members, failovers, requests and sync requests as one likes.
 *
 * The network is what was ever sent: lists that only grow, any item of which may arrive at any time, any number
 * of times. Nothing is ever taken out of them, so loss, delay, reordering, duplication and replay are all in it.
 *
 * Left out, so that every value of it is allowed: windows and responses to requests (the cluster may send a new
 * request at any time when it does not sync), the requests of the peer, P1 and P2, and who of the members knows
 * of which M1. With more behaviours than the protocol has, what is proved of all of them holds of the protocol.
 * A run that breaks a claim has to be looked at: the tests take it again in the model.
 */
import { type Algebra, isIndex, max, type Terms } from '../src/prove/algebra.ts';
import type { State, System, Transition } from '../src/prove/system.ts';

/** The state. Lists are indexed from 0. */
export const variables = {
  /** EXPECTED_SEND_REQ_MESSAGE_ID of the active member: the Message ID of its next request. */
  nextId: 'int',
  /** Whether the active member waits for the response to a sync request. */
  syncing: 'bool',
  /** The nonce of that sync request; -1 if it does not wait. */
  pendingNonce: 'int',
  /** The highest Message ID that the cluster has used for a new request. No member need know it. */
  highestUsed: 'int',
  /** Message IDs of the new requests of the cluster, in the order in which they were sent. */
  requests: 'list',
  /** What state syncs, in their order, said of `nextId`; the first is the state in which the SA was established. */
  snapshots: 'list',
  /** M1 of the sync requests, in the order in which they were sent. The index is the nonce. */
  syncRequests: 'list',
  /** The nonces of the sync responses, in the order in which they were sent ... */
  responseNonces: 'list',
  /** ... and their M2. */
  responseM2s: 'list',
  /** EXPECTED_RECV_REQ_MESSAGE_ID of the peer. */
  peerExpects: 'int',
  /** The highest sender value that the peer has seen, sync requests included. */
  peerHighestSeen: 'int',
} as const;

export type CounterVariables = typeof variables;

/** What a step leaves open. */
export const choices = ['first', 'request', 'snapshot', 'm1', 'nonce', 'm2', 'response'] as const;

export type CounterChoice = (typeof choices)[number];

export type CounterState<T extends Terms> = State<CounterVariables, T>;

export type CounterTransition = Transition<CounterVariables, CounterChoice>;

/** RFC 7296, 2.2: a new request has the next Message ID. Only when the counters are not being synced. */
export const sendRequest: CounterTransition = {
  name: 'request',
  choices: [],
  step: (a, state) => ({
    enabled: a.not(state.syncing),
    assumes: a.truth(true),
    next: {
      ...state,
      nextId: a.add(state.nextId, a.int(1)),
      highestUsed: max(a, state.highestUsed, state.nextId),
      requests: a.append(state.requests, state.nextId),
    },
  }),
  says: ({ nextId, requests }) =>
    requests.includes(nextId)
      ? `request: the active member sends a new request with Message ID ${nextId}, which was used before`
      : `request: the active member sends a new request with Message ID ${nextId}`,
};

/** RFC 7296, 2.3: the peer processes the request that it expects next. */
export const peerProcesses: CounterTransition = {
  name: 'peer processes a request',
  choices: ['request'],
  step: (a, state, { request }) => {
    const id = a.at(state.requests, request);
    return {
      enabled: a.and(isIndex(a, state.requests, request), a.eq(id, state.peerExpects)),
      assumes: a.truth(true),
      next: {
        ...state,
        peerExpects: a.add(id, a.int(1)),
        peerHighestSeen: max(a, state.peerHighestSeen, id),
      },
    };
  },
  says: ({ peerExpects }) => `request arrives: the peer processes Message ID ${peerExpects}`,
};

/** The active member copies its state to another one. */
export const stateSync: CounterTransition = {
  name: 'state sync',
  choices: [],
  step: (a, state) => ({
    enabled: a.truth(true),
    assumes: a.truth(true),
    next: { ...state, snapshots: a.append(state.snapshots, state.nextId) },
  }),
  says: ({ nextId }) => `state sync: a snapshot is taken that says next Message ID ${nextId}`,
};

/**
 * What is assumed of M1 when it is sent: it is above every Message ID that the cluster has used for a request.
 * The newly active member cannot look that up: it has to choose M1 so that it is so.
 */
export const m1AboveUsed = <T extends Terms>(a: Algebra<T>, state: CounterState<T>, m1: T['int']) =>
  a.lt(state.highestUsed, m1);

/** A sync request, with a nonce of its own, of a member whose next Message ID is `known`. */
const sendSyncRequest = <T extends Terms>(
  a: Algebra<T>,
  state: CounterState<T>,
  known: T['int'],
  m1: T['int'],
): CounterState<T> => ({
  ...state,
  nextId: known,
  syncing: a.truth(true),
  pendingNonce: a.length(state.syncRequests),
  syncRequests: a.append(state.syncRequests, m1),
});

/**
 * A standby takes over. Any snapshot ever taken may be the one that it holds, since there may be any number of
 * members. RFC 6311, 5.1: M1 is not below what it knows to be next.
 */
export const failover: CounterTransition = {
  name: 'failover',
  choices: ['snapshot', 'm1'],
  step: (a, state, { snapshot, m1 }) => {
    const known = a.at(state.snapshots, snapshot);
    return {
      enabled: a.and(isIndex(a, state.snapshots, snapshot), a.le(known, m1)),
      assumes: m1AboveUsed(a, state, m1),
      next: sendSyncRequest(a, state, known, m1),
    };
  },
  says: ({ snapshots, syncRequests, highestUsed, requests }, { snapshot, m1 }) =>
    `failover: a standby whose snapshot says next Message ID ${snapshots[Number(snapshot)]} takes over and sends sync request ${syncRequests.length}, ${m1Said(m1, highestUsed, requests)}`,
};

/** RFC 6311, 5.1: the newly active member asks again, with a new nonce and a higher M1. */
export const retry: CounterTransition = {
  name: 'retry',
  choices: ['m1'],
  step: (a, state, { m1 }) => ({
    enabled: a.and(
      state.syncing,
      a.le(state.nextId, m1),
      a.lt(a.at(state.syncRequests, state.pendingNonce), m1),
    ),
    assumes: m1AboveUsed(a, state, m1),
    next: sendSyncRequest(a, state, state.nextId, m1),
  }),
  says: ({ syncRequests, highestUsed, requests }, { m1 }) =>
    `retry: the newly active member sends sync request ${syncRequests.length} instead, ${m1Said(m1, highestUsed, requests)}`,
};

const m1Said = (m1: bigint, highestUsed: bigint, requests: readonly bigint[]): string =>
  requests.length === 0 ? `M1 = ${m1} (none used)` : `M1 = ${m1} (used up to ${highestUsed})`;

/** The peer acts on a sync request and answers, given the highest value that it has seen in its reading. */
const peerAccepts = (
  name: string,
  highestValueSeen: <T extends Terms>(a: Algebra<T>, state: CounterState<T>) => T['int'],
): CounterTransition => ({
  name,
  choices: ['nonce', 'm2'],
  step: (a, state, { nonce, m2 }) => {
    const m1 = a.at(state.syncRequests, nonce);
    const seen = highestValueSeen(a, state);
    return {
      enabled: a.and(
        isIndex(a, state.syncRequests, nonce),
        // RFC 6311, 5.1: M1 is above the highest value seen.
        a.lt(seen, m1),
        // RFC 6311, 5.1: M2 is at least M1 and above everything seen.
        a.le(max(a, m1, a.add(seen, a.int(1))), m2),
      ),
      assumes: a.truth(true),
      next: {
        ...state,
        responseNonces: a.append(state.responseNonces, nonce),
        responseM2s: a.append(state.responseM2s, m2),
        peerExpects: m2,
        peerHighestSeen: max(a, state.peerHighestSeen, m1),
      },
    };
  },
  says: ({ syncRequests }, { nonce, m2 }) =>
    `sync request arrives: the peer accepts sync request ${nonce} (M1 = ${syncRequests[Number(nonce)]}) and answers M2 = ${m2}`,
});

/** RFC 6311, 5.1, as its text has it: M1 is compared with the highest value seen, sync requests included. */
export const peerAcceptsSyncRequest = peerAccepts(
  'peer accepts a sync request',
  (_a, state) => state.peerHighestSeen,
);

/** The reading m1-compare = next-expected: M1 is compared with the Message ID that the peer expects next. */
export const peerAcceptsExpected = peerAccepts(
  'peer accepts a sync request (m1-compare = next-expected)',
  (a, state) => a.add(state.peerExpects, a.int(-1)),
);

/** RFC 6311, 5.1: a sync request with an old M1 is dropped silently. */
export const peerDrops: CounterTransition = {
  name: 'peer drops a stale sync request',
  choices: ['nonce'],
  step: (a, state, { nonce }) => ({
    enabled: a.and(
      isIndex(a, state.syncRequests, nonce),
      a.le(a.at(state.syncRequests, nonce), state.peerHighestSeen),
    ),
    assumes: a.truth(true),
    next: state,
  }),
  says: ({ syncRequests }, { nonce }) =>
    `sync request arrives: the peer drops sync request ${nonce} (M1 = ${syncRequests[Number(nonce)]})`,
};

/** RFC 6311, 5.1: the response with the nonce that was sent; from then on the member sends with M2. */
export const memberAccepts: CounterTransition = {
  name: 'member accepts a sync response',
  choices: ['response'],
  step: (a, state, { response }) => ({
    enabled: a.and(
      state.syncing,
      isIndex(a, state.responseNonces, response),
      a.eq(a.at(state.responseNonces, response), state.pendingNonce),
    ),
    assumes: a.truth(true),
    next: {
      ...state,
      syncing: a.truth(false),
      pendingNonce: a.int(-1),
      nextId: a.at(state.responseM2s, response),
    },
  }),
  says: ({ responseNonces, responseM2s }, { response }) =>
    `sync response arrives: the active member accepts the response to sync request ${responseNonces[Number(response)]} and goes on with Message ID ${responseM2s[Number(response)]}`,
};

/** RFC 6311, 5.1: a response with another nonce, or to nothing, is dropped silently. */
export const memberDrops: CounterTransition = {
  name: 'member drops a sync response',
  choices: ['response'],
  step: (a, state, { response }) => ({
    enabled: a.and(
      isIndex(a, state.responseNonces, response),
      a.or(a.not(state.syncing), a.not(a.eq(a.at(state.responseNonces, response), state.pendingNonce))),
    ),
    assumes: a.truth(true),
    next: state,
  }),
  says: ({ responseNonces }, { response }) =>
    `sync response arrives: the active member drops the response to sync request ${responseNonces[Number(response)]}`,
};

/** The text of RFC 6311, 5.1. */
export const counterSystem: System<CounterVariables, CounterChoice> = {
  variables,
  labels: {
    nextId: 'next Message ID',
    syncing: 'syncing',
    pendingNonce: 'sync request that waits (-1: none)',
    highestUsed: 'used up to (-1: none)',
    requests: 'Message IDs used',
    snapshots: 'snapshots',
    syncRequests: 'M1 of the sync requests',
    responseNonces: 'sync requests answered',
    responseM2s: 'M2 of the answers',
    peerExpects: 'peer expects',
    peerHighestSeen: 'peer has seen up to (-1: none)',
  },
  choices,
  initial: {
    // RFC 7296, 2.2: the Message IDs of the initial exchanges are spent: 2 of the initiator, none of the responder.
    state: (a, { first }) => {
      const last = a.add(first, a.int(-1));
      return {
        allowed: a.le(a.int(0), first),
        state: {
          nextId: first,
          syncing: a.truth(false),
          pendingNonce: a.int(-1),
          highestUsed: last,
          requests: a.list(),
          snapshots: a.list(first),
          syncRequests: a.list(),
          responseNonces: a.list(),
          responseM2s: a.list(),
          peerExpects: first,
          peerHighestSeen: last,
        },
      };
    },
    says: ({ first }) => `the IKE SA is established: all members know it, the next Message ID is ${first}`,
  },
  transitions: [
    sendRequest,
    peerProcesses,
    stateSync,
    failover,
    retry,
    peerAcceptsSyncRequest,
    peerDrops,
    memberAccepts,
    memberDrops,
  ],
};

/** The same, where at any time the peer may also compare M1 as in the reading m1-compare = next-expected. */
export const counterSystemOfBothReadings: System<CounterVariables, CounterChoice> = {
  ...counterSystem,
  transitions: [...counterSystem.transitions, peerAcceptsExpected],
};
