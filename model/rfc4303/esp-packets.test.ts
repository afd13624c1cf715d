import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ikev2 } from '../revisions/ikev2.ts';
import type { Revision } from '../revisions/revision.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import { type ActiveMember, type ChildSa, establishedSa, freshChildSa, spisOf } from '../state/member.ts';
import type { EspPacket } from '../state/messages.ts';
import { largestNumber, MAX_EXTENDED_SEQUENCE_NUMBER, MAX_SEQUENCE_NUMBER } from '../state/numbers.ts';
import { emptyWindow, type ReplayWindow } from '../state/replay-window.ts';
import type { Step, Taken } from '../state/step.ts';
import { inferNumber } from './2.2.1-extended-sequence-numbers.ts';
import { beginPacket, isFreshNumber, nextNumber, sendPacket } from './3.3.3-sequence-number-generation.ts';
import { getsThrough, isNewInWindow, receivePacket } from './3.4.3-sequence-number-verification.ts';

const box = (...childSas: readonly ChildSa[]): ActiveMember => ({
  role: 'active',
  sa: { ...establishedSa(), childSas },
  sync: null,
});
const packet = (number: number, changes: Partial<EspPacket> = {}): EspPacket => ({
  kind: 'esp',
  from: 'cluster',
  spi: 'c1',
  number,
  content: number,
  ...changes,
});

function take(step: Step): Taken {
  if (!step.enabled) throw new Error(`${step.rule}: ${step.because}`);
  return step;
}
const refusedBy = (step: Step): string | null | undefined => (step.enabled ? undefined : step.rule);

/** The member sends the next packet of its first Child SA. */
const send = (member: ActiveMember, content: number | string = 'x', revision: Revision = rfc6311): Step =>
  beginPacket(revision, 'cluster', member, member.sa.childSas[0]!, content);
const receive = (member: ActiveMember, message: EspPacket, revision: Revision = rfc6311): Step =>
  receivePacket(revision, { inWindow: 'advance' }, 'peer', member, message);
const isPacket = (message: { readonly kind: string }): message is EspPacket => message.kind === 'esp';
const sentBy = (step: Taken): EspPacket => step.sent.find(isPacket)!;

/** 2^32: where the lower half begins again. */
const HALF = 0x1_0000_0000;

describe('a packet whose upper half is inferred wrongly', () => {
  const receives = (highest: number, number: number): Step =>
    receive(
      box({
        ...freshChildSa('c1', { esn: true, replayWindow: 4 }),
        received: { highest, seen: [highest] },
      }),
      packet(number),
    );
  const kinds = (step: Step) => (step.enabled ? step.observations.map(({ kind }) => kind) : step.rule);

  test('is seen to be lost, if it is new: from 2^32 - W above the top on', () => {
    expect(kinds(receives(10, 10 + HALF - 4))).toEqual(['esp-accepted']);
    expect(kinds(receives(10, 10 + HALF - 3))).toEqual(['esp-misread']);
    expect(receives(10, 10 + HALF - 3)).toMatchObject({
      rules: ['RFC4303-2.2.1-ESN'],
      sent: [],
      observations: [{ by: 'peer', spi: 'c1', number: HALF + 7, inferred: 7 }],
    });
  });

  test('is nothing to speak of, if it is old', () => {
    expect(kinds(receives(HALF + 10, 3))).toBe('RFC4303-2.2.1-ESN');
  });
});

test('RFC4303-3.4.3-ANTI-REPLAY: a packet that was seen is dropped, also where the text has no counter sync', () => {
  const once = take(receive(box(freshChildSa('c1')), packet(1), ikev2));
  expect(refusedBy(receive(once.member, packet(1), ikev2))).toBe('RFC4303-3.4.3-ANTI-REPLAY');
});

