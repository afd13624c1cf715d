/** RFC 6311, 8.1: IKE messages outside the declared window, and those under way at the sync. */
import { rule } from '../rule.ts';
import type { Policies } from '../settings/policies.ts';
import { type ActiveMember, isSyncing, type SaState } from '../state/member.ts';
import type { Content } from '../state/numbers.ts';

/** RFC 6311, 8.1. Whether an ordinary message, or an ESP packet, is looked at now. */
export const looksAtOrdinary = rule(
  {
    id: 'RFC6311-8.1-WHILE-SYNCING',
    part: 'counterSync',
    level: 'open',
    actor: 'newly active member',
    confidence: 'D',
    title: 'Ordinary messages while the sync request is unanswered',
    says: 'What the newly active member does with requests, responses and ESP packets while its counters are not yet known, the text leaves open: hold them back, or process them with the counters of the snapshot.',
    returns: 'truth',
    seenBy: 'nobody',
    leavesNoMark: true,
    absent: null,
  },
  (member: ActiveMember, whileSyncing: Policies['whileSyncing']): boolean =>
    whileSyncing === 'process' || !isSyncing(member),
);

/** RFC 6311, 8.1. What becomes of requests that were under way, and of the responses that were kept. */
export const dropPending = rule(
  {
    id: 'RFC6311-8.1-PENDING-IKE',
    part: 'counterSync',
    level: 'open',
    actor: 'both',
    confidence: 'D',
    title: 'Requests under way at the sync',
    says: 'After the exchange neither end waits for a response to an earlier request, nor answers retransmissions of one. Whether a request that was under way is given up, or sent again under a new Message ID, the text leaves open.',
    returns: 'state',
    seenBy: 'contents',
    absent: (sa) => sa,
  },
  (sa: SaState, pending: Policies['pending']): SaState => ({
    ...sa,
    outstanding: [],
    answered: [],
    again: pending === 'send-again' ? [...sa.again, ...ordinary(sa)] : [],
  }),
);

/** The contents of the requests under way that ask nothing beyond themselves: others are begun anew, if at all. */
const ordinary = (sa: SaState): readonly Content[] =>
  sa.outstanding.flatMap(({ content, asks }) => (asks === undefined ? [content] : []));
