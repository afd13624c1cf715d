/** The options that write an answer for a draft or a mail: `--html`, `--svg`, `--markdown`. */
import type { Command } from 'commander';
import type { WholeFile } from '../explore/whole-file.ts';
import { UsageError } from '../questions/usage-error.ts';
import { chartSvg } from '../report/chart/svg.ts';
import { version } from '../report/json.ts';
import { chartsOf, type Sheet } from '../report/sheet.ts';
import { sheetsPage } from '../report/sheet-page.ts';
import { markdown, whole } from './options.ts';
import { writeOutput } from './output-file.ts';

export interface DrawingOptions {
  readonly html?: string;
  readonly svg?: string;
  /** Number of the chart that is written as SVG, from 1. */
  readonly chart?: number;
  readonly markdown?: boolean;
}

/** Adds the options. */
export const drawing = (command: Command): Command =>
  command
    .addOption(markdown())
    .option('--html <file>', 'write one page with all charts')
    .option('--svg <file>', 'write one chart as SVG')
    .option('--chart <number>', 'which one, where there are several', whole(1, 100_000));

/** The files, for `outputs`, which looks whether they can be written. */
export const drawingFiles = ({ html, svg, chart }: DrawingOptions) => {
  if (chart !== undefined && svg === undefined) {
    throw new UsageError(
      '--chart says which chart --svg writes',
      'name the file: --svg FILE; --html writes all charts',
    );
  }
  return { html, svg };
};

/**
 * Writes what was asked for.
 *
 * @throws UsageError if there is no chart to write as SVG, or none is named of several
 */
export function writeDrawings(
  command: string,
  files: { readonly html: WholeFile | undefined; readonly svg: WholeFile | undefined },
  sheets: () => readonly Sheet[],
  { chart }: DrawingOptions,
): void {
  if (files.html !== undefined) {
    writeOutput(files.html, sheetsPage(sheets(), command, version));
  }
  if (files.svg !== undefined) {
    const charts = chartsOf(sheets());
    const [only] = charts;
    const chosen = chart === undefined ? (charts.length === 1 ? only : undefined) : charts[chart - 1];
    if (chosen === undefined) throw noChart(charts, chart);
    writeOutput(files.svg, chartSvg(chosen));
  }
}

/** Charts that are listed. */
const LISTED = 20;

function noChart(charts: ReturnType<typeof chartsOf>, chart: number | undefined): UsageError {
  if (charts.length === 0) {
    return new UsageError(
      '--svg: there is no chart to write',
      'a chart is drawn of what breaks or differs, and nothing does here',
    );
  }
  const titles = charts.slice(0, LISTED).map(({ title }, index) => `--chart ${index + 1}: ${title}`);
  return new UsageError(
    chart === undefined
      ? `--svg writes one chart, and there are ${charts.length}`
      : `there is no chart ${chart}: there are ${charts.length}`,
    ['name one, or take --html, which has all:', ...titles, ...(charts.length > LISTED ? ['...'] : [])].join(
      '\n  ',
    ),
  );
}
