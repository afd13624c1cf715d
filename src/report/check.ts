/** The result of a check, for a terminal. */
import {
  type CheckedProperty,
  type CheckResult,
  type ModelCounterexample,
  worst,
} from '../questions/check.ts';
import { coveredWords } from '../questions/covered.ts';
import { outsideWords } from '../questions/outside.ts';
import { boundsText } from './bounds.ts';
import type { Chart } from './chart/chart.ts';
import { drawChart } from './chart/draw.ts';
import { counterexampleChart } from './counterexample.ts';
import { exploredTable, verdictMatrix } from './matrix.ts';
import type { Sheet } from './sheet.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';

/**
 * One result in full: every property, the shortest counterexample as a chart, figures.
 *
 * @param asked the revision as it was asked for: by its name, or as a file
 */
export function renderCheck(
  result: CheckResult,
  style: Terminal,
  onlyOne = false,
  asked = result.revision.split(' ')[0],
): string {
  const shown = shortest(result);
  return [
    ...wrap(
      `${result.revision}, ${result.scenario} (${result.size}): ${boundsText(result.bounds)}`,
      style.width,
    ),
    '',
    drawTable(
      {
        head: ['property', 'verdict', 'steps', 'why'],
        align: ['left', 'left', 'right', 'left'],
        rows: result.properties.map((property) => [
          property.id,
          verdictCell(property.verdict),
          property.counterexample === undefined ? '' : String(property.counterexample.depth),
          property.because ?? '',
        ]),
      },
      style,
    ),
    ...(shown === undefined ? [] : [chartOf(result, shown, style)]),
    figures(result),
    ...remarks(result, style),
    ...growing(result),
    ...vacuous(result),
    ...(shown !== undefined && !onlyOne && countViolated(result) > 1
      ? ['', `the chart of another one: ipsecha check ${asked} --scenario ${result.scenario} --property ID`]
      : []),
    '',
  ].join('\n');
}

/** Several results as a matrix, with the shortest counterexample of the first that is violated. */
export function renderChecks(results: readonly CheckResult[], style: Terminal): string {
  const telling = mostTelling(results);
  return [
    checksTable(results, style),
    ...(telling === undefined ? [] : [chartOf(telling.result, telling.shown, style)]),
  ].join('\n');
}

/** What was explored, and what of it is broken. */
export const checksTable = (results: readonly CheckResult[], style: Terminal): string =>
  results.length === 0
    ? ''
    : `${exploredTable(results, style)}\n${verdictMatrix(results, style)}${idle(results, style)}`;

/** The counterexample that tells most: the shortest of the first result that has one. */
export function mostTelling(
  results: readonly CheckResult[],
): { readonly result: CheckResult; readonly shown: Shown } | undefined {
  for (const result of results) {
    const shown = shortest(result);
    if (shown !== undefined) return { result, shown };
  }
  return undefined;
}

interface Shown {
  readonly property: CheckedProperty;
  readonly counterexample: ModelCounterexample;
}

/** The shortest counterexample; of equally short ones, that of the property reported first. */
function shortest(result: CheckResult): Shown | undefined {
  return result.properties
    .flatMap((property) =>
      property.counterexample === undefined ? [] : [{ property, counterexample: property.counterexample }],
    )
    .sort((a, b) => a.counterexample.depth - b.counterexample.depth)[0];
}

export const chartOf = (result: CheckResult, shown: Shown, style: Terminal): string =>
  drawChart(brokenChart(result, shown), style);

/** The counterexample to a property as a chart. */
export const brokenChart = (result: CheckResult, { property, counterexample }: Shown): Chart =>
  counterexampleChart(
    counterexample,
    result.places,
    property.id,
    `${result.revision}, ${result.scenario}: shortest counterexample to ${property.id}`,
    property.own,
  );

