/**
 * What stands between a frame and the IP packet that matters: link layers and tunnels that carry Ethernet, PPP, MPLS or
 * IP. What is not read is named, so that it is counted.
 *
 * Sources: the list of LINKTYPE values at tcpdump.org; IEEE 802.11, 802.2, 802.1BR; RFC 1661 and 1662 (PPP), RFC 2516
 * (PPPoE), RFC 3032 and 4385 (MPLS), RFC 2784 and 2890 (GRE), RFC 2637 (PPTP), RFC 3378 (EtherIP), RFC 2661 (L2TP), RFC
 * 7348 (VXLAN), RFC 8926 (GENEVE), 3GPP TS 29.281 (GTP-U), RFC 7510 (MPLS in UDP), RFC 8086 (GRE in UDP), RFC 4380 (Teredo).
 */
import { u8, u16, u32 } from '../../common/octets.ts';
import { hidesIp } from './hidden.ts';

/** What a layer holds. */
export type Held =
  | { readonly kind: 'ip'; readonly octets: Uint8Array }
  /** Nothing in which IKE or ESP could be. */
  | { readonly kind: 'other' }
  /** Something that may carry IKE or ESP, and is not read; its name. */
  | { readonly kind: 'named'; readonly name: string }
  /** A header that is not complete; of which layer. */
  | { readonly kind: 'short'; readonly name: string };

const OTHER: Held = { kind: 'other' };
const named = (name: string): Held => ({ kind: 'named', name });
const short = (name: string): Held => ({ kind: 'short', name });
const ip = (octets: Uint8Array): Held => ({ kind: 'ip', octets });

/** What comes after the first octets of a layer, if they are there. */
const after = (octets: Uint8Array, length: number, name: string, next: (rest: Uint8Array) => Held): Held =>
  octets.length < length ? short(name) : next(octets.subarray(length));

type Layer = (octets: Uint8Array) => Held;

/** EtherTypes of what may carry IP and is not read. */
const UNREAD_TYPES: ReadonlyMap<number, string> = new Map([
  [0x88e5, 'MACsec'],
  [0x22f3, 'TRILL'],
  [0x8903, 'FabricPath'],
]);

/** What an EtherType announces. */
export function fromEtherType(type: number, octets: Uint8Array): Held {
  switch (type) {
    case 0x0800:
    case 0x86dd:
      return ip(octets);
    case 0x8100:
    case 0x88a8:
    case 0x9100:
    case 0x9200:
      return after(octets, 4, 'VLAN tag', (rest) => fromEtherType(u16(octets, 2), rest));
    case 0x8847:
    case 0x8848:
      return fromMpls(octets);
    case 0x8864:
      return fromPppoe(octets);
    // 802.1BR E-tag, and the VN-tag that came before it: the type of what follows is at the end of each.
    case 0x893f:
      return after(octets, 8, '802.1BR tag', (rest) => fromEtherType(u16(octets, 6), rest));
    case 0x8926:
      return after(octets, 6, 'VN-tag', (rest) => fromEtherType(u16(octets, 4), rest));
    // Provider Backbone Bridging: flags and I-SID, then the frame of the customer.
    case 0x88e7:
      return after(octets, 4, 'I-TAG', fromEthernet);
    case 0x894f:
      return fromNsh(octets);
    case 0x880b:
      return fromPpp(octets);
    case 0x6558:
      return fromEthernet(octets);
    default: {
      const name = UNREAD_TYPES.get(type);
      if (name !== undefined) return named(name);
      return hidesIp(octets) ? named(`IPsec in EtherType 0x${type.toString(16)}, as it seems`) : OTHER;
    }
  }
}

/** The largest value of the field that is a length and no EtherType. */
const LARGEST_LENGTH = 1500;

/** An Ethernet frame, from the destination's address on. */
function fromEthernet(octets: Uint8Array): Held {
  return after(octets, 14, 'Ethernet header', (rest) => {
    const type = u16(octets, 12);
    return type > LARGEST_LENGTH ? fromEtherType(type, rest) : fromLlc(rest);
  });
}

/** 802.2, with the header of SNAP. */
function fromLlc(octets: Uint8Array): Held {
  if (octets.length < 8 || u16(octets, 0) !== 0xaaaa || u8(octets, 2) !== 3) return OTHER;
  return fromEtherType(u16(octets, 6), octets.subarray(8));
}

