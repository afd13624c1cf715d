/** RFC 6311, 6.2, "The IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED Notification": its form. */
import { rule } from '../rule.ts';
import type { Announcement } from './6.1-message-id-sync-supported.ts';

/** RFC 6311, 6.2. Whether the notification has the fields that it should have. */
export const isReplayCounterAnnouncement = rule(
  {
    id: 'RFC6311-6.2-FORMAT',
    part: 'replaySync',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'The announcement of replay counter sync has no SPI and no data',
    says: 'IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED has Protocol ID 0, SPI size 0, and no data.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'contradiction',
    leavesNoMark: true,
    // The boxes of the model announce in no other form.
    absent: null,
  },
  ({ protocol, spiSize, octets }: Announcement): boolean => protocol === 0 && spiSize === 0 && octets === 0,
);
