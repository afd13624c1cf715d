/** Captures: from the octets of a pcap file to events. */
import { createHash } from 'node:crypto';
import { checkEsp, checkIke, ICV_LENGTH, type Opened, openFragments, openIke } from './decrypt.ts';
import type { End, MessageEvent, Unread } from './event.ts';
import { type Fragment, Fragments, MOST_FRAGMENTS } from './fragments.ts';
import { type Encrypted, type IkeHeader, type IkeOctets, type Part, parseIke } from './ike.ts';
import { InputError } from './input-error.ts';
import { KeyUse } from './key-use.ts';
import type { DirectionKeys, Keys } from './keys.ts';
import { KNOWN_LINKS, linkOf } from './link.ts';
import { exchangeName } from './names.ts';
import type { Reading } from './octets.ts';
import { toHex, u32 } from './octets.ts';
import { type IpsecPacket, packetOf } from './packet.ts';
import { readPcap } from './pcap.ts';

/** What a capture holds. Every frame is in exactly one of events, unread, keepalives, other and fragments. */
export interface Capture {
  readonly events: readonly MessageEvent[];
  readonly unread: readonly Unread[];
  /** Number of NAT keepalives (RFC 3948 section 2.3). */
  readonly keepalives: number;
  /** Number of frames that are neither IKE nor ESP. */
  readonly other: number;
  /**
   * Number of frames with a fragment of an IKE message (RFC 7383) that have no event of their own: joined into
   * the event of the frame that completed the message, or passed over because the integrity value is wrong, the
   * fragment is there already, or the sender has cut the message anew into more fragments.
   */
  readonly fragments: number;
  /** Number of frames, one cut off at the end of the file included. */
  readonly frames: number;
  /** What the user should know about how the capture was read. */
  readonly remarks: readonly string[];
  /** Why the file cannot be read to its end, if it is cut off or broken; what comes before is read. */
  readonly endsEarly: string | null;
}

/**
 * Reads a capture.
 *
 * @param file its name, for messages
 * @throws InputError if it is no capture, of an unknown link type, or the keys given for an IKE SA fit none of
 * its messages
 */
export function readCapture(file: string, octets: Uint8Array, keys: Keys): Capture {
  const pcap = readPcap(file, octets);
  const link = linkOf(pcap.linkType);
  if (link === undefined) {
    const hint = `Known: ${KNOWN_LINKS}.`;
    throw new InputError({ file, octet: 20 }, `link type ${pcap.linkType} is not known`, hint);
  }
  const use = new KeyUse(keys);
  const fragments = new Fragments();
  const events: MessageEvent[] = [];
  const unread: Unread[] = [];
  let keepalives = 0;
  let other = 0;
  for (const record of pcap.records) {
    const packet = packetOf(link, record.octets, record.originalLength);
    if (packet.kind === 'keepalive') keepalives += 1;
    else if (packet.kind === 'other') other += 1;
    else if (packet.kind === 'unread') unread.push({ file, at: record.frame, reason: packet.reason });
    else {
      const seen =
        packet.kind === 'ike' ? ikeSeen(record.frame, packet, use, fragments) : espSeen(packet, use);
      if (seen === undefined) continue;
      if ('reason' in seen) unread.push({ file, at: record.frame, reason: seen.reason });
      else events.push(eventOf(record.time, record.frame, packet, seen.value));
    }
  }
  if (pcap.broken !== undefined) {
    unread.push({ file, at: pcap.broken.frame, reason: pcap.broken.reason });
  }
  for (const { frame, reason } of fragments.leftOver()) unread.push({ file, at: frame, reason });
  unread.sort((one, next) => (one.at ?? 0) - (next.at ?? 0));
  use.refuseWrongKeys();
  const frames = pcap.records.length + (pcap.broken === undefined ? 0 : 1);
  const counts = { keepalives, other, fragments: fragments.counted, frames };
  return { events, unread, ...counts, remarks: use.remarks(), endsEarly: pcap.broken?.reason ?? null };
}

/** What a message's own octets tell. */
type Seen = Pick<MessageEvent, 'sa' | 'from' | 'message' | 'octets' | 'octetsBeforeIntegrity' | 'integrity'>;

function eventOf(time: number, frame: number, packet: IpsecPacket, seen: Seen): MessageEvent {
  const { sa, from, message, ...rest } = seen;
  return {
    time,
    observer: 'tap',
    ...(sa !== undefined && { sa }),
    frame,
    event: 'seen',
    ...(from !== undefined && { from }),
    source: packet.source,
    destination: packet.destination,
    message,
    ...rest,
  };
}

/** Digests of a message, without its last 16 octets too if these are an integrity value. */
function digests(
  octets: Uint8Array,
  withIntegrity: boolean,
): Pick<MessageEvent, 'octets' | 'octetsBeforeIntegrity'> {
  return {
    octets: digest(octets),
    ...(withIntegrity && { octetsBeforeIntegrity: digest(octets.subarray(0, -ICV_LENGTH)) }),
  };
}

