/** Counts work: how often the pieces of our sources ran, as the engine itself counts them. No clock is looked at. */
import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';

/** What an optimizing compiler puts in place of a call is not counted, and when it does so is a matter of chance. */
const COMPILERS = ['maglev', 'turbofan'] as const;

/** The sum of how often each function, loop and branch of `src/traces` and `model` ran. */
export async function workOf(act: () => void): Promise<number> {
  const session = new Session();
  session.connect();
  for (const compiler of COMPILERS) setFlagsFromString(`--no-${compiler}`);
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    await session.post('Profiler.takePreciseCoverage');
    act();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return result
      .filter(({ url }) => /\/(?:src\/traces|model)\//u.test(url))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges.map(({ count }) => count)))
      .reduce((sum, count) => sum + count, 0);
  } finally {
    await session.post('Profiler.stopPreciseCoverage');
    session.disconnect();
    // Whatever else runs in this process is many times slower without them.
    for (const compiler of COMPILERS) setFlagsFromString(`--${compiler}`);
  }
}
