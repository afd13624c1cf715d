/**
 * RFC 6311, 5, "The IKEv2/IPsec SA Counter Synchronization": when the exchange may be used. Each end announces in
 * IKE_AUTH what it supports, and sees what the other announces.
 *
 * First the rules, one small function each; then what both ends know after IKE_AUTH.
 */
import { rule } from '../rule.ts';
import type { Announced, SaState } from '../state/member.ts';
import type { Endpoint } from '../state/messages.ts';
/** RFC 6311, 5. Whether sync messages may be used on this IKE SA. */
export const isNegotiated = rule(
  {
    id: 'RFC6311-5-NEGOTIATED',
    part: 'counterSync',
    level: 'MUST',
    actor: 'both',
    confidence: 'B',
    title: 'No counter sync without negotiation',
    says: 'Neither sync notification is sent, nor acted on, unless both ends announced its *_SUPPORTED notification in IKE_AUTH.',
    returns: 'truth',
    seenBy: 'contents',
    // What one end announced, or neither, is used all the same.
    absent: () => true,
  },
  (sa: { readonly announced: Announced }): boolean => sa.announced.own && sa.announced.other,
);

/** RFC 6311, 5. Whether IPSEC_REPLAY_COUNTER_SYNC may be used on this IKE SA. */
export const isReplaySyncNegotiated = rule(
  {
    id: 'RFC6311-5-REPLAY-NEGOTIATED',
    part: 'replaySync',
    level: 'MUST',
    actor: 'both',
    confidence: 'B',
    title: 'No replay counter sync without negotiation',
    says: 'IPSEC_REPLAY_COUNTER_SYNC is neither sent, nor acted on, unless both ends announced IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED in IKE_AUTH. Either of the two notifications can be negotiated without the other.',
    returns: 'truth',
    seenBy: 'contents',
    leavesNoMark: true,
    absent: () => true,
  },
  (sa: { readonly announcedReplayCounters: Announced }): boolean =>
    sa.announcedReplayCounters.own && sa.announcedReplayCounters.other,
);

/** Which ends announce one of the two *_SUPPORTED notifications. */
export type Announcers = 'both' | 'cluster' | 'peer' | 'neither';

export const allAnnouncers: readonly Announcers[] = ['both', 'cluster', 'peer', 'neither'];

const announces = (announcers: Announcers, end: Endpoint): boolean =>
  announcers === 'both' || announcers === end;

/** What an end knows after IKE_AUTH to have been announced by itself and by the other. */
export const announcedTo = (end: Endpoint, announcers: Announcers): Announced => ({
  own: announces(announcers, end),
  other: announces(announcers, end === 'cluster' ? 'peer' : 'cluster'),
});

/** The state of an end after IKE_AUTH with these announcements. */
export const afterIkeAuth = (
  sa: SaState,
  end: Endpoint,
  messageIds: Announcers,
  replayCounters: Announcers,
): SaState => ({
  ...sa,
  announced: announcedTo(end, messageIds),
  announcedReplayCounters: announcedTo(end, replayCounters),
});
