/**
 * The explorer: visits all reachable states of a system, shortest paths first, and judges its properties.
 *
 * Exact, and deterministic: the same system gives the same result, number for number, unless a limit of time
 * or memory or an interruption ends the exploration early.
 *
 * To read the rest in order: `system.ts` (what is explored) and `result.ts` (what comes out); `intern.ts`,
 * `row-layout.ts`, `state-table.ts` (values, rows, the set of states); `tuple-table.ts`, `view.ts`,
 * `step-code.ts`, `local-steps.ts`, `monitor-table.ts` (rules and monitors, asked once); `step-tables.ts`, `plans.ts`,
 * `taker.ts`, `batch.ts`, `knowledge.ts`, `search.ts` (the search); `run.ts`, `memory.ts`, `checkpoint.ts` (when it
 * ends, and goes on); `threads.ts`, `workers.ts`, `worker.ts`, `shared-search.ts`, `shared-take.ts`, `open-sets.ts`,
 * `shared-states.ts`, `inserter.ts` (with several threads); `edge-log.ts`, `backward-reach.ts`, `progress.ts`, `counterexample.ts`,
 * `exhausted.ts`, `judging.ts`, `verdicts.ts` (verdicts); and `steps-of-state.ts`, `demands.ts`, `strongly-connected.ts`,
 * `fair-graph.ts`, `fair-region.ts`, `fair-cycles.ts`, `fair-progress.ts`, `lasso.ts`, `fair-verdict.ts` (fair runs).
 */
import { identityOf, readCheckpoint } from './checkpoint.ts';
import { pathTo } from './counterexample.ts';
import { noteRun, SystemDefect } from './defect.ts';
import { checkShape } from './evaluate.ts';
import { fairVerdict } from './fair-verdict.ts';
import { workedOn } from './judging.ts';
import { MemoryLimit } from './memory.ts';
import type { Options } from './options.ts';
import { Predicates } from './predicate.ts';
import type { Exploration } from './result.ts';
import { endedFromOutside, progressOf, runToTheEnd } from './run.ts';
import { Search } from './search.ts';
import { statisticsOf, timesByAction } from './statistics.ts';
import type { FairProgress, Monitor, Progress, System } from './system.ts';
import { progressVerdict, safetyVerdict, tooLate, withinMemory, withoutSets } from './verdicts.ts';

/**
 * Explores a system.
 *
 * @throws DeclarationDefect if what it declares for a reduction that was made turns out to be wrong
 * @throws CheckpointError if it cannot go on from `options.resume`, or a checkpoint cannot be written
 * @throws WorkerFailure if a thread fails
 * @throws SystemDefect if the system is not what `System` asks for, or if `options.properties` names one that
 *   it does not have
 */
export async function explore<C, M, O, A>(
  system: System<C, M, O, A>,
  options: Options = {},
): Promise<Exploration<C, M, O, A>> {
  checkShape(system.components, system.initial, system.rules);
  const { monitors, progress, fairProgress } = requested(system, options.properties);
  const identity = identityOf(
    system,
    [...monitors, ...progress, ...fairProgress].map(({ id }) => id),
    options,
  );
  const saved = options.resume === undefined ? undefined : readCheckpoint(options.resume, identity);
  const search = new Search(
    system,
    monitors,
    options.hashCompaction === true ? [] : withoutSets(progress),
    options,
    saved,
  );
  const began = performance.now();
  const memory = new MemoryLimit(options.bytes);
  const completeness = await runToTheEnd(search, began, identity, memory, {
    ...options,
    stopWhenAllViolated: options.stopWhenAllViolated === true && progress.length + fairProgress.length === 0,
  }).catch((error: unknown) => {
    noteRunOf(search, error);
    throw error;
  });
  // What was declared matters to what holds only, and asking for it anew would find no answer either.
  if (completeness.kind !== 'stopped' || completeness.reason !== 'unanswered') search.checkDeclarations();
  const ended = performance.now();
  // Before states are looked at once more: what is counted is what the search did.
  const statistics = statisticsOf(search, completeness, (ended - began) / 1000, options.workers ?? 1);
  const properties = monitors.map((_, index) => safetyVerdict(search, index, completeness));
  const predicates = new Predicates(search);
  const judgements = [
    ...progress.map(
      (property) => [property, progressVerdict(search, property, completeness, predicates)] as const,
    ),
    ...fairProgress.map(
      (property) => [property, fairVerdict(search, property, completeness, predicates)] as const,
    ),
  ];
  for (const [property, judging] of judgements) {
    const worked = await workedOn(
      withinMemory(search, memory, property, judging),
      () => (search.finished ? endedFromOutside(began, options) : undefined),
      (howFar) =>
        options.onProgress?.({
          ...progressOf(search, began),
          judging: { property: property.id, ...howFar },
        }),
    );
    properties.push('result' in worked ? worked.result : tooLate(property, worked));
  }
  return {
    completeness,
    properties,
    actions: timesByAction(search),
    statistics: { ...statistics, verdictSeconds: (performance.now() - ended) / 1000 },
  };
}

/** Notes the run after which a rule threw something (see `runBefore`), if that can be told. */
function noteRunOf<C, M, O, A>(search: Search<C, M, O, A>, error: unknown): void {
  if (search.asking < 0) return;
  try {
    noteRun(error, pathTo(search, search.asking));
  } catch {
    // What was thrown is told without it.
  }
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
