/** Sheets as Markdown: for issues, reviews and mail. */
import { drawChart } from './chart/draw.ts';
import { inline } from './markdown-text.ts';
import type { Sheet, SheetTable } from './sheet.ts';

/** Charts of one sheet that are drawn; of more, it is said how many there are. */
const CHARTS = 5;

/** Columns of a chart, so that it is not broken where it is read. */
const WIDTH = 100;

export const sheetsMarkdown = (sheets: readonly Sheet[]): string => sheets.map(sheetMarkdown).join('\n');

function sheetMarkdown({ title, verdict, says, tables, charts, closing }: Sheet): string {
  const parts = [
    `# ${inline(title)}${verdict === undefined ? '' : `: ${inline(verdict)}`}`,
    ...says.map(inline),
    ...tables.map(tableMarkdown),
    ...charts
      .slice(0, CHARTS)
      .map((chart) => `\`\`\`text\n${drawChart(chart, { width: WIDTH }).trimEnd()}\n\`\`\``),
    ...(charts.length > CHARTS ? [`${charts.length - CHARTS} more charts are left out here.`] : []),
    ...closing.map(inline),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const tableMarkdown = ({ head, rows }: SheetTable): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(inline))]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n');
