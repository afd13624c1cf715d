/** For which settings a property holds, for a terminal. */
import type { Synthesis, SynthesisCell, SynthesisTable } from '../check/synthesise.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';

/** A grid has at most so many columns; what is wider is a list. */
const MOST_COLUMNS = 8;

export function renderSynthesis(result: Synthesis, style: Terminal): string {
  return [
    ...result.tables.flatMap((table) => [
      ...wrap(
        `${result.revision}, ${table.scenario} (${result.size}): ${result.property} over ${result.sweeps
          .map(({ setting }) => setting)
          .join(' and ')}`,
        style.width,
      ),
      '',
      isGrid(result) ? grid(result, table, style) : list(result, table, style),
      ...wrap(table.summary, style.width),
      '',
    ]),
    ...(result.verdict === 'conclusive'
      ? []
      : [
          ...wrap(
            'inconclusive: a limit of time or memory was met, or a way out lies beyond the bounds, if there is one; more time (--time), a smaller size or other settings (--set) may tell',
            style.width,
          ),
          '',
        ]),
  ].join('\n');
}

const isGrid = ({ sweeps }: Synthesis): boolean =>
  sweeps.length === 2 && (sweeps[1]?.values.length ?? 0) <= MOST_COLUMNS;

/** The first setting down, the second across. */
function grid({ sweeps }: Synthesis, { cells }: SynthesisTable, style: Terminal): string {
  const [down, across] = sweeps;
  if (down === undefined || across === undefined) return '';
  const cell = (row: string | number, column: string | number): Cell => {
    const found = cells.find(({ combination }) => combination[0] === row && combination[1] === column);
    return found === undefined ? { text: 'not explored', tone: 'quiet' } : cellText(found);
  };
  return drawTable(
    {
      head: [down.setting, ...across.values.map((value) => `${across.setting}=${value}`)],
      align: [typeof down.values[0] === 'number' ? 'right' : 'left'],
      rows: down.values.map((row) => [String(row), ...across.values.map((column) => cell(row, column))]),
    },
    style,
  );
}

const list = ({ sweeps }: Synthesis, { cells }: SynthesisTable, style: Terminal): string =>
  drawTable(
    {
      head: [...sweeps.map(({ setting }) => setting), 'verdict', 'states'],
      align: [
        ...sweeps.map(({ values }) =>
          typeof values[0] === 'number' ? ('right' as const) : ('left' as const),
        ),
        'left',
        'right',
      ],
      rows: cells.map((cell) => [
        ...cell.combination.map(String),
        cellText(cell),
        cell.states.toLocaleString('en'),
      ]),
    },
    style,
  );

function cellText({ verdict, depth }: SynthesisCell): Cell {
  const tone = verdict === 'holds' ? 'good' : verdict === 'violated' ? 'bad' : 'doubt';
  return { text: depth === undefined ? verdict : `${verdict} (${depth})`, tone };
}
