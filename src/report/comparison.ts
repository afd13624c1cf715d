/** Two revisions side by side, for a terminal. */

import type { Behaviour } from '../questions/behaviour.ts';
import type { CheckedProperty } from '../questions/check.ts';
import type { ComparedProperty, Comparison } from '../questions/compare.ts';
import { drawChart } from './chart/draw.ts';
import { chartOf } from './check.ts';
import { runChart } from './counterexample.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';
import { messageWords } from './words.ts';

export function renderComparison(result: Comparison, style: Terminal): string {
  const [first, second] = result.revisions;
  // No column for marks where there is none.
  const isMarked = result.rows.some(({ difference }) => difference !== 'same');
  return [
    drawTable(
      {
        head: ['scenario', 'property', first, second, ...(isMarked ? [''] : [])],
        rows: result.rows.map((row, index) => [
          row.scenario === result.rows[index - 1]?.scenario ? '' : row.scenario,
          row.property,
          verdictAndDepth(row.first),
          verdictAndDepth(row.second),
          ...(isMarked ? [MARKS[row.difference]] : []),
        ]),
      },
      style,
    ),
    ...result.examples.flatMap(({ result: check, property }) =>
      property.counterexample === undefined
        ? []
        : [chartOf(check, { property, counterexample: property.counterexample }, style)],
    ),
    ...behaviourText(result, style),
    ...wrap(closing(result), style.width),
    '',
  ].join('\n');
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
  if (behaviours.length === 0) return [];
  const scenarios = [...new Set(behaviours.map(({ scenario }) => scenario))];
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
    ...directions.flatMap((all) => {
      const [shortest] = all
        .filter(({ run }) => run !== undefined)
        .sort((a, b) => (a.run?.steps.length ?? 0) - (b.run?.steps.length ?? 0));
      return shortest === undefined ? [] : behaviourChart(shortest, style);
    }),
    ...behaviours.flatMap(({ scenario, of, against, because }) =>
      because === undefined
        ? []
        : wrap(
            `inconclusive in ${scenario}, what only ${of} does, and not ${against}: ${because}`,
            style.width,
          ),
    ),
  ];
}

function behaviourCell(behaviour: Behaviour | undefined): Cell {
  if (behaviour === undefined) return { text: 'not explored', tone: 'quiet' };
  const { verdict, run } = behaviour;
  if (verdict === 'none') return { text: 'nothing', tone: 'good' };
  if (run === undefined) return { text: 'inconclusive', tone: 'doubt' };
  return { text: steps(run.steps.length), tone: 'bad' };
}

const steps = (count: number): string => `${count} ${count === 1 ? 'step' : 'steps'}`;

function behaviourChart({ of, against, scenario, run }: Behaviour, style: Terminal): readonly string[] {
  if (run === undefined) return [];
  const title = `${of}, ${scenario}: a shortest run that ${against} cannot do`;
  const foot =
    run.steps.length === 0
      ? `${against} cannot begin so`
      : `${against} can do all of it but step ${run.steps.length}; ${insteadWords(run.instead)}`;
  return [
    drawChart(runChart({ ...run, title, foot: [foot], mark: run.steps.length > 0 }, run.places), style),
  ];
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

function closing(result: Comparison): string {
  const behaviours = {
    differs: 'behaviours differ',
    none: 'neither does what the other cannot',
    inconclusive: 'of behaviours, no difference is known',
  } as const;
  return `${verdictsText(result)}; ${behaviours[result.behaviour]}`;
}

function verdictsText({ rows, verdict, size }: Comparison): string {
  const differing = rows.filter(({ difference }) => difference === 'differs').length;
  const unknown = rows.filter(({ difference }) => difference === 'unknown').length;
  const doubt = unknown === 0 ? '' : `; ${unknown} not known`;
  if (differing > 0) return `${differing} of ${rows.length} verdicts differ${doubt}`;
  return verdict === 'same'
    ? `no difference in verdicts (${rows.length} compared, size ${size})`
    : `no difference in the verdicts that are known${doubt}`;
}
