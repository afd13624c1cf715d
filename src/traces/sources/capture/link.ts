/**
 * Link layers: from a captured frame to the IP packet in it.
 *
 * Source: the list of LINKTYPE values at tcpdump.org, and IEEE 802.1Q for the tags.
 */
import { LONGER_LINKS } from './layers.ts';

/**
 * Where the IP header begins, in `data` from `start` up to `end`; `NOT_IP` if the frame carries something else
 * (ARP, LLDP ...), `TOO_SHORT` if its link header is not complete. Offsets, since this is asked of each of
 * millions of frames.
 */
export type Link = (data: Uint8Array, start: number, end: number) => number;

export const NOT_IP = -1;
export const TOO_SHORT = -2;

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
/** 802.1Q, 802.1ad (QinQ), and what came before it. */
const isVlanTag = (type: number): boolean => type === 0x8100 || type === 0x88a8 || type === 0x9100;

/** The packet after a header whose protocol field (an EtherType) is at `typeAt`, with any VLAN tags after it. */
const afterEtherType =
  (typeAt: number, headerEnd: number): Link =>
  (data, start, end) => {
    let at = start + headerEnd;
    if (at > end) return TOO_SHORT;
    let type = (data[start + typeAt]! << 8) | data[start + typeAt + 1]!;
    while (isVlanTag(type)) {
      if (at + 4 > end) return TOO_SHORT;
      type = (data[at + 2]! << 8) | data[at + 3]!;
      at += 4;
    }
    return type === IPV4 || type === IPV6 ? at : NOT_IP;
  };

/** AF_INET, then AF_INET6 of Linux, NetBSD and OpenBSD, FreeBSD, macOS. */
const FAMILIES: ReadonlySet<number> = new Set([2, 10, 24, 28, 30]);

/** BSD null/loopback: four octets of address family, in the order of the capturing host (or of the network). */
const afterFamily: Link = (data, start, end) => {
  if (start + 4 > end) return TOO_SHORT;
  const [a, b, c, d] = [data[start]!, data[start + 1]!, data[start + 2]!, data[start + 3]!];
  // Families fit into one octet: it is the first or the last.
  if (b !== 0 || c !== 0 || (a !== 0 && d !== 0)) return NOT_IP;
  return FAMILIES.has(a | d) ? start + 4 : NOT_IP;
};

const rawOf =
  (versions: readonly number[]): Link =>
  (data, start, end) => {
    if (start >= end) return TOO_SHORT;
    return versions.includes(data[start]! >> 4) ? start : NOT_IP;
  };

const raw = rawOf([4, 6]);

/** Frames whose way to the IP packet is longer: `layers.ts` goes it. */
const longer: Link = (_data, start, end) => (start >= end ? TOO_SHORT : NOT_IP);

const LINKS: ReadonlyMap<number, Link> = new Map<number, Link>([
  [0, afterFamily],
  [1, afterEtherType(12, 14)],
  [12, raw],
  [14, raw],
  [101, raw],
  [108, afterFamily],
  [113, afterEtherType(14, 16)],
  [228, rawOf([4])],
  [229, rawOf([6])],
  [276, afterEtherType(0, 20)],
  ...LONGER_LINKS.map((type): readonly [number, Link] => [type, longer]),
]);

export const KNOWN_LINKS =
  'Ethernet (1), raw IP (12, 14, 101, 228, 229), Linux cooked (113, 276), null/loopback (0, 108), PPP and HDLC (9, 50, 51, 104, 166, 204), IEEE 802.11 (105, 119, 127, 163, 192), NFLOG (239), MPLS (219), OpenBSD enc and pf (109, 117), pktap (258), Frame Relay (107), ATM (100), Token Ring (6), FDDI (10), Fibre Channel (122), IEEE 1394 (138), SLIP (8), DOCSIS (143), ERF (197), IPNET (226), netANALYZER (240), 802.3br (274)';

/** Link types without any IP packet: of buses, radio networks of sensors, and messages within a host. */
const WITHOUT_IP: ReadonlySet<number> = new Set([
  // Bluetooth, USB, CAN, LIN, MOST, FlexRay, I2C.
  ...[187, 201, 254, 255, 186, 189, 220, 249, 266, 190, 227, 212, 211, 210, 209],
  // Serial lines of railways, ships and meters; SS7; IPMB; Zigbee and Z-Wave; RTAC.
  ...[250, 139, 140, 141, 142, 199, 193, 289, 292, 295],
  // Messages of Linux' netlink, D-Bus, Android's log and systemd's journal.
  ...[253, 231, 284],
  // GSM and LTE radio, GPS, IrDA, NFC, InfiniBand's own packets.
  ...[217, 218, 273, 144, 245, 247],
]);

/** Link types whose names people know. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [112, 'Cisco IOS'],
  [123, 'SunATM'],
  [178, "Juniper's Ethernet"],
  [195, 'IEEE 802.15.4'],
  [230, 'IEEE 802.15.4'],
  [252, 'PDUs exported by Wireshark'],
]);

/** Whether frames of a link type that is not read may hold IP packets. */
export const mayCarryIp = (linkType: number): boolean => !WITHOUT_IP.has(linkType);

/** What frames of a link type that is not read are called. */
export const nameOfLink = (linkType: number): string => {
  const name = NAMES.get(linkType);
  return `link type ${linkType}${name === undefined ? '' : ` (${name})`}`;
};

/** How frames of a link type are read; nothing if it is not known. */
export function linkOf(linkType: number): Link | undefined {
  return LINKS.get(linkType);
}
