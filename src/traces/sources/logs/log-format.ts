/** What a format of logs is to the rest of the program: one entry in the registry. */
import type { EventSink, SourceReader } from '../source.ts';

export interface LogFormat<Name extends string = string> {
  /** For `--format`. */
  readonly name: Name;
  /** What a file of this format is called in messages. */
  readonly title: string;
  /** Where such a log comes from, and how to have more of it. */
  readonly source: string;
  /** Whether the beginning of a text may be such a log. */
  readonly looksLike: (text: string) => boolean;
  /** Whether its IKE SAs have their SPIs: where not, a log is taken to a run by its hosts and Child SAs. */
  readonly hasSpis: boolean;
  readonly Reader: new (file: string, observer: string, sink: EventSink) => SourceReader;
  /** What it shows, and what it cannot show, for `docs/logs.md`. */
  readonly shows: readonly string[];
  readonly cannotShow: readonly string[];
}
