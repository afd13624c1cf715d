import { displayWidth, wrap } from '../text.ts';
import type { Tone } from '../tone.ts';
import { aroundArrow, aroundHalf, aroundText, type Columns, headLimit } from './columns.ts';
import type { Glyphs } from './glyphs.ts';
import type { Prepared } from './prepared.ts';
import { type HalfArrow, type Shape, shapeOf, type WholeArrow } from './shape.ts';

/** One line of text; `column` is its first column. */
export interface SceneText {
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly tone: Tone;
}

/** A horizontal arrow. Both ends are inclusive: `from` is a lifeline's column if the arrow is joined to it. */
export interface SceneArrow {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly joined: boolean;
  /** Open: got there and was not taken; away: does not get there in this row. */
  readonly head: 'closed' | 'open' | 'away' | 'lost';
  /** The end at which the arrow is broken off. */
  readonly broken: 'none' | 'start' | 'end';
  readonly double: boolean;
  readonly tone: Tone;
}

/** A sign on a lifeline. */
export interface SceneSign {
  readonly line: number;
  readonly column: number;
  readonly sign: 'event' | 'bad' | 'stop' | 'start';
  readonly tone: Tone;
}

/** The lines of a step. */
export interface SceneStep {
  readonly step: number;
  readonly line: number;
}

/** A chart laid out on a grid of lines and columns; the renderers only have to draw it. */
export interface Scene {
  readonly title: string | undefined;
  readonly lifelines: readonly number[];
  /** By line, by lifeline: whether the lifeline is there. */
  readonly present: readonly (readonly boolean[])[];
  readonly texts: readonly SceneText[];
  readonly arrows: readonly SceneArrow[];
  readonly signs: readonly SceneSign[];
  /** Where the rows of each step begin, in their order. */
  readonly steps: readonly SceneStep[];
  /** The line after the last row. */
  readonly rowsEnd: number;
  readonly foot: readonly string[];
  readonly bad: boolean;
  /** Columns of the widest line of the chart proper, without title and foot. */
  readonly columns: number;
}

/** Whether a text that is short enough stands on its arrow, as suits a terminal, or always above it. */
export type LabelPlace = 'on the arrow' | 'above';

/** Longer charts have the names of the lifelines at their end, too. */
const longChart = 30;

/** Lays the chart out. */
export function sceneOf(chart: Prepared, columns: Columns, glyphs: Glyphs, place: LabelPlace): Scene {
  const builder = new SceneBuilder(chart, columns, place);
  builder.head();
  builder.space();
  let step: number | undefined;
  chart.rows.forEach((row, i) => {
    const shape = shapeOf(row, chart, glyphs);
    const newStep = row.step !== undefined && row.step !== step;
    // Notes belong to what is above them; otherwise a new step, or in a chart without steps a new row, gets air.
    if (i > 0 && shape.shape !== 'notes' && (newStep || chart.digits === 0)) builder.space();
    if (newStep) builder.margin(row.step);
    step = row.step ?? step;
    builder.draw(shape);
  });
  builder.space();
  builder.end();
  return builder.scene();
}

class SceneBuilder {
  private readonly chart: Prepared;
  private readonly at: readonly number[];
  private readonly gap: readonly number[];
  private readonly place: LabelPlace;
  private readonly texts: SceneText[] = [];
  private readonly arrows: SceneArrow[] = [];
  private readonly signs: SceneSign[] = [];
  private readonly steps: SceneStep[] = [];
  private rowsEnd = 0;
  private readonly present: boolean[][] = [];
  private readonly here: boolean[];

  constructor(chart: Prepared, columns: Columns, place: LabelPlace) {
    this.chart = chart;
    this.at = columns.at;
    this.gap = columns.gap;
    this.place = place;
    this.here = chart.lifelines.map(({ id }) => {
      const first = chart.rows.find((row) => (row.kind === 'stop' || row.kind === 'start') && row.at === id);
      return first?.kind !== 'start';
    });
  }

  /** The line that is drawn next. */
  private get line(): number {
    return this.present.length;
  }

  /** Ends `lines` lines, through which the present lifelines run. */
  private advance(lines: number): void {
    for (let i = 0; i < lines; i += 1) this.present.push([...this.here]);
  }

  space(): void {
    this.advance(1);
  }

  margin(step: number | undefined): void {
    if (step !== undefined) this.steps.push({ step, line: this.line });
    const text = String(step ?? '').padStart(this.chart.digits + 1);
    this.texts.push({ line: this.line, column: 0, text, tone: 'quiet' });
  }

  head(): void {
    this.names('bottom');
    const notes = this.chart.lifelines.map(({ note }) => (note === undefined ? [] : wrap(note, headLimit)));
    this.besideNothing(notes, 'quiet', 'top');
  }

  end(): void {
    this.rowsEnd = this.line;
    if (this.line > longChart) this.names('top');
  }

  private names(towards: 'top' | 'bottom'): void {
    const labels = this.chart.lifelines.map(({ label }) => wrap(label, headLimit));
    this.besideNothing(labels, 'title', towards);
  }

  /** Texts in the middle of their lifelines' columns, on lines without lifelines. */
  private besideNothing(blocks: readonly (readonly string[])[], tone: Tone, towards: 'top' | 'bottom'): void {
    const height = Math.max(0, ...blocks.map((block) => block.length));
    blocks.forEach((block, i) => {
      const first = this.line + (towards === 'bottom' ? height - block.length : 0);
      block.forEach((text, k) => {
        const column = (this.at[i] ?? 0) - Math.floor(displayWidth(text) / 2);
        this.texts.push({ line: first + k, column, text, tone });
      });
    });
    for (let k = 0; k < height; k += 1) this.present.push(blocks.map(() => false));
  }

