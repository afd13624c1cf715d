/** The shipped traces with the verdicts that are expected of them (`traces/golden.json`). */
import { readFile } from 'node:fs/promises';
import type { Validation } from '../traces/finding.ts';

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

/** Captures whose verdict is known from reading them, and which the code cannot read, or judge so, yet. */
export const pendingTraces = (): Promise<readonly GoldenTrace[]> => listed('pending.json');

async function listed(list: string): Promise<readonly GoldenTrace[]> {
  // The lists are part of the package; a test checks every entry of them.
  return JSON.parse(await readFile(new URL(list, TRACES), 'utf8')) as readonly GoldenTrace[];
}

/** The findings of a validation in the same form. */
export const findingsOf = (validation: Validation): readonly string[] =>
  validation.findings.map(({ frame, event, rule }) => `${frame ?? event} ${rule}`);

export const isAsExpected = (golden: GoldenTrace, validation: Validation): boolean =>
  golden.verdict === validation.verdict && golden.findings.join() === findingsOf(validation).join();