describe('RFC4303-3.3.3-NEXT-NUMBER: a packet has the next sequence number of its SA', () => {
  test('the first one has the number 1', () => {
    expect(nextNumber({ spi: 'c1', last: 0 })).toBe(1);
    expect(nextNumber({ spi: 'c1', last: 41 })).toBe(42);
    const step = take(send(box(freshChildSa('c1')), 'hello'));
    expect(step.sent).toEqual([{ kind: 'esp', from: 'cluster', spi: 'c1', number: 1, content: 'hello' }]);
    expect(step.observations).toEqual([
      { kind: 'esp-sent', by: 'cluster', spi: 'c1', number: 1, content: 'hello' },
    ]);
    expect(step.rules).toEqual(['RFC4303-3.3.3-NEXT-NUMBER', 'RFC4303-3.3.3-NEVER-REPEAT']);
  });

  test('each Child SA counts for itself, whatever it receives', () => {
    const second = { ...freshChildSa('c2'), sent: 9, received: { highest: 77, seen: [77] } };
    const member = box(freshChildSa('c1'), second);
    const step = take(beginPacket(rfc6311, 'cluster', member, second, 'x'));
    expect(step.sent).toMatchObject([{ spi: 'c2', number: 10 }]);
    expect(step.member.sa.childSas).toEqual([freshChildSa('c1'), { ...second, sent: 10 }]);
  });
});

describe('RFC4303-3.3.3-NEVER-REPEAT: no sequence number is sent twice', () => {
  const sa = { spi: 'c0ffee', last: 5 };

  test('numbers start at 1, increase, and may leave gaps', () => {
    expect([0, 1, 2].map((number) => isFreshNumber({ spi: 'c0ffee', last: 0 }, number))).toEqual([
      false,
      true,
      true,
    ]);
    expect([4, 5, 6, 1000].map((number) => isFreshNumber(sa, number))).toEqual([false, false, true, true]);
  });

  test('the counter does not cycle', () => {
    const full = { spi: 'c0ffee', last: MAX_SEQUENCE_NUMBER };
    expect(MAX_SEQUENCE_NUMBER).toBe(0xffff_ffff);
    expect(isFreshNumber({ ...full, last: MAX_SEQUENCE_NUMBER - 1 }, MAX_SEQUENCE_NUMBER)).toBe(true);
    expect(isFreshNumber(full, MAX_SEQUENCE_NUMBER + 1)).toBe(false);
    expect(isFreshNumber(full, 0)).toBe(false);
    expect(isFreshNumber(full, 1)).toBe(false);
  });

  test('with ESN it goes on past 2^32, up to what can be held exactly', () => {
    expect([largestNumber(false), largestNumber(true)]).toEqual([0xffff_ffff, 2 ** 53 - 1]);
    expect(isFreshNumber({ spi: 'c0ffee', last: MAX_SEQUENCE_NUMBER, esn: true }, HALF)).toBe(true);
    expect(isFreshNumber({ spi: 'c0ffee', last: MAX_SEQUENCE_NUMBER, esn: false }, HALF)).toBe(false);
    const largest = MAX_EXTENDED_SEQUENCE_NUMBER;
    expect(isFreshNumber({ spi: 'c0ffee', last: largest - 1, esn: true }, largest)).toBe(true);
    expect(isFreshNumber({ spi: 'c0ffee', last: largest, esn: true }, largest + 1)).toBe(false);
  });

  test('a packet with a used number does not leave', () => {
    expect(sendPacket(rfc6311, 'cluster', sa, 5)).toEqual({
      enabled: false,
      rule: 'RFC4303-3.3.3-NEVER-REPEAT',
      because: 'sequence number 5 is not above 5, the last that was sent',
    });
    expect(sendPacket(rfc6311, 'cluster', sa, 9)).toEqual({
      enabled: true,
      sa: { spi: 'c0ffee', last: 9 },
      observation: { kind: 'esp-sent', by: 'cluster', spi: 'c0ffee', number: 9, content: 9 },
    });
  });

  test.each([true, false])('after the last number none is sent, with ESN: %s', (esn) => {
    const last = take(send(box(freshChildSa('c1', { esn, first: largestNumber(esn) - 1 }))));
    expect(sentBy(last).number).toBe(largestNumber(esn));
    expect(refusedBy(send(last.member))).toBe('RFC4303-3.3.3-NEVER-REPEAT');
  });

  test('where nothing is said of the end, the counter begins again, and that is seen', () => {
    const ablated = without(rfc6311, 'RFC4303-3.3.3-NEVER-REPEAT')!;
    const step = take(send(box(freshChildSa('c1', { first: MAX_SEQUENCE_NUMBER })), 'x', ablated));
    expect(sentBy(step).number).toBe(1);
    expect(step.member.sa.childSas).toMatchObject([{ sent: 1 }]);
    expect(step.observations).toMatchObject([{ kind: 'esp-sent', number: 1, cycles: true }]);
    const before = take(send(box(freshChildSa('c1', { first: 5 })), 'x', ablated));
    expect(before.observations[0]).not.toHaveProperty('cycles');
  });
});

