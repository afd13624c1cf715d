/** The result of a validation as Markdown: for issues, reviews and mail. */
import type { Finding, Validation } from '../traces/finding.ts';
import type { Neighbourhoods } from '../traces/neighbourhood.ts';
import { drawChart } from './chart/draw.ts';
import { readingsText } from './readings.ts';
import { clean } from './text.ts';
import { traceChart } from './trace-chart.ts';
import { framesText, saidOf, seenText } from './validation.ts';

/** Findings that have a chart of their own. */
const CHARTS = 5;

export function validationMarkdown(result: Validation, around: Neighbourhoods): string {
  const { findings, missing, notJudged, remarks, unread } = result;
  const readings = readingsText(result.readings);
  return paragraphs([
    `# ${inline(result.files.join(', '))}: ${result.verdict}`,
    `Judged by ${inline(result.revision)}. ${inline(seenText(result))}.`,
    ...(readings === undefined ? [] : [`${inline(readings[0]?.toUpperCase() + readings.slice(1))}.`]),
    list('Missing', missing),
    list('Not judged, for want of contents', notJudged),
    findings.length === 0 ? '' : findingsTable(findings),
    ...findings.slice(0, CHARTS).map((finding) => section(finding, result, around)),
    list(
      'Notes',
      remarks.map(({ frame, message }) => `${frame === undefined ? '' : `frame ${frame}: `}${message}`),
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

const findingsTable = (findings: readonly Finding[]): string =>
  [
    '| frame | who | rule | what |',
    '| --- | --- | --- | --- |',
    ...findings.map(
      (finding) =>
        `| ${framesText(finding)} | ${finding.actor} | ${inline(finding.rule)} | ${inline(saidOf(finding))} |`,
    ),
  ].join('\n');

function section(finding: Finding, result: Validation, around: Neighbourhoods): string {
  const near = around.of(finding.event);
  const { prefixes = [] } = finding;
  return paragraphs([
    `## ${finding.frame === undefined ? `Event ${finding.event}` : `Frame ${finding.frame}`}: ${inline(finding.rule)}`,
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

/** Text that Markdown shows as it is. */
const inline = (text: string): string => clean(text).replace(/[\\`*_{}[\]<>#|&~]/g, '\\$&');