/** Results for a draft or a mail: of several, a table first; of each, all charts. */
export function checkSheets(results: readonly CheckResult[], conclusion?: string): readonly Sheet[] {
  const last = conclusion === undefined ? [] : [conclusion];
  const sheets = results.map(
    (result): Sheet => ({
      title: `${result.revision}, ${result.scenario} (${result.size})`,
      verdict: result.verdict,
      says: [boundsText(result.bounds), ...[coveredWords(result.bounds) ?? []].flat()],
      tables: [
        {
          label: 'Properties',
          head: ['property', 'verdict', 'steps', 'why'],
          rows: result.properties.map(({ id, verdict, because = '', counterexample }) => [
            id,
            verdict,
            counterexample === undefined ? '' : String(counterexample.depth),
            because,
          ]),
        },
      ],
      charts: result.properties.flatMap((property) =>
        property.counterexample === undefined
          ? []
          : [brokenChart(result, { property, counterexample: property.counterexample })],
      ),
      closing: [figures(result), ...growing(result), ...vacuous(result)],
    }),
  );
  const [only] = sheets;
  if (sheets.length === 1 && only !== undefined) return [{ ...only, closing: [...only.closing, ...last] }];
  return [
    {
      title: 'All checks',
      verdict: worst(results.map(({ verdict }) => verdict)),
      says: last,
      tables: [
        {
          label: 'All checks',
          head: ['revision', 'scenario', 'verdict', 'broken (in steps)'],
          rows: results.map(({ revision, scenario, verdict, properties }) => [
            revision,
            scenario,
            verdict,
            properties
              .flatMap(({ id, counterexample: found }) =>
                found === undefined ? [] : `${id} (${found.depth})`,
              )
              .join(', '),
          ]),
        },
      ],
      charts: [],
      closing: [],
    },
    ...sheets,
  ];
}

export const verdictCell = (verdict: string): Cell => ({
  text: verdict,
  tone: TONES[verdict] ?? 'doubt',
});

const TONES: Readonly<Record<string, 'good' | 'bad' | 'doubt'>> = {
  holds: 'good',
  conformant: 'good',
  proved: 'good',
  violated: 'bad',
  violates: 'bad',
  refuted: 'bad',
};

const countViolated = (result: CheckResult): number =>
  result.properties.filter(({ verdict }) => verdict === 'violated').length;

function figures({ statistics }: CheckResult): string {
  const { states, transitions, depth, seconds, complete, omissionProbability: omission } = statistics;
  const end =
    omission !== undefined
      ? `hash compaction: some states were left out with a probability of up to ${omission.toExponential(1)}`
      : complete
        ? 'every reachable state was visited'
        : 'not every reachable state was visited';
  return `${states.toLocaleString('en')} states, ${transitions.toLocaleString('en')} transitions, depth ${depth}, ${seconds.toFixed(2)} s; ${end}`;
}

/**
 * What the bump covers, since nobody should take a bump that covers everything for one that the text recommends; and what
 * no text assumes.
 */
const remarks = ({ bounds }: CheckResult, style: Terminal): readonly string[] =>
  [coveredWords(bounds), outsideWords(bounds)].flatMap((words) =>
    words === undefined ? [] : wrap(words, style.width),
  );

/** Where an exploration came to no end, what has the most values, and which settings were met as bounds. */
function growing({ statistics: { complete, distinct, bounds } }: CheckResult): readonly string[] {
  if (complete) return [];
  const [first, ...others] = Object.entries(distinct)
    .filter(([name]) => name !== 'observations' && name !== 'actions')
    .sort(([, a], [, b]) => b - a);
  if (first === undefined) return [];
  const counted = ([name, values]: readonly [string, number]): string =>
    `${name} (${values.toLocaleString('en')})`;
  const met =
    bounds.length === 0
      ? 'no setting has been met as a bound yet'
      : `bounds met so far: ${bounds.join(', ')}`;
  return [`most distinct values: ${[first, ...others.slice(0, 2)].map(counted).join(', ')}; ${met}`];
}

/** What never came into play is said: verdicts say nothing about it. */
const vacuous = ({ neverOccurred }: CheckResult): readonly string[] =>
  neverOccurred.length === 0 ? [] : [`never occurred in this run: ${neverOccurred.join(', ')}`];

/** Kinds of steps and rules that never occurred in any of the checks of a revision. */
const idle = (results: readonly CheckResult[], style: Terminal): string =>
  [...new Set(results.map(({ revision }) => revision))]
    .flatMap((revision) => {
      const [first, ...others] = results.filter((result) => result.revision === revision);
      const never = (first?.neverOccurred ?? []).filter((what) =>
        others.every(({ neverOccurred }) => neverOccurred.includes(what)),
      );
      return never.length === 0
        ? []
        : wrap(`never occurred in any run of ${revision}: ${never.join(', ')}`, style.width);
    })
    .map((line) => `${line}\n`)
    .join('');
