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
    confidence: 'C',
    title: 'A retransmission is octet-identical and gets the same response',
    says: 'A request with the octets of one that was answered is a retransmission: it is not processed again, and is answered by the response that was kept, as are those to the last requests, as many as the window holds. Other octets under a used number are not a retransmission, and are ignored.',
    returns: 'truth',
    seenBy: 'headers',
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
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'A response is matched by its Message ID',
    says: 'A response is taken as the answer to the outstanding request with its Message ID; a response to no outstanding request is ignored.',
    returns: 'truth',
    seenBy: 'nobody',
    // Whatever response comes first is taken.
    absent: (sa) => sa.outstanding.length > 0,
  },
  (sa: SaState, id: MessageId): boolean => sa.outstanding.some((request) => request.id === id),
);
