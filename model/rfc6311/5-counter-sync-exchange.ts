/**
 * Negotiation (RFC 6311, 5): each end announces in IKE_AUTH what it supports, and sees what the other announces.
 */
import type { Announced, SaState } from '../state/member.ts';
import type { Endpoint } from '../state/messages.ts';

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
