/** `check --watch` with a real child, files that change, and a signal. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scenarios } from '../../model/index.ts';
import { CHEAPEST } from '../questions/cheapest.ts';
import { ROOT, run } from './testing/run-command.ts';

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'cli-watch-'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const model = JSON.stringify(join(ROOT, 'model', 'index.ts'));
const revision = `import { rfc6311 } from ${model};
import { isStale } from './stale.mjs';
export default { ...rfc6311, name: 'watched', counterSync: { ...rfc6311.counterSync, isStale } };
`;
const asItIs = `import { rfc6311 } from ${model};
export const { isStale } = rfc6311.counterSync;
`;
const never = 'export const isStale = () => false;\n';

it('checks again when an import changes, and ends with Ctrl-C', { timeout: 120_000 }, async () => {
  const file = join(place, 'watched.mts');
  writeFileSync(file, revision);
  writeFileSync(join(place, 'stale.mjs'), asItIs);
  const args = ['--scenario', 'single-failover', '--set', 'requests=1', '--property', 'sync-request-once'];
  const child = spawn(process.execPath, ['src/cli/ipsecha.mjs', 'check', '--watch', file, ...args], {
    cwd: ROOT,
  });
  let [stdout, stderr] = ['', ''];
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
  });
  const closed = once(child, 'close');
  /** Waits until it waits again, and takes what it has said. */
  const said = async (): Promise<string> => {
    while (!stdout.includes('waiting for a change')) {
      await Promise.race([
        once(child.stdout, 'data'),
        closed.then(() => expect.fail(`it ended: ${stdout}${stderr}`)),
      ]);
    }
    const text = stdout;
    stdout = '';
    return text;
  };
  expect(await said()).toMatch(/^single-failover {2}holds\n/);
  // The same rule in other words.
  writeFileSync(join(place, 'stale.mjs'), `// as it is\n${asItIs}`);
  const unchanged = await said();
  expect(unchanged).toMatch(/^single-failover {2}holds \(stands\)$/m);
  expect(unchanged).toContain('it was not explored');
  writeFileSync(join(place, 'stale.mjs'), never);
  const changed = await said();
  expect(changed).toMatch(/^--- \S+ has changed\n/);
  expect(changed).toMatch(/violated: sync-request-once \(\d\) \(before: holds\)/);
  expect(changed).toContain('breaks sync-request-once after');
  writeFileSync(file, 'export default 7;\n');
  expect(await said()).toContain('watched.mts');
  child.kill('SIGINT');
  expect((await closed)[0]).toBe(130);
  expect(stderr).toBe('');
});

it('is for one file, and for nothing that is written', async () => {
  copyFileSync(join(ROOT, 'docs/examples/own-revision-file.ts'), join(place, 'mine.mjs'));
  expect((await run('check', '--watch', 'rfc6311')).stderr).toContain('--watch is for one file');
  const json = await run('check', '--watch', join(place, 'mine.mjs'), '--json');
  expect([json.status, json.stderr]).toEqual([2, expect.stringContaining('--watch does not go with --json')]);
  // It is being loaded by then, and nobody waits for it.
  const never = join(place, 'never-loaded.mjs');
  writeFileSync(never, 'for (;;);\n');
  const wrong = await run('check', '--watch', never, '--no-such-option');
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('--no-such-option')]);
});

it('knows of each scenario how dear it is', () => {
  expect([...CHEAPEST].sort()).toEqual(scenarios.map(({ name }) => name).sort());
});

it('loads anew what is edited while it is loaded, and never would be', { timeout: 120_000 }, async () => {
  const file = join(place, 'edited.mjs');
  writeFileSync(file, "console.log('it is loaded');\nfor (;;) {}\n");
  const child = spawn(process.execPath, ['src/cli/ipsecha.mjs', 'check', '--watch', file], { cwd: ROOT });
  const closed = once(child, 'close');
  let stdout = '';
  // What a file prints is there.
  child.stderr.once('data', () => writeFileSync(file, 'nothing = 1;\n'));
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
    if (stdout.includes('waiting for a change')) child.kill('SIGINT');
  });
  expect(await closed).toEqual([130, null]);
  expect(stdout).toMatch(/^--- \S+ has changed\n/);
  expect(stdout).toContain('nothing is not defined');
});

it('loads anew once an import is mended that was never loaded', { timeout: 120_000 }, async () => {
  const file = join(place, 'imports.mjs');
  writeFileSync(file, "export { default } from './lib.mjs';\n");
  writeFileSync(join(place, 'lib.mjs'), 'export default {{;\n');
  const child = spawn(process.execPath, ['src/cli/ipsecha.mjs', 'check', '--watch', file], { cwd: ROOT });
  const closed = once(child, 'close');
  let stdout = '';
  let waits = 0;
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
    const now = stdout.split('waiting for a change').length - 1;
    if (now === waits) return;
    waits = now;
    // Another one is wanted that is not there yet; then it is made.
    if (waits === 1) writeFileSync(join(place, 'lib.mjs'), "export { default } from './made.mjs';\n");
    else if (waits === 2) writeFileSync(join(place, 'made.mjs'), 'export default nothing;\n');
    else child.kill('SIGINT');
  });
  expect(await closed).toEqual([130, null]);
  expect(stdout).toMatch(/^\S+ cannot be loaded: SyntaxError/);
  expect(stdout).toMatch(/made\.mjs[\s\S]*has changed[\s\S]*nothing is not defined/);
});

it('ends with Ctrl-C while a file is loaded that never ends', { timeout: 120_000 }, async () => {
  const file = join(place, 'endless.mjs');
  writeFileSync(file, 'nothing = 1;\n');
  const child = spawn(process.execPath, ['src/cli/ipsecha.mjs', 'check', '--watch', file], { cwd: ROOT });
  const closed = once(child, 'close');
  let stdout = '';
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
    if (stdout.includes('waiting for a change')) writeFileSync(file, 'for (;;) {}\n');
    if (stdout.includes('has changed')) child.kill('SIGINT');
  });
  expect(await closed).toEqual([130, null]);
  expect(stdout).toMatch(/has changed\n$/u);
});
