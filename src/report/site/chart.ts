/** Sequence charts in a page, without the style that all of them share: the page has it once. */
import type { Chart } from '../chart/chart.ts';
import { chartSvg } from '../chart/draw.ts';
import { chartStyle } from '../chart/svg.ts';
import { html, type Piece, trusted } from './html.ts';

export const chartPiece = (title: string, chart: Chart): Piece =>
  html`<div class="scroll chart" role="region" aria-label="${title}" tabindex="0">
${trusted(chartSvg(chart).replace(`<style>${chartStyle}</style>\n`, ''))}</div>
`;
