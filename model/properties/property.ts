/**
 * What a property is. A safety property is a monitor: it watches what both ends do, over their whole history and across
 * failovers, and says when something happened that must not. A progress property names states, and others that have
 * to be reached from them.
 */
import type { RuleId } from '../catalogue.ts';
import type { Action, Composition, StepKind, Value } from '../machine/composition.ts';
import type { Revision } from '../revisions/revision.ts';
import type { Settings } from '../settings/settings.ts';
import type { Message } from '../state/messages.ts';
import type { Observation } from '../state/step.ts';

export interface Watch<S> {
  readonly initial: S;
  /** The next state of the monitor, or why the property is broken. */
  readonly observe: (state: S, observation: Observation) => Seen<S>;
}

export type Seen<S> =
  | { readonly ok: true; readonly state: S }
  | { readonly ok: false; readonly because: string };

export interface PropertyText {
  /** Never changes once published. */
  readonly id: string;
  readonly title: string;
  /** The property holds when this is so. */
  readonly says: string;
  /** Ids of the rules that serve it. */
  readonly rules: readonly RuleId[];
  /**
   * Why it cannot be broken at all, whatever the rules do: the scenario lacks what it is about; undefined if it can
   * be. Absent: it always can.
   */
  readonly nothingToBreak?: (revision: Revision, settings: Settings) => string | undefined;
}

export type SafetyProperty<S = unknown> = PropertyText & { readonly watch: Watch<S> };

/** What a progress property is claimed of. */
export interface World {
  readonly revision: Revision;
  readonly settings: Settings;
  readonly composition: Composition;
}

/** A condition on the values of some places, which are given in the order of their names. */
export interface Condition {
  readonly reads: readonly string[];
  readonly holds: (values: readonly Value[]) => boolean;
}

/** What makes a run fair: see `fairness.ts`. */
export interface FairRuns {
  /** What each of these places sends again and again, as long as it has this value, no step being taken for it. */
  readonly again: readonly {
    readonly place: string;
    readonly messages: (value: Value | undefined) => readonly Message[];
  }[];
  /** What a step puts into a queue, and takes from one; absent where there are no queues. */
  readonly queued?: (action: Action) => { readonly sent: readonly Message[]; readonly received?: Message };
  /** Names of the groups that a step is in: one of each is taken at last, if time and again one of them can be. */
  readonly groups: (action: Action) => readonly string[];
  /** Kinds of steps that need never happen. */
  readonly without: readonly StepKind[];
}

/** From every state in `scope` one in `goal` is reached. */
export interface Claim {
  readonly scope: Condition;
  readonly goal: Condition;
  readonly reached:
    | {
        /** By some run without steps of these kinds; without any step at all: the state itself is in `goal`. */
        readonly by: 'some run';
        readonly without: readonly StepKind[];
      }
    | { readonly by: 'every fair run'; readonly fairness: FairRuns };
}

export type ProgressProperty = PropertyText & {
  /** What is to be said of a state from which the goal is not reached. */
  readonly stuck: string;
  readonly claim: (world: World) => Claim;
};

/** Nothing to object to. */
export const fine = <S>(state: S): Seen<S> => ({ ok: true, state });

/** The property is broken. */
export const broken = <S>(because: string): Seen<S> => ({ ok: false, because });

/** Hides the type of the monitor's state, which only the monitor itself looks at. */
export function safety<S>(property: SafetyProperty<S>): SafetyProperty {
  return {
    ...property,
    watch: {
      initial: property.watch.initial,
      // The state is always one that this very monitor returned.
      observe: (state, observation) => property.watch.observe(state as S, observation),
    },
  };
}
