/** Runs a command as a user does, for tests. */
import { execFile } from 'node:child_process';
import { inject } from 'vitest';
import { ROOT, takesSources } from './built-command.ts';

export { ROOT };

const SOURCES = 'src/cli/ipsecha.mjs';

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** Runs a command; what it prints, and its exit status. */
export const run = (...args: readonly string[]): Promise<Ended> =>
  ended(takesSources(args) ? SOURCES : inject('builtCommand'), args);

/** The same from the sources, which are another text than what is built of them, for what is compared with such. */
export const runFromSources = (...args: readonly string[]): Promise<Ended> => ended(SOURCES, args);

async function ended(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { cwd: ROOT, maxBuffer: 1 << 26 },
      (_error, stdout, stderr) => resolve({ stdout, stderr, status: child.exitCode ?? -1 }),
    );
  });
}
