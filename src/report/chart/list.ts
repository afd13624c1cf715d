import { displayWidth, wrap } from '../text.ts';
import { paint } from '../tone.ts';
import { footLines, type Style, titleLines } from './canvas.ts';
import type { LifelineId, Row } from './chart.ts';
import type { Prepared } from './prepared.ts';

/** The chart as a numbered list, for terminals too narrow for its lifelines and for readers who cannot see it. */
export function listText(chart: Prepared, style: Style): string {
  return [
    ...titleLines(chart.title, style),
    ...participants(chart, style),
    ...items(chart, style),
    ...footLines(chart, style),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function participants(chart: Prepared, style: Style): string[] {
  if (chart.lifelines.length === 0) return [];
  const names = chart.lifelines.map(({ label, note }) => (note === undefined ? label : `${label} (${note})`));
  return [...wrap(names.join(', '), style.width), ''];
}

function items(chart: Prepared, style: Style): string[] {
  const digits = chart.digits > 0 ? chart.digits : String(chart.rows.length).length;
  let counted = 0;
  let step: number | undefined;
  return chart.rows.flatMap((row) => {
    const bad = 'mark' in row && row.mark === 'bad';
    let number = '';
    if (row.kind !== 'state' || row.step !== undefined) {
      if (chart.digits === 0) number = `${++counted}.`;
      else if (row.step !== undefined && row.step !== step) number = `${row.step}.`;
      step = row.step ?? step;
    }
    const before = `${bad ? style.glyphs.bad : ' '} ${number.padStart(digits + 1)} `;
    const room = style.width - displayWidth(before);
    const lines = sentences(row, chart, style).flatMap((sentence) => wrap(sentence, room));
    return lines.map((line, k) => {
      const text = (k === 0 ? before : ' '.repeat(displayWidth(before))) + line;
      return paint(text, bad ? 'bad' : row.kind === 'state' ? 'quiet' : 'plain', style.colour);
    });
  });
}

function sentences(row: Row, chart: Prepared, { glyphs }: Style): string[] {
  const name = (id: LifelineId): string => chart.lifelines[chart.index(id)]?.label ?? id;
  const label = (text: string, number?: number) => (number === undefined ? text : `(${number}) ${text}`);
  switch (row.kind) {
    case 'message': {
      const nowhere = row.to === 'lost' || row.to === 'in flight';
      const meant = nowhere ? row.towards : row.to;
      const fate = nowhere ? ` (${row.to})` : row.received === false ? ' (not taken)' : '';
      const target = meant === undefined ? '' : ` ${name(meant)}`;
      return [`${name(row.from)} ${glyphs.to}${target}${fate}: ${label(row.label, row.number)}`];
    }
    case 'send': {
      const target = row.towards === undefined ? '' : ` to ${name(row.towards)}`;
      return [`${name(row.at)} sends${target}: ${label(row.label, row.number)}`];
    }
    case 'receive': {
      const source = row.from === undefined ? '' : ` from ${name(row.from)}`;
      return [`${name(row.at)} receives${source}: ${label(row.label, row.number)}`];
    }
    case 'local':
      return [`${name(row.at)}: ${row.text}`];
    case 'span':
      return [`${name(row.from)} ${glyphs.transfer} ${name(row.to)}: ${row.text}`];
    case 'stop':
      return [`${name(row.at)} ${row.text ?? 'stops'}`];
    case 'start':
      return [`${name(row.at)} ${row.text ?? 'starts'}`];
    case 'state':
      return Object.entries(row.notes).map(([id, note]) => `${name(id)}: ${note}`);
  }
}
