import { createCipheriv, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Keys, NO_KEYS } from '../../crypto/keys.ts';
import type { Payload } from '../../events/event.ts';
import {
  CBC_WITH_SHA2,
  hex,
  ike,
  ipv4,
  join,
  kept,
  number,
  patched,
  payload,
  pcapOf,
  udp,
} from '../../testing/captures.ts';
import { InputError } from '../input-error.ts';
import { type Capture, readCapture } from './capture.ts';
import { MOST_FRAGMENTS, MOST_INCOMPLETE } from './ike-fragments.ts';

const SA = '1111111111111111:2222222222222222';
const initiator = {
  protection: CBC_WITH_SHA2,
  encryption: hex('11'.repeat(16)),
  integrity: hex('22'.repeat(32)),
};
const responder = {
  protection: CBC_WITH_SHA2,
  encryption: hex('44'.repeat(16)),
  integrity: hex('55'.repeat(32)),
};
const KEYS: Keys = {
  ike: new Map([[SA, { place: { file: 'keys.csv', line: 1 }, sa: SA, initiator, responder }]]),
  esp: [],
};

interface FragmentForm {
  readonly number: number;
  readonly total: number;
  /** What is inside; padded here. */
  readonly inside?: Uint8Array;
  /** Next Payload. */
  readonly first?: number;
  readonly id?: number;
  readonly response?: boolean;
  /** Of the initialization vector. */
  readonly vector?: number;
  /** Padding beyond what is needed to fill the block, in blocks. */
  readonly more?: number;
}

/** A message with one fragment: of IKE_AUTH, requests by the initiator and responses by the responder. */
function fragment(form: FragmentForm): Uint8Array {
  const { inside = new Uint8Array(), first = 0, id = 1, response = false, vector = form.number % 256 } = form;
  const keys = response ? responder : initiator;
  const padding = 15 - (inside.length % 16) + 16 * (form.more ?? 0);
  const iv = new Uint8Array(16).fill(vector);
  const cipher = createCipheriv('aes-128-cbc', keys.encryption, iv).setAutoPadding(false);
  const blocks = cipher.update(join(inside, new Uint8Array(padding), number(padding, 1)));
  return signed(form, join(iv, blocks), { first, id, response });
}

function signed(
  form: Pick<FragmentForm, 'number' | 'total'>,
  octets: Uint8Array,
  { first = 0, id = 1, response = false } = {},
): Uint8Array {
  const body = join(number(form.number, 2), number(form.total, 2), octets, new Uint8Array(16));
  const flags = response ? 0x20 : 0x08;
  const covered = ike({ exchange: 35, flags, id, first: 53, body: payload(first, body) }).subarray(0, -16);
  const { integrity } = response ? responder : initiator;
  return join(covered, createHmac('sha256', integrity).update(covered).digest().subarray(0, 16));
}

const inside = join(
  payload(41, hex('0000 4024')),
  payload(39, hex('00 00 4000')),
  payload(0, new Uint8Array(40)),
);
const PAYLOADS: readonly Payload[] = [
  { type: 'N', notify: 16420, protocol: 0, spi: '', data: '' },
  { type: 'N', notify: 16384, protocol: 0, spi: '', data: '' },
  { type: 'other', name: 'AUTH' },
];
// Cut in the middle of payloads, and with whole blocks, which take a block of padding more.
const CUTS = [0, 5, 37, inside.length];

/** The message `inside`, in three fragments. */
const three = (form: Partial<FragmentForm> = {}): readonly [Uint8Array, Uint8Array, Uint8Array] => {
  const piece = (n: number): Uint8Array =>
    fragment({
      number: n,
      total: 3,
      inside: inside.subarray(CUTS[n - 1], CUTS[n]),
      first: n === 1 ? 41 : 0,
      ...form,
    });
  return [piece(1), piece(2), piece(3)];
};

/** Reads messages, one in each frame, and checks that all are accounted for. */
function read(messages: readonly Uint8Array[], keys: Keys = KEYS): Capture {
  const frames = messages.map((message) => ipv4(17, udp(500, 500, message)));
  const capture = readCapture('a.pcap', pcapOf(frames), keys);
  const { events, unread, keepalives, other, fragments } = capture;
  expect(events.length + unread.length + keepalives + other + fragments).toBe(messages.length);
  expect(capture.frames).toBe(messages.length);
  return capture;
}

