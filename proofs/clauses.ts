/**
 * Why the properties hold: statements that are true in every world that can be reached, each kept by every step. They
 * are functions of states of the model; random walks hold them as well (`theorems.test.ts`).
 */
import type { ActiveMember, ChildSa, Endpoint, Message, Nonce, SaState } from '../model/index.ts';
import { emptySet, has, type NumberSet } from '../model/state/number-set.ts';
import { nonceOf } from '../model/state/numbers.ts';
import { ghostOf } from './ghosts.ts';
import { SPI } from './memory.ts';
import type { Clause, PeerKind, World } from './theorem.ts';

const hasClosed = (world: World, end: Endpoint): boolean =>
  end === 'cluster' ? world.isClosed : world.isClosedByPeer;

/** Of the active member of an end, unless that has closed the SA. */
const ofActive = (world: World, end: Endpoint, holds: (member: ActiveMember) => boolean): boolean =>
  hasClosed(world, end) || holds(world[end]);

/** Of its state. */
const ofActiveSa = (world: World, end: Endpoint, holds: (sa: SaState) => boolean): boolean =>
  ofActive(world, end, ({ sa }) => holds(sa));

/** Of the active member, while it waits for the response to its sync request. */
export const whileSyncing = (
  world: World,
  holds: (sync: NonNullable<ActiveMember['sync']>, sa: SaState) => boolean,
  end: Endpoint = 'cluster',
): boolean => ofActive(world, end, (member) => member.sync === null || holds(member.sync, member.sa));

/** Of the active member, where it goes by its own counters. */
const whileInStep = (world: World, holds: (sa: SaState) => boolean, end: Endpoint = 'cluster'): boolean =>
  ofActive(world, end, (member) => member.sync !== null || member.yetToAsk === true || holds(member.sa));

const otherThan = (end: Endpoint): Endpoint => (end === 'cluster' ? 'peer' : 'cluster');

/**
 * A statement about the cluster, with a peer of either kind; and the same with the ends exchanged, where the peer is a
 * cluster too.
 *
 * @param about the statement about an end, in the words of the cluster
 */
const ofClusters = (about: (end: Endpoint) => Clause): readonly Clause[] => {
  const exchanged = about('peer');
  return [
    about('cluster'),
    {
      ...exchanged,
      id: `${exchanged.id}-OF-PEER`,
      says: `With the ends exchanged: ${exchanged.says}`,
      peer: 'cluster',
      ...(exchanged.of === 'standby' ? { end: 'peer' } : {}),
    },
  ];
};

/** Statements that are made only with a peer of this kind. */
const onlyWith = (peer: PeerKind, clauses: readonly Clause[]): readonly Clause[] =>
  clauses.flatMap((clause) =>
    clause.peer === undefined || clause.peer === peer ? [{ ...clause, peer }] : [],
  );

const ascends = (ids: readonly number[], below: number): boolean =>
  ids.every((id, index) => id < (ids[index + 1] ?? below));

const isInOrder = ({ outstanding, expectedSend }: SaState): boolean =>
  ascends(
    outstanding.map(({ id }) => id),
    expectedSend,
  );

const keepsInOrder = ({ answered }: SaState): boolean =>
  ascends(
    answered.map(({ id }) => id),
    Infinity,
  );

/** The same statement of the active member, of every standby and of the peer; where that is a cluster too, of its standbys. */
export const ofEach = (
  id: string,
  says: string,
  holds: (sa: SaState, world: World, end: Endpoint) => boolean,
): readonly Clause[] => [
  {
    id,
    says: `Of the active member: ${says}`,
    of: 'world',
    holds: (world) => ofActiveSa(world, 'cluster', (sa) => holds(sa, world, 'cluster')),
  },
  {
    id: `${id}-OF-STANDBY`,
    says: `Of every standby: ${says}`,
    of: 'standby',
    holds: (world, snapshot) => holds(snapshot, world, 'cluster'),
  },
  {
    id: `${id}-OF-PEER`,
    says: `Of the peer: ${says}`,
    of: 'world',
    holds: (world) => ofActiveSa(world, 'peer', (sa) => holds(sa, world, 'peer')),
  },
  {
    id: `${id}-OF-STANDBY-OF-PEER`,
    says: `Of every standby of the peer: ${says}`,
    peer: 'cluster',
    of: 'standby',
    end: 'peer',
    holds: (world, snapshot) => holds(snapshot, world, 'peer'),
  },
];

/** What is under way and what was answered: with these, no list grows beyond the window. */
export const lists: readonly Clause[] = [
  ...ofEach(
    'UNDER-WAY-BELOW-NEXT',
    'the requests under way have ascending Message IDs, all below the one that is sent next.',
    isInOrder,
  ),
  ...ofEach(
    'ANSWERED-ASCEND',
    'the requests that were answered and are kept have ascending Message IDs.',
    keepsInOrder,
  ),
];

/**
 * What was answered and is kept no longer, is below what is expected: nothing else is given up when a request at the far
 * end of the window is answered.
 */
