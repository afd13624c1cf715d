/**
 * What the explorer explores: a system of components that are coupled by nothing but step rules and by
 * the set of messages sent: all that were ever sent, but for those that were consumed.
 *
 * The explorer knows nothing of what the values mean. It asks only that every value (of a component, a
 * message, an observation, an action) is plain immutable data: what `JSON.stringify` shows is all there is.
 * A rule is a pure function of the values that it declares to touch; so it is evaluated once for each
 * tuple of such values, and never again in however many global states the tuple occurs.
 *
 * @typeParam C - values of components
 * @typeParam M - messages
 * @typeParam O - observations, which feed the monitors
 * @typeParam A - actions: what a person is told about a step
 */
export interface System<C, M, O, A> {
  readonly name: string;
  /** Names of the components, in the order in which states list their values. */
  readonly components: readonly string[];
  /** One or more initial states, each with one value per component. No message has been sent. */
  readonly initial: readonly (readonly C[])[];
  readonly rules: readonly StepRule<C, M, O, A>[];
  /** Safety properties, each a deterministic automaton over the observations. */
  readonly monitors: readonly Monitor<O>[];
  /** Progress properties of the form AG (scope implies EF goal). */
  readonly progress: readonly Progress<C>[];
  /** Groups of interchangeable components, by their indexes; see `symmetry.ts`. Absent: there are none. */
  readonly interchangeable?: readonly (readonly number[])[];
  /**
   * Whether a component with this value does not react to a message, and never will; see `dead-messages.ts` for
   * what is checked of it. Absent: no message is ever obsolete.
   */
  readonly isObsolete?: (message: M, value: C, component: number) => boolean;
}

/** One kind of step. Rules with `receives` are tried with every message of the set. */
export type StepRule<C, M, O, A> = {
  /** The kind of step; several rules (one per component, say) may share it. */
  readonly kind: string;
  /** Indexes of the components that the rule reads and may write. */
  readonly touches: readonly number[];
} & (
  | { readonly receives: false; readonly step: (values: readonly C[]) => StepResult<C, M, O, A> }
  | { readonly receives: true; readonly step: (values: readonly C[], message: M) => StepResult<C, M, O, A> }
);

/** All ways in which a rule can be taken; none means: not enabled. */
export interface StepResult<C, M, O, A> {
  readonly outcomes: readonly Outcome<C, M, O, A>[];
  /** The bound that alone forbids a further outcome here, if there is one: the name of a setting. */
  readonly boundedBy?: string;
}

export interface Outcome<C, M, O, A> {
  /** New values of the touched components, in the order of `touches`. */
  readonly values: readonly C[];
  readonly sent: readonly M[];
  /**
   * Whether the message that is received leaves the set of messages, before those in `sent` are added; only for a
   * rule that receives. Absent: it stays.
   */
  readonly consumes?: boolean;
  readonly observations: readonly O[];
  readonly action: A;
}

/** A safety property: `observe` is called with each observation of a step in turn. */
export interface Monitor<O> {
  readonly id: string;
  readonly initial: unknown;
  readonly observe: (state: unknown, observation: O) => Observed<unknown>;
}

export type Observed<S> =
  | { readonly ok: true; readonly state: S }
  | { readonly ok: false; readonly because: string };

/** From every reachable state in scope some state in `goal` can be reached by steps of other kinds than `without`. */
export interface Progress<C> {
  readonly id: string;
  readonly scope: Predicate<C>;
  readonly goal: Predicate<C>;
  /** Kinds of steps that do not count as progress (those that the environment need not take). */
  readonly without: readonly string[];
}

/** A condition on the values of some components, evaluated once for each tuple of them. */
export interface Predicate<C> {
  readonly reads: readonly number[];
  readonly holds: (values: readonly C[]) => boolean;
}
