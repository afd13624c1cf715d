/**
 * Link layers: from a captured frame to the IP packet in it.
 *
 * Source: the list of LINKTYPE values at tcpdump.org, and IEEE 802.1Q for the tags.
 */
import type { Reading } from './octets.ts';
import { u8, u16, u32 } from './octets.ts';

/** The octets from the IP header on; `other` if the frame carries something else (ARP, LLDP ...). */
export type Link = (frame: Uint8Array) => Reading<Uint8Array | 'other'>;

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN_TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);

const tooShort = (what: string, frame: Uint8Array): { readonly reason: string } => ({
  reason: `a frame of ${frame.length} octets is too short for ${what}`,
});

/** The packet after a header whose protocol field (an EtherType) is at `typeAt`, with any 802.1Q tags after it. */
function afterEtherType(frame: Uint8Array, typeAt: number, headerEnd: number): Reading<Uint8Array | 'other'> {
  if (frame.length < headerEnd) return tooShort('its link header', frame);
  let type = u16(frame, typeAt);
  let at = headerEnd;
  while (VLAN_TAGS.has(type)) {
    if (frame.length < at + 4) return tooShort('its VLAN tag', frame);
    type = u16(frame, at + 2);
    at += 4;
  }
  return { value: type === IPV4 || type === IPV6 ? frame.subarray(at) : 'other' };
}

/** BSD null/loopback: four octets of address family, in the order of the capturing host (or of the network). */
function afterFamily(frame: Uint8Array): Reading<Uint8Array | 'other'> {
  if (frame.length < 4) return tooShort('its link header', frame);
  // Families fit into one octet, so whichever order gives the smaller number is the right one.
  const family = Math.min(u32(frame, 0), u32(frame, 0, true));
  // AF_INET, then AF_INET6 of NetBSD/OpenBSD, FreeBSD and macOS.
  return { value: [2, 24, 28, 30].includes(family) ? frame.subarray(4) : 'other' };
}

function raw(frame: Uint8Array): Reading<Uint8Array | 'other'> {
  if (frame.length < 1) return tooShort('an IP packet', frame);
  const version = u8(frame, 0) >> 4;
  return { value: version === 4 || version === 6 ? frame : 'other' };
}

const LINKS: ReadonlyMap<number, Link> = new Map<number, Link>([
  [0, afterFamily],
  [1, (frame) => afterEtherType(frame, 12, 14)],
  [12, raw],
  [14, raw],
  [101, raw],
  [108, afterFamily],
  [113, (frame) => afterEtherType(frame, 14, 16)],
  [276, (frame) => afterEtherType(frame, 0, 20)],
]);

export const KNOWN_LINKS =
  'Ethernet (1), raw IP (12, 14, 101), Linux cooked (113, 276) and null/loopback (0, 108)';

/** How frames of a link type are read; nothing if it is not known. */
export function linkOf(linkType: number): Link | undefined {
  return LINKS.get(linkType);
}
