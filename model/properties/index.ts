/** The properties, in the order in which they are reported. */
import {
  failoverCountIncreases,
  syncNegotiated,
  syncRequestOnce,
  syncResponseFresh,
  syncWellFormed,
} from './counter-sync.ts';
import {
  deltaAddedOnce,
  esnInferredRight,
  espGetsThrough,
  espReplayRejected,
  espSequenceUnique,
  packetsGetThrough,
} from './esp.ts';
import {
  countersNeverRegress,
  messageIdMonotonicity,
  requestAtMostOnce,
  responseMatchesRequest,
  windowRespected,
} from './message-ids.ts';
import type { PropertyText, SafetyProperty } from './property.ts';
import { isInStep, mustBeEstablishedAnew, recoveryFair, recoveryPossible } from './recovery.ts';

/** Safety properties; checked by exploration and on traces. */
export const safetyProperties: readonly SafetyProperty[] = [
  messageIdMonotonicity,
  requestAtMostOnce,
  responseMatchesRequest,
  windowRespected,
  syncRequestOnce,
  syncResponseFresh,
  countersNeverRegress,
  syncNegotiated,
  syncWellFormed,
  failoverCountIncreases,
  espSequenceUnique,
  espReplayRejected,
  deltaAddedOnce,
  esnInferredRight,
];

/** Every property. */
export const properties: readonly PropertyText[] = [
  ...safetyProperties,
  espGetsThrough,
  recoveryPossible,
  recoveryFair,
];

export type { PropertyText, SafetyProperty };
export {
  countersNeverRegress,
  deltaAddedOnce,
  esnInferredRight,
  espGetsThrough,
  espSequenceUnique,
  failoverCountIncreases,
  isInStep,
  messageIdMonotonicity,
  mustBeEstablishedAnew,
  packetsGetThrough,
  recoveryFair,
  recoveryPossible,
  syncNegotiated,
  syncRequestOnce,
  syncWellFormed,
};
