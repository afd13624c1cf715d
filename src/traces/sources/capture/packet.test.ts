import { describe, expect, it } from 'vitest';
import { normalAddress } from '../../common/address.ts';
import { NO_KEYS } from '../../crypto/keys.ts';
import { hex, ike, ipv4, ipv6, join, number, payload, pcapOf, udp } from '../../testing/captures.ts';
import { readCapture } from './capture.ts';

const read = (frame: Uint8Array, linkType = 101, cut = 0) =>
  readCapture('a.pcap', pcapOf([frame], { linkType, cut }), NO_KEYS);

const message = udp(500, 500, ike());
const esp = hex(`c0000001 00000007 ${'00'.repeat(32)}`);
const ethernet = (type: string, packet: Uint8Array): Uint8Array =>
  join(hex(`${'02'.repeat(12)} ${type}`), packet);

describe('link types', () => {
  const four = ipv4(17, message);
  const six = ipv6(17, message);
  it.each([
    ['Ethernet', 1, ethernet('0800', four)],
    ['Ethernet with padding', 1, join(ethernet('0800', four), new Uint8Array(9))],
    ['Ethernet, IPv6', 1, ethernet('86dd', six)],
    ['one VLAN tag', 1, ethernet('8100 0007 0800', four)],
    ['two VLAN tags', 1, ethernet('88a8 0007 8100 0008 86dd', six)],
    ['raw 12', 12, four],
    ['raw 14', 14, six],
    ['raw 101', 101, six],
    ['IPv4', 228, four],
    ['IPv6', 229, six],
    ['cooked v1', 113, join(hex(`0000 0001 0006 ${'02'.repeat(8)} 0800`), four)],
    ['cooked v2', 276, join(hex(`86dd 0000 00000001 0001 00 06 ${'02'.repeat(8)}`), six)],
    ['null, little endian', 0, join(hex('02000000'), four)],
    ['null, big endian', 0, join(hex('0000001e'), six)],
    ['loopback', 108, join(hex('00000018'), six)],
  ])('%s', (_, linkType, frame) => {
    const { events, unread } = read(frame, linkType);
    expect(unread).toEqual([]);
    expect(events.map(({ message: { kind } }) => kind)).toEqual(['ike']);
  });

  it('an unknown one is refused by number', () => {
    expect(() => read(four, 147)).toThrow(/octet 20: link type 147 is not known\n.*Known: Ethernet \(1\)/u);
  });

  it.each([
    ['ARP', 1, ethernet('0806', new Uint8Array(28))],
    ['raw that is not IP', 101, hex('00')],
    ['null with another family', 0, hex('07000000 00')],
  ])('%s is no business of ours', (_, linkType, frame) => {
    expect(read(frame, linkType)).toMatchObject({ events: [], unread: [], other: 1 });
  });
});

