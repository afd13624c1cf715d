/** Compressed sources are read as if they were not. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { kept } from '../testing/captures.ts';
import { validateFile } from '../validate-file.ts';
import { InputError } from './input-error.ts';
import { readTrace } from './read-trace.ts';

const { octets } = kept('baseline');
const [first, second] = [octets.subarray(0, 3000), octets.subarray(3000)];

async function fileOf(name: string, content: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ipsecha-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const events = async (content: Uint8Array) => (await readTrace(await fileOf('a.pcap', content))).events;

describe('a compressed capture', () => {
  it('is read, in one gzip member or several', async () => {
    const plain = await events(octets);
    expect(plain).toHaveLength(58);
    expect(await events(gzipSync(octets))).toEqual(plain);
    expect(await events(Buffer.concat([gzipSync(first), gzipSync(second)]))).toEqual(plain);
  });

  it('that is cut off gives what is there, and says so', async () => {
    const zipped = gzipSync(octets);
    const trace = await readTrace(await fileOf('a.pcap', zipped.subarray(0, zipped.length - 500)));
    expect(trace.endsEarly).toMatch(/its gzip compression ends early or is damaged/u);
    expect(trace.events.length).toBeGreaterThan(20);
  });

  it.each(['zstd', 'xz', 'lz4', 'bzip2'])('is read by %s', async (program) => {
    const packed = spawnSync(program, ['-c'], { input: octets });
    // A machine may lack it; then the next test says what is told.
    if (packed.error !== undefined) return;
    expect(await events(packed.stdout)).toHaveLength(58);
    const cut = await fileOf('a.pcap', packed.stdout.subarray(0, 200));
    const told = await readTrace(cut).then(
      ({ endsEarly }) => endsEarly,
      (error: unknown) => String(error),
    );
    expect(told).toMatch(/ends early|file header|cut off|is empty/u);
  });

  it('that is cut between two records has a hole all the same', async () => {
    const packed = spawnSync('xz', ['-c'], { input: octets });
    if (packed.error !== undefined) return;
    const cut = await fileOf('a.pcap', packed.stdout.subarray(0, -12));
    const { events: all, unread } = await readTrace(cut);
    expect(all).toHaveLength(58);
    expect(unread).toEqual([
      { file: cut, reason: expect.stringMatching(/its xz compression ends early or is damaged \(xz: /u) },
    ]);
    const { validation } = await validateFile(cut);
    expect(validation.missing).toContain('records that could not be read');
    expect(validation.verdict).toBe('inconclusive');
  });

  it('without the program for it names that', async () => {
    vi.stubEnv('PATH', '/nowhere');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const path = await fileOf('a.pcap', new Uint8Array([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 1, 2, 3]));
    await expect(readTrace(path)).rejects.toThrow(InputError);
    await expect(readTrace(path)).rejects.toThrow(
      /the file is compressed \(xz\), and there is no program xz.*\n.*Install xz, or uncompress/u,
    );
  });
});
