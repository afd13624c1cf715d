/**
 * RFC 6311, 8.1, "Handling of Pending IKE Messages": IKE messages outside the declared window, those that come before
 * the sync is complete; and, from section 9, those that were under way at the sync.
 */
import { rule } from '../rule.ts';
import type { Policies } from '../settings/settings.ts';
import { type ActiveMember, isSyncing, type SaState } from '../state/member.ts';
import type { MessageId } from '../state/numbers.ts';

/** RFC 6311, 8.1. Whether an ordinary message of IKE, or an ESP packet, is looked at now. */
export const looksAtOrdinary = rule(
  {
    id: 'RFC6311-8.1-WHILE-SYNCING',
    part: 'counterSync',
    level: 'stated',
    actor: 'newly active member',
    confidence: 'A',
    title: 'Messages of IKE before the sync is complete',
    says: 'Strict members reject each IKE message that comes before Message ID sync is complete; others process what is inside the window that they declared. The text does not say whether the member sends requests of its own before that, and 8.1 does not speak of ESP packets. Sync requests of the other end are answered meanwhile, as in the example A.4.',
    formerly:
      'It was open, and one choice tied ESP to IKE; 8.1 speaks of IKE alone, and has a MUST on the declared window, which now has an id of its own (RFC6311-8.1-DECLARED-WINDOW).',
    returns: 'truth',
    seenBy: 'nobody',
    leavesNoMark: true,
    absent: null,
  },
  (member: ActiveMember, whileSyncing: Policies['ikeWhileSyncing'] | Policies['espWhileSyncing']): boolean =>
    whileSyncing !== 'hold' || !isSyncing(member),
);

/**
 * RFC 6311, 8.1. What is left of the receive side of an end that declared the lowest Message ID that it still takes:
 * P1 in a sync request, M2 in a response; or was given P2.
 */
export const declareWindow = rule(
  {
    id: 'RFC6311-8.1-DECLARED-WINDOW',
    part: 'counterSync',
    level: 'MUST',
    actor: 'both',
    confidence: 'A',
    title: 'Nothing outside the declared window is processed',
    says: 'Once it has sent P1, the newly active member silently drops every IKE message outside the window that begins at P1, whatever window its snapshot has; the peer does likewise with M2. Our reading: this is about requests, retransmissions included; responses and the sync messages themselves are in no window; and the peer begins when it answers.',
    returns: 'state',
    seenBy: 'headers',
    // The window stays that of the snapshot, or of the peer before the sync.
    absent: (sa) => sa,
  },
  (sa: SaState, lowest: MessageId): SaState => {
    const answered = sa.answered.filter(({ id }) => id >= lowest);
    let expectedReceive = Math.max(sa.expectedReceive, lowest);
    while (answered.some(({ id }) => id === expectedReceive)) expectedReceive++;
    return { ...sa, expectedReceive, answered };
  },
);

/** What an end keeps of what it answered while it waited: nothing, if the response takes its counters back. */
export const unlessTakenBack = (before: SaState, adopted: SaState): SaState =>
  adopted.expectedReceive < before.expectedReceive ? { ...adopted, answered: [] } : adopted;

/** RFC 6311, 9, bullets 4 and 5. What becomes of requests that were under way, at either end. */
export const dropPending = rule(
  {
    id: 'RFC6311-8.1-PENDING-IKE',
    part: 'counterSync',
    level: 'stated',
    actor: 'both',
    confidence: 'A',
    title: 'Neither end waits for what was under way at the sync',
    says: 'The peer gives the values of 5.1 without waiting for responses or requests that are due, and no longer waits for them (section 9, bullets 4 and 5; 8.1, which the id names, has no word of it). Our reading: the member gives up its own likewise. No text says whether the content of a request that was given up is sent again under a new Message ID, or the SAs are closed.',
    formerly:
      'It was open, and had both ends refuse to answer retransmissions of earlier requests; section 9 says what the peer gives up, and no text says more.',
    returns: 'state',
    seenBy: 'contents',
    absent: (sa) => sa,
  },
  (sa: SaState, pending: Policies['pending'], next: MessageId): SaState => {
    const given = sa.outstanding.filter(({ id }) => id < next);
    return {
      ...sa,
      // What was sent while the sync was under way, from M1 on, is not from before it.
      outstanding: sa.outstanding.filter(({ id }) => id >= next),
      // Only what asks nothing beyond itself is sent again: all else is begun anew, if at all.
      again:
        pending === 'send-again'
          ? [...sa.again, ...given.flatMap(({ content, asks }) => (asks === undefined ? [content] : []))]
          : [],
    };
  },
);

/** Whether a member closes the IKE SA instead of taking it over, since requests of its cluster are in doubt. */
export const closesInDoubt = (
  snapshot: Pick<SaState, 'outstanding'>,
  pending: Policies['pending'],
): boolean => pending === 'close' && snapshot.outstanding.length > 0;
