/** The figures of an exploration. */
import { omissionProbability } from './compact-states.ts';
import type { Completeness, Exploration, Statistics } from './result.ts';
import type { Search } from './search.ts';

export function statisticsOf<C, M, O, A>(
  search: Search<C, M, O, A>,
  completeness: Completeness,
  seconds: number,
  workers: number,
): Omit<Statistics, 'verdictSeconds'> {
  const { table, system } = search;
  const { words, steps, sets } = search.knowledge;
  const states = table.count;
  return {
    states,
    transitions: search.transitions,
    depth: search.depth,
    seconds,
    statesPerSecond: states / Math.max(seconds, 1e-6),
    bytesPerState: search.bytes / states,
    workers,
    complete: completeness.kind === 'exhausted',
    ...(table.isExact ? {} : { omissionProbability: omissionProbability(states) }),
    steps: timesByKind(search),
    distinct: {
      ...Object.fromEntries(system.components.map((name, i) => [name, words.components[i]!.size])),
      messages: words.messages.size,
      observations: words.observations.size,
      actions: words.actions.size,
    },
    evaluations: steps.evaluations,
    tableHits: tableHits(search),
    bounds: settingsMet(search),
    dropped: search.dropped,
    messageSets: sets.size,
    load: table.load,
  };
}

/** Every state asks once for the steps of each set of components that some rule touches; the first such is a miss. */
function tableHits<C, M, O, A>({ knowledge, expanded }: Search<C, M, O, A>): number {
  return knowledge.steps.views.reduce((hits, { tuples }) => hits + expanded - tuples.count, 0);
}

function settingsMet<C, M, O, A>({ knowledge }: Search<C, M, O, A>): readonly string[] {
  const { bounds } = knowledge.words;
  return [...new Set(Array.from({ length: bounds.size }, (_, id) => bounds.valueOf(id).setting))];
}

/** How often each kind of step was taken. */
function timesByKind<C, M, O, A>(search: Search<C, M, O, A>): Record<string, number> {
  const { kinds, labels } = search.knowledge.words;
  const times = kinds.map(() => 0);
  for (let id = 0; id < labels.size; id++) times[labels.valueOf(id).kind]! += search.timesOf(id);
  return Object.fromEntries(kinds.map((kind, i) => [kind, times[i]!]));
}

/** How often each action was taken. */
export function timesByAction<C, M, O, A>(search: Search<C, M, O, A>): Exploration<C, M, O, A>['actions'] {
  const { actions, labels } = search.knowledge.words;
  const times = new Float64Array(actions.size);
  for (let id = 0; id < labels.size; id++) times[labels.valueOf(id).action]! += search.timesOf(id);
  return Array.from(times, (count, id) => ({ action: actions.valueOf(id), times: count })).filter(
    (each) => each.times > 0,
  );
}
