/**
 * IP packets: from the header to what they carry.
 *
 * Sources: RFC 791 section 3.1 (IPv4), RFC 8200 sections 3 and 4 (IPv6), RFC 6946 (atomic fragments).
 */
import { addressOf } from '../../common/address.ts';
import type { Reading } from '../../common/octets.ts';
import { toHex, u8, u16 } from '../../common/octets.ts';

/** An IP packet's inside, or a part of one. */
export interface Inside {
  /** Number of the protocol, 0 to 255; of IPv6, that after the extension headers. */
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  /** Absent if the packet is whole. */
  readonly fragment?: FragmentPlace;
  readonly octets: Uint8Array;
  /** Octets that the IP header promises and the frame has not. */
  readonly missing: number;
}

export interface FragmentPlace {
  /** Identification, in hexadecimal: the same for all fragments of a packet. */
  readonly id: string;
  /** Offset of its octets in those of the whole packet. */
  readonly offset: number;
  /** Whether more follow. */
  readonly more: boolean;
}

/** The inside of the packet that begins with `ip`; what follows its end (padding of the link) is left off. */
export function insideOf(ip: Uint8Array): Reading<Inside> {
  const version = ip.length === 0 ? 0 : u8(ip, 0) >> 4;
  if (version === 4) return ipv4(ip);
  if (version === 6) return ipv6(ip);
  return { reason: `IP version ${version}` };
}

function ipv4(ip: Uint8Array): Reading<Inside> {
  if (ip.length < 20) return { reason: `the IPv4 header is 20 octets, there are ${ip.length}` };
  const header = 4 * (u8(ip, 0) & 0x0f);
  const length = u16(ip, 2);
  // Zero if the network adaptor is left to cut a larger packet into segments.
  const total = length === 0 ? ip.length : length;
  if (header < 20 || total < header || ip.length < header) {
    return { reason: `an IPv4 header of ${header} octets in a packet of ${total}` };
  }
  // More Fragments, and the offset in units of 8 octets.
  const place = u16(ip, 6);
  const isFragment = (place & 0x3fff) !== 0;
  return {
    value: {
      protocol: u8(ip, 9),
      source: addressOf(ip.subarray(12, 16)),
      destination: addressOf(ip.subarray(16, 20)),
      ...(isFragment && {
        fragment: {
          id: toHex(ip.subarray(4, 6)),
          offset: 8 * (place & 0x1fff),
          more: (place & 0x2000) !== 0,
        },
      }),
      octets: ip.subarray(header, total),
      missing: Math.max(0, total - ip.length),
    },
  };
}

function ipv6(ip: Uint8Array): Reading<Inside> {
  if (ip.length < 40) return { reason: `the IPv6 header is 40 octets, there are ${ip.length}` };
  const length = u16(ip, 4);
  const total = length === 0 ? ip.length : 40 + length;
  const chain = afterExtensions(u8(ip, 6), ip.subarray(40, Math.min(total, ip.length)));
  if ('reason' in chain) return chain;
  return {
    value: {
      source: addressOf(ip.subarray(8, 24)),
      destination: addressOf(ip.subarray(24, 40)),
      missing: Math.max(0, total - ip.length),
      ...chain.value,
    },
  };
}

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION = 60;

/** Whether this is the number of an extension header of IPv6 that is read. */
export const isExtension = (protocol: number): boolean =>
  [HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION].includes(protocol);

/** What comes after the extension headers, or after a header that says that the packet is a fragment. */
export function afterExtensions(
  first: number,
  octets: Uint8Array,
): Reading<Pick<Inside, 'protocol' | 'fragment' | 'octets'>> {
  let protocol = first;
  let at = 0;
  while (isExtension(protocol)) {
    const incomplete = { reason: `IPv6 extension header ${protocol} is not complete` };
    if (at + 8 > octets.length) return incomplete;
    const size = protocol === FRAGMENT ? 8 : 8 + 8 * u8(octets, at + 1);
    if (at + size > octets.length) return incomplete;
    const place = protocol === FRAGMENT ? u16(octets, at + 2) : 0;
    protocol = u8(octets, at);
    // RFC 6946: a fragment that is the whole packet is none.
    if ((place & 0xfff9) !== 0) {
      const id = toHex(octets.subarray(at + 4, at + 8));
      const fragment = { id, offset: place & 0xfff8, more: (place & 1) !== 0 };
      return { value: { protocol, fragment, octets: octets.subarray(at + size) } };
    }
    at += size;
  }
  return { value: { protocol, octets: octets.subarray(at) } };
}
