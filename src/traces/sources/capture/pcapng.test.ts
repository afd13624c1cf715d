import { describe, expect, it } from 'vitest';
import {
  block,
  enhancedPacket,
  hex,
  interfaceBlock,
  join,
  number,
  patched,
  sectionHeader,
} from '../../testing/captures.ts';
import { FrameReader, framesOf, type KeptFrame, looksLikeCapture } from './frames.ts';

const NANOSECONDS = hex('0900 0100 09000000');
const BINARY = hex('0900 0100 8a000000');
const frame = hex('4501020304');

const listed = ({ frames }: { readonly frames: readonly KeptFrame[] }) =>
  frames.map(({ number: n, time, linkType, octets }) => [n, time, linkType, octets.length]);

describe('pcapng', () => {
  it.each([true, false])('is read, little endian %s', (little) => {
    const resolution = little ? NANOSECONDS : hex('0009 0001 09000000');
    const file = join(
      sectionHeader(little),
      interfaceBlock(101, little),
      interfaceBlock(1, little, resolution),
      enhancedPacket(0, 1000.5e6, frame, little),
      enhancedPacket(1, 2 ** 40, frame, little),
    );
    expect(looksLikeCapture(file)).toBe(true);
    expect(listed(framesOf('a', file))).toEqual([
      [1, 1000.5, 101, 5],
      [2, 2 ** 40 / 1e9, 1, 5],
    ]);
  });

  it('has sections with byte orders and interfaces of their own', () => {
    const file = join(
      sectionHeader(true),
      interfaceBlock(101, true),
      enhancedPacket(0, 1e6, frame, true),
      sectionHeader(false),
      interfaceBlock(276, false),
      enhancedPacket(0, 2e6, frame, false),
    );
    expect(listed(framesOf('a', file))).toEqual([
      [1, 1, 101, 5],
      [2, 2, 276, 5],
    ]);
  });

  it('numbers custom blocks and entries of the journal as frames, as Wireshark does, and no other blocks', () => {
    const file = join(
      sectionHeader(),
      interfaceBlock(101),
      ...[0x0bad, 0x4000_0bad, 9, 5, 0x0bae].map((type) => block(type, hex('0000 0001 0000 0000'))),
      enhancedPacket(0, 1e6, frame),
    );
    expect(listed(framesOf('a', file))).toEqual([[4, 1, 101, 5]]);
  });

  it('has binary resolutions, and offsets of the time', () => {
    const offset = hex('0e00 0800 6400000000000000');
    const file = join(
      sectionHeader(),
      interfaceBlock(101, true, join(BINARY, offset)),
      enhancedPacket(0, 512, frame),
    );
    expect(framesOf('a', file).frames[0]?.time).toBe(100.5);
  });

  it('reads simple and obsolete packets, and passes other blocks over', () => {
    const four = (value: number): Uint8Array => number(value, 4, true);
    const obsolete = join(hex('0000 ffff'), four(0), four(3e6), four(5), four(9), frame);
    const file = join(
      sectionHeader(),
      interfaceBlock(101, true, hex(''), 4),
      block(3, join(four(9), hex('45020304'))),
      block(5, hex('00000000 00000000 00000000')),
      block(2, obsolete),
    );
    expect(framesOf('a', file).frames).toMatchObject([
      { number: 1, time: Number.NaN, octets: hex('45020304'), originalLength: 9 },
      { number: 2, time: 3, octets: frame, originalLength: 9 },
    ]);
  });

  it('is the same in chunks of any size', () => {
    const file = join(
      sectionHeader(),
      interfaceBlock(101),
      ...Array.from({ length: 9 }, (_, n) => enhancedPacket(0, n * 1e6, frame.subarray(n % 5))),
    );
    for (const size of [1, 3, 11, 64]) {
      const frames: (readonly number[])[] = [];
      const reader = new FrameReader('a', ({ number: n, time, linkType, start, end }) =>
        frames.push([n, time, linkType, end - start]),
      );
      for (let at = 0; at < file.length; at += size) reader.push(file.subarray(at, at + size));
      expect(reader.end()).toBeUndefined();
      expect(frames).toEqual(listed(framesOf('a', file)));
    }
  });

  it('goes on after damage, and tells where it was', () => {
    const start = join(sectionHeader(), interfaceBlock(101));
    const packet = enhancedPacket(0, 1e6, frame);
    const file = join(start, packet, packet, packet);
    const damaged = framesOf('a', patched(file, start.length + packet.length + 4, hex('07000000')));
    expect(damaged.frames.map((each) => each.number)).toEqual([1, 3]);
    expect(damaged.damaged).toEqual([
      {
        frame: 2,
        reason: `at octet ${start.length + packet.length}: a block that says it has 7 octets; what follows up to octet ${start.length + 2 * packet.length}; it is not read`,
      },
    ]);
    const unknown = framesOf('a', join(start, enhancedPacket(7, 0, frame), packet));
    expect(unknown.damaged[0]?.reason).toMatch(/a packet of interface 7, which is not described/u);
    const cut = framesOf('a', file.subarray(0, file.length - 4));
    expect(cut.cutOff).toMatchObject({
      frame: 3,
      reason: expect.stringMatching(/4 of its 40 octets are missing/u),
    });
  });

  it('refuses another version', () => {
    expect(() => framesOf('a', patched(sectionHeader(), 12, hex('0200')))).toThrow(/version 2 of pcapng/u);
  });
});