describe('RFC4303-3.4.3-ANTI-REPLAY: no packet is accepted twice', () => {
  const window: ReplayWindow = { highest: 10, seen: [8, 10] };

  test('behind the window no, in it if not seen, above it yes', () => {
    expect([5, 6, 7, 8, 9, 10, 11, 1000].filter((each) => isNewInWindow(window, 4, each))).toEqual([
      7, 9, 11, 1000,
    ]);
    expect(isNewInWindow(emptyWindow, 1, 1)).toBe(true);
  });

  const member = box({ ...freshChildSa('c1', { replayWindow: 4 }), received: window });

  test('a late packet in the window is accepted once', () => {
    const step = take(receive(member, packet(9)));
    expect(step.member.sa.childSas[0]?.received).toEqual({ highest: 10, seen: [8, 9, 10] });
    expect(step.observations).toEqual([
      { kind: 'esp-accepted', by: 'peer', spi: 'c1', number: 9, content: 9 },
    ]);
    expect(step.sent).toEqual([]);
    expect(step.rules).toEqual(['RFC4303-3.4.3-ANTI-REPLAY']);
    expect(receive(step.member, packet(9))).toEqual({
      enabled: false,
      rule: 'RFC4303-3.4.3-ANTI-REPLAY',
      because: 'number 9 was seen before',
    });
  });

  test('one behind the window is dropped, though it never came', () => {
    expect(receive(member, packet(6))).toEqual({
      enabled: false,
      rule: 'RFC4303-3.4.3-ANTI-REPLAY',
      because: 'number 6 is behind the window, which ends at 10',
    });
  });

  test('one above moves the window up, past what never came', () => {
    const step = take(receive(member, packet(20)));
    expect(step.member.sa.childSas[0]?.received).toEqual({ highest: 20, seen: [20] });
    expect(refusedBy(receive(step.member, packet(16)))).toBe('RFC4303-3.4.3-ANTI-REPLAY');
    expect(receive(step.member, packet(17)).enabled).toBe(true);
  });

  test('each Child SA has a window of its own, and sending does not move it', () => {
    const second = freshChildSa('c2');
    const step = take(receive(box(member.sa.childSas[0]!, second), packet(10, { spi: 'c2' })));
    expect(step.member.sa.childSas).toEqual([
      member.sa.childSas[0],
      { ...second, received: { highest: 10, seen: [10] } },
    ]);
    expect(take(send(member)).member.sa.childSas[0]?.received).toEqual(window);
  });

  test('whatever order packets come in, and however often, each is accepted at most once', () => {
    const numbers = fc.array(fc.integer({ min: 1, max: 24 }), { maxLength: 40 });
    const start = fc.constantFrom(0, MAX_SEQUENCE_NUMBER - 12);
    const properties = [fc.integer({ min: 1, max: 8 }), start, numbers] as const;
    fc.assert(
      fc.property(...properties, (replayWindow, first, offsets) => {
        let member = box(freshChildSa('c1', { esn: true, replayWindow, first }));
        const acceptedBefore = new Set<number>();
        for (const offset of offsets) {
          const step = receive(member, packet(first + offset));
          if (!step.enabled) continue;
          expect(acceptedBefore.has(first + offset)).toBe(false);
          acceptedBefore.add(first + offset);
          member = step.member;
        }
        if (offsets.length > 0) expect(acceptedBefore.size).toBeGreaterThan(0);
      }),
    );
  });
});

/** RFC 4303, Appendix A2.2, as it is written there: by the halves of the highest number. */
function byAppendix(top: number, size: number, seql: number): number {
  const [th, tl] = [Math.floor(top / HALF), top % HALF];
  if (tl >= size - 1) return seql >= tl - size + 1 ? th * HALF + seql : (th + 1) * HALF + seql;
  return seql >= HALF + tl - size + 1 ? (th - 1) * HALF + seql : th * HALF + seql;
}

