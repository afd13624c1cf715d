/** The properties, in the order in which they are reported. */
import {
  failoverCountIncreases,
  syncNegotiated,
  syncRequestOnce,
  syncResponseFresh,
  syncWellFormed,
} from './counter-sync.ts';
import { espSequenceUnique } from './esp.ts';
import {
  countersNeverRegress,
  messageIdMonotonicity,
  requestAtMostOnce,
  responseMatchesRequest,
} from './message-ids.ts';
import type { PropertyText, SafetyProperty } from './property.ts';
import { isInStep, recoveryPossible } from './recovery.ts';

/** Safety properties of the IKE SA; checked by exploration and on traces. */
export const safetyProperties: readonly SafetyProperty[] = [
  messageIdMonotonicity,
  requestAtMostOnce,
  responseMatchesRequest,
  syncRequestOnce,
  syncResponseFresh,
  countersNeverRegress,
  syncNegotiated,
  failoverCountIncreases,
];

/** Properties that are checked on traces only, until the model has the traffic that they speak of. */
export const traceProperties: readonly SafetyProperty[] = [espSequenceUnique];

/** Every property. */
export const properties: readonly PropertyText[] = [
  ...safetyProperties,
  recoveryPossible,
  syncWellFormed,
  ...traceProperties,
];

export type { PropertyText, SafetyProperty };
export {
  countersNeverRegress,
  espSequenceUnique,
  failoverCountIncreases,
  isInStep,
  messageIdMonotonicity,
  recoveryPossible,
  syncNegotiated,
  syncRequestOnce,
  syncWellFormed,
};
