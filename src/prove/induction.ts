/**
 * Proof by an inductive invariant: it holds at the start, every transition keeps it, and where it holds nothing
 * bad happens. So nothing bad happens in any run, however long and with whatever numbers.
 *
 * No quantifiers. A clause that speaks of all items of a list is written for one index, and means: for every
 * index. To show that a step keeps it, it is shown for an index of which nothing is known, hence for every one.
 * Before the step it is made use of at that index, and at those that the step itself looks at (its choices):
 * fewer premises than there are, so what follows from them follows. What does not follow may still be true;
 * then the answer is `sat`, and nothing is claimed.
 */

import type { Algebra, Terms } from './algebra.ts';
import { choiceFrom, declareState, type Goal, runOf, runText } from './bounded.ts';
import type { Outcome } from './obligation.ts';
import { Script, smtlib, type Text } from './smtlib.ts';
import type { Query, Solver } from './solver.ts';
import type { Choice, State, System, Transition, Variables, Violation } from './system.ts';

/** One statement of an invariant. */
export interface Clause<V extends Variables> {
  /** What it says, in words. */
  readonly says: string;
  /** Whether it holds at `index`; for all indices if it speaks of lists. */
  readonly holds: <T extends Terms>(algebra: Algebra<T>, state: State<V, T>, index: T['int']) => T['bool'];
}

export interface Induction<V extends Variables, C extends string> {
  readonly system: System<V, C>;
  readonly invariant: readonly Clause<V>[];
  readonly violations: readonly Violation<V, C>[];
  /**
   * So many steps are enough to come to each transition. Every one must be reached from an initial state, with
   * the assumptions: else they contradict each other, or a transition is never taken, and the proof is empty.
   */
  readonly reach: number;
}

/** All clauses at one index. */
export const invariantAt = <V extends Variables, T extends Terms>(
  algebra: Algebra<T>,
  invariant: readonly Clause<V>[],
  state: State<V, T>,
  index: T['int'],
): T['bool'] => algebra.and(...invariant.map(({ holds }) => holds(algebra, state, index)));

/** `proved` if all questions are answered as needed, else `inconclusive`: a failed induction refutes nothing. */
export async function proveByInduction<V extends Variables, C extends string>(
  solver: Solver,
  induction: Induction<V, C>,
): Promise<Outcome> {
  const { system } = induction;
  let proved = true;
  for (const query of [
    initiation(induction),
    ...system.transitions.map((each) => consecution(induction, each)),
  ]) {
    proved = (await solver.ask(query)).result === query.wanted && proved;
  }
  for (const violation of induction.violations) {
    const query = safety(induction, violation);
    proved = (await solver.ask(query)).result === query.wanted && proved;
  }
  for (const { name } of system.transitions) {
    const goal: Goal<V, C> = { transition: name, steps: induction.reach, assumed: true, orShorter: true };
    const answer = await solver.ask({
      name: `not vacuous: ${name}`,
      text: runText(system, goal),
      wanted: 'sat',
    });
    // Throws if what the solver found is no run.
    if (answer.result === 'sat') runOf(system, goal, answer);
    proved = answer.result === 'sat' && proved;
  }
  return { verdict: proved ? 'proved' : 'inconclusive' };
}

/** Is there an initial state without the invariant? */
function initiation<V extends Variables, C extends string>({ system, invariant }: Induction<V, C>): Query {
  const script = new Script();
  const { allowed, state } = system.initial.state(smtlib, declareChoices(script, system));
  script.assert(allowed);
  script.assert(smtlib.not(invariantAt(smtlib, invariant, state, script.constant('int', 'index'))));
  return { name: 'initiation', text: script.text(), wanted: 'unsat' };
}

/** Does the transition lead from a state with the invariant to one without it? */
function consecution<V extends Variables, C extends string>(
  induction: Induction<V, C>,
  transition: Transition<V, C>,
): Query {
  const { script, index, step } = assumeStep(induction, transition);
  script.assert(smtlib.not(invariantAt(smtlib, induction.invariant, step.next, index)));
  return { name: `consecution: ${transition.name}`, text: script.text(), wanted: 'unsat' };
}

/** Does it happen where the invariant holds? */
function safety<V extends Variables, C extends string>(
  induction: Induction<V, C>,
  violation: Violation<V, C>,
): Query {
  const transition = induction.system.transitions.find(({ name }) => name === violation.transition);
  if (transition === undefined) throw new Error(`there is no transition ${violation.transition}`);
  const { script, index, before, choice } = assumeStep(induction, transition);
  script.assert(violation.happens(smtlib, before, choice, index));
  return { name: `safety: ${violation.name}`, text: script.text(), wanted: 'unsat' };
}

/** A step of the transition, with its assumptions, from any state with the invariant. */
function assumeStep<V extends Variables, C extends string>(
  { system, invariant }: Induction<V, C>,
  transition: Transition<V, C>,
) {
  const script = new Script();
  const before = declareState(script, system.variables, 'before');
  const choice = declareChoices(script, system);
  const index = script.constant('int', 'index');
  for (const at of [index, ...transition.choices.map((name) => choice[name])]) {
    script.assert(invariantAt(smtlib, invariant, before, at));
  }
  const step = transition.step(smtlib, before, choice);
  script.assert(step.enabled);
  script.assert(step.assumes);
  return { script, before, choice, index, step };
}

const declareChoices = <V extends Variables, C extends string>(
  script: Script,
  system: System<V, C>,
): Choice<C, Text> => choiceFrom(system.choices, (name) => script.constant('int', name));