const framesOf = (capture: Capture): readonly (number | undefined)[] =>
  capture.events.map(({ frame }) => frame);
const unreadOf = (capture: Capture): readonly [at: number | undefined, reason: string][] =>
  capture.unread.map(({ at, reason }) => [at, reason]);
const altered = (message: Uint8Array): Uint8Array => patched(message, 60, number((message[60] ?? 0) ^ 1, 1));

describe('the fragments of a message', () => {
  const [one, two, last] = three();

  it.each([[[one, two, last]], [[last, two, one]], [[two, last, one]]])(
    'are joined in any order (%#)',
    (messages) => {
      const capture = read(messages);
      expect(capture).toMatchObject({ unread: [], fragments: 2 });
      expect(capture.events).toEqual([
        {
          time: 1002.5,
          observer: 'tap',
          sa: SA,
          frame: 3,
          event: 'seen',
          from: 'initiator',
          source: '192.0.2.1:500',
          destination: '192.0.2.2:500',
          message: { kind: 'ike', exchange: 'IKE_AUTH', response: false, id: 1, payloads: PAYLOADS },
          octets: read([one, two, last]).events[0]?.octets,
          octetsBeforeIntegrity: expect.stringMatching(/^[0-9a-f]{32}$/u),
          integrityValue: expect.stringMatching(/^[0-9a-f]{32}$/u),
          integrity: 'good',
        },
      ]);
    },
  );

  it('have each its own initialization vector and padding', () => {
    expect(read(three({ more: 2 })).events[0]?.message).toMatchObject({ payloads: PAYLOADS });
    const first = fragment({ number: 1, total: 1, inside, first: 41 });
    expect(read([first])).toMatchObject({ events: [{ message: { payloads: PAYLOADS } }], fragments: 0 });
  });

  it('may be there twice: the first of a number is kept', () => {
    // Authentic too, but not the same octets, and of another inside.
    const other = fragment({ number: 2, total: 3, inside: hex('ff'), vector: 9 });
    const capture = read([one, one, two, other, two, last]);
    expect(capture).toMatchObject({ unread: [], fragments: 5 });
    expect(capture.events).toMatchObject([{ frame: 6, message: { payloads: PAYLOADS } }]);
    expect(capture.events[0]?.octets).toBe(read([one, two, last]).events[0]?.octets);
  });

  it('are explained if one is missing', () => {
    const capture = read([last, one]);
    const reason = '2 of 3 fragments of IKE_AUTH request 1 were seen';
    expect(capture).toMatchObject({ events: [], fragments: 0 });
    expect(unreadOf(capture)).toEqual([
      [1, reason],
      [2, reason],
    ]);
    expect(unreadOf(read([two]))).toEqual([[1, '1 of 3 fragments of IKE_AUTH request 1 was seen']]);
  });

  it('are not taken if altered: the right one may still come', () => {
    const capture = read([one, altered(two), last, two]);
    expect(capture).toMatchObject({ unread: [], fragments: 3 });
    expect(capture.events).toMatchObject([{ frame: 4, integrity: 'good', message: { payloads: PAYLOADS } }]);
    const without = read([one, altered(two), last]);
    expect(without).toMatchObject({ events: [], fragments: 1 });
    expect(without.unread.map(({ at }) => at)).toEqual([1, 3]);
  });

  it('are told apart by Message ID, direction and SA', () => {
    const next = three({ id: 2 });
    const response = three({ response: true });
    const another = three().map((message) => patched(message, 8, hex('3333333333333333')));
    const messages = [0, 1, 2].flatMap((n) =>
      [three(), next, response, another].map((set) => set[n] ?? new Uint8Array()),
    );
    const capture = read(messages);
    expect(capture).toMatchObject({ unread: [], fragments: 8 });
    expect(
      capture.events.map(({ frame, sa, from, message, integrity }) => [
        frame,
        sa === SA,
        from,
        message,
        integrity,
      ]),
    ).toMatchObject([
      [9, true, 'initiator', { response: false, id: 1, payloads: PAYLOADS }, 'good'],
      [10, true, 'initiator', { response: false, id: 2, payloads: PAYLOADS }, 'good'],
      [11, true, 'responder', { response: true, id: 1, payloads: PAYLOADS }, 'good'],
      [12, false, 'initiator', { response: false, id: 1 }, 'unchecked'],
    ]);
  });
});

