/** Validates what several observers saw: files of one run are taken together, others for themselves. */
import type { Event } from './events/event.ts';
import { neighbourhoodsIn } from './events/neighbourhood.ts';
import { mergeTraces } from './merge/merge.ts';
import { type Marked, Marks, runsOf } from './merge/runs.ts';
import { isInSeries, MOST_DIGESTS, seriesOf, type Timed, tapsOf } from './merge/taps.ts';
import { NO_ROLES, withEnd } from './roles.ts';
import { EmptySource, type TraceFormat } from './sources/format.ts';
import { InputError } from './sources/input-error.ts';
import type { Trace } from './sources/read-trace.ts';
import { areSaidComplete } from './sources/said-complete.ts';
import { readAsNeeded, type Streamed, streamTrace } from './sources/stream.ts';
import { validate } from './validate.ts';
import {
  type ValidatedFile,
  type ValidateFileOptions,
  validateChain,
  validateFile,
} from './validate-file.ts';

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
  const validated: ValidatedFile[] = [];
  for (const run of joinedRuns(await surveyAll(paths, options))) {
    const [tap, ...others] = tapsOf(run);
    if (tap === undefined) continue;
    // What one tap wrote is judged while it is read again, and not kept. What was interrupted is not read again.
    const isOne = others.length === 0 && (tap.length === 1 || tap[0].format === 'pcap');
    const isKept = options.signal?.aborted === true && tap.every(({ events }) => events !== undefined);
    const names = tap.map(({ path }) => path);
    const [first, ...more] = names;
    if (isOne && first !== undefined && !names.includes('-') && !isKept) {
      validated.push(await validateChain([first, ...more], options));
    } else {
      const all = [tap, ...others].flat().map(({ path }) => path);
      const complete = options.complete ?? (await areSaidComplete(all));
      validated.push(judged([tap, ...others].map(traceOf), { ...options, complete }));
    }
  }
  return validated;
}

/**
 * The files of each run. Those of a series belong together even where they have no SA in common, and so do those of it
 * that tell of nothing.
 */
function joinedRuns(surveyed: readonly Surveyed[]): readonly (readonly Surveyed[])[] {
  const runs: Surveyed[][] = [];
  for (const run of runsOf(surveyed)) {
    const isEmpty = run.every(({ marks }) => marks.sas.size === 0);
    const series = new Set(run.flatMap(({ path }) => (isEmpty || isInSeries(path) ? [seriesOf(path)] : [])));
    const before = runs.find((other) =>
      other.some(
        ({ path, marks }) =>
          series.has(seriesOf(path)) && (isEmpty || marks.sas.size === 0 || isInSeries(path)),
      ),
    );
    if (before === undefined) runs.push([...run]);
    else before.push(...run);
  }
  return runs;
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
  const [run = [], other] = joinedRuns(await surveyAll(paths, options));
  const [stranger] = other ?? [];
  if (stranger !== undefined) {
    throw new InputError(
      { file: stranger.streamed.file },
      'it tells of no IKE SA or ESP SA that the other files tell of',
      'Import each run by itself.',
    );
  }
  return merged(tapsOf(run).map(traceOf)).trace;
}

async function surveyAll(
  paths: readonly string[],
  options: ValidateTogetherOptions,
): Promise<readonly Surveyed[]> {
  const surveyed: Surveyed[] = [];
  let room = options.together ?? MOST_TOGETHER;
  // Standard input named twice has nothing the second time; a file named twice is the same observer's.
  let empty: InputError | undefined;
  for (const path of new Set(paths)) {
    if (options.signal?.aborted === true) break;
    try {
      const each = await survey(path, options, room);
      room -= each.events?.length ?? 0;
      surveyed.push(each);
    } catch (error) {
      // The file that a tap has just begun to write.
      if (!(error instanceof EmptySource)) throw error;
      empty ??= error;
    }
  }
  if (surveyed.length === 0 && empty !== undefined) throw empty;
  return surveyed;
}

/** A file that was read once, to see what it belongs to; its events, unless there are too many. */
interface Surveyed extends Marked, Timed {
  readonly format: TraceFormat;
  readonly streamed: Streamed;
  readonly events: readonly Event[] | undefined;
}

const survey = (path: string, options: ValidateFileOptions, room: number): Promise<Surveyed> =>
  readAsNeeded(path, options, (chosen) => surveyOnce(path, chosen, room));

