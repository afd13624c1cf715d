/**
 * The journal of systemd as `journalctl -o json` prints it: one entry a line, with every field that a program gave.
 * Each entry is turned into the line that the program would have written to a log file, so that one reader does for
 * both.
 */
import { stampOf } from './log-clock.ts';

/** A text that may be such output, in one of its forms, or entries that another collector of logs has made. */
export const looksLikeJournal = (text: string): boolean => {
  const [first = ''] = text.split('\n', 1);
  const line = first.trim().replace(/^data: ?/u, '');
  if (line === '{' || /^__(?:CURSOR|REALTIME_TIMESTAMP)=/u.test(line)) return true;
  return line.startsWith('{') && !/"event"\s*:\s*"/u.test(line) && lineOfEntry(line) !== line;
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The line that an entry stands for; the text itself if it is no entry of a journal. */
export function lineOfEntry(text: string): string {
  if (!text.startsWith('{')) return text;
  let entry: unknown;
  try {
    entry = JSON.parse(text.replace(/,\s*$/u, ''));
  } catch {
    return text;
  }
  if (!isFields(entry)) return text;
  const said = textOf(entry['MESSAGE']);
  if (said === undefined) return collected(entry) ?? text;
  const stamp = textOf(entry['_SOURCE_REALTIME_TIMESTAMP']) ?? textOf(entry['__REALTIME_TIMESTAMP']);
  const program = textOf(entry['SYSLOG_IDENTIFIER']) ?? textOf(entry['_COMM']);
  const process = textOf(entry['_PID']);
  // A program with a thread and a group is charon, whatever it is called.
  const [thread, group] = [textOf(entry['THREAD']), textOf(entry['GROUP'])];
  const isCharon = thread !== undefined && group !== undefined;
  const sa = textOf(entry['IKE_SA_UNIQUE_ID']);
  const parts = [
    stamp === undefined || !/^\d{1,17}$/u.test(stamp) ? undefined : isoOf(stamp),
    program === undefined ? undefined : `${program}${process === undefined ? '' : `[${process}]`}:`,
    isCharon ? `${thread.padStart(2, '0')}[${group}]` : undefined,
    isCharon && sa !== undefined ? `<${textOf(entry['IKE_SA_NAME']) ?? ''}|${sa}>` : undefined,
    said,
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

/** Where collectors of logs (Docker, Loki, Elasticsearch, Graylog, Splunk, Vector ...) put a line, and its time. */
const SAID = ['log', 'message', 'msg', 'line', '_raw', 'body', 'short_message', 'full_message'];
const TIMES = ['time', '@timestamp', 'timestamp', '_time', 'ts'];

/** The line in an entry of such a collector; nothing if there is none. */
function collected(entry: Fields): string | undefined {
  const inner = entry['_source'] ?? entry['fields'];
  const said = SAID.flatMap((name) => (typeof entry[name] === 'string' ? entry[name] : []))[0];
  if (said === undefined) return isFields(inner) ? collected(inner) : undefined;
  const line = said.trimEnd();
  if (stampOf(line) !== undefined) return line;
  const time = TIMES.flatMap((name) => (typeof entry[name] === 'string' ? entry[name] : []))[0];
  return time !== undefined && /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d)?$/u.test(time)
    ? `${time} ${line}`
    : line;
}

/** Microseconds since the epoch, as a date. */
const isoOf = (microseconds: string): string => {
  const whole = Number(microseconds.slice(0, -6) || '0');
  const date = new Date(whole * 1000).toISOString().slice(0, 19);
  return `${date}.${microseconds.slice(-6).padStart(6, '0')}Z`;
};

/** A field; journalctl prints one that is not UTF-8 as a list of octets, and one that was given twice as a list. */
function textOf(value: unknown, isInList = false): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return undefined;
  if (value.length > 0 && value.every((each) => typeof each === 'number')) {
    return Buffer.from(value as number[]).toString('utf8');
  }
  return isInList ? undefined : textOf(value[0], true);
}
