/** Progress: after the last failover the two ends can always find together again. */
import type { Revision } from '../revisions/revision.ts';
import { isInconsistent } from '../rfc7296/2.8-rekeying.ts';
import type { ActiveMember, Member } from '../state/member.ts';
import { fairRuns, ofTheEnvironment } from './fairness.ts';
import { noFailoverLeft, oncePerWorld, whenActive, whenBoth } from './places.ts';
import type { ProgressProperty } from './property.ts';

export const recoveryPossible: ProgressProperty = {
  id: 'recovery-possible',
  title: 'New requests can get through again in both directions',
  says: 'From every reachable state in which no failover is left, a state can be reached where the next request of either end is the one that the other end expects, nothing is outstanding, and no sync is under way; or where the IKE SA has to be torn down, since its counters are used up or one end lacks it (RFC 6311, 8.3). This must need neither new requests of an application nor state syncs.',
  rules: [
    'RFC6311-5.1-M1-FRESH',
    'RFC6311-5.1-M2',
    'RFC6311-5.1-P2',
    'RFC6311-5.1-ADOPT',
    'RFC6311-11-RESPONSE-ONCE',
  ],
  stuck: 'from here the two ends can never be in step again, whichever of the messages sent so far arrive',
  claim: (world) => ({
    scope: noFailoverLeft(world),
    goal: inStepAtLast(world),
    // Recovery must not hang on what an application wants, nor on a state sync or another failover.
    reached: { by: 'some run', without: ofTheEnvironment },
  }),
};

export const recoveryFair: ProgressProperty = {
  id: 'recovery-fair',
  title: 'New requests do get through again, provided that whatever keeps being sent eventually arrives',
  says: 'Once no failover is left, the ends get in step, or find that the IKE SA has to be torn down, in every run in which each message that keeps being sent is eventually received, as long as its receiver would take it. A message that was sent only once may be lost for good.',
  rules: [
    'RFC6311-5.1-DROP-STALE',
    'RFC6311-5.1-ADOPT',
    'RFC6311-11-RESPONSE-ONCE',
    'RFC7296-2.1-RETRANSMISSION',
  ],
  stuck:
    'from here the two ends need never be in step again, even if whatever keeps being sent eventually arrives where it would be taken',
  claim: (world) => ({
    scope: noFailoverLeft(world),
    goal: inStepAtLast(world),
    reached: { by: 'every fair run', fairness: fairRuns(world) },
  }),
};

/** The goal of recovery: the ends are in step, or cannot be without a new SA. */
const inStepAtLast = oncePerWorld((world) =>
  whenBoth(
    world,
    (one, other) =>
      mustBeEstablishedAnew(world.revision, one, other) ||
      (one.role === 'active' && other.role === 'active' && isInStep(one, other)),
  ),
);

/** Both ends are in step. */
export const inStep = oncePerWorld((world) => whenActive(world, isInStep));

/** Whether the next request of either end will be processed and its response taken; of Child SAs it says nothing. */
export const isInStep = (one: ActiveMember, other: ActiveMember): boolean =>
  isQuiet(one) &&
  isQuiet(other) &&
  !isInconsistent(one, other) &&
  one.sa.expectedSend === other.sa.expectedReceive &&
  other.sa.expectedSend === one.sa.expectedReceive;

/** Nothing waits: no sync, under way or yet to begin, no request, nothing that is still to be told, rekeyed or sent again. */
const isQuiet = ({ sa, sync, owed, yetToAsk, rekeys, untold, unsent }: ActiveMember): boolean =>
  sync === null &&
  yetToAsk === undefined &&
  owed === undefined &&
  rekeys === undefined &&
  untold === undefined &&
  unsent === undefined &&
  sa.outstanding.length === 0 &&
  sa.again.length === 0;

/**
 * Whether the ends can only go on with a new IKE SA: one has closed it, or lacks it, or has no numbers left. That they
 * differ in a Child SA alone shuts no way: see `child-sas.ts`.
 */
export const mustBeEstablishedAnew = (revision: Pick<Revision, 'ike'>, one: Member, other: Member): boolean =>
  one.role === 'closed' ||
  other.role === 'closed' ||
  (one.role === 'active' &&
    other.role === 'active' &&
    (isInconsistent(one, other) || isUsedUp(revision, one) || isUsedUp(revision, other)));

const isUsedUp = ({ ike }: Pick<Revision, 'ike'>, { sa }: ActiveMember): boolean =>
  !ike.messageIdExists(sa.expectedSend) || !ike.messageIdExists(sa.expectedReceive);
