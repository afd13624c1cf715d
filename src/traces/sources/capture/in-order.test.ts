/** Frames in the order of their times, and what a capture says of packets that it lacks. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_KEYS } from '../../crypto/keys.ts';
import {
  block,
  enhancedPacket,
  hex,
  interfaceBlock,
  ipv4,
  join,
  number,
  pcapOf,
  sectionHeader,
} from '../../testing/captures.ts';
import { validate } from '../../validate.ts';
import { CaptureReader, readCapture } from './capture.ts';
import type { Frame } from './frames.ts';
import { FramesInOrder, FramesOutOfOrder } from './in-order.ts';

const frame = (number: number, time: number): Frame => ({
  ...{ file: 'a', number, time, linkType: 101, data: new Uint8Array([number]) },
  ...{ start: 0, end: 1, originalLength: 1 },
});

const sorted = (times: readonly number[]): readonly number[] => {
  const numbers: number[] = [];
  const sorter = new FramesInOrder(({ number: n, data, start }) => {
    expect(data[start]).toBe(n % 256);
    numbers.push(n);
  });
  for (const [index, time] of times.entries()) sorter.push(frame(index + 1, time));
  sorter.end();
  expect(sorter.sorted).toBe(true);
  return numbers;
};

describe('frames', () => {
  it('come in the order of their times; equal ones and those without stay as they stand', () => {
    expect(sorted([3, 1, 2])).toEqual([2, 3, 1]);
    expect(sorted([1, 1, 0, 1])).toEqual([3, 1, 2, 4]);
    expect(sorted([2, Number.NaN, 1, Number.NaN])).toEqual([3, 4, 1, 2]);
    expect(sorted([])).toEqual([]);
  });

  it('are all there, whatever the order', () => {
    const property = fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 50 }), (times) => {
      const numbers = sorted(times);
      expect(numbers.toSorted((a, b) => a - b)).toEqual(times.map((_, index) => index + 1));
      const of = (n: number | undefined) => times[(n ?? 1) - 1] ?? 0;
      for (const [index, n] of numbers.entries()) {
        if (index > 0) expect(of(numbers[index - 1])).toBeLessThanOrEqual(of(n));
      }
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('are refused if they were taken to be in order', () => {
    const file = pcapOf([ipv4(50, new Uint8Array(40)), ipv4(50, new Uint8Array(40))]);
    // The second record's time is made earlier: seconds stand first in its header.
    const at = 24 + 16 + 60;
    const swapped = file.slice();
    swapped.set(number(7, 4, true), at);
    const read = (sort: boolean) => {
      const reader = new CaptureReader('a', NO_KEYS, () => {}, { sort });
      reader.push(swapped);
      return reader.end();
    };
    expect(() => read(false)).toThrow(FramesOutOfOrder);
    const { facts } = read(true);
    expect(facts).toEqual([
      { kind: 'out-of-order', file: 'a', frames: 1, first: 2, seconds: 993, sorted: true },
    ]);
    // So far back, a clock was set, or files were put together: which, nothing tells.
    const { missing, verdict } = validate([], { observed: { facts } });
    expect(verdict).toBe('inconclusive');
    expect(missing).toContain(
      'the order of the frames of a: their times go back by up to 993.000 s (the first at frame 2)',
    );
  });
});

describe('packets that a pcapng file says it lacks', () => {
  const esp = (sequence: number): Uint8Array =>
    ipv4(50, join(hex('c0000001'), number(sequence, 4), new Uint8Array(24).fill(sequence)));
  const option = (code: number, value: number): Uint8Array =>
    join(number(code, 2, true), number(8, 2, true), number(value, 8, true));
  const statistics = (...options: readonly Uint8Array[]): Uint8Array =>
    block(5, join(number(0, 4, true), new Uint8Array(8), ...options, number(0, 4)));
  /** A packet with epb_dropcount. */
  const lacking = (dropped: number, stamp: number, packet: Uint8Array): Uint8Array => {
    const plain = enhancedPacket(0, stamp, packet);
    return block(6, join(plain.subarray(8, -4), option(4, dropped), number(0, 4)));
  };
  const read = (...blocks: readonly Uint8Array[]) =>
    readCapture('a', join(sectionHeader(), interfaceBlock(101), ...blocks), NO_KEYS);

  it('by the interface and by the system', () => {
    const { facts, events } = read(
      enhancedPacket(0, 1, esp(1)),
      statistics(option(5, 3), option(7, 0)),
      enhancedPacket(0, 2, esp(2)),
      statistics(option(4, 99), option(5, 12), option(7, 0)),
    );
    expect(facts).toEqual([{ kind: 'drops', file: 'a', packets: 12, by: 'interface' }]);
    const { verdict, missing } = validate(events, { observed: { facts } });
    expect(verdict).toBe('inconclusive');
    expect(missing).toEqual(['12 packets that were dropped at the tap by the interface, as a says itself']);
  });

  it('none, which takes nothing away', () => {
    const counted = statistics(option(4, 1), option(5, 0), option(7, 0));
    const { facts, events } = read(enhancedPacket(0, 1, esp(1)), counted);
    expect(facts).toEqual([
      { kind: 'drops', file: 'a', packets: 0, by: 'interface' },
      { kind: 'drops', file: 'a', packets: 0, by: 'system' },
    ]);
    expect(validate(events, { observed: { facts } })).toMatchObject({ verdict: 'conformant', facts });
  });

  it.each([
    ['more', [option(4, 9), option(5, 0), option(7, 0)]],
    ['fewer', [option(4, 0), option(5, 0)]],
    ['nobody knows how many', [option(5, 0), option(7, 0)]],
  ])('none, which is not believed if %s were received than are here', (_, counts) => {
    const { facts, events } = read(enhancedPacket(0, 1, esp(1)), statistics(...counts));
    expect(facts).toEqual([]);
    expect(validate(events, { observed: { facts } }).verdict).toBe('conformant');
  });

  it('before a frame; a count that is not known is none', () => {
    const { facts } = read(
      enhancedPacket(0, 1, esp(1)),
      lacking(0, 2, esp(2)),
      lacking(7, 3, esp(3)),
      statistics(option(5, 7), option(7, 2 ** 64 - 2 ** 12)),
    );
    expect(facts).toEqual([{ kind: 'drops', file: 'a', packets: 7, by: 'program', after: 2, before: 3 }]);
  });
});
