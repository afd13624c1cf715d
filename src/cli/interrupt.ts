/** Ctrl-C: the first one asks the work to end with what it has, the second one ends the program at once. */
import { EXIT } from './exit.ts';

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
