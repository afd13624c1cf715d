/** Follows a path through the tables, as far as it can be followed. */
import type { System } from '../system.ts';
import type { Choice, Path } from './path.ts';
import type { WalkState } from './walk-state.ts';

export interface Followed {
  /** The choices that could be taken, each as it was taken. */
  readonly path: Path;
  /** Whether the last of them violates the property. */
  readonly violates: boolean;
}

/**
 * Follows a path up to the step that violates the property of a monitor (by its index).
 *
 * @param state - is begun anew
 * @param instead - for each rule, others that are taken where it cannot be; without it, it is passed over
 */
export function follow<C, M, O, A>(
  system: System<C, M, O, A>,
  state: WalkState<C, M, O, A>,
  { initial, choices }: Path,
  monitor: number,
  instead?: readonly (readonly number[])[],
): Followed {
  state.begin(system.initial[initial] ?? []);
  const taken: Choice[] = [];
  for (const { rule: wanted, pick } of choices) {
    const rule = [wanted, ...(instead?.[wanted] ?? [])].find((each) => state.waysOf(each).length > 0);
    if (rule === undefined) continue;
    const ways = state.waysOf(rule);
    const way = pick % ways.length;
    const { at, message } = ways[way]!;
    state.take(at, message);
    taken.push({ rule, pick: way });
    if (((state.violated >>> monitor) & 1) === 1)
      return { path: { initial, choices: taken }, violates: true };
  }
  return { path: { initial, choices: taken }, violates: false };
}

/** A walk as it was made, step by step, in the words of the tables, as a path. */
export function pathTaken<C, M, O, A>(
  system: System<C, M, O, A>,
  state: WalkState<C, M, O, A>,
  initial: number,
  steps: readonly { readonly rule: number; readonly at: number; readonly message: number }[],
): Path {
  state.begin(system.initial[initial] ?? []);
  const choices = steps.map(({ rule, at, message }): Choice => {
    const pick = state.waysOf(rule).findIndex((way) => way.at === at && way.message === message);
    if (pick < 0) throw new RangeError('a step that was taken is not among those that can be');
    state.take(at, message);
    return { rule, pick };
  });
  return { initial, choices };
}

/** For each rule, the others of its kind: when a step is left out, it may be another component that can act. */
export const othersOfKind = <C, M, O, A>({ rules }: System<C, M, O, A>): readonly (readonly number[])[] =>
  rules.map(({ kind }, rule) =>
    rules.flatMap((other, index) => (other.kind === kind && index !== rule ? [index] : [])),
  );
