/** RFC 6311, 6.1, "The IKEV2_MESSAGE_ID_SYNC_SUPPORTED Notification": its form. */
import { rule } from '../rule.ts';

/** A notification of a capability, as far as its form goes. */
export interface Announcement {
  readonly protocol: number;
  /** Octets of its SPI, and of its data. */
  readonly spiSize: number;
  readonly octets: number;
}

/** RFC 6311, 6.1. Whether the notification has the fields that it should have. */
export const isMessageIdAnnouncement = rule(
  {
    id: 'RFC6311-6.1-FORMAT',
    part: 'counterSync',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'The announcement of Message ID sync has no SPI and no data',
    says: 'IKEV2_MESSAGE_ID_SYNC_SUPPORTED has Protocol ID 0, SPI size 0, and no data.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'contradiction',
    leavesNoMark: true,
    // The boxes of the model announce in no other form.
    absent: null,
  },
  ({ protocol, spiSize, octets }: Announcement): boolean => protocol === 0 && spiSize === 0 && octets === 0,
);
