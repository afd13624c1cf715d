/** Runs a command as a user does, for tests. */
import { execFile } from 'node:child_process';
import { inject } from 'vitest';
import { ROOT, takesSources } from './built-command.ts';

export { ROOT };

/** Runs a command; what it prints, and its exit status. */
export async function run(
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string; readonly status: number }> {
  const program = takesSources(args) ? 'src/cli/ipsecha.mjs' : inject('builtCommand');
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { cwd: ROOT, maxBuffer: 1 << 26 },
      (_error, stdout, stderr) => resolve({ stdout, stderr, status: child.exitCode ?? -1 }),
    );
  });
}
