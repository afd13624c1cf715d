/** The system itself is wrong: it breaks a promise that the explorer relies on. Never a verdict on a property. */
export class SystemDefect extends Error {
  override readonly name = 'SystemDefect';
}

/** What a system declares in order to be explored sooner is wrong: without the declaration it can be explored. */
export class DeclarationDefect extends SystemDefect {}

/** A run: values of all components at its beginning, and the steps as `TakenStep` has them. */
interface Run {
  readonly initial: readonly unknown[];
  readonly steps: readonly unknown[];
}

/** What rules threw while a system was explored, with the run after which they did. */
const runs = new WeakMap<object, Run>();

/** Notes the run after which a rule threw something. */
export function noteRun(thrown: unknown, run: Run): void {
  if (typeof thrown === 'object' && thrown !== null) runs.set(thrown, run);
}

/** The run after which a rule threw something, if that is known. */
export const runBefore = (thrown: unknown): Run | undefined =>
  typeof thrown === 'object' && thrown !== null ? runs.get(thrown) : undefined;

/** Runs `act`, and says in a defect that comes out of it whose it is. */
export function naming<T>(whose: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof SystemDefect) throw new SystemDefect(`${whose}: ${error.message}`);
    throw error;
  }
}

/** A rule did not answer: it never ends, say. What was found until then is true, and nothing more can be found. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered';
}