describe('a retransmission', () => {
  const [one, two, last] = three();

  it('is an event of its own with the same octets', () => {
    const capture = read([one, two, last, last, one, two]);
    expect(framesOf(capture)).toEqual([3, 6]);
    expect(capture.events[1]?.octets).toBe(capture.events[0]?.octets);
    expect(capture.fragments).toBe(4);
    // Encrypted anew, it would be another message.
    const anew = read(three({ vector: 9 })).events[0];
    expect(anew?.octets).not.toBe(capture.events[0]?.octets);
  });

  it('may be mixed with the first copy: what it has too many is a copy, and no hole', () => {
    const capture = read([one, two, one, two, last, last]);
    expect(framesOf(capture)).toEqual([5]);
    expect(unreadOf(capture)).toEqual([]);
    expect(capture.fragments).toBe(5);
  });

  it('may be seen twice, frame by frame, and altered', () => {
    for (const keys of [KEYS, NO_KEYS]) {
      const capture = read([one, one, two, two, last, last, altered(last)], keys);
      expect(framesOf(capture)).toEqual([5]);
      expect(unreadOf(capture)).toEqual([]);
    }
  });

  it('in other fragments has the same octets', () => {
    const halves = [0, 1].map((n) =>
      fragment({
        number: n + 1,
        total: 2,
        inside: n === 0 ? inside.subarray(0, 30) : inside.subarray(30),
        first: n === 0 ? 41 : 0,
      }),
    );
    for (const keys of [KEYS, NO_KEYS]) {
      const [first, again] = read([...halves, one, two, last], keys).events;
      expect(again?.octets).toBe(first?.octets);
    }
  });

  it('does not mix with another message under its number', () => {
    const [a, b, c] = three({ vector: 9 });
    const capture = read([one, one, two, two, last, last, a, one, b, c], NO_KEYS);
    expect(framesOf(capture)).toEqual([5, 10]);
    expect(unreadOf(capture)).toEqual([]);
    expect(capture.events[1]?.octets).toBe(read([a, b, c], NO_KEYS).events[0]?.octets);
  });

  it('in more fragments replaces those that wait, one in fewer does not', () => {
    const four = [...CUTS.slice(0, 3), 50, inside.length].slice(1).map((end, n, ends) =>
      fragment({
        number: n + 1,
        total: 4,
        inside: inside.subarray(n === 0 ? 0 : ends[n - 1], end),
        first: n === 0 ? 41 : 0,
      }),
    );
    const [a, b, c, d] = [four[0]!, four[1]!, four[2]!, four[3]!];
    const capture = read([one, two, a, b, last, c, d]);
    expect(capture).toMatchObject({ unread: [], fragments: 6 });
    expect(capture.events).toMatchObject([{ frame: 7, message: { payloads: PAYLOADS } }]);
    // A forged one replaces nothing.
    expect(framesOf(read([one, two, altered(a), last]))).toEqual([4]);
  });
});

describe('fragments without keys', () => {
  it('are one event without payloads once all were seen', () => {
    const [one, two, last] = three();
    const capture = read([one, last, two], NO_KEYS);
    expect(capture).toMatchObject({ unread: [], fragments: 2 });
    expect(capture.events).toMatchObject([
      { frame: 3, integrity: 'unchecked', message: { exchange: 'IKE_AUTH', response: false, id: 1 } },
    ]);
    expect(capture.events[0]?.message).not.toHaveProperty('payloads');
    expect(capture.events[0]?.octets).toBe(read([one, two, last]).events[0]?.octets);
  });

  it('with the wrong ones are refused', () => {
    const swapped: Keys = {
      ike: new Map(
        [...KEYS.ike].map(([sa, row]) => [sa, { ...row, initiator: responder, responder: initiator }]),
      ),
      esp: [],
    };
    expect(() => read(three(), swapped)).toThrow(InputError);
    expect(() => read(three(), swapped)).toThrow(/do not fit any of the 3 encrypted messages/u);
  });
});

