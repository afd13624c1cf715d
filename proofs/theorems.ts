/** What is proved for all numbers: by which clauses, under which assumptions, for which settings. */

import type { Settings } from '../model/index.ts';
import {
  bumpCoversLag,
  bumpCoversShown,
  deltaCoversSent,
  moveCoversAccepted,
  notFarAhead,
  syncRequestsCopied,
  syncsCopied,
  vectorsAreKnown,
} from './assumptions.ts';
import {
  acceptedCountIsObserved,
  acceptedIsOld,
  acceptedIsStale,
  addedCountIsObserved,
  addedIsStale,
  answeredInWindow,
  countAboveVectors,
  counterAboveSent,
  countIsKnown,
  expectedNotAboveSeen,
  lists,
  m2AboveM1,
  nextAboveUsed,
  nonces,
  notAheadOfPeer,
  oneIdForARequest,
  oneRequestForAnId,
  packetsWereSent,
  processedIsPast,
  shownBetweenClusters,
  shownIsPast,
  usedIsRemembered,
  vectorsOfIds,
} from './clauses.ts';
import {
  acceptedBy,
  contentAt,
  countOf,
  idOf,
  ivUsedBy,
  learntBy,
  m1Of,
  m2By,
  numberOf,
  requestWithVector,
  responseWithVector,
  sentBy,
  used,
} from './ghosts.ts';
import {
  countOfEach,
  listOfEach,
  listOfNonces,
  noncesOfEach,
  nothing,
  numberOfEach,
  numbersOfEach,
  shownByEach,
  vectorsOfEach,
} from './memory.ts';
import { recoveryClauses, recoveryGhosts, recoverySchedule } from './recovery.ts';
import type { PeerKind, Theorem } from './theorem.ts';

const usedByEach = { usedByCluster: used('cluster'), usedByPeer: used('peer') };

/** Both ends of an SA without ESP. */
const ike = { childSas: 0 };

/** Both ends with ESP, and without requests of applications: these neither read its counters nor change them. */
const esp: Partial<Settings> = {
  childSas: 1,
  packets: Infinity,
  requests: 0,
  replayCounterSync: 'both',
};

/** What each step shows by itself: nothing is remembered or assumed. */
const ofEachStep: Omit<Theorem, 'property'> = {
  any: null,
  memory: nothing,
  ghosts: {},
  assumes: [],
  clauses: lists,
  settings: ike,
};

/** A theorem, and what more of it is assumed and remembered where the other end is a cluster too. */
type Written = Theorem & { readonly withClusters?: Partial<Pick<Theorem, 'ghosts' | 'assumes'>> };

/** Of the nonces of a peer that is a cluster too, and of what either end has answered. */
const syncRequestsOfPeer: Written['withClusters'] = {
  ghosts: { m1OfPeer: m1Of('peer'), m2ByCluster: m2By('cluster'), m2ByPeer: m2By('peer') },
  assumes: [syncRequestsCopied],
};

