/** `validate --follow` with a real child, fed by a pipe, by a file and by a signal. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as Schema from '@effect/schema/Schema';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { documentSchemas } from '../contracts/index.ts';
import { toldText } from '../report/follow.ts';
import type { Finding } from '../traces/findings/finding.ts';
import { ROOT, run } from './testing/run-command.ts';

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'cli-follow-'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Throws if a line of JSON is not as the schema has it. */
const decode = Schema.decodeUnknownSync(documentSchemas.follow as Schema.Decoder<unknown>, {
  onExcessProperty: 'error',
});

const NAIVE = join(ROOT, 'traces/failover-naive/capture.pcap');

interface Line {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** A child that follows, and what it has said so far. */
function following(...args: readonly string[]) {
  const child = spawn(process.execPath, [inject('builtCommand'), 'validate', '--follow', ...args], {
    cwd: ROOT,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  const closed = once(child, 'close');
  return {
    child,
    ended: async () => ({ status: Number((await closed)[0]), stdout, stderr }),
    /** Waits until it has said something. */
    said: async (what: string): Promise<void> => {
      while (!stdout.includes(what)) {
        await Promise.race([
          once(child.stdout, 'data'),
          closed.then(() => {
            throw new Error(`it ended without '${what}': ${stdout}${stderr}`);
          }),
        ]);
      }
    },
  };
}

const linesOf = (stdout: string): readonly Line[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

it('says a finding while the pipe is open, and ends when it is closed', async () => {
  const fifo = join(place, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const { ended, said } = following(fifo, '--json');
  const octets = readFileSync(NAIVE);
  const pipe = createWriteStream(fifo);
  // A record that is not whole is waited for.
  pipe.write(octets.subarray(0, 3001));
  await said('"event":"begin"');
  pipe.write(octets.subarray(3001));
  await said('"event":"finding"');
  pipe.end();
  const { status, stdout, stderr } = await ended();
  expect([status, stderr]).toEqual([1, '']);
  const lines = linesOf(stdout);
  for (const line of lines) expect(() => decode(line)).not.toThrow();
  expect(() => decode({ ...lines[0], more: 1 })).toThrow();
  expect(lines[0]).toMatchObject({ event: 'begin', tool: 'ipsecha', format: 'pcap' });
  expect(lines.at(-1)).toMatchObject({ event: 'end', verdict: 'violates', stopped: false, endsEarly: null });
  const found = lines.filter(({ event }) => event === 'finding').map(({ finding }) => finding);
  expect(found).toContainEqual(expect.objectContaining({ frame: 35, rule: 'RFC7296-2.2-NEXT-ID' }));
});

it('says that a finding is under a condition, once something shows that weakens it', async () => {
  const { child, ended, said } = following('-', '--json');
  child.stdin.write(readFileSync(join(ROOT, 'traces/libreswan-peer-sync/cluster.jsonl')));
  await said('"event":"finding"');
  child.stdin.end('{"event":"gap","reason":"lines are missing"}\n');
  const { status, stdout, stderr } = await ended();
  expect([status, stderr]).toEqual([3, '']);
  const lines = linesOf(stdout);
  for (const line of lines) expect(() => decode(line)).not.toThrow();
  const rule = 'RFC6311-5-NEGOTIATED';
  const told = (kind: string) => lines.flatMap(({ event, finding }) => (event === kind ? [finding] : []));
  expect(told('finding')).toContainEqual(
    expect.not.objectContaining({ condition: expect.anything() as unknown }),
  );
  expect(told('weakened')).toEqual(
    [46, 47].map((line) =>
      expect.objectContaining({ rule, condition: expect.stringContaining(`${line}`) as unknown }),
    ),
  );
  const end = { event: 'end', verdict: 'inconclusive', findings: { certain: 0, conditional: 2 } };
  expect(lines.at(-1)).toMatchObject(end);
  const [weakened] = told('weakened') as readonly Finding[];
  const source = { file: '-', revision: 'rfc6311', version: '0' };
  const text = toldText({ kind: 'weakened', finding: weakened! }, source, new Date(0), {
    colour: false,
    width: 100,
    unicode: true,
  });
  expect(text).toMatch(
    /^1970-01-01T00:00:00Z inconclusive: line .*RFC6311-5-NEGOTIATED.* now under a condition: if nothing is missing b/u,
  );
});

it.each(['SIGINT', 'SIGTERM'] as const)('ends on %s with what was found, in 130', async (signal) => {
  const path = join(place, `${signal}.jsonl`);
  const hostile = '\u001b[31m\u202e';
  writeFileSync(path, `{"event":"gap","reason":"${JSON.stringify(hostile).slice(1, -1)}"}\n`);
  const { child, ended, said } = following(path);
  await said('followed as jsonl');
  appendFileSync(path, `no event ${hostile}\n{"event":"gap","rea`);
  await said('not read');
  child.kill(signal);
  const { status, stdout, stderr } = await ended();
  expect([status, stderr]).toEqual([130, '']);
  expect(stdout).toMatch(/inconclusive by rfc6311[\s\S]*1 events[\s\S]*interrupted/u);
  expect(/(?!\n)[\p{Cc}\p{Cf}]/u.exec(stdout)).toBeNull();
});

it('ends in 2 where a pipe ends in the middle of a record, and for what cannot be followed', async () => {
  const { child, ended } = following('-');
  child.stdin.end(readFileSync(NAIVE).subarray(0, 3001));
  const cut = await ended();
  expect([cut.status, cut.stderr]).toEqual([
    2,
    expect.stringContaining('the file ends in the record at octet'),
  ]);
  for (const [args, problem] of [
    [[NAIVE, NAIVE], '--follow takes one file'],
    [[NAIVE, '--html', join(place, 'x.html')], '--follow and --html do not go together'],
    [[join(place, 'none')], 'there is no such file'],
  ] as const) {
    const { status, stderr } = await run('validate', '--follow', ...args);
    expect([args, status, stderr]).toEqual([args, 2, expect.stringContaining(problem)]);
  }
});