describe('hostile fragments', () => {
  it.each([
    [0, 3],
    [0, 0],
    [1, 0],
    [4, 3],
    [65535, 65534],
  ])('fragment %i of %i is not read', (n, total) => {
    const message = fragment({ number: n, total });
    const expected = [[1, `payload SKF: it says fragment ${n} of ${total}`]];
    expect(unreadOf(read([message]))).toEqual(expected);
    expect(unreadOf(read([message], NO_KEYS))).toEqual(expected);
  });

  it('of too many are not collected, and replace nothing', () => {
    const [one, two, last] = three();
    const huge = fragment({ number: 1, total: MOST_FRAGMENTS + 1 });
    const capture = read([one, huge, two, last]);
    expect(framesOf(capture)).toEqual([4]);
    expect(unreadOf(capture)).toEqual([[2, 'one of 1025 fragments: more than 1024 are not joined']]);
    const most = Array.from({ length: MOST_FRAGMENTS }, (_, n) =>
      fragment({ number: n + 1, total: MOST_FRAGMENTS }),
    );
    expect(read(most)).toMatchObject({ events: [{ frame: MOST_FRAGMENTS }], fragments: MOST_FRAGMENTS - 1 });
  });

  it('push out the oldest of too many incomplete messages', () => {
    const begun = Array.from({ length: MOST_INCOMPLETE }, (_, id) => three({ id })[0]);
    const [, two, last] = three({ id: 0 });
    // With 64 the oldest is still there; with one more it is not.
    expect(framesOf(read([...begun, two, last]))).toEqual([MOST_INCOMPLETE + 2]);
    const capture = read([...begun, two, fragment({ number: 1, total: 3, id: 64 }), last], NO_KEYS);
    expect(capture.events).toEqual([]);
    const why = 'it is the oldest of more than 64 incomplete messages';
    expect(unreadOf(capture).filter(([, reason]) => reason.endsWith(why))).toEqual([
      [1, `2 of 3 fragments of IKE_AUTH request 0 were seen; ${why}`],
      [2, `1 of 3 fragments of IKE_AUTH request 1 was seen; ${why}`],
      [65, `2 of 3 fragments of IKE_AUTH request 0 were seen; ${why}`],
    ]);
    expect(capture.unread.map(({ at }) => at)).toEqual(Array.from({ length: 67 }, (_, n) => n + 1));
  });

  it('that are authentic and yet make no sense are explained at the last', () => {
    const [one, two, last] = three();
    const part = signed({ number: 2, total: 3 }, new Uint8Array(33));
    const notBlocks = read([one, part, last]);
    expect(notBlocks.events).toEqual([]);
    expect(unreadOf(notBlocks)).toEqual([
      [3, 'inside SKF{} 2 of 3: 17 encrypted octets are not whole blocks of 16'],
    ]);
    const noChain = read([fragment({ number: 1, total: 3, first: 41, inside: hex('00') }), two, last]);
    expect(unreadOf(noChain)).toEqual([[3, expect.stringMatching(/^inside SKF\{\}: /u)]]);
    const nested = fragment({ number: 1, total: 1, first: 53, inside: payload(0, hex('0001 0001')) });
    expect(unreadOf(read([nested]))).toEqual([[1, 'inside SKF{}: another SK{} or SKF{}']]);
  });
});

describe('the captures of fragmentation', () => {
  it.each([
    ['capture.pcap', [5, 8, 11], []],
    // The cluster's link: frames 3, 4 and 5 complete the request; the copies in 6 and 7 lack the first fragment.
    ['capture-clu.pcap', [5, 10], []],
  ])('%s', (file, completed, left) => {
    const { path, octets, keys } = kept('fragmentation', file);
    const { events, unread } = readCapture(path, octets, keys);
    const auth = events.filter(({ message }) => 'exchange' in message && message.exchange === 'IKE_AUTH');
    expect(auth.map(({ frame }) => frame)).toEqual(completed);
    expect(auth.every(({ integrity }) => integrity === 'good')).toBe(true);
    expect(unread.map(({ at }) => at)).toEqual(left);
    const requests = auth.filter(({ from }) => from === 'initiator');
    expect(new Set(requests.map((event) => event.octets)).size).toBe(1);
  });
});
