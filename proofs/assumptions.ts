/** What a proof may take for granted of a step: what whoever implements or operates a cluster has to see to. */
import { advancesOf, type SaState } from '../model/index.ts';
import type { Assumption, StepSeen } from './theorem.ts';

/**
 * How many Message IDs at most have been used of which neither the snapshot knows, nor an M1 that it knows of.
 * (Those used since, not those that are missing: it counts to the highest.)
 */
const lag = (snapshot: SaState, next: number): number =>
  next - Math.max(snapshot.expectedSend, snapshot.m1Sent + 1);

export const bumpCoversLag: Assumption = {
  id: 'BUMP-COVERS-LAG',
  says: 'Whenever a member of the cluster takes over, the bump is at least its lag: how many Message IDs the cluster has used from the one on that its snapshot says is next, or from the one after the highest M1 that it knows to have been sent.',
  holds: ({ ghosts, settings }, { snapshot }) =>
    snapshot === null || lag(snapshot, (ghosts['usedByCluster'] ?? -1) + 1) <= settings.bump,
};

export const bumpCoversShown: Assumption = {
  id: 'BUMP-COVERS-SHOWN',
  says: 'Whenever a member of the cluster takes over, the bump covers its lag, and also what the cluster has shown to send next in sync requests and by what it adopted: M1 is not below either.',
  holds: ({ memory, settings }, { snapshot }) => {
    const { cluster } = memory as { readonly cluster?: { readonly sends: number } };
    return snapshot === null || lag(snapshot, cluster?.sends ?? 0) <= settings.bump;
  },
};

/** What holds of each Child SA that a member takes over with. */
const whenTakingOver = (
  { kind, snapshot }: StepSeen,
  holds: (child: SaState['childSas'][number]) => boolean,
): boolean => kind !== 'failover' || snapshot === null || snapshot.childSas.every(holds);

export const deltaCoversSent: Assumption = {
  id: 'DELTA-COVERS-SENT',
  says: 'Whenever a member of the cluster takes over, it advances its own ESP counters by at least as many numbers as the cluster has sent above the one that its snapshot knows.',
  holds: ({ ghosts, settings }, step) =>
    whenTakingOver(step, ({ sent }) => (ghosts['sentByCluster'] ?? 0) - sent <= advancesOf(settings).own),
};

export const moveCoversAccepted: Assumption = {
  id: 'MOVE-COVERS-ACCEPTED',
  says: 'Whenever a member of the cluster takes over, it moves its anti-replay windows up by at least as many numbers as the cluster has accepted above the highest that its snapshot knows.',
  holds: ({ ghosts, settings }, step) =>
    whenTakingOver(
      step,
      ({ received }) => (ghosts['acceptedByCluster'] ?? 0) - received.highest <= advancesOf(settings).window,
    ),
};

/** By their ids. */
export const assumptions: readonly Assumption[] = [
  bumpCoversLag,
  bumpCoversShown,
  deltaCoversSent,
  moveCoversAccepted,
];
