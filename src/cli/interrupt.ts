/** Ctrl-C, or SIGTERM: the first one asks the work to end with what it has, the second one ends the program at once. */
import { EXIT } from './exit.ts';

/** Printed below what there is after Ctrl-C. */
export const INTERRUPTED = 'interrupted: what is shown is what was found until then\n';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface Interruption {
  readonly aborted: boolean;
  /** Gives Ctrl-C back its usual meaning. */
  done(): void;
}

export function interruption(): Interruption {
  let aborted = false;
  const onSignal = (): void => {
    if (aborted) process.exit(EXIT.interrupted);
    aborted = true;
  };
  // Whoever ends the program from outside gets what there is as well.
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    get aborted() {
      return aborted;
    },
    done: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