const written: readonly Written[] = [
  {
    property: 'message-id-monotonicity',
    any: null,
    memory: numberOfEach,
    ghosts: usedByEach,
    assumes: [bumpCoversLag],
    clauses: [...lists, ...nonces, ...m2AboveM1, ...nextAboveUsed, ...usedIsRemembered],
    settings: ike,
  },
  {
    property: 'request-at-most-once',
    any: 'content of a request',
    memory: listOfEach,
    ghosts: { idOfCluster: idOf('cluster'), idOfPeer: idOf('peer') },
    assumes: [],
    clauses: [...lists, ...nonces, ...answeredInWindow, ...oneIdForARequest, ...processedIsPast],
    settings: ike,
    withClusters: { ghosts: usedByEach, assumes: [bumpCoversLag] },
  },
  {
    property: 'response-matches-request',
    any: 'Message ID',
    memory: nothing,
    isAbout: (seen, any) => seen.kind !== 'response-taken' || seen.id === any,
    ghosts: { ...usedByEach, contentAtCluster: contentAt('cluster'), contentAtPeer: contentAt('peer') },
    assumes: [bumpCoversLag],
    clauses: [...lists, ...nonces, ...m2AboveM1, ...nextAboveUsed, ...oneRequestForAnId],
    settings: ike,
  },
  { property: 'window-respected', ...ofEachStep },
  {
    property: 'sync-request-once',
    any: 'nonce',
    memory: listOfNonces,
    ghosts: { m1Of: m1Of('cluster'), countOf },
    assumes: [],
    clauses: [...lists, ...nonces, ...acceptedIsStale, ...acceptedCountIsObserved],
    settings: ike,
    withClusters: syncRequestsOfPeer,
  },
  { property: 'sync-response-fresh', ...ofEachStep },
  {
    property: 'counters-never-regress',
    any: null,
    memory: shownByEach,
    ghosts: {},
    assumes: [bumpCoversShown],
    clauses: [
      ...lists,
      ...nonces,
      ...m2AboveM1,
      ...shownIsPast,
      ...notAheadOfPeer,
      ...expectedNotAboveSeen,
      ...shownBetweenClusters,
    ],
    settings: ike,
    withClusters: {
      ghosts: { ...usedByEach, learntByCluster: learntBy('cluster'), learntByPeer: learntBy('peer') },
      assumes: [syncsCopied],
    },
  },
  {
    property: 'sync-negotiated',
    ...ofEachStep,
    settings: { ...ike, messageIdSync: 'any' },
  },
  { property: 'sync-well-formed', ...ofEachStep },
  {
    property: 'sync-once-per-failover',
    ...ofEachStep,
    // Members that replace a sync request by another do what it forbids.
    settings: { ...ike, retry: 'same' },
  },
  {
    property: 'esp-sequence-unique',
    any: 'sequence number',
    memory: numbersOfEach,
    ghosts: { sentByCluster: sentBy('cluster'), sentByPeer: sentBy('peer') },
    assumes: [deltaCoversSent],
    clauses: counterAboveSent,
    settings: esp,
  },
  {
    property: 'esp-replay-rejected',
    any: 'content of a packet',
    memory: listOfEach,
    ghosts: {
      numberOfCluster: numberOf('cluster'),
      numberOfPeer: numberOf('peer'),
      acceptedByCluster: acceptedBy('cluster'),
    },
    assumes: [moveCoversAccepted],
    clauses: acceptedIsOld,
    settings: esp,
    withClusters: { ghosts: { acceptedByPeer: acceptedBy('peer') } },
  },
  {
    property: 'delta-added-once',
    any: 'nonce',
    memory: noncesOfEach,
    ghosts: { m1Of: m1Of('cluster'), countOf },
    assumes: [],
    clauses: [...nonces, ...addedIsStale, ...addedCountIsObserved],
    settings: esp,
    withClusters: syncRequestsOfPeer,
  },
  {
    property: 'esn-inferred-right',
    any: null,
    memory: nothing,
    ghosts: { sentByCluster: sentBy('cluster'), sentByPeer: sentBy('peer') },
    assumes: [notFarAhead],
    clauses: packetsWereSent,
    settings: { ...esp, esn: 'on' },
  },
  {
    property: 'failover-count-increases',
    any: null,
    memory: countOfEach,
    ghosts: {},
    assumes: [],
    clauses: [...lists, ...countIsKnown],
    settings: ike,
  },
  {
    property: 'iv-never-repeats',
    any: 'initialization vector',
    memory: vectorsOfEach,
    ghosts: {
      ...usedByEach,
      ivUsedByCluster: ivUsedBy('cluster'),
      ivUsedByPeer: ivUsedBy('peer'),
      requestWithVectorCluster: requestWithVector('cluster'),
      requestWithVectorPeer: requestWithVector('peer'),
      responseWithVectorCluster: responseWithVector('cluster'),
      responseWithVectorPeer: responseWithVector('peer'),
    },
    assumes: [vectorsAreKnown],
    clauses: [...lists, ...countAboveVectors, ...vectorsOfIds],
    settings: { ...ike, ikeIv: 'counter' },
  },
  {
    property: 'recovery-possible',
    any: null,
    memory: nothing,
    ghosts: recoveryGhosts,
    assumes: [bumpCoversLag],
    clauses: recoveryClauses,
    settings: ike,
    progress: recoverySchedule,
  },
];

/** The theorems with a peer of one kind: each with what is assumed, remembered and said there. */
const of = (peer: PeerKind): readonly Theorem[] =>
  written.map(({ withClusters, ...theorem }) => {
    const more = peer === 'cluster' ? withClusters : undefined;
    return {
      ...theorem,
      ghosts: { ...theorem.ghosts, ...more?.ghosts },
      assumes: [...theorem.assumes, ...(more?.assumes ?? [])],
      clauses: theorem.clauses.filter((clause) => clause.peer === undefined || clause.peer === peer),
    };
  });

/** With a plain peer, in the order in which they are shown; one for each property. */
export const theorems: readonly Theorem[] = of('plain');

/** With a peer that is a cluster too; no schedule is written for two that ask at once. */
export const theoremsOfClusters: readonly Theorem[] = of('cluster').filter(
  ({ progress }) => progress === undefined,
);
