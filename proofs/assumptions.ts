/** What a proof may take for granted of a step: what whoever implements or operates a cluster has to see to. */
import { advancesOf, type Endpoint, type SaState } from '../model/index.ts';
import { ghostOf } from './ghosts.ts';
import type { Assumption, StepSeen, World } from './theorem.ts';

/** What is remembered of an end. */
const known = ({ ghosts }: World, name: string, end: Endpoint, none: number): number =>
  ghosts[ghostOf(name, end)] ?? none;

/**
 * How many Message IDs at most have been used of which neither the snapshot knows, nor an M1 that it knows of.
 * (Those used since, not those that are missing: it counts to the highest.)
 */
const lag = (snapshot: SaState, next: number): number =>
  next - Math.max(snapshot.expectedSend, snapshot.m1Sent + 1);

/** What an end has shown to send next; 0 before it has. */
const shownToSend = (memory: unknown, end: Endpoint): number =>
  (memory as Readonly<Partial<Record<Endpoint, { readonly sends: number }>>>)[end]?.sends ?? 0;

export const bumpCoversLag: Assumption = {
  id: 'BUMP-COVERS-LAG',
  says: 'Whenever a member of the cluster takes over, the bump is at least its lag: how many Message IDs the cluster has used from the one on that its snapshot says is next, or from the one after the highest M1 that it knows to have been sent.',
  holds: (world, { by, snapshot }) =>
    snapshot === null || lag(snapshot, known(world, 'usedBy', by, -1) + 1) <= world.settings.bump,
};

export const bumpCoversShown: Assumption = {
  id: 'BUMP-COVERS-SHOWN',
  says: 'Whenever a member of the cluster takes over, the bump covers its lag, and also what the cluster has shown to send next in sync requests and by what it adopted: M1 is not below either.',
  holds: ({ memory, settings }, { by, snapshot }) =>
    snapshot === null || lag(snapshot, shownToSend(memory, by)) <= settings.bump,
};

/** What holds of each Child SA that a member takes over with. */
const whenTakingOver = (
  { kind, snapshot }: StepSeen,
  holds: (child: SaState['childSas'][number]) => boolean,
): boolean => kind !== 'failover' || snapshot === null || snapshot.childSas.every(holds);

export const deltaCoversSent: Assumption = {
  id: 'DELTA-COVERS-SENT',
  says: 'Whenever a member of the cluster takes over, it advances its own ESP counters by at least as many numbers as the cluster has sent above the one that its snapshot knows.',
  holds: (world, step) =>
    whenTakingOver(
      step,
      ({ sent }) => known(world, 'sentBy', step.by, 0) - sent <= advancesOf(world.settings).own,
    ),
};

export const moveCoversAccepted: Assumption = {
  id: 'MOVE-COVERS-ACCEPTED',
  says: 'Whenever a member of the cluster takes over, it moves its anti-replay windows up by at least as many numbers as the cluster has accepted above the highest that its snapshot knows.',
  holds: (world, step) =>
    whenTakingOver(
      step,
      ({ received }) =>
        known(world, 'acceptedBy', step.by, 0) - received.highest <= advancesOf(world.settings).window,
    ),
};

export const syncRequestsCopied: Assumption = {
  id: 'SYNC-REQUESTS-COPIED',
  says: 'Whenever a member of the cluster takes over, its snapshot is no older than the last sync request of the other end that its cluster has acted on: the highest value that it has seen is not below any M2 that the cluster has answered.',
  holds: (world, { by, snapshot }) =>
    snapshot === null || snapshot.highestSeen >= known(world, 'm2By', by, -1),
};

export const syncsCopied: Assumption = {
  id: 'SYNCS-COPIED',
  says: 'Whenever a member of the cluster takes over, its snapshot is no older than the last sync message of the other end that its cluster has acted on: the highest value that it has seen is not below any M2 that the cluster has answered, nor below what came before any P2 that it has gone on with.',
  holds: (world, { by, snapshot }) =>
    snapshot === null || snapshot.highestSeen >= known(world, 'learntBy', by, -1),
};

export const vectorsAreKnown: Assumption = {
  id: 'IVS-ARE-KNOWN',
  says: 'Whenever a member of the cluster takes over that counts its initialization vectors, its snapshot knows of all that the cluster has used.',
  holds: (world, { kind, by, snapshot }) =>
    kind !== 'failover' ||
    snapshot === null ||
    world.settings.ikeIv !== 'counter' ||
    (snapshot.ivsSpent ?? 0) > known(world, 'ivUsedBy', by, -1),
};

/** How many sequence numbers share the half that is sent. */
const HALF = 2 ** 32;

export const notFarAhead: Assumption = {
  id: 'NOT-FAR-AHEAD',
  says: 'Whenever something arrives, the highest sequence number that the other end has sent is at most 2^32 - W above the top of the anti-replay window of the receiver, which has the size W, or below 2^32.',
  holds: (world, { kind, by }) => {
    if (kind !== 'receive') return true;
    const sent = world.ghosts[by === 'cluster' ? 'sentByPeer' : 'sentByCluster'] ?? 0;
    const { sa } = by === 'cluster' ? world.cluster : world.peer;
    return sa.childSas.every(
      ({ received, replayWindow }) => sent < HALF || sent <= received.highest + HALF - replayWindow,
    );
  },
};

export const zeroApart: Assumption = {
  id: 'ZERO-APART',
  says: 'No message with Message ID 0, as every sync message is, has an initialization vector made from it: these are made in another way, and are none of the others. (Of those that are made from Message IDs, that is all but 0 and 1.)',
  holds: ({ any, settings }) => settings.ikeIv !== 'message-id' || any > 1,
};

/** By their ids. */
export const assumptions: readonly Assumption[] = [
  bumpCoversLag,
  bumpCoversShown,
  deltaCoversSent,
  moveCoversAccepted,
  syncRequestsCopied,
  syncsCopied,
  vectorsAreKnown,
  notFarAhead,
  zeroApart,
];
