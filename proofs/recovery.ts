/**
 * Why the ends can always find together again. What the active member will go on with is known as soon as the peer has
 * answered its sync request; from then on either end has, of each request of the other that is under way, either yet to
 * process it or its answer at hand. And whatever has to arrive next was sent: so a schedule leads there, of a few steps.
 */
import {
  type Endpoint,
  MAX_MESSAGE_ID,
  type Message,
  type Observation,
  type PendingSync,
  requestOf,
  type SaState,
  syncRequestOf,
} from '../model/index.ts';
import {
  expectedNotAboveSeen,
  isPast,
  lists,
  m2AboveM1,
  nextAboveUsed,
  nonces,
  ofEach,
  whileSyncing,
} from './clauses.ts';
import { higher, used } from './ghosts.ts';
import type { Clause, Ghost, Progress, Scheduled, Sent, World } from './theorem.ts';

type Answer = Extract<Observation, { kind: 'sync-request-accepted' }>;

/** Of the sync request that the peer accepted last; -1 if it has accepted none. */
const lastAnswer = (says: string, of: (answer: Answer) => unknown): Ghost => ({
  says: `${says} of the sync request that the peer accepted last`,
  initial: -1,
  least: -1,
  after: (known, seen) =>
    seen.kind === 'sync-request-accepted' && seen.by === 'peer' ? (of(seen) as number) : known,
});

/** What the proof remembers of the past. */
export const recoveryGhosts: Readonly<Record<string, Ghost>> = {
  usedByCluster: used('cluster'),
  usedByPeer: used('peer'),
  m1Sent: {
    says: 'the highest M1 that the cluster has sent',
    initial: -1,
    least: -1,
    after: (known, seen) =>
      higher(known, seen.kind === 'sync-request-sent' && seen.by === 'cluster' ? seen.m1 : null),
  },
  nonceAnswered: lastAnswer('the nonce', ({ nonce }) => nonce),
  m2Answered: lastAnswer('the M2 in the response', ({ m2 }) => m2),
  p2Answered: lastAnswer('the P2 in the response', ({ p2 }) => p2),
};

const ghost = ({ ghosts }: World, name: keyof typeof recoveryGhosts): number => ghosts[name] ?? -1;

/** The counters and lists by which an end sends and receives requests. */
type Counters = Pick<SaState, 'expectedSend' | 'outstanding' | 'expectedReceive' | 'answered'>;

/** The active member where it goes by its own counters; else null. */
const inStep = ({ isClosed, cluster }: World): SaState | null =>
  isClosed || cluster.sync !== null || cluster.yetToAsk === true ? null : cluster.sa;

/** The sync request that the active member waits with; null if it waits for none. */
const waitsWith = ({ isClosed, cluster }: World): PendingSync | null => (isClosed ? null : cluster.sync);

const isAnswered = ({ peer }: World, { m1 }: PendingSync): boolean => peer.sa.highestSeen >= m1;

/**
 * What the active member goes on with: its own counters, or those that it has once the response comes that was sent to
 * it. Null if there is none yet, or the SA is closed.
 */
function goesOnWith(world: World): Counters | null {
  const sync = waitsWith(world);
  if (sync === null) return inStep(world);
  return isAnswered(world, sync)
    ? {
        expectedSend: ghost(world, 'm2Answered'),
        outstanding: [],
        expectedReceive: ghost(world, 'p2Answered'),
        answered: [],
      }
    : null;
}

const onceKnown = (world: World, holds: (counters: Counters) => boolean): boolean => {
  const counters = goesOnWith(world);
  return counters === null || holds(counters);
};

type Request = SaState['outstanding'][number];

const isAmong = (requests: readonly Request[], { id, content }: Request): boolean =>
  requests.some((each) => each.id === id && each.content === content);

/**
 * Whether one end waits for just what the other sends: each request that is under way is yet to come, or was answered;
 * and there is no gap between those that were, those that are yet to come, and the next one.
 */
const isReadyFor = (receiver: Counters, sender: Counters): boolean =>
  sender.outstanding.every(
    (request) => !isPast(receiver, request.id) || isAmong(receiver.answered, request),
  ) &&
  receiver.answered.every(({ id }) => id < sender.expectedSend) &&
  receiver.expectedReceive +
    sender.outstanding.filter(({ id }) => !isPast(receiver, id)).length +
    receiver.answered.filter(({ id }) => id >= receiver.expectedReceive).length ===
    sender.expectedSend;