describe('RFC4303-2.2.1-ESN: the upper half of an extended sequence number is inferred', () => {
  test('within one subspace: in the window or above it; below the window it is the next subspace', () => {
    const window = { highest: 3 * HALF + 1000, seen: [] };
    expect(inferNumber(window, 64, 1001)).toBe(3 * HALF + 1001);
    expect(inferNumber(window, 64, 937)).toBe(3 * HALF + 937);
    expect(inferNumber(window, 64, 936)).toBe(4 * HALF + 936);
    expect(inferNumber(window, 64, HALF - 1)).toBe(3 * HALF + HALF - 1);
    expect(inferNumber(window, 64, 0)).toBe(4 * HALF);
  });

  test('a window that straddles two subspaces: its lower part has the lower upper half', () => {
    const window = { highest: 3 * HALF + 10, seen: [] };
    // From 2^32 - 53 in subspace 2 to 10 in subspace 3.
    expect(inferNumber(window, 64, HALF - 53)).toBe(2 * HALF + HALF - 53);
    expect(inferNumber(window, 64, HALF - 54)).toBe(3 * HALF + HALF - 54);
    expect(inferNumber(window, 64, HALF - 1)).toBe(3 * HALF - 1);
    expect([0, 10, 11].map((lower) => inferNumber(window, 64, lower))).toEqual([
      3 * HALF,
      3 * HALF + 10,
      3 * HALF + 11,
    ]);
  });

  test.each([
    ['the bottom at the first number of a subspace', HALF + 63, 0, HALF],
    ['the bottom at the last number of one', HALF + 62, HALF - 1, HALF - 1],
    ['below that bottom', HALF + 62, HALF - 2, 2 * HALF - 2],
    ['the top at the last number of one', HALF - 1, 0, HALF],
    ['the top at the first number of one', HALF, HALF - 1, HALF - 1],
  ])('%s', (_, highest, lower, number) => {
    expect(inferNumber({ highest, seen: [] }, 64, lower)).toBe(number);
  });

  test('in the first subspace nothing is below it', () => {
    expect([1, 5, HALF - 1].map((lower) => inferNumber(emptyWindow, 64, lower))).toEqual([1, 5, HALF - 1]);
    expect(inferNumber({ highest: 10, seen: [10] }, 64, HALF - 1)).toBe(HALF - 1);
  });

  /** Tops near the boundaries of the lower half, and anywhere. */
  const top = fc.oneof(
    fc
      .tuple(fc.integer({ min: 1, max: 2 ** 20 }), fc.integer({ min: -70, max: 70 }))
      .map(([upper, lower]) => upper * HALF + lower),
    fc.integer({ min: 0, max: 2 ** 52 }),
  );
  const size = fc.integer({ min: 1, max: 64 });

  test('exact for every number from the bottom of the window to 2^32 above it', () => {
    const offset = fc.oneof(
      fc.integer({ min: 0, max: HALF - 1 }),
      fc.integer({ min: 0, max: 140 }),
      fc.integer({ min: HALF - 140, max: HALF - 1 }),
    );
    fc.assert(
      fc.property(top, size, offset, (highest, size, offset) => {
        const number = highest - size + 1 + offset;
        fc.pre(number >= 0);
        expect(inferNumber({ highest, seen: [] }, size, number % HALF)).toBe(number);
      }),
      { numRuns: 1000 },
    );
  });

  test('as in Appendix A of RFC 4303', () => {
    const lower = fc.oneof(
      fc.integer({ min: 0, max: HALF - 1 }),
      fc.integer({ min: 0, max: 140 }),
      fc.integer({ min: HALF - 140, max: HALF - 1 }),
    );
    fc.assert(
      fc.property(top, size, lower, (highest, size, lower) => {
        fc.pre(highest >= size - 1);
        expect(inferNumber({ highest, seen: [] }, size, lower)).toBe(byAppendix(highest, size, lower));
      }),
      { numRuns: 1000 },
    );
  });

  test('a wrong guess is noticed, and the packet dropped', () => {
    const member = box({ ...freshChildSa('c1', { esn: true }), received: { highest: 1000, seen: [1000] } });
    expect(receive(member, packet(936))).toEqual({
      enabled: false,
      rule: 'RFC4303-2.2.1-ESN',
      because: `it is taken for number ${HALF + 936}, and its integrity value does not fit`,
    });
    // One that is new is lost by it, and that is seen.
    expect(take(receive(member, packet(HALF + 1000))).observations).toMatchObject([{ kind: 'esp-misread' }]);
  });

  test('a packet past 2^32 is accepted, and the rule named; without ESN nothing is inferred', () => {
    const first = MAX_SEQUENCE_NUMBER;
    const step = take(receive(box(freshChildSa('c1', { esn: true, first })), packet(HALF)));
    expect(step.member.sa.childSas[0]?.received).toEqual({ highest: HALF, seen: [HALF] });
    expect(step.rules).toEqual(['RFC4303-2.2.1-ESN', 'RFC4303-3.4.3-ANTI-REPLAY']);
    expect(take(receive(box(freshChildSa('c1')), packet(1))).rules).not.toContain('RFC4303-2.2.1-ESN');
    const ablated = without(rfc6311, 'RFC4303-2.2.1-ESN')!;
    const misread = receive(box(freshChildSa('c1', { esn: true, first })), packet(HALF), ablated);
    expect(take(misread).observations).toMatchObject([{ kind: 'esp-misread', inferred: 0 }]);
  });
});

