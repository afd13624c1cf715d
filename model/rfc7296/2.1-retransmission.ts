/** RFC 7296, 2.1, "Use of Retransmission Timers": what is sent again, and how it is answered. */
import { rule } from '../rule.ts';
import type { Numbered, SaState } from '../state/member.ts';
import type { MessageId } from '../state/numbers.ts';

/** RFC 7296, 2.1. Whether a request is a retransmission of one whose response is kept. */
export const isRetransmission = rule(
  {
    id: 'RFC7296-2.1-RETRANSMISSION',
    part: 'ike',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'A retransmission is identical and gets the same response',
    says: 'The initiator sends a request again bit for bit, under its Message ID. The responder does nothing but send once more the response that it kept; it keeps as many responses as its window holds. The text does not say what it does with other octets under a used number; here they are ignored (our reading).',
    formerly: "It gave as the text's that other octets under a used number are ignored; that is our reading.",
    returns: 'truth',
    seenBy: 'headers',
    convictedBy: 'either',
    // A retransmission is not known as one.
    absent: () => false,
  },
  (sa: SaState, request: Numbered): boolean =>
    sa.answered.some(({ id, content }) => id === request.id && content === request.content),
);

/** RFC 7296, 2.1. Whether a response is taken as the answer to an outstanding request. */
export const answersOutstanding = rule(
  {
    id: 'RFC7296-2.1-RESPONSE-MATCH',
    part: 'ike',
    level: 'stated',
    actor: 'initiator',
    confidence: 'A',
    title: 'A response is matched by its Message ID',
    says: 'A response is taken as the answer to the outstanding request with its Message ID. That a response to no outstanding request is ignored is our reading.',
    formerly:
      "It was a MUST for both ends, and gave as the text's that other responses are ignored; the text has no keyword there, and ignoring them is our reading.",
    returns: 'truth',
    seenBy: 'nobody',
    // Whatever response comes first is taken.
    absent: (sa) => sa.outstanding.length > 0,
  },
  (sa: SaState, id: MessageId): boolean => sa.outstanding.some((request) => request.id === id),
);
