/**
 * What the readers of logs have in common: text in lines, told by one observer, with what people and programs do to
 * logs on their way: quoted in a mail, newest line first, lines repeated or suppressed, kept in a journal.
 */
import type { GapEvent } from '../../events/event.ts';
import { UnreadList } from '../capture/unread-list.ts';
import { InputError } from '../input-error.ts';
import { Lines } from '../lines.ts';
import {
  type EventSink,
  type KnownSoFar,
  NO_FRAMES,
  type SourceCounts,
  type SourceReader,
} from '../source.ts';
import { Entries, plainLine } from './handed-on.ts';
import { LogClock, type Stamp, stampOf } from './log-clock.ts';

/** A program that says that lines are missing from its log, or a person who left them out. */
const LOSS =
  /\bSuppressed \d+ messages from |\b\d{1,15} messages (?:lost|suppressed) due to rate-limiting|\blost \d{1,15} messages|begin to drop messages due to rate-limiting|\bMissed \d+ kernel messages/u;
const LEFT_OUT =
  /^\s*(?:\.{3,}|…|[[(<]\s*(?:\.{3,}|…|snip(?:ped)?|cut|truncated|omitted)\s*[\])>]|-+\s*snip\s*-+)\s*$/iu;

/** rsyslog's word for a line that came several times: what it said. */
const REPEATED = /\bmessage repeated \d+ times: \[ ?(.*)\]$/u;

/** So many characters of lines are looked at before it is decided in which order they are. */
const LOOKED_AT = 16_384;

/** Lines of a log whose newest is first have to be kept until its end: so many characters at most. */
const MOST_KEPT = 256 * 1024 * 1024;

/** A step back in time by more than this, in seconds, is no matter of several processors or loggers. */
const BACK = 5;

interface Line {
  readonly text: string;
  readonly number: number;
  readonly stamp: Stamp | undefined;
}

export abstract class LogReader implements SourceReader {
  /** Name of the end whose log it is. */
  protected readonly observer: string;
  protected readonly sink: EventSink;
  protected readonly unread: UnreadList;
  readonly #file: string;
  readonly #lines: Lines;
  readonly #clock = new LogClock();
  readonly #entries = new Entries();
  /** The first lines, until the order is known; all of them if the newest is first. */
  #kept: Line[] | undefined = [];
  #length = 0;
  #isReversed = false;
  /** The line that is being read; 0 before the first. */
  #at = 0;
  #steppedBack: { readonly line: number; readonly seconds: number } | undefined;

  /** @param observer name of the end whose log it is */
  constructor(file: string, observer: string, sink: EventSink) {
    this.observer = observer;
    // What a reader has kept since an earlier line, it tells with the number of that one.
    this.sink = {
      take: (event, from) => sink.take(this.#at === 0 ? event : { line: this.#at, ...event }, from),
    };
    this.unread = new UnreadList(file);
    this.#file = file;
    this.#lines = new Lines({
      line: (text, number) => this.#keep(text, number),
      unread: (number, reason) => this.#missed(number, reason),
    });
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  get known(): KnownSoFar {
    return { unread: this.unread.list(), facts: [] };
  }

