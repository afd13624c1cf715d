/** Ctrl-C: the first one asks the work to end with what it has, the second one ends the program at once. */
import { EXIT } from './exit.ts';

/** Printed below what there is after Ctrl-C. */
export const INTERRUPTED = 'interrupted: what is shown is what was found until then\n';

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
  process.on('SIGINT', onSignal);
  return {
    get aborted() {
      return aborted;
    },
    done: () => {
      process.off('SIGINT', onSignal);
    },
  };
}
