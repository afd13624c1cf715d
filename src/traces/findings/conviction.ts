/**
 * Whether a finding convicts. What may be missing at the tap is part of the search for an explanation, as is what was
 * lost beyond it: a message that was not captured, the other direction, another order. So an end is only accused by
 * what it contradicts itself, or where something says that the observation is complete.
 */
import { catalogue, type RuleId } from '../../../model/index.ts';
import type { EndState } from '../judge/end-state.ts';

/** What makes a finding certain; without any, only a complete observation does. */
export type Conviction =
  /** Messages of the end contradict each other, or one contradicts itself, in whatever order they were sent. */
  | { readonly kind: 'contradiction' }
  /** A message contradicts an earlier one of the same end, if that was the earlier one. */
  | { readonly kind: 'order' }
  /** Nothing is missing if the Message IDs of the IKE SA run through: the trace shows all that there was to see. */
  | { readonly kind: 'numbers' }
  /** A response far beyond every request of the other end, if all before it run through and nothing after bears it out. */
  | { readonly kind: 'far'; readonly id: number }
  /** A log of one of the two ends shows it, which has all that this end sent and received. */
  | { readonly kind: 'account' };

export const CONTRADICTION: Conviction = { kind: 'contradiction' };

/** A rule that a message breaks by what its sender sent before, whatever else was or was not captured. */
export interface Contradiction {
  readonly rule: RuleId;
  readonly because: string;
  readonly conviction: Conviction;
}

/** What is known of an observation as far as it concerns one IKE SA. */
export interface Observation {
  /** Whether somebody says that nothing is missing: the user, or the description beside the file. */
  readonly complete: boolean;
  /** Whether messages of this IKE SA could not be read, or something says that messages are missing. */
  readonly holes: boolean;
}

/** What all messages of an IKE SA show together, once the trace has ended. */
export interface Sequence {
  /** Whether the Message IDs run through, each request with its response, from the beginning on. */
  readonly runsThrough: boolean;
  /** Whether a message stands behind one with a later time of the same observer. */
  readonly outOfOrder: boolean;
  /** The highest Message ID of a request that was seen, by who has to have sent it; -1 for none. */
  readonly highestRequest: number;
}

/** A response to a request so many numbers beyond the last one is no matter of a message or two that were not captured. */
const FAR = 6;

/** The first Message ID after IKE_AUTH: before it the trace shows too little to speak of a sequence. */
const AFTER_AUTH = 2;

/** Whether a response is so far beyond the requests that were seen that it is no sign of one that was not captured. */
export const isFar = (id: number, highestRequest: number): boolean => id > highestRequest + FAR;

/** Rules that seem broken when a message is not seen. */
const BY_GAPS: ReadonlySet<string> = new Set(
  catalogue.flatMap(({ id, convictedBy }) =>
    convictedBy === 'complete observation' || convictedBy === 'either' ? [id] : [],
  ),
);

const OPEN: ReadonlySet<string> = new Set(
  catalogue.flatMap(({ id, level }) => (level === 'open' ? [id] : [])),
);

/** Rules of which a message that breaks them is proof enough. */
export const BY_ITSELF: ReadonlySet<string> = new Set(
  catalogue.flatMap(({ id, convictedBy }) => (convictedBy === 'contradiction' ? [id] : [])),
);

/** Whether nothing that may still come, or turn out to be missing, makes a finding less than certain. */
export const isForGood = (rule: string, conviction: Conviction | undefined): boolean =>
  conviction?.kind === 'contradiction' && BY_ITSELF.has(rule) && !OPEN.has(rule);

/** Whether a finding is one whatever was not observed. */
export function convicts(
  rule: string,
  conviction: Conviction | undefined,
  { complete, holes }: Observation,
  { runsThrough, outOfOrder, highestRequest }: Sequence,
): boolean {
  // What the text leaves open is nobody's fault.
  if (OPEN.has(rule)) return false;
  if (conviction?.kind === 'contradiction') return true;
  if (conviction?.kind === 'order' && !outOfOrder) return true;
  // What could not be read may be what is missing, whoever says that nothing is.
  if (holes && BY_GAPS.has(rule)) return false;
  if (complete || conviction?.kind === 'account') return true;
  if (outOfOrder || !runsThrough || conviction === undefined) return false;
  if (conviction.kind === 'numbers') return true;
  return conviction.kind === 'far' && highestRequest >= AFTER_AUTH && isFar(conviction.id, highestRequest);
}

/**
 * Whether every request from the first on was seen, and every response, each with the number above the last: one that
 * fills a gap later, or comes twice, may be an old number that is used again, and not what was not captured.
 *
 * @param first lowest Message ID that the requests of the end may begin with
 */
export function runsThrough(own: EndState, other: EndState, first: number): boolean {
  const [requests, ...gaps] = own.requested;
  if (!own.requestsInSequence || !other.responsesInSequence) return false;
  if (requests === undefined) return other.responded.length === 0;
  const [from, to] = requests;
  const [lowest = -1, highest = -1] = other.responded.find(([low, high]) => low <= from && to <= high) ?? [];
  return gaps.length === 0 && from <= first && lowest <= from && to <= highest;
}
