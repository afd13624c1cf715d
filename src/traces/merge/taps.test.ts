/** Files that follow one another are one trace; files of several taps are set beside one another. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expandFolders } from '../sources/folders.ts';
import { kept } from '../testing/captures.ts';
import { validateFile } from '../validate-file.ts';
import { validateTogether } from '../validate-together.ts';
import { type Timed, tapsOf } from './taps.ts';

const file = (path: string, first: number, last: number, ...digests: readonly string[]): Timed => ({
  ...{ path, format: 'pcap', span: { first, last }, digests: new Set(digests) },
});
const names = (files: readonly Timed[]) => tapsOf(files).map((tap) => tap.map(({ path }) => path));

describe('files', () => {
  it('that follow one another are of one tap', () => {
    expect(names([file('r_2.pcap', 10, 20, 'b'), file('r_1.pcap', 0, 10, 'a')])).toEqual([
      ['r_1.pcap', 'r_2.pcap'],
    ]);
    expect(names([file('before.pcap', 0, 9, 'a'), file('after.pcap', 9.5, 20, 'b', 'a')])).toEqual([
      ['before.pcap', 'after.pcap'],
    ]);
  });

  it('that tell of the same time or the same messages are of several', () => {
    expect(names([file('a1.pcap', 0, 10, 'a'), file('a2.pcap', 5, 15, 'b')])).toHaveLength(2);
    // A clock that is an hour ahead.
    const same = ['a', 'b', 'c', 'd'];
    expect(names([file('a1.pcap', 0, 10, ...same), file('a2.pcap', 3600, 3610, ...same)])).toHaveLength(2);
  });

  it('of two ring buffers stay apart', () => {
    expect(
      names([
        file('x/r1.pcap', 0, 10, 'a'),
        file('y/r1.pcap', 0, 10, 'a'),
        file('x/r2.pcap', 10, 20, 'b'),
        file('y/r2.pcap', 10, 20, 'b'),
      ]),
    ).toEqual([
      ['x/r1.pcap', 'x/r2.pcap'],
      ['y/r1.pcap', 'y/r2.pcap'],
    ]);
  });
});

/** The records of a pcap file in so many files, as a ring buffer has them. */
function cut(octets: Uint8Array, parts: number): readonly Uint8Array[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const little = view.getUint32(0, true) === 0xa1b2c3d4;
  const ends: number[] = [];
  for (let at = 24; at + 16 <= octets.length; ) {
    at += 16 + view.getUint32(at + 8, little);
    ends.push(at);
  }
  return Array.from({ length: parts }, (_, n) => {
    const bound = (part: number) => ends[Math.ceil((part * ends.length) / parts) - 1] ?? 24;
    return new Uint8Array(Buffer.concat([octets.subarray(0, 24), octets.subarray(bound(n), bound(n + 1))]));
  });
}

async function folderOf(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ipsecha-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, octets] of Object.entries(files)) await writeFile(join(folder, name), octets);
  return folder;
}

describe('a ring buffer', () => {
  it.each([
    ['failover-esp', 3],
    ['fragmentation', 23],
    ['peer-skips-id', 5],
  ])('of %s in %i files is judged as the whole', async (name, parts) => {
    const { path, octets } = kept(name);
    const pieces = cut(octets, parts);
    const folder = await folderOf({
      ...Object.fromEntries(
        pieces.map((piece, n) => [
          `ring_${String(n + 1).padStart(5, '0')}_20260101000000.pcap${n === 1 ? '.gz' : ''}`,
          n === 1 ? gzipSync(piece) : piece,
        ]),
      ),
      'keys.csv': new Uint8Array(Buffer.from('no table of keys')),
      [`ring_99999_20260101000001.pcap`]: new Uint8Array(),
    });
    const { files, others } = await expandFolders([folder]);
    expect(files).toHaveLength(parts);
    expect(others.map((each) => each.files.length)).toEqual([2]);
    // No order that a user names them in matters.
    const keys = [path.replace('capture.pcap', 'keys.csv')];
    const together = await validateTogether(files.toReversed(), { keys, complete: true });
    const whole = await validateFile(path, { keys, complete: true });
    expect(together).toHaveLength(1);
    const said = ({ validation: { verdict, findings, missing, statistics, unread } }: typeof whole) => ({
      ...{ verdict, missing, statistics, unread },
      findings: findings.map(({ rule, event, actor }) => ({ rule, event, actor })),
    });
    const [only] = together;
    expect(only && said(only)).toEqual(said(whole));
    expect(only?.validation.files).toEqual(files);
    for (const { file: of, frame = 0 } of only?.validation.findings ?? []) {
      expect(files).toContain(of);
      expect(frame).toBeLessThanOrEqual(Math.ceil(whole.streamed.frames / parts));
    }
  });
});
