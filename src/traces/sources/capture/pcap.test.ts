import { describe, expect, it } from 'vitest';
import { hex, join, number, patched, pcapOf } from '../../testing/captures.ts';
import { framesOf, looksLikeCapture } from './frames.ts';

const frames = [hex('450102'), hex(''), hex('45ff')];

describe('pcap', () => {
  it.each([
    [true, false],
    [false, false],
    [true, true],
    [false, true],
  ])('is read little endian %s, nanoseconds %s', (little, nanoseconds) => {
    const file = pcapOf(frames, { little, nanoseconds, linkType: 113 });
    expect(looksLikeCapture(file)).toBe(true);
    const pcap = framesOf('a.pcap', file);
    expect(pcap).toMatchObject({ damaged: [], cutOff: undefined });
    expect(
      pcap.frames.map(({ number, time, linkType, octets }) => [number, time, linkType, [...octets]]),
    ).toEqual([
      [1, 1000.5, 113, [0x45, 1, 2]],
      [2, 1001.5, 113, []],
      [3, 1002.5, 113, [0x45, 0xff]],
    ]);
  });

  it('gives the records before a cut, wherever it is', () => {
    const file = pcapOf(frames);
    const ends = [24, 24 + 19, 24 + 19 + 16, file.length];
    for (let end = 24; end < file.length; end += 1) {
      const pcap = framesOf('a.pcap', file.subarray(0, end));
      const complete = ends.filter((each) => each <= end).length - 1;
      expect(pcap.frames).toHaveLength(complete);
      expect(pcap.cutOff?.frame).toBe(ends.includes(end) ? undefined : complete + 1);
    }
    expect(framesOf('a.pcap', file.subarray(0, file.length - 1)).cutOff?.reason).toBe(
      'the file ends in the record at octet 59: 1 of its 2 octets are missing',
    );
    expect(framesOf('a.pcap', file.subarray(0, 30)).cutOff?.reason).toBe(
      'the file ends in the record at octet 24: 10 octets of its header are missing',
    );
  });

  it('goes on after a length that cannot be', () => {
    const file = pcapOf([...frames, hex('4501'), hex('4502')]);
    const huge = number(0x7fffffff, 4, true);
    const pcap = framesOf('a.pcap', patched(file, 24 + 19 + 8, huge));
    expect(pcap.frames.map(({ number, octets }) => [number, [...octets]])).toEqual([
      [1, [0x45, 1, 2]],
      [3, [0x45, 0xff]],
      [4, [0x45, 1]],
      [5, [0x45, 2]],
    ]);
    expect(pcap.damaged).toEqual([
      {
        frame: 2,
        reason:
          'the record at octet 43 says that it has 2147483647 octets, more than any packet (262144); it and what follows up to octet 59 are not read',
      },
    ]);
    const nothingAfter = framesOf('a.pcap', patched(pcapOf(frames.slice(0, 2)), 24 + 19 + 8, huge));
    expect(nothingAfter).toMatchObject({
      frames: [{ number: 1 }],
      damaged: [{ frame: 2 }],
      cutOff: undefined,
    });
    expect(() => framesOf('a.pcap', patched(pcapOf([hex('45')]), 24 + 8, huge))).toThrow(
      /to the end of the file/u,
    );
  });

  it.each([
    ['', /begins with only 0 octets/u],
    ['d4c3', /begins with only 2 octets/u],
    ['7f454c4600', /begins with 0x7f454c46/u],
  ])('refuses %j', (octets, message) => {
    expect(() => framesOf('a.pcap', hex(octets))).toThrow(message);
  });

  it('tells of a file header that is cut off', () => {
    expect(() => framesOf('a.pcap', hex('d4c3b2a1 00'))).toThrow(/19 octets of the file header are missing/u);
  });

  it('reads a file without records', () => {
    expect(framesOf('a.pcap', join(pcapOf([]))).frames).toEqual([]);
  });
});
