/**
 * From a captured frame to the IKE message or ESP packet in it.
 *
 * Sources: RFC 768 (UDP), RFC 3948 section 2 and RFC 7296 section 2.23 (UDP port 4500), RFC 9329 (TCP). Checksums are
 * not looked at: hosts leave them to their network adaptor, so captures made on the sender have wrong ones.
 */
import { withPort } from '../address.ts';
import { u8, u16, u32 } from '../octets.ts';
import type { Frame } from './frames.ts';
import { type Inside, insideOf, isExtension } from './ip.ts';
import { IpFragments, type LeftOverFragment } from './ip-fragments.ts';
import { linkOf, NOT_IP, TOO_SHORT } from './link.ts';
import { TcpStreams } from './tcp.ts';

/** What a frame carries. */
export type Packet =
  | IpsecPacket
  /** Several messages, in TCP; `lost` tells what of the stream is missing. */
  | { readonly kind: 'several'; readonly packets: readonly IpsecPacket[]; readonly lost?: string }
  | { readonly kind: 'keepalive' }
  /** A part of something whose rest came before or comes later. */
  | { readonly kind: 'part' }
  /** Neither IKE nor ESP: no business of ours. */
  | { readonly kind: 'other' }
  | { readonly kind: 'unread'; readonly reason: string };

export interface IpsecPacket {
  readonly kind: 'ike' | 'esp';
  /** From the IKE header or the SPI on. */
  readonly octets: Uint8Array;
  /** Addresses with ports, or without for bare ESP. */
  readonly source: string;
  readonly destination: string;
  /** The addresses alone. */
  readonly addresses: { readonly source: string; readonly destination: string };
}

const TCP = 6;
const UDP = 17;
const ESP = 50;
const IKE_PORT = 500;
const NAT_PORT = 4500;

const unread = (reason: string): Packet => ({ kind: 'unread', reason });
const OTHER: Packet = { kind: 'other' };

/** Reads the frames of a capture one after the other; fragments and TCP streams are joined. */
export class PacketReader {
  readonly #fragments = new IpFragments();
  readonly #streams = new TcpStreams();
  /** Frames that became part of another frame's packet. */
  parts = 0;

  /** What a captured frame carries. The octets in it are valid as long as those of the frame. */
  read(frame: Frame): Packet {
    const { data, start, end, originalLength, linkType } = frame;
    const captured = end - start;
    const cut = originalLength > captured;
    const explained = (reason: string): string =>
      cut ? `the capture has only ${captured} of its ${originalLength} octets (snapshot length)` : reason;
    const link = linkOf(linkType);
    if (link === undefined) return unread(`link type ${linkType} is not known`);
    const at = link(data, start, end);
    if (at === NOT_IP) return OTHER;
    if (at === TOO_SHORT) {
      return unread(explained(`a frame of ${captured} octets is too short for its link header`));
    }
    const inside = insideOf(data.subarray(at, end));
    if ('reason' in inside) return unread(explained(inside.reason));
    const { protocol, fragment, missing } = inside.value;
    // In a fragment of IPv6 there may be extension headers still.
    const mayBe = fragment !== undefined && isExtension(protocol);
    if (protocol !== UDP && protocol !== ESP && protocol !== TCP && !mayBe) return OTHER;
    if (fragment !== undefined && missing === 0) {
      const collected = this.#fragments.add(frame.number, frame.time, inside.value, fragment);
      if (collected.kind !== 'whole') {
        if (collected.kind === 'known') this.parts += 1;
        return { kind: 'part' };
      }
      this.parts += collected.frames - 1;
      return 'reason' in collected.inside
        ? unread(collected.inside.reason)
        : this.#packetIn(collected.inside.value);
    }
    const packet = this.#packetIn(inside.value);
    if (packet.kind === 'unread') return unread(explained(packet.reason));
    if ((cut || missing > 0) && packet.kind !== 'other') {
      return unread(explained(`the IP header promises ${missing} octets more than there are`));
    }
    return packet;
  }