describe('packets', () => {
  const seen = (frame: Uint8Array) => read(frame).events[0];

  it('IKE in UDP 500 and 4500', () => {
    expect(seen(ipv4(17, message))).toMatchObject({
      time: 1000.5,
      observer: 'tap',
      sa: '1111111111111111:2222222222222222',
      frame: 1,
      event: 'seen',
      from: 'initiator',
      source: '192.0.2.1:500',
      destination: '192.0.2.2:500',
      message: { kind: 'ike', exchange: 'IKE_SA_INIT', response: false, id: 0, payloads: [] },
      integrity: 'unchecked',
    });
    const natted = seen(ipv6(17, udp(4500, 33333, join(number(0, 4), ike()))));
    expect(natted).toMatchObject({ source: '[2001:db8::1]:4500', destination: '[2001:db8::2]:33333' });
    expect(natted?.octets).toBe(seen(ipv4(17, message))?.octets);
  });

  it('ESP, bare and in UDP, has the same digest', () => {
    const bare = seen(ipv4(50, esp));
    expect(bare).toMatchObject({
      source: '192.0.2.1',
      destination: '192.0.2.2',
      message: { kind: 'esp', spi: 'c0000001', sequence: 7 },
      integrity: 'unchecked',
    });
    expect(bare).not.toHaveProperty('from');
    expect(bare).not.toHaveProperty('sa');
    const inUdp = seen(ipv4(17, udp(4500, 4500, esp)));
    expect(inUdp?.octets).toBe(bare?.octets);
    const altered = seen(ipv4(50, join(esp.subarray(0, -1), hex('01'))));
    expect(altered?.octets).not.toBe(bare?.octets);
    expect(altered?.octetsBeforeIntegrity).toBe(bare?.octetsBeforeIntegrity);
  });

  it('IPv6 extension headers', () => {
    const hopByHop = join(hex('2b 00'), new Uint8Array(6));
    const routing = join(hex('3c 01'), new Uint8Array(14));
    const options = join(hex('2c 00'), new Uint8Array(6));
    const atomic = hex('1100 0000 00000001');
    expect(seen(ipv6(0, join(hopByHop, routing, options, atomic, message)))?.message.kind).toBe('ike');
  });

  it.each([
    ['NAT keepalive', ipv4(17, udp(4500, 4500, hex('ff'))), { keepalives: 1, other: 0 }],
    [
      'TCP 4500',
      ipv4(6, udp(4500, 4500, new Uint8Array([0, 0, 0, 0, 0x50, 0x10, 0, 0, 0, 0, 0, 0]))),
      { keepalives: 0, other: 1 },
    ],
    ['DNS', ipv4(17, udp(5353, 53, hex('00'))), { keepalives: 0, other: 1 }],
  ])('%s is counted', (_, frame, counts) => {
    expect(read(frame)).toMatchObject({ events: [], unread: [], frames: 1, ...counts });
  });

  it.each([
    ['fragment', ipv4(17, message, 0x2000), /^a fragment of an IP packet of which 36 octets came/u],
    ['later fragment', ipv4(50, esp, 3), /^a fragment of an IP packet of which 40 of 64 octets came/u],
    ['IPv6 fragment', ipv6(44, join(hex('1100 0001 00000001'), message)), /^a fragment of an IP packet/u],
    ['IPv4 packet cut', ipv4(17, message).subarray(0, -1), /promises 1 octets more/u],
    ['UDP length', ipv4(17, join(hex('01f4 01f4 0007 0000'), ike())), /UDP header says 7 octets/u],
  ])('%s is not read', (_, frame, reason) => {
    const capture = read(frame);
    expect(capture).toMatchObject({ events: [], other: 0, unread: [{ file: 'a.pcap', at: 1 }] });
    expect(capture.unread[0]?.reason).toMatch(reason);
  });

  const tooShort = 'a datagram of UDP port 500 or 4500 that is too short for IKE and ESP';

  // What no host takes explains nothing: it is counted, and is no hole.
  it.each([
    ['IPv6 header cut', ipv6(0, message).subarray(0, 39), 'a broken IP header'],
    ['extension header cut', ipv6(60, hex('11ff 0000 0000 0000')), 'a broken IP header'],
    ['IPv4 header too short', join(hex('44'), ipv4(17, message).subarray(1)), 'a broken IP header'],
    ['IPv4 cut', ipv4(17, message).subarray(0, 19), 'a broken IP header'],
    ['UDP header cut', ipv4(17, message.subarray(0, 7)), 'an incomplete UDP header'],
    ['one octet to 4500', ipv4(17, udp(55555, 4500, hex('0a'))), tooShort],
    ['short in 4500', ipv4(17, udp(4500, 4500, hex('0000'))), tooShort],
    ['marker alone', ipv4(17, udp(4500, 4500, hex('00000000'))), tooShort],
    ['short ESP', ipv4(50, esp.subarray(0, 7)), 'an incomplete ESP header'],
    ['short IKE', ipv4(17, udp(500, 500, ike().subarray(0, 27))), tooShort],
    ['empty IKE', ipv4(17, udp(500, 500, hex(''))), tooShort],
    ['IKE version 1', ipv4(17, udp(500, 500, ike({ version: 0x10 }))), 'IKE version 1'],
  ])('%s is passed over and counted', (_, frame, what) => {
    expect(read(frame)).toMatchObject({
      ...{ events: [], unread: [], other: 0 },
      facts: [{ kind: 'passed-over', file: 'a.pcap', what, frames: 1, first: 1, mayHide: false }],
    });
  });

  it('says that the capture cut a packet, unless it is none of ours', () => {
    const frame = ipv4(17, message);
    const reason = `the capture has only ${frame.length - 9} of its ${frame.length} octets (snapshot length)`;
    expect(read(frame.subarray(0, -9), 101, 9).unread).toMatchObject([{ file: 'a.pcap', at: 1, reason }]);
    expect(read(ipv4(6, new Uint8Array(40)).subarray(0, -9), 101, 9)).toMatchObject({ other: 1, unread: [] });
  });
});

