/** Draws sequence charts: as text here, as SVG in `svg.ts`. */
import { canvasText } from './canvas.ts';
import type { Chart } from './chart.ts';
import { columnsOf } from './columns.ts';
import { glyphsOf } from './glyphs.ts';
import { listText } from './list.ts';
import { prepared } from './prepared.ts';
import { sceneOf } from './scene.ts';

export { chartSvg } from './svg.ts';

export interface Drawing {
  /** Columns available. */
  readonly width: number;
  /** ANSI colours. */
  readonly colour: boolean;
  /** Line-drawing characters; otherwise everything, labels included, is ASCII. */
  readonly unicode: boolean;
}

/**
 * The chart as text, ending in a newline. No line is wider than `width`; labels are wrapped and never cut. A
 * chart whose lifelines do not fit side by side is written as a numbered list.
 *
 * @throws {RangeError} if a row names a lifeline that the chart does not have, or an id is used twice
 */
export function drawChart(chart: Chart, drawing: Partial<Drawing> = {}): string {
  const { width = 100, colour = false, unicode = true } = drawing;
  const glyphs = glyphsOf(unicode);
  const ready = prepared(chart, unicode);
  const columns = columnsOf(ready, width, glyphs);
  return columns === undefined
    ? listText(ready, { width, colour, glyphs })
    : canvasText(sceneOf(ready, columns, glyphs, 'on the arrow'), { width, colour, glyphs });
}
