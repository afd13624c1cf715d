/** Progress: after the last failover the two ends can always find together again. */
import type { ActiveMember } from '../member.ts';
import type { PropertyText } from './property.ts';

export const recoveryPossible: PropertyText = {
  id: 'recovery-possible',
  title: 'New requests can get through again in both directions',
  says: 'From every reachable state in which no failover is left, a state can be reached where the next request of either end is the one that the other end expects, nothing is outstanding, and no sync is under way. Neither new requests of an application nor state syncs may be needed for it.',
  rules: ['RFC6311-5.1-ADOPT', 'RFC6311-5.1-M2', 'RFC6311-5.1-P2', 'RFC6311-5.1-M1-FRESH'],
};

/** Whether the next request of either end will be processed and its response taken. */
export const isInStep = (one: ActiveMember, other: ActiveMember): boolean =>
  one.sync === null &&
  other.sync === null &&
  one.sa.outstanding === null &&
  other.sa.outstanding === null &&
  one.sa.expectedSend === other.sa.expectedReceive &&
  other.sa.expectedSend === one.sa.expectedReceive;
