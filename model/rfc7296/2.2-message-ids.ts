/**
 * IKE Message IDs as numbers (RFC 7296 2.2): 32 bits, from 0, never wrapping.
 */
import { rule } from '../rule.ts';

/** A Message ID: an integer from 0 to 2^32 - 1. */
export type MessageId = number;

/** The largest Message ID, 2^32 - 1. */
export const MAX_MESSAGE_ID: MessageId = 0xffff_ffff;

/** RFC 7296, 2.2: the counters never wrap. False where a request would need a Message ID beyond the last. */
export const messageIdExists = rule(
  {
    id: 'RFC7296-2.2-NO-WRAP',
    document: 'RFC7296',
    section: '2.2',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'Message IDs never wrap',
    says: 'A Message ID is never larger than 2^32 - 1, and never starts again at 0 within an IKE SA: the SA is rekeyed or closed before.',
  },
  (id: number): boolean => Number.isInteger(id) && id >= 0 && id <= MAX_MESSAGE_ID,
);
