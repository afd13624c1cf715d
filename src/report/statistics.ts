/** All figures of an exploration, for `--stats`. */
import type { CheckResult } from '../questions/check.ts';
import { drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';

export function renderStatistics({ revision, scenario, statistics }: CheckResult, style: Terminal): string {
  const number = (n: number): string => n.toLocaleString('en', { maximumFractionDigits: 2 });
  const rows: readonly (readonly [string, string])[] = [
    ['states', number(statistics.states)],
    ['transitions', number(statistics.transitions)],
    ['seconds of the search', number(statistics.seconds)],
    ['seconds of the verdicts', number(statistics.verdictSeconds)],
    ['states a second', number(Math.round(statistics.statesPerSecond))],
    ['bytes of tables a state', number(statistics.bytesPerState)],
    ['workers', number(statistics.workers)],
    ...(statistics.omissionProbability === undefined
      ? []
      : [['omission probability, at most', statistics.omissionProbability.toExponential(1)] as const]),
    ['local steps computed', number(statistics.evaluations)],
    ['table hits', number(statistics.tableHits)],
    ['transitions for each local step computed', number(statistics.transitions / statistics.evaluations)],
    ['dead messages dropped', number(statistics.dropped)],
    ['distinct sets of messages', number(statistics.messageSets)],
    ['load of the hash table', number(statistics.load)],
    ['settings met as bounds', statistics.bounds.join(', ') || 'none'],
    ...Object.entries(statistics.distinct).map(
      ([name, values]) => [`distinct values: ${name}`, number(values)] as const,
    ),
    ...Object.entries(statistics.steps).map(([kind, times]) => [`steps: ${kind}`, number(times)] as const),
  ];
  const table = drawTable({ head: [`${revision}, ${scenario}`, ''], align: ['left', 'right'], rows }, style);
  return `\n${table}\n`;
}
