/** The result of a validation, for a terminal. */
import type { Neighbourhoods } from '../traces/events/neighbourhood.ts';
import { type Finding, type Remark, type Validation, whyNotJudged } from '../traces/findings/finding.ts';
import { drawChart } from './chart/draw.ts';
import { verdictCell } from './check.ts';
import { readingsText } from './readings.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { clean, wrap } from './text.ts';
import { paint } from './tone.ts';
import { traceChart } from './trace-chart.ts';
import { type Folded, folded, foldedPlaces, foldedSays } from './verdict/folded.ts';
import { clockText, placesText, whoText } from './verdict/place.ts';
import { type Experiments, frameFilters, NO_EXPERIMENTS, rulesOf, ruleUrl } from './verdict/pointers.ts';
import { summaryOf } from './verdict/summary.ts';

/**
 * One trace in full: verdict and what happened, findings, a chart of the neighbourhood of the first, what to do next,
 * readings, what was not read.
 */
export function renderValidation(
  result: Validation,
  around: Neighbourhoods,
  style: Terminal,
  experiments: Experiments = NO_EXPERIMENTS,
): string {
  const { findings, missing, notJudged, remarks, unread } = result;
  const tone = (verdictCell(result.verdict) as Exclude<Cell, string>).tone;
  const first = findings[0];
  const near = first === undefined ? undefined : around.of(first.event);
  const readings = readingsText(result.readings);
  return [
    `${clean(result.files.join(', '))}: ${paint(result.verdict, tone, style.colour)} by ${result.revision}`,
    ...wrap(clean(summaryOf(result)), style.width - 2).map((line) => `  ${line}`),
    '',
    `  ${seenText(result)}`,
    ...passedText(result).map((text) => `  ${clean(text)}`),
    ...missing.map((what) => `  missing: ${clean(what)}`),
    ...(notJudged.length === 0
      ? []
      : indented(`not judged, ${clean(whyNotJudged(result))}: ${notJudged.join(', ')}`, style)),
    ...(findings.length === 0 ? [] : ['', findingsTable(result, style)]),
    ...(first === undefined || near === undefined ? [] : [drawChart(traceChart(near, result, first), style)]),
    ...(first === undefined
      ? []
      : [...prefixesText(first, style), allowedText(result, style), ...nextText(result, experiments, style)]),
    ...(readings === undefined ? [] : [`  ${readings}`]),
    ...remarks.map((remark) => `  note${remarkPlace(remark)}: ${clean(remark.message)}`),
    ...unread
      .slice(0, MOST_UNREAD)
      .map(
        ({ at, reason }) => `  not read${at === undefined ? '' : ` (frame or line ${at})`}: ${clean(reason)}`,
      ),
    ...(unread.length > MOST_UNREAD
      ? [`  not read: ${unread.length - MOST_UNREAD} more (--json lists all)`]
      : []),
    '',
  ].join('\n');
}

const MOST_UNREAD = 10;

/** What there was in the trace, in a sentence without a full stop. */
export function seenText({ statistics }: Pick<Validation, 'statistics'>): string {
  const { events, ikeMessages, ikeSas, espPackets, ahPackets, espSas, repeated, notAuthentic } = statistics;
  const { retransmitted, duplicated, replayed } = statistics;
  const how =
    repeated === 0
      ? ''
      : ` (${retransmitted} retransmitted, ${duplicated} duplicated on the way, ${replayed} replayed)`;
  const esp = ahPackets === 0 ? `${espPackets} ESP packets` : `${espPackets} ESP and ${ahPackets} AH packets`;
  return `${events} events: ${ikeMessages} IKE messages of ${plural(ikeSas, 'SA')}, ${esp} of ${plural(espSas, 'SA')}; ${repeated} seen before${how}, ${notAuthentic} not authentic`;
}

/** What frames without events there were, where there were any. */
function passedText({
  frames: { frames, keepalives, other, fragments },
  facts,
}: Validation): readonly string[] {
  const named = facts.reduce((sum, fact) => sum + (fact.kind === 'passed-over' ? fact.frames : 0), 0);
  const parts = [
    [other, 'neither IKE nor ESP'],
    [keepalives, 'NAT keepalives'],
    [fragments, 'parts of messages of other frames'],
    [named, 'passed over'],
  ] as const;
  const told = parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  return told.length === 0 ? [] : [`of ${plural(frames, 'frame')}: ${told.join(', ')}`];
}

