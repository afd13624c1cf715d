/** What stands between a frame and the IP packet that matters. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_KEYS } from '../../crypto/keys.ts';
import {
  enhancedPacket,
  hex,
  interfaceBlock,
  ipv4,
  ipv6,
  join,
  number,
  pcapOf,
  sectionHeader,
  udp,
} from '../../testing/captures.ts';
import { readCapture } from './capture.ts';
import { fromLink, LONGER_LINKS } from './layers.ts';

const RAW = 101;
const ETHERNET = 1;
const esp = join(hex('c0000001 00000007'), new Uint8Array(24).fill(0xab));
const inner = ipv4(50, esp);
const six = ipv6(50, esp);
const ether = (type: string, body: Uint8Array): Uint8Array =>
  join(new Uint8Array(12).fill(2), hex(type), body);
const ppp = join(hex('0021'), inner);
const dot11 = (control: string, body: Uint8Array): Uint8Array => join(hex(control), new Uint8Array(22), body);
const snap = join(hex('aaaa03 000000 0800'), inner);
const gtp = (flags: string, options: string, body: Uint8Array): Uint8Array =>
  join(hex(flags), hex('ff'), number(hex(options).length + body.length, 2), number(1, 4), hex(options), body);

/** As a pcapng file has it, whose interfaces may be of any type, unless it was cut. */
const read = (frame: Uint8Array, linkType: number, cut = 0) => {
  const ng = join(sectionHeader(), interfaceBlock(linkType), enhancedPacket(0, 1000.5e6, frame));
  return readCapture('a', cut > 0 ? pcapOf([frame], { linkType, cut }) : ng, NO_KEYS);
};

