/**
 * The composition: two logical endpoints, a cluster and a peer that may be one too, and all the steps that are possible
 * there (`environment.ts`). The IKE SA and its Child SAs are established, and every member knows their state.
 *
 * The network is not here (`network.ts`): over the strongest it is the set of all messages ever sent, any of which
 * may arrive at any time and any number of times. So loss (never arriving), delay, reordering, duplication and
 * replay are all in it.
 */
import { withInitialCount } from '../ipsecha-01/failover-count.ts';
import type { Revision } from '../revisions/revision.ts';
import { type Announcers, afterIkeAuth, allAnnouncers } from '../rfc6311/5-counter-sync-exchange.ts';
import type { Settings } from '../settings/settings.ts';
import { establishedSa, freshChildSa, type SaState } from '../state/member.ts';
import { MAX_MESSAGE_ID, type MessageId } from '../state/numbers.ts';
import {
  COUNTS,
  type Composition,
  FURTHER_COUNTS,
  memberNames,
  type Place,
  peerNames,
  type Value,
} from './composition.ts';
import { deletesOldSas, type End, firstNumber, stepsOf } from './environment.ts';
import { newMemory } from './exchanges.ts';
import { overNetwork } from './network.ts';

/** The system of a revision under given settings. */
export function compose(revision: Revision, settings: Settings): Composition {
  const ends: readonly End[] = [
    {
      end: 'cluster',
      names: memberNames(settings.members),
      requests: COUNTS.clusterRequests,
      packets: FURTHER_COUNTS.clusterPackets,
      failovers: COUNTS.failovers,
      syncRequests: COUNTS.syncRequests,
      deletes: FURTHER_COUNTS.clusterDeletes,
      failoversAtMost: settings.failovers,
    },
    {
      end: 'peer',
      names: peerNames(settings.peerMembers),
      requests: COUNTS.peerRequests,
      packets: FURTHER_COUNTS.peerPackets,
      failovers: FURTHER_COUNTS.peerFailovers,
      syncRequests: FURTHER_COUNTS.peerSyncRequests,
      deletes: FURTHER_COUNTS.peerDeletes,
      failoversAtMost: settings.peerFailovers,
    },
  ];
  const counts = countsOf(revision, settings);
  return overNetwork(settings.network, {
    places: [
      ...ends.flatMap(({ end, names }) => names.map((name) => ({ name, what: 'member' as const, end }))),
      ...counts,
    ],
    initial: announcements(settings).map((announced) => [
      ...ends.flatMap(({ end, names }) => {
        const sa = afterIkeAuth(freshSa(revision, settings), end, ...announced);
        return names.map(
          (_, index): Value =>
            index === 0 ? { role: 'active', sa, sync: null } : { role: 'standby', snapshot: sa },
        );
      }),
      ...counts.map(() => 0),
    ]),
    steps: ends.flatMap((end) => stepsOf(revision, settings, end)),
  });
}

/** The counts that these settings need. */
function countsOf(revision: Revision, settings: Settings): readonly Place[] {
  const { packets, peerMembers } = settings;
  const count = (name: string, of: Extract<Place, { what: 'count' }>['of']): Place => ({
    name,
    what: 'count',
    of,
  });
  return [
    count(COUNTS.clusterRequests, 'requests'),
    count(COUNTS.peerRequests, 'requests'),
    count(COUNTS.failovers, 'failovers'),
    count(COUNTS.syncRequests, 'sync requests'),
    ...(packets > 0
      ? [count(FURTHER_COUNTS.clusterPackets, 'packets'), count(FURTHER_COUNTS.peerPackets, 'packets')]
      : []),
    ...(peerMembers > 1
      ? [
          count(FURTHER_COUNTS.peerFailovers, 'failovers'),
          count(FURTHER_COUNTS.peerSyncRequests, 'sync requests'),
        ]
      : []),
    ...(deletesOldSas(revision, settings, 'cluster')
      ? [count(FURTHER_COUNTS.clusterDeletes, 'deletes')]
      : []),
    ...(deletesOldSas(revision, settings, 'peer') ? [count(FURTHER_COUNTS.peerDeletes, 'deletes')] : []),
  ];
}

/** What each end announced: one pair, or every pair that `any` allows. */
function announcements({
  messageIdSync,
  replayCounterSync,
}: Settings): readonly (readonly [Announcers, Announcers])[] {
  const each = (which: Announcers | 'any'): readonly Announcers[] =>
    which === 'any' ? allAnnouncers : [which];
  return each(messageIdSync).flatMap((messageIds) =>
    each(replayCounterSync).map((replayCounters) => [messageIds, replayCounters] as const),
  );
}

/** The IKE SA as it was established, with its Child SAs. */
function freshSa(revision: Revision, settings: Settings): SaState {
  const near = settings.counters === 'near-maximum';
  const first: MessageId = near ? MAX_MESSAGE_ID - settings.requests : 0;
  const child = {
    esn: settings.esn === 'on',
    replayWindow: settings.replayWindow,
    first: firstNumber(settings),
  };
  return {
    ...withInitialCount(revision.counterSync ?? {}, settings.firstCount, establishedSa()),
    window: settings.window,
    expectedSend: first,
    expectedReceive: first,
    highestSeen: first - 1,
    ...newMemory(revision),
    childSas: Array.from({ length: settings.childSas }, (_, index) => freshChildSa(`c${index + 1}`, child)),
  };
}
