/**
 * What request and response of the counter sync exchange have in common (RFC 6311, 5, 5.1 and 6.3): when they may be
 * used at all, and what they look like.
 */
import type { MessageId } from '../rfc7296/2.2-message-ids.ts';
import { rule } from '../rule.ts';
import type { Announced } from '../state/member.ts';

/** RFC 6311, 5. Whether sync messages may be used on this IKE SA. */
export const isNegotiated = rule(
  {
    id: 'RFC6311-5-NEGOTIATED',
    document: 'RFC6311',
    section: '5',
    level: 'MUST',
    actor: 'both',
    confidence: 'B',
    title: 'No counter sync without negotiation',
    says: 'Neither sync notification is sent, nor acted on, unless both ends announced its *_SUPPORTED notification in IKE_AUTH.',
  },
  (sa: { readonly announced: Announced }): boolean => sa.announced.own && sa.announced.other,
);

/** RFC 6311, 6.3. Whether the notification has the fields that it should have. */
export const isWellFormed = rule(
  {
    id: 'RFC6311-6.3-FORMAT',
    document: 'RFC6311',
    section: '6.3',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'The notification has a nonce of 4 octets and two Message IDs',
    says: 'IKEV2_MESSAGE_ID_SYNC has Protocol ID 0, SPI size 0 and 12 octets of data: a nonce of 4, EXPECTED_SEND_REQ_MESSAGE_ID of 4, EXPECTED_RECV_REQ_MESSAGE_ID of 4.',
  },
  (message: { readonly wellFormed: boolean }): boolean => message.wellFormed,
);

/** RFC 6311, 5.1. Whether the sync notifications are the only payloads. */
export const isAlone = rule(
  {
    id: 'RFC6311-5.1-ALONE',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'No other payload in the exchange',
    says: 'Request and response hold no payload besides IKEV2_MESSAGE_ID_SYNC and the optional IPSEC_REPLAY_COUNTER_SYNC.',
  },
  (message: { readonly otherPayloads: readonly string[] }): boolean => message.otherPayloads.length === 0,
);

/** RFC 6311, 5.1. Whether the exchange has Message ID 0. */
export const hasMessageIdZero = rule(
  {
    id: 'RFC6311-5.1-MID-ZERO',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'The exchange has Message ID 0',
    says: 'Request and response both have Message ID 0, and are told from IKE_SA_INIT by exchange type.',
  },
  (message: { readonly id: MessageId }): boolean => message.id === 0,
);
