/** Checks a counterexample against the rules of the system, one step after the other, with nothing left out. */
import { canonicalText } from '../canonical.ts';
import type { Counterexample } from '../result.ts';
import type { System } from '../system.ts';

/** @throws Error unless it is a run of the system from one of its initial states, in which monitors may be ignored */
export function replay<C, M, O, A>(
  system: System<C, M, O, A>,
  { initial, steps, depth }: Counterexample<C, M, O, A>,
): void {
  if (steps.length !== depth) throw new Error(`${steps.length} steps at depth ${depth}`);
  const start = canonicalText(initial);
  if (!system.initial.some((values) => canonicalText(values) === start)) {
    throw new Error(`${start} is no initial state`);
  }
  let values = initial;
  let sent = new Set<string>();
  for (const step of steps) {
    const told = canonicalText([
      step.kind,
      step.action,
      step.before,
      step.after,
      step.sent,
      step.observations,
    ]);
    const received = 'received' in step ? canonicalText(step.received) : undefined;
    if (received !== undefined && !sent.has(received)) throw new Error(`${received} was not there`);
    const isPossible = system.rules.some((rule) => {
      if (rule.receives !== (received !== undefined)) return false;
      const own = rule.touches.map((index) => values[index] as C);
      const { outcomes } = rule.receives ? rule.step(own, step.received as M) : rule.step(own);
      return outcomes.some((outcome) => {
        const after = [...values];
        rule.touches.forEach((index, i) => {
          after[index] = outcome.values[i]!;
        });
        const does = [rule.kind, outcome.action, values, after, outcome.sent, outcome.observations];
        return canonicalText(does) === told && (outcome.consumes === true) === (step.consumed === true);
      });
    });
    if (!isPossible) throw new Error(`no rule does ${told} there`);
    values = step.after;
    sent = new Set(sent);
    if (step.consumed === true && received !== undefined) sent.delete(received);
    for (const message of step.sent) sent.add(canonicalText(message));
  }
}
