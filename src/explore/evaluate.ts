/** Evaluating a rule on values, and holding it to what it promises. */
import { canonicalText } from './canonical.ts';
import { naming, SystemDefect } from './defect.ts';
import type { StepResult, StepRule } from './system.ts';

/**
 * The result of a rule.
 *
 * @param message - the message received, for a rule that receives one
 * @param checkPurity - evaluate twice and compare
 * @throws SystemDefect if an outcome has not one value per touched component or consumes where nothing is
 *   received, if a value is not plain data, or if the second evaluation differs
 */
export function evaluate<C, M, O, A>(
  rule: StepRule<C, M, O, A>,
  values: readonly C[],
  message: M | undefined,
  checkPurity = false,
): StepResult<C, M, O, A> {
  const result = take(rule, values, message);
  for (const outcome of result.outcomes) {
    if (outcome.values.length !== rule.touches.length) {
      throw new SystemDefect(
        `rule '${rule.kind}' touches ${rule.touches.length} components but gave ${outcome.values.length} values`,
      );
    }
    if (outcome.consumes === true && !rule.receives) {
      throw new SystemDefect(`rule '${rule.kind}' receives no message, but consumes one`);
    }
  }
  if (checkPurity && textOf(rule, result) !== textOf(rule, take(rule, values, message))) {
    throw new SystemDefect(`rule '${rule.kind}' gave two results for the same values`);
  }
  return result;
}

function take<C, M, O, A>(
  rule: StepRule<C, M, O, A>,
  values: readonly C[],
  message: M | undefined,
): StepResult<C, M, O, A> {
  // A receiving rule is only ever evaluated with a message; M itself may include undefined for the compiler.
  return rule.receives ? rule.step(values, message as M) : rule.step(values);
}

function textOf<C, M, O, A>(rule: StepRule<C, M, O, A>, result: StepResult<C, M, O, A>): string {
  return naming(`rule '${rule.kind}'`, () => canonicalText(result));
}

/** Throws a SystemDefect if rules or initial states do not fit the components. */
export function checkShape<C, M, O, A>(
  components: readonly string[],
  initial: readonly (readonly C[])[],
  rules: readonly StepRule<C, M, O, A>[],
): void {
  if (initial.length === 0) throw new SystemDefect('there is no initial state');
  for (const values of initial) {
    if (values.length !== components.length) {
      throw new SystemDefect(
        `an initial state has ${values.length} values for ${components.length} components`,
      );
    }
  }
  for (const { kind, touches } of rules) {
    if (new Set(touches).size !== touches.length) {
      throw new SystemDefect(`rule '${kind}' touches a component twice`);
    }
    for (const index of touches) {
      if (components[index] === undefined) {
        throw new SystemDefect(`rule '${kind}' touches component ${index}, which does not exist`);
      }
    }
  }
}
