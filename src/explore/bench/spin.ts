/** SPIN as another model checker: how its programs are made, and what they print. */
import { spawnSync } from 'node:child_process';

/** What SPIN found. */
export interface SpinCounts {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Steps of the shortest run that violates an assertion; null if none does. */
  readonly violatedIn: number | null;
}

/** Runs a compiler. Returns what went wrong, if anything did. */
export function ran(command: string, args: readonly string[], directory: string): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(command, args, { cwd: directory, encoding: 'utf8' });
  if (error !== undefined) return `${command} is not installed`;
  return status === 0 ? undefined : `${command} failed: ${stdout.trim()}${stderr.trim()}`;
}

/** Whether a program is there to be run. */
const isThere = (command: string, asked: string): boolean => spawnSync(command, [asked]).error === undefined;

/** Whether models can be made into programs and run. */
export const hasSpin = (): boolean => isThere('spin', '-V') && isThere('gcc', '--version');

/** How a program is made. */
export interface PanOptions {
  readonly defined?: readonly string[];
  /** For the compiler. */
  readonly flags?: readonly string[];
}

/** Makes the program that visits every state of a model, breadth first: the command, or why it cannot be made. */
export function panOf(
  model: string,
  directory: string,
  { defined = [], flags = [] }: PanOptions,
): readonly string[] | string {
  const compile = ['-w', ...flags, '-DSAFETY', '-DNOREDUCE', '-DBFS', '-o', 'pan', 'pan.c'];
  const problem = ran('spin', [...defined, '-a', model], directory) ?? ran('gcc', compile, directory);
  return problem ?? [`${directory}/pan`];
}

/** SPIN counts the initial state as a transition; the sum itself it prints with a few digits only. */
export function spinCounts(output: string): SpinCounts {
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? Number.NaN);
  const violated = /assertion violated .*\(at depth (\d+)\)/.exec(output)?.[1];
  const errors = number(/errors: (\d+)/);
  if (Number.isNaN(errors) || errors !== (violated === undefined ? 0 : 1)) {
    throw new Error(`SPIN did not come to an end as it should:\n${output}`);
  }
  return {
    states: number(/(\d+) states, stored/),
    transitions: number(/(\d+) states, stored/) + number(/(\d+) states, matched/) - 1,
    depth: number(/depth reached (\d+)/),
    violatedIn: violated === undefined ? null : Number(violated) + 1,
  };
}

/** The counts of a model in which every assertion holds. */
export function exhaustedCounts(output: string): SpinCounts {
  const counts = spinCounts(output);
  if (counts.violatedIn !== null) {
    throw new Error(`SPIN did not find that the invariant holds:\n${output}`);
  }
  return counts;
}
