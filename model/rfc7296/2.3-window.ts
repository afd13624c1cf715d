/** RFC 7296, 2.3, "Window Size for Overlapping Requests": how many requests may be under way. */
import { rule } from '../rule.ts';
import type { SaState } from '../state/member.ts';
import type { MessageId } from '../state/numbers.ts';

/** RFC 7296, 2.3. Whether a new request may be sent now. */
export const windowHasRoom = rule(
  {
    id: 'RFC7296-2.3-WINDOW',
    part: 'ike',
    level: 'MUST',
    actor: 'initiator',
    confidence: 'A',
    title: 'No request beyond the window',
    says: 'A request is sent only if it is less than N above the lowest one that is not answered, N being the window that the other end announced (1 unless it did): with a window of 1, no new request is sent before the last one is answered. In the model both ends have the same window.',
    formerly: 'It did not say whose window counts: it is the one that the other end announced.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'complete observation',
    // As many requests under way as one likes.
    absent: () => true,
  },
  (sa: SaState): boolean => {
    const [lowest] = sa.outstanding;
    return lowest === undefined || sa.expectedSend < lowest.id + sa.window;
  },
);

/** RFC 7296, 2.3. Whether a request of the other end is one that is expected. */
export const isExpected = rule(
  {
    id: 'RFC7296-2.3-EXPECTED-ID',
    part: 'ike',
    level: 'MUST',
    actor: 'responder',
    confidence: 'A',
    title: 'A request outside the window is not answered',
    says: 'A request whose Message ID is outside the window of the receiver is not answered; nor is it processed, as RFC 6027, 3.3 has it. Inside the window requests may be processed out of order. A report by INVALID_MESSAGE_ID is optional.',
    formerly:
      'It said that a request outside the window is not processed; RFC 7296 only says that it is not answered.',
    returns: 'truth',
    seenBy: 'headers',
    convictedBy: 'either',
    // Requests are processed whatever their number.
    absent: () => true,
  },
  (sa: SaState, id: MessageId): boolean =>
    id >= sa.expectedReceive &&
    id < sa.expectedReceive + sa.window &&
    !sa.answered.some((request) => request.id === id),
);

/** RFC 7296, 2.3. The window that a new IKE SA begins with, where the old one had `old`. */
export const windowOfNewSa = rule(
  {
    id: 'RFC7296-2.3-WINDOW-RESTARTS',
    part: 'ike',
    level: 'stated',
    actor: 'both',
    confidence: 'A',
    title: 'A new IKE SA begins with a window of 1',
    says: 'An IKE SA that replaces another begins with a window of 1, until SET_WINDOW_SIZE is sent under it.',
    returns: 'number',
    seenBy: 'contents',
    leavesNoMark: true,
    // The window of the old one is carried over.
    absent: (old) => old,
  },
  (_old: number): number => 1,
);
