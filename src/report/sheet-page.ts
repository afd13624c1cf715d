/** Sheets as one page that needs nothing else: charts as SVG. */
import { chartSvg } from './chart/svg.ts';
import { onePage } from './one-page.ts';
import { chartsOf, type Sheet } from './sheet.ts';
import { html, NOTHING, type Piece, trusted } from './site/html.ts';
import { badge, table } from './site/parts.ts';

/** The same sheets give the same page, octet for octet. */
export const sheetsPage = (sheets: readonly Sheet[], command: string, version: string): string =>
  onePage({
    command,
    version,
    about: sheets.map(({ title }) => title).join('; '),
    heading: command,
    body: sheets.map((sheet, index) => section(sheet, chartsOf(sheets.slice(0, index)).length)),
  }).markup;

/** @param before charts on the sheets before this one */
const section = ({ title, verdict, says, tables, charts, closing }: Sheet, before: number): Piece =>
  html`<section>
<h2>${title}</h2>
${verdict === undefined ? NOTHING : html`<p>${badge(verdict)}</p>\n`}${paragraphs(says)}
${tables.map(({ label, head, rows }) => table(label, head, rows))}
${charts.map(
  (chart, index) =>
    html`<figure class="scroll" id="chart-${before + index + 1}">${trusted(chartSvg(chart))}</figure>\n`,
)}${paragraphs(closing)}
</section>
`;

const paragraphs = (all: readonly string[]): Piece => all.map((text) => html`<p>${text}</p>\n`);
