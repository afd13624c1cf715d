/**
 * The library: check a revision, read and validate traces, prove what holds without bounds, explore any system.
 * The specification itself is `ipsecha/model`.
 *
 * ```ts
 * import { check, readTrace, validate } from 'ipsecha';
 * import { rfc6311, scenarios } from 'ipsecha/model';
 *
 * for (const scenario of scenarios) {
 *   const settings = scenario.sizes.small;
 *   const { verdict } = await check({ revision: rfc6311, scenario, size: 'small', settings });
 *   console.log(scenario.name, verdict);
 * }
 *
 * const trace = await readTrace('run.pcap', { keys: ['keys.csv'] });
 * const { verdict, findings } = validate(trace.events, { file: trace.file, unread: trace.unread });
 * ```
 *
 * @module ipsecha
 */

export type { Assumption, Clause, PeerKind, StepSeen, World } from '../proofs/theorem.ts';
export type { PropertyWords } from './author/own.ts';
export type { Source } from './derive/load.ts';
export type { Disagreement } from './derive/validate.ts';
export { CheckpointError } from './explore/checkpoint.ts';
export { SystemDefect } from './explore/defect.ts';
export { type ExactCounts, Exhausted, Holds } from './explore/exhausted.ts';
export { explore } from './explore/explore.ts';
export type {
  CheckpointOptions,
  ExplorationProgress,
  Judging,
  Options as ExploreOptions,
} from './explore/options.ts';
export type {
  Compacted,
  Completeness,
  Counterexample,
  Cycle,
  Exploration,
  PropertyResult,
  Statistics,
  Stopped,
  TakenStep,
} from './explore/result.ts';
export type {
  Again,
  Fairness,
  FairProgress,
  Monitor,
  Observed,
  ObsoleteQuestion,
  Outcome,
  Predicate,
  Progress,
  StepResult,
  StepRule,
  System,
} from './explore/system.ts';
export type { Tagging } from './explore/walk/moves.ts';
export { type Choice, type Path, pathOf, pathText } from './explore/walk/path.ts';
export {
  type Times,
  type Violation,
  type WalkOptions,
  type WalkProgress,
  type WalksResult,
  walk,
} from './explore/walk/walks.ts';
export { WorkerFailure } from './explore/workers.ts';
export { Interrupted } from './prove/derived.ts';
export {
  type BrokenStep,
  closeZ3,
  type DerivedResult as ProofResult,
  type Inferred,
  type ProveOptions,
  prove,
  type Row as ProofRow,
  type ScheduleFound,
  type TheoremQuestion,
  type Validation as ProofValidation,
} from './prove/index.ts';
export {
  type CheckedProperty,
  type CheckRequest,
  type CheckResult,
  type CheckVerdict,
  check,
  checkedProperties,
  type ModelCounterexample,
  settingsWith,
} from './questions/check.ts';
export {
  replay,
  type SimulatedProperty,
  type SimulateRequest,
  type SimulateResult,
  type SimulateStatistics,
  type SimulateVerdict,
  simulate,
  type WalkFound,
} from './questions/simulate.ts';
export { type ModelSystem, systemOf } from './questions/system-of.ts';
export { UsageError } from './questions/usage-error.ts';
export type { WrongRow } from './traces/crypto/key-use.ts';
export type {
  ClusterEvent,
  DeletePayload,
  End,
  EspMessage,
  Event,
  IkeMessage,
  Message as WireMessage,
  MessageEvent,
  NotifyPayload,
  OtherPayload,
  Payload,
  Unread,
} from './traces/events/event.ts';
export type { EventPlace } from './traces/events/places.ts';
export type {
  Finding,
  Prefix,
  Reading,
  Remark,
  SyncSeen,
  Validation,
  Verdict as TraceVerdict,
} from './traces/findings/finding.ts';
export type { Role, Roles } from './traces/roles.ts';
export type { Capture } from './traces/sources/capture/capture.ts';
export type { ReadProgress } from './traces/sources/files.ts';
export { InputError, type Place } from './traces/sources/input-error.ts';
export { type ReadOptions, readTrace, type Trace, type TraceFormat } from './traces/sources/read-trace.ts';
export type { StreamOptions } from './traces/sources/stream.ts';
export { type ValidateOptions, validate } from './traces/validate.ts';
export { Validator } from './traces/validator.ts';
