/** Two revisions side by side, for a terminal. */
import type { CheckedProperty } from '../check/check.ts';
import type { ComparedProperty, Comparison } from '../check/compare.ts';
import { chartOf } from './check.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';

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

function closing({ rows, verdict, size }: Comparison): string {
  const differing = rows.filter(({ difference }) => difference === 'differs').length;
  const unknown = rows.filter(({ difference }) => difference === 'unknown').length;
  const doubt = unknown === 0 ? '' : `; ${unknown} not known`;
  if (differing > 0) return `${differing} of ${rows.length} verdicts differ${doubt}`;
  return verdict === 'same'
    ? `no difference in verdicts (${rows.length} compared, size ${size})`
    : `no difference in the verdicts that are known${doubt}`;
}
