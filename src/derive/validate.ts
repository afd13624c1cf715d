/**
 * Whether what was derived is what the model does: for each path numbers that take it, with which the model itself,
 * not rewritten, takes the step; values, messages, observations, action and rules have to agree.
 */
import type { Composition, Message, Value } from '../../model/index.ts';
import type { Values } from './example.ts';
import { atValues } from './paths.ts';
import type { DerivedStep, StepPath } from './relation.ts';
import { concreteOf, isAlike } from './values.ts';

/** A path that the model does not take, or takes in another way. */
export interface Disagreement {
  readonly step: string;
  readonly derived: unknown;
  readonly taken: unknown;
}

/** What the model does where the path says what it would do; null if they agree. */
export function disagreement(
  step: DerivedStep,
  path: StepPath,
  values: Values,
  composition: Composition,
): Disagreement | null {
  const { kind, places } = step.rule;
  const rule = composition.steps.find(
    (each) => each.kind === kind && places.every((place, index) => place === each.places[index]),
  );
  const { before, message, derived } = atValues(values, () => ({
    // The values are those of the model, with numbers.
    before: places.map((place) => concreteOf(path.before[place], values) as Value),
    message: concreteOf(path.message, values) as Message | null,
    derived: concreteOf({ ...path.effect }, values),
  }));
  const taken =
    rule === undefined
      ? 'no such step'
      : rule.receives
        ? message === null
          ? 'no message'
          : rule.take(before, message)
        : rule.take(before);
  return isAlike(taken, derived) ? null : { step: step.name, derived, taken };
}