function fromPppoe(octets: Uint8Array): Held {
  return after(octets, 6, 'PPPoE header', (rest) => fromPpp(rest.subarray(0, u16(octets, 4))));
}

const PPP_UNREAD: ReadonlyMap<number, string> = new Map([
  [0x003d, 'PPP Multilink'],
  [0x0053, 'PPP, encrypted'],
  [0x00fd, 'PPP, compressed'],
  [0x002d, 'PPP, compressed TCP/IP headers'],
  [0x002f, 'PPP, TCP/IP headers'],
  [0x0031, 'PPP, bridged'],
]);

function fromPpp(octets: Uint8Array): Held {
  // Address and control, which many leave out; a direction may stand in place of the address.
  const hasAddress = octets.length >= 2 && [0xff, 0, 1].includes(u8(octets, 0)) && u8(octets, 1) === 3;
  const rest = hasAddress ? octets.subarray(2) : octets;
  if (rest.length < 2) return short('PPP header');
  // The first of two octets is even, so one that is odd stands alone.
  const size = (u8(rest, 0) & 1) === 1 ? 1 : 2;
  const protocol = size === 1 ? u8(rest, 0) : u16(rest, 0);
  const inside = rest.subarray(size);
  if (protocol === 0x0021 || protocol === 0x0057) return ip(inside);
  if (protocol === 0x0281 || protocol === 0x0283) return fromMpls(inside);
  const name = PPP_UNREAD.get(protocol);
  return name === undefined ? OTHER : named(name);
}

/** Cisco's HDLC: an EtherType after address and control. */
const fromHdlc: Layer = (octets) =>
  after(octets, 4, 'HDLC header', (rest) => fromEtherType(u16(octets, 2), rest));

function fromMpls(octets: Uint8Array): Held {
  let at = 0;
  for (;;) {
    if (at + 4 > octets.length) return short('MPLS label');
    const isBottom = (u8(octets, at + 2) & 1) === 1;
    at += 4;
    if (isBottom) break;
  }
  const inside = octets.subarray(at);
  if (inside.length === 0) return short('MPLS payload');
  // What is inside, the labels do not say: the first four bits are a guess that routers make too (RFC 4928).
  const nibble = u8(inside, 0) >> 4;
  if (nibble === 4 || nibble === 6) {
    // A pseudowire without control word may begin with an address that looks so.
    const held = fromEthernet(inside);
    return held.kind === 'ip' && isIpStart(held.octets) && !isIpStart(inside) ? held : ip(inside);
  }
  // A control word, then mostly Ethernet.
  for (const start of nibble === 0 ? [4, 0] : [0]) {
    const held = inside.length > start ? fromEthernet(inside.subarray(start)) : OTHER;
    if (held.kind === 'ip' ? isIpStart(held.octets) : held.kind === 'named') return held;
  }
  return nibble === 1 ? OTHER : named('an MPLS pseudowire');
}

/** Whether this looks like the header of an IP packet: version and length agree with what there is. */
export function isIpStart(octets: Uint8Array): boolean {
  if (octets.length < 20) return false;
  const version = u8(octets, 0) >> 4;
  if (version === 6) return octets.length >= 40;
  return version === 4 && (u8(octets, 0) & 15) >= 5 && u16(octets, 2) >= 20;
}

function fromGre(octets: Uint8Array): Held {
  if (octets.length < 4) return short('GRE header');
  const flags = u16(octets, 0);
  const version = flags & 7;
  const has = (bit: number): number => ((flags & bit) === 0 ? 0 : 4);
  const type = u16(octets, 2);
  if (version === 1) {
    const header = 8 + has(0x1000) + has(0x0080);
    // An acknowledgement alone has no payload.
    if (has(0x1000) === 0) return OTHER;
    return after(octets, header, 'GRE header', (rest) => fromEtherType(type, rest));
  }
  if (version !== 0) return named(`GRE version ${version}`);
  if (has(0x4000) > 0) return named('GRE with routing');
  const header = 4 + has(0x8000) + has(0x2000) + has(0x1000);
  return after(octets, header, 'GRE header', (rest) => {
    // ERSPAN: type I has no header and no sequence number, type II one of 8 octets, type III of 12 or 20.
    if (type === 0x88be) {
      return has(0x1000) === 0 ? fromEthernet(rest) : after(rest, 8, 'ERSPAN header', fromEthernet);
    }
    if (type === 0x22eb && rest.length >= 12) {
      return after(rest, (u8(rest, 11) & 1) === 0 ? 12 : 20, 'ERSPAN header', fromEthernet);
    }
    return fromEtherType(type, rest);
  });
}