describe('ESP is read', () => {
  it.each<[name: string, linkType: number, frame: Uint8Array]>([
    ['in IPv4 in IPv4', RAW, ipv4(4, inner)],
    ['in IPv6 in IPv4', RAW, ipv4(41, six)],
    ['in IPv4 in IPv6', RAW, ipv6(4, inner)],
    ['in IPv6 in IPv6 in IPv4', RAW, ipv4(41, ipv6(41, six))],
    ['in GRE', RAW, ipv4(47, join(hex('0000 0800'), inner))],
    ['in GRE with checksum, key and number', RAW, ipv4(47, join(hex('b000 86dd'), new Uint8Array(12), six))],
    ['in Ethernet in GRE', RAW, ipv4(47, join(hex('0000 6558'), ether('0800', inner)))],
    ['in PPTP', RAW, ipv4(47, join(hex('3081 880b'), number(0, 4), new Uint8Array(8), hex('ff03'), ppp))],
    ['in ERSPAN I', RAW, ipv4(47, join(hex('0000 88be'), ether('0800', inner)))],
    ['in ERSPAN II', RAW, ipv4(47, join(hex('1000 88be'), new Uint8Array(12), ether('0800', inner)))],
    ['in ERSPAN III', RAW, ipv4(47, join(hex('1000 22eb'), new Uint8Array(16), ether('0800', inner)))],
    ['in EtherIP', RAW, ipv4(97, join(hex('3000'), ether('0800', inner)))],
    ['in MPLS in IP', RAW, ipv4(137, join(hex('00010140'), inner))],
    ['in MPLS', ETHERNET, ether('8847', join(hex('00010040 00020140'), inner))],
    [
      'in a pseudowire',
      ETHERNET,
      ether('8847', join(hex('00010140 00000000'), ether('8100 0007 86dd', six))),
    ],
    ['in PPPoE', ETHERNET, ether('8864', join(hex('1100 0001'), number(ppp.length, 2), ppp))],
    [
      'in PPPoE in a VLAN',
      ETHERNET,
      ether('8100 0007 8864', join(hex('1100 0001'), number(ppp.length, 2), ppp)),
    ],
    ['in 802.2', ETHERNET, join(new Uint8Array(12), number(snap.length, 2), snap)],
    ['in a tag of 802.1BR', ETHERNET, ether('893f', join(new Uint8Array(6), hex('0800'), inner))],
    ['in VXLAN', RAW, ipv4(17, udp(50_000, 4789, join(hex('0800000000000100'), ether('0800', inner))))],
    ['in old VXLAN', RAW, ipv4(17, udp(50_000, 8472, join(hex('0800000000000100'), ether('86dd', six))))],
    ['in VXLAN-GPE', RAW, ipv4(17, udp(50_000, 4790, join(hex('0c00000100000100'), inner)))],
    [
      'in GENEVE',
      RAW,
      ipv4(
        17,
        udp(
          50_000,
          6081,
          join(hex('0100 6558 00000100 0000000000000000').subarray(0, 12), ether('0800', inner)),
        ),
      ),
    ],
    ['in GTP-U', RAW, ipv4(17, udp(2152, 2152, gtp('30', '', inner)))],
    ['in GTP-U with an extension', RAW, ipv4(17, udp(2152, 2152, gtp('34', '00000085 01000900', six)))],
    ['in L2TP', RAW, ipv4(17, udp(1701, 1701, join(hex('0002 0001 0001 ff03'), ppp)))],
    [
      'in L2TP with all options',
      RAW,
      ipv4(17, udp(1701, 1701, join(hex('4a02 0000 0001 0001 0000 0000 0002 0000'), ppp))),
    ],
    ['in MPLS in UDP', RAW, ipv4(17, udp(50_000, 6635, join(hex('00010140'), inner)))],
    ['in GRE in UDP', RAW, ipv4(17, udp(50_000, 4754, join(hex('0000 0800'), inner)))],
    ['in Teredo', RAW, ipv4(17, udp(50_000, 3544, six))],
    ['in TZSP', RAW, ipv4(17, udp(50_000, 37_008, join(hex('0100 0001 0a01ff 01'), ether('0800', inner))))],
    ['in PPP', 9, join(hex('ff03'), ppp)],
    ['in PPP, short', 9, join(hex('21'), inner)],
    ['in PPP with direction', 204, join(hex('00 ff03'), ppp)],
    ['in PPP of pppd', 166, join(hex('0103'), ppp)],
    ['in PPP in HDLC', 50, join(hex('ff03'), ppp)],
    ['in HDLC of Cisco', 104, join(hex('0f00 0800'), inner)],
    ['in HDLC of Cisco, 50', 50, join(hex('0f00 86dd'), six)],
    ['in PPPoE without Ethernet', 51, join(hex('1100 0001'), number(ppp.length, 2), ppp)],
    ['in 802.11', 105, dot11('0801', snap)],
    ['in 802.11 with QoS', 105, dot11('8801', join(hex('0000'), snap))],
    ['in 802.11 after radiotap', 127, join(hex('0000 0800 00000000'), dot11('0802', snap))],
    ['in 802.11 after PPI', 192, join(hex('0000 0800 69000000'), dot11('0801', snap))],
    ['in 802.11 after AVS', 163, join(hex('80211001 00000008'), dot11('0801', snap))],
    ['in 802.11 after Prism', 119, join(new Uint8Array(144), dot11('0801', snap))],
    [
      'in NFLOG',
      239,
      join(hex('0200 0000 0800 0100 00000000'), number(inner.length + 4, 2, true), hex('0900'), inner),
    ],
    [
      'in NFLOG, big endian',
      239,
      join(hex('0a00 0000 0008 0001 00000000'), number(six.length + 4, 2), hex('0009'), six),
    ],
    ['in LISP', RAW, ipv4(17, udp(50_000, 4341, join(new Uint8Array(8), inner)))],
    ['in GUE', RAW, ipv4(17, udp(50_000, 6080, join(hex('0104 0000 00000000'), inner)))],
    ['in GUE without a header', RAW, ipv4(17, udp(50_000, 6080, six))],
    ['in AMT', RAW, ipv4(17, udp(2268, 50_000, join(hex('0600'), inner)))],
    ['in CAPWAP', RAW, ipv4(17, udp(50_000, 5247, join(hex('0010 0000 00000000'), ether('0800', inner))))],
    ['in L2TPv3', RAW, ipv4(115, join(number(7, 4), new Uint8Array(8), ether('0800', inner)))],
    [
      'in L2TPv3 in UDP',
      RAW,
      ipv4(17, udp(1701, 1701, join(hex('0003 0000 00000007'), ether('0800', inner)))),
    ],
    ['Wrapped', RAW, ipv4(141, join(hex('320c0000'), esp))],
    ['Wrapped and padded', RAW, ipv4(141, join(hex('32100010 00000000'), esp))],
    [
      'in NSH',
      ETHERNET,
      ether('894f', join(hex('0fc6 0103 000001ff'), new Uint8Array(16), ether('0800', inner))),
    ],
    ['in Provider Backbone Bridging', ETHERNET, ether('88e7', join(hex('00000007'), ether('86dd', six)))],
    [
      'alone among several of 802.11',
      105,
      join(hex('8801'), new Uint8Array(22), hex('8000'), new Uint8Array(12), number(snap.length, 2), snap),
    ],
    ['in Frame Relay', 107, join(hex('1841 03cc'), inner)],
    ["in Cisco's Frame Relay", 107, join(hex('1841 0800'), inner)],
    ['in SNAP in Frame Relay', 107, join(hex('1841 0300 80 000000 0800'), inner)],
    ['in ATM', 100, snap],
    ['in Token Ring', 6, join(new Uint8Array(14), snap)],
    ['in FDDI', 10, join(new Uint8Array(13), snap)],
    ['in Fibre Channel', 122, join(new Uint8Array(16), snap)],
    ['in IEEE 1394', 138, join(new Uint8Array(16), hex('0800'), inner)],
    ['in SLIP', 8, join(new Uint8Array(16), inner)],
    ['in DOCSIS', 143, join(hex('0000 0050 0000'), ether('0800', inner))],
    [
      'in ERF',
      197,
      join(
        new Uint8Array(8),
        hex('82'),
        new Uint8Array(7),
        new Uint8Array(8),
        hex('0000'),
        ether('0800', inner),
      ),
    ],
    ['in IPNET', 226, join(new Uint8Array(24), inner)],
    ['of netANALYZER', 240, join(new Uint8Array(4), ether('0800', inner))],
    ['of 802.3br', 274, join(hex('55555555555555d5'), ether('0800', inner))],
    ['in MPLS without Ethernet', 219, join(hex('00010140'), inner)],
    ['of OpenBSD enc', 109, join(new Uint8Array(12), inner)],
    ['of pf', 117, join(hex('3d02'), new Uint8Array(62), inner)],
    [
      'of pktap',
      258,
      join(number(12, 4, true), number(1, 4, true), number(1, 4, true), ether('0800', inner)),
    ],
    [
      'in PPPoE in Linux cooked v1',
      113,
      join(new Uint8Array(14), hex('8864 1100 0001'), number(ppp.length, 2), ppp),
    ],
    ['in MPLS in Linux cooked v2', 276, join(hex('8847'), new Uint8Array(18), hex('00010140'), inner)],
  ])('%s', (_, linkType, frame) => {
    const { events, unread, facts, other } = read(frame, linkType);
    expect({ unread, facts, other }).toEqual({ unread: [], facts: [], other: 0 });
    expect(events).toMatchObject([{ message: { kind: 'esp', spi: 'c0000001', sequence: 7 } }]);
  });

  it('in AH, which is an event as well, and in a fragmented tunnel', () => {
    const ah = join(hex('3204 0000 00003000 00000009'), new Uint8Array(12).fill(1));
    expect(read(ipv4(51, join(ah, esp)), RAW).events).toMatchObject([
      { message: { kind: 'esp', protocol: 'ah', spi: '00003000', sequence: 9 } },
      { message: { kind: 'esp', spi: 'c0000001', sequence: 7 } },
    ]);
    const half = ipv4(4, inner.subarray(0, 24), 0x2000);
    const rest = ipv4(4, inner.subarray(24), 3);
    const whole = readCapture('a', pcapOf([half, rest]), NO_KEYS);
    expect(whole).toMatchObject({
      unread: [],
      events: [{ frame: 2, message: { sequence: 7 } }],
      fragments: 1,
    });
  });
});