export const answeredInWindow: readonly Clause[] = ofEach(
  'ANSWERED-IN-WINDOW',
  'the requests that were answered and are kept have Message IDs below the end of the window, which begins at the one that it expects next.',
  ({ answered, expectedReceive, window }) => answered.every(({ id }) => id < expectedReceive + window),
);

/** How many nonces its end had drawn before (`nonceOf`). */
const numberOf = (nonce: Nonce): number => (typeof nonce === 'string' ? Number(nonce.slice(1)) : nonce);

/** How many sync requests an end has made. */
const drawnBy = ({ made }: World, end: Endpoint): number =>
  end === 'cluster' ? made.syncs : made.syncsOfPeer;

/** Each sync request has a nonce of its own. */
export const nonces: readonly Clause[] = [
  {
    id: 'NONCE-DRAWN',
    says: 'Every nonce in a sync message was drawn before.',
    of: 'message',
    holds: (world, message) =>
      (message.kind !== 'sync-request' && message.kind !== 'sync-response') ||
      numberOf(message.nonce) <
        drawnBy(world, message.kind === 'sync-request' ? message.from : otherThan(message.from)),
  },
  ...ofClusters((end) => ({
    id: 'NONCE-WAITED-FOR-DRAWN',
    says: 'The nonce that the active member waits for was drawn before.',
    of: 'world',
    holds: (world) => whileSyncing(world, ({ nonce }) => numberOf(nonce) < drawnBy(world, end), end),
  })),
];

/** What the response to the current sync request says. */
export const m2AboveM1: readonly Clause[] = [
  ...ofClusters((end) => ({
    id: 'ONE-M1-FOR-A-NONCE',
    says: 'A sync request with the nonce that the active member waits for has its M1.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-request' ||
      whileSyncing(world, ({ nonce, m1 }) => message.nonce !== nonce || message.m1 === m1, end),
  })),
  ...ofClusters((end) => ({
    id: 'M2-NOT-BELOW-M1',
    says: 'M2 of a response with the nonce that the active member waits for is not below its M1.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-response' ||
      whileSyncing(world, ({ nonce, m1 }) => message.nonce !== nonce || message.m2 >= m1, end),
  })),
  ...ofClusters((end) => ({
    id: 'M1-REMEMBERED',
    says: 'The active member remembers that its cluster has sent the M1 that it waits with.',
    of: 'world',
    holds: (world) => whileSyncing(world, ({ m1 }, { m1Sent }) => m1 <= m1Sent, end),
  })),
];

/** The highest Message ID that an end has used. */
const usedBy = ({ ghosts }: World, end: Endpoint): number => ghosts[ghostOf('usedBy', end)] ?? -1;

/** What an end sends next is above all that it has used. */
export const nextAboveUsed: readonly Clause[] = [
  ...ofClusters((end) => ({
    id: 'NEXT-ABOVE-USED',
    says: 'An active member that does not wait for a response to its sync request sends next with a Message ID above all that the cluster has used.',
    of: 'world',
    holds: (world) => whileInStep(world, ({ expectedSend }) => expectedSend > usedBy(world, end), end),
  })),
  ...ofClusters((end) => ({
    id: 'M1-ABOVE-USED',
    says: 'The M1 that the active member waits with is above all Message IDs that the cluster has used.',
    of: 'world',
    holds: (world) => whileSyncing(world, ({ m1 }) => m1 > usedBy(world, end), end),
  })),
  {
    id: 'NEXT-OF-PEER-ABOVE-USED',
    says: 'The peer sends next with a Message ID above all that it has used.',
    peer: 'plain',
    of: 'world',
    holds: (world) => world.peer.sa.expectedSend > usedBy(world, 'peer'),
  },
];

/** The same statement of what is remembered of each end. */
const rememberedOfEach = (
  id: string,
  says: string,
  holds: (world: World, end: Endpoint) => boolean,
): readonly Clause[] => [
  { id, says: `Of the cluster: ${says}`, of: 'world', holds: (world) => holds(world, 'cluster') },
  { id: `${id}-OF-PEER`, says: `Of the peer: ${says}`, of: 'world', holds: (world) => holds(world, 'peer') },
];

/** The monitor of `message-id-monotonicity` remembers the same as the ghosts. */
export const usedIsRemembered: readonly Clause[] = rememberedOfEach(
  'USED-IS-REMEMBERED',
  'the highest Message ID used that the property remembers is the highest.',
  ({ memory, ghosts }, end) =>
    ((memory as Readonly<Partial<Record<Endpoint, number>>>)[end] ?? -1) === ghosts[ghostOf('usedBy', end)],
);

