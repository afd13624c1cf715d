/**
 * An answer as one would put it into a draft or a mail: what was asked, tables, charts and a last sentence. The same
 * sheets are written as a page (`sheet-page.ts`), as Markdown (`sheet-markdown.ts`) or, one chart of them, as SVG.
 */
import type { Chart } from './chart/chart.ts';

export interface Sheet {
  readonly title: string;
  /** A verdict in one word, if there is one. */
  readonly verdict?: string;
  /** Before the tables. */
  readonly says: readonly string[];
  readonly tables: readonly SheetTable[];
  readonly charts: readonly Chart[];
  /** After the charts. */
  readonly closing: readonly string[];
}

export interface SheetTable {
  /** What it is a table of, for those who cannot see it. */
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** All charts, in the order of the sheets: they are numbered from 1 through. */
export const chartsOf = (sheets: readonly Sheet[]): readonly Chart[] =>
  sheets.flatMap(({ charts }) => charts);
