/** The formats of sources, and how each is told by its content. */
import { looksLikeCapture } from '../capture/frames.ts';
import { InputError } from '../input-error.ts';
import { looksLikeCharon } from './charon.ts';
import { looksLikeXfrm } from './xfrm.ts';

/**
 * How a source is written: a capture (pcap or pcapng), events in JSON Lines, what tshark prints with `-T json` or
 * `-T ek`, strongSwan's charon log, or what `ip xfrm monitor` and `ip -s xfrm state` print.
 */
export type TraceFormat = 'pcap' | 'jsonl' | 'tshark-json' | 'tshark-ek' | 'charon' | 'xfrm';

export const TRACE_FORMATS: readonly TraceFormat[] = [
  'pcap',
  'jsonl',
  'tshark-json',
  'tshark-ek',
  'charon',
  'xfrm',
];

/** A source without a single octet. */
export class EmptySource extends InputError {}

/** Octets of a source that are looked at. */
export const LOOKED_AT = 4096;

/**
 * The format of a source with this beginning.
 *
 * @throws InputError if it is none that is known
 */
export function formatOf(file: string, start: Uint8Array): TraceFormat {
  if (looksLikeCapture(start)) return 'pcap';
  if (start.length === 0) throw new EmptySource({ file }, 'the file is empty', EXPECTED);
  const text = Buffer.from(start.subarray(0, LOOKED_AT))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/u, '')
    .trimStart();
  if (/^\{"index":\{|^\{"timestamp":"[^"]*","layers":/u.test(text)) return 'tshark-ek';
  if (text.startsWith('{')) return 'jsonl';
  if (/^\[\s*(?:\{\s*"_index"|\]|$)/u.test(text)) return 'tshark-json';
  if (looksLikeCharon(text)) return 'charon';
  if (looksLikeXfrm(text)) return 'xfrm';
  const shown = JSON.stringify(Buffer.from(start.subarray(0, 16)).toString('latin1'));
  throw new InputError({ file }, `in no format that is known: it begins with ${shown}`, EXPECTED);
}

const EXPECTED =
  'Expected a capture (pcap or pcapng), JSON Lines whose lines are events ({"event":"seen",...}), output of tshark -T json or -T ek, a log of charon, or output of ip xfrm. --format names one of them.';