/** A request is sent once, under one Message ID. */
export const oneIdForARequest: readonly Clause[] = [
  ...rememberedOfEach(
    'CONTENT-NEW',
    'the request that is looked at was made, if it was sent.',
    ({ ghosts, made, any }, end) => (ghosts[ghostOf('idOf', end)] ?? null) === null || any < made[end],
  ),
  {
    id: 'ONE-ID-FOR-A-REQUEST',
    says: 'The request that is looked at is on the network under one Message ID.',
    of: 'message',
    holds: ({ ghosts, any }, message) =>
      message.kind !== 'request' ||
      message.content !== any ||
      ghosts[ghostOf('idOf', message.from)] === message.id,
  },
];

const expectsWhatItHasSeen = (sa: SaState): boolean =>
  sa.expectedReceive <= sa.highestSeen + 1 && sa.answered.every(({ id }) => id <= sa.highestSeen);

/** Of the peer; where that is a cluster too, of both ends. */
export const expectedNotAboveSeen: readonly Clause[] = [
  {
    id: 'EXPECTED-NOT-ABOVE-SEEN',
    says: 'The peer expects no Message ID above the one after the highest that it has seen, and it has seen all that it answered.',
    of: 'world',
    holds: (world) => ofActiveSa(world, 'peer', expectsWhatItHasSeen),
  },
  ...onlyWith(
    'cluster',
    ofEach(
      'EXPECTED-NOT-ABOVE-SEEN-AT-EITHER',
      'it expects no Message ID above the one after the highest that it has seen, and it has seen all that it answered.',
      expectsWhatItHasSeen,
    ),
  ).filter(({ id }) => id !== 'EXPECTED-NOT-ABOVE-SEEN-AT-EITHER-OF-PEER'),
];

/** The Message ID of the request of an end that is looked at; null before it was sent. */
const idOfRequest = ({ ghosts }: World, end: Endpoint): number | null => ghosts[ghostOf('idOf', end)] ?? null;

/** Each end has moved on past whatever it has processed. */
export const processedIsPast: readonly Clause[] = [
  ...expectedNotAboveSeen,
  {
    id: 'PROCESSED-IS-PAST-AT-PEER',
    says: 'The Message ID of a request that the peer has processed is below the one that it expects next, or is kept as answered.',
    peer: 'plain',
    of: 'world',
    holds: (world) =>
      !processed(world.memory, 'peer', world.any) || isPast(world.peer.sa, idOfRequest(world, 'cluster')),
  },
  ...ofClusters((end) => ({
    id: 'PROCESSED-IS-PAST-AT-CLUSTER',
    says: 'The same of the active member, unless it waits for the response to its sync request.',
    of: 'world',
    holds: (world) =>
      !processed(world.memory, end, world.any) ||
      (whileInStep(world, (sa) => isPast(sa, idOfRequest(world, otherThan(end))), end) &&
        idOfRequest(world, otherThan(end)) !== null),
  })),
  ...ofClusters((end) => ({
    id: 'P2-ABOVE-PROCESSED',
    says: 'P2 of a response with the nonce that the active member waits for is above the Message ID of every request that the cluster has processed.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-response' ||
      !processed(world.memory, end, world.any) ||
      whileSyncing(
        world,
        ({ nonce }) =>
          message.nonce !== nonce || message.p2 > (idOfRequest(world, otherThan(end)) ?? Infinity),
        end,
      ),
  })),
  {
    id: 'SENT-BELOW-NEXT-OF-PEER',
    says: 'The peer sends next above the request of its own that is looked at.',
    peer: 'plain',
    of: 'world',
    holds: (world) => world.peer.sa.expectedSend > (idOfRequest(world, 'peer') ?? -1),
  },
  ...onlyWith(
    'cluster',
    rememberedOfEach(
      'ID-NOT-ABOVE-USED',
      'the request that is looked at has no Message ID above the highest that was used.',
      (world, end) => (idOfRequest(world, end) ?? -1) <= usedBy(world, end),
    ),
  ),
  ...onlyWith('cluster', [...m2AboveM1, ...nextAboveUsed]),
];

const processed = (memory: unknown, end: Endpoint, item: unknown): boolean =>
  (memory as Readonly<Record<Endpoint, readonly unknown[]>>)[end].includes(item);

/** Whether an end has processed a request with a Message ID, or will not do so any more. */
export const isPast = (
  { expectedReceive, answered }: Pick<SaState, 'expectedReceive' | 'answered'>,
  id: number | null,
): boolean => id !== null && (id < expectedReceive || answered.some((each) => each.id === id));

/** The M1 of the sync request of an end that is looked at; null before it was sent. */
const m1LookedAt = ({ ghosts }: World, end: Endpoint): number | null =>
  ghosts[end === 'cluster' ? 'm1Of' : 'm1OfPeer'] ?? null;

/** The highest M2 that an end has answered. */
const answeredBy = ({ ghosts }: World, end: Endpoint): number => ghosts[ghostOf('m2By', end)] ?? -1;

