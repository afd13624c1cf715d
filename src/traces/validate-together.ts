/** Validates what several observers saw: files of one run are taken together, others for themselves. */
import type { Event } from './event.ts';
import { InputError } from './input-error.ts';
import { mergeTraces } from './merge/merge.ts';
import { neighbourhoodsIn } from './neighbourhood.ts';
import type { Trace } from './read-trace.ts';
import { NO_ROLES, withEnd } from './roles.ts';
import { type Marked, Marks, runsOf } from './runs.ts';
import { isSaidComplete } from './said-complete.ts';
import { type Streamed, streamTrace, withKeysThatFit } from './sources/stream.ts';
import { validate } from './validate.ts';
import { type ValidatedFile, type ValidateFileOptions, validateFile } from './validate-file.ts';

/** Events of several files that are taken together at most: about a gibibyte. */
export const MOST_TOGETHER = 500_000;

export interface ValidateTogetherOptions extends ValidateFileOptions {
  /** Events of several files that are kept at most; `MOST_TOGETHER` by default. */
  readonly together?: number;
}

/**
 * The verdicts on files. Those that tell of the same SAs are judged as one trace, which is kept in memory as a whole; a
 * file by itself is judged while it is read.
 *
 * @throws InputError if one cannot be read, is in no known format, or does not fit the keys; or if those of one run
 *   are too large to be taken together
 */
export async function validateTogether(
  paths: readonly string[],
  options: ValidateTogetherOptions = {},
): Promise<readonly ValidatedFile[]> {
  const [only] = paths;
  if (only !== undefined && paths.length === 1) return [await validateFile(only, options)];
  const surveyed = await surveyAll(paths, options);
  const validated: ValidatedFile[] = [];
  for (const run of runsOf(surveyed)) {
    const [first] = run;
    // What was interrupted is not read again.
    const isKept = options.signal?.aborted === true && first?.events !== undefined;
    if (run.length === 1 && first !== undefined && first.streamed.file !== '-' && !isKept) {
      validated.push(await validateFile(first.streamed.file, options));
    } else {
      const complete = options.complete ?? (await areSaidComplete(run));
      validated.push(judged(run.map(keptOf), { ...options, complete }));
    }
  }
  return validated;
}

/** Whether the descriptions beside all files say that nothing is missing. */
async function areSaidComplete(run: readonly Surveyed[]): Promise<boolean> {
  const said = await Promise.all(run.map(({ streamed }) => isSaidComplete(streamed.file)));
  return said.every((each) => each);
}

/**
 * Several files of one run as one trace, in memory.
 *
 * @throws InputError if one cannot be read, if they are of several runs, or too large to be taken together
 */
export async function readTogether(
  paths: readonly string[],
  options: ValidateTogetherOptions = {},
): Promise<Trace> {
  const [run = [], other] = runsOf(await surveyAll(paths, options));
  const [stranger] = other ?? [];
  if (stranger !== undefined) {
    throw new InputError(
      { file: stranger.streamed.file },
      'it tells of no IKE SA or ESP SA that the other files tell of',
      'Import each run by itself.',
    );
  }
  return merged(run.map(keptOf)).trace;
}

async function surveyAll(
  paths: readonly string[],
  options: ValidateTogetherOptions,
): Promise<readonly Surveyed[]> {
  const surveyed: Surveyed[] = [];
  let room = options.together ?? MOST_TOGETHER;
  // Standard input named twice has nothing the second time; a file named twice is the same observer's.
  for (const path of new Set(paths)) {
    if (options.signal?.aborted === true) break;
    const each = await survey(path, options, room);
    room -= each.events?.length ?? 0;
    surveyed.push(each);
  }
  return surveyed;
}

/** A file that was read once, to see what it belongs to; its events, unless there are too many. */
interface Surveyed extends Marked {
  readonly streamed: Streamed;
  readonly events: readonly Event[] | undefined;
}

const survey = (path: string, options: ValidateFileOptions, room: number): Promise<Surveyed> =>
  withKeysThatFit(path, options, (chosen) => surveyOnce(path, chosen, room));

async function surveyOnce(path: string, options: ValidateFileOptions, room: number): Promise<Surveyed> {
  const marks = new Marks();
  let events: Event[] | undefined = [];
  const { roles = NO_ROLES } = options;
  const take = (told: Event): void => {
    const event = withEnd(roles, told);
    marks.note(event);
    if (events === undefined) return;
    if (events.length < room) events.push(event);
    else events = undefined;
  };
  const streamed = await streamTrace(path, { take }, options);
  return { marks, format: streamed.format, streamed, events };
}

function keptOf({ streamed, events }: Surveyed): Trace {
  if (events !== undefined) return { ...streamed, events };
  throw new InputError(
    { file: streamed.file },
    'it has too many events to be taken together with other files',
    'Judge each file for itself (--each), or only the part of each that matters: editcap -A START -B END whole.pcap part.pcap',
  );
}

function judged(traces: readonly Trace[], { revision, roles, complete }: ValidateFileOptions): ValidatedFile {
  const { trace, files } = merged(traces);
  const { events, ...streamed } = trace;
  const validation = validate(events, {
    unread: trace.unread,
    remarks: trace.remarks,
    missing: trace.missing,
    ...(complete !== undefined && { complete }),
    ...(revision && { revision }),
    ...(roles && { roles }),
  });
  const findings = validation.findings.map((finding) => {
    const file = files[finding.event - 1];
    return file === undefined ? finding : { ...finding, file };
  });
  return {
    validation: { ...validation, files: traces.map(({ file }) => file), findings },
    streamed,
    around: neighbourhoodsIn(
      events,
      findings.map(({ event }) => event),
    ),
  };
}

/** Traces of one run as one, and the file that each event is from. */
function merged(traces: readonly Trace[]): { readonly trace: Trace; readonly files: readonly string[] } {
  const [first] = traces;
  const { events, files, remarks } =
    traces.length === 1 && first !== undefined
      ? { events: first.events, files: first.events.map(() => first.file), remarks: [] }
      : mergeTraces(traces);
  const trace: Trace = {
    events,
    file: traces.map(({ file }) => file).join(', '),
    format: first?.format ?? 'jsonl',
    unread: traces.flatMap(({ unread }) => unread),
    missing: [...new Set(traces.flatMap(({ missing }) => missing))],
    remarks: [...new Set([...traces.flatMap((each) => each.remarks), ...remarks])],
    frames: sum(traces, 'frames'),
    keepalives: sum(traces, 'keepalives'),
    other: sum(traces, 'other'),
    fragments: sum(traces, 'fragments'),
    endsEarly: traces.find(({ endsEarly }) => endsEarly !== null)?.endsEarly ?? null,
  };
  return { trace, files };
}

const sum = (traces: readonly Trace[], what: 'frames' | 'keepalives' | 'other' | 'fragments'): number =>
  traces.reduce((total, trace) => total + trace[what], 0);
