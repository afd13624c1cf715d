/** The result of a validation, for a terminal. */
import type { Event } from '../traces/event.ts';
import type { Finding, Reading, Validation } from '../traces/finding.ts';
import { drawChart } from './chart/draw.ts';
import { verdictCell } from './check.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';
import { paint } from './tone.ts';
import { traceChart } from './trace-chart.ts';

/** One trace in full: verdict, findings, a chart of the neighbourhood of the first, readings, what was not read. */
export function renderValidation(result: Validation, events: readonly Event[], style: Terminal): string {
  const { statistics, findings, missing, remarks, unread } = result;
  const tone = (verdictCell(result.verdict) as Exclude<Cell, string>).tone;
  const first = findings[0];
  return [
    `${result.files.join(', ')}: ${paint(result.verdict, tone, style.colour)} by ${result.revision}`,
    `  ${statistics.events} events: ${statistics.ikeMessages} IKE messages of ${plural(statistics.ikeSas, 'SA')}, ${statistics.espPackets} ESP packets of ${plural(statistics.espSas, 'SA')}; ${statistics.repeated} seen before (retransmitted, duplicated, replayed), ${statistics.notAuthentic} not authentic`,
    ...missing.map((what) => `  missing: ${what}`),
    ...(findings.length === 0 ? [] : ['', findingsTable(findings, style)]),
    ...(first === undefined
      ? []
      : [drawChart(traceChart(events, result, first), style), allowedText(first, style)]),
    ...readingsText(result.readings),
    ...remarks.map(
      ({ frame, message }) => `  note${frame === undefined ? '' : ` (frame ${frame})`}: ${message}`,
    ),
    ...unread
      .slice(0, MOST_UNREAD)
      .map(({ at, reason }) => `  not read${at === undefined ? '' : ` (frame ${at})`}: ${reason}`),
    ...(unread.length > MOST_UNREAD
      ? [`  not read: ${unread.length - MOST_UNREAD} more (--json lists all)`]
      : []),
    '',
  ].join('\n');
}

const MOST_UNREAD = 10;

const findingsTable = (findings: readonly Finding[], style: Terminal): string =>
  drawTable(
    {
      head: ['frame', 'who', 'rule', 'what'],
      align: ['right', 'left', 'left', 'left'],
      rows: findings.map((finding) => [framesText(finding), finding.actor, finding.rule, finding.message]),
    },
    style,
  );

/** The frame, and those of its retransmissions; the event's number where there are no frames. */
const framesText = ({ frame, event, alsoFrames = [] }: Finding): string =>
  frame === undefined ? `event ${event}` : [frame, ...alsoFrames].join(', ');

const allowedText = (finding: Finding, style: Terminal): string =>
  wrap(`Instead, the specification would have allowed: ${finding.allowed}.`, style.width - 2)
    .map((line) => `  ${line}\n`)
    .join('');

/** The readings in a sentence; all of them are in `--json`. */
function readingsText(readings: readonly Reading[]): readonly string[] {
  if (readings.length === 0) return [];
  const conform = readings.filter(({ verdict }) => verdict !== 'violates');
  if (conform.length === readings.length)
    return ['  it conforms under every reading of what the text leaves open'];
  if (conform.length === 0) return ['  it conforms under no reading of what the text leaves open'];
  const keys = Object.keys(readings[0]?.settings ?? {});
  const needed = keys.flatMap((key) => {
    const values = new Set(conform.map(({ settings }) => settings[key]));
    return values.size === 1 ? [`${key}=${[...values][0]}`] : [];
  });
  const text = conform.some(({ ofTheText }) => ofTheText)
    ? ''
    : ' (no reading of the text, but what some implementation does)';
  return [
    `  it conforms under ${conform.length} of ${readings.length} readings of what the text leaves open${needed.length === 0 ? '' : `: those with ${needed.join(', ')}`}${text}`,
  ];
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
