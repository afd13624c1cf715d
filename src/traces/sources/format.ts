/** The formats of sources, and how each is told by its content. */
import { looksLikeCapture } from './capture/frames.ts';
import { InputError } from './input-error.ts';
import { plainLines } from './logs/handed-on.ts';
import { looksLikeJournal } from './logs/journal.ts';
import { LOG_FORMATS, type LogFormatName, logFormatOf } from './logs/registry.ts';

/**
 * How a source is written: a capture (pcap or pcapng), events in JSON Lines, what tshark prints with `-T json` or
 * `-T ek`, or a log in one of the formats of the registry.
 */
export type TraceFormat = 'pcap' | 'jsonl' | 'tshark-json' | 'tshark-ek' | LogFormatName;

export const TRACE_FORMATS: readonly TraceFormat[] = [
  'pcap',
  'jsonl',
  'tshark-json',
  'tshark-ek',
  ...LOG_FORMATS.map(({ name }) => name).toSorted(),
];

/** A source without a single octet. */
export class EmptySource extends InputError {}

/** Octets of a source that are looked at. */
export const LOOKED_AT = 4096;

/** Octets of a text that are looked at, if so many are there: a log may begin with other programs' lines. */
const LOOKED_AT_TEXT = 65_536;

/**
 * The format of a source with this beginning.
 *
 * @throws InputError if it is none that is known
 */
export function formatOf(file: string, start: Uint8Array): TraceFormat {
  if (looksLikeCapture(start)) return 'pcap';
  if (start.length === 0) throw new EmptySource({ file }, 'the file is empty', EXPECTED);
  const text = Buffer.from(start.subarray(0, LOOKED_AT_TEXT))
    .toString('utf8')
    .replace(/^\ufeff/u, '')
    .trimStart();
  if (/^\{"index":\{|^\{"timestamp":"[^"]*","layers":/u.test(text)) return 'tshark-ek';
  if (looksLikeJournal(text)) {
    const format = logFormatOf(plainLines(text).join('\n'));
    if (format !== undefined) return format;
    throw new InputError({ file }, 'the entries of the journal are of no IKE daemon that is known', LOGS);
  }
  if (text.startsWith('{')) return 'jsonl';
  if (/^\[\s*(?:\{\s*"_index"|\]|$)/u.test(text)) return 'tshark-json';
  const format = logFormatOf(plainLines(text).join('\n'));
  if (format !== undefined) return format;
  const shown = JSON.stringify(Buffer.from(start.subarray(0, 16)).toString('latin1'));
  throw new InputError({ file }, `in no format that is known: it begins with ${shown}`, EXPECTED);
}

const LOGS = `Logs that are read: ${LOG_FORMATS.map(({ title }) => title.replace(/^(?:a log|output) of /u, '')).join(', ')}. --format names one of them; ipsecha schema events shows how to write events for any other.`;

const EXPECTED = `Expected a capture (pcap or pcapng), JSON Lines whose lines are events ({"event":"seen",...}), output of tshark -T json or -T ek, or a log. ${LOGS}`;
