/** Builds the command line once for all tests of a run, and again before each further run of `vitest --watch`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { builtCommand } from './built-command.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The program of the command line as plain JavaScript. */
    readonly builtCommand: string;
  }
}

/** Called by vitest before the first test. */
export default async function buildOnce(project: TestProject): Promise<() => void> {
  const places: string[] = [];
  const build = async (): Promise<void> => {
    const place = mkdtempSync(join(tmpdir(), 'ipsecha-built-'));
    places.push(place);
    project.provide('builtCommand', await builtCommand(place));
  };
  await build();
  project.onTestsRerun(build);
  return () => {
    for (const place of places) rmSync(place, { recursive: true, force: true });
  };
}
