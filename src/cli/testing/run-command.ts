/** Runs a command as a user does, for tests. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The folder of the project, which commands are run in. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs a command; what it prints, and its exit status. */
export const run = (
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly status: number }> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['src/cli/ipsecha.mjs', ...args],
      { cwd: ROOT, maxBuffer: 1 << 26 },
      (_error, stdout) => resolve({ stdout, status: child.exitCode ?? -1 }),
    );
  });
