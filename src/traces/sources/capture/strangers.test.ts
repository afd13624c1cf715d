/** What others send where IKE and ESP are looked for: it accuses nobody, and takes nothing away. */
import { describe, expect, it } from 'vitest';
import { NO_KEYS } from '../../crypto/keys.ts';
import { hex, ike, ipv4, join, number, patched, pcapOf, udp } from '../../testing/captures.ts';
import { validate } from '../../validate.ts';
import { readCapture } from './capture.ts';

/** From 198.51.100.7. */
const stranger = (octets: Uint8Array): Uint8Array =>
  patched(ipv4(17, udp(50_000, 4500, octets)), 12, hex('c6336407'));

const sealed = (fill: string): Uint8Array => join(hex('0000 0044'), hex(fill.repeat(64)));
const message = (flags: number, exchange: number, id: number, fill: string): Uint8Array =>
  ike({ flags, exchange, id, first: 46, body: sealed(fill) });

/** A session between two hosts; with a response that nobody asked for at the end, if it is to be at fault. */
function session(extra: readonly Uint8Array[], isWrong: boolean): readonly Uint8Array[] {
  const both = ([flags, exchange, id, fill]: Parameters<typeof message>) =>
    ipv4(17, udp(500, 500, message(flags, exchange, id, fill)));
  const back = (frame: Uint8Array): Uint8Array =>
    patched(patched(frame, 12, frame.slice(16, 20)), 16, frame.slice(12, 16));
  const opening = ipv4(17, udp(500, 500, patched(ike(), 8, new Uint8Array(8))));
  const asked = [1, 2, 3].flatMap((id) => [
    both([8, id === 1 ? 35 : 37, id, `a${id}`]),
    back(both([32, id === 1 ? 35 : 37, id, `b${id}`])),
  ]);
  const unasked = isWrong ? [back(both([32, 37, 40, 'cc']))] : [];
  return [
    opening,
    back(ipv4(17, udp(500, 500, ike({ flags: 32 })))),
    ...asked.slice(0, 4),
    ...extra,
    ...asked.slice(4),
    ...unasked,
  ];
}

function judged(frames: readonly Uint8Array[]) {
  const { facts, unread, events } = readCapture('a', pcapOf(frames), NO_KEYS);
  const { verdict, findings, missing } = validate(events, { unread, observed: { facts } });
  return { verdict, found: findings.map(({ rule, condition }) => [rule, condition]), missing };
}

const twice = (frame: (digit: string) => Uint8Array): readonly Uint8Array[] => [frame('1'), frame('2')];
const tcp = (octets: Uint8Array): Uint8Array =>
  ipv4(6, join(hex('9c40 1194 00000001 00000000 5018 ffff 0000 0000'), octets));

const PROBES: readonly (readonly [string, readonly Uint8Array[]])[] = [
  ['STUN', twice((digit) => stranger(hex(`00010000 2112a442 ${digit.repeat(24)}`)))],
  [
    'SIP',
    twice((digit) =>
      stranger(Buffer.from(`OPTIONS sip:nm SIP/2.0\r\nVia: SIP/2.0/UDP nm;branch=${digit}\r\n`)),
    ),
  ],
  ['DTLS', twice((digit) => stranger(hex(`16fefd 0000 000000000000 0010 ${digit.repeat(32)}`)))],
  ['QUIC', twice((digit) => stranger(hex(`c3 00000001 08 0102030405060708 00 ${digit.repeat(40)}`)))],
  ['one octet over and over', [9, 30].map((length) => stranger(new Uint8Array(length).fill(255)))],
  ['a few octets', ['ff', '0a', '00000000', '000000000a'].map((octets) => stranger(hex(octets)))],
  ['TCP that is text', [patched(tcp(Buffer.from('GET / HTTP/1.1\r\n')), 12, hex('c6336407'))]],
  ['TCP that is TLS', [patched(tcp(hex('16030100a2 0100009e0303')), 12, hex('c6336407'))]],
  [
    'TCP that ends inside a message',
    [patched(tcp(join(Buffer.from('IKETCP'), number(90, 2), new Uint8Array(9))), 12, hex('c6336407'))],
  ],
];

