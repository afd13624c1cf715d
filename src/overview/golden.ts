/** The shipped traces with the verdicts that are expected of them (`traces/golden.json`). */
import { readFile } from 'node:fs/promises';
import type { Validation } from '../traces/findings/finding.ts';

/** Folder of the shipped traces. */
export const TRACES = new URL('../../traces/', import.meta.url);

export interface GoldenTrace {
  /** Relative to `traces/`. */
  readonly file: string;
  readonly about: string;
  readonly verdict: Validation['verdict'];
  /** Each finding as `frame rule`, in the order of the frames. */
  readonly findings: readonly string[];
}

export const goldenTraces = (): Promise<readonly GoldenTrace[]> => listed('golden.json');

/** What several observers saw of one run, and the verdict that is expected of all of it together. */
export interface GoldenRun extends Omit<GoldenTrace, 'file'> {
  /** Relative to `traces/`: captures of several taps, accounts of members, logs. A finding names its file first. */
  readonly files: readonly string[];
}

export const goldenRuns = (): Promise<readonly GoldenRun[]> => listed('runs.json');

async function listed<Entry = GoldenTrace>(list: string): Promise<readonly Entry[]> {
  // The lists are part of the package; a test checks every entry of them.
  return JSON.parse(await readFile(new URL(list, TRACES), 'utf8')) as readonly Entry[];
}

/** The findings of a validation in the same form. */
export const findingsOf = (validation: Validation): readonly string[] =>
  validation.findings.map(({ frame, event, rule }) => `${frame ?? event} ${rule}`);

export const isAsExpected = (golden: GoldenTrace, validation: Validation): boolean =>
  golden.verdict === validation.verdict && golden.findings.join() === findingsOf(validation).join();
