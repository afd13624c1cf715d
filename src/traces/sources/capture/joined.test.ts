/** Messages in several frames: fragments of IP packets, and TCP streams. */
import { describe, expect, it } from 'vitest';
import { NO_KEYS } from '../../crypto/keys.ts';
import { hex, ike, ipv4, ipv6, join, number, pcapOf, udp } from '../../testing/captures.ts';
import { readCapture } from './capture.ts';
import { MOST_INCOMPLETE_PACKETS } from './ip-fragments.ts';

const read = (frames: readonly Uint8Array[]) => readCapture('a.pcap', pcapOf(frames), NO_KEYS);
const message = udp(500, 500, ike({ id: 7 }));
const whole = read([ipv4(17, message)]).events[0];

/** The octets of an IPv6 fragment from 8 * `at` on. */
const six = (body: Uint8Array, at: number, more: boolean): Uint8Array =>
  ipv6(44, join(hex('1100'), number(8 * at + Number(more), 2), hex('00000009'), body));

describe('fragments of IP packets', () => {
  const first = ipv4(17, message.subarray(0, 16), 0x2000);
  const second = ipv4(17, message.subarray(16, 24), 0x2002);
  const last = ipv4(17, message.subarray(24), 0x0003);

  it.each([
    ['in order', [first, second, last]],
    ['in reverse', [last, second, first]],
    ['one twice', [first, second, second, last]],
    ['IPv6', [six(message.subarray(0, 16), 0, true), six(message.subarray(16), 2, false)]],
  ])('%s', (_, frames) => {
    const { events, unread, fragments } = read(frames);
    expect(unread).toEqual([]);
    expect(events).toMatchObject([{ frame: frames.length, octets: whole?.octets }]);
    expect(fragments).toBe(frames.length - 1);
  });

  it('of IPv6 may have headers inside', () => {
    const inside = join(hex('1100 0000 00000000'), message);
    const fragment = (octets: Uint8Array, at: number, more: boolean): Uint8Array =>
      ipv6(44, join(hex('3c00'), number(8 * at + Number(more), 2), hex('00000009'), octets));
    const { events } = read([
      fragment(inside.subarray(0, 8), 0, true),
      fragment(inside.subarray(8), 1, false),
    ]);
    expect(events).toMatchObject([{ octets: whole?.octets }]);
  });

  it.each([
    ['that overlap', [first, ipv4(17, message.subarray(8, 24), 0x2001)], /overlap/u],
    ['that do not agree on the length', [last, ipv4(17, message, 0x2003)], /agree on its length/u],
    ['beyond any packet', [ipv4(50, new Uint8Array(32), 0x1fff)], /ends at octet 65560/u],
  ])('%s are not joined', (_, frames, reason) => {
    const { events, unread } = read(frames);
    expect(events).toEqual([]);
    expect(unread).toHaveLength(frames.length);
    for (const each of unread) expect(each.reason).toMatch(reason);
  });

  it('of no IPsec are no business of ours', () => {
    const dns = udp(5353, 53, new Uint8Array(16));
    const { other, fragments, unread } = read([
      ipv4(17, dns.subarray(0, 16), 0x2000),
      ipv4(17, dns.subarray(16), 2),
    ]);
    expect({ other, fragments, unread }).toEqual({ other: 1, fragments: 1, unread: [] });
  });

  it('are kept for a while, not for ever', () => {
    const many = Array.from({ length: MOST_INCOMPLETE_PACKETS + 3 }, (_, n) => {
      const frame = first.slice();
      frame.set(number(n, 2), 4);
      return frame;
    });
    const { unread } = read(many);
    expect(unread).toHaveLength(many.length);
    expect(unread.filter(({ reason }) => reason.includes('within 60 s')).length).toBe(0);
    expect(unread.filter(({ reason }) => reason.includes('oldest of more than')).map(({ at }) => at)).toEqual(
      [1, 2, 3],
    );
  });
});