async function surveyOnce(path: string, options: ValidateFileOptions, room: number): Promise<Surveyed> {
  const marks = new Marks();
  const digests = new Set<string>();
  let span: { first: number; last: number } | undefined;
  let events: Event[] | undefined = [];
  const { roles = NO_ROLES } = options;
  const take = (told: Event): void => {
    const event = withEnd(roles, told);
    marks.note(event);
    const { time } = event;
    if (time !== undefined) {
      span ??= { first: time, last: time };
      span.first = Math.min(span.first, time);
      span.last = Math.max(span.last, time);
    }
    if ('message' in event && event.octets !== undefined && digests.size < MOST_DIGESTS) {
      digests.add(event.octets);
    }
    if (events === undefined) return;
    if (events.length < room) events.push(event);
    else events = undefined;
  };
  const streamed = await streamTrace(path, { take }, options);
  // Frames without events have times too.
  return { path, marks, digests, span: streamed.span ?? span, format: streamed.format, streamed, events };
}

/** The files of a tap as one trace in memory. */
function traceOf(tap: readonly Surveyed[]): TraceOfTap {
  const kept = tap.map(({ streamed, events }) => {
    if (events !== undefined) return { streamed, events };
    throw new InputError(
      { file: streamed.file },
      'it has too many events to be taken together with other files',
      'Judge each file for itself (--each), or only the part of each that matters: editcap -A START -B END whole.pcap part.pcap',
    );
  });
  const all = kept.map(({ streamed }) => streamed);
  return {
    names: all.map(({ file }) => file),
    format: all[0]?.format ?? 'jsonl',
    files: kept.flatMap(({ streamed, events }) => events.map(() => streamed.file)),
    events: kept.flatMap(({ events }) => events),
    file: all.map(({ file }) => file).join(', '),
    ...sumOf(all),
  };
}

/** The events of one tap, and the file of each. */
interface TraceOfTap extends Trace {
  readonly names: readonly string[];
  readonly files: readonly string[];
}

/** What was read of several files, in one. */
const sumOf = (all: readonly Streamed[]) => ({
  unread: all.flatMap(({ unread }) => unread),
  missing: [...new Set(all.flatMap(({ missing }) => missing))],
  remarks: [...new Set(all.flatMap(({ remarks }) => remarks))],
  facts: all.flatMap(({ facts }) => facts),
  frames: sum(all, 'frames'),
  keepalives: sum(all, 'keepalives'),
  other: sum(all, 'other'),
  fragments: sum(all, 'fragments'),
  endsEarly: all.find(({ endsEarly }) => endsEarly !== null)?.endsEarly ?? null,
});

function judged(
  traces: readonly TraceOfTap[],
  { revision, roles, complete, readings = true }: ValidateFileOptions,
): ValidatedFile {
  const { trace, files } = merged(traces);
  const { events, ...streamed } = trace;
  const validation = validate(events, {
    fileOf: (event) => files[event - 1],
    unread: trace.unread,
    remarks: trace.remarks,
    missing: trace.missing,
    observed: {
      ...{ frames: trace.frames, keepalives: trace.keepalives, other: trace.other },
      ...{ fragments: trace.fragments, facts: trace.facts },
    },
    ...(complete !== undefined && { complete }),
    readings,
    ...(revision && { revision }),
    ...(roles && { roles }),
  });
  return {
    validation: { ...validation, files: traces.flatMap(({ names }) => names) },
    streamed,
    around: neighbourhoodsIn(
      events,
      validation.findings.map(({ event }) => event),
    ),
    events,
  };
}

/** Traces of one run as one, and the file that each event is from. */
function merged(traces: readonly TraceOfTap[]): { readonly trace: Trace; readonly files: readonly string[] } {
  const [first] = traces;
  const { events, files, remarks } =
    traces.length === 1 && first !== undefined
      ? { events: first.events, files: first.files, remarks: [] }
      : mergeTraces(traces);
  const all = sumOf(traces);
  const trace: Trace = {
    ...all,
    events,
    file: traces.map(({ file }) => file).join(', '),
    format: first?.format ?? 'jsonl',
    remarks: [...new Set([...all.remarks, ...remarks])],
  };
  return { trace, files };
}

const sum = (traces: readonly Streamed[], what: 'frames' | 'keepalives' | 'other' | 'fragments'): number =>
  traces.reduce((total, trace) => total + trace[what], 0);