describe('what a stranger sends', () => {
  it.each(PROBES)('%s: accuses nobody, and takes no finding away', (_, probes) => {
    expect(judged(session([], true))).toMatchObject({
      verdict: 'violates',
      found: [['RFC7296-2.2-RESPONSE-ID', undefined]],
    });
    expect(judged(session(probes, true))).toMatchObject({
      verdict: 'violates',
      found: [['RFC7296-2.2-RESPONSE-ID', undefined]],
    });
    expect(judged(session(probes, false)).found).toEqual([]);
  });

  it('is not taken for a message of an end whose SPIs it bears', () => {
    const forged = stranger(join(new Uint8Array(4), message(8, 37, 2, 'ff')));
    const { verdict, found, missing } = judged(session([forged], false));
    expect([verdict, found]).toEqual([
      'inconclusive',
      [['RFC7296-2.2-NEXT-ID', 'frame 7 is of the initiator']],
    ]);
    expect(missing.join()).toMatch(/it comes from 198\.51\.100\.7, to where nothing of this IKE SA goes/u);
    // From the host of the initiator itself it is one.
    const own = ipv4(17, udp(500, 500, message(8, 37, 2, 'ff')));
    expect(judged(session([own], false))).toMatchObject({ verdict: 'violates' });
    // So it is from elsewhere, if the other end answers to there: addresses change.
    const answer = patched(
      patched(
        ipv4(17, udp(4500, 50_000, join(new Uint8Array(4), message(32, 37, 2, 'ee')))),
        12,
        hex('c0000202'),
      ),
      16,
      hex('c6336407'),
    );
    expect(judged(session([forged, answer], false))).toMatchObject({ verdict: 'violates' });
  });
});

describe('IKE without the four octets before it', () => {
  it('on port 4500 is named, and is no ESP', () => {
    const { events, facts } = readCapture(
      'a',
      pcapOf([1, 2].map((id) => ipv4(17, udp(4500, 4500, message(8, 37, id, 'aa'))))),
      NO_KEYS,
    );
    expect(events).toEqual([]);
    const concerns = [{ kind: 'ike', sa: '1111111111111111:2222222222222222' }];
    expect(facts).toMatchObject([
      { what: expect.stringMatching(/without the four/u), frames: 2, mayHide: true, concerns },
    ]);
  });

  it('is read between ports 4500 and 500', () => {
    const frames = [join(new Uint8Array(4), message(8, 37, 1, 'aa')), message(8, 37, 2, 'bb')];
    const { events } = readCapture(
      'a',
      pcapOf(frames.map((octets) => ipv4(17, udp(4500, 500, octets)))),
      NO_KEYS,
    );
    expect(events).toMatchObject([{ message: { kind: 'ike', id: 1 } }, { message: { kind: 'ike', id: 2 } }]);
  });
});

it('what may be hidden in frames whose SPIs are known concerns these IKE SAs alone', () => {
  const elsewhere = (octets: Uint8Array): Uint8Array => ipv4(17, udp(5555, 5555, octets));
  const other = patched(message(8, 37, 40, 'dd'), 0, hex('9999999999999999'));
  expect(judged(session([elsewhere(other)], true)).found).toEqual([['RFC7296-2.2-RESPONSE-ID', undefined]]);
  const own = judged(session([elsewhere(message(8, 37, 40, 'dd'))], true));
  expect(own).toMatchObject({ verdict: 'inconclusive', found: [[expect.anything(), expect.anything()]] });
});

describe('packets of ESP that are cut off', () => {
  const esp = (sequence: number, fill: string): Uint8Array =>
    ipv4(50, join(hex('c0000001'), number(sequence, 4), hex(fill.repeat(40))));
  const cut = (...frames: readonly Uint8Array[]) =>
    readCapture(
      'a',
      pcapOf(
        frames.map((frame) => frame.subarray(0, 40)),
        { cut: 28 },
      ),
      NO_KEYS,
    );

  it('are judged by their numbers', () => {
    const { events, unread, remarks } = cut(esp(1, 'aa'), esp(2, 'bb'));
    expect([events.length, unread]).toEqual([2, []]);
    expect(validate(events).verdict).toBe('conformant');
    expect(remarks).toEqual([expect.stringMatching(/^of 2 packets of ESP or AH .*snapshot length/u)]);
  });

  it('accuse nobody where a number comes twice', () => {
    const { verdict, findings, missing } = validate(cut(esp(1, 'aa'), esp(2, 'bb'), esp(2, 'cc')).events);
    expect([verdict, findings]).toEqual(['inconclusive', []]);
    expect(missing.join()).toMatch(/the octets of ESP packets: .*number 2 of SPI c0000001/u);
  });
});

it('a capture of which every frame is there twice shows what one without copies does', () => {
  const frames = session([], true);
  expect(judged(frames.flatMap((frame) => [frame, frame]))).toMatchObject({
    verdict: 'violates',
    found: [['RFC7296-2.2-RESPONSE-ID', undefined]],
  });
});