describe('IKE and ESP in TCP', () => {
  const segment = (sequence: number, body: Uint8Array, flags = 0x18): Uint8Array =>
    ipv4(
      6,
      join(
        number(40000, 2),
        number(4500, 2),
        number(sequence, 4),
        number(0, 4),
        number(0x50, 1),
        number(flags, 1),
        hex('ffff 0000 0000'),
        body,
      ),
    );
  const inStream = (octets: Uint8Array): Uint8Array => join(number(octets.length + 2, 2), octets);
  const ikeMessage = inStream(join(number(0, 4), ike({ id: 7 })));
  const esp = inStream(hex(`c0000001 00000007 ${'00'.repeat(32)}`));
  const prefix = Buffer.from('IKETCP');
  const syn = segment(0xffff_fffe, hex(''), 0x02);
  const stream = join(prefix, ikeMessage, esp, esp);

  const cut = (...sizes: readonly number[]): readonly Uint8Array[] => {
    let at = 0;
    return [...sizes, stream.length].map((size) => {
      const part = segment((0xffff_ffff + at) % 2 ** 32, stream.subarray(at, at + size));
      at += size;
      return part;
    });
  };

  it.each([
    ['in one segment', [syn, ...cut()]],
    ['in many', [syn, ...cut(3, 4, 10, 1, 30)]],
    ['out of order', [syn, ...cut(3, 4, 10, 1, 30).toReversed()]],
    ['sent again', [syn, ...cut(9, 20), ...cut(9, 20)]],
    ['without its start', cut(40).slice(0)],
  ])('%s', (_, frames) => {
    const { events, unread } = read(frames);
    expect(unread).toEqual([]);
    expect(events.map(({ message: { kind } }) => kind)).toEqual(['ike', 'esp', 'esp']);
    expect(events[0]).toMatchObject({ octets: whole?.octets, source: '192.0.2.1:40000' });
  });

  const kept = (frame: Uint8Array, octets: number): Uint8Array => frame.subarray(0, 40 + octets);
  const past = (octets: number): number => (0xffff_ffff + octets) % 2 ** 32;
  const [first, second] = [6 + ikeMessage.length, 6 + ikeMessage.length + esp.length];
  const promises = (octets: number) => ({
    reason: `the IP header promises ${octets} octets more than there are`,
    concern: { kind: 'hosts', hosts: ['192.0.2.1', '192.0.2.2'] },
  });

  it.each([
    ['in its last message', [kept(segment(0xffff_ffff, stream), second + 9)], ['ike', 'esp']],
    ['in its first message', [kept(segment(0xffff_ffff, stream.subarray(0, first)), 30)], []],
    ['in the prefix', [kept(segment(0xffff_ffff, stream.subarray(0, first)), 3)], []],
    ['in a length', [kept(segment(0xffff_ffff, stream), first + 1)], ['ike']],
    ['before all of it', [kept(segment(0xffff_ffff, stream), 0)], []],
    [
      'and a whole one after it',
      [kept(segment(0xffff_ffff, stream.subarray(0, first)), 30), segment(past(first), esp)],
      ['esp'],
    ],
    [
      'in a message that ends in the next one',
      [
        kept(segment(0xffff_ffff, stream.subarray(0, first + 20)), first + 9),
        segment(past(first + 20), stream.subarray(first + 20)),
      ],
      ['ike', 'esp'],
    ],
    [
      'and before its turn',
      [
        kept(segment(past(first), stream.subarray(first)), esp.length + 5),
        segment(0xffff_ffff, stream.subarray(0, first)),
      ],
      ['ike', 'esp'],
    ],
    [
      'and sent again, with more of it and whole, before its turn',
      [
        kept(segment(past(first), stream.subarray(first)), 5),
        segment(past(first), stream.subarray(first)),
        segment(0xffff_ffff, stream.subarray(0, first)),
      ],
      ['ike', 'esp', 'esp'],
    ],
  ])('says which segment is cut %s, and reads what is there', (_, frames, kinds) => {
    const { events, unread, fragments } = read([syn, ...frames]);
    const [octets] = frames;
    const missing = 256 * (octets?.[2] ?? 0) + (octets?.[3] ?? 0) - (octets?.length ?? 0);
    expect(unread).toMatchObject([{ at: 2, ...promises(missing) }]);
    expect(events.map(({ message: { kind } }) => kind)).toEqual(kinds);
    expect(fragments).toBeLessThan(frames.length);
  });

  it('says nothing of what is cut after the stream, twice, or on other ports', () => {
    const whole = segment(0xffff_ffff, stream);
    const again = kept(segment(0xffff_ffff, stream), 20);
    const other = kept(ipv4(6, join(number(40000, 2), number(443, 2), new Uint8Array(60))), 10);
    const { events, unread } = read([syn, whole, again, other]);
    expect([events.length, unread]).toEqual([3, []]);
  });

  it('says so by the snapshot length, where that cuts', () => {
    const frame = segment(0xffff_ffff, stream);
    const octets = pcapOf([kept(frame, second + 9)], { cut: esp.length - 9 });
    const { events, unread } = readCapture('a.pcap', octets, NO_KEYS);
    expect(events).toHaveLength(2);
    const there = frame.length - esp.length + 9;
    const reason = `the capture has only ${there} of its ${frame.length} octets (snapshot length)`;
    expect(unread).toMatchObject([{ at: 1, reason }]);
  });

  it('says that a header is cut', () => {
    const ports = segment(0xffff_ffff, stream).subarray(0, 26);
    expect(read([ports]).unread).toMatchObject([promises(stream.length + 14)]);
    expect(read([ports.subarray(0, 22)]).unread).toMatchObject([promises(stream.length + 18)]);
  });

  it('tells what is missing', () => {
    const ends = read([syn, ...cut(45, 10).slice(0, 1)]);
    expect(ends.unread.map(({ reason }) => reason)).toEqual(['1 TCP streams end inside a message']);
    const nonsense = read([syn, segment(0xffff_ffff, join(prefix, hex('0001 0000')))]);
    expect(nonsense.unread).toMatchObject([{ at: 2, reason: 'a message of 1 octets in the TCP stream' }]);
  });
});