/** The sync request that is looked at is one. */
const oneSyncRequest: readonly Clause[] = [
  ...ofClusters((end) => ({
    id: 'ONE-M1-FOR-THE-NONCE',
    says: 'The sync request that is looked at is on the network with one M1.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-request' ||
      message.nonce !== nonceOf(end, world.any) ||
      m1LookedAt(world, end) === message.m1,
  })),
  ...ofClusters((end) => ({
    id: 'NONCE-NEW',
    says: 'The nonce of the sync request that is looked at was drawn, if that was sent.',
    of: 'world',
    holds: (world) => m1LookedAt(world, end) === null || world.any < drawnBy(world, end),
  })),
];

/**
 * Whether the M1 of the sync request that is looked at is among the values that the other end has seen: of all, or of
 * earlier sync requests alone, as it compares. One that counts requests only goes by the Failover Count.
 */
function isSeen(world: World, end: Endpoint, { m1Seen, highestSeen }: SaState): boolean {
  const { m1Compare, m2Counts } = world.settings;
  const m1 = m1LookedAt(world, end);
  if (m1 === null) return false;
  const hasCount = end === 'cluster' && (world.ghosts['countOf'] ?? null) !== null;
  return (
    (m2Counts === 'requests-only' && hasCount) ||
    m1 <= (m1Compare === 'earlier-syncs' ? (m1Seen ?? -1) : highestSeen)
  );
}

/**
 * What took effect is too old from then on, for the active member of the other end; where that is a cluster too, also for
 * whichever member takes over there, as it is assumed.
 *
 * @param tookEffect whether the sync request of an end that is looked at did
 */
const isStale = (
  id: string,
  what: string,
  tookEffect: (world: World, end: Endpoint) => boolean,
): readonly Clause[] => [
  ...ofClusters((end) => ({
    id,
    says: `A sync request ${what} was sent, and its M1 is not above the highest value that the peer has seen, of those that it compares M1 with.`,
    of: 'world',
    holds: (world) =>
      !tookEffect(world, end) || ofActiveSa(world, otherThan(end), (sa) => isSeen(world, end, sa)),
  })),
  ...onlyWith(
    'cluster',
    ofClusters((end) => ({
      id: 'M1-NOT-ABOVE-ANSWERED',
      says: `The M1 of a sync request ${what} is not above the highest M2 that the peer has answered.`,
      of: 'world',
      holds: (world) =>
        !tookEffect(world, end) || (m1LookedAt(world, end) ?? Infinity) <= answeredBy(world, otherThan(end)),
    })),
  ),
];

/** A sync request that took effect is too old from then on. */
export const acceptedIsStale: readonly Clause[] = [
  ...oneSyncRequest,
  ...isStale('ACCEPTED-IS-STALE', 'that took effect', ({ memory, any }, end) =>
    (memory as readonly unknown[]).includes(nonceOf(end, any)),
  ),
];

/** A request is known by its Message ID, at both ends. */
export const oneRequestForAnId: readonly Clause[] = [
  ...rememberedOfEach(
    'ID-USED',
    'a Message ID under which a request was sent is not above the highest that was used.',
    ({ ghosts, any }, end) =>
      (ghosts[ghostOf('contentAt', end)] ?? null) === null || any <= (ghosts[ghostOf('usedBy', end)] ?? -1),
  ),
  {
    id: 'ONE-REQUEST-FOR-AN-ID',
    says: 'Under one Message ID of an end there is one request on the network.',
    of: 'message',
    holds: ({ ghosts, any }, message) =>
      message.kind !== 'request' ||
      message.id !== any ||
      ghosts[ghostOf('contentAt', message.from)] === message.content,
  },
  {
    id: 'RESPONSE-ANSWERS-THE-REQUEST',
    says: 'A response with that Message ID answers this request.',
    of: 'message',
    holds: ({ ghosts, any }, message) =>
      message.kind !== 'response' ||
      message.id !== any ||
      ghosts[ghostOf('contentAt', otherThan(message.from))] === message.answers,
  },
  ...ofEach(
    'THE-REQUEST-IS-UNDER-WAY',
    'what is under way with that Message ID is this request.',
    (sa, world, end) => isUnderWay(sa, world.any, world.ghosts[ghostOf('contentAt', end)] ?? null),
  ),
];

const isUnderWay = ({ outstanding }: SaState, any: number, request: number | null): boolean =>
  outstanding.every(({ id, content }) => id !== any || content === request);

interface Shown {
  readonly sends: number;
  readonly expects: number;
}

const shownBy = (memory: unknown, end: Endpoint): Shown =>
  (memory as Readonly<Partial<Record<Endpoint, Shown>>>)[end] ?? { sends: 0, expects: 0 };