/** IP protocols that carry packets, each with what it is. AH is read by `packet.ts`. */
const TUNNELS: ReadonlyMap<number, Layer> = new Map<number, Layer>([
  [4, ip],
  [41, ip],
  [47, fromGre],
  [94, ip],
  [97, (octets) => after(octets, 2, 'EtherIP header', fromEthernet)],
  [137, fromMpls],
  [143, fromEthernet],
  [55, () => named('minimal encapsulation of IP')],
  [108, () => named('IPComp')],
  [115, fromL2tpv3],
]);

export const isTunnel = (protocol: number): boolean => TUNNELS.has(protocol);

/** What an IP packet of a protocol of `isTunnel` holds. */
export const inTunnel = (protocol: number, octets: Uint8Array): Held =>
  TUNNELS.get(protocol)?.(octets) ?? OTHER;

function fromVxlan(octets: Uint8Array): Held {
  if (octets.length < 8) return short('VXLAN header');
  return (u8(octets, 0) & 0x08) === 0 ? OTHER : fromEthernet(octets.subarray(8));
}

/** Network Service Header: its length in units of 4 octets, and what follows (RFC 8300, 2.2). */
function fromNsh(octets: Uint8Array): Held {
  if (octets.length < 8) return short('NSH');
  return after(octets, 4 * (u8(octets, 1) & 0x3f), 'NSH', (rest) => {
    const next = u8(octets, 3);
    if (next === 1 || next === 2) return ip(rest);
    if (next === 3) return fromEthernet(rest);
    return next === 5 ? fromMpls(rest) : named('NSH');
  });
}

/** A frame that stands at one of several places, since the length of what is before it is not in the packet. */
function guessed(octets: Uint8Array, places: readonly number[], name: string): Held {
  for (const at of places) {
    const held = octets.length > at ? fromEthernet(octets.subarray(at)) : OTHER;
    if (held.kind === 'ip' && isIpStart(held.octets)) return held;
  }
  return named(name);
}

/** L2TPv3, from the number of the session on; 0 is control. A cookie of 0, 4 or 8 octets and a sublayer may follow. */
function fromL2tpv3(octets: Uint8Array): Held {
  if (octets.length >= 4 && u32(octets, 0) === 0) return OTHER;
  return guessed(octets, [4, 8, 12, 16], 'L2TPv3');
}

/** LISP: eight octets, then IP (RFC 9300, 5.1). */
const fromLisp: Layer = (octets) => after(octets, 8, 'LISP header', asIp);

/** Generic UDP Encapsulation: in its first variant with a header, in its second one IP at once. */
function fromGue(octets: Uint8Array): Held {
  if (octets.length < 4) return short('GUE header');
  const first = u8(octets, 0);
  if (first >> 6 !== 0) return asIp(octets);
  // Control messages have this bit.
  if ((first & 0x20) !== 0) return OTHER;
  const protocol = u8(octets, 1);
  return after(octets, 4 + 4 * (first & 0x1f), 'GUE header', (rest) =>
    protocol === 4 || protocol === 41 ? asIp(rest) : [50, 51].includes(protocol) ? named('GUE') : OTHER,
  );
}

/** The data of an access point: Ethernet, or IEEE 802.11 (RFC 5415, 4.3). */
function fromCapwap(octets: Uint8Array): Held {
  if (octets.length < 8) return short('CAPWAP header');
  if ((u8(octets, 0) & 15) !== 0) return named('CAPWAP, encrypted');
  const isFragment = (u8(octets, 3) & 0x80) !== 0;
  const held = after(octets, 4 * (u8(octets, 1) >> 3), 'CAPWAP header', (rest) =>
    (u8(octets, 2) & 1) === 0 ? fromEthernet(rest) : from80211(rest),
  );
  return held.kind === 'ip' && !isFragment && isIpStart(held.octets) ? held : named('CAPWAP');
}

/** VXLAN-GPE: the last octet of the flags' word names what follows. */
function fromVxlanGpe(octets: Uint8Array): Held {
  if (octets.length < 8) return short('VXLAN header');
  const rest = octets.subarray(8);
  const next = (u8(octets, 0) & 0x04) === 0 ? 3 : u8(octets, 3);
  if (next === 1 || next === 2) return ip(rest);
  if (next === 3) return fromEthernet(rest);
  if (next === 4) return fromNsh(rest);
  return next === 5 ? fromMpls(rest) : named('VXLAN-GPE');
}

