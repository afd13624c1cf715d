/** Validates a file of any size: it is judged while it is read, and not kept. */
import type { Revision } from '../../model/index.ts';
import type { Event, Unread } from './event.ts';
import type { Validation } from './finding.ts';
import { Neighbourhoods, neighbourhoodsIn } from './neighbourhood.ts';
import type { Roles } from './roles.ts';
import { isSaidComplete } from './said-complete.ts';
import { type Streamed, type StreamOptions, streamTrace, withKeysThatFit } from './sources/stream.ts';
import { Validator } from './validator.ts';

/** Of so many events all are kept, for charts of what went wrong. */
export const MOST_KEPT = 20_000;

export interface ValidateFileOptions extends StreamOptions {
  readonly revision?: Revision;
  readonly roles?: Roles;
  /** Whether it is known that nothing is missing; by default, what the description beside the file says. */
  readonly complete?: boolean;
  /** Events that are kept at most; `MOST_KEPT` by default. */
  readonly keep?: number;
}

export interface ValidatedFile {
  readonly validation: Validation;
  readonly streamed: Streamed;
  /** The events around the findings; none if a larger trace came from standard input, which is read once. */
  readonly around: Neighbourhoods;
}

/**
 * The verdict on a file.
 *
 * @param path of the file; `-` is standard input
 * @throws InputError if it cannot be read, is in no known format, or does not fit the keys
 */
export const validateFile = (path: string, options: ValidateFileOptions = {}): Promise<ValidatedFile> =>
  withKeysThatFit(path, options, (chosen) => validateOnce(path, chosen));

async function validateOnce(
  path: string,
  { revision, roles, complete, keep = MOST_KEPT, ...options }: ValidateFileOptions,
): Promise<ValidatedFile> {
  const unread: Unread[] = [];
  const remarks: string[] = [];
  const missing: string[] = [];
  const validator = new Validator({
    file: path,
    unread,
    remarks,
    missing,
    complete: complete ?? (await isSaidComplete(path)),
    ...(revision && { revision }),
    ...(roles && { roles }),
  });
  const { shortCut } = validator;
  let events: Event[] | undefined = [];
  const streamed = await streamTrace(
    path,
    {
      take: (event) => {
        validator.take(event);
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
  const validation = validator.end();
  const wanted = validation.findings.map(({ event }) => event);
  const around =
    events === undefined ? await readAgain(path, wanted, options) : neighbourhoodsIn(events, wanted);
  return { validation, streamed, around };
}

/** The events around those that are wanted, of a file that was too large to be kept. */
async function readAgain(
  path: string,
  wanted: readonly number[],
  options: StreamOptions,
): Promise<Neighbourhoods> {
  const around = new Neighbourhoods(wanted);
  if (wanted.length > 0 && path !== '-' && options.signal?.aborted !== true) {
    await streamTrace(path, { take: (event) => around.take(event) }, options);
  }
  return around;
}
