/** RFC 6311, 11, "Security Considerations": replayed responses. What is said of replayed requests stands in 5.1. */
import { rule } from '../rule.ts';

/** RFC 6311, 11, bullet 2. Whether a member takes a sync response; `waits`: whether a sync request of its own is unanswered. */
export const isAwaited = rule(
  {
    id: 'RFC6311-11-RESPONSE-ONCE',
    part: 'counterSync',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'A',
    title: 'A sync response is processed once',
    says: 'After a valid response to its sync request the newly active member does not process it again, and discards any further one: a response is taken only while a sync request waits for it.',
    returns: 'truth',
    seenBy: 'nobody',
    // The last sync request waits for ever.
    absent: () => true,
  },
  (waits: boolean): boolean => waits,
);
