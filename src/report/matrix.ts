/** Many checks at once, for a terminal: what was explored, and a matrix of property, revision and scenario. */
import type { CheckedProperty, CheckResult } from '../questions/check.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { displayWidth, wrap } from './text.ts';

/**
 * The matrix, readable in 100 columns: a row for each property and revision, a column for each scenario, and in each
 * cell the number of steps of a shortest counterexample. Rows in which nothing breaks and nothing is undecided are
 * left out; what holds everywhere is listed below.
 */
export function verdictMatrix(results: readonly CheckResult[], style: Terminal): string {
  const scenarios = distinct(results.map(({ scenario }) => scenario));
  const rows = rowsOf(results);
  const shown = rows.filter(({ cells }) =>
    cells.some((cell) => cell !== undefined && cell.verdict !== 'holds'),
  );
  const heads = headsOf(rows, scenarios, style.width);
  const table = drawTable(
    {
      head: ['property', 'revision', ...heads],
      align: ['left', 'left', ...scenarios.map(() => 'right' as const)],
      rows: shown.map(({ property, revision, cells }, index) => [
        property === shown[index - 1]?.property ? '' : property,
        revision,
        ...cells.map(cellOf),
      ]),
    },
    style,
  );
  return [
    ...(shown.length === 0 ? [] : [table]),
    ...closing(results, rows).flatMap((line) => wrap(line, style.width)),
    '',
  ].join('\n');
}

/** What was explored: a row for each scenario, a column for each revision, and in each cell the number of states. */
export function exploredTable(results: readonly CheckResult[], style: Terminal): string {
  const scenarios = distinct(results.map(({ scenario }) => scenario));
  const revisions = distinct(results.map(({ revision }) => revision));
  const table = drawTable(
    {
      head: ['', 'scenario', ...revisions, 'bounds'],
      align: ['right', 'left', ...revisions.map(() => 'right' as const), 'left'],
      rows: scenarios.map((scenario, index) => {
        const here = results.filter((result) => result.scenario === scenario);
        return [
          String(index + 1),
          scenario,
          ...revisions.map((revision): Cell => {
            const result = here.find((each) => each.revision === revision);
            return result === undefined ? '' : statesCell(result);
          }),
          boundsText(here),
        ];
      }),
    },
    style,
  );
  const isWhole = results.every(isExplored);
  return `${table}${[
    `states that were visited, size ${distinct(results.map(({ size }) => size)).join(' and ')}${isWhole ? ': every reachable one' : '; where not every reachable one was: ? beside the number'}`,
    boundsKey,
  ]
    .flatMap((line) => wrap(line, style.width))
    .join('\n')}\n`;
}

interface Row {
  readonly property: string;
  readonly revision: string;
  /** One for each scenario; undefined where it was not checked. */
  readonly cells: readonly (CheckedProperty | undefined)[];
}

/** Every property of every revision, in the order of the results. */
function rowsOf(results: readonly CheckResult[]): readonly Row[] {
  const scenarios = distinct(results.map(({ scenario }) => scenario));
  const revisions = distinct(results.map(({ revision }) => revision));
  const properties = distinct(results.flatMap((result) => result.properties.map(({ id }) => id)));
  return properties.flatMap((property) =>
    revisions.map((revision) => ({
      property,
      revision,
      cells: scenarios.map((scenario) =>
        results
          .find((result) => result.revision === revision && result.scenario === scenario)
          ?.properties.find(({ id }) => id === property),
      ),
    })),
  );
}

/** The names of the scenarios, if they fit; else their numbers, as `exploredTable` has them. */
function headsOf(rows: readonly Row[], scenarios: readonly string[], width: number): readonly string[] {
  const widest = (words: readonly string[]): number => Math.max(0, ...words.map(displayWidth));
  const first =
    widest(rows.map(({ property }) => property)) + widest(rows.map(({ revision }) => revision)) + 2;
  const needed = scenarios.reduce((sum, name) => sum + displayWidth(name) + 2, first);
  return needed <= width ? scenarios : scenarios.map((_, index) => String(index + 1));
}

