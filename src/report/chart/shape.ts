import type { Tone } from '../tone.ts';
import type { Row } from './chart.ts';
import type { Glyphs } from './glyphs.ts';
import type { Prepared } from './prepared.ts';

/** An arrow over one or more gaps, from lifeline `from` to lifeline `to`. */
export interface WholeArrow {
  readonly shape: 'whole';
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly open: boolean;
  readonly double: boolean;
}

/** Half an arrow: it leaves `at` or arrives there, on one side, and does not get past the next lifeline. */
export interface HalfArrow {
  readonly shape: 'half';
  readonly at: number;
  readonly side: 'left' | 'right';
  readonly arriving: boolean;
  readonly text: string;
  readonly lost: boolean;
  /** Written behind the end. */
  readonly after: string;
}

/** A sign on a lifeline with its text to the right. */
export interface Point {
  readonly shape: 'point';
  readonly at: number;
  readonly sign: 'event' | 'stop' | 'start';
  readonly text: string;
}

/** Texts to the right of their lifelines. */
export interface Notes {
  readonly shape: 'notes';
  readonly notes: readonly { readonly at: number; readonly text: string }[];
}

export type Shape = (WholeArrow | HalfArrow | Point | Notes) & { readonly tone: Tone };

/** The form in which a row is drawn. Its text has the number and, if it is bad, the cross in front. */
export function shapeOf(row: Row, chart: Prepared, glyphs: Glyphs): Shape {
  const bad = 'mark' in row && row.mark === 'bad';
  const tone: Tone = bad ? 'bad' : 'plain';
  const text = (label: string, number?: number): string =>
    [bad ? glyphs.bad : '', number === undefined ? '' : `(${number})`, label]
      .filter((part) => part !== '')
      .join(' ');
  switch (row.kind) {
    case 'message': {
      const from = chart.index(row.from);
      if (row.to === 'lost' || row.to === 'in flight') {
        const side = sideOf(from, row.towards === undefined ? undefined : chart.index(row.towards), chart);
        return {
          ...{ shape: 'half', at: from, side, arriving: false, text: text(row.label, row.number), tone },
          ...{ lost: row.to === 'lost', after: row.to },
        };
      }
      const to = chart.index(row.to);
      if (from === to)
        return { shape: 'point', at: from, sign: 'event', text: text(row.label, row.number), tone };
      const open = row.received === false;
      return { shape: 'whole', from, to, text: text(row.label, row.number), open, double: false, tone };
    }
    case 'send': {
      const at = chart.index(row.at);
      const side = sideOf(at, row.towards === undefined ? undefined : chart.index(row.towards), chart);
      return {
        ...{ shape: 'half', at, side, arriving: false, text: text(row.label, row.number), tone },
        ...{ lost: false, after: '' },
      };
    }
    case 'receive': {
      const at = chart.index(row.at);
      const side = sideOf(at, row.from === undefined ? undefined : chart.index(row.from), chart);
      return {
        ...{ shape: 'half', at, side, arriving: true, text: text(row.label, row.number), tone },
        ...{ lost: false, after: '' },
      };
    }
    case 'span': {
      const [from, to] = [chart.index(row.from), chart.index(row.to)];
      const own: Tone = bad ? 'bad' : 'transfer';
      if (from === to) return { shape: 'point', at: from, sign: 'event', text: text(row.text), tone: own };
      return { shape: 'whole', from, to, text: text(row.text), open: false, double: true, tone: own };
    }
    case 'local':
      // The cross takes the place of the dot.
      return { shape: 'point', at: chart.index(row.at), sign: 'event', text: row.text, tone };
    case 'stop':
    case 'start': {
      const said = row.text ?? (row.kind === 'stop' ? 'stops' : 'starts');
      return {
        shape: 'point',
        at: chart.index(row.at),
        sign: row.kind,
        text: text(said),
        tone: bad ? 'bad' : 'doubt',
      };
    }
    case 'state': {
      const notes = Object.entries(row.notes).map(([id, note]) => ({ at: chart.index(id), text: note }));
      return { shape: 'notes', notes, tone: 'quiet' };
    }
  }
}

/** The side a half arrow is on: where the other end is, else where the other lifelines are. */
function sideOf(at: number, other: number | undefined, chart: Prepared): 'left' | 'right' {
  if (other !== undefined && other !== at) return other < at ? 'left' : 'right';
  return at > 0 && at === chart.lifelines.length - 1 ? 'left' : 'right';
}
