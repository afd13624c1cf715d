import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRACES } from '../testing/captures.ts';
import { InputError } from './input-error.ts';
import { writeEvents } from './jsonl.ts';
import { readTrace } from './read-trace.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipsecha-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const file = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
};
const baseline = `${TRACES}baseline/capture.pcap`;

describe('readTrace', () => {
  it('takes the keys beside a capture, and says so', async () => {
    const trace = await readTrace(baseline);
    expect(trace).toMatchObject({
      file: baseline,
      format: 'pcap',
      unread: [],
      frames: 58,
      keepalives: 0,
      other: 0,
    });
    expect(trace.events.every((event) => 'integrity' in event && event.integrity !== 'bad')).toBe(true);
    expect(trace.remarks).toEqual([`${baseline}: keys taken from keys.csv and esp_keys.csv beside it`]);
  });

  it('takes the keys it is given instead', async () => {
    const trace = await readTrace(baseline, { keys: [`${TRACES}baseline/esp_keys.csv`] });
    expect(trace.remarks).toEqual([]);
    expect(trace.events[4]).toMatchObject({ message: { kind: 'esp' }, integrity: 'good' });
    expect(trace.events[10]).toMatchObject({ message: { kind: 'ike' }, integrity: 'unchecked' });
  });

  it('reads a capture without keys', async () => {
    const path = join(folder, 'alone.pcap');
    await copyFile(baseline, path);
    expect((await readTrace(path)).remarks).toEqual([]);
  });

  it('knows JSON Lines by their content', async () => {
    const { events } = await readTrace(baseline);
    const path = await file('events', writeEvents(events));
    expect(await readTrace(path)).toMatchObject({
      format: 'jsonl',
      events,
      unread: [],
      frames: 0,
      remarks: [],
    });
    const told = await readTrace(path, { keys: ['x.csv'] });
    expect(told.remarks).toEqual([`${path} holds events in JSON Lines: the keys are not used`]);
  });

  it('reads standard input', async () => {
    const url = new URL('./read-trace.ts', import.meta.url).href;
    const script = `import { readTrace } from ${JSON.stringify(url)};
      readTrace('-').then((trace) => console.log(trace.format, trace.events.length));`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', script];
    const running = promisify(execFile)(process.execPath, args);
    running.child.stdin?.end(await readFile(baseline));
    expect((await running).stdout).toBe('pcap 58\n');
  });

  it.each([
    ['nothing here', /nothing here: there is no such file\n.*Check the path/u],
    ['.', /this is a directory\n.*Name a file in it/u],
  ])('explains %s', async (name, message) => {
    await expect(readTrace(join(folder, name))).rejects.toThrow(message);
    await expect(readTrace(join(folder, name))).rejects.toThrow(InputError);
  });

  it.each([
    ['empty', '', /the file is empty\n.*pcap or pcapng.*JSON Lines/u],
    ['text', 'hello, world', /in no format that is known: it begins with "hello, world"/u],
    ['gz', new Uint8Array([0x1f, 0x8b, 8]), /its gzip compression ends early or is damaged/u],
    ['latin1', new Uint8Array([0x7b, 0xff]), /not text in UTF-8/u],
    ['ng', new Uint8Array([10, 13, 13, 10, 0, 0]), /only 6 of its octets are there\n.*cut off/u],
    ['short', new Uint8Array([0xd4, 0xc3, 0xb2, 0xa1]), /20 octets of the file header are missing/u],
  ])('explains a file that is %s', async (name, content, message) => {
    const path = await file(name, content);
    await expect(readTrace(path)).rejects.toThrow(InputError);
    await expect(readTrace(path)).rejects.toThrow(message);
  });

  it('keeps to the format it is told', async () => {
    const path = await file('told', 'hello');
    await expect(readTrace(path, { format: 'jsonl' })).rejects.toThrow(/told:1: not JSON/u);
    await expect(readTrace(path, { format: 'pcap' })).rejects.toThrow(
      /not a capture file: it begins with 0x68656c6c/u,
    );
  });

  it('names the key file that is at fault', async () => {
    const missing = join(folder, 'missing.csv');
    await expect(readTrace(baseline, { keys: [missing] })).rejects.toThrow(
      /missing.csv: there is no such file/u,
    );
    const wrong = await file('wrong.csv', '1,2');
    await expect(readTrace(baseline, { keys: [wrong] })).rejects.toThrow(/wrong.csv:1: 8 fields are needed/u);
  });
});
