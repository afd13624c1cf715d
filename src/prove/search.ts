/** Looks for a run that breaks a claim: the shortest, and of those one with small numbers. */
import { type Goal, type Run, runOf, runText } from './bounded.ts';
import { smtlib } from './smtlib.ts';
import type { Solver } from './solver.ts';
import type { System, Variables, Violation } from './system.ts';

export interface Search<V extends Variables, C extends string> {
  readonly system: System<V, C>;
  readonly violation: Violation<V, C>;
  readonly assumed: boolean;
  /** Steps at most. */
  readonly depth: number;
}

/** Numbers are tried up to each of these, before whatever numbers the solver likes. */
const SMALL = [0, 1, 2, 3, 4];

/** The run, or null if there is none of that length, or the solver does not know. */
export async function searchRun<V extends Variables, C extends string>(
  solver: Solver,
  { system, violation, assumed, depth }: Search<V, C>,
): Promise<Run<V, C> | null> {
  for (let steps = 1; steps <= depth; steps++) {
    const goal: Goal<V, C> = {
      transition: violation.transition,
      holds: (before, choice, index) => violation.happens(smtlib, before, choice, index),
      steps,
      assumed,
      orShorter: false,
    };
    const ask = (name: string, asked: Goal<V, C>) =>
      solver.ask({ name, text: runText(system, asked), wanted: 'either' });
    const name = `${violation.name}: a run of ${steps} ${steps === 1 ? 'step' : 'steps'}`;
    const any = await ask(name, goal);
    // Where the solver does not know, a longer run would not be known to be the shortest.
    if (any.result === 'unknown') return null;
    if (any.result === 'unsat') continue;
    for (const upTo of SMALL) {
      const small = await ask(`${name}, with numbers up to ${upTo}`, { ...goal, upTo });
      if (small.result === 'sat') return runOf(system, { ...goal, upTo }, small);
    }
    return runOf(system, goal, any);
  }
  return null;
}
