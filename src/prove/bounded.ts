/**
 * Bounded search: is there a run of so many steps, from an initial state, that ends in such a step? Every run
 * that a solver reports is taken again with actual numbers, so that what is returned is a run and not a claim.
 */
import { type Concrete, concrete } from './concrete.ts';
import { Script, smtlib, type Text } from './smtlib.ts';
import type { Answer } from './solver.ts';
import {
  type Choice,
  mapVariables,
  type State,
  type System,
  sameState,
  type Transition,
  type Variables,
} from './system.ts';

/** A run: the choice of the initial state, then the steps. */
export interface Run<V extends Variables, C extends string> {
  readonly start: { readonly choice: Choice<C, Concrete>; readonly state: State<V, Concrete> };
  readonly steps: readonly {
    readonly transition: Transition<V, C>;
    readonly choice: Choice<C, Concrete>;
    readonly after: State<V, Concrete>;
  }[];
}

/** What is looked for. */
export interface Goal<V extends Variables, C extends string> {
  /** Name of the transition in the last step. */
  readonly transition: string;
  /** What is to be true of the last step besides; `index` is any integer. */
  readonly holds?: (before: State<V, Text>, choice: Choice<C, Text>, index: string) => string;
  readonly steps: number;
  /** Whether the assumptions hold in all steps, or need not. */
  readonly assumed: boolean;
  /** Whether some of the steps but the last may do nothing, so that shorter runs are found as well. */
  readonly orShorter: boolean;
  /** If given, all choices are from 0 to this. */
  readonly upTo?: number;
}

/** Names of constants in the question, by step. */
const actionAt = (step: number): string => `action.${step}`;
const choiceAt = (step: number, name: string): string => `${name}.${step}`;

/** The question whether there is such a run, as SMT-LIB. */
export function runText<V extends Variables, C extends string>(
  system: System<V, C>,
  goal: Goal<V, C>,
): string {
  const script = new Script();
  const target = system.transitions.findIndex(({ name }) => name === goal.transition);
  if (target < 0) throw new Error(`there is no transition ${goal.transition}`);
  const idle = `${system.transitions.length}`;

  const start = declareChoice(script, system, 0, goal.upTo);
  const initial = system.initial.state(smtlib, start);
  script.assert(initial.allowed);
  let { state } = initial;

  for (let step = 1; step <= goal.steps; step++) {
    const before = state;
    const chosen = declareChoice(script, system, step, goal.upTo);
    const after = declareState(script, system.variables, `${step}`);
    const action = script.constant('int', actionAt(step));
    const isLast = step === goal.steps;
    const taken = system.transitions.map((transition, index) => {
      const { enabled, assumes, next } = transition.step(smtlib, before, chosen);
      return smtlib.and(
        smtlib.eq(action, `${index}`),
        enabled,
        goal.assumed ? assumes : 'true',
        sameState(smtlib, system.variables, after, next),
      );
    });
    const idling = smtlib.and(smtlib.eq(action, idle), sameState(smtlib, system.variables, after, before));
    script.assert(smtlib.or(...taken, ...(goal.orShorter && !isLast ? [idling] : [])));
    if (isLast) {
      script.assert(smtlib.eq(action, `${target}`));
      if (goal.holds !== undefined) {
        script.assert(goal.holds(before, chosen, script.constant('int', 'index')));
      }
    }
    state = after;
  }
  return script.text();
}

/**
 * The run behind an answer to `runText`. Throws if it is none: then the two readings of the transition relation
 * disagree, and no verdict is worth anything.
 */
export function runOf<V extends Variables, C extends string>(
  system: System<V, C>,
  goal: Goal<V, C>,
  answer: Extract<Answer, { result: 'sat' }>,
): Run<V, C> {
  const choiceOf = (step: number): Choice<C, Concrete> =>
    choiceFrom(system.choices, (name) => answer.value(choiceAt(step, name)));
  const start = choiceOf(0);
  const { allowed, state: initial } = system.initial.state(concrete, start);
  if (!allowed) throw new Error('the solver starts a run in a state that is not initial');

  const steps: Run<V, C>['steps'][number][] = [];
  let state = initial;
  for (let step = 1; step <= goal.steps; step++) {
    const action = answer.value(actionAt(step));
    if (goal.orShorter && action === BigInt(system.transitions.length)) continue;
    const transition = system.transitions[Number(action)];
    if (transition === undefined)
      throw new Error(`the solver takes a transition that is not there: ${action}`);
    const choice = choiceOf(step);
    const { enabled, assumes, next } = transition.step(concrete, state, choice);
    if (!enabled || (goal.assumed && !assumes)) {
      throw new Error(`the solver takes a step that cannot be taken: ${transition.name}`);
    }
    steps.push({ transition, choice, after: next });
    state = next;
  }
  return { start: { choice: start, state: initial }, steps };
}

/** A record with a value for each choice. */
export const choiceFrom = <C extends string, R>(
  names: readonly C[],
  value: (name: C) => R,
): Readonly<Record<C, R>> =>
  // The entries are those of the type, by construction.
  Object.fromEntries(names.map((name) => [name, value(name)])) as Record<C, R>;

/** New constants for the variables of a state. */
export const declareState = <V extends Variables>(
  script: Script,
  variables: V,
  suffix: string,
): State<V, Text> =>
  // The entries are those of the type, by construction.
  Object.fromEntries(
    mapVariables(variables, (name, sort) => [name, script.constant(sort, `${name}.${suffix}`)]),
  ) as State<V, Text>;

function declareChoice<V extends Variables, C extends string>(
  script: Script,
  system: System<V, C>,
  step: number,
  upTo: number | undefined,
): Choice<C, Text> {
  return choiceFrom(system.choices, (name) => {
    const constant = script.constant('int', choiceAt(step, name));
    if (upTo !== undefined)
      script.assert(smtlib.and(smtlib.le('0', constant), smtlib.le(constant, `${upTo}`)));
    return constant;
  });
}
