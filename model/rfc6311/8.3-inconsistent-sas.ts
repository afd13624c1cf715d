/** RFC 6311, 8.3, "Handling of Inconsistent SAs": what happens under an SA that one end lacks. */
import { rule } from '../rule.ts';
import type { SaState } from '../state/member.ts';
import type { IkeMessage } from '../state/messages.ts';

/** RFC 6311, 8.3. Whether a message belongs to an IKE SA that the box has. */
export const isOfThisIkeSa = rule(
  {
    id: 'RFC6311-8.3-INCONSISTENT',
    part: 'ike',
    level: 'open',
    actor: 'both',
    confidence: 'D',
    title: 'An SA that one end lacks is established anew',
    says: 'If the snapshot of the newly active member lacks an SA that the peer has, since a rekeying was not synced, the two ends cannot agree under it: messages and packets of an SA that is not there are dropped, and the SA is established anew.',
    returns: 'truth',
    seenBy: 'contents',
    leavesNoMark: true,
    absent: null,
  },
  (sa: SaState, message: IkeMessage): boolean => sa.ikeSa === message.ikeSa,
);
