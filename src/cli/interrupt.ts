/**
 * Ctrl-C, and SIGTERM alike: the first one asks the work to end with what it has, the second one ends the program at
 * once.
 */
import { endAtOnce } from './ending.ts';
import { EXIT } from './exit.ts';

/** Printed below what there is after Ctrl-C. */
export const INTERRUPTED = 'interrupted: what is shown is what was found until then\n';

export interface Interruption {
  readonly aborted: boolean;
  /** For what waits and is to be woken. */
  readonly signal: AbortSignal;
  /** Gives the signals back their usual meaning. */
  done(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export function interruption(): Interruption {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) endAtOnce(EXIT.interrupted);
    controller.abort();
  };
  for (const each of SIGNALS) process.on(each, onSignal);
  return {
    get aborted() {
      return controller.signal.aborted;
    },
    signal: controller.signal,
    done: () => {
      for (const each of SIGNALS) process.off(each, onSignal);
    },
  };
}
