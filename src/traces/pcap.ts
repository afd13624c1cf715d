/**
 * Classic pcap capture files.
 *
 * Source: draft-ietf-opsawg-pcap, sections 4 (file header) and 5 (packet record). pcapng is another format.
 */
import { InputError } from './input-error.ts';
import { u32 } from './octets.ts';

export interface PcapRecord {
  /** Number of the record, from 1. */
  readonly frame: number;
  /** Offset of the record in the file, in octets. */
  readonly offset: number;
  /** Seconds since the epoch; a double holds about a quarter of a microsecond, so nanoseconds are rounded. */
  readonly time: number;
  readonly octets: Uint8Array;
  /** Length of the packet on the wire, in octets; more than `octets.length` if the capture cut it. */
  readonly originalLength: number;
}

/** A record that is not complete in the file; nothing after it can be read. */
export interface BrokenRecord {
  readonly frame: number;
  readonly reason: string;
}

export interface Pcap {
  /** LINKTYPE value of the records. */
  readonly linkType: number;
  readonly records: readonly PcapRecord[];
  readonly broken?: BrokenRecord;
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
/** No link has larger packets; tcpdump's default limit. A larger length means that the file is damaged. */
const LARGEST_RECORD = 256 * 1024;

interface Kind {
  readonly little: boolean;
  /** Parts of a second that the time stamps count. */
  readonly perSecond: number;
}

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['a1b2c3d4', { little: false, perSecond: 1e6 }],
  ['d4c3b2a1', { little: true, perSecond: 1e6 }],
  ['a1b23c4d', { little: false, perSecond: 1e9 }],
  ['4d3cb2a1', { little: true, perSecond: 1e9 }],
]);
const PCAPNG = '0a0d0d0a';

const magicOf = (octets: Uint8Array): string =>
  octets.length < 4 ? '' : u32(octets, 0).toString(16).padStart(8, '0');

/** Whether the octets begin as a capture of any kind, one that `readPcap` refuses by name included. */
export function looksLikeCapture(octets: Uint8Array): boolean {
  const magic = magicOf(octets);
  return KINDS.has(magic) || magic === PCAPNG;
}

/**
 * All complete records of a capture file. A file cut in a record still gives the records before it.
 *
 * @throws InputError if the octets are no pcap file, or its first record is impossible already
 */
export function readPcap(file: string, octets: Uint8Array): Pcap {
  const kind = kindOf(file, octets);
  if (octets.length < FILE_HEADER) {
    const problem = `the file header of a capture is ${FILE_HEADER} octets, there are ${octets.length}`;
    throw new InputError({ file, octet: 0 }, problem, 'The file is cut off: copy or capture it again.');
  }
  // The upper half of the field holds the length of the frame check sequence, which no reader here needs.
  const linkType = u32(octets, 20, kind.little) & 0xffff;
  const records: PcapRecord[] = [];
  let at = FILE_HEADER;
  while (at < octets.length) {
    const next = recordAt(octets, at, records.length + 1, kind);
    if ('reason' in next) {
      if (next.impossible && records.length === 0) {
        throw new InputError(
          { file, octet: at },
          next.reason,
          'The file is damaged: copy or capture it again.',
        );
      }
      return { linkType, records, broken: { frame: next.frame, reason: next.reason } };
    }
    records.push(next);
    at += RECORD_HEADER + next.octets.length;
  }
  return { linkType, records };
}

function kindOf(file: string, octets: Uint8Array): Kind {
  const magic = magicOf(octets);
  const kind = KINDS.get(magic);
  if (kind !== undefined) return kind;
  if (magic === PCAPNG) {
    const hint = 'Convert it with: editcap -F pcap in.pcapng out.pcap';
    throw new InputError({ file, octet: 0 }, 'pcapng is not read yet', hint);
  }
  const found = magic === '' ? `only ${octets.length} octets` : `0x${magic}`;
  const problem = `not a capture file: it begins with ${found}, not with a magic number of pcap (0xa1b2c3d4)`;
  throw new InputError({ file, octet: 0 }, problem, 'Make one with: tcpdump -w out.pcap "udp or esp"');
}

interface Break extends BrokenRecord {
  /** The length in it cannot be, other than in a record that is merely cut off. */
  readonly impossible: boolean;
}

function recordAt(octets: Uint8Array, at: number, frame: number, kind: Kind): PcapRecord | Break {
  const rest = octets.length - at;
  if (rest < RECORD_HEADER) {
    const missing = `${RECORD_HEADER - rest} octets of its header are missing`;
    return { frame, impossible: false, reason: `the file ends in the record at octet ${at}: ${missing}` };
  }
  const length = u32(octets, at + 8, kind.little);
  if (length > LARGEST_RECORD) {
    const reason =
      `the record at octet ${at} says that it has ${length} octets, more than any packet (${LARGEST_RECORD}); ` +
      `it and what follows (${rest} octets of the file) are not read`;
    return { frame, impossible: true, reason };
  }
  const missing = RECORD_HEADER + length - rest;
  if (missing > 0) {
    const reason = `the file ends in the record at octet ${at}: ${missing} of its ${length} octets are missing`;
    return { frame, impossible: false, reason };
  }
  const start = at + RECORD_HEADER;
  return {
    frame,
    offset: at,
    time: u32(octets, at, kind.little) + u32(octets, at + 4, kind.little) / kind.perSecond,
    octets: octets.subarray(start, start + length),
    originalLength: u32(octets, at + 12, kind.little),
  };
}