function fromGeneve(octets: Uint8Array): Held {
  if (octets.length < 8) return short('GENEVE header');
  if (u8(octets, 0) >> 6 !== 0) return OTHER;
  const header = 8 + 4 * (u8(octets, 0) & 0x3f);
  return after(octets, header, 'GENEVE header', (rest) => fromEtherType(u16(octets, 2), rest));
}

const G_PDU = 255;

function fromGtp(octets: Uint8Array): Held {
  if (octets.length < 8) return short('GTP-U header');
  const flags = u8(octets, 0);
  // Version 1, protocol type GTP; other messages than G-PDU are signalling.
  if (flags >> 4 !== 3 || u8(octets, 1) !== G_PDU) return OTHER;
  let at = 8;
  if ((flags & 7) !== 0) {
    if (octets.length < 12) return short('GTP-U header');
    at = 12;
    // Extension headers, each with its length in units of 4 octets and the type of the next.
    for (let next = (flags & 4) === 0 ? 0 : u8(octets, 11); next !== 0; ) {
      const length = at < octets.length ? 4 * u8(octets, at) : 0;
      if (length === 0 || at + length > octets.length) return short('GTP-U extension header');
      next = u8(octets, at + length - 1);
      at += length;
    }
  }
  const inside = octets.subarray(at, 8 + u16(octets, 2));
  if (isIpStart(inside)) return ip(inside);
  const held = fromEthernet(inside);
  return held.kind === 'ip' && isIpStart(held.octets) ? held : OTHER;
}

function fromL2tp(octets: Uint8Array): Held {
  if (octets.length < 6) return short('L2TP header');
  const flags = u16(octets, 0);
  const version = flags & 15;
  if ((flags & 0x8000) !== 0) return OTHER;
  if (version !== 2) return version === 3 ? fromL2tpv3(octets.subarray(4)) : OTHER;
  const offsetAt = 6 + ((flags & 0x4000) === 0 ? 0 : 2) + ((flags & 0x0800) === 0 ? 0 : 4);
  if ((flags & 0x0200) === 0) return after(octets, offsetAt, 'L2TP header', fromPpp);
  if (octets.length < offsetAt + 2) return short('L2TP header');
  return after(octets, offsetAt + 2 + u16(octets, offsetAt), 'L2TP header', fromPpp);
}

/** TaZmen Sniffer Protocol, in which access points and routers send what they capture. */
function fromTzsp(octets: Uint8Array): Held {
  if (octets.length < 4 || u8(octets, 0) !== 1) return OTHER;
  const kind = u16(octets, 2);
  for (let at = 4; at < octets.length; ) {
    const tag = u8(octets, at);
    if (tag === 1) {
      const rest = octets.subarray(at + 1);
      if (kind === 1) return fromEthernet(rest);
      return kind === 18 ? from80211(rest) : named('TZSP');
    }
    at += tag === 0 || at + 1 >= octets.length ? 1 : 2 + u8(octets, at + 1);
  }
  return short('TZSP header');
}

/** By UDP port, mostly that of the destination. */
const UDP_TUNNELS: ReadonlyMap<number, Layer> = new Map<number, Layer>([
  [4789, fromVxlan],
  [8472, fromVxlan],
  [4790, fromVxlanGpe],
  [6081, fromGeneve],
  [2152, fromGtp],
  [1701, fromL2tp],
  [6635, fromMpls],
  [4754, fromGre],
  [37_008, fromTzsp],
  [3544, (octets) => (isIpStart(octets) && u8(octets, 0) >> 4 === 6 ? ip(octets) : OTHER)],
  [5247, fromCapwap],
  [4341, fromLisp],
  [6080, fromGue],
  // Multicast data of AMT (RFC 7450, 5.1.6).
  [
    2268,
    (octets) => (octets.length > 2 && u8(octets, 0) === 6 ? after(octets, 2, 'AMT header', asIp) : OTHER),
  ],
]);

/** How a datagram to this port is read, if the port is that of a tunnel. */
export const udpTunnel = (port: number): Layer | undefined => UDP_TUNNELS.get(port);

