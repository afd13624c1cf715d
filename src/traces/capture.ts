/** Captures: from the octets of a pcap file to events. */
import { createHash } from 'node:crypto';
import { checkEsp, ICV_LENGTH, type Opened, openIke } from './decrypt.ts';
import type { End, MessageEvent, Unread } from './event.ts';
import { type IkeOctets, parseIke } from './ike.ts';
import { InputError } from './input-error.ts';
import { KeyUse } from './key-use.ts';
import type { Keys } from './keys.ts';
import { KNOWN_LINKS, linkOf } from './link.ts';
import { exchangeName } from './names.ts';
import type { Reading } from './octets.ts';
import { toHex, u32 } from './octets.ts';
import { type IpsecPacket, packetOf } from './packet.ts';
import { readPcap } from './pcap.ts';

/** What a capture holds. Every frame is in exactly one of events, unread, keepalives and other. */
export interface Capture {
  readonly events: readonly MessageEvent[];
  readonly unread: readonly Unread[];
  /** Number of NAT keepalives (RFC 3948 section 2.3). */
  readonly keepalives: number;
  /** Number of frames that are neither IKE nor ESP. */
  readonly other: number;
  /** Number of frames, one cut off at the end of the file included. */
  readonly frames: number;
  /** What the user should know about how the capture was read. */
  readonly remarks: readonly string[];
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
      const seen = packet.kind === 'ike' ? ikeSeen(packet, use) : espSeen(packet, use);
      if ('reason' in seen) unread.push({ file, at: record.frame, reason: seen.reason });
      else events.push(eventOf(record.time, record.frame, packet, seen.value));
    }
  }
  if (pcap.broken !== undefined) {
    unread.push({ file, at: pcap.broken.frame, reason: pcap.broken.reason });
  }
  use.refuseWrongKeys();
  const frames = pcap.records.length + (pcap.broken === undefined ? 0 : 1);
  return { events, unread, keepalives, other, frames, remarks: use.remarks() };
}

/** What a message's own octets tell. */
type Seen = Pick<MessageEvent, 'sa' | 'from' | 'message' | 'integrity'> & {
  /** Whether the last 16 octets are an integrity value. */
  readonly protected: boolean;
};

function eventOf(time: number, frame: number, packet: IpsecPacket, seen: Seen): MessageEvent {
  const { octets } = packet;
  return {
    time,
    observer: 'tap',
    ...(seen.sa !== undefined && { sa: seen.sa }),
    frame,
    event: 'seen',
    ...(seen.from !== undefined && { from: seen.from }),
    source: packet.source,
    destination: packet.destination,
    message: seen.message,
    octets: digest(octets),
    ...(seen.protected && { octetsBeforeIntegrity: digest(octets.subarray(0, -ICV_LENGTH)) }),
    integrity: seen.integrity,
  };
}

/** The first half of SHA-256, in hexadecimal: 128 bits are enough to tell any two messages apart. */
function digest(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex').slice(0, 32);
}

/** IKE_SA_INIT and IKE_SESSION_RESUME (RFC 5723 section 4.3.2), which come before there are keys. */
const UNPROTECTED_EXCHANGES: ReadonlySet<number> = new Set([34, 38]);

function ikeSeen(packet: IpsecPacket, use: KeyUse): Reading<Seen> {
  const parsed = parseIke(packet.octets);
  if ('reason' in parsed) return parsed;
  const { header, encrypted } = parsed.value;
  const from: End = header.fromInitiator ? 'initiator' : 'responder';
  const sa = `${header.initiatorSpi}:${header.responderSpi}`;
  const opened = encrypted
    ? openIke(packet.octets, encrypted, use.keys.ike.get(sa)?.[from])
    : { value: unprotected(parsed.value) };
  // Only a message whose integrity value is right can fail to open, so that its keys do fit.
  if (encrypted) use.saw(sa, 'reason' in opened ? 'good' : opened.value.integrity);
  if ('reason' in opened) return opened;
  const { integrity, payloads } = opened.value;
  return {
    value: {
      sa,
      from,
      message: {
        kind: 'ike',
        exchange: exchangeName(header.exchange),
        response: header.response,
        id: header.id,
        ...(payloads && { payloads }),
      },
      integrity,
      protected: encrypted !== undefined,
    },
  };
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
      integrity,
      protected: octets.length >= ESP_HEADER + ICV_LENGTH,
    },
  };
}
