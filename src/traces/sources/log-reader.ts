/** What the readers of logs have in common: text in lines, told by one observer. */
import { UnreadList } from '../capture/unread-list.ts';
import { Lines } from './lines.ts';
import { type EventSink, NO_FRAMES, type SourceCounts, type SourceReader } from './source.ts';

export abstract class LogReader implements SourceReader {
  /** Name of the end whose log it is. */
  protected readonly observer: string;
  protected readonly sink: EventSink;
  protected readonly unread: UnreadList;
  readonly #lines: Lines;

  /** @param observer name of the end whose log it is */
  constructor(file: string, observer: string, sink: EventSink) {
    this.observer = observer;
    this.sink = sink;
    this.unread = new UnreadList(file);
    this.#lines = new Lines({
      line: (text, number) => this.line(text, number),
      unread: (number, reason) => this.unread.add(number, reason),
    });
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  end(): SourceCounts {
    this.#lines.end();
    const remarks = this.finish();
    return { ...NO_FRAMES, unread: this.unread.list(), remarks };
  }

  /** A line, by its number from 1. */
  protected abstract line(text: string, number: number): void;

  /** The log has ended. @returns what the user should know of it */
  protected abstract finish(): readonly string[];
}