describe('what may carry ESP and is not read is named and counted', () => {
  it.each<[what: string, linkType: number, frame: Uint8Array]>([
    ['MACsec', ETHERNET, ether('88e5', new Uint8Array(40))],
    ['NSH', ETHERNET, ether('894f', join(hex('0fc2 0107'), new Uint8Array(40)))],
    ['link type 252 (PDUs exported by Wireshark)', 252, new Uint8Array(40)],
    ['IPsec in EtherType 0x8909, as it seems', ETHERNET, ether('8909', join(hex('0101 0001'), inner))],
    ['IPsec in IP protocol 253, as it seems', RAW, ipv4(253, join(new Uint8Array(6), six))],
    ['IPsec in UDP port 5555, as it seems', RAW, ipv4(17, udp(50_000, 5555, inner))],
    ['L2TPv3', RAW, ipv4(115, join(number(7, 4), new Uint8Array(40)))],
    ['IPComp', RAW, ipv4(108, new Uint8Array(40))],
    ['802.11, encrypted', 105, dot11('0841', new Uint8Array(40))],
    ['PPP Multilink', 9, join(hex('ff03 003d'), new Uint8Array(40))],
    ['CAPWAP, encrypted', RAW, ipv4(17, udp(50_000, 5247, join(hex('01'), new Uint8Array(40))))],
    ['ERF of type 1', 197, join(new Uint8Array(8), hex('01'), new Uint8Array(40))],
    ['an MPLS pseudowire', ETHERNET, ether('8847', join(hex('00010140 00000000'), new Uint8Array(40)))],
    [
      'more than 8 tunnels in one another',
      RAW,
      Array.from({ length: 12 }).reduce<Uint8Array>((packet) => ipv4(4, packet), inner),
    ],
  ])('%s', (what, linkType, frame) => {
    const { events, unread, facts } = read(frame, linkType);
    expect({ events, unread }).toEqual({ events: [], unread: [] });
    expect(facts).toEqual([{ kind: 'passed-over', file: 'a', what, frames: 1, first: 1, mayHide: true }]);
  });
});