/** The first half of SHA-256, in hexadecimal: 128 bits are enough to tell any two messages apart. */
function digest(octets: Uint8Array | string): string {
  return createHash('sha256').update(octets).digest('hex').slice(0, 32);
}

/** IKE_SA_INIT and IKE_SESSION_RESUME (RFC 5723 section 4.3.2), which come before there are keys. */
const UNPROTECTED_EXCHANGES: ReadonlySet<number> = new Set([34, 38]);

/** @returns nothing if the frame is one of `fragments`, which account for it */
function ikeSeen(
  frame: number,
  packet: IpsecPacket,
  use: KeyUse,
  fragments: Fragments,
): Reading<Seen> | undefined {
  const parsed = parseIke(packet.octets);
  if ('reason' in parsed) return parsed;
  const { header, encrypted } = parsed.value;
  if (encrypted?.part !== undefined) {
    return fragmentSeen(
      { frame, octets: packet.octets, header, encrypted, part: encrypted.part },
      use,
      fragments,
    );
  }
  const opened = encrypted
    ? openIke(packet.octets, encrypted, keysOf(header, use))
    : { value: unprotected(parsed.value) };
  // Only a message whose integrity value is right can fail to open.
  if (encrypted)
    use.saw(saOf(header), senderOf(header), 'reason' in opened ? 'unreadable' : opened.value.integrity);
  if ('reason' in opened) return opened;
  return { value: ikeOf(header, opened.value, digests(packet.octets, encrypted !== undefined)) };
}

const saOf = (header: IkeHeader): string => `${header.initiatorSpi}:${header.responderSpi}`;

const senderOf = (header: IkeHeader): End => (header.fromInitiator ? 'initiator' : 'responder');

const keysOf = (header: IkeHeader, use: KeyUse): DirectionKeys | undefined =>
  use.keys.ike.get(saOf(header))?.[senderOf(header)];

function ikeOf(
  header: IkeHeader,
  { integrity, payloads }: Opened,
  octets: Pick<MessageEvent, 'octets' | 'octetsBeforeIntegrity'>,
): Seen {
  return {
    sa: saOf(header),
    from: senderOf(header),
    message: {
      kind: 'ike',
      exchange: exchangeName(header.exchange),
      response: header.response,
      id: header.id,
      ...(payloads && { payloads }),
    },
    ...octets,
    integrity,
  };
}

/** A message with an SKF{} payload. */
interface FragmentMessage {
  readonly frame: number;
  readonly octets: Uint8Array;
  readonly header: IkeHeader;
  readonly encrypted: Encrypted;
  readonly part: Part;
}

/**
 * A fragment of a message (RFC 7383 section 2.6).
 *
 * @returns the whole message if the fragment completes it, nothing otherwise
 */
function fragmentSeen(
  message: FragmentMessage,
  use: KeyUse,
  fragments: Fragments,
): Reading<Seen> | undefined {
  const { header, encrypted, part } = message;
  const keys = keysOf(header, use);
  const integrity = checkIke(message.octets, encrypted, keys);
  use.saw(saOf(header), senderOf(header), integrity);
  if (integrity === 'bad') {
    fragments.passOver();
    return undefined;
  }
  if (part.total > MOST_FRAGMENTS) {
    return { reason: `one of ${part.total} fragments: more than ${MOST_FRAGMENTS} are not joined` };
  }
  const { first, octets } = encrypted;
  const all = fragments.add(header, {
    frame: message.frame,
    ...part,
    first,
    octets,
    digest: digest(message.octets),
  });
  if (all === undefined) return undefined;
  const opened = openFragments(all, keys);
  if ('reason' in opened) return opened;
  return { value: ikeOf(header, opened.value, { octets: digestOf(all) }) };
}

/** The same for two copies of a message, whatever the order in which their fragments came. */
function digestOf(fragments: readonly Fragment[]): string {
  return digest(fragments.map((fragment) => fragment.digest).join(''));
}

/** A message outside SK{}: as it should be in the exchanges before there are keys, and worth nothing elsewhere. */
function unprotected(message: IkeOctets): Opened {
  const integrity = UNPROTECTED_EXCHANGES.has(message.header.exchange) ? 'unchecked' : 'bad';
  return { integrity, payloads: message.clear };
}

const ESP_HEADER = 8;

function espSeen(packet: IpsecPacket, use: KeyUse): Reading<Seen> {
  const { octets } = packet;
  if (octets.length < ESP_HEADER) {
    return { reason: `the ESP header is ${ESP_HEADER} octets, there are ${octets.length}` };
  }
  const spi = toHex(octets.subarray(0, 4));
  const rows = use.espRows(spi, packet.addresses);
  const integrity = checkEsp(
    octets,
    rows.map((row) => row.integrity),
  );
  for (const row of rows) use.sawEsp(row, integrity);
  return {
    value: {
      message: { kind: 'esp', spi, sequence: u32(octets, 4) },
      ...digests(octets, octets.length >= ESP_HEADER + ICV_LENGTH),
      integrity,
    },
  };
}
