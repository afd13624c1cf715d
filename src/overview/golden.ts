/** The shipped traces with the verdicts that are expected of them: the `trace.json` in each folder of `traces/`. */
import { readFile } from 'node:fs/promises';
import type { Validation } from '../traces/findings/finding.ts';
import { TRACES } from './traces-folder.ts';

export { TRACES };

export interface GoldenTrace {
  /** Relative to `traces/`, or in a `trace.json` to its folder. */
  readonly file: string;
  readonly about: string;
  readonly verdict: Validation['verdict'];
  /** Each finding as `frame rule`, in the order of the frames. */
  readonly findings: readonly string[];
}

/** What several observers saw of one run, and the verdict that is expected of all of it together. */
export interface GoldenRun extends Omit<GoldenTrace, 'file'> {
  /** Relative to `traces/`: captures of several taps, accounts of members, logs. A finding names its file first. */
  readonly files: readonly string[];
}

/** What `trace.json` says of the traces in its folder; their files are relative to it. */
export interface TraceFolder {
  readonly schema: 'ipsecha-trace';
  /** Whether nothing is missing in the captures; `validate` reads that, too. */
  readonly complete: boolean;
  /** What a reader of the texts finds in the run. */
  readonly about: string;
  readonly traces: readonly GoldenTrace[];
  readonly runs?: readonly GoldenRun[];
}

/** Folders whose traces were made in one way, in the order in which they are shown. */
export interface Origin {
  readonly origin: string;
  readonly folders: readonly { readonly name: string; readonly folder: TraceFolder }[];
}

/** All shipped traces, by their origins (`traces/origins.json`) and folders. */
export async function originsOfTraces(): Promise<readonly Origin[]> {
  const listed =
    await json<readonly { readonly origin: string; readonly folders: readonly string[] }[]>('origins.json');
  return Promise.all(
    listed.map(async ({ origin, folders }) => ({
      origin,
      folders: await Promise.all(
        folders.map(async (name) => ({ name, folder: await json<TraceFolder>(`${name}/trace.json`) })),
      ),
    })),
  );
}

const foldersOf = async (): Promise<Origin['folders']> =>
  (await originsOfTraces()).flatMap(({ folders }) => folders);

export const goldenTraces = async (): Promise<readonly GoldenTrace[]> =>
  (await foldersOf()).flatMap(({ name, folder }) =>
    folder.traces.map((trace) => ({ ...trace, file: `${name}/${trace.file}` })),
  );

export const goldenRuns = async (): Promise<readonly GoldenRun[]> =>
  (await foldersOf()).flatMap(({ name, folder: { runs = [] } }) =>
    runs.map((run) => ({
      ...run,
      files: run.files.map((file) => `${name}/${file}`),
      findings: run.findings.map((finding) => `${name}/${finding}`),
    })),
  );

async function json<Content>(path: string): Promise<Content> {
  // They are part of the package; a test checks each of them.
  return JSON.parse(await readFile(new URL(path, TRACES), 'utf8')) as Content;
}

/** The findings of a validation in the same form. */
export const findingsOf = (validation: Validation): readonly string[] =>
  validation.findings.map(({ frame, event, rule }) => `${frame ?? event} ${rule}`);

export const isAsExpected = (golden: GoldenTrace, validation: Validation): boolean =>
  golden.verdict === validation.verdict && golden.findings.join() === findingsOf(validation).join();
