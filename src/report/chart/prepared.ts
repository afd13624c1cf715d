import { ascii, clean } from '../text.ts';
import type { Chart, Lifeline, LifelineId, Row } from './chart.ts';

/** A chart whose texts are harmless and whose names have been checked: all that the renderers accept. */
export interface Prepared extends Chart {
  /** Position of a lifeline, from the left. */
  readonly index: (id: LifelineId) => number;
  /** Whether some row is marked bad. */
  readonly bad: boolean;
  /** Columns of the widest step number; 0 if no row has one. */
  readonly digits: number;
}

const reserved: ReadonlySet<string> = new Set(['lost', 'in flight']);

/**
 * Cleans every text and checks every name.
 *
 * @throws {RangeError} for an unknown, reserved or repeated lifeline id
 */
export function prepared(chart: Chart, unicode: boolean): Prepared {
  const say = unicode ? clean : ascii;
  const positions = new Map<LifelineId, number>();
  for (const { id } of chart.lifelines) {
    if (reserved.has(id)) throw new RangeError(`a lifeline cannot be called '${id}'`);
    if (positions.has(id)) throw new RangeError(`two lifelines are called '${id}'`);
    positions.set(id, positions.size);
  }
  const index = (id: LifelineId): number => {
    const position = positions.get(id);
    if (position === undefined) throw new RangeError(`no lifeline is called '${id}'`);
    return position;
  };
  for (const row of chart.rows) for (const id of named(row)) index(id);
  return {
    ...(chart.title === undefined ? {} : { title: say(chart.title) }),
    lifelines: chart.lifelines.map((lifeline) => cleanLifeline(lifeline, say)),
    rows: chart.rows.map((row) => cleanRow(row, say)),
    foot: chart.foot.map(say),
    index,
    bad: chart.rows.some((row) => 'mark' in row && row.mark === 'bad'),
    digits: Math.max(0, ...chart.rows.map((row) => (row.step === undefined ? 0 : String(row.step).length))),
  };
}

function named(row: Row): readonly LifelineId[] {
  switch (row.kind) {
    case 'message':
      return [
        row.from,
        ...(reserved.has(row.to) ? [] : [row.to]),
        ...(row.towards === undefined ? [] : [row.towards]),
      ];
    case 'send':
      return [row.at, ...(row.towards === undefined ? [] : [row.towards])];
    case 'receive':
      return [row.at, ...(row.from === undefined ? [] : [row.from])];
    case 'span':
      return [row.from, row.to];
    case 'state':
      return Object.keys(row.notes);
    case 'local':
    case 'stop':
    case 'start':
      return [row.at];
  }
}

function cleanLifeline(lifeline: Lifeline, say: (text: string) => string): Lifeline {
  const { id, label, note } = lifeline;
  return { id, label: say(label), ...(note === undefined ? {} : { note: say(note) }) };
}

function cleanRow(row: Row, say: (text: string) => string): Row {
  switch (row.kind) {
    case 'message':
    case 'send':
    case 'receive':
      return { ...row, label: say(row.label) };
    case 'local':
    case 'span':
      return { ...row, text: say(row.text) };
    case 'stop':
    case 'start':
      return row.text === undefined ? row : { ...row, text: say(row.text) };
    case 'state':
      return {
        ...row,
        notes: Object.fromEntries(Object.entries(row.notes).map(([id, note]) => [id, say(note)])),
      };
  }
}
