/**
 * Validates a trace: events in, verdict out. Each IKE SA and each ESP SA is judged for itself; what is left
 * open by the text is tried in all its readings.
 */
import type { Revision } from '../../model/index.ts';
import type { Event, Unread } from './events/event.ts';
import type { Validation } from './findings/finding.ts';
import type { Roles } from './roles.ts';
import { type Observed, Validator } from './validator.ts';

export interface ValidateOptions {
  /** The text to judge by; RFC 6311 by default. */
  readonly revision?: Revision;
  readonly file?: string;
  /** The file of an event, by its number, if there are several; asked once all events were taken. */
  readonly fileOf?: (event: number) => string | undefined;
  /** What the source lacked. */
  readonly missing?: readonly string[];
  /** What could not be read; looked at once all events were taken, so a reader may still add to it until then. */
  readonly unread?: readonly Unread[];
  readonly remarks?: readonly string[];
  /** What a reader knows of its source besides the events, and how many frames it saw. */
  readonly observed?: Observed;
  /** What is remembered of IKE SAs at most, in messages; see `judge/ike-sas.ts`. */
  readonly remembered?: number;
  /** What a user tells of the ends by their addresses. */
  readonly roles?: Roles;
  /**
   * Whether it is known that nothing is missing in the trace. Without it, what a message that was not captured would
   * explain is told under that condition, and the verdict is `inconclusive`.
   */
  readonly complete?: boolean;
  /** Whether the verdict under each reading of what the text leaves open is wanted (the default), besides the verdict. */
  readonly readings?: boolean;
}

/**
 * The verdict on events, in the order in which they were observed.
 *
 * @param events all of them, or a stream: then each is forgotten once it was judged
 */
export function validate(events: Iterable<Event>, options?: ValidateOptions): Validation;
export function validate(events: AsyncIterable<Event>, options?: ValidateOptions): Promise<Validation>;
export function validate(
  events: Iterable<Event> | AsyncIterable<Event>,
  options: ValidateOptions = {},
): Validation | Promise<Validation> {
  const validator = new Validator(options);
  if (Symbol.asyncIterator in events) return takeAll(validator, events, options.observed);
  for (const event of events) validator.take(event);
  return validator.end(options.observed);
}

async function takeAll(
  validator: Validator,
  events: AsyncIterable<Event>,
  observed?: Observed,
): Promise<Validation> {
  for await (const event of events) validator.take(event);
  return validator.end(observed);
}
