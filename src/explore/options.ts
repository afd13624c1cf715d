/** What an exploration leaves out since it makes no difference: see `symmetry.ts` and `dead-messages.ts`. */
export const REDUCTIONS = ['symmetry', 'dead-messages'] as const;
export type ReductionName = (typeof REDUCTIONS)[number];

/** How to explore. */
export interface Options {
  /** Ids of the properties to check; all of the system if absent. */
  readonly properties?: readonly string[];
  /** Stop after so many seconds. */
  readonly seconds?: number;
  /** Stop when the tables, or the whole process, occupy more bytes than this. */
  readonly bytes?: number;
  /** Looked at about ten times a second, so an `AbortSignal` will do. */
  readonly signal?: { readonly aborted: boolean };
  /** Stop when all properties to check are safety properties and violated. */
  readonly stopWhenAllViolated?: boolean;
  /** Reductions that are not to be made; absent: all are that the system declares. */
  readonly noReductions?: readonly ReductionName[];
  /**
   * Evaluate each rule twice and throw a `SystemDefect` if the results differ; and hold it to the symmetry that the
   * system declares.
   */
  readonly checkPurity?: boolean;
  /** Called about ten times a second, and once at the end. */
  readonly onProgress?: (progress: ExplorationProgress) => void;
}

/** How far the exploration is. */
export interface ExplorationProgress {
  readonly depth: number;
  readonly states: number;
  readonly transitions: number;
  /** States found whose steps have not been taken yet. */
  readonly queue: number;
  readonly seconds: number;
  readonly bytes: number;
}
