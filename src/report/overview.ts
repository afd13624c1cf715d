/** The overview, for a terminal. */
import type { Overview } from '../overview/overview.ts';
import type { Validation } from '../traces/findings/finding.ts';
import { chartOf, checksTable, mostTelling, verdictCell } from './check.ts';
import { drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';
import { paint } from './tone.ts';

export function renderOverview(result: Overview, style: Terminal): string {
  const telling = mostTelling(result.checks);
  const heading = (text: string): string => paint(text, 'title', style.colour);
  return [
    heading('What came out'),
    '',
    ...result.conclusions.flatMap(({ says, findings }, index) =>
      wrap(`${says} (${findings.join(', ')})`, Math.max(40, (style.width ?? 100) - 3)).map((line, part) =>
        part === 0 ? `${index + 1}. ${line}` : `   ${line}`,
      ),
    ),
    '',
    'docs/findings.md has each finding with its commands.',
    '',
    heading('Revisions, explored in every interleaving'),
    '',
    checksTable(result.checks, style),
    ...(telling === undefined ? [] : [chartOf(telling.result, telling.shown, style)]),
    '',
    heading('Traces of real implementations, judged by rfc6311'),
    '',
    tracesText(result, style),
    heading('Properties of rfc6311, proved for all numbers from its own functions'),
    '',
    theoremsTable(result, style),
    closing(result, style),
    '',
    ...NEXT,
    '',
  ].join('\n');
}

/** How many traces there are of each verdict, and which rules are broken in how many of them. */
function tracesText({ traces }: Overview, style: Terminal): string {
  const of = (verdict: Validation['verdict']): number =>
    traces.filter(({ validation }) => validation.verdict === verdict).length;
  const rules = [...new Set(traces.flatMap(({ validation }) => validation.findings.map(({ rule }) => rule)))];
  const rows = rules.map((rule) => {
    const broken = traces.filter(({ validation }) =>
      validation.findings.some((found) => found.rule === rule),
    );
    // The trace with the fewest findings shows the rule best.
    const [first] = broken.toSorted((a, b) => a.validation.findings.length - b.validation.findings.length);
    return { rule, times: broken.length, first };
  });
  return [
    `${traces.length} traces: ${of('conformant')} conformant, ${of('violates')} violate a rule, ${of('inconclusive')} inconclusive; traces/README.md tells of each`,
    '',
    drawTable(
      {
        head: ['broken rule', 'traces', 'for example', 'what that is'],
        align: ['left', 'right', 'left', 'left'],
        rows: rows
          .toSorted((a, b) => b.times - a.times)
          .map(({ rule, times, first }) => [
            rule,
            String(times),
            first?.golden.file ?? '',
            first?.golden.about ?? '',
          ]),
      },
      style,
    ),
  ].join('\n');
}

function theoremsTable({ theorems }: Overview, style: Terminal): string {
  const made = theorems.filter(({ verdict }) => verdict !== 'not made here');
  const left = theorems.filter(({ verdict }) => verdict === 'not made here');
  return [
    drawTable(
      {
        head: ['property', 'verdict', 'if', 'paths', 'seconds'],
        align: ['left', 'left', 'left', 'right', 'right'],
        rows: made.map(({ property, verdict, assumes, paths, seconds }) => [
          property,
          verdictCell(verdict),
          assumes.join(', '),
          String(paths),
          seconds.toFixed(1),
        ]),
      },
      style,
    ),
    ...(left.length === 0
      ? []
      : wrap(
          `${left.length} proofs take longer, and are made by ipsecha prove rfc6311: ${left.map(({ property }) => property).join(', ')}`,
          Math.max(40, style.width ?? 100),
        )),
    '',
  ].join('\n');
}

function closing({ surprises, interrupted, seconds }: Overview, style: Terminal): string {
  const time = `${seconds.toFixed(1)} s`;
  if (interrupted)
    return paint(
      `interrupted after ${time}; what is shown is what was done until then`,
      'doubt',
      style.colour,
    );
  if (surprises.length === 0)
    return paint(`every verdict is the expected one (${time})`, 'good', style.colour);
  return [
    paint(`not as expected (${time}):`, 'bad', style.colour),
    ...surprises.map((surprise) => `  ${surprise}`),
  ].join('\n');
}

const NEXT: readonly string[] = [
  'next:  npx ipsecha check ikev2 --scenario single-failover      every property, figures, the chart',
  '       npx ipsecha check rfc6311 --set bump=0                  what a smaller bump costs',
  '       npx ipsecha prove rfc6311                               properties for all numbers, not within bounds',
  '       npx ipsecha validate YOUR.pcap --keys keys.csv          judge a capture of your own',
  '       npx ipsecha explain RFC6311-5.1-DROP-STALE              a rule in plain words',
];
