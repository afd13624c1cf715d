/** The properties, in the order in which they are reported. */
import { childSasAgree } from './child-sas.ts';
import { ivNeverRepeats } from './counter-modes.ts';
import {
  failoverCountIncreases,
  syncNegotiated,
  syncOncePerFailover,
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
import type { ProgressProperty, PropertyText, SafetyProperty } from './property.ts';
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
  syncOncePerFailover,
  espSequenceUnique,
  espReplayRejected,
  deltaAddedOnce,
  ivNeverRepeats,
  esnInferredRight,
];

/** Progress properties; checked by exploration alone. */
export const progressProperties: readonly ProgressProperty[] = [
  espGetsThrough,
  childSasAgree,
  recoveryPossible,
  recoveryFair,
];

/** Every property. */
export const properties: readonly PropertyText[] = [...safetyProperties, ...progressProperties];

export type { Claim, Condition, FairRuns, World } from './property.ts';
export type { ProgressProperty, PropertyText, SafetyProperty };
export {
  childSasAgree,
  countersNeverRegress,
  deltaAddedOnce,
  esnInferredRight,
  espGetsThrough,
  espSequenceUnique,
  failoverCountIncreases,
  isInStep,
  ivNeverRepeats,
  messageIdMonotonicity,
  mustBeEstablishedAnew,
  packetsGetThrough,
  recoveryFair,
  recoveryPossible,
  syncNegotiated,
  syncRequestOnce,
  syncWellFormed,
};
