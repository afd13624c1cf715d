/**
 * A safety property is a monitor: it watches what both ends do, over their whole history and across failovers,
 * and says when something happened that must not.
 */
import type { RuleId } from '../catalogue.ts';
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
  /** Ids of the rules that are there for it. */
  readonly rules: readonly RuleId[];
}

export type SafetyProperty<S = unknown> = PropertyText & { readonly watch: Watch<S> };

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
