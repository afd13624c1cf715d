/**
 * Why the properties hold: statements that are true in every world that can be reached, each kept by every step. They
 * are functions of states of the model; random walks hold them as well (`theorems.test.ts`).
 */
import type { ChildSa, Endpoint, SaState } from '../model/index.ts';
import { emptySet, has, type NumberSet } from '../model/state/number-set.ts';
import { SPI } from './memory.ts';
import type { Clause, World } from './theorem.ts';

/** Of the active member, unless the cluster has closed the SA. */
const ofCluster = ({ isClosed, cluster }: World, holds: (sa: SaState) => boolean): boolean =>
  isClosed || holds(cluster.sa);

/** Of the active member, while it waits for the response to its sync request. */
const whileSyncing = (
  { isClosed, cluster }: World,
  holds: (sync: NonNullable<World['cluster']['sync']>, sa: SaState) => boolean,
): boolean => isClosed || cluster.sync === null || holds(cluster.sync, cluster.sa);

/** Of the active member, where it goes by its own counters. */
const whileInStep = ({ isClosed, cluster }: World, holds: (sa: SaState) => boolean): boolean =>
  isClosed || cluster.sync !== null || cluster.yetToAsk === true || holds(cluster.sa);

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

/** The same statement of the active member, of every standby and of the peer. */
const ofEach = (
  id: string,
  says: string,
  holds: (sa: SaState, world: World, end: Endpoint) => boolean,
): readonly Clause[] => [
  {
    id,
    says: `Of the active member: ${says}`,
    of: 'world',
    holds: (world) => ofCluster(world, (sa) => holds(sa, world, 'cluster')),
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
    holds: (world) => holds(world.peer.sa, world, 'peer'),
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

const numberOf = (nonce: unknown): number => nonce as number;

/** Each sync request has a nonce of its own. */
export const nonces: readonly Clause[] = [
  {
    id: 'NONCE-DRAWN',
    says: 'Every nonce in a sync message was drawn before.',
    of: 'message',
    holds: ({ made }, message) =>
      (message.kind !== 'sync-request' && message.kind !== 'sync-response') ||
      numberOf(message.nonce) < made.syncs,
  },
  {
    id: 'NONCE-WAITED-FOR-DRAWN',
    says: 'The nonce that the active member waits for was drawn before.',
    of: 'world',
    holds: (world) => whileSyncing(world, ({ nonce }) => numberOf(nonce) < world.made.syncs),
  },
];

/** What the response to the current sync request says. */
export const m2AboveM1: readonly Clause[] = [
  {
    id: 'ONE-M1-FOR-A-NONCE',
    says: 'A sync request with the nonce that the active member waits for has its M1.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-request' ||
      whileSyncing(world, ({ nonce, m1 }) => message.nonce !== nonce || message.m1 === m1),
  },
  {
    id: 'M2-NOT-BELOW-M1',
    says: 'M2 of a response with the nonce that the active member waits for is not below its M1.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-response' ||
      whileSyncing(world, ({ nonce, m1 }) => message.nonce !== nonce || message.m2 >= m1),
  },
  {
    id: 'M1-REMEMBERED',
    says: 'The active member remembers that its cluster has sent the M1 that it waits with.',
    of: 'world',
    holds: (world) => whileSyncing(world, ({ m1 }, { m1Sent }) => m1 <= m1Sent),
  },
];

/** What an end sends next is above all that it has used. */
export const nextAboveUsed: readonly Clause[] = [
  {
    id: 'NEXT-ABOVE-USED',
    says: 'An active member that does not wait for a response to its sync request sends next with a Message ID above all that the cluster has used.',
    of: 'world',
    holds: (world) =>
      whileInStep(world, ({ expectedSend }) => expectedSend > (world.ghosts['usedByCluster'] ?? -1)),
  },
  {
    id: 'M1-ABOVE-USED',
    says: 'The M1 that the active member waits with is above all Message IDs that the cluster has used.',
    of: 'world',
    holds: (world) => whileSyncing(world, ({ m1 }) => m1 > (world.ghosts['usedByCluster'] ?? -1)),
  },
  {
    id: 'NEXT-OF-PEER-ABOVE-USED',
    says: 'The peer sends next with a Message ID above all that it has used.',
    of: 'world',
    holds: ({ peer, ghosts }) => peer.sa.expectedSend > (ghosts['usedByPeer'] ?? -1),
  },
];

const ghostOf = (name: string, end: Endpoint): string => `${name}${end === 'cluster' ? 'Cluster' : 'Peer'}`;

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

const otherThan = (end: Endpoint): Endpoint => (end === 'cluster' ? 'peer' : 'cluster');

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

export const expectedNotAboveSeen: Clause = {
  id: 'EXPECTED-NOT-ABOVE-SEEN',
  says: 'The peer expects no Message ID above the one after the highest that it has seen, and it has seen all that it answered.',
  of: 'world',
  holds: ({ peer: { sa } }) =>
    sa.expectedReceive <= sa.highestSeen + 1 && sa.answered.every(({ id }) => id <= sa.highestSeen),
};

/** The peer has moved on past whatever it has processed. */
export const processedIsPast: readonly Clause[] = [
  expectedNotAboveSeen,
  {
    id: 'PROCESSED-IS-PAST-AT-PEER',
    says: 'The Message ID of a request that the peer has processed is below the one that it expects next, or is kept as answered.',
    of: 'world',
    holds: ({ peer: { sa }, memory, ghosts, any }) =>
      !processed(memory, 'peer', any) || isPast(sa, ghosts['idOfCluster'] ?? null),
  },
  {
    id: 'PROCESSED-IS-PAST-AT-CLUSTER',
    says: 'The same of the active member, unless it waits for the response to its sync request.',
    of: 'world',
    holds: (world) =>
      !processed(world.memory, 'cluster', world.any) ||
      (whileInStep(world, (sa) => isPast(sa, world.ghosts['idOfPeer'] ?? null)) &&
        (world.ghosts['idOfPeer'] ?? null) !== null),
  },
  {
    id: 'P2-ABOVE-PROCESSED',
    says: 'P2 of a response with the nonce that the active member waits for is above the Message ID of every request that the cluster has processed.',
    of: 'message',
    holds: (world, message) =>
      message.kind !== 'sync-response' ||
      !processed(world.memory, 'cluster', world.any) ||
      whileSyncing(
        world,
        ({ nonce }) => message.nonce !== nonce || message.p2 > (world.ghosts['idOfPeer'] ?? Infinity),
      ),
  },
  {
    id: 'SENT-BELOW-NEXT-OF-PEER',
    says: 'The peer sends next above the request of its own that is looked at.',
    of: 'world',
    holds: ({ peer, ghosts }) => peer.sa.expectedSend > (ghosts['idOfPeer'] ?? -1),
  },
];

const processed = (memory: unknown, end: Endpoint, any: number): boolean =>
  (memory as Readonly<Record<Endpoint, readonly unknown[]>>)[end].includes(any);

const isPast = (sa: SaState, id: number | null): boolean =>
  id !== null && (id < sa.expectedReceive || sa.answered.some((each) => each.id === id));

/** A sync request that took effect is too old from then on. */
export const acceptedIsStale: readonly Clause[] = [
  {
    id: 'ONE-M1-FOR-THE-NONCE',
    says: 'The sync request that is looked at is on the network with one M1.',
    of: 'message',
    holds: ({ ghosts, any }, message) =>
      message.kind !== 'sync-request' || message.nonce !== any || ghosts['m1Of'] === message.m1,
  },
  {
    id: 'NONCE-NEW',
    says: 'The nonce of the sync request that is looked at was drawn, if that was sent.',
    of: 'world',
    holds: ({ ghosts, made, any }) => (ghosts['m1Of'] ?? null) === null || any < made.syncs,
  },
  {
    id: 'ACCEPTED-IS-STALE',
    says: 'The M1 of a sync request that took effect is not above the highest value that the peer has seen.',
    of: 'world',
    holds: ({ peer: { sa }, memory, ghosts, any }) =>
      !(memory as readonly unknown[]).includes(any) || (ghosts['m1Of'] ?? Infinity) <= sa.highestSeen,
  },
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
  {
    id: 'NEXT-NOT-BELOW-SHOWN',
    says: 'An active member that does not wait for a response sends and expects next no less than what its cluster has shown.',
    of: 'world',
    holds: (world) =>
      whileInStep(world, ({ expectedSend, expectedReceive }) => {
        const { sends, expects } = shownBy(world.memory, 'cluster');
        return expectedSend >= sends && expectedReceive >= expects;
      }),
  },
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
];

/** Nothing that the cluster has of the peer is ahead of the peer. */
export const notAheadOfPeer: readonly Clause[] = [
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
    holds: (world) => world.isClosed || isNotAhead(world.cluster.sa, world),
  },
  {
    id: 'EXPECTED-NOT-AHEAD-OF-STANDBY',
    says: 'The same of every snapshot.',
    of: 'standby',
    holds: (world, snapshot) => isNotAhead(snapshot, world),
  },
];

const isNotAhead = ({ expectedReceive, answered }: SaState, { peer: { sa } }: World): boolean =>
  expectedReceive <= sa.expectedSend && answered.every(({ id }) => id < sa.expectedSend);

/** The Failover Count that members know is not below the last one. */
export const countIsKnown: readonly Clause[] = [
  {
    id: 'COUNT-KNOWN',
    says: 'The active member knows a Failover Count no lower than the last one of its cluster.',
    of: 'world',
    holds: (world) => world.isClosed || world.cluster.sa.failoverCount >= counted(world),
  },
  {
    id: 'COUNT-KNOWN-OF-STANDBY',
    says: 'The same of every snapshot.',
    of: 'standby',
    holds: (world, snapshot) => snapshot.failoverCount >= counted(world),
  },
];

const counted = ({ memory }: World): number => (memory as Readonly<Record<Endpoint, number>>).cluster;

const childrenOfEnd = (world: World, end: Endpoint, holds: (child: ChildSa) => boolean): boolean =>
  end === 'peer' ? world.peer.sa.childSas.every(holds) : ofCluster(world, (sa) => sa.childSas.every(holds));

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
  {
    id: 'ACCEPTED-IS-COUNTED',
    says: 'The packet that is looked at has no number above the highest that the cluster has accepted, if that accepted it.',
    of: 'world',
    holds: (world) =>
      !processed(world.memory, 'cluster', world.any) ||
      isSent(world, 'peer', (number) => number <= (world.ghosts['acceptedByCluster'] ?? 0)),
  },
];

/** That the packet that is looked at was sent, and something of its number. */
const isSent = ({ ghosts }: World, end: Endpoint, holds: (number: number) => boolean): boolean => {
  const number = ghosts[ghostOf('numberOf', end)] ?? null;
  return number !== null && holds(number);
};

/** A sync request whose delta was added is too old from then on. */
export const addedIsStale: readonly Clause[] = [
  ...acceptedIsStale.filter(({ id }) => id !== 'ACCEPTED-IS-STALE'),
  {
    id: 'ADDED-IS-STALE',
    says: 'The M1 of a sync request whose delta the peer has added is not above the highest value that the peer has seen.',
    of: 'world',
    holds: ({ peer: { sa }, memory, ghosts, any }) =>
      !processed(memory, 'peer', any) || (ghosts['m1Of'] ?? Infinity) <= sa.highestSeen,
  },
];