/** What an end has shown to send and to expect next is not above what it sends and expects. */
export const shownIsPast: readonly Clause[] = [
  ...ofClusters((end) => ({
    id: 'NEXT-NOT-BELOW-SHOWN',
    says: 'An active member that does not wait for a response sends and expects next no less than what its cluster has shown.',
    of: 'world',
    holds: (world) =>
      whileInStep(
        world,
        ({ expectedSend, expectedReceive }) => {
          const { sends, expects } = shownBy(world.memory, end);
          return expectedSend >= sends && expectedReceive >= expects;
        },
        end,
      ),
  })),
  ...onlyWith('plain', [
    {
      id: 'M1-NOT-BELOW-SHOWN',
      says: 'The M1 that the active member waits with is not below what its cluster has shown to send next.',
      of: 'world',
      holds: (world) => whileSyncing(world, ({ m1 }) => m1 >= shownBy(world.memory, 'cluster').sends),
    },
    {
      id: 'P2-NOT-BELOW-SHOWN',
      says: 'P2 of a response with the nonce that the active member waits for is not below what its cluster has shown to expect next.',
      of: 'message',
      holds: (world, message) =>
        message.kind !== 'sync-response' ||
        whileSyncing(
          world,
          ({ nonce }) => message.nonce !== nonce || message.p2 >= shownBy(world.memory, 'cluster').expects,
        ),
    },
    {
      id: 'NEXT-OF-PEER-NOT-BELOW-SHOWN',
      says: 'The peer sends and expects next no less than what it has shown, and sends next no less than what the cluster has shown to expect.',
      of: 'world',
      holds: ({ peer: { sa }, memory }) => {
        const { sends, expects } = shownBy(memory, 'peer');
        return (
          sa.expectedSend >= sends &&
          sa.expectedReceive >= expects &&
          sa.expectedSend >= shownBy(memory, 'cluster').expects
        );
      },
    },
  ]),
];

/** Nothing that the cluster has of the peer is ahead of the peer. */
export const notAheadOfPeer: readonly Clause[] = onlyWith('plain', [
  {
    id: 'SENT-BY-PEER-BELOW-NEXT',
    says: 'Requests of the peer, and each P2, are not above what it sends next.',
    of: 'message',
    holds: ({ peer: { sa } }, message) =>
      message.kind === 'request' && message.from === 'peer'
        ? message.id < sa.expectedSend
        : message.kind !== 'sync-response' || message.p2 <= sa.expectedSend,
  },
  {
    id: 'EXPECTED-NOT-AHEAD',
    says: 'The active member expects no Message ID above the one that the peer sends next, and has answered none from there on.',
    of: 'world',
    holds: (world) => world.isClosed || isNotAhead(world.cluster.sa, world.peer.sa.expectedSend),
  },
  {
    id: 'EXPECTED-NOT-AHEAD-OF-STANDBY',
    says: 'The same of every snapshot.',
    of: 'standby',
    holds: (world, snapshot) => isNotAhead(snapshot, world.peer.sa.expectedSend),
  },
]);

/** Whether an end expects and has answered nothing from there on that the other end sends next. */
const isNotAhead = ({ expectedReceive, answered }: SaState, next: number): boolean =>
  expectedReceive <= next && answered.every(({ id }) => id < next);

/** The highest value of the other end that an end has learnt from sync messages. */
const learntBy = ({ ghosts }: World, end: Endpoint): number => ghosts[ghostOf('learntBy', end)] ?? -1;

