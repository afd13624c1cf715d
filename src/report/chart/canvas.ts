import { cellsOf, wrap } from '../text.ts';
import { paint, type Tone } from '../tone.ts';
import type { Glyphs } from './glyphs.ts';
import type { Scene, SceneArrow } from './scene.ts';

/** How to write a chart as text. */
export interface Style {
  readonly width: number;
  readonly colour: boolean;
  readonly glyphs: Glyphs;
}

interface Cell {
  /** Empty for the second half of a wide character. */
  text: string;
  tone: Tone;
}

/** The scene as text, ending in a newline. */
export function canvasText(scene: Scene, style: Style): string {
  const lines = scene.present.map((present) => {
    const cells: Cell[] = [];
    scene.lifelines.forEach((column, i) => {
      if (present[i]) put(cells, column, style.glyphs.lifeline, 'quiet');
    });
    return cells;
  });
  for (const arrow of scene.arrows) drawArrow(lines[arrow.line] ?? [], arrow, scene, style.glyphs);
  for (const { line, column, text, tone } of scene.texts) {
    const cells = lines[line] ?? [];
    // A space on either side keeps a text apart from the arrow it stands on, but not from a lifeline.
    if (scene.arrows.some((arrow) => arrow.line === line)) {
      clear(cells, column - 1, scene, line);
      put(cells, column, text, tone);
      clear(cells, column + cellsOf(text).reduce((sum, cell) => sum + cell.columns, 0), scene, line);
    } else put(cells, column, text, tone);
  }
  for (const { line, column, sign, tone } of scene.signs) {
    put(lines[line] ?? [], column, style.glyphs[sign], tone === 'plain' ? 'title' : tone);
  }
  return [
    ...titleLines(scene.title, style),
    ...lines.map((cells) => written(cells, style.colour)),
    ...footLines(scene, style),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** The title and an empty line. */
export function titleLines(title: string | undefined, style: Style): string[] {
  if (title === undefined) return [];
  return [...wrap(title, style.width).map((line) => paint(line, 'title', style.colour)), ''];
}

/** An empty line and the paragraphs below; the first is the reason if something is marked bad. */
export function footLines(
  { foot, bad }: { readonly foot: readonly string[]; readonly bad: boolean },
  style: Style,
): string[] {
  if (foot.length === 0) return [];
  const lines = foot.flatMap((paragraph, i) => {
    const reason = bad && i === 0;
    const indent = bad ? 2 : 0;
    return wrap(paragraph, style.width - indent).map((line, k) => {
      const before = reason && k === 0 ? `${style.glyphs.bad} ` : ' '.repeat(line === '' ? 0 : indent);
      return paint(before + line, reason ? 'bad' : 'plain', style.colour);
    });
  });
  return ['', ...lines];
}

function drawArrow(cells: Cell[], arrow: SceneArrow, scene: Scene, glyphs: Glyphs): void {
  const { from, to, tone } = arrow;
  const right = to >= from;
  const on = right ? 1 : -1;
  const present = scene.present[arrow.line] ?? [];
  const crossed = new Set(scene.lifelines.filter((_, i) => present[i]));
  const line = arrow.double ? glyphs.double : glyphs.line;
  const cross = arrow.double ? glyphs.doubleCross : glyphs.cross;
  const length = Math.abs(to - from);
  for (let k = 0; k <= length; k += 1) {
    const column = from + on * k;
    const dashed = (arrow.broken === 'start' && k < 2) || (arrow.broken === 'end' && k >= length - 2);
    put(cells, column, crossed.has(column) ? cross : dashed ? glyphs.dash : line, tone);
  }
  if (arrow.joined && crossed.has(from)) {
    const [leaveRight, leaveLeft] = arrow.double
      ? [glyphs.doubleRight, glyphs.doubleLeft]
      : [glyphs.leaveRight, glyphs.leaveLeft];
    put(cells, from, right ? leaveRight : leaveLeft, tone);
  }
  const heads = {
    closed: right ? glyphs.right : glyphs.left,
    open: right ? glyphs.openRight : glyphs.openLeft,
    away: right ? glyphs.awayRight : glyphs.awayLeft,
    lost: glyphs.lost,
  };
  put(cells, to, heads[arrow.head], tone);
}

/** Makes room at one column, unless a lifeline or nothing is there. */
function clear(cells: Cell[], column: number, scene: Scene, line: number): void {
  const lifeline = scene.lifelines.indexOf(column);
  if (lifeline >= 0 && scene.present[line]?.[lifeline] && !crossedAt(scene, line, column)) return;
  if (cells[column] !== undefined) put(cells, column, ' ', 'plain');
}

/** Whether a lifeline is in the middle of an arrow, not at its end. */
function crossedAt(scene: Scene, line: number, column: number): boolean {
  return scene.arrows.some(
    ({ line: own, from, to }) => own === line && column > Math.min(from, to) && column < Math.max(from, to),
  );
}

function put(cells: Cell[], column: number, text: string, tone: Tone): void {
  let next = Math.max(0, column);
  for (const cell of cellsOf(text)) {
    const before = cells[next - 1];
    if (cell.columns === 0) {
      if (before !== undefined) before.text += cell.text;
      continue;
    }
    cells[next] = { text: cell.text, tone };
    if (cell.columns === 2) cells[next + 1] = { text: '', tone };
    next += cell.columns;
  }
}

/** One line, without spaces at its end, with as few colour codes as will do. */
function written(cells: readonly (Cell | undefined)[], colour: boolean): string {
  let line = '';
  let run = '';
  let tone: Tone = 'plain';
  // Not `for of` or `map`: the array has holes, which are spaces.
  for (let i = 0; i < cells.length; i += 1) {
    const cell: Cell = cells[i] ?? { text: ' ', tone: 'plain' };
    const own: Tone = cell.text === ' ' ? tone : cell.tone;
    if (own !== tone) {
      line += paint(run, tone, colour);
      run = '';
      tone = own;
    }
    run += cell.text;
  }
  return line + paint(run.trimEnd(), tone, colour);
}