/** Many files in one table: what is said of each, and of those that could not be read why. */
export function summaryTable(
  validations: readonly Validation[],
  failed: readonly { readonly file: string; readonly problem: string }[],
  style: Terminal,
): string {
  const rows = validations.map(({ files, verdict, findings, missing, statistics }): readonly Cell[] => [
    verdictCell(verdict),
    filesText(files),
    String(statistics.ikeMessages),
    String(statistics.espPackets + statistics.ahPackets),
    findings.length > 0
      ? [...new Set(findings.map(({ rule }) => rule))].join(', ')
      : verdict === 'inconclusive'
        ? (missing[0] ?? '')
        : '',
  ]);
  const unread = failed.map(({ file, problem }): readonly Cell[] => ['not read', file, '', '', problem]);
  return drawTable(
    {
      head: ['verdict', 'file', 'IKE', 'ESP', 'rules broken, or what is missing'],
      align: ['left', 'left', 'right', 'right', 'left'],
      rows: [...rows, ...unread],
    },
    style,
  );
}

/** Of many files in one trace, the first and the last. */
function filesText(files: readonly string[]): string {
  const [first = '', ...others] = files;
  const last = others.at(-1);
  return last === undefined || others.length < 3
    ? files.join(', ')
    : `${first} to ${last} (${files.length} files)`;
}

/** Where a note is, in brackets. */
export const remarkPlace = ({ frame, line }: Remark): string =>
  frame !== undefined ? ` (frame ${frame})` : line !== undefined ? ` (line ${line})` : '';

const findingsTable = ({ findings, files }: Validation, style: Terminal): string =>
  drawTable(
    {
      head: ['where', 'time', 'who', 'rule', 'what'],
      align: ['left', 'left', 'left', 'left', 'left'],
      rows: folded(findings).map((each) => [
        clean(foldedPlaces(each, files)),
        clockText(each.first.time),
        whoText(each.first),
        each.first.rule,
        foldedSays(each, saidOf),
      ]),
    },
    style,
  );

/** What to do next: the filter to look at the frames, the rules to read, and a command for each. */
function nextText(result: Validation, experiments: Experiments, style: Terminal): readonly string[] {
  const filters = frameFilters(result);
  const several = result.files.length > 1;
  return [
    ...filters.flatMap(({ file, filter }) =>
      indented(`in Wireshark${several ? `, ${clean(file)}` : ''}: ${filter}`, style),
    ),
    ...rulesOf(result.findings).flatMap((rule) => {
      const [url, experiment] = [ruleUrl(rule), experiments.get(rule)];
      return [
        ...(url === undefined ? [] : [`  ${rule}: ${url}`]),
        // To be copied, so it is not wrapped.
        ...(experiment === undefined ? [] : [`    what it leads to: ${experiment}`]),
      ];
    }),
    '',
  ];
}

/** What is found, with the condition under which it is a fault. */
export const saidOf = ({ message, condition }: Finding): string =>
  condition === undefined ? message : `if ${condition}: ${message}`;

/** Ways that are listed in a terminal. */
const MOST_PREFIXES = 5;

/** Each way that leads to the finding and not beyond it, if there is more than one. */
function prefixesText({ prefixes = [] }: Finding, style: Terminal): readonly string[] {
  if (prefixes.length < 2) return [];
  const lines = prefixes
    .slice(0, MOST_PREFIXES)
    .map(({ way, rule, because }) => `- ${way}: ${because} (${rule})`);
  const more = prefixes.length - MOST_PREFIXES;
  return [
    '  Explanations that get to the first finding, each with the first condition that fails there:',
    ...[...lines, ...(more > 0 ? [`- ${more} more (--json lists them)`] : [])].flatMap((line) =>
      indented(line, style),
    ),
    '',
  ];
}

const indented = (text: string, style: Terminal): readonly string[] =>
  wrap(text, style.width - 4).map((line, index) => `${index === 0 ? '  ' : '    '}${line}`);

/** Findings for which it is told what would have been allowed instead. */
const MOST_ALLOWED = 20;

/** What would have been allowed instead, for each kind of finding. */
function allowedText({ findings, files }: Validation, style: Terminal): string {
  const kinds: readonly Folded[] = folded(findings);
  const [only, ...others] = kinds;
  if (only === undefined) return '';
  const instead = 'Instead, the specification would have allowed';
  const more = kinds.length - MOST_ALLOWED;
  const lines =
    others.length === 0
      ? wrap(`${instead}: ${only.first.allowed}.`, style.width - 2).map((line) => `  ${line}`)
      : [
          `  ${instead}`,
          ...[
            ...kinds.slice(0, MOST_ALLOWED).map(({ first, all }) => {
              const place = all.length > 1 ? placesText({ ...first, alsoFrames: [] }) : placesText(first);
              return `- ${place}${inFile(first.file, files)}: ${first.allowed}`;
            }),
            ...(more > 0 ? [`- ${more} more (--json lists them)`] : []),
          ].flatMap((line) => indented(line, style)),
        ];
  return lines.map((line) => `${line}\n`).join('');
}

const inFile = (file: string | undefined, files: readonly string[]): string =>
  file === undefined || files.length < 2 ? '' : ` of ${file}`;

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