/** IEEE 802.11, without what the receiver puts before it. */
function from80211(octets: Uint8Array): Held {
  if (octets.length < 24) return short('802.11 header');
  const control = u8(octets, 0);
  const flags = u8(octets, 1);
  const isData = ((control >> 2) & 3) === 2;
  // Data frames whose subtype has this bit carry none.
  if (!isData || (control & 0x40) !== 0) return OTHER;
  if ((flags & 0x40) !== 0) return named('802.11, encrypted');
  const hasQos = (control & 0x80) !== 0;
  const addresses = (flags & 3) === 3 ? 30 : 24;
  const header = addresses + (hasQos ? 2 : 0) + (hasQos && (flags & 0x80) !== 0 ? 4 : 0);
  if (octets.length < header) return short('802.11 header');
  if (hasQos && (u8(octets, addresses) & 0x80) !== 0) return fromAggregate(octets.subarray(header));
  if ((flags & 0x04) !== 0 || (u16(octets, 22) & 0x0f00) !== 0) return named('802.11, fragmented');
  // Some drivers align the payload to 4 octets.
  const [plain, padded] = [octets.subarray(header), octets.subarray((header + 3) & ~3)];
  const isPadded = padded.length >= 2 && u16(padded, 0) === 0xaaaa;
  return fromLlc(plain.length >= 2 && u16(plain, 0) === 0xaaaa ? plain : isPadded ? padded : plain);
}

/** Several frames in one of IEEE 802.11, each with addresses and length; one alone is read. */
function fromAggregate(octets: Uint8Array): Held {
  const length = octets.length < 14 ? 0 : u16(octets, 12);
  // What follows the only one is padding, and a check sequence.
  const isAlone = length > 0 && octets.length >= 14 + length && octets.length < 14 + length + 14;
  return isAlone ? fromLlc(octets.subarray(14, 14 + length)) : named('802.11, several frames in one');
}

/** Frame Relay: an address of two octets or more, then what RFC 2427 or Cisco puts there. */
function fromFrameRelay(octets: Uint8Array): Held {
  let at = 0;
  while (at < 4 && at < octets.length && (u8(octets, at) & 1) === 0) at += 1;
  const rest = octets.subarray(at + 1);
  if (rest.length < 3) return short('Frame Relay header');
  if (u8(rest, 0) !== 3) return fromEtherType(u16(rest, 0), rest.subarray(2));
  const pad = u8(rest, 1) === 0 ? 2 : 1;
  const kind = u8(rest, pad);
  if (kind === 0xcc || kind === 0x8e) return asIp(rest.subarray(pad + 1));
  if (kind === 0x80 && rest.length > pad + 6) {
    return fromEtherType(u16(rest, pad + 4), rest.subarray(pad + 6));
  }
  return kind === 0xcf ? fromPpp(rest.subarray(pad + 1)) : OTHER;
}

/** A frame of cable modems: in data frames Ethernet, after a header that may be extended. */
function fromDocsis(octets: Uint8Array): Held {
  if (octets.length < 6) return short('DOCSIS header');
  const [control, extended] = [u8(octets, 0), u8(octets, 1)];
  if (control >> 6 !== 0) return OTHER;
  return after(octets, 6 + ((control & 1) === 0 ? 0 : extended), 'DOCSIS header', fromEthernet);
}

const ERF_HEADER = 16;

/** Endace's records: a header, more of them while a bit says so, and for Ethernet two octets of padding. */
function fromErf(octets: Uint8Array): Held {
  if (octets.length < ERF_HEADER) return short('ERF header');
  let at = ERF_HEADER;
  for (let more = u8(octets, 8) & 0x80; more !== 0 && at < octets.length; at += 8) {
    more = u8(octets, at) & 0x80;
  }
  const type = u8(octets, 8) & 0x7f;
  const isEthernet = [2, 11, 16, 20].includes(type);
  return isEthernet ? after(octets, at + 2, 'ERF header', fromEthernet) : named(`ERF of type ${type}`);
}

/** The kind of what follows is in the header, whose length is given: pktap and PPI. */
const wrapped =
  (lengthAt: number, size: 2 | 4, typeAt: number): Layer =>
  (octets) => {
    if (octets.length < typeAt + 4) return short('header of the capturing host');
    const length = size === 2 ? u16(octets, lengthAt, true) : u32(octets, lengthAt, true);
    if (length < typeAt + 4 || length > octets.length) return short('header of the capturing host');
    return fromLink(u32(octets, typeAt, true), octets.subarray(length));
  };

const radiotap: Layer = (octets) =>
  octets.length < 4
    ? short('radiotap header')
    : after(octets, u16(octets, 2, true), 'radiotap header', from80211);

