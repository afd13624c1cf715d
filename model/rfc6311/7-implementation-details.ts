/**
 * RFC 6311, 7, "Implementation Details": when the newly active member begins the exchange of section 5, and how often.
 */
import { rule } from '../rule.ts';
import type { Policies } from '../settings/settings.ts';

/** RFC 6311, 7. Whether the newly active member begins its sync on an occasion: as it takes over, or later. */
export const beginsSync = rule(
  {
    id: 'RFC6311-7-TRIGGER',
    part: 'counterSync',
    level: 'MAY',
    actor: 'newly active member',
    confidence: 'A',
    title: 'When the member begins counter sync',
    says: 'The newly active member may begin counter sync as soon as it has taken over; or lazily: when a message comes that is outside its window, before it sends the first one of its own, or when it expects traffic. Messages outside the window are rejected all the same. Until it has begun it goes by its snapshot, but sends no IKE request of its own (our reading).',
    returns: 'truth',
    seenBy: 'nobody',
    leavesNoMark: true,
    // It never begins.
    absent: () => false,
  },
  (trigger: Policies['syncTrigger'], occasion: 'takeover' | 'later'): boolean =>
    trigger === 'at-once' || occasion === 'later',
);

/** RFC 6311, 7. Whether a member that waits for the response to its sync request may begin a new sync. */
export const beginsSyncAgain = rule(
  {
    id: 'RFC6311-7-ONCE-PER-FAILOVER',
    part: 'counterSync',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'A',
    title: 'Counter sync is begun once for an IKE SA and failover',
    says: 'For one failover, counter sync of an IKE SA is not begun more than once; a retransmission begins nothing anew. The text names the peer, which never begins it: the newly active member is meant, and once for each kind of counter (our reading).',
    returns: 'truth',
    seenBy: 'nobody',
    leavesNoMark: true,
    // A new request may follow, whatever was begun.
    absent: () => true,
  },
  (retry: Policies['retry']): boolean => retry === 'fresh',
);
