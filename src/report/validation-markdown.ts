/** The result of a validation as Markdown: for issues, reviews and mail. */
import type { Neighbourhoods } from '../traces/events/neighbourhood.ts';
import { type Finding, type Validation, whyNotJudged } from '../traces/findings/finding.ts';
import { drawChart } from './chart/draw.ts';
import { inline } from './markdown-text.ts';
import { readingsText } from './readings.ts';
import { traceChart } from './trace-chart.ts';
import { saidOf, seenText } from './validation.ts';
import { folded, foldedPlaces, foldedSays } from './verdict/folded.ts';
import { clockText, placesText, whoText } from './verdict/place.ts';
import { type Experiments, frameFilters, NO_EXPERIMENTS, rulesOf, ruleUrl } from './verdict/pointers.ts';
import { summaryOf } from './verdict/summary.ts';

/** Findings that have a chart of their own. */
const CHARTS = 5;

export function validationMarkdown(
  result: Validation,
  around: Neighbourhoods,
  experiments: Experiments = NO_EXPERIMENTS,
): string {
  const { findings, missing, notJudged, remarks, unread } = result;
  const readings = readingsText(result.readings);
  return paragraphs([
    `# ${inline(result.files.join(', '))}: ${result.verdict}`,
    inline(summaryOf(result)),
    `Judged by ${inline(result.revision)}. ${inline(seenText(result))}.`,
    ...(readings === undefined ? [] : [`${inline(readings[0]?.toUpperCase() + readings.slice(1))}.`]),
    list('Missing', missing),
    list(`Not judged, ${inline(whyNotJudged(result))}`, notJudged),
    findings.length === 0 ? '' : findingsTable(result),
    next(result, experiments),
    ...findings.slice(0, CHARTS).map((finding) => section(finding, result, around)),
    list(
      'Notes',
      remarks.map(({ frame, line, message }) =>
        frame !== undefined
          ? `frame ${frame}: ${message}`
          : line !== undefined
            ? `line ${line}: ${message}`
            : message,
      ),
    ),
    list(
      'Not read',
      unread.map(({ at, reason }) => `${at === undefined ? '' : `frame or line ${at}: `}${reason}`),
    ),
  ]);
}

const paragraphs = (all: readonly string[]): string => `${all.filter((part) => part !== '').join('\n\n')}\n`;

const list = (title: string, items: readonly string[]): string =>
  items.length === 0 ? '' : `## ${title}\n\n${items.map((item) => `- ${inline(item)}`).join('\n')}`;

const findingsTable = ({ findings, files }: Validation): string =>
  [
    '| where | time | who | rule | what |',
    '| --- | --- | --- | --- | --- |',
    ...folded(findings).map((each) => {
      const { first } = each;
      const cells = [
        foldedPlaces(each, files),
        clockText(first.time),
        whoText(first),
        first.rule,
        foldedSays(each, saidOf),
      ];
      return `| ${cells.map(inline).join(' | ')} |`;
    }),
  ].join('\n');

/** What to look at, to read and to run next. */
function next(result: Validation, experiments: Experiments): string {
  const lines = [
    ...frameFilters(result).map(({ file, filter }) =>
      result.files.length > 1
        ? `- in Wireshark, ${inline(file)}: \`${filter}\``
        : `- in Wireshark: \`${filter}\``,
    ),
    ...rulesOf(result.findings).flatMap((rule) => {
      const [url, experiment] = [ruleUrl(rule), experiments.get(rule)];
      const read = url === undefined ? [] : [`- ${inline(rule)}: <${url}>`];
      return experiment === undefined ? read : [...read, `- what it leads to: \`${experiment}\``];
    }),
  ];
  return lines.join('\n');
}

const headingOf = (finding: Finding): string => {
  const text = placesText({ ...finding, alsoFrames: [] });
  return text.charAt(0).toUpperCase() + text.slice(1);
};

function section(finding: Finding, result: Validation, around: Neighbourhoods): string {
  const near = around.of(finding.event);
  const { prefixes = [] } = finding;
  return paragraphs([
    `## ${inline(headingOf(finding))}: ${inline(finding.rule)}`,
    `${inline(saidOf(finding))}. Instead, the specification would have allowed: ${inline(finding.allowed)}.`,
    ...(prefixes.length < 2
      ? []
      : [
          `Explanations that get there, each with the first condition that fails:\n\n${prefixes
            .map(({ way, rule, because }) => `- ${inline(way)}: ${inline(because)} (${inline(rule)})`)
            .join('\n')}`,
        ]),
    ...(near === undefined
      ? []
      : [`\`\`\`text\n${drawChart(traceChart(near, result, finding), { width: 100 }).trimEnd()}\n\`\`\``]),
  ]).trimEnd();
}