test('what is sent in order always gets through, past 2^32 as well', () => {
  const cases = fc.record({
    esn: fc.boolean(),
    replayWindow: fc.integer({ min: 1, max: 8 }),
    first: fc.constantFrom(0, 7, MAX_SEQUENCE_NUMBER - 40, MAX_SEQUENCE_NUMBER - 3),
    count: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(
    fc.property(cases, ({ esn, replayWindow, first, count }) => {
      let sender = box(freshChildSa('c1', { esn, replayWindow, first }));
      let receiver = sender;
      for (let made = 1; made <= count; made++) {
        const sent = send(sender, made);
        const exists = esn || first + made <= MAX_SEQUENCE_NUMBER;
        expect(sent.enabled).toBe(exists);
        if (!sent.enabled) break;
        expect(getsThrough(rfc6311, sender.sa.childSas[0]!, receiver.sa.childSas[0]!)).toBe(true);
        receiver = take(receive(receiver, sentBy(sent))).member;
        sender = sent.member;
        expect(receiver.sa.childSas[0]?.received.highest).toBe(first + made);
      }
    }),
  );
});

describe('whether the next packet gets through', () => {
  const from = (sent: number, esn = false) => ({ ...freshChildSa('c1', { esn }), sent });
  const to = (received: ReplayWindow, esn = false) => ({
    ...freshChildSa('c1', { esn, replayWindow: 4 }),
    received,
  });

  test('not if it was seen, or is behind the window', () => {
    const received = { highest: 10, seen: [7, 10] };
    const results = [5, 6, 7, 8, 9, 10].map((sent) => getsThrough(rfc6311, from(sent), to(received)));
    expect(results).toEqual([false, false, true, true, false, true]);
  });

  test('with ESN, nor if it is taken for another number', () => {
    const received = { highest: HALF + 10, seen: [] };
    expect(getsThrough(rfc6311, from(HALF + 10, true), to(received, true))).toBe(true);
    expect(getsThrough(rfc6311, from(10, true), to(received, true))).toBe(false);
    expect(getsThrough(rfc6311, from(2 * HALF + 20, true), to(received, true))).toBe(false);
  });
});

test('RFC6311-8.3-INCONSISTENT: a packet of a Child SA that is not there is dropped', () => {
  expect(receive(box(freshChildSa('c1')), packet(1, { spi: 'c2' }))).toEqual({
    enabled: false,
    rule: 'RFC6311-8.3-INCONSISTENT',
    because: 'there is no Child SA c2',
  });
});

test('a fresh Child SA: numbers from 0, a window of 64, no ESN; or as it is wanted', () => {
  expect(freshChildSa('c1')).toEqual({
    spi: 'c1',
    esn: false,
    replayWindow: 64,
    sent: 0,
    received: { highest: 0, seen: [] },
  });
  expect(freshChildSa('c2', { esn: true, replayWindow: 4, first: 9 })).toEqual({
    spi: 'c2',
    esn: true,
    replayWindow: 4,
    sent: 9,
    received: { highest: 9, seen: [] },
  });
  expect(spisOf(box(freshChildSa('c1'), freshChildSa('c2')).sa)).toEqual(['c1', 'c2']);
});
