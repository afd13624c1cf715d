/** What is no verdict ends in 2, and says so; what is read is never changed; nothing acts on the terminal. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ROOT } from './testing/built-command.ts';

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'endings-'));
  cpSync(join(ROOT, 'traces/baseline/capture.pcap'), join(place, 'run.pcap'));
  cpSync(join(ROOT, 'traces/baseline/keys.csv'), join(place, 'keys.csv'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The colours that we make. */
const OURS = new RegExp(`${'\u001b'}\\[[0-9]{1,2}m`, 'gu');

interface Ended {
  readonly status: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a line of shell, in which `ipsecha` is the command. */
const shell = (line: string): Promise<Ended> =>
  new Promise((resolve) => {
    const function_ = `ipsecha() { '${process.execPath}' '${inject('builtCommand')}' "$@"; }`;
    const options = { cwd: place, maxBuffer: 1 << 26, env: { ...process.env, FORCE_COLOR: '1' } };
    const child = execFile('bash', ['-c', `${function_}; ${line}`], options, (_error, stdout, stderr) =>
      resolve({ status: child.exitCode ?? child.signalCode, stdout, stderr }),
    );
  });

it('ends in 2 if not all could be written, whatever the verdict', async () => {
  const full = await shell('ipsecha validate run.pcap >/dev/full');
  expect([full.status, full.stderr]).toEqual([
    2,
    'ipsecha: standard output: there is no space left, so not all was written\n',
  ]);
  const closed = await shell('(sleep 0.1; ipsecha schema validate; echo $? >&2) | true');
  expect(closed.stderr).toBe('ipsecha: standard output: nobody reads any more, so not all was written\n2\n');
  expect((await shell('ipsecha validate none 2>/dev/full')).status).toBe(2);
  const junit = await shell('ipsecha validate run.pcap --junit /dev/full');
  expect(junit.status).toBe(2);
  expect(junit.stdout).toContain('conformant');
});

it('never writes to what is read, nor two outputs to one file, and leaves nothing behind', async () => {
  const before = readFileSync(join(place, 'run.pcap'));
  const line = '{"event":"seen","message":{"kind":"esp","spi":"0dde43f0","sequence":1},"integrity":"good"}\n';
  writeFileSync(join(place, 'own.jsonl'), line);
  for (const command of [
    'import run.pcap -o run.pcap',
    'import run.pcap -o keys.csv',
    'import - -o run.pcap <run.pcap',
    'validate run.pcap --junit out --sarif ./out',
    'validate run.pcap --html none/out',
    'import own.jsonl >>own.jsonl',
    'import - <own.jsonl >>own.jsonl',
    'validate own.jsonl >>own.jsonl',
    'merge own.jsonl >>own.jsonl',
    'check ikev2 --scenario single-failover --resume own.jsonl --junit own.jsonl',
  ]) {
    const { status, stderr } = await shell(`ipsecha ${command}`);
    expect([command, status, stderr.split(' ')[0]]).toEqual([command, 2, 'ipsecha:']);
  }
  expect(readFileSync(join(place, 'run.pcap'))).toEqual(before);
  expect(readFileSync(join(place, 'own.jsonl'), 'utf8')).toBe(line);
  rmSync(join(place, 'own.jsonl'));
  expect(readdirSync(place).toSorted()).toEqual(['keys.csv', 'run.pcap']);
});

it('shows nothing that acts on the terminal, wherever it comes from', async () => {
  const hostile = '\u001b]0;owned\u0007\u001b[31m\u009b2J\u202ered';
  writeFileSync(
    join(place, 'hostile.jsonl'),
    `{"event":"seen"}\n${JSON.stringify({ event: hostile })}\n${hostile}\n`,
  );
  writeFileSync(
    join(place, 'trailer.jsonl'),
    `${JSON.stringify({ schema: 'ipsecha-events', version: 1, unread: [{ file: hostile, at: 1, reason: hostile }] })}\n`,
  );
  writeFileSync(join(place, hostile.replaceAll('/', '')), '{"event":"seen"}\n');
  const name = JSON.stringify(hostile).replaceAll('"', '');
  const quoted = `$'${name}'`;
  for (const line of [
    `ipsecha validate *.jsonl`,
    `ipsecha validate *.jsonl --each --markdown`,
    `ipsecha import trailer.jsonl`,
    `ipsecha validate ${quoted}`,
    `ipsecha ${quoted}`,
    `ipsecha rules --${quoted}`,
  ]) {
    const { stdout, stderr, status } = await shell(line);
    const ours = (stdout + stderr).replace(OURS, '');
    expect([line, /(?!\n)[\p{Cc}\p{Cf}]/u.exec(ours)?.[0]]).toEqual([line, undefined]);
    expect(stdout + stderr).not.toContain('\u001b[31m\u009b');
    expect([line, [0, 2, 3].includes(Number(status))]).toEqual([line, true]);
  }
});

it('shows what was found when it is interrupted, and ends in 130', async () => {
  const imported = await shell('ipsecha import run.pcap');
  for (const [signal, ...args] of [
    ['SIGINT', 'validate', '-'],
    ['SIGTERM', 'import', '-', '-o', 'part.jsonl'],
  ] as const) {
    const child = spawn(process.execPath, [inject('builtCommand'), ...args], { cwd: place });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data));
    // More than a pipe holds: once it is gone, it is being read. It never ends.
    await new Promise((read) => child.stdin.write(`${imported.stdout}${'\n'.repeat(4_000_000)}`, read));
    child.kill(signal);
    const [status] = await once(child, 'close');
    expect([signal, status, text.match(/[0-9]+ events|interrupted/gu)]).toEqual([
      signal,
      130,
      expect.arrayContaining([imported.stderr.match(/[0-9]+ events/u)?.[0], 'interrupted']),
    ]);
  }
  expect(readFileSync(join(place, 'part.jsonl'), 'utf8')).toMatch(/"unread":\[.*interrupted/u);
});
