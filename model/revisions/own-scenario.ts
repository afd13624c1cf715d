/** A scenario that comes with a revision. */
import type { Settings } from '../settings/settings.ts';

export interface OwnScenario {
  /** One word, which no shipped scenario has. */
  readonly name: string;
  readonly title?: string;
  /** What a reader should know: the question that it answers. */
  readonly about?: string;
  /** What is not as usual (`usual` in `settings/`). A size that is left out is as the one before it. */
  readonly sizes: {
    readonly small: Partial<Settings>;
    readonly medium?: Partial<Settings>;
    readonly large?: Partial<Settings>;
  };
}
