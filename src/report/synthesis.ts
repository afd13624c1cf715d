/** For which settings properties hold, for a terminal. */
import {
  type Combination,
  combinationsOf,
  type Sweep,
  type Synthesis,
  type SynthesisCell,
  type SynthesisTable,
  type Threshold,
  thresholdsOf,
} from '../questions/synthesise.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';

/** A grid has at most so many columns; what is wider is a list. */
const MOST_COLUMNS = 8;

/** One property: a table for each scenario. Several: a sentence for each, and a table of all together. */
export function renderSyntheses(syntheses: readonly Synthesis[], style: Terminal): string {
  const whole = syntheses.at(-1);
  if (whole === undefined) return '';
  const each = syntheses.slice(0, -1);
  return [
    ...whole.tables.flatMap((table) => [
      ...wrap(
        `${whole.revision}, ${table.scenario} (${whole.size}): ${whole.property} over ${whole.sweeps
          .map(({ setting }) => setting)
          .join(' and ')}`,
        style.width,
      ),
      '',
      ...(isGrid(whole)
        ? [grid(whole, table, style)]
        : isMatrix(whole)
          ? [matrix(whole, table, style), ...wrap(KEY, style.width)]
          : [list(whole, table, style)]),
      ...each.flatMap(({ property, tables }) => {
        const own = tables.find(({ scenario }) => scenario === table.scenario);
        return own === undefined ? [] : wrap(`${property} ${own.summary}`, style.width);
      }),
      ...wrap(each.length === 0 ? table.summary : `together: ${table.summary}`, style.width),
      '',
    ]),
    ...(whole.verdict === 'conclusive' ? [] : [...wrap(whyNot(whole), style.width), '']),
  ].join('\n');
}

/** Why it is not conclusive: something was not decided, or not explored at all. */
const whyNot = ({ tables }: Synthesis): string =>
  tables.some(({ cells }) => cells.some(({ verdict }) => verdict === 'inconclusive'))
    ? 'inconclusive: a limit of time or memory was met, or a way out lies beyond the bounds, if there is one; more time (--time), a smaller size or other settings (--set) may tell'
    : 'not all combinations were explored here';

const isGrid = ({ sweeps }: Synthesis): boolean =>
  sweeps.length === 2 && (sweeps[1]?.values.length ?? 0) <= MOST_COLUMNS;

/** A matrix has at most so many columns of one character or two. */
const MOST_NARROW_COLUMNS = 12;

const isMatrix = ({ sweeps }: Synthesis): boolean =>
  sweeps.length > 1 && (sweeps[0]?.values.length ?? 0) <= MOST_NARROW_COLUMNS;

const KEY = 'a number: violated, in so many steps at least; ·: holds; ?: inconclusive';

/** The first setting across, every combination of the others down, and from where on it holds. */
function matrix({ sweeps }: Synthesis, { cells }: SynthesisTable, style: Terminal): string {
  const [first, ...others] = sweeps;
  if (first === undefined) return '';
  const thresholds = thresholdsOf(sweeps, cells);
  const cell = (value: string | number, rest: Combination): Cell => {
    const found = cells.find(
      ({ combination: [at, ...those] }) => at === value && those.join('\n') === rest.join('\n'),
    );
    if (found === undefined) return '';
    if (found.depth !== undefined) return { text: String(found.depth), tone: 'bad' };
    return found.verdict === 'holds' ? { text: '·', tone: 'good' } : { text: '?', tone: 'doubt' };
  };
  return drawTable(
    {
      head: [
        ...others.map(({ setting }) => setting),
        ...first.values.map((value, index) => (index === 0 ? `${first.setting}=${value}` : String(value))),
        ...(thresholds.length === 0 ? [] : ['holds from']),
      ],
      align: [...others.map(alignOf), ...first.values.map(() => 'right' as const), 'left'],
      rows: combinationsOf(others).map((rest, index) => [
        ...rest.map(String),
        ...first.values.map((value) => cell(value, rest)),
        thresholdText(first, thresholds[index]),
      ]),
    },
    style,
  );
}

function thresholdText({ setting, values }: Sweep, threshold: Threshold | undefined): Cell {
  if (threshold === undefined) return '';
  const { holds } = threshold;
  if (holds === 'all') return `${setting}=${values[0]}`;
  if (holds === 'more') return { text: `more than ${values.at(-1)}`, tone: 'bad' };
  return holds === 'unknown' ? { text: 'not known', tone: 'doubt' } : `${setting}=${holds.from}`;
}

const alignOf = ({ values }: Sweep): 'left' | 'right' => (typeof values[0] === 'number' ? 'right' : 'left');

/** The first setting down, the second across; and below, from where on it holds. */
function grid({ sweeps }: Synthesis, { cells }: SynthesisTable, style: Terminal): string {
  const [down, across] = sweeps;
  if (down === undefined || across === undefined) return '';
  const thresholds = thresholdsOf([down, across], cells);
  const cell = (row: string | number, column: string | number): Cell => {
    const found = cells.find(({ combination }) => combination[0] === row && combination[1] === column);
    return found === undefined ? { text: 'not explored', tone: 'quiet' } : cellText(found);
  };
  return drawTable(
    {
      head: [down.setting, ...across.values.map((value) => `${across.setting}=${value}`)],
      align: [typeof down.values[0] === 'number' ? 'right' : 'left'],
      rows: [
        ...down.values.map((row) => [String(row), ...across.values.map((column) => cell(row, column))]),
        ...(thresholds.length === 0
          ? []
          : [['holds from', ...thresholds.map((threshold) => thresholdText(down, threshold))]]),
      ],
    },
    style,
  );
}

const list = ({ sweeps, all }: Synthesis, { cells }: SynthesisTable, style: Terminal): string =>
  drawTable(
    {
      head: [
        ...sweeps.map(({ setting }) => setting),
        'verdict',
        'states',
        // Of several properties it is said which.
        ...(all === undefined ? [] : ['which']),
      ],
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
        ...(all === undefined ? [] : [cell.because ?? '']),
      ]),
    },
    style,
  );

function cellText({ verdict, depth }: SynthesisCell): Cell {
  const tone = verdict === 'holds' ? 'good' : verdict === 'violated' ? 'bad' : 'doubt';
  return { text: depth === undefined ? verdict : `${verdict} (${depth})`, tone };
}
