/** What a proof may take for granted of a step: what whoever implements or operates a cluster has to see to. */
import type { SaState } from '../model/index.ts';
import type { Assumption } from './theorem.ts';

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

/** By their ids. */
export const assumptions: readonly Assumption[] = [bumpCoversLag, bumpCoversShown];
