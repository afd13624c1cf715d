/** Properties of the counter sync exchange. */
import type { Revision } from '../revisions/revision.ts';
import type { Settings } from '../settings/settings.ts';
import type { Endpoint } from '../state/messages.ts';
import type { Nonce } from '../state/numbers.ts';
import { broken, fine, safety } from './property.ts';

const withoutSync = (
  { counterSync }: Revision,
  { failovers, peerFailovers }: Settings,
): string | undefined => {
  if (counterSync === null) return 'the revision has no counter sync';
  return failovers + peerFailovers === 0 ? 'no member fails over' : undefined;
};

/** The nonces of the sync requests that took effect. */
export const syncRequestOnce = safety<readonly Nonce[]>({
  id: 'sync-request-once',
  title: 'No sync request takes effect twice',
  says: 'No sync request takes effect twice: a copy that arrives later changes nothing.',
  rules: ['RFC6311-5.1-DROP-STALE', 'IPSECHA01-FC-OBSERVED'],
  nothingToBreak: withoutSync,
  watch: {
    initial: [],
    observe: (accepted, seen) => {
      if (seen.kind !== 'sync-request-accepted') return fine(accepted);
      if (accepted.includes(seen.nonce)) {
        return broken(`the ${seen.by} acts a second time on the sync request with nonce ${seen.nonce}`);
      }
      return fine([...accepted, seen.nonce].sort());
    },
  },
});

/** Needs no memory: each response taken is compared with the request that waited. */
export const syncResponseFresh = safety<null>({
  id: 'sync-response-fresh',
  title: 'Only the response to the current sync request is accepted',
  says: 'No sync response is accepted that does not answer the current sync request.',
  rules: ['RFC6311-5.1-NONCE-CHECK', 'RFC6311-5.1-NONCE-ECHO'],
  nothingToBreak: (revision, settings) =>
    withoutSync(revision, settings) ??
    (noncesOfAnEnd(settings) < 2
      ? 'no end sends more than one sync request, so there is one nonce'
      : undefined),
  watch: {
    initial: null,
    observe: (state, seen) =>
      seen.kind === 'sync-response-accepted' && seen.nonce !== seen.pending
        ? broken(
            `the ${seen.by} accepts the response to nonce ${seen.nonce} while it waits for nonce ${seen.pending}`,
          )
        : fine(state),
  },
});

/** Needs no memory: each sync message that is sent or acted on shows what was announced. */
export const syncNegotiated = safety<null>({
  id: 'sync-negotiated',
  title: 'Sync messages only after negotiation',
  says: 'No sync request is sent, and none is acted on, unless both ends announced IKEV2_MESSAGE_ID_SYNC_SUPPORTED; nor is a delta added unless both announced IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED.',
  rules: ['RFC6311-5-NEGOTIATED', 'RFC6311-5-REPLAY-NEGOTIATED'],
  nothingToBreak: (revision, settings) =>
    withoutSync(revision, settings) ??
    (settings.messageIdSync === 'both' &&
    (revision.replaySync === null || settings.replayCounterSync === 'both')
      ? 'both ends announced it'
      : undefined),
  watch: {
    initial: null,
    observe: (state, seen) =>
      (seen.kind === 'sync-request-sent' ||
        seen.kind === 'sync-request-accepted' ||
        seen.kind === 'delta-applied') &&
      !(seen.announced.own && seen.announced.other)
        ? broken(
            `the ${seen.by} uses ${seen.kind === 'delta-applied' ? 'replay counter sync' : 'counter sync'}, which was not negotiated`,
          )
        : fine(state),
  },
});

/** Needs no memory: a request that begins a sync anew says so. */
export const syncOncePerFailover = safety<null>({
  id: 'sync-once-per-failover',
  title: 'Counter sync is begun once for each failover',
  says: 'A newly active member begins counter sync once: what it sends again is the same sync request.',
  rules: ['RFC6311-7-ONCE-PER-FAILOVER'],
  nothingToBreak: withoutSync,
  watch: {
    initial: null,
    observe: (state, seen) =>
      seen.kind === 'sync-request-sent' && seen.again === true
        ? broken(`the ${seen.by} begins counter sync a second time for the same failover, with M1 ${seen.m1}`)
        : fine(state),
  },
});

/** The Failover Count of the last failover of each end; -1 before the first, which may carry 0 (`first-count`). */
export const failoverCountIncreases = safety<Readonly<Record<Endpoint, number>>>({
  id: 'failover-count-increases',
  title: 'Each failover has a higher Failover Count than the one before',
  says: 'Where sync requests carry a Failover Count, it strictly increases with each failover of a logical endpoint, whichever of its members takes over. A sync request that is sent again belongs to the same failover; one that replaces another may count anew (fresh-count).',
  rules: ['IPSECHA01-FC-CARRY', 'IPSECHA01-FC-MEMBERS'],
  nothingToBreak: (revision, settings) =>
    withoutSync(revision, settings) ??
    (revision.counterSync?.nextCount === undefined ? 'the revision has no Failover Count' : undefined),
  watch: {
    initial: { cluster: -1, peer: -1 },
    observe: (counts, seen) => {
      if (seen.kind !== 'failover-counted') return fine(counts);
      if (seen.count <= counts[seen.by]) {
        return broken(
          `a failover of the ${seen.by} has Failover Count ${seen.count}; the one before had ${counts[seen.by]}`,
        );
      }
      if (seen.count <= seen.known) {
        return broken(
          `a failover of the ${seen.by} has Failover Count ${seen.count}, not one above ${seen.known}, which it knew`,
        );
      }
      return fine({ ...counts, [seen.by]: seen.count });
    },
  },
});

/** The model's own messages are well formed by construction; an author's rules may let others in. */
export const syncWellFormed = safety<null>({
  id: 'sync-well-formed',
  title: 'Sync messages are well formed, alone, and have Message ID 0',
  says: 'A sync message has a nonce of 4 octets and two Message IDs, stands alone in its exchange, and has Message ID 0.',
  rules: ['RFC6311-6.3-FORMAT', 'RFC6311-5.1-ALONE', 'RFC6311-5.1-MID-ZERO'],
  nothingToBreak: (revision, settings) =>
    withoutSync(revision, settings) ?? 'no box of the model sends a malformed sync message',
  watch: {
    initial: null,
    observe: (state, seen) =>
      seen.kind === 'sync-request-accepted' && !seen.wellFormed
        ? broken(`the ${seen.by} acts on a sync request that is not well formed`)
        : fine(state),
  },
});

/** How many sync requests an end sends at most: one for each failover, and those that replace another. */
const noncesOfAnEnd = ({ failovers, peerFailovers, retry, retries }: Settings): number =>
  Math.max(failovers, peerFailovers) + (retry === 'fresh' ? retries : 0);
