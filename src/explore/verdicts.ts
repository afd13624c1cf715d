/** From what the search found to a verdict on each property. */
import { pathTo, violationOf } from './counterexample.ts';
import { Unanswered } from './defect.ts';
import { Exhausted, Holds } from './exhausted.ts';
import type { GivenUp, Work } from './judging.ts';
import { isOutOfMemory, type MemoryLimit } from './memory.ts';
import type { Predicates } from './predicate.ts';
import { progressOf } from './progress.ts';
import type { Compacted, Completeness, PropertyResult, Stopped } from './result.ts';
import type { Search } from './search.ts';
import type { Progress } from './system.ts';

/** The verdict on the safety property of a monitor, by its index. */
export function safetyVerdict<C, M, O, A>(
  search: Search<C, M, O, A>,
  monitor: number,
  completeness: Completeness,
): PropertyResult<C, M, O, A> {
  const { id } = search.knowledge.monitors[monitor]!;
  if (search.violatedFrom(monitor) >= 0) {
    try {
      return { id, verdict: 'violated', counterexample: violationOf(search, monitor) };
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      const because = `a step that violates it was found, but it cannot be shown: ${error.message}`;
      return { id, verdict: 'inconclusive', because };
    }
  }
  if (completeness instanceof Exhausted) return new Holds(id, completeness);
  return { id, verdict: 'inconclusive', because: `not violated so far; ${whatIsKnown(completeness)}` };
}

/** The verdict on a progress property. */
export function* progressVerdict<C, M, O, A>(
  search: Search<C, M, O, A>,
  progress: Progress<C>,
  completeness: Completeness,
  predicates: Predicates<C, M, O, A>,
): Work<PropertyResult<C, M, O, A>> {
  const { id } = progress;
  if (!(completeness instanceof Exhausted)) {
    const because = `can only be judged when all states are known; ${whatIsKnown(completeness)}`;
    return { id, verdict: 'inconclusive', because };
  }
  const log = search.logs.find(({ without }) => isSameSet(without, progress.without));
  if (log === undefined) throw new Error(`no steps were written down for '${id}'`);
  const finding = yield* progressOf(search, log, progress, predicates);
  switch (finding.kind) {
    case 'fine':
      return new Holds(id, completeness);
    case 'stuck': {
      const { initial, steps } = pathTo(search, finding.state);
      const because = `from here the goal cannot be reached${exceptBy(progress.without)}`;
      return { id, verdict: 'violated', counterexample: { depth: steps.length, initial, steps, because } };
    }
    case 'cut-off': {
      const because = `some states can reach the goal only beyond the bounds, if at all: ${finding.settings.join(', ')}`;
      return { id, verdict: 'inconclusive', because };
    }
  }
}

/** Bytes for each state and each edge while a graph is searched backwards: see `backward-reach.ts`. */
const BYTES_PER_STATE = 24;
const BYTES_PER_EDGE = 4;

/** A verdict for which the whole graph of states is looked at once more, if there is memory for it. */
export function* withinMemory<C, M, O, A>(
  search: Search<C, M, O, A>,
  memory: MemoryLimit,
  { id }: { readonly id: string },
  judging: Work<PropertyResult<C, M, O, A>>,
): Work<PropertyResult<C, M, O, A>> {
  const edges = search.logs.reduce((most, { targets }) => Math.max(most, targets.length), 0);
  const more = BYTES_PER_STATE * search.table.count + BYTES_PER_EDGE * edges;
  const because = 'all states were visited, but there is not enough memory to judge it';
  if (search.finished && !memory.suffices(search.bytes, more))
    return { id, verdict: 'inconclusive', because };
  try {
    return yield* judging;
  } catch (error) {
    if (isOutOfMemory(error)) return { id, verdict: 'inconclusive', because };
    if (!(error instanceof Unanswered)) throw error;
    return {
      id,
      verdict: 'inconclusive',
      because: `all states were visited, but, while it was judged, ${error.message}`,
    };
  }
}

/** What is to be told of a property if there was no time left to judge it, or somebody interrupted. */
export const tooLate = (
  { id }: { readonly id: string },
  { givenUp }: GivenUp,
): PropertyResult<never, never, never, never> => ({
  id,
  verdict: 'inconclusive',
  because: `all states were visited, but then, before it was judged, ${REASONS[givenUp]}`,
});

/** The sets of kinds that do not count for some progress property, each once. */
export function withoutSets<C>(progress: readonly Progress<C>[]): readonly (readonly string[])[] {
  const sets = new Map(progress.map(({ without }) => [[...new Set(without)].sort().join('\n'), without]));
  return [...sets.values()];
}

const isSameSet = (set: ReadonlySet<string>, kinds: readonly string[]): boolean =>
  new Set(kinds).size === set.size && kinds.every((kind) => set.has(kind));

const exceptBy = (kinds: readonly string[]): string =>
  kinds.length === 0 ? '' : ` without steps of kind ${kinds.join(', ')}`;

const REASONS: Readonly<Record<Stopped['reason'], string>> = {
  time: 'the time was over',
  memory: 'the memory was used up',
  interrupted: 'it was interrupted',
  'all-violated': 'all properties were violated',
  unanswered: 'a rule did not answer',
};

/** What an exploration is good for that ended early, or that may have left states out. */
export const whatIsKnown = (completeness: Compacted | Stopped): string =>
  completeness.kind === 'compacted'
    ? `all states found were visited, but with a probability of up to ${completeness.omissionProbability.toExponential(1)} some were left out (hash compaction)`
    : `all up to depth ${completeness.completeDepth} was visited, then ${completeness.because ?? REASONS[completeness.reason]}`;
