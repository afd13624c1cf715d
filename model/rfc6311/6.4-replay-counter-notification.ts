/** The form of IPSEC_REPLAY_COUNTER_SYNC (RFC 6311, 5.2 and 6.4), which the model's own boxes never break. */
import type { MessageId } from '../rfc7296/2.2-message-ids.ts';
import { rule } from '../rule.ts';

/** RFC 6311, 5.2. Whether a message of a replay counter sync on its own is as one should be. */
export const isStandaloneInOrder = rule(
  {
    id: 'RFC6311-5.2-STANDALONE',
    document: 'RFC6311',
    section: '5.2',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'Replay counter sync on its own is an ordinary exchange',
    says: 'IPSEC_REPLAY_COUNTER_SYNC without IKEV2_MESSAGE_ID_SYNC is sent in an ordinary INFORMATIONAL request with the next Message ID of its sender, which is not zero; the response is empty.',
  },
  (message: { readonly id: MessageId; readonly response: boolean; readonly payloads: number }): boolean =>
    message.id !== 0 && (!message.response || message.payloads === 0),
);

/** RFC 6311, 6.4. Whether the notification has a delta. */
export const hasDelta = rule(
  {
    id: 'RFC6311-6.4-FORMAT',
    document: 'RFC6311',
    section: '6.4',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'The notification has a delta of 4 octets, or of 8 with ESN',
    says: 'IPSEC_REPLAY_COUNTER_SYNC has the incoming IPsec SA delta value as its data: 4 octets, or 8 where extended sequence numbers are in use.',
  },
  (notification: { readonly octets: number }): boolean =>
    notification.octets === 4 || notification.octets === 8,
);
