/** Two sides of a comparison, for a terminal: what differs, and a count of what does not. */

import type { Behaviour } from '../questions/behaviour.ts';
import type { CheckedProperty } from '../questions/check.ts';
import type { ComparedProperty, Comparison } from '../questions/compare.ts';
import type { Chart } from './chart/chart.ts';
import { drawChart } from './chart/draw.ts';
import { brokenChart, chartOf } from './check.ts';
import { runChart } from './counterexample.ts';
import type { Sheet } from './sheet.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';
import { messageWords } from './words.ts';

export function renderComparison(result: Comparison, style: Terminal): string {
  const [first, second] = result.revisions;
  const differing = result.rows.filter(({ difference }) => difference !== 'same');
  return [
    ...wrap(headOf(result), style.width),
    '',
    ...(differing.length === 0
      ? []
      : [
          drawTable(
            {
              head: ['scenario', 'property', first, second, ''],
              rows: differing.map((row, index) => [
                row.scenario === differing[index - 1]?.scenario ? '' : row.scenario,
                row.property,
                verdictAndDepth(row.first),
                verdictAndDepth(row.second),
                MARKS[row.difference],
              ]),
            },
            style,
          ),
        ]),
    ...wrap(sameWords(result), style.width),
    '',
    ...result.examples.flatMap(({ result: check, property }) =>
      property.counterexample === undefined
        ? []
        : [chartOf(check, { property, counterexample: property.counterexample }, style)],
    ),
    ...behaviourText(result, style),
    ...wrap(result.conclusion, style.width),
    '',
  ].join('\n');
}

/** The two sides, and what they have that their names do not say. */
function headOf({ revisions, sides, size, results }: Comparison): string {
  const [one, other] = sides;
  const common = one.set.filter((change) => other.set.includes(change));
  const own = sides.flatMap(({ set }, index) => {
    const name = revisions[index] ?? '';
    const more = set.filter((change) => !common.includes(change) && !name.includes(` ${change}`));
    return more.length === 0 ? [] : [`${name} with ${more.join(' ')}`];
  });
  const where = results.length === 1 ? results[0]?.[0].scenario : `${results.length} scenarios`;
  return [
    `${revisions.join(' and ')}, ${where} (${size})`,
    ...(common.length === 0 ? [] : [`both with ${common.join(' ')}`]),
    ...own,
  ].join(', ');
}

/** What is left out, so that nobody takes it for not compared. */
function sameWords({ rows }: Comparison): string {
  const same = rows.filter(({ difference }) => difference === 'same');
  const holds = same.filter(({ first }) => first.verdict === 'holds').length;
  const how =
    holds === same.length
      ? same.length === 1
        ? 'it holds'
        : 'all of them hold'
      : holds === 0
        ? same.length === 1
          ? 'it is violated'
          : 'all of them are violated'
        : `${holds} hold, ${same.length - holds} are violated`;
  return same.length === 0
    ? 'no verdict is known to be the same'
    : `the same, and left out here: ${same.length} of ${rows.length} verdicts; ${how}`;
}

const MARKS: Readonly<Record<ComparedProperty['difference'], Cell>> = {
  same: '',
  differs: { text: 'differs', tone: 'bad' },
  unknown: { text: 'not known', tone: 'doubt' },
};

function verdictAndDepth({ verdict, counterexample }: CheckedProperty): Cell {
  const tone = verdict === 'holds' ? 'good' : verdict === 'violated' ? 'bad' : 'doubt';
  return { text: counterexample === undefined ? verdict : `${verdict} (${counterexample.depth})`, tone };
}

/** What each does that the other cannot: a line for each scenario, and for each direction the shortest run. */
function behaviourText({ behaviours, revisions }: Comparison, style: Terminal): readonly string[] {
  const told = behaviours.filter(({ verdict }) => verdict !== 'none').map(({ scenario }) => scenario);
  if (told.length === 0) return [];
  const scenarios = [...new Set(told)];
  const directions = revisions.map((of) => behaviours.filter((each) => each.of === of));
  return [
    drawTable(
      {
        head: ['scenario', ...revisions.map((of, index) => `only ${of} (not ${revisions[1 - index]})`)],
        rows: scenarios.map((scenario) => [
          scenario,
          ...directions.map((all) => behaviourCell(all.find((each) => each.scenario === scenario))),
        ]),
      },
      style,
    ),
    ...shortestBehaviours(directions).flatMap((shortest) => behaviourChart(shortest, style)),
    ...directions.flatMap((all) => undecided(all).flatMap((text) => wrap(text, style.width))),
  ];
}