describe('what a port or a type only seems to say', () => {
  it.each<[name: string, linkType: number, frame: Uint8Array]>([
    ['an octet to the port of VXLAN', RAW, ipv4(17, udp(50_000, 4789, hex('0a')))],
    ['text to the port of VXLAN', RAW, ipv4(17, udp(50_000, 4789, new Uint8Array(60).fill(0x2a)))],
    ['DNS from the port of GTP-U', RAW, ipv4(17, udp(2152, 53, new Uint8Array(60).fill(0x30)))],
    ['signalling of GTP-U', RAW, ipv4(17, udp(2152, 2152, hex('3201 0004 00000000 00000000')))],
    ['PPPoE discovery', ETHERNET, ether('8863', new Uint8Array(40))],
    ['PPP control', 9, hex('ff03 c021 01010004')],
    ['a beacon', 105, dot11('8000', new Uint8Array(40))],
    ['netlink', 253, new Uint8Array(40)],
    ['USB', 220, join(new Uint8Array(6), inner)],
    ['an ICMP error', RAW, ipv4(1, join(hex('0303 0000 00000000'), inner))],
    ['GRE keepalive', RAW, ipv4(47, hex('0000 0000'))],
  ])('%s is none of ours', (_, linkType, frame) => {
    expect(read(frame, linkType)).toMatchObject({ events: [], unread: [], facts: [], other: 1 });
  });

  it('an incomplete header holds no message, unless the capture cut it', () => {
    const frame = ether('8864', hex('1100'));
    expect(read(frame, ETHERNET)).toMatchObject({
      unread: [],
      facts: [{ what: 'an incomplete PPPoE header', mayHide: false }],
    });
    expect(read(frame, ETHERNET, 60).unread).toMatchObject([{ reason: expect.stringMatching(/snapshot/u) }]);
  });

  it('any octets are read or passed over', () => {
    const property = fc.property(
      fc.constantFrom(1, 113, 276, ...LONGER_LINKS),
      fc.uint8Array({ maxLength: 120 }),
      (linkType, octets) => {
        expect(fromLink(linkType, octets).kind).toMatch(/^(?:ip|other|named|short)$/u);
        const { events, unread, other, facts, fragments, keepalives } = read(octets, linkType);
        const passed = facts.filter(({ kind }) => kind === 'passed-over').length;
        expect(events.length + unread.length + other + passed + fragments + keepalives).toBeGreaterThan(0);
      },
    );
    fc.assert(property, { numRuns: 500 });
  });
});