function cellOf(cell: CheckedProperty | undefined): Cell {
  if (cell === undefined) return '';
  if (cell.counterexample !== undefined) return { text: String(cell.counterexample.depth), tone: 'bad' };
  if (cell.verdict === 'inconclusive') return { text: '?', tone: 'doubt' };
  return isVacuous(cell) ? { text: '-', tone: 'quiet' } : { text: '·', tone: 'good' };
}

/** It holds since nothing can break it there. */
const isVacuous = ({ verdict, because }: CheckedProperty): boolean =>
  verdict === 'holds' && because !== undefined;

/** The key to the signs, what is not in the table, and why anything is undecided. */
function closing(results: readonly CheckResult[], rows: readonly Row[]): readonly string[] {
  const cells = rows.flatMap((row) => row.cells.filter((cell) => cell !== undefined));
  const has = (test: (cell: CheckedProperty) => boolean): boolean => cells.some(test);
  const signs = [
    ...(has(({ verdict }) => verdict === 'violated')
      ? ['a number: violated, in so many steps at least']
      : []),
    ...(has((cell) => cell.verdict === 'holds' && !isVacuous(cell)) ? ['·: holds'] : []),
    ...(has(isVacuous) ? ['-: nothing to break'] : []),
    ...(has(({ verdict }) => verdict === 'inconclusive') ? ['?: inconclusive'] : []),
  ];
  const clean = distinct(rows.map(({ property }) => property)).filter((property) =>
    rows.every(
      (row) =>
        row.property !== property ||
        row.cells.every((cell) => cell === undefined || cell.verdict === 'holds'),
    ),
  );
  const several = results.length > 1 ? ' in all of them (or has nothing to break)' : '';
  return [
    signs.join('; '),
    ...(clean.length === 0 ? [] : [`holds${several}: ${clean.join(', ')}`]),
    ...doubts(results),
  ];
}

/** Why something is inconclusive, once for all that have the same reason. */
function doubts(results: readonly CheckResult[]): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { revision, scenario, properties } of results) {
    for (const { id, verdict, because } of properties) {
      if (verdict !== 'inconclusive') continue;
      const where = reasons.get(because ?? 'no reason was told') ?? [];
      where.push(`${id} of ${revision} in ${scenario}`);
      reasons.set(because ?? 'no reason was told', where);
    }
  }
  return [...reasons].map(
    ([reason, where]) =>
      `inconclusive (${reason}): ${where.slice(0, MOST_NAMED).join(', ')}${where.length > MOST_NAMED ? ` and ${where.length - MOST_NAMED} others` : ''}`,
  );
}

/** More than this are counted rather than named. */
const MOST_NAMED = 4;

/** Every reachable state was visited, or else nothing was left to find. */
const isExplored = ({ statistics, properties }: CheckResult): boolean =>
  statistics.complete || properties.every(({ verdict }) => verdict === 'violated');

function statesCell(result: CheckResult): Cell {
  const states = result.statistics.states.toLocaleString('en');
  return isExplored(result) ? states : { text: `${states} ?`, tone: 'doubt' };
}

/** The bounds that matter most, by the letters that stand for them. */
const letters = [
  ['m', 'members'],
  ['f', 'failovers'],
  ['r', 'requests'],
  ['p', 'packets'],
] as const;

const boundsKey = `bounds: ${letters.map(([letter, key]) => `${letter} ${key}`).join(', ')}; all settings: ipsecha scenarios`;

/** The main bounds of the checks in one scenario; two values where the revisions differ. */
const boundsText = (results: readonly CheckResult[]): string =>
  letters
    .map(
      ([letter, key]) => `${distinct(results.map(({ bounds }) => String(bounds[key]))).join('/')}${letter}`,
    )
    .join(' ');

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];
