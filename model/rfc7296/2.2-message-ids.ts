/** RFC 7296, 2.2, "Use of Sequence Numbers for Message ID": 32 bits, from 0, never wrapping. */
import { rule } from '../rule.ts';
import type { Numbered, SaState } from '../state/member.ts';
import { MAX_MESSAGE_ID, type MessageId } from '../state/numbers.ts';

/** RFC 7296, 2.2: the counters never wrap. False where a request would need a Message ID beyond the last. */
export const messageIdExists = rule(
  {
    id: 'RFC7296-2.2-NO-WRAP',
    part: 'ike',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'Message IDs never wrap',
    says: 'A Message ID has 32 bits and never starts again at 0 within an IKE SA: before that, the SA is closed or rekeyed. RFC 6311 says nothing more for an M1 or P1 that would lie beyond the last one.',
    returns: 'truth',
    seenBy: 'headers',
    leavesNoMark: true,
    // After the last number comes the first.
    absent: () => true,
  },
  (id: number): boolean => Number.isInteger(id) && id >= 0 && id <= MAX_MESSAGE_ID,
);

/** RFC 7296, 2.2. The Message ID of a new request. */
export const nextRequestId = rule(
  {
    id: 'RFC7296-2.2-NEXT-ID',
    part: 'ike',
    level: 'stated',
    actor: 'initiator',
    confidence: 'A',
    title: 'A new request has the next Message ID of its sender',
    says: 'Each end has a counter of its own, from 0 in a new IKE SA, incremented for each exchange that it begins; a new request has the next number, so no number is used for two different requests. The sync of RFC 6311 lets it skip forward, and nothing else does.',
    formerly: 'It was a MUST for both ends; the text has no keyword there.',
    returns: 'number',
    seenBy: 'headers',
    convictedBy: 'either',
    // Every new request has the number 0.
    absent: () => 0,
  },
  (sa: SaState): MessageId => sa.expectedSend,
);

/** RFC 7296, 2.2. The Message ID of a response. */
export const responseId = rule(
  {
    id: 'RFC7296-2.2-RESPONSE-ID',
    part: 'ike',
    level: 'stated',
    actor: 'responder',
    confidence: 'A',
    title: 'A response has the Message ID of its request',
    says: 'The response to a request carries the same Message ID as the request.',
    formerly: 'It was a MUST for both ends; the text has no keyword there.',
    returns: 'number',
    seenBy: 'headers',
    convictedBy: 'complete observation',
    // Every response has the number 0.
    absent: () => 0,
  },
  (request: Numbered): MessageId => request.id,
);
