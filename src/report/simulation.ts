/** The result of a simulation, for a terminal. */
import { coveredWords } from '../questions/covered.ts';
import { outsideWords } from '../questions/outside.ts';
import {
  PROGRESS,
  type SimulatedProperty,
  type SimulateResult,
  type WalkFound,
} from '../questions/simulate.ts';
import type { Chart } from './chart/chart.ts';
import { drawChart } from './chart/draw.ts';
import { verdictCell } from './check.ts';
import { counterexampleChart } from './counterexample.ts';
import type { Sheet } from './sheet.ts';
import { drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';

/**
 * One result in full: every property, each shortened counterexample as a chart, figures, coverage.
 *
 * @param asked the command that made it, up to the options of the walks
 * @param replayed whether it is one path that was followed: then figures mean nothing
 */
export function renderSimulation(
  result: SimulateResult,
  style: Terminal,
  asked: string,
  replayed = false,
): string {
  const found = foundIn(result);
  return [
    ...wrap(`${result.revision}, ${result.scenario} (${result.size}): ${boundsText(result)}`, style.width),
    '',
    drawTable(
      {
        head: ['property', 'verdict', 'steps', 'why'],
        align: ['left', 'left', 'right', 'left'],
        rows: result.properties.map((property) => [
          property.id,
          verdictCell(property.verdict),
          property.found === undefined ? '' : String(property.found.counterexample.depth),
          property.because,
        ]),
      },
      style,
    ),
    ...wrap(`not judged, for no single walk can tell: ${PROGRESS.join(', ')}`, style.width),
    ...[coveredWords(result.bounds), outsideWords(result.bounds)].flatMap((words) =>
      words === undefined ? [] : wrap(words, style.width),
    ),
    '',
    ...found.flatMap(({ property, how }) => [
      chartOf(result, property, how, style),
      ...wrap(foundText(result, how), style.width),
      `  ${asked} --property ${property.id} --replay ${how.path}`,
      '',
    ]),
    ...(replayed
      ? []
      : [
          figures(result),
          ...wrap(interesting(result), style.width),
          '',
          kindsTable(result, style),
          ...wrap(coverage(result), style.width),
        ]),
    ...wrap(lastWord(result), style.width),
    '',
  ].join('\n');
}

/** Several results as a table, with the shortest counterexample of the first that has one. */
export function renderSimulations(results: readonly SimulateResult[], style: Terminal): string {
  const telling = results.find((result) => foundIn(result).length > 0);
  const shown =
    telling === undefined
      ? undefined
      : foundIn(telling).toSorted((a, b) => a.how.counterexample.depth - b.how.counterexample.depth)[0];
  return [
    ...results
      .slice(0, 1)
      .map(
        ({ revision, size, seed, depth }) =>
          `${revision} (${size}): walks of at most ${depth} steps, seed ${seed}\n`,
      ),
    drawTable(
      {
        head: [
          'scenario',
          'verdict',
          'broken (in steps)',
          'walks',
          'steps',
          'steps/s',
          'longest',
          'failover',
          'sync',
        ],
        align: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
        rows: results.map((result) => [
          result.scenario,
          verdictCell(result.verdict),
          foundIn(result)
            .map(({ property, how }) => `${property.id} (${how.counterexample.depth})`)
            .join(', '),
          count(result.statistics.walks),
          count(result.statistics.steps),
          count(result.statistics.stepsPerSecond),
          String(result.statistics.longest),
          count(result.statistics.interesting.failover),
          count(result.statistics.interesting.sync),
        ]),
      },
      style,
    ),
    ...wrap(
      'The last two columns are walks with a failover, and with a counter sync that was accepted. One scenario alone (--scenario) shows coverage and every counterexample.',
      style.width,
    ),
    ...results
      .filter(({ neverOccurred }) => neverOccurred.length > 0)
      .flatMap(({ scenario, neverOccurred }) =>
        wrap(`never occurred in ${scenario}: ${neverOccurred.join(', ')}`, style.width),
      ),
    '',
    ...(telling === undefined || shown === undefined
      ? []
      : [chartOf(telling, shown.property, shown.how, style)]),
  ].join('\n');
}

interface Shown {
  readonly property: SimulatedProperty;
  readonly how: WalkFound;
}

const foundIn = ({ properties }: SimulateResult): readonly Shown[] =>
  properties.flatMap((property) => (property.found === undefined ? [] : [{ property, how: property.found }]));

const chartOf = (
  result: SimulateResult,
  property: SimulatedProperty,
  how: WalkFound,
  style: Terminal,
): string => drawChart(foundChart(result, property, how), style);

const foundChart = (result: SimulateResult, { id, own }: SimulatedProperty, how: WalkFound): Chart =>
  counterexampleChart(
    how.counterexample,
    result.places,
    id,
    `${result.revision}, ${result.scenario}: counterexample to ${id}`,
    own,
  );

/** Results for a draft or a mail. */
export const simulationSheets = (results: readonly SimulateResult[]): readonly Sheet[] =>
  results.map((result) => ({
    title: `${result.revision}, ${result.scenario} (${result.size}): random walks`,
    verdict: result.verdict,
    says: [boundsText(result), ...[coveredWords(result.bounds) ?? []].flat()],
    tables: [
      {
        label: 'Properties',
        head: ['property', 'verdict', 'steps', 'why'],
        rows: result.properties.map(({ id, verdict, because, found }) => [
          id,
          verdict,
          found === undefined ? '' : String(found.counterexample.depth),
          because,
        ]),
      },
    ],
    charts: foundIn(result).map(({ property, how }) => foundChart(result, property, how)),
    closing: [
      ...foundIn(result).map(
        ({ property, how }) => `${property.id}: ${foundText(result, how)} --replay ${how.path}`,
      ),
      figures(result),
      `not judged, for no single walk can tell: ${PROGRESS.join(', ')}`,
      ...(lastWord(result) === '' ? [] : [lastWord(result)]),
    ],
  }));

/** How it was found, and how it is found again. */
function foundText({ seed, depth }: SimulateResult, { walk, foundAfter, counterexample }: WalkFound): string {
  if (walk === undefined) return 'the way to it:';
  const shortened =
    foundAfter === counterexample.depth
      ? `after ${foundAfter} steps`
      : `shortened from ${foundAfter} steps to ${counterexample.depth}; there may be a shorter one (ipsecha check finds the shortest)`;
  return `found in walk ${walk} of seed ${seed} (depth ${depth}), ${shortened}. Again:`;
}

const boundsText = ({ bounds }: SimulateResult): string =>
  Object.entries(bounds)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');

const count = (number: number): string => number.toLocaleString('en');

function figures({ statistics, seed, depth }: SimulateResult): string {
  const { walks, steps, seconds, stepsPerSecond, longest } = statistics;
  return `seed ${seed}: ${count(walks)} walks of at most ${depth} steps (the longest ${longest}), ${count(steps)} steps, ${seconds.toFixed(2)} s, ${count(stepsPerSecond)} steps/s`;
}

function interesting({ statistics }: SimulateResult): string {
  const { walks, endedEarly, interesting: in_ } = statistics;
  const share = (number: number): string =>
    `${count(number)} (${walks === 0 ? 0 : Math.round((100 * number) / walks)} %)`;
  return `walks with a failover: ${share(in_.failover)}; with a counter sync that was accepted: ${share(in_.sync)}; with a violation: ${share(in_.violation)}; that came to an end before their depth: ${share(endedEarly)}`;
}

const kindsTable = ({ statistics }: SimulateResult, style: Terminal): string =>
  drawTable(
    {
      head: ['kind of step', 'steps', 'in walks'],
      align: ['left', 'right', 'right'],
      rows: Object.entries(statistics.kinds).map(([kind, { steps, walks }]) => [
        kind,
        count(steps),
        count(walks),
      ]),
    },
    style,
  );

function coverage({ statistics, neverOccurred }: SimulateResult): string {
  const rules = Object.values(statistics.rules).filter(({ steps }) => steps > 0).length;
  const never = neverOccurred.length === 0 ? 'nothing' : neverOccurred.join(', ');
  return `${rules} rules came into play; never occurred: ${never}`;
}

const lastWord = ({ verdict, statistics }: SimulateResult): string =>
  verdict === 'violated'
    ? ''
    : `inconclusive: ${count(statistics.steps)} steps without a violation; not exhaustive`;
