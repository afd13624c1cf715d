/** `check --checkpoint` and `--resume`, as a user runs them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { stableFigures } from '../explore/testing/figures.ts';
import { ROOT, run as runBuilt } from './testing/run-command.ts';

const directory = mkdtempSync(join(tmpdir(), 'checkpoint-'));
afterAll(() => rmSync(directory, { recursive: true }));
const file = join(directory, 'one');

const BOUNDS = ['--set', 'requests=3', '--set', 'bump=3'];
const QUESTION = ['check', 'rfc6311', '--scenario', 'single-failover', ...BOUNDS];

/** From the sources: a signal has to get through the loader of TypeScript, too. */
function started(args: readonly string[]) {
  const child = spawn(process.execPath, ['src/cli/ipsecha.mjs', ...args], { cwd: ROOT });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => {
    said.stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    said.stderr += data.toString();
  });
  return {
    child,
    ended: once(child, 'close').then(([status]) => ({ ...said, status: status as number | null })),
  };
}

const run = (args: readonly string[]) => runBuilt(...args);

/** What is found, without what depends on the machine. */
function found(json: string): unknown {
  const [result] = (JSON.parse(json) as { results: { statistics: Record<string, unknown> }[] }).results;
  return { ...result, statistics: stableFigures(result!.statistics) };
}

test('Ctrl-C writes a checkpoint, and from there the same is found as at once', async () => {
  const whole = await run([...QUESTION, '--json']);
  const { child, ended } = started([...QUESTION, '--checkpoint', file]);
  const interrupt = setInterval(() => child.kill('SIGINT'), 3000);
  // The second Ctrl-C would end it at once.
  setTimeout(() => clearInterval(interrupt), 3500);
  const { status, stdout } = await ended;
  clearInterval(interrupt);
  if (status === 130) expect(stdout).toContain('interrupted');
  // On a fast machine it may have come to its end before; then there is another way to end it early.
  if (!existsSync(file)) await started([...QUESTION, '--time', '0.5', '--checkpoint', file]).ended;
  // A checkpoint is of one build.
  const resumed = await started([...QUESTION, '--resume', file, '--json']).ended;
  expect(found(resumed.stdout)).toEqual(found(whole.stdout));
  expect(resumed.status).toBe(whole.status);
}, 120_000);

test('what it cannot go on from is refused with the reason, in status 2', async () => {
  await run([...QUESTION, '--time', '0.2', '--checkpoint', file]);
  const saved = readFileSync(file);
  const refused = async (args: readonly string[], reason: string): Promise<void> => {
    const { status, stderr, stdout } = await run(args);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('begin anew without --resume');
    expect([status, stdout]).toEqual([2, '']);
  };
  await refused(
    [...QUESTION, '--set', 'bump=2', '--resume', file],
    'another exploration: setting bump: there 3, here 2',
  );
  await refused([...QUESTION, '--no-reduction', 'symmetry', '--resume', file], 'another exploration');
  await refused(
    ['check', 'ipsecha-01', ...QUESTION.slice(2), '--resume', file],
    'another exploration: revision: there',
  );
  writeFileSync(file, saved.subarray(0, saved.length - 7));
  await refused([...QUESTION, '--resume', file], 'is damaged');
  saved[saved.length >> 1]! ^= 1;
  writeFileSync(file, saved);
  await refused([...QUESTION, '--resume', file], 'is damaged');
  writeFileSync(file, 'a letter');
  await refused([...QUESTION, '--resume', file], 'is damaged');
  await refused([...QUESTION, '--resume', join(directory, 'none')], 'cannot be read');
}, 120_000);

test('checkpoints are of one exploration, and go where they can be written', async () => {
  const many = await run(['check', 'rfc6311', '--resume', file]);
  expect(many.stderr).toContain('name one revision and one --scenario');
  const nowhere = await run([...QUESTION, '--checkpoint', join(directory, 'no', 'where')]);
  expect(nowhere.stderr).toContain('cannot be written');
  expect([many.status, nowhere.status]).toEqual([2, 2]);
}, 60_000);
