import { describe, expect, it } from 'vitest';
import { looksLikeCapture, readPcap } from './pcap.ts';
import { hex, join, number, patched, pcapOf } from './testing.ts';

const frames = [hex('450102'), hex(''), hex('45ff')];

describe('readPcap', () => {
  it.each([
    [true, false],
    [false, false],
    [true, true],
    [false, true],
  ])('reads little endian %s, nanoseconds %s', (little, nanoseconds) => {
    const file = pcapOf(frames, { little, nanoseconds, linkType: 113 });
    expect(looksLikeCapture(file)).toBe(true);
    const pcap = readPcap('a.pcap', file);
    expect(pcap.linkType).toBe(113);
    expect(pcap.broken).toBeUndefined();
    expect(pcap.records.map(({ frame, time, octets }) => [frame, time, [...octets]])).toEqual([
      [1, 1000.5, [0x45, 1, 2]],
      [2, 1001.5, []],
      [3, 1002.5, [0x45, 0xff]],
    ]);
  });

  it('gives the records before a cut, wherever it is', () => {
    const file = pcapOf(frames);
    const ends = [24, 24 + 19, 24 + 19 + 16, file.length];
    for (let end = 24; end < file.length; end += 1) {
      const pcap = readPcap('a.pcap', file.subarray(0, end));
      const complete = ends.filter((each) => each <= end).length - 1;
      expect(pcap.records).toHaveLength(complete);
      expect(pcap.broken?.frame).toBe(ends.includes(end) ? undefined : complete + 1);
    }
    expect(readPcap('a.pcap', file.subarray(0, file.length - 1)).broken?.reason).toBe(
      'the file ends in the record at octet 59: 1 of its 2 octets are missing',
    );
    expect(readPcap('a.pcap', file.subarray(0, 30)).broken?.reason).toBe(
      'the file ends in the record at octet 24: 10 octets of its header are missing',
    );
  });

  it('stops at a length that cannot be', () => {
    const file = pcapOf(frames);
    const huge = number(0x7fffffff, 4, true);
    expect(() => readPcap('a.pcap', patched(file, 24 + 8, huge))).toThrow(
      /octet 24.* says that it has 2147483647/u,
    );
    const pcap = readPcap('a.pcap', patched(file, 24 + 19 + 8, huge));
    expect(pcap.records).toHaveLength(1);
    expect(pcap.broken?.reason).toMatch(/more than any packet/u);
  });

  it.each([
    ['', /begins with only 0 octets/u],
    ['d4c3', /begins with only 2 octets/u],
    ['7f454c4600', /begins with 0x7f454c46/u],
    ['0a0d0d0a00', /pcapng is not read yet\n.*editcap -F pcap in.pcapng out.pcap/u],
    ['d4c3b2a1 00', /header of a capture is 24 octets, there are 5/u],
  ])('refuses %j', (octets, message) => {
    expect(() => readPcap('a.pcap', hex(octets))).toThrow(message);
  });

  it('reads a file without records', () => {
    expect(readPcap('a.pcap', join(pcapOf([]))).records).toEqual([]);
  });
});
