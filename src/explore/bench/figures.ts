/** What a benchmark measured, as it is kept in docs/performance.json. */
import type { ProductFigure } from './product.ts';
import type { Measured } from './tools.ts';

/** One line of the table. */
export interface Figure extends Measured {
  readonly size: string;
  readonly tool: string;
  /** Load of the machine when it began: how many processes wanted a processor. */
  readonly load: number;
}

export interface Figures {
  readonly machine: string;
  readonly date: string;
  readonly tools: Readonly<Record<string, string>>;
  readonly figures: readonly Figure[];
  readonly product: readonly ProductFigure[];
}
