/** The formats of sources, and how each is told by its content. */
import { looksLikeCapture } from '../capture/frames.ts';
import { InputError } from '../input-error.ts';

/** How a source is written: a capture (pcap or pcapng), or events in JSON Lines. */
export type TraceFormat = 'pcap' | 'jsonl';

export const TRACE_FORMATS: readonly TraceFormat[] = ['pcap', 'jsonl'];

/** Octets of a source that are looked at. */
export const LOOKED_AT = 4096;

/**
 * The format of a source with this beginning.
 *
 * @throws InputError if it is none that is known
 */
export function formatOf(file: string, start: Uint8Array): TraceFormat {
  if (looksLikeCapture(start)) return 'pcap';
  if (start.length === 0) throw new InputError({ file }, 'the file is empty', EXPECTED);
  if (start[0] === 0x1f && start[1] === 0x8b) {
    throw new InputError({ file }, 'the file is compressed', 'Uncompress it first: gunzip FILE.gz');
  }
  const text = Buffer.from(start.subarray(0, LOOKED_AT))
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/u, '')
    .trimStart();
  if (text.startsWith('{')) return 'jsonl';
  const shown = JSON.stringify(Buffer.from(start.subarray(0, 16)).toString('latin1'));
  throw new InputError({ file }, `neither a capture nor JSON Lines: it begins with ${shown}`, EXPECTED);
}

const EXPECTED = 'Expected a pcap capture, or JSON Lines whose lines are events ({"event":"seen",...}).';