  /** Frames with fragments that were given up since this was last asked. */
  takeLeftOver(): readonly LeftOverFragment[] {
    return this.#fragments.takeLeftOver();
  }

  /** The capture has ended. */
  end(): { readonly leftOver: readonly LeftOverFragment[]; readonly unfinishedStreams: number } {
    return { leftOver: this.#fragments.end(), unfinishedStreams: this.#streams.unfinished };
  }

  #packetIn(inside: Inside): Packet {
    if (inside.protocol === ESP) return bareEsp(inside);
    if (inside.protocol === UDP) return udp(inside);
    return inside.protocol === TCP ? this.#tcp(inside) : OTHER;
  }

  #tcp(inside: Inside): Packet {
    const { source, destination, octets } = inside;
    if (octets.length < 4) return OTHER;
    const ports = [u16(octets, 0), u16(octets, 2)] as const;
    if (!ports.includes(NAT_PORT) || inside.missing > 0) return OTHER;
    const shared = between(inside, ports);
    const segment = this.#streams.take(`${shared.source} ${shared.destination}`, octets);
    if ('reason' in segment) return unread(segment.reason);
    if (segment.empty) return OTHER;
    const packets = segment.messages.flatMap((message): readonly IpsecPacket[] => {
      if (message.length < 4) return [];
      const isIke = u32(message, 0) === 0;
      const addresses = { source, destination };
      return [
        { kind: isIke ? 'ike' : 'esp', octets: isIke ? message.subarray(4) : message, ...shared, addresses },
      ];
    });
    if (packets.length === 0 && segment.lost === undefined) {
      this.parts += 1;
      return { kind: 'part' };
    }
    return { kind: 'several', packets, ...(segment.lost !== undefined && { lost: segment.lost }) };
  }
}

function bareEsp(inside: Inside): Packet {
  const { source, destination, octets } = inside;
  return { kind: 'esp', octets, source, destination, addresses: { source, destination } };
}

const between = (
  { source, destination }: Pick<Inside, 'source' | 'destination'>,
  ports: readonly [number, number],
) => ({
  source: withPort(source, ports[0]),
  destination: withPort(destination, ports[1]),
  addresses: { source, destination },
});

/** Whether a datagram between these ports carries IKE or ESP. */
export const isIpsec = (ports: readonly number[]): boolean =>
  ports.includes(NAT_PORT) || ports.includes(IKE_PORT);

/** What a datagram of UDP port 500 or 4500 carries. */
export function inUdp(
  addresses: { readonly source: string; readonly destination: string },
  ports: readonly [source: number, destination: number],
  data: Uint8Array,
): Packet {
  const shared = between(addresses, ports);
  if (!ports.includes(NAT_PORT)) return { kind: 'ike', octets: data, ...shared };
  if (data.length === 1 && u8(data, 0) === 0xff) return { kind: 'keepalive' };
  if (data.length < 4) return unread(`${data.length} octets in UDP port 4500 are neither IKE nor ESP`);
  // RFC 3948 section 2.2: four zero octets stand before IKE, where the SPI of ESP would be.
  if (u32(data, 0) === 0) return { kind: 'ike', octets: data.subarray(4), ...shared };
  return { kind: 'esp', octets: data, ...shared };
}

function udp(inside: Inside): Packet {
  const { octets } = inside;
  if (octets.length < 8) return unread(`the UDP header is 8 octets, there are ${octets.length}`);
  const ports = [u16(octets, 0), u16(octets, 2)] as const;
  if (!isIpsec(ports)) return OTHER;
  const length = u16(octets, 4);
  if (length < 8 || length > octets.length + inside.missing) {
    return unread(`the UDP header says ${length} octets, the IP packet has ${octets.length}`);
  }
  return inUdp(inside, ports, octets.subarray(8, length));
}
