/** RFC 6311, 6.4, "The IPSEC_REPLAY_COUNTER_SYNC Notification": its form, which the model's own boxes never break. */
import { rule } from '../rule.ts';

/** RFC 6311, 6.4. Whether the notification has a delta. */
export const hasDelta = rule(
  {
    id: 'RFC6311-6.4-FORMAT',
    part: 'replaySync',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'The notification has a delta of 4 octets, or of 8 with ESN',
    says: 'IPSEC_REPLAY_COUNTER_SYNC has the incoming IPsec SA delta value as its data: 4 octets, or 8 where extended sequence numbers are in use.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'contradiction',
    leavesNoMark: true,
    absent: null,
  },
  (notification: { readonly octets: number }): boolean =>
    notification.octets === 4 || notification.octets === 8,
);
