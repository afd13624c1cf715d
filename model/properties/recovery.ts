/** Progress: after the last failover the two ends can always find together again. */
import type { Revision } from '../revisions/revision.ts';
import { isInconsistent } from '../rfc7296/2.8-rekeying.ts';
import type { ActiveMember, Member } from '../state/member.ts';
import type { PropertyText } from './property.ts';

export const recoveryPossible: PropertyText = {
  id: 'recovery-possible',
  title: 'New requests can get through again in both directions',
  says: 'From every reachable state in which no failover is left, a state can be reached where the next request of either end is the one that the other end expects, nothing is outstanding, and no sync is under way; or where the SA has to be established anew, since its counters are used up or one end lacks it (RFC 6311, 8.3). Neither new requests of an application nor state syncs may be needed for it.',
  rules: ['RFC6311-5.1-ADOPT', 'RFC6311-5.1-M2', 'RFC6311-5.1-P2', 'RFC6311-5.1-M1-FRESH'],
};

export const recoveryFair: PropertyText = {
  id: 'recovery-fair',
  title: 'New requests do get through again, if what is sent again and again arrives at last',
  says: 'Once no failover is left, the ends get in step, or find that the SA has to be established anew, in every run in which each message that is sent again and again is received at last, as long as its receiver would take it. A message that was sent once may be lost for ever.',
  rules: ['RFC6311-5.1-DROP-STALE', 'RFC6311-5.1-ADOPT', 'RFC7296-2.1-RETRANSMISSION'],
};

/** Whether the next request of either end will be processed and its response taken. */
export const isInStep = (one: ActiveMember, other: ActiveMember): boolean =>
  isQuiet(one) &&
  isQuiet(other) &&
  one.sa.expectedSend === other.sa.expectedReceive &&
  other.sa.expectedSend === one.sa.expectedReceive;

/** Nothing waits: no sync, no request, nothing that is still to be told, rekeyed or sent again. */
const isQuiet = ({ sa, sync, owed, rekeys }: ActiveMember): boolean =>
  sync === null &&
  owed === undefined &&
  rekeys === undefined &&
  sa.outstanding.length === 0 &&
  sa.again.length === 0;

/** Whether the ends can only go on with a new SA: one has closed it, or lacks it, or has no numbers left. */
export const mustBeEstablishedAnew = (revision: Pick<Revision, 'ike'>, one: Member, other: Member): boolean =>
  one.role === 'closed' ||
  other.role === 'closed' ||
  (one.role === 'active' &&
    other.role === 'active' &&
    (isInconsistent(one, other) || isUsedUp(revision, one) || isUsedUp(revision, other)));

const isUsedUp = ({ ike }: Pick<Revision, 'ike'>, { sa }: ActiveMember): boolean =>
  !ike.messageIdExists(sa.expectedSend) || !ike.messageIdExists(sa.expectedReceive);
