/** The properties: collected from the files of their subjects, and reported in one order. */
import * as childSas from './child-sas.ts';
import * as counterModes from './counter-modes.ts';
import * as counterSync from './counter-sync.ts';
import * as esp from './esp.ts';
import * as messageIds from './message-ids.ts';
import type { ProgressProperty, PropertyText, SafetyProperty } from './property.ts';
import * as recovery from './recovery.ts';

/** The order in which they are reported. One that is not named here comes after those of its sort. */
const ORDER: readonly string[] = [
  'message-id-monotonicity',
  'request-at-most-once',
  'response-matches-request',
  'window-respected',
  'sync-request-once',
  'sync-response-fresh',
  'counters-never-regress',
  'sync-negotiated',
  'sync-well-formed',
  'failover-count-increases',
  'sync-once-per-failover',
  'esp-sequence-unique',
  'esp-replay-rejected',
  'delta-added-once',
  'iv-never-repeats',
  'esn-inferred-right',
  'esp-gets-through',
  'child-sas-agree',
  'esp-finds-its-sa',
  'recovery-possible',
  'recovery-fair',
];

const rank = ({ id }: PropertyText): number => (ORDER.includes(id) ? ORDER.indexOf(id) : ORDER.length);

const exported: readonly unknown[] = [messageIds, counterSync, esp, counterModes, childSas, recovery].flatMap(
  (subject) => Object.values<unknown>(subject),
);

const isProperty = (value: unknown): value is PropertyText =>
  typeof value === 'object' && value !== null && 'id' in value && 'rules' in value;

const isSafety = (value: unknown): value is SafetyProperty => isProperty(value) && 'watch' in value;

const isProgress = (value: unknown): value is ProgressProperty => isProperty(value) && 'claim' in value;

/** Safety properties; checked by exploration and on traces. */
export const safetyProperties: readonly SafetyProperty[] = exported
  .filter(isSafety)
  .sort((a, b) => rank(a) - rank(b));

/** Progress properties; checked by exploration alone. */
export const progressProperties: readonly ProgressProperty[] = exported
  .filter(isProgress)
  .sort((a, b) => rank(a) - rank(b));

/** Every property. */
export const properties: readonly PropertyText[] = [...safetyProperties, ...progressProperties];

export { childSasAgree, espFindsItsSa } from './child-sas.ts';
export { ivNeverRepeats } from './counter-modes.ts';
export { failoverCountIncreases, syncNegotiated, syncRequestOnce, syncWellFormed } from './counter-sync.ts';
export {
  deltaAddedOnce,
  esnInferredRight,
  espGetsThrough,
  espSequenceUnique,
  packetsGetThrough,
} from './esp.ts';
export { countersNeverRegress, messageIdMonotonicity } from './message-ids.ts';
export type { Claim, Condition, FairRuns, World } from './property.ts';
export { isInStep, mustBeEstablishedAnew, recoveryFair, recoveryPossible } from './recovery.ts';
export type { ProgressProperty, PropertyText, SafetyProperty };