/** Of every message of a kind and an end. */
const ofMessages = <Kind extends Message['kind']>(
  kind: Kind,
  from: Endpoint,
  id: string,
  says: string,
  holds: (world: World, message: Extract<Message, { kind: Kind }>) => boolean,
): Clause => ({
  id,
  says,
  of: 'message',
  holds: (world, message) =>
    message.kind !== kind ||
    message.from !== from ||
    holds(world, message as Extract<Message, { kind: Kind }>),
});

/** What the M1 of a sync request is above. */
const m1AboveSeen: readonly Clause[] = [
  {
    id: 'M1-KNOWN',
    says: 'The active member knows of the highest M1 that the cluster has sent.',
    of: 'world',
    holds: (world) => world.isClosed || world.cluster.sa.m1Sent >= ghost(world, 'm1Sent'),
  },
  {
    id: 'M1-KNOWN-OF-STANDBY',
    says: 'The same of every standby.',
    of: 'standby',
    holds: (world, snapshot) => snapshot.m1Sent >= ghost(world, 'm1Sent'),
  },
  ofMessages(
    'sync-request',
    'cluster',
    'M1-WAS-SENT',
    'No sync request has an M1 above the highest that the cluster has sent.',
    (world, { m1 }) => m1 <= ghost(world, 'm1Sent'),
  ),
  ofMessages(
    'sync-request',
    'cluster',
    'EARLIER-M1-BELOW',
    'Every other sync request has an M1 below the one that the active member waits with.',
    (world, { nonce, m1 }) => whileSyncing(world, (sync) => nonce === sync.nonce || m1 < sync.m1),
  ),
  ofMessages(
    'request',
    'cluster',
    'REQUEST-IS-USED',
    'No request of the cluster has a Message ID above the highest that it has used.',
    (world, { id }) => id <= ghost(world, 'usedByCluster'),
  ),
  {
    id: 'SEEN-WAS-SENT',
    says: 'The peer has seen no value above both the highest Message ID used and the highest M1 that the cluster has sent.',
    of: 'world',
    holds: (world) =>
      world.peer.sa.highestSeen <= Math.max(ghost(world, 'usedByCluster'), ghost(world, 'm1Sent')),
  },
];

/** What the active member asked for, and what it was answered. */
const asked: readonly Clause[] = [
  {
    id: 'ASKED-EXISTS',
    says: 'The M1 and P1 that the active member waits with are Message IDs.',
    of: 'world',
    holds: (world) => whileSyncing(world, ({ m1, p1 }) => m1 <= MAX_MESSAGE_ID && p1 <= MAX_MESSAGE_ID),
  },
  {
    id: 'ASKED-COVERS-OWN',
    says: 'What the active member sends next, expects next and has answered is covered by the M1 and P1 that it waits with.',
    of: 'world',
    holds: (world) =>
      whileSyncing(
        world,
        ({ m1, p1 }, { expectedSend, expectedReceive, answered }) =>
          expectedSend <= m1 && expectedReceive <= p1 && answered.every(({ id }) => id < p1),
      ),
  },
  ofMessages(
    'sync-request',
    'cluster',
    'ONE-P1-FOR-A-NONCE',
    'A sync request with the nonce that the active member waits for has its P1.',
    (world, { nonce, p1 }) => whileSyncing(world, (sync) => nonce !== sync.nonce || p1 === sync.p1),
  ),
  {
    id: 'SEEN-IS-ANSWERED',
    says: 'Once the peer has seen a value as high as the M1 that the active member waits with, it has accepted that very sync request, and answered with no less than was asked.',
    of: 'world',
    holds: (world) =>
      whileSyncing(
        world,
        (sync) =>
          !isAnswered(world, sync) ||
          (ghost(world, 'nonceAnswered') === sync.nonce &&
            ghost(world, 'm2Answered') >= sync.m1 &&
            ghost(world, 'p2Answered') >= sync.p1),
      ),
  },
  ofMessages(
    'sync-response',
    'peer',
    'ONE-ANSWER',
    'A response with the nonce that the active member waits for is the one that the peer sent as it accepted the sync request.',
    (world, { nonce, m2, p2 }) =>
      whileSyncing(
        world,
        (sync) =>
          nonce !== sync.nonce ||
          (isAnswered(world, sync) && m2 === ghost(world, 'm2Answered') && p2 === ghost(world, 'p2Answered')),
      ),
  ),
  ofMessages(
    'sync-request',
    'cluster',
    'ALL-STALE',
    'Once it is known what the active member goes on with, every sync request is too old to be accepted.',
    (world, { m1 }) => onceKnown(world, () => m1 <= world.peer.sa.highestSeen),
  ),
];

