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
  /**
   * Told of all messages and values of which it is asked next whether they are obsolete, for a system that can answer
   * many such questions sooner than one after the other. Absent: it cannot.
   */
  readonly isAskedOf?: (questions: readonly ObsoleteQuestion<C, M>[]) => void;
  /** Progress properties of the form: in every fair run, G (scope implies F goal). Absent: none. */
  readonly fairProgress?: readonly FairProgress<C, M, A>[];
  /**
   * Whether it is known beforehand that rules return nothing but plain data. Absent: it is not, and all that they
   * return is looked through.
   */
  readonly isPlain?: boolean;
}

/** What `isObsolete` is called with. */
export type ObsoleteQuestion<C, M> = readonly [message: M, value: C, component: number];

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

/**
 * No fair run stays for ever in states that are in scope and not in `goal`.
 *
 * A run is an infinite sequence of steps, or a finite one after which nothing more happens. No step has to be
 * taken, whatever its kind, unless `fairness` asks for it; and any may be.
 */
export interface FairProgress<C, M, A> {
  readonly id: string;
  readonly scope: Predicate<C>;
  readonly goal: Predicate<C>;
  readonly fairness: Fairness<C, M, A>;
}

/**
 * What makes a run fair. Two things are asked of it, both in the strong sense (compassion):
 *
 * - A message that is sent again and again, without end, is received again and again, if time and again some rule
 *   would receive it. It is sent whenever a step sends it, though it was sent before, and for as long as `again`
 *   lists it. A message that is sent only so often, once for instance, may be lost.
 * - Of a group of steps one is taken again and again, if time and again one of them is enabled.
 *
 * Where components are interchangeable, none of this may tell them apart: the same for a step and for the one that it
 * becomes when they are exchanged, and `again` the same for each of them.
 */
export interface Fairness<C, M, A> {
  /**
   * What is sent again and again as long as some components keep their values, no step being taken for it. A step
   * must have sent it first: it can only be received from the set of messages ever sent.
   */
  readonly again: readonly Again<C, M>[];
  /** What a step sends or receives beside what the explorer sees: into a queue, out of a queue. Absent: nothing. */
  readonly queued?: (kind: string, action: A) => { readonly sent: readonly M[]; readonly received?: M };
  /** Names of the groups that a step is in. */
  readonly groups: (kind: string, action: A) => readonly string[];
  /**
   * Kinds of steps that are in no group and receive nothing. If a bound cuts off a step of another kind, fairness
   * may ask for that very step; so a run that stays where it is cut off proves nothing.
   */
  readonly without: readonly string[];
}

/** Messages that are sent again and again, as a function of the values of some components. */
export interface Again<C, M> {
  readonly reads: readonly number[];
  readonly messages: (values: readonly C[]) => readonly M[];
}

/** A condition on the values of some components, evaluated once for each tuple of them. */
export interface Predicate<C> {
  readonly reads: readonly number[];
  readonly holds: (values: readonly C[]) => boolean;
}