  draw(shape: Shape): void {
    switch (shape.shape) {
      case 'whole':
        this.whole(shape, shape.tone);
        break;
      case 'half':
        this.half(shape, shape.tone);
        break;
      case 'point': {
        const sign = shape.sign === 'event' && shape.tone === 'bad' ? 'bad' : shape.sign;
        this.signs.push({ line: this.line, column: this.at[shape.at] ?? 0, sign, tone: shape.tone });
        const lines = this.beside(shape.at, shape.text, shape.tone);
        this.advance(1);
        if (shape.sign !== 'event') this.here[shape.at] = shape.sign === 'start';
        this.advance(lines - 1);
        break;
      }
      case 'notes': {
        const lines = shape.notes.map(({ at, text }) => this.beside(at, text, shape.tone));
        this.advance(Math.max(0, ...lines));
        break;
      }
    }
  }

  /** Writes to the right of a lifeline, beginning on this line; the number of lines it takes. */
  private beside(at: number, text: string, tone: Tone): number {
    const lines = wrap(text, (this.gap[at] ?? 0) - aroundText);
    lines.forEach((part, k) => {
      this.texts.push({ line: this.line + k, column: (this.at[at] ?? 0) + 2, text: part, tone });
    });
    return lines.length;
  }

  /** Writes above an arrow, in one gap, close to the lifeline on the side given, and ends those lines. */
  private above(gap: number, text: string, tone: Tone, by: 'left' | 'right'): void {
    if (text === '') return;
    const room = (this.gap[gap] ?? 0) - aroundText;
    const lines = wrap(text, room);
    // Even a right-hand block keeps a straight left edge.
    const widest = Math.max(...lines.map(displayWidth));
    const first = (this.at[gap] ?? 0) + 2;
    lines.forEach((part, k) => {
      const column = by === 'left' ? first : first + room - widest;
      this.texts.push({ line: this.line + k, column, text: part, tone });
    });
    this.advance(lines.length);
  }

  private whole(arrow: WholeArrow, tone: Tone): void {
    const from = this.at[arrow.from] ?? 0;
    const target = this.at[arrow.to] ?? 0;
    const right = target > from;
    const own = right ? arrow.from : arrow.from - 1;
    const size = displayWidth(arrow.text);
    const room = Math.abs(target - from) - 1;
    const ownRoom = this.gap[own] ?? 0;
    // On the arrow if there is room in the first gap or, rather than break the text, on the whole way.
    const on = this.place === 'on the arrow' && (size + aroundArrow <= ownRoom || size + aroundArrow <= room);
    if (on && arrow.text !== '') {
      const column = right ? from + 3 : from - 2 - size;
      this.texts.push({ line: this.line, column, text: arrow.text, tone });
    } else {
      this.above(own, arrow.text, tone, right ? 'left' : 'right');
    }
    this.arrows.push({
      line: this.line,
      from,
      to: right ? target - 1 : target + 1,
      joined: true,
      head: arrow.open ? 'open' : 'closed',
      broken: 'none',
      double: arrow.double,
      tone,
    });
    this.advance(1);
  }

  private half(arrow: HalfArrow, tone: Tone): void {
    const at = this.at[arrow.at] ?? 0;
    const gap = arrow.side === 'right' ? arrow.at : arrow.at - 1;
    const room = this.gap[gap] ?? 0;
    const size = displayWidth(arrow.text);
    const after = arrow.after === '' ? 0 : 1 + displayWidth(arrow.after);
    const on = this.place === 'on the arrow' && size + aroundHalf + after <= room;
    // From the lifeline, this many columns: at least about half-way, so that it does not look like a stub.
    const length = Math.max(on ? size + aroundHalf - 1 : 5, Math.min(Math.floor(room / 2), room - after - 1));
    const away = arrow.side === 'right' ? 1 : -1;
    if (!on) {
      this.above(gap, arrow.text, tone, arrow.side === 'right' ? 'left' : 'right');
    } else if (arrow.text !== '') {
      const skip = arrow.arriving ? 4 : 3;
      const column = arrow.side === 'right' ? at + skip : at - skip - size + 1;
      this.texts.push({ line: this.line, column, text: arrow.text, tone });
    }
    const far = at + away * length;
    this.arrows.push({
      line: this.line,
      from: arrow.arriving ? far : at,
      to: arrow.arriving ? at + away : far,
      joined: !arrow.arriving,
      head: arrow.arriving ? 'closed' : arrow.lost ? 'lost' : 'away',
      broken: arrow.arriving ? 'start' : arrow.lost ? 'none' : 'end',
      double: false,
      tone,
    });
    if (arrow.after !== '') {
      const column = arrow.side === 'right' ? far + 2 : far - 1 - displayWidth(arrow.after);
      this.texts.push({ line: this.line, column, text: arrow.after, tone: tone === 'bad' ? 'bad' : 'quiet' });
    }
    this.advance(1);
  }

  scene(): Scene {
    const last = this.at.length - 1;
    const ends = [
      ...this.texts.map(({ column, text }) => column + displayWidth(text)),
      ...this.arrows.map(({ from, to }) => Math.max(from, to) + 1),
      (this.at[last] ?? 0) + 1,
    ];
    return {
      title: this.chart.title,
      lifelines: this.at,
      present: this.present,
      texts: this.texts,
      arrows: this.arrows,
      signs: this.signs,
      steps: this.steps,
      rowsEnd: this.rowsEnd,
      foot: this.chart.foot,
      bad: this.chart.bad,
      columns: Math.max(...ends),
    };
  }
}
