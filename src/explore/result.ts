/** What an exploration found, in terms of the system that was explored. */
import type { Exhausted, Holds } from './exhausted.ts';

/** A step as it was taken in a counterexample. */
export interface TakenStep<C, M, O, A> {
  readonly kind: string;
  readonly action: A;
  /** The message that was received, if the rule receives one. */
  readonly received?: M;
  /** Whether that message has left the set of messages. */
  readonly consumed?: true;
  readonly sent: readonly M[];
  readonly observations: readonly O[];
  /** Values of all components before and after the step. */
  readonly before: readonly C[];
  readonly after: readonly C[];
}

export interface Counterexample<C, M, O, A> {
  /**
   * Number of steps: no violation of this property is reachable in fewer. If there is a `cycle`, of the steps
   * before it.
   */
  readonly depth: number;
  readonly initial: readonly C[];
  readonly steps: readonly TakenStep<C, M, O, A>[];
  /** What the monitor said, or which goal can no longer be reached. */
  readonly because: string;
  /** How the run goes on for ever, if that is what violates the property. */
  readonly cycle?: Cycle<M>;
}

/** The end of a run without end. */
export interface Cycle<M> {
  /** The steps from this index on repeat for ever; if there are none, nothing more happens. */
  readonly start: number;
  /** What is sent again and again, and never received, since nobody would take it. */
  readonly inVain: readonly M[];
}

/** The exploration ended early; nothing is known beyond `completeDepth`. */
export interface Stopped {
  readonly kind: 'stopped';
  /** `all-violated`: the caller wanted no more once every property was violated; `unanswered`: a rule did not end. */
  readonly reason: 'time' | 'memory' | 'interrupted' | 'all-violated' | 'unanswered';
  /** Which rule has not answered, and what it was asked. */
  readonly because?: string;
  /** Every state up to this depth was visited, and every violation up to this depth found. */
  readonly completeDepth: number;
}

/** All states that were found were visited, but some may have been taken for others, and be left out. */
export interface Compacted {
  readonly kind: 'compacted';
  /** That any state was left out: it is not above this. */
  readonly omissionProbability: number;
}

export type Completeness = Exhausted | Compacted | Stopped;

export type PropertyResult<C, M, O, A> =
  | Holds
  | { readonly id: string; readonly verdict: 'inconclusive'; readonly because: string }
  | {
      readonly id: string;
      readonly verdict: 'violated';
      readonly counterexample: Counterexample<C, M, O, A>;
    };

export interface Statistics {
  readonly states: number;
  /** Enabled steps summed over all states, steps that change nothing included. */
  readonly transitions: number;
  /** Largest distance of a state from the initial ones. */
  readonly depth: number;
  /** Wall-clock time of the search. */
  readonly seconds: number;
  /** Wall-clock time of finding verdicts and counterexamples, once the search has ended. */
  readonly verdictSeconds: number;
  readonly statesPerSecond: number;
  /** Bytes of all tables divided by the number of states. */
  readonly bytesPerState: number;
  readonly workers: number;
  readonly complete: boolean;
  /** With hash compaction: that one of the states found was taken for another one, at most. */
  readonly omissionProbability?: number;
  /** How often each kind of step was taken; kinds that never occurred are listed with 0. */
  readonly steps: Readonly<Record<string, number>>;
  /** Distinct values per component, and of messages, observations and actions. */
  readonly distinct: Readonly<Record<string, number>>;
  /** Times that a rule was evaluated, which makes a local step (or that there is none) known for good. */
  readonly evaluations: number;
  /** Times that the local steps of some components, asked for in a state, were in a table already. */
  readonly tableHits: number;
  /** The settings that alone forbade a step somewhere, in the order in which they were met. */
  readonly bounds: readonly string[];
  /** Times that a dead message was dropped from a set. */
  readonly dropped: number;
  /** Distinct sets of messages. */
  readonly messageSets: number;
  /** States per slot of the hash table, between 0 and 3/4. */
  readonly load: number;
}

export interface Exploration<C, M, O, A> {
  readonly completeness: Completeness;
  readonly properties: readonly PropertyResult<C, M, O, A>[];
  /** Distinct actions that occurred, each with the number of transitions. */
  readonly actions: readonly { readonly action: A; readonly times: number }[];
  readonly statistics: Statistics;
}
