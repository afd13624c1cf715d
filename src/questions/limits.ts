/** What bounds each of many explorations, and how far the whole is. */
import type { ExplorationProgress, Judging } from '../explore/options.ts';

export interface Limits {
  /** For each exploration. */
  readonly seconds?: number;
  /** Of tables, or of the whole process. */
  readonly bytes?: number;
  /** Threads for each exploration that is large enough. */
  readonly workers?: number;
  readonly signal?: { readonly aborted: boolean };
  /** Told what is being explored, and how far. */
  readonly tell?: (what: string) => void;
}

/** The limits as a check takes them; what is told begins with the name of the exploration. */
export function limitsOf({ seconds, bytes, workers, signal, tell }: Limits, name: string) {
  return {
    ...(seconds === undefined ? {} : { seconds }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(workers === undefined ? {} : { workers }),
    ...(signal === undefined ? {} : { signal }),
    onProgress: ({ depth, states, judging }: ExplorationProgress): void =>
      tell?.(
        `${name}: ${
          judging === undefined
            ? `depth ${depth}, ${states.toLocaleString('en')} states`
            : judgingWords(judging)
        }`,
      ),
  };
}

/** How far the judging of a property of progress is, in a few words. */
export function judgingWords({ property, stage, done, of }: Judging): string {
  const words = `judging ${property}, ${stage}: ${done.toLocaleString('en')}`;
  return of === undefined ? words : `${words} of ${of.toLocaleString('en')}`;
}