/** The two ends, once it is known what the active member goes on with. */
const ready: readonly Clause[] = [
  ...ofEach(
    'NEXT-NOT-ANSWERED',
    'the Message ID that is expected next was not answered, nor was one beyond the window.',
    ({ answered, expectedReceive, window }) =>
      answered.every(({ id }) => id !== expectedReceive && id < expectedReceive + window),
  ),
  ...ofEach(
    'WINDOW-KEPT',
    'no request under way is further below the one that is sent next than the window is wide.',
    ({ outstanding, expectedSend, window }) => outstanding.every(({ id }) => expectedSend <= id + window),
  ),
  {
    id: 'PEER-IS-READY',
    says: 'Once it is known what the active member goes on with, the peer has answered each of its requests that are under way, or will process it; and beyond these waits for the one that is sent next.',
    of: 'world',
    holds: (world) => onceKnown(world, (counters) => isReadyFor(world.peer.sa, counters)),
  },
  {
    id: 'CLUSTER-IS-READY',
    says: 'The same of the requests of the peer.',
    of: 'world',
    holds: (world) => onceKnown(world, (counters) => isReadyFor(counters, world.peer.sa)),
  },
  ofMessages(
    'request',
    'cluster',
    'TO-COME-IS-UNDER-WAY',
    'Once it is known what the active member goes on with, a request of the cluster that the peer would process is under way.',
    (world, request) =>
      onceKnown(
        world,
        ({ outstanding }) => isPast(world.peer.sa, request.id) || isAmong(outstanding, request),
      ),
  ),
  ofMessages(
    'request',
    'peer',
    'TO-COME-OF-PEER-IS-UNDER-WAY',
    'The same of a request of the peer; and it has a Message ID below the one that is sent next.',
    (world, request) =>
      request.id < world.peer.sa.expectedSend &&
      onceKnown(
        world,
        (counters) => isPast(counters, request.id) || isAmong(world.peer.sa.outstanding, request),
      ),
  ),
  ofMessages(
    'response',
    'peer',
    'RESPONDED-IS-PAST',
    'A response of the peer is to a request that it has processed.',
    (world, { id }) => isPast(world.peer.sa, id),
  ),
  ofMessages(
    'response',
    'cluster',
    'RESPONDED-IS-PAST-AT-CLUSTER',
    'A response of the cluster is to a request that the peer has sent and, once it is known what the active member goes on with, that this has processed.',
    (world, { id }) =>
      id < world.peer.sa.expectedSend && onceKnown(world, (counters) => isPast(counters, id)),
  ),
];

export const recoveryClauses: readonly Clause[] = [
  ...lists,
  ...nonces,
  ...m2AboveM1,
  ...nextAboveUsed,
  ...expectedNotAboveSeen,
  ...m1AboveSeen,
  ...asked,
  ...ready,
];

/** The response of an end to a request. */
const responseTo = (from: Endpoint, { id, content }: Request): Message => ({
  kind: 'response',
  from,
  id,
  answers: content,
});

const syncRequestSent: Sent = {
  id: 'SYNC-REQUEST-SENT',
  says: 'The sync request that the active member waits with was sent.',
  messages: (world, { counterSync }) => {
    const sync = waitsWith(world);
    return sync === null || counterSync === null
      ? []
      : [syncRequestOf(counterSync, 'cluster', world.cluster.sa, sync)];
  },
};

const syncResponseSent: Sent = {
  id: 'SYNC-RESPONSE-SENT',
  says: 'The response to it was sent, once the peer has accepted it.',
  messages: (world) => {
    const sync = waitsWith(world);
    if (sync === null || !isAnswered(world, sync)) return [];
    return [
      {
        kind: 'sync-response',
        from: 'peer',
        id: 0,
        nonce: ghost(world, 'nonceAnswered'),
        p2: ghost(world, 'p2Answered'),
        m2: ghost(world, 'm2Answered'),
        wellFormed: true,
        otherPayloads: [],
      },
    ];
  },
};

const requestSent: Sent = {
  id: 'REQUEST-SENT',
  says: 'Each request that is under way at an active member that does not wait was sent.',
  messages: (world) => {
    const sa = inStep(world);
    return sa === null ? [] : sa.outstanding.map((request) => requestOf('cluster', sa, request));
  },
};

