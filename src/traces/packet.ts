/**
 * From an IP packet to the IKE message or ESP packet in it.
 *
 * Sources: RFC 791 section 3.1 (IPv4), RFC 8200 sections 3 and 4 (IPv6), RFC 768 (UDP), RFC 3948 section 2 and
 * RFC 7296 section 2.23 (UDP port 4500). UDP checksums are not looked at: hosts leave them to their network
 * adaptor, so captures made on the sender have wrong ones.
 */
import { addressOf, withPort } from './address.ts';
import type { Link } from './link.ts';
import type { Reading } from './octets.ts';
import { u8, u16, u32 } from './octets.ts';

/** What a frame carries. */
export type Packet =
  | IpsecPacket
  | { readonly kind: 'keepalive' }
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

const UDP = 17;
const ESP = 50;
const IKE_PORT = 500;
const NAT_PORT = 4500;

const unread = (reason: string): Packet => ({ kind: 'unread', reason });
const OTHER: Packet = { kind: 'other' };

/** An IP packet's inside. */
interface Inside {
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly fragment: boolean;
  readonly octets: Uint8Array;
  /** Octets that the IP header promises and the frame has not. */
  readonly missing: number;
}

/**
 * What a captured frame carries.
 *
 * @param originalLength its length on the wire, in octets: more than was captured if the capture cut it
 */
export function packetOf(link: Link, frame: Uint8Array, originalLength: number): Packet {
  const cut = originalLength > frame.length;
  const explained = (reason: string): string =>
    cut ? `the capture has only ${frame.length} of its ${originalLength} octets (snapshot length)` : reason;
  const ip = link(frame);
  if ('reason' in ip) return unread(explained(ip.reason));
  if (ip.value === 'other') return OTHER;
  const inside = insideOf(ip.value);
  if ('reason' in inside) return unread(explained(inside.reason));
  const { protocol, fragment, missing } = inside.value;
  if (protocol !== UDP && protocol !== ESP) return OTHER;
  if (fragment) return unread('a fragment of an IP packet: these are not reassembled');
  const packet = protocol === ESP ? bareEsp(inside.value) : udp(inside.value);
  if (packet.kind === 'unread') return unread(explained(packet.reason));
  if ((cut || missing > 0) && packet.kind !== 'other') {
    return unread(explained(`the IP header promises ${missing} octets more than there are`));
  }
  return packet;
}

function insideOf(ip: Uint8Array): Reading<Inside> {
  if (ip.length === 0) return { reason: 'an empty IP packet' };
  const version = u8(ip, 0) >> 4;
  if (version === 4) return ipv4(ip);
  if (version === 6) return ipv6(ip);
  return { reason: `an IP packet of version ${version}` };
}

function ipv4(ip: Uint8Array): Reading<Inside> {
  const header = (u8(ip, 0) & 15) * 4;
  if (header < 20) return { reason: `an IPv4 header of ${header} octets, at least 20 are needed` };
  if (ip.length < header) return { reason: `the IPv4 header is ${header} octets, there are ${ip.length}` };
  // Zero is what a sender leaves that lets its network adaptor cut the packet to size.
  const total = u16(ip, 2) === 0 ? ip.length : u16(ip, 2);
  if (total < header) return { reason: `an IPv4 packet of ${total} octets with a header of ${header}` };
  return {
    value: {
      protocol: u8(ip, 9),
      source: addressOf(ip.subarray(12, 16)),
      destination: addressOf(ip.subarray(16, 20)),
      // More Fragments or a fragment offset.
      fragment: (u16(ip, 6) & 0x3fff) !== 0,
      octets: ip.subarray(header, total),
      missing: Math.max(0, total - ip.length),
    },
  };
}

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION = 60;

function ipv6(ip: Uint8Array): Reading<Inside> {
  if (ip.length < 40) return { reason: `the IPv6 header is 40 octets, there are ${ip.length}` };
  const length = u16(ip, 4);
  const total = length === 0 ? ip.length : 40 + length;
  let protocol = u8(ip, 6);
  let at = 40;
  let fragment = false;
  const end = Math.min(total, ip.length);
  while (!fragment && [HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION].includes(protocol)) {
    if (at + 8 > end) return { reason: `IPv6 extension header ${protocol} is not complete` };
    // RFC 6946: a fragment that is the whole packet is none.
    fragment = protocol === FRAGMENT && (u16(ip, at + 2) & 0xfff9) !== 0;
    const size = protocol === FRAGMENT ? 8 : 8 + 8 * u8(ip, at + 1);
    if (at + size > end) return { reason: `IPv6 extension header ${protocol} is not complete` };
    protocol = u8(ip, at);
    at += size;
  }
  return {
    value: {
      protocol,
      source: addressOf(ip.subarray(8, 24)),
      destination: addressOf(ip.subarray(24, 40)),
      fragment,
      octets: ip.subarray(at, end),
      missing: Math.max(0, total - ip.length),
    },
  };
}

function bareEsp(inside: Inside): Packet {
  const { source, destination, octets } = inside;
  return { kind: 'esp', octets, source, destination, addresses: { source, destination } };
}

function udp(inside: Inside): Packet {
  const { source, destination, octets } = inside;
  if (octets.length < 8) return unread(`the UDP header is 8 octets, there are ${octets.length}`);
  const ports = [u16(octets, 0), u16(octets, 2)] as const;
  const natted = ports.includes(NAT_PORT);
  if (!natted && !ports.includes(IKE_PORT)) return OTHER;
  const length = u16(octets, 4);
  if (length < 8 || length > octets.length + inside.missing) {
    return unread(`the UDP header says ${length} octets, the IP packet has ${octets.length}`);
  }
  const data = octets.subarray(8, length);
  const shared = {
    source: withPort(source, ports[0]),
    destination: withPort(destination, ports[1]),
    addresses: { source, destination },
  };
  if (!natted) return { kind: 'ike', octets: data, ...shared };
  if (data.length === 1 && u8(data, 0) === 0xff) return { kind: 'keepalive' };
  if (data.length < 4) return unread(`${data.length} octets in UDP port 4500 are neither IKE nor ESP`);
  // RFC 3948 section 2.2: four zero octets stand before IKE, where the SPI of ESP would be.
  if (u32(data, 0) === 0) return { kind: 'ike', octets: data.subarray(4), ...shared };
  return { kind: 'esp', octets: data, ...shared };
}
