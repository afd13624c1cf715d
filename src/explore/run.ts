/** A search run to its end, or to where something stops it; with checkpoints, more threads, and word of how far it is. */

import { writeCheckpoint } from './checkpoint.ts';
import { omissionProbability } from './compact-states.ts';
import { Unanswered } from './defect.ts';
import { Exhausted } from './exhausted.ts';
import { breathe } from './host.ts';
import { isOutOfMemory, type MemoryLimit } from './memory.ts';
import type { ExplorationProgress, Options } from './options.ts';
import type { Completeness, Stopped } from './result.ts';
import type { Search } from './search.ts';
import { Threads } from './threads.ts';

/** Milliseconds between two looks at the memory: far too few for as many states as are foreseen (`Search.growth`). */
const MEMORY_LOOK = 20;
/** Milliseconds between two returns to the event loop, and until the first one: somebody may be waiting for a word. */
const BREATH = 100;
const FIRST_BREATH = 20;
/** The most of the time that goes into checkpoints: where one takes long, they are written less often. */
const CHECKPOINT_SHARE = 0.1;

/**
 * Runs the search until it has finished or a limit is met, with a look at the event loop now and then.
 *
 * @throws CheckpointError if a checkpoint cannot be written
 * @throws WorkerFailure if a thread fails
 */
export async function runToTheEnd<C, M, O, A>(
  search: Search<C, M, O, A>,
  began: number,
  identity: Readonly<Record<string, string>>,
  memory: MemoryLimit,
  options: Options,
): Promise<Completeness> {
  const { checkpoint } = options;
  const threads = new Threads(options);
  const save = (): void => {
    if (checkpoint !== undefined) writeCheckpoint(checkpoint.file, identity, search.save());
  };
  const stopped = (reason: Stopped['reason']): Stopped => {
    options.onProgress?.(progressOf(search, began));
    return { kind: 'stopped', reason, completeDepth: search.completeDepth };
  };
  let lookedAtMemory = Number.NEGATIVE_INFINITY;
  let breathed = began + FIRST_BREATH - BREATH;
  let nextSave = began + (checkpoint?.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  try {
    while (!search.finished) {
      await threads.attend(search);
      const now = performance.now();
      if (now - breathed > BREATH) {
        options.onProgress?.(progressOf(search, began));
        await breathe();
        breathed = performance.now();
      }
      if (now >= nextSave) {
        save();
        const ended = performance.now();
        nextSave = ended + Math.max((checkpoint?.seconds ?? 0) * 1000, (ended - now) / CHECKPOINT_SHARE);
      }
      const isTimeForMemory = now - lookedAtMemory >= MEMORY_LOOK;
      if (isTimeForMemory) lookedAtMemory = now;
      const reason = reasonToStop(search, began, isTimeForMemory ? memory : null, options);
      if (reason !== undefined) {
        search.settle();
        save();
        return stopped(reason);
      }
      search.run(search.batchSize);
    }
  } catch (error) {
    // Half of a batch may be in the tables. All that is said of an exploration that ended early is true of it.
    if (isOutOfMemory(error)) return stopped('memory');
    if (!(error instanceof Unanswered)) throw error;
    search.abandonBatch();
    search.settle();
    save();
    return { ...stopped('unanswered'), because: error.message };
  } finally {
    threads.close();
  }
  options.onProgress?.(progressOf(search, began));
  const { count: found, isExact } = search.table;
  const { expanded } = search;
  return isExact
    ? Exhausted.of({ found, expanded, isExact })
    : { kind: 'compacted', omissionProbability: omissionProbability(found) };
}

/** Whether somebody interrupts, or no time is left. */
export function endedFromOutside(
  began: number,
  { signal, seconds }: Pick<Options, 'signal' | 'seconds'>,
): 'interrupted' | 'time' | undefined {
  if (signal?.aborted === true) return 'interrupted';
  return seconds !== undefined && performance.now() - began >= seconds * 1000 ? 'time' : undefined;
}

function reasonToStop<C, M, O, A>(
  search: Search<C, M, O, A>,
  began: number,
  memory: MemoryLimit | null,
  options: Options,
): Stopped['reason'] | undefined {
  const ended = endedFromOutside(began, options);
  if (ended !== undefined) return ended;
  if (memory?.suffices(search.bytes, search.growth) === false) return 'memory';
  if (options.stopWhenAllViolated === true && search.allViolated) return 'all-violated';
  return undefined;
}

/** How far a search is. */
export function progressOf<C, M, O, A>(search: Search<C, M, O, A>, began: number): ExplorationProgress {
  const queue = search.table.count - search.expanded;
  const left = leftAfter(search.levelSizes);
  return {
    depth: search.depth,
    states: search.table.count,
    transitions: search.transitions,
    queue,
    seconds: (performance.now() - began) / 1000,
    bytes: search.bytes,
    ...(left === undefined ? {} : { left: Math.max(queue, search.levelEnd - search.expanded + left) }),
  };
}

/**
 * How many states there are below levels of these sizes, if each further one is smaller than the one before it by the
 * factor of the last two; undefined if the last two have not both been smaller than the one before them.
 */
export function leftAfter(sizes: readonly number[]): number | undefined {
  const [first, second, third] = sizes.slice(-3);
  if (first === undefined || second === undefined || third === undefined) return undefined;
  if (second >= first || third >= second) return undefined;
  const factor = third / second;
  return Math.round((third * factor) / (1 - factor));
}
