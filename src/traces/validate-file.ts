/** Validates a file of any size: it is judged while it is read, and not kept. */
import type { Revision } from '../../model/index.ts';
import type { Event, Unread } from './events/event.ts';
import { Neighbourhoods, neighbourhoodsIn } from './events/neighbourhood.ts';
import type { Validation } from './findings/finding.ts';
import type { Roles } from './roles.ts';
import { areSaidComplete } from './sources/said-complete.ts';
import { readAsNeeded, type Streamed, type StreamOptions, streamChain } from './sources/stream.ts';
import { Validator } from './validator.ts';

/** Of so many events all are kept, for charts of what went wrong. */
export const MOST_KEPT = 20_000;

export interface ValidateFileOptions extends StreamOptions {
  readonly revision?: Revision;
  readonly roles?: Roles;
  /** Whether it is known that nothing is missing; by default, what the description beside the file says. */
  readonly complete?: boolean;
  /** Whether the verdict under each reading is wanted, as in `ValidateOptions`. */
  readonly readings?: boolean;
  /** Events that are kept at most; `MOST_KEPT` by default. */
  readonly keep?: number;
}

export interface ValidatedFile {
  readonly validation: Validation;
  readonly streamed: Streamed;
  /** The events around the findings; none if a larger trace came from standard input, which is read once. */
  readonly around: Neighbourhoods;
  /** All events, in their order, if they were kept. */
  readonly events?: readonly Event[];
}

/**
 * The verdict on a file.
 *
 * @param path of the file; `-` is standard input
 * @throws InputError if it cannot be read, is in no known format, or does not fit the keys
 */
export const validateFile = (path: string, options: ValidateFileOptions = {}): Promise<ValidatedFile> =>
  validateChain([path], options);

/**
 * The verdict on files that follow one another, as one trace.
 *
 * @param paths in the order of their times; several only if all are captures
 * @throws InputError as `validateFile`
 */
export const validateChain = (
  paths: readonly [string, ...string[]],
  options: ValidateFileOptions = {},
): Promise<ValidatedFile> =>
  readAsNeeded(paths[0], { sort: false, ...options }, (chosen) => validateOnce(paths, chosen));

async function validateOnce(
  paths: readonly [string, ...string[]],
  { revision, roles, complete, readings = true, keep = MOST_KEPT, ...options }: ValidateFileOptions,
): Promise<ValidatedFile> {
  const unread: Unread[] = [];
  const remarks: string[] = [];
  const missing: string[] = [];
  const origins = new Origins();
  const validator = new Validator({
    ...(paths.length === 1 ? { file: paths[0] } : { fileOf: origins.of }),
    ...{ unread, remarks, missing, readings },
    complete: complete ?? (await areSaidComplete(paths)),
    ...(revision && { revision }),
    ...(roles && { roles }),
  });
  const { shortCut } = validator;
  let events: Event[] | undefined = [];
  const streamed = await streamChain(
    paths,
    {
      take: (event, file) => {
        validator.take(event);
        if (file !== undefined && paths.length > 1) origins.note(validator.count, file);
        if (events === undefined) return;
        if (events.length < keep) events.push(event);
        else events = undefined;
      },
      shortCut: {
        sas: shortCut.sas,
        countPacket: shortCut.countPacket,
        // As long as all events are kept, each of them is wanted.
        get isPlain() {
          return events === undefined && shortCut.isPlain;
        },
      },
    },
    options,
  );
  unread.push(...streamed.unread);
  remarks.push(...streamed.remarks);
  missing.push(...streamed.missing);
  const { frames, keepalives, other, fragments, facts } = streamed;
  const judged = validator.end({ frames, keepalives, other, fragments, facts });
  const validation = paths.length === 1 ? judged : { ...judged, files: paths };
  const wanted = validation.findings.map(({ event }) => event);
  const around =
    events === undefined ? await readAgain(paths, wanted, options) : neighbourhoodsIn(events, wanted);
  return { validation, streamed, around, ...(events === undefined ? {} : { events }) };
}

/** Which file each event is from: the first event of each stretch of one file. */
class Origins {
  readonly #stretches: { readonly first: number; readonly file: string }[] = [];

  note(event: number, file: string): void {
    if (this.#stretches.at(-1)?.file !== file) this.#stretches.push({ first: event, file });
  }

  /** The file of an event. */
  readonly of = (event: number): string | undefined =>
    this.#stretches.findLast(({ first }) => first <= event)?.file;
}

/** The events around those that are wanted, of a trace that was too large to be kept. */
async function readAgain(
  paths: readonly [string, ...string[]],
  wanted: readonly number[],
  options: StreamOptions,
): Promise<Neighbourhoods> {
  const around = new Neighbourhoods(wanted);
  if (wanted.length > 0 && !paths.includes('-') && options.signal?.aborted !== true) {
    await streamChain(paths, { take: (event) => around.take(event) }, options);
  }
  return around;
}
