/** RFC 6311, 6.3, "The IKEV2_MESSAGE_ID_SYNC Notification": its form. */
import { rule } from '../rule.ts';

/** RFC 6311, 6.3. Whether the notification has the fields that it should have. */
export const isWellFormed = rule(
  {
    id: 'RFC6311-6.3-FORMAT',
    part: 'counterSync',
    level: 'stated',
    actor: 'both',
    confidence: 'A',
    title: 'The notification has a nonce of 4 octets and two Message IDs',
    says: 'IKEV2_MESSAGE_ID_SYNC (type 16422) has Protocol ID 0, SPI size 0 and 12 octets of data: a random nonce of 4, EXPECTED_SEND_REQ_MESSAGE_ID of 4, EXPECTED_RECV_REQ_MESSAGE_ID of 4. Each end puts its own value for sending first: a response has P2 before M2.',
    formerly: 'It was a MUST; the text has no keyword there.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'contradiction',
    absent: null,
  },
  (message: { readonly wellFormed: boolean }): boolean => message.wellFormed,
);
