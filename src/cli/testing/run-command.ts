/** Runs a command as a user does, for tests. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { builtCommand, ROOT, takesSources } from './built-command.ts';

export { ROOT };

/** The folder of the command line as it is built, once it is wanted. */
let place: string | undefined;
let built: Promise<string> | undefined;
afterAll(() => {
  if (place !== undefined) rmSync(place, { recursive: true, force: true });
});

function programFor(args: readonly string[]): Promise<string> | string {
  if (takesSources(args)) return 'src/cli/ipsecha.mjs';
  place ??= mkdtempSync(join(tmpdir(), 'ipsecha-built-'));
  built ??= builtCommand(place);
  return built;
}

/** Runs a command; what it prints, and its exit status. */
export async function run(
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string; readonly status: number }> {
  const program = await programFor(args);
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { cwd: ROOT, maxBuffer: 1 << 26 },
      (_error, stdout, stderr) => resolve({ stdout, stderr, status: child.exitCode ?? -1 }),
    );
  });
}
