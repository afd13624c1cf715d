import { displayWidth, longestWord, wrap } from '../text.ts';
import type { Glyphs } from './glyphs.ts';
import type { Prepared } from './prepared.ts';
import { shapeOf } from './shape.ts';

/** Where the lifelines stand, in columns from 0. */
export interface Columns {
  readonly at: readonly number[];
  /** Free columns between each lifeline and the next one; the last gap is to the right of the last lifeline. */
  readonly gap: readonly number[];
}

/** Columns an arrow needs around a text that stands on it: `─ text ─►`. */
export const aroundArrow = 5;
/** The same for half an arrow: `─ text ╌╌>`, and a space, so that it does not touch the next lifeline. */
export const aroundHalf = 7;
/** Columns around a text between two lifelines. */
export const aroundText = 2;
/** Heads of lifelines are wrapped at this many columns. */
export const headLimit = 24;

const leastGap: number = 8;
/** Longer words are broken rather than allowed to push the lifelines apart. */
const wordLimit = 28;
/** A text does not ask for more than this; it is wrapped instead. */
const wishLimit = 46;

/**
 * Columns wide enough for the longest word of each gap, and as far as `width` allows for its longest text.
 * Undefined if not even the words fit, or if there is no lifeline.
 */
export function columnsOf(chart: Prepared, width: number, glyphs: Glyphs): Columns | undefined {
  const count = chart.lifelines.length;
  if (count === 0) return undefined;
  const least = Array.from({ length: count }, (_, i) => (i < count - 1 ? leastGap : 0));
  const wish = [...least];
  /** A text beginning in gap `own` that may use the gaps `first` to `last` if it stands on an arrow. */
  const ask = (text: string, around: number, own: number, first = own, last = own) => {
    least[own] = Math.max(least[own] ?? 0, Math.min(wordLimit, longestWord(text)) + aroundText);
    const whole = Math.min(wishLimit, displayWidth(text)) + around;
    const part = Math.ceil(whole / (last - first + 1));
    for (let i = first; i <= last; i += 1) wish[i] = Math.max(wish[i] ?? 0, part);
  };
  for (const row of chart.rows) {
    const shape = shapeOf(row, chart, glyphs);
    if (shape.shape === 'point') ask(shape.text, aroundText, shape.at);
    else if (shape.shape === 'notes') for (const note of shape.notes) ask(note.text, aroundText, note.at);
    else if (shape.shape === 'half') {
      const gap = shape.side === 'right' ? shape.at : shape.at - 1;
      const after = shape.after === '' ? 0 : 1 + displayWidth(shape.after);
      ask(shape.text, aroundHalf + after, gap);
      // Even under a wrapped text the arrow itself needs some room.
      least[gap] = Math.max(least[gap] ?? 0, leastGap + after);
    } else {
      const first = Math.min(shape.from, shape.to);
      const last = Math.max(shape.from, shape.to) - 1;
      ask(shape.text, aroundArrow, shape.to > shape.from ? first : last, first, last);
    }
  }
  const heads = chart.lifelines.map(({ label, note }) =>
    Math.max(...[...wrap(label, headLimit), ...wrap(note ?? '', headLimit)].map(displayWidth)),
  );
  const leftHalf = (i: number) => Math.floor((heads[i] ?? 0) / 2);
  const rightHalf = (i: number) => Math.max(0, (heads[i] ?? 0) - leftHalf(i) - 1);
  for (let i = 0; i < count; i += 1) {
    const besides = i < count - 1 ? rightHalf(i) + leftHalf(i + 1) + 2 : rightHalf(i);
    least[i] = Math.max(least[i] ?? 0, besides);
  }
  const margin = Math.max(chart.digits > 0 ? chart.digits + 3 : 1, leftHalf(0));
  const spare = width - margin - count - least.reduce((sum, n) => sum + n, 0);
  if (spare < 0) return undefined;
  const gap = share(least, wish, spare);
  const at: number[] = [];
  let column = margin;
  for (const size of gap) {
    at.push(column);
    column += 1 + size;
  }
  return { at, gap };
}

/** `least`, enlarged towards `wish` by at most `spare` in all; who wishes for little gets it first. */
function share(least: readonly number[], wish: readonly number[], spare: number): number[] {
  const gap = [...least];
  const missing = (i: number) => Math.max(0, (wish[i] ?? 0) - (least[i] ?? 0));
  const order = gap.map((_, i) => i).sort((i, k) => missing(i) - missing(k));
  let left = spare;
  order.forEach((i, served) => {
    const more = Math.min(missing(i), Math.floor(left / (order.length - served)));
    gap[i] = (gap[i] ?? 0) + more;
    left -= more;
  });
  return gap;
}