/** Of wlan-ng, with its own length where it is newer. */
const avs: Layer = (octets) =>
  octets.length < 8 ? short('AVS header') : after(octets, u32(octets, 4), 'AVS header', from80211);

const prism: Layer = (octets) =>
  octets.length >= 4 && u32(octets, 0) >>> 4 === 0x8021100
    ? avs(octets)
    : after(octets, 144, 'Prism header', from80211);

const NFULA_PAYLOAD = 9;

/** Linux's NFLOG: attributes, one of which is the IP packet. Their numbers are in the order of the capturing host. */
function nflog(octets: Uint8Array): Held {
  if (octets.length < 8) return short('NFLOG header');
  const little = u16(octets, 4, true) <= octets.length - 4 && u16(octets, 4, true) >= 4;
  for (let at = 4; at + 4 <= octets.length; ) {
    const length = u16(octets, at, little);
    if (length < 4 || at + length > octets.length) break;
    if ((u16(octets, at + 2, little) & 0x7fff) === NFULA_PAYLOAD) {
      const inside = octets.subarray(at + 4, at + length);
      // Of a bridge or ARP it is no IP packet.
      return [2, 10].includes(u8(octets, 0)) || isIpStart(inside) ? ip(inside) : OTHER;
    }
    at += (length + 3) & ~3;
  }
  return short('NFLOG payload');
}

/** OpenBSD's log of pf: the first octet is the length of the header without its padding. */
const pflog: Layer = (octets) =>
  octets.length === 0 ? short('pf header') : after(octets, (u8(octets, 0) + 3) & ~3, 'pf header', asIp);

/** What must be an IP packet, or is none of ours. */
const asIp: Layer = (octets) => (isIpStart(octets) ? ip(octets) : OTHER);

/** Link types whose frames are read here; and those that `link.ts` reads, where it found no IP packet. */
const LAYERS: ReadonlyMap<number, Layer> = new Map<number, Layer>([
  [1, fromEthernet],
  [6, (octets) => after(octets, 14, 'Token Ring header', fromLlc)],
  [8, (octets) => after(octets, 16, 'SLIP header', asIp)],
  [9, fromPpp],
  [10, (octets) => after(octets, 13, 'FDDI header', fromLlc)],
  [
    50,
    (octets) =>
      octets.length > 0 && [0x0f, 0x8f].includes(u8(octets, 0)) ? fromHdlc(octets) : fromPpp(octets),
  ],
  [51, fromPppoe],
  [100, fromLlc],
  [104, fromHdlc],
  [105, from80211],
  [107, fromFrameRelay],
  [109, (octets) => after(octets, 12, 'header of OpenBSD enc', asIp)],
  [113, (octets) => after(octets, 16, 'header of Linux', (rest) => fromEtherType(u16(octets, 14), rest))],
  [117, pflog],
  [119, prism],
  [122, (octets) => after(octets, 16, 'Fibre Channel header', fromLlc)],
  [127, radiotap],
  [138, (octets) => after(octets, 18, 'IEEE 1394 header', (rest) => fromEtherType(u16(octets, 16), rest))],
  [143, fromDocsis],
  [163, avs],
  [166, fromPpp],
  [192, wrapped(2, 2, 4)],
  [197, fromErf],
  [204, (octets) => after(octets, 1, 'PPP header', fromPpp)],
  [219, fromMpls],
  [226, (octets) => after(octets, 24, 'IPNET header', asIp)],
  [239, nflog],
  [240, (octets) => after(octets, 4, 'netANALYZER header', fromEthernet)],
  [258, wrapped(0, 4, 8)],
  [274, (octets) => after(octets, 8, 'preamble', fromEthernet)],
  [276, (octets) => after(octets, 20, 'header of Linux', (rest) => fromEtherType(u16(octets, 0), rest))],
]);

/** Link types that `link.ts` leaves to this. */
export const LONGER_LINKS: readonly number[] = [
  ...[
    6, 8, 9, 10, 50, 51, 100, 104, 105, 107, 109, 117, 119, 122, 127, 138, 143, 163, 166, 192, 197, 204, 219,
  ],
  ...[226, 239, 240, 258, 274],
];

/** What a frame of a link type holds. */
export function fromLink(linkType: number, octets: Uint8Array): Held {
  if ([12, 14, 101, 228, 229].includes(linkType)) return asIp(octets);
  return LAYERS.get(linkType)?.(octets) ?? OTHER;
}
