import { ascii, clean, displayWidth, longestWord, wrap } from './text.ts';
import { paint, type Tone } from './tone.ts';

/** A cell, with its meaning if that should show. */
export type Cell = string | { readonly text: string; readonly tone: 'good' | 'bad' | 'doubt' | 'quiet' };

export interface Table {
  readonly head: readonly string[];
  /** Rows may be shorter than the head; what is missing is empty. */
  readonly rows: readonly (readonly Cell[])[];
  /** By column; `left` where nothing is said. */
  readonly align?: readonly ('left' | 'right')[];
}

export interface TableStyle {
  /** Columns available. Without it every cell stays on one line. */
  readonly width?: number;
  readonly colour?: boolean;
  readonly unicode?: boolean;
}

interface Said {
  readonly text: string;
  readonly tone: Tone;
}

const between = '  ';

/**
 * The table as text, ending in a newline: head, thin rule, rows, two spaces between the columns. If a width is
 * given, cells are wrapped so far as their words allow; nothing is cut.
 */
export function drawTable(table: Table, style: TableStyle = {}): string {
  const { width = Number.POSITIVE_INFINITY, colour = false, unicode = true } = style;
  const say = unicode ? clean : ascii;
  const count = Math.max(table.head.length, ...table.rows.map((row) => row.length));
  const said = (cell: Cell | undefined): Said =>
    typeof cell === 'object'
      ? { text: say(cell.text), tone: cell.tone }
      : { text: say(cell ?? ''), tone: 'plain' };
  const full = (row: readonly Cell[]): Said[] => Array.from({ length: count }, (_, i) => said(row[i]));
  const head = full(table.head).map(({ text }): Said => ({ text, tone: 'title' }));
  const rows = table.rows.map(full);
  const widths = widthsOf([head, ...rows], count, width);
  const line = (row: readonly Said[]) => rowText(row, widths, table.align ?? [], colour);
  const rule = widths.map((columns) => (unicode ? '─' : '-').repeat(columns)).join(between);
  return [...line(head), paint(rule, 'quiet', colour), ...rows.flatMap(line)]
    .map((text) => `${text}\n`)
    .join('');
}

/** The natural widths; if they are too wide together, the widest columns give way, down to their longest word. */
function widthsOf(rows: readonly (readonly Said[])[], count: number, width: number): number[] {
  const most = (size: (text: string) => number) =>
    Array.from({ length: count }, (_, i) => Math.max(0, ...rows.map((row) => size(row[i]?.text ?? ''))));
  const widths = most(displayWidth);
  const least = most(longestWord);
  let over = widths.reduce((sum, n) => sum + n, 0) + between.length * (count - 1) - width;
  for (; over > 0; over -= 1) {
    let widest = -1;
    widths.forEach((n, i) => {
      if (n > (least[i] ?? 0) && n > (widths[widest] ?? 0)) widest = i;
    });
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function rowText(
  row: readonly Said[],
  widths: readonly number[],
  align: readonly ('left' | 'right')[],
  colour: boolean,
): string[] {
  const blocks = row.map(({ text }, i) => {
    const columns = widths[i] ?? 0;
    return displayWidth(text) <= columns ? [text] : wrap(text, columns);
  });
  const height = Math.max(1, ...blocks.map((block) => block.length));
  return Array.from({ length: height }, (_, k) => {
    // The last cell with text is not followed by spaces, also within its colour.
    const last = blocks.findLastIndex((block) => (block[k] ?? '') !== '');
    return row
      .slice(0, last + 1)
      .map(({ tone }, i) => {
        const text = blocks[i]?.[k] ?? '';
        const side = align[i] ?? 'left';
        const space = ' '.repeat(Math.max(0, (widths[i] ?? 0) - displayWidth(text)));
        const painted = paint(text, tone, colour);
        if (side === 'right') return space + painted;
        return i === last ? painted : painted + space;
      })
      .join(between);
  });
}
