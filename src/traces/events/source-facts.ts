/**
 * What a reader knows of its source besides the events: how complete it is, in which order it stands, and what was in
 * it that no event tells of. A verdict depends on these as it does on what could not be read.
 */

/** The frames of a file stand in another order than their times. */
export interface OutOfOrder {
  readonly kind: 'out-of-order';
  readonly file: string;
  /** Number of frames that stand behind one with a later time. */
  readonly frames: number;
  /** The first of them. */
  readonly first: number;
  /** How far the times go back at most, in seconds. */
  readonly seconds: number;
  /** Whether the events come in the order of their times all the same. */
  readonly sorted: boolean;
}

/** What the capture says itself of packets that it lacks. */
export interface Drops {
  readonly kind: 'drops';
  readonly file: string;
  /** Number of packets; 0 if it counted them, lost none, and all that it received are there. */
  readonly packets: number;
  /**
   * Who counted them: the interface or the operating system (Interface Statistics Block), or the capturing program,
   * before one frame (option of an Enhanced Packet Block).
   */
  readonly by: 'interface' | 'system' | 'program';
  /** The frames between which they are missing, where that is known; absent at an end of the file. */
  readonly after?: number;
  readonly before?: number;
}

/** Frames that were looked at, and have no event. */
export interface PassedOver {
  readonly kind: 'passed-over';
  readonly file: string;
  /** What they carry, such as `L2TPv3` or `IKE version 1`. */
  readonly what: string;
  /** How many they are. */
  readonly frames: number;
  /** Number of the first. */
  readonly first: number;
  /** Whether messages of the SAs that are judged may be in them. */
  readonly mayHide: boolean;
  /** The SAs that they may be of, if that is known of all of them. */
  readonly concerns?: readonly Concern[];
}

export type SourceFact = OutOfOrder | Drops | PassedOver;

/** What the frames of a source were, in numbers: all 0 for sources without frames. */
export interface FrameCounts {
  readonly frames: number;
  readonly keepalives: number;
  /** Neither IKE nor ESP. */
  readonly other: number;
  /** Parts of messages, joined into the event of another frame, or passed over as copies of such parts. */
  readonly fragments: number;
}

/** Which SA a record that could not be read belongs to, as far as that is known. */
export type Concern =
  /** The IKE SA with these SPIs, as in an event; that of the responder is 0 in a first request. */
  | { readonly kind: 'ike'; readonly sa: string }
  /** An ESP or AH SA: nothing of an IKE SA. */
  | { readonly kind: 'esp' }
  /** Some SA between these hosts, sorted. */
  | { readonly kind: 'hosts'; readonly hosts: readonly [string, string] };

/** Beyond this, in seconds, times that go back are no queue's doing: files put together, or a clock that was set. */
const FAR_BACK = 5;

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/**
 * What a fact takes from the certainty of a verdict, in words; nothing if it takes nothing.
 *
 * @param several whether the trace has several files, so that theirs is named
 */
export function missingBy(fact: SourceFact, several = true): string | undefined {
  const file = several ? fact.file : 'the capture';
  if (fact.kind === 'drops') {
    if (fact.packets === 0) return undefined;
    const by = {
      interface: 'by the interface',
      system: 'by the operating system',
      program: 'by the capturing program',
    };
    return `${plural(fact.packets, 'packet')} that ${fact.packets === 1 ? 'was' : 'were'} dropped at the tap ${by[fact.by]}, as ${file} says itself${placeOf(fact)}`;
  }
  if (fact.kind === 'passed-over') {
    if (!fact.mayHide) return undefined;
    return `the contents of ${plural(fact.frames, 'frame')} with ${fact.what}, which ${fact.frames === 1 ? 'was' : 'were'} not looked into (the first: frame ${fact.first})`;
  }
  return isOrderDoubtful(fact)
    ? `the order of the frames of ${file}: their times go back by up to ${fact.seconds.toFixed(3)} s (the first at frame ${fact.first})`
    : undefined;
}

function placeOf({ after, before }: Drops): string {
  if (after !== undefined && before !== undefined) return ` (between frames ${after} and ${before})`;
  if (before !== undefined) return ` (before frame ${before})`;
  return after === undefined ? '' : ` (after frame ${after})`;
}

/** Whether the order of the events may be another than that in which the messages were sent. */
export const isOrderDoubtful = ({ sorted, seconds }: OutOfOrder): boolean => !sorted || seconds > FAR_BACK;

/** Whether a message may be missing in the source, or stand in the wrong place, for all that this fact says. */
export const makesHole = (fact: SourceFact): boolean => missingBy(fact) !== undefined;

/**
 * A note on a fact that a reader should know, whatever it takes from the verdict.
 *
 * @param several whether the trace has several files, so that theirs is named
 */
export function remarkOn(fact: SourceFact, several = true): string | undefined {
  if (fact.kind === 'out-of-order') {
    const words = `${plural(fact.frames, 'frame')}${several ? ` of ${fact.file}` : ''} ${fact.frames === 1 ? 'stands' : 'stand'} behind one with a later time, by up to ${fact.seconds.toFixed(6)} s (the first: frame ${fact.first})`;
    return fact.sorted
      ? `${words}; the frames are judged in the order of their times`
      : `${words}; sort the file (reordercap)`;
  }
  if (fact.kind === 'drops') return undefined;
  return fact.mayHide
    ? undefined
    : `${plural(fact.frames, 'frame')} with ${fact.what} ${fact.frames === 1 ? 'was' : 'were'} passed over (the first: frame ${fact.first})`;
}

/** Whether a value from outside is a fact. */
export function isFact(value: unknown): value is SourceFact {
  if (!isObject(value) || typeof value['file'] !== 'string') return false;
  if (value['kind'] === 'out-of-order') {
    return (
      ['frames', 'first', 'seconds'].every((name) => typeof value[name] === 'number') &&
      typeof value['sorted'] === 'boolean'
    );
  }
  if (value['kind'] === 'drops') {
    return (
      typeof value['packets'] === 'number' &&
      ['interface', 'system', 'program'].some((by) => value['by'] === by) &&
      ['after', 'before'].every((name) => value[name] === undefined || typeof value[name] === 'number')
    );
  }
  return (
    value['kind'] === 'passed-over' &&
    typeof value['what'] === 'string' &&
    typeof value['mayHide'] === 'boolean' &&
    ['frames', 'first'].every((name) => typeof value[name] === 'number') &&
    (value['concerns'] === undefined ||
      (Array.isArray(value['concerns']) && value['concerns'].every(isConcern)))
  );
}

/** Whether a value from outside is a concern. */
export function isConcern(value: unknown): value is Concern {
  if (!isObject(value)) return false;
  const { kind, sa, hosts } = value;
  if (kind === 'ike') return typeof sa === 'string';
  if (kind === 'esp') return true;
  return (
    kind === 'hosts' &&
    Array.isArray(hosts) &&
    hosts.length === 2 &&
    hosts.every((host) => typeof host === 'string')
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
