/**
 * The explorer: visits all reachable states of a system, shortest paths first, and judges its properties.
 *
 * Exact, and deterministic: the same system gives the same result, number for number, unless a limit of time
 * or memory or an interruption ends the exploration early.
 *
 * To read the rest in order: `system.ts` (what is explored) and `result.ts` (what comes out); `intern.ts`,
 * `row-layout.ts`, `state-table.ts` (values, rows, the set of states); `tuple-table.ts`, `view.ts`,
 * `step-code.ts`, `local-steps.ts`, `monitor-table.ts` (rules and monitors, asked once); `search.ts` (the
 * search); `edge-log.ts`, `backward-reach.ts`, `progress.ts`, `counterexample.ts`, `exhausted.ts`,
 * `verdicts.ts` (verdicts); and `steps-of-state.ts`, `demands.ts`, `strongly-connected.ts`, `fair-graph.ts`,
 * `fair-region.ts`, `fair-cycles.ts`, `fair-progress.ts`, `lasso.ts`, `fair-verdict.ts` (fair runs).
 */
import { setImmediate } from 'node:timers/promises';
import { SystemDefect } from './defect.ts';
import { checkShape } from './evaluate.ts';
import { Exhausted } from './exhausted.ts';
import { fairVerdict } from './fair-verdict.ts';
import type { Options } from './options.ts';
import type { Completeness, Exploration, Stopped } from './result.ts';
import { Search } from './search.ts';
import { statisticsOf, timesByAction } from './statistics.ts';
import type { FairProgress, Monitor, Progress, System } from './system.ts';
import { progressVerdict, safetyVerdict, withoutSets } from './verdicts.ts';

/** States expanded between two looks at the clock. */
const STATES_AT_ONCE = 256;
/** Looks at the clock between two looks at the memory. */
const CLOCK_PER_MEMORY = 16;
/** Milliseconds between two returns to the event loop. */
const BREATH = 100;

/**
 * Explores a system.
 *
 * @throws DeclarationDefect if what it declares for a reduction that was made turns out to be wrong
 * @throws SystemDefect if the system is not what `System` asks for, or if `options.properties` names one that
 *   it does not have
 */
export async function explore<C, M, O, A>(
  system: System<C, M, O, A>,
  options: Options = {},
): Promise<Exploration<C, M, O, A>> {
  checkShape(system.components, system.initial, system.rules);
  const { monitors, progress, fairProgress } = requested(system, options.properties);
  const search = new Search(
    system,
    monitors,
    withoutSets(progress),
    options.checkPurity === true,
    options.noReductions,
  );
  const began = performance.now();
  const completeness = await runToTheEnd(search, began, {
    ...options,
    stopWhenAllViolated: options.stopWhenAllViolated === true && progress.length + fairProgress.length === 0,
  });
  search.checkDeclarations();
  const seconds = (performance.now() - began) / 1000;
  return {
    completeness,
    properties: [
      ...monitors.map((_, index) => safetyVerdict(search, index, completeness)),
      ...progress.map((property) => progressVerdict(search, property, completeness)),
      ...fairProgress.map((property) => fairVerdict(search, property, completeness)),
    ],
    actions: timesByAction(search),
    statistics: statisticsOf(search, completeness, seconds),
  };
}

/** The properties with these ids (all, if none are given), in the system's order. */
function requested<C, M, O, A>(
  system: System<C, M, O, A>,
  ids: readonly string[] | undefined,
): {
  readonly monitors: readonly Monitor<O>[];
  readonly progress: readonly Progress<C>[];
  readonly fairProgress: readonly FairProgress<C, M, A>[];
} {
  const fair = system.fairProgress ?? [];
  const known = [...system.monitors, ...system.progress, ...fair].map(({ id }) => id);
  const twice = known.find((id, index) => known.indexOf(id) !== index);
  if (twice !== undefined) throw new SystemDefect(`two properties have the id '${twice}'`);
  const unknown = ids?.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new SystemDefect(`there is no property '${unknown}'; there are: ${known.join(', ')}`);
  }
  const isWanted = ({ id }: { readonly id: string }) => ids === undefined || ids.includes(id);
  return {
    monitors: system.monitors.filter(isWanted),
    progress: system.progress.filter(isWanted),
    fairProgress: fair.filter(isWanted),
  };
}

/** Runs the search until it has finished or a limit is met, with a look at the event loop now and then. */
async function runToTheEnd<C, M, O, A>(
  search: Search<C, M, O, A>,
  began: number,
  options: Options,
): Promise<Completeness> {
  let breathed = began;
  for (let looks = 0; !search.finished; looks++) {
    const now = performance.now();
    if (now - breathed > BREATH) {
      options.onProgress?.(progressOf(search, began));
      await setImmediate();
      breathed = performance.now();
    }
    const reason = reasonToStop(search, began, looks, options);
    if (reason !== undefined) {
      options.onProgress?.(progressOf(search, began));
      return { kind: 'stopped', reason, completeDepth: search.completeDepth };
    }
    search.run(STATES_AT_ONCE);
  }
  options.onProgress?.(progressOf(search, began));
  return Exhausted.of({ found: search.table.count, expanded: search.expanded });
}

function reasonToStop<C, M, O, A>(
  search: Search<C, M, O, A>,
  began: number,
  looks: number,
  { signal, seconds, bytes, stopWhenAllViolated }: Options,
): Stopped['reason'] | undefined {
  if (signal?.aborted === true) return 'interrupted';
  if (seconds !== undefined && performance.now() - began >= seconds * 1000) return 'time';
  if (bytes !== undefined && looks % CLOCK_PER_MEMORY === 0) {
    if (Math.max(search.bytes, process.memoryUsage.rss()) > bytes) return 'memory';
  }
  if (stopWhenAllViolated === true && search.allViolated) return 'all-violated';
  return undefined;
}

function progressOf<C, M, O, A>(
  search: Search<C, M, O, A>,
  began: number,
): Parameters<NonNullable<Options['onProgress']>>[0] {
  return {
    depth: search.depth,
    states: search.table.count,
    transitions: search.transitions,
    queue: search.table.count - search.expanded,
    seconds: (performance.now() - began) / 1000,
    bytes: search.bytes,
  };
}