describe('IKE messages', () => {
  const seen = (octets: Uint8Array) => read(ipv4(17, udp(500, 500, octets)));
  const notify = payload(0, hex('03 04 4009 c0000001 aabb'));

  it('reads Notify and Delete', () => {
    const body = join(
      payload(42, hex('03 04 4009 c0000001 aabb')),
      payload(200, hex('03 04 0002 0000000100000002')),
      payload(0, hex('')),
    );
    expect(seen(ike({ first: 41, body })).events[0]?.message).toMatchObject({
      payloads: [
        { type: 'N', notify: 0x4009, protocol: 3, spi: 'c0000001', data: 'aabb' },
        { type: 'D', protocol: 3, spis: ['00000001', '00000002'] },
        { type: 'other', name: '200' },
      ],
    });
  });

  it('takes nothing unprotected for good after IKE_SA_INIT', () => {
    const event = seen(ike({ exchange: 37, flags: 0x20, first: 41, body: notify })).events[0];
    expect(event).toMatchObject({
      from: 'responder',
      integrity: 'bad',
      message: { exchange: 'INFORMATIONAL' },
    });
    expect(event).not.toHaveProperty('octetsBeforeIntegrity');
  });

  it('leaves encrypted messages without keys unchecked', () => {
    const event = seen(ike({ exchange: 99, first: 46, body: payload(41, new Uint8Array(48)) })).events[0];
    expect(event).toMatchObject({ integrity: 'unchecked', message: { exchange: '99' } });
    expect(event?.message).not.toHaveProperty('payloads');
    expect(event).toHaveProperty('octetsBeforeIntegrity');
  });

  it.each([
    ['version 3', ike({ version: 0x30 }), /IKE version 3: only version 2/u],
    ['longer than it says', join(ike(), hex('00')), /says 28 octets, the datagram has 29/u],
    ['payload missing', ike({ first: 41 }), /payload N: its header is 4 octets, there are 0/u],
    ['payload length 0', ike({ first: 40, body: hex('00000000') }), /payload Nonce: it says 0 octets/u],
    ['payload too long', ike({ first: 40, body: hex('000000ff') }), /it says 255 octets, there are 4/u],
    ['octets left', ike({ first: 40, body: hex('0000000400') }), /1 octets follow the last payload/u],
    ['SK not last', ike({ first: 46, body: hex('2900000400') }), /SK is not the last/u],
    ['SKF not last', ike({ first: 53, body: hex('2900000800010001 00') }), /SKF is not the last/u],
    ['SKF short', ike({ first: 53, body: payload(0, hex('000100')) }), /payload SKF: its fixed part/u],
    ['SKF cut', ike({ first: 53, body: hex('0000') }), /payload SKF: its header is 4 octets/u],
    ['notify short', ike({ first: 41, body: payload(0, hex('0000')) }), /payload N: its fixed part/u],
    ['notify SPI', ike({ first: 41, body: payload(0, hex('03 05 4009 00')) }), /an SPI of 5 octets/u],
    ['delete short', ike({ first: 42, body: payload(0, hex('03')) }), /payload D: its fixed part/u],
    ['delete SPIs', ike({ first: 42, body: payload(0, hex('03 04 ffff 00')) }), /65535 SPIs of 4 octets/u],
  ])('%s is not read', (_, octets, reason) => {
    const capture = seen(octets);
    expect(capture.events).toEqual([]);
    expect(capture.unread[0]?.reason).toMatch(reason);
    // Its SPIs tell which SA it belongs to: it is no hole of others.
    expect(capture.unread[0]?.concern).toEqual({ kind: 'ike', sa: '1111111111111111:2222222222222222' });
  });
});

describe('normalAddress', () => {
  it.each([
    ['010.0.0.1', '10.0.0.1'],
    ['256.0.0.1', undefined],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::', '::'],
    ['1:0:2::', '1:0:2::'],
    ['1:2:3:4:5:6:0:8', '1:2:3:4:5:6:0:8'],
    ['1:2', undefined],
    ['1::2::3', undefined],
    ['1:2:3:4:5:6:7:8::', undefined],
    ['gateway', undefined],
  ])('%s', (text, expected) => {
    expect(normalAddress(text)).toBe(expected);
  });
});
