/** What an exploration leaves out since it makes no difference: see `symmetry.ts` and `dead-messages.ts`. */
export const REDUCTIONS = ['symmetry', 'dead-messages'] as const;
export type ReductionName = (typeof REDUCTIONS)[number];

/** How to explore. */
export interface Options {
  /** Ids of the properties to check; all of the system if absent. */
  readonly properties?: readonly string[];
  /** Threads: 1 or more; absent: 1. Results do not depend on it. */
  readonly workers?: number;
  /** The number of states from which on there are more threads than one; absent: some thousand. */
  readonly threadsFrom?: number;
  /** Stop after so many seconds. */
  readonly seconds?: number;
  /**
   * Stop before the tables, or the whole process, occupy more bytes than this; absent: most of what the machine has
   * free at the beginning.
   */
  readonly bytes?: number;
  /** Where to write checkpoints; one more is written when the exploration ends early. */
  readonly checkpoint?: CheckpointOptions;
  /** A checkpoint to go on from. */
  readonly resume?: string;
  /** Said of checkpoints, and asked of the one to go on from: settings, say, and the version of a program. */
  readonly identity?: Readonly<Record<string, string>>;
  /** Looked at about ten times a second, so an `AbortSignal` will do. */
  readonly signal?: { readonly aborted: boolean };
  /** Stop when all properties to check are safety properties and violated. */
  readonly stopWhenAllViolated?: boolean;
  /** Reductions that are not to be made; absent: all are that the system declares. */
  readonly noReductions?: readonly ReductionName[];
  /**
   * Keep 64 bits of each state, instead of all: less memory, but states can be left out. Then nothing holds, but
   * counterexamples are what they are; they need not be the shortest ones. Properties of progress are not judged.
   * There is one thread only.
   */
  readonly hashCompaction?: boolean;
  /**
   * Evaluate each rule twice and throw a `SystemDefect` if the results differ; and hold it to the symmetry that the
   * system declares.
   */
  readonly checkPurity?: boolean;
  /** Called about ten times a second, and once at the end. */
  readonly onProgress?: (progress: ExplorationProgress) => void;
}

export interface CheckpointOptions {
  readonly file: string;
  /** Seconds between two of them. */
  readonly seconds: number;
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
  /**
   * States whose steps have still to be taken, found or not, if levels go on growing smaller as the last ones did;
   * absent while they do not.
   */
  readonly left?: number;
  /** What is being judged, now that all states are known; absent while they are looked for. */
  readonly judging?: Judging;
}

/** How far the judging of a property is. */
export interface Judging {
  readonly property: string;
  /** What is being done, in words: 'going back from the goal', say. */
  readonly stage: string;
  /** How much of it is done: states, or what takes as long as one; of how many, where that is known. */
  readonly done: number;
  readonly of?: number;
}
