/** What bounds each of many explorations, and how far the whole is. */

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
    onProgress: ({ depth, states }: { readonly depth: number; readonly states: number }): void =>
      tell?.(`${name}: depth ${depth}, ${states.toLocaleString('en')} states`),
  };
}