/** What was not decided: of one scenario why, of several where. */
function undecided(all: readonly Behaviour[]): readonly string[] {
  const open = all.filter(({ verdict }) => verdict === 'inconclusive');
  const [first] = open;
  if (first === undefined) return [];
  const what = `what only ${first.of} does, and not ${first.against}`;
  return open.length === 1
    ? [`inconclusive in ${first.scenario}, ${what}: ${first.because ?? 'it was not decided'}`]
    : [
        `inconclusive in ${open.length} scenarios, ${what}: one of them alone (--scenario NAME) is looked at longer`,
      ];
}

/** Of each direction, the one with the shortest run. */
const shortestBehaviours = (directions: readonly (readonly Behaviour[])[]): readonly Behaviour[] =>
  directions.flatMap((all) =>
    all
      .filter(({ run }) => run !== undefined)
      .sort((a, b) => (a.run?.steps.length ?? 0) - (b.run?.steps.length ?? 0))
      .slice(0, 1),
  );

/** The comparison for a draft or a mail. */
export function comparisonSheet(result: Comparison): Sheet {
  const [first, second] = result.revisions;
  const text = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);
  return {
    title: headOf(result),
    says: [result.conclusion],
    tables: [
      {
        label: 'Verdicts that differ',
        head: ['scenario', 'property', first, second, ''],
        rows: result.rows
          .filter(({ difference }) => difference !== 'same')
          .map((row) => [
            row.scenario,
            row.property,
            text(verdictAndDepth(row.first)),
            text(verdictAndDepth(row.second)),
            text(MARKS[row.difference]),
          ]),
      },
    ].filter(({ rows }) => rows.length > 0),
    charts: [
      ...result.examples.flatMap(({ result: check, property }) =>
        property.counterexample === undefined
          ? []
          : [brokenChart(check, { property, counterexample: property.counterexample })],
      ),
      ...shortestBehaviours(
        result.revisions.map((of) => result.behaviours.filter((each) => each.of === of)),
      ).flatMap(chartsOfBehaviour),
    ],
    closing: [sameWords(result)],
  };
}

function behaviourCell(behaviour: Behaviour | undefined): Cell {
  if (behaviour === undefined) return { text: 'not explored', tone: 'quiet' };
  const { verdict, run } = behaviour;
  if (verdict === 'none') return { text: 'nothing', tone: 'good' };
  if (run === undefined) return { text: 'inconclusive', tone: 'doubt' };
  return { text: steps(run.steps.length), tone: 'bad' };
}

const steps = (count: number): string => `${count} ${count === 1 ? 'step' : 'steps'}`;

const behaviourChart = (behaviour: Behaviour, style: Terminal): readonly string[] =>
  chartsOfBehaviour(behaviour).map((chart) => drawChart(chart, style));

function chartsOfBehaviour({ of, against, scenario, run }: Behaviour): readonly Chart[] {
  if (run === undefined) return [];
  const title = `${of}, ${scenario}: a shortest run that ${against} cannot do`;
  const foot =
    run.steps.length === 0
      ? `${against} cannot begin so`
      : `${against} can do all of it but step ${run.steps.length}; ${insteadWords(run.instead)}`;
  return [runChart({ ...run, title, foot: [foot], mark: run.steps.length > 0 }, run.places)];
}

/** What the other one does at that point. */
function insteadWords(instead: NonNullable<Behaviour['run']>['instead']): string {
  const [step] = instead;
  if (step === undefined) return 'no such step is possible there';
  const sent = step.action.sent ?? step.sent;
  return sent.length === 0
    ? 'there, it sends nothing'
    : `there, it sends ${sent.map(messageWords).join(' and ')}`;
}