/** Between two clusters: what an end shows is past at both, whichever members are active. */
export const shownBetweenClusters: readonly Clause[] = onlyWith('cluster', [
  ...ofClusters((end) => ({
    id: 'M1-OR-NEXT-NOT-BELOW-SHOWN',
    says: 'The M1 that the active member waits with, or what it has for next to send since it answered, is not below what its cluster has shown to send next.',
    of: 'world',
    holds: (world) =>
      whileSyncing(
        world,
        ({ m1 }, { expectedSend }) => Math.max(m1, expectedSend) >= shownBy(world.memory, end).sends,
        end,
      ),
  })),
  ...ofClusters((end) => ({
    id: 'USED-BELOW-SHOWN',
    says: 'The Message IDs that the cluster has used are below what it has shown to send next.',
    of: 'world',
    holds: (world) => usedBy(world, end) < shownBy(world.memory, end).sends,
  })),
  ...ofClusters((end) => ({
    id: 'EXPECTED-WAS-SHOWN',
    says: 'What the cluster has shown to expect next is not above what the peer has shown to send next.',
    of: 'world',
    holds: (world) => shownBy(world.memory, end).expects <= shownBy(world.memory, otherThan(end)).sends,
  })),
  ...ofClusters((end) => ({
    id: 'EXPECTED-IS-LEARNT-OR-USED',
    says: 'What the cluster has shown to expect next is at most one above what it has learnt from sync messages, or above the Message IDs that the peer has used.',
    of: 'world',
    holds: (world) =>
      shownBy(world.memory, end).expects <= Math.max(learntBy(world, end), usedBy(world, otherThan(end))) + 1,
  })),
  ...ofClusters((end) => ({
    id: 'LEARNT-IS-SEEN',
    says: 'The active member has seen what its cluster has learnt from sync messages.',
    of: 'world',
    holds: (world) => ofActiveSa(world, end, (sa) => sa.highestSeen >= learntBy(world, end)),
  })),
  ...ofClusters((end) => ({
    id: 'NOT-AHEAD-OF-SHOWN',
    says: 'The active member expects no Message ID above the one that the peer has shown to send next, and has answered none from there on.',
    of: 'world',
    holds: (world) =>
      ofActiveSa(world, end, (sa) => isNotAhead(sa, shownBy(world.memory, otherThan(end)).sends)),
  })),
  ...ofClusters((end) => ({
    id: 'NOT-AHEAD-OF-SHOWN-OF-STANDBY',
    says: 'The same of every snapshot.',
    of: 'standby',
    holds: (world, snapshot) => isNotAhead(snapshot, shownBy(world.memory, otherThan(end)).sends),
  })),
  ...ofClusters((end) => ({
    id: 'SENT-WAS-SHOWN',
    says: 'Requests of the cluster have Message IDs that it has used; and each M1 and P2 of it is not above what it has shown to send next.',
    of: 'message',
    holds: (world, message) =>
      message.from !== end ||
      (message.kind === 'request'
        ? message.id <= usedBy(world, end)
        : message.kind === 'sync-request'
          ? message.m1 <= shownBy(world.memory, end).sends
          : message.kind !== 'sync-response' || message.p2 <= shownBy(world.memory, end).sends),
  })),
  ...ofClusters((end) => ({
    id: 'M1-LEARNT-OR-ABOVE-USED',
    says: 'An M1 of the cluster is not above what the peer has learnt from sync messages, or is above the Message IDs that the cluster has used.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-request' ||
      message.from !== end ||
      message.m1 <= learntBy(world, otherThan(end)) ||
      message.m1 > usedBy(world, end),
  })),
  ...ofClusters((end) => ({
    id: 'M1-LEARNT-IN-STEP',
    says: 'While the active member waits for no response, no M1 of its cluster is above what the peer has learnt from sync messages.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-request' ||
      message.from !== end ||
      whileInStep(world, () => message.m1 <= learntBy(world, otherThan(end)), end),
  })),
  ...ofClusters((end) => ({
    id: 'M1-IS-HIGHEST',
    says: 'No M1 of the cluster is above the one that the active member waits with.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-request' ||
      message.from !== end ||
      whileSyncing(world, ({ m1 }) => message.m1 <= m1, end),
  })),
  ...ofClusters((end) => ({
    id: 'ANSWERED-IS-LEARNT',
    says: 'Once there is a response with the nonce that the active member waits for, the peer has learnt its M1.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-response' ||
      whileSyncing(
        world,
        ({ nonce, m1 }) => message.nonce !== nonce || m1 <= learntBy(world, otherThan(end)),
        end,
      ),
  })),
  ...ofClusters((end) => ({
    id: 'P2-OR-EXPECTED-NOT-BELOW-SHOWN',
    says: 'P2 of a response with the nonce that the active member waits for, or what this has for next to expect since it answered, is not below what its cluster has shown to expect next.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-response' ||
      whileSyncing(
        world,
        ({ nonce }, { expectedReceive }) =>
          message.nonce !== nonce ||
          Math.max(message.p2, expectedReceive) >= shownBy(world.memory, end).expects,
        end,
      ),
  })),
]);

/** The Failover Count that members know is not below the last one. */
export const countIsKnown: readonly Clause[] = [
  ...ofClusters((end) => ({
    id: 'COUNT-KNOWN',
    says: 'The active member knows a Failover Count no lower than the last one of its cluster.',
    of: 'world',
    holds: (world) => ofActiveSa(world, end, (sa) => sa.failoverCount >= counted(world, end)),
  })),
  ...ofClusters((end) => ({
    id: 'COUNT-KNOWN-OF-STANDBY',
    says: 'The same of every snapshot.',
    of: 'standby',
    holds: (world, snapshot) => snapshot.failoverCount >= counted(world, end),
  })),
];

const counted = ({ memory }: World, end: Endpoint): number =>
  (memory as Readonly<Record<Endpoint, number>>)[end];

const childrenOfEnd = (world: World, end: Endpoint, holds: (child: ChildSa) => boolean): boolean =>
  ofActiveSa(world, end, (sa) => sa.childSas.every(holds));

/** The counter of an end is not below any sequence number that it has sent. */
export const counterAboveSent: readonly Clause[] = [
  ...rememberedOfEach(
    'COUNTER-NOT-BELOW-SENT',
    'its ESP counter is not below any sequence number that was sent.',
    (world, end) =>
      childrenOfEnd(world, end, ({ sent }) => sent >= (world.ghosts[ghostOf('sentBy', end)] ?? 0)),
  ),
  ...rememberedOfEach(
    'SENT-IS-REMEMBERED',
    'the number that is looked at is not above the highest that was sent, if it was sent.',
    ({ memory, ghosts, any }, end) =>
      !has((memory as Readonly<Record<string, NumberSet | undefined>>)[`${end} ${SPI}`] ?? emptySet, any) ||
      any <= (ghosts[ghostOf('sentBy', end)] ?? 0),
  ),
];

