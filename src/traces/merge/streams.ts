/** What each observer saw, and which of it is the same message as seen by another. */
import type { Event, MessageEvent } from '../events/event.ts';

export interface Place {
  readonly file: string;
  readonly frame: number | undefined;
  readonly line: number | undefined;
}

/** An event, where it came from, and when it was by one clock for all. */
export interface Placed {
  event: Event;
  /** Where a reader finds it: in the file that it was read from, or in another that has it too. */
  shown: Place;
  /** Its place among the events of its observer. */
  readonly index: number;
  /** Seconds by the clock of the reference; NaN if it has no time. */
  time: number;
}

/** The events of one observer in one file, in the order in which it saw them: all by one clock. */
export interface Stream {
  readonly file: string;
  readonly observer: string;
  readonly placed: readonly Placed[];
}

/** The events of a file by observer, or of several that follow one another. */
export function streamsOf(
  file: string,
  events: readonly Event[],
  files: readonly string[] = [],
): readonly Stream[] {
  const byObserver = new Map<string, Placed[]>();
  for (const [index, event] of events.entries()) {
    const observer = event.observer ?? '';
    const placed = byObserver.get(observer) ?? [];
    byObserver.set(observer, placed);
    const shown = { file: files[index] ?? file, frame: event.frame, line: event.line };
    placed.push({ event, shown, index: placed.length, time: event.time ?? Number.NaN });
  }
  return [...byObserver].map(([observer, placed]) => ({ file, observer, placed }));
}

export const isMessage = (event: Event): event is MessageEvent => 'message' in event;

/** Whether an event tells that a message was sent, rather than what became of it. */
export const isSighting = (event: Event): event is MessageEvent =>
  isMessage(event) && (event.event === 'seen' || event.event === 'sent');

/** The same for the same message, as far as an observer without octets can tell it from others. */
export function looseKey({ message, from }: MessageEvent): string {
  return message.kind === 'ike'
    ? `${from} ${message.exchange} ${message.response} ${message.id}`
    : `${message.protocol ?? ''}${message.spi} ${message.sequence}`;
}

/** The same for the same octets. */
export const keyOf = (event: MessageEvent): string => event.octets ?? looseKey(event);

/** Messages by their keys, with octets and without. */
export function indexOf(stream: Stream): ReadonlyMap<string, readonly Placed[]> {
  const index = new Map<string, Placed[]>();
  for (const placed of stream.placed) {
    if (!isMessage(placed.event)) continue;
    for (const key of new Set([keyOf(placed.event), looseKey(placed.event)])) {
      const known = index.get(key);
      if (known === undefined) index.set(key, [placed]);
      else known.push(placed);
    }
  }
  return index;
}
