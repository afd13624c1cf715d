/** RFC 6311, 8.3, "IKE SA Inconsistencies": what happens under an SA that one end lacks. */
import { rule } from '../rule.ts';
import type { SaState } from '../state/member.ts';
import type { IkeMessage } from '../state/messages.ts';

/** RFC 6311, 8.3. Whether a message belongs to an IKE SA that the box has. */
export const isOfThisIkeSa = rule(
  {
    id: 'RFC6311-8.3-INCONSISTENT',
    part: 'ike',
    level: 'stated',
    actor: 'both',
    confidence: 'A',
    title: 'Where the ends differ in their SAs, the whole IKE SA is closed',
    says: 'Messages dropped at a failover can leave an SA at one end only. To close the whole IKE SA is preferred to rules for such cases. Our reading: until then, messages of an IKE SA that an end does not have are dropped (it may send INVALID_SPI).',
    formerly:
      'It was open, and had the missing SA alone set up anew; the text prefers to close the whole IKE SA.',
    returns: 'truth',
    seenBy: 'contents',
    leavesNoMark: true,
    absent: null,
  },
  (sa: SaState, message: IkeMessage): boolean => sa.ikeSa === message.ikeSa,
);