/** A packet that was accepted is too old, or known to have come. */
export const acceptedIsOld: readonly Clause[] = [
  ...rememberedOfEach(
    'PACKET-NEW',
    'the packet that is looked at was made, if it was sent.',
    ({ ghosts, packets, any }, end) =>
      (ghosts[ghostOf('numberOf', end)] ?? null) === null || any < packets[end],
  ),
  {
    id: 'ONE-NUMBER-FOR-A-PACKET',
    says: 'The packet that is looked at is on the network under one sequence number.',
    of: 'message',
    holds: ({ ghosts, any }, message) =>
      message.kind !== 'esp' ||
      message.content !== any ||
      ghosts[ghostOf('numberOf', message.from)] === message.number,
  },
  ...rememberedOfEach(
    'ACCEPTED-IS-OLD',
    'the packet that is looked at is behind the anti-replay window or known to have come, if it was accepted.',
    (world, end) =>
      !processed(world.memory, end, world.any) ||
      isSent(world, otherThan(end), (number) =>
        childrenOfEnd(
          world,
          end,
          ({ received, replayWindow }) =>
            number <= received.highest - replayWindow || received.seen.includes(number),
        ),
      ),
  ),
  ...ofClusters((end) => ({
    id: 'ACCEPTED-IS-COUNTED',
    says: 'The packet that is looked at has no number above the highest that the cluster has accepted, if that accepted it.',
    of: 'world',
    holds: (world) =>
      !processed(world.memory, end, world.any) ||
      isSent(world, otherThan(end), (number) => number <= (world.ghosts[ghostOf('acceptedBy', end)] ?? 0)),
  })),
];

/** That the packet that is looked at was sent, and something of its number. */
const isSent = ({ ghosts }: World, end: Endpoint, holds: (number: number) => boolean): boolean => {
  const number = ghosts[ghostOf('numberOf', end)] ?? null;
  return number !== null && holds(number);
};

/** A sync request whose delta was added is too old from then on. */
export const addedIsStale: readonly Clause[] = [
  ...oneSyncRequest,
  ...isStale('ADDED-IS-STALE', 'whose delta the peer has added', ({ memory, any }, end) =>
    processed(memory, otherThan(end), nonceOf(end, any)),
  ),
];

/** Of revisions with a Failover Count: where sync requests have none, these say nothing. */
const oneCount: readonly Clause[] = [
  {
    id: 'ONE-COUNT-FOR-THE-NONCE',
    says: 'The sync request that is looked at is on the network with one Failover Count, where sync requests have one.',
    of: 'message',
    holds: ({ ghosts, any }, message) =>
      message.kind !== 'sync-request' ||
      message.nonce !== any ||
      (message.failoverCount ?? null) === (ghosts['countOf'] ?? null),
  },
];

const isObserved = ({ peer: { sa }, ghosts }: World): boolean =>
  (ghosts['countOf'] ?? null) === null || (ghosts['countOf'] ?? Infinity) <= sa.failoverCountSeen;

/** A sync request that took effect has a Failover Count that is observed from then on. */
export const acceptedCountIsObserved: readonly Clause[] = onlyWith('plain', [
  ...oneCount,
  {
    id: 'ACCEPTED-COUNT-IS-OBSERVED',
    says: 'The Failover Count of a sync request that took effect, if it had one, is not above the highest that the peer has observed.',
    of: 'world',
    holds: (world) => !(world.memory as readonly unknown[]).includes(world.any) || isObserved(world),
  },
]);

/** The same of one whose delta was added. */
export const addedCountIsObserved: readonly Clause[] = onlyWith('plain', [
  ...oneCount,
  {
    id: 'ADDED-COUNT-IS-OBSERVED',
    says: 'The Failover Count of a sync request whose delta the peer has added, if it had one, is not above the highest that the peer has observed.',
    of: 'world',
    holds: (world) => !processed(world.memory, 'peer', world.any) || isObserved(world),
  },
]);

const countsVectors = ({ settings: { ikeIv } }: World): boolean => ikeIv === 'counter';

/** No initialization vector that an end has used comes again, where they are counted. */
export const countAboveVectors: readonly Clause[] = [
  ...rememberedOfEach(
    'IV-COUNT-ABOVE-USED',
    'where it counts its initialization vectors, the next is above all that were used.',
    (world, end) => {
      const isAbove = ({ ivsSpent }: SaState): boolean =>
        (ivsSpent ?? 0) > (world.ghosts[ghostOf('ivUsedBy', end)] ?? -1);
      return !countsVectors(world) || ofActiveSa(world, end, isAbove);
    },
  ),
  ...rememberedOfEach(
    'IV-USED-IS-REMEMBERED',
    'the initialization vector that is looked at is not above the highest that was used, if it was used.',
    ({ memory, ghosts, any }, end) =>
      !has((memory as Readonly<Partial<Record<Endpoint, NumberSet>>>)[end] ?? emptySet, any) ||
      any <= (ghosts[ghostOf('ivUsedBy', end)] ?? -1),
  ),
];

