/**
 * Times of log lines, in seconds: since the epoch where a line has a date, else since the midnight before the first
 * line. Where a date has no year, years are counted from 1970, and where a time has no zone it is taken for UTC: within
 * one log that is the same for all lines.
 */

const ISO =
  /(\d{4})-(\d\d)-(\d\d)(?:[T ]|, )(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:\s?(Z|[+-]\d\d:?\d\d)(?!\d))?/u;
const SYSLOG =
  /\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}(\d{1,2})(?:,? (\d{4}))? (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?/u;
const CLOCK = /(?<![\d:.])(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?![\d:])/u;
const EPOCH = /^\[?(\d{10}\.\d{1,9})\b/u;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY = 86_400;
const YEAR = 365 * DAY;

export interface Stamp {
  readonly seconds: number;
  /** What is left open: the year, or the whole date. */
  readonly lacks: 'nothing' | 'year' | 'date';
}

/** Looked for in so many characters at the beginning of a line. */
const LOOKED_AT = 90;

/** The time that a line begins with, as it is written. */
export function stampOf(line: string): Stamp | undefined {
  const text = line.slice(0, LOOKED_AT);
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, year, month, day, hour, minute, second, fraction = '0', zone = 'Z'] = iso;
    const at = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    );
    return { seconds: at / 1000 + Number(`0.${fraction}`) - zoneOf(zone), lacks: 'nothing' };
  }
  const syslog = SYSLOG.exec(text);
  if (syslog !== null) {
    const [, month = '', day, year, hour, minute, second, fraction = '0'] = syslog;
    const at = Date.UTC(
      year === undefined ? 1970 : Number(year),
      MONTHS.indexOf(month),
      Number(day),
      Number(hour),
      Number(minute),
      Number(second),
    );
    const lacks = year === undefined ? 'year' : 'nothing';
    return { seconds: at / 1000 + Number(`0.${fraction}`), lacks };
  }
  const epoch = EPOCH.exec(text);
  if (epoch !== null) return { seconds: Number(epoch[1]), lacks: 'nothing' };
  const clock = CLOCK.exec(text);
  if (clock === null) return undefined;
  const [, hour, minute, second, fraction = '0'] = clock;
  const seconds = 3600 * Number(hour) + 60 * Number(minute) + Number(second) + Number(`0.${fraction}`);
  return { seconds, lacks: 'date' };
}

function zoneOf(zone: string): number {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const seconds = 3600 * Number(digits.slice(0, 2)) + 60 * Number(digits.slice(2));
  return zone.startsWith('-') ? -seconds : seconds;
}

export class LogClock {
  #added = 0;
  #last: number | undefined;
  /** How far the time of the last line is before that of an earlier one, in seconds; 0 if it is not. */
  back = 0;

  /** The time of the next line, which goes on from those before: after midnight, and after New Year. */
  timeOf({ seconds, lacks }: Stamp): number {
    let time = seconds + this.#added;
    const last = this.#last ?? time;
    // Without a date there is no telling a step back from another day.
    const round = lacks === 'date' ? DAY : YEAR;
    const isNext = lacks === 'date' ? time < last : lacks === 'year' && time < last - YEAR / 2;
    if (isNext) {
      this.#added += round;
      time += round;
    }
    this.back = Math.max(0, last - time);
    this.#last = Math.max(last, time);
    // After a step back, what follows is compared with what it follows.
    if (this.back > 0) this.#last = time;
    return time;
  }
}
