/** Figures that depend on the machine, or on how tables lie in memory. */
type Unstable = 'seconds' | 'verdictSeconds' | 'statesPerSecond' | 'bytesPerState' | 'load';

/** The figures of an exploration that are the same on every run. */
export function stableFigures<S extends { readonly [Name in Unstable]?: unknown }>(
  statistics: S,
): Omit<S, Unstable> {
  const {
    seconds: _,
    verdictSeconds: __,
    statesPerSecond: ___,
    bytesPerState: ____,
    load: _____,
    ...figures
  } = statistics;
  return figures;
}