/** What is under way has no sequence number above those that were sent. */
export const packetsWereSent: readonly Clause[] = [
  {
    id: 'NUMBER-WAS-REACHED',
    says: 'No packet has a sequence number above the highest that its end has sent.',
    of: 'message',
    holds: ({ ghosts }, message) =>
      message.kind !== 'esp' || message.number <= (ghosts[ghostOf('sentBy', message.from)] ?? 0),
  },
];

const makesVectorsOfIds = ({ settings: { ikeIv } }: World): boolean => ikeIv === 'message-id';

/** Statements that are made only where initialization vectors are made from Message IDs. */
const whereMadeOfIds = (clauses: readonly Clause[]): readonly Clause[] =>
  clauses.map((clause): Clause => {
    const said = {
      id: `IV-${clause.id}`,
      says: `Where initialization vectors are made from Message IDs: ${clause.says}`,
    };
    if (clause.of === 'world') {
      return {
        ...clause,
        ...said,
        holds: (world: World) => !makesVectorsOfIds(world) || clause.holds(world),
      };
    }
    if (clause.of === 'standby') {
      return {
        ...clause,
        ...said,
        holds: (world: World, snapshot: SaState) =>
          !makesVectorsOfIds(world) || clause.holds(world, snapshot),
      };
    }
    return {
      ...clause,
      ...said,
      holds: (world: World, message: Message) => !makesVectorsOfIds(world) || clause.holds(world, message),
    };
  });

const withVector = (
  { ghosts }: World,
  kind: 'requestWithVector' | 'responseWithVector',
  end: Endpoint,
): number | null => ghosts[ghostOf(kind, end)] ?? null;

const isNone = (id: number | null, holds: (id: number) => boolean): boolean => id === null || holds(id);

/**
 * No Message ID but 0 has two requests or two responses of an end, so that no vector made from one comes again: what an
 * end answered is past, and what it sends next is above all that it sent.
 */
export const vectorsOfIds: readonly Clause[] = whereMadeOfIds([
  ...nonces,
  ...answeredInWindow,
  ...expectedNotAboveSeen,
  ...m2AboveM1,
  ...nextAboveUsed,
  ...notAheadOfPeer.filter(({ id }) => id === 'SENT-BY-PEER-BELOW-NEXT'),
  ...rememberedOfEach(
    'OF-A-MESSAGE',
    'the initialization vector that is looked at was made from one Message ID, if it was used.',
    (world, end) =>
      !has((world.memory as Readonly<Partial<Record<Endpoint, NumberSet>>>)[end] ?? emptySet, world.any) ||
      withVector(world, 'requestWithVector', end) !== null ||
      withVector(world, 'responseWithVector', end) !== null,
  ),
  ...rememberedOfEach(
    'OF-A-REQUEST',
    'a request that it was made for had half of it as its Message ID, which is not above the highest that was used.',
    (world, end) =>
      isNone(
        withVector(world, 'requestWithVector', end),
        (id) => 2 * id === world.any && id <= (world.ghosts[ghostOf('usedBy', end)] ?? -1),
      ),
  ),
  ...rememberedOfEach(
    'OF-A-RESPONSE',
    'a response that it was made for had half of it, less one, as its Message ID.',
    (world, end) => isNone(withVector(world, 'responseWithVector', end), (id) => 2 * id + 1 === world.any),
  ),
  {
    id: 'ANSWERED-IS-PAST-AT-PEER',
    says: 'The Message ID of that response of the peer is below the one that it expects next, or is kept as answered.',
    of: 'world',
    holds: (world) =>
      isNone(withVector(world, 'responseWithVector', 'peer'), (id) =>
        ofActiveSa(world, 'peer', (sa) => isPast(sa, id)),
      ),
  },
  {
    id: 'ANSWERED-IS-PAST-AT-CLUSTER',
    says: 'The same of the active member, unless it waits for the response to its sync request.',
    of: 'world',
    holds: (world) =>
      isNone(withVector(world, 'responseWithVector', 'cluster'), (id) =>
        whileInStep(world, (sa) => isPast(sa, id)),
      ),
  },
  {
    id: 'P2-ABOVE-ANSWERED',
    says: 'P2 of a response with the nonce that the active member waits for is above the Message ID of that response of the cluster.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-response' ||
      isNone(withVector(world, 'responseWithVector', 'cluster'), (id) =>
        whileSyncing(world, ({ nonce }) => message.nonce !== nonce || message.p2 > id),
      ),
  },
  {
    id: 'ANSWERED-BELOW-NEXT-OF-PEER',
    says: 'The peer sends next above the Message ID of that response of the cluster.',
    of: 'world',
    holds: (world) =>
      isNone(withVector(world, 'responseWithVector', 'cluster'), (id) => world.peer.sa.expectedSend > id),
  },
]);