  settle(): void {
    this.#decide();
    if (!this.#isReversed) return;
    throw new InputError(
      { file: this.#file },
      'the newest line is first: such a log grows at its beginning, and cannot be followed',
      'Judge it as it stands, without --follow.',
    );
  }

  next(): void {
    this.#lines.next();
  }

  end(stopped = false): SourceCounts {
    if (stopped) this.#lines.drop();
    this.#lines.end();
    for (const [whole, at] of stopped ? [] : this.#entries.end()) this.#keepLine(whole, at);
    this.#decide();
    if (this.#isReversed) {
      const lines = this.#kept ?? [];
      this.#kept = undefined;
      for (const line of lines.toReversed()) this.#take(line);
    }
    const remarks = [...this.#remarks(), ...this.finish()];
    return { ...NO_FRAMES, unread: this.unread.list(), remarks };
  }

  /**
   * A line.
   *
   * @param number of the line, from 1
   * @param time in seconds, if it has one
   */
  protected abstract line(text: string, number: number, time: number | undefined): void;

  /** The log has ended. @returns what the user should know of it */
  protected abstract finish(): readonly string[];

  /** Something is missing or not understood at a line: it is listed, and keeps what it may explain from being a fault. */
  protected gap(number: number, because: string, time: number | undefined, sa?: string): void {
    const reason = shown(because);
    this.unread.add(number, reason, false, undefined, true);
    const gap: GapEvent = {
      line: number,
      ...(time !== undefined && { time }),
      observer: this.observer,
      ...(sa !== undefined && { sa }),
      event: 'gap',
      reason: `line ${number} of the log of ${this.observer}: ${reason}`,
    };
    this.sink.take(gap);
  }

  #keep(text: string, number: number): void {
    for (const [whole, at] of this.#entries.take(plainLine(text), number)) this.#keepLine(whole, at);
  }

  #keepLine(whole: string, number: number): void {
    if (whole === '') return;
    const line = { text: whole, number, stamp: stampOf(whole) };
    if (this.#kept === undefined) {
      this.#take(line);
      return;
    }
    this.#kept.push(line);
    this.#length += whole.length;
    if (!this.#isReversed && this.#length >= LOOKED_AT) this.#decide();
    else if (this.#length > MOST_KEPT) {
      throw new InputError(
        { file: this.#file },
        'the newest line is first, and there are too many lines to turn them round here',
        'Turn them round first: tac LOG > TURNED',
      );
    }
  }

  /** Decides in which order the lines are, by the first of them. */
  #decide(): void {
    if (this.#kept === undefined || this.#isReversed) return;
    const stamps = this.#kept.flatMap(({ stamp }) => stamp ?? []);
    let [up, down] = [0, 0];
    for (const [index, { seconds }] of stamps.entries()) {
      const before = stamps[index - 1]?.seconds ?? seconds;
      if (seconds > before) up += 1;
      else if (seconds < before) down += 1;
    }
    // One step down alone is a midnight, or a log that was begun anew.
    this.#isReversed = down > up && (down > 1 || stamps[0]?.lacks !== 'date');
    if (this.#isReversed) return;
    const lines = this.#kept;
    this.#kept = undefined;
    for (const line of lines) this.#take(line);
  }

  #take({ text, number, stamp }: Line): void {
    this.#at = number;
    const time = stamp === undefined ? undefined : this.#clock.timeOf(stamp);
    if (stamp !== undefined && this.#clock.back > BACK && stamp.lacks !== 'date') {
      this.#steppedBack ??= { line: number, seconds: this.#clock.back };
      this.gap(
        number,
        `the time goes back by ${Math.round(this.#clock.back)} s: lines are out of order, or missing`,
        time,
      );
    }
    if (LOSS.test(text) || LEFT_OUT.test(text)) {
      this.gap(number, `"${text.trim()}": lines are missing here`, time);
      return;
    }
    const repeated = REPEATED.exec(text);
    const prefix = repeated === null ? '' : text.slice(0, repeated.index);
    this.line(repeated === null ? text : `${prefix}${repeated[1]}`, number, time);
  }

  #missed(number: number, reason: string): void {
    this.gap(number, reason, undefined);
  }

  #remarks(): readonly string[] {
    return [
      ...(this.#isReversed
        ? [
            `the times descend: the newest line of the log of ${this.observer} is first, and it was read from its end`,
          ]
        : []),
      ...(this.#steppedBack === undefined
        ? []
        : [
            `the times go back at line ${this.#steppedBack.line} of the log of ${this.observer}: give files that follow one another one by one, or in order of time`,
          ]),
    ];
  }
}

/** A reason is quoted from a log as one line that can be printed, and not a long one. */
const shown = (text: string): string => {
  const plain = text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ');
  return plain.length <= 400 ? plain : `${plain.slice(0, 400)}...`;
};