const requestOfPeerSent: Sent = {
  id: 'REQUEST-OF-PEER-SENT',
  says: 'Each request that is under way at the peer was sent.',
  messages: ({ peer: { sa } }) => sa.outstanding.map((request) => requestOf('peer', sa, request)),
};

const responseSent: Sent = {
  id: 'RESPONSE-SENT',
  says: 'The response to each of the former was sent, if the peer keeps it as answered.',
  messages: (world) =>
    (inStep(world)?.outstanding ?? [])
      .filter((request) => isAmong(world.peer.sa.answered, request))
      .map((request) => responseTo('peer', request)),
};

const responseToPeerSent: Sent = {
  id: 'RESPONSE-TO-PEER-SENT',
  says: 'The response to each request under way at the peer was sent, if an active member that does not wait keeps it as answered.',
  messages: (world) => {
    const sa = inStep(world);
    return sa === null
      ? []
      : world.peer.sa.outstanding
          .filter((request) => isAmong(sa.answered, request))
          .map((request) => responseTo('cluster', request));
  },
};

const firstOf = (messages: readonly Message[]): Message | null => messages[0] ?? null;

/** The first of the requests that its receiver has yet to process. */
const firstToCome = (receiver: Counters | null, messages: readonly Message[]): Message | null =>
  receiver === null
    ? null
    : firstOf(messages.filter((each) => each.kind === 'request' && !isPast(receiver, each.id)));

/** What is done next, the first that there is. */
const schedule: readonly Scheduled[] = [
  {
    says: 'a member that has yet to ask asks',
    step: 'ask',
    isDue: ({ isClosed, cluster }) => !isClosed && cluster.yetToAsk === true,
  },
  {
    says: 'the response to its sync request arrives, if it was sent',
    step: 'receive',
    at: 'cluster',
    of: 'sync-response',
    sent: syncResponseSent,
    message: (world, revision) => firstOf(syncResponseSent.messages(world, revision)),
  },
  {
    says: 'its sync request arrives, if it waits for the response',
    step: 'receive',
    at: 'peer',
    of: 'sync-request',
    sent: syncRequestSent,
    message: (world, revision) => firstOf(syncRequestSent.messages(world, revision)),
  },
  {
    says: 'the response to a request of the cluster arrives, if it was sent',
    step: 'receive',
    at: 'cluster',
    of: 'response',
    sent: responseSent,
    message: (world, revision) => firstOf(responseSent.messages(world, revision)),
  },
  {
    says: 'a request of the cluster arrives that the peer has yet to process',
    step: 'receive',
    at: 'peer',
    of: 'request',
    sent: requestSent,
    message: (world, revision) => firstToCome(world.peer.sa, requestSent.messages(world, revision)),
  },
  {
    says: 'the response to a request of the peer arrives, if it was sent',
    step: 'receive',
    at: 'peer',
    of: 'response',
    sent: responseToPeerSent,
    message: (world, revision) => firstOf(responseToPeerSent.messages(world, revision)),
  },
  {
    says: 'a request of the peer arrives that the active member has yet to process',
    step: 'receive',
    at: 'cluster',
    of: 'request',
    sent: requestOfPeerSent,
    message: (world, revision) => firstToCome(inStep(world), requestOfPeerSent.messages(world, revision)),
  },
];

/** How many messages have yet to arrive for the requests of an end: request and response, or the response alone. */
const left = ({ outstanding }: Counters, receiver: Counters): number =>
  outstanding.reduce((total, { id }) => total + (isPast(receiver, id) ? 1 : 2), 0);

/** How many steps of the schedule are left at most. */
function stepsLeft(world: World): number {
  if (world.isClosed) return 0;
  const { sa, sync, yetToAsk } = world.cluster;
  if (yetToAsk === true) return 3;
  const { sa: peer } = world.peer;
  if (sync === null) return left(sa, peer) + left(peer, sa);
  // What was under way at the peer, it gives up as it answers; what it has sent since, is yet to come.
  return isAnswered(world, sync) ? 1 + 2 * peer.outstanding.length : 2;
}

export const recoverySchedule: Progress = {
  sent: [syncRequestSent, syncResponseSent, requestSent, requestOfPeerSent, responseSent, responseToPeerSent],
  schedule,
  stepsLeft,
};
