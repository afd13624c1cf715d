/** A run, as it is shown to a reader. */
import type { Run } from './bounded.ts';
import { type Concrete, concrete } from './concrete.ts';
import type { Countermodel } from './obligation.ts';
import { mapVariables, type State, type System, type Variables } from './system.ts';

export function countermodelOf<V extends Variables, C extends string>(
  system: System<V, C>,
  run: Run<V, C>,
): Countermodel {
  const shown = (state: State<V, Concrete>) =>
    Object.fromEntries(
      mapVariables(system.variables, (name) => [system.labels[name], jsonValueOf(state[name])] as const),
    );
  const befores = [run.start.state, ...run.steps.map(({ after }) => after)];
  const steps = run.steps.flatMap(({ transition, choice, after }, index) => {
    const before = befores[index];
    if (before === undefined) return [];
    const changed = mapVariables(system.variables, (name, sort) =>
      concrete.same(sort, before[name], after[name]) ? [] : [system.labels[name]],
    ).flat();
    return [{ action: transition.says(before, choice), state: shown(after), changed }];
  });
  return {
    steps: [
      { action: system.initial.says(run.start.choice), state: shown(run.start.state), changed: [] },
      ...steps,
    ],
  };
}

/** As JSON can hold it: an integer that a JSON reader would round is written as text. */
const jsonValueOf = (value: Concrete[keyof Concrete]): string | number | boolean => {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'object') return value.length === 0 ? 'none' : value.join(', ');
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : `${value}`;
};
