/** Where events stand, for people: the frame or the line; the number of the event only where there is neither. */
import type { Event } from './event.ts';

/** Where and when an event was seen. */
export interface Where {
  readonly frame?: number;
  readonly line?: number;
  readonly time?: number;
}

/** An event that is referred to. */
export interface EventPlace {
  /** Number of the event in the trace, from 1, if it is known. */
  readonly event?: number;
  readonly frame?: number;
  readonly line?: number;
  readonly file?: string;
}

export const whereIn = ({ frame, line, time }: Event): Where => ({
  ...(frame === undefined ? {} : { frame }),
  ...(line === undefined ? {} : { line }),
  ...(time === undefined ? {} : { time }),
});

/** `frame 4`, `line 4`, or `event 4` where there is neither. */
export const placeText = ({ event, frame, line }: EventPlace): string =>
  frame !== undefined ? `frame ${frame}` : line !== undefined ? `line ${line}` : `event ${event}`;

/** Events that are remembered, of those that are no packets of ESP: 16 MiB. */
const MOST = 2 ** 20;

/** Remembers where events are, in bounded memory: the latest ones. */
export class Places {
  #numbers = new Float64Array(1024);
  /** Frames; lines as negative numbers; 0 for neither. */
  #places = new Float64Array(1024);
  #count = 0;

  note(number: number, { frame, line }: Event): void {
    if (this.#count === this.#numbers.length && this.#count < MOST) this.#grow();
    const at = this.#count % this.#numbers.length;
    this.#numbers[at] = number;
    this.#places[at] = frame ?? -(line ?? 0);
    this.#count += 1;
  }

  #grow(): void {
    const [numbers, places] = [this.#numbers, this.#places];
    this.#numbers = new Float64Array(numbers.length * 2);
    this.#places = new Float64Array(numbers.length * 2);
    this.#numbers.set(numbers);
    this.#places.set(places);
  }

  /** Where an event is; only its number, if it is not remembered. */
  of(event: number): EventPlace {
    const size = this.#numbers.length;
    let [low, high] = [Math.max(0, this.#count - size), this.#count];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#numbers[middle % size] ?? 0) < event) low = middle + 1;
      else high = middle;
    }
    const place =
      low < this.#count && this.#numbers[low % size] === event ? (this.#places[low % size] ?? 0) : 0;
    return { event, ...(place > 0 ? { frame: place } : place < 0 ? { line: -place } : {}) };
  }
}

/** Numbers of events in what the judge says: `event 4`, `events 4, 5, ..., 20`. */
const EVENTS = /\bevents? (\d{1,16}(?:, (?:\d{1,16}|\.\.\.))*)/gu;

/** The same text with frames and lines for numbers of events. */
export function withPlaces(text: string, placeOf: (event: number) => EventPlace): string {
  return text.replace(EVENTS, (said, list: string) => {
    const numbers = list.split(', ');
    const known = numbers.map((each) => (each === '...' ? undefined : placeOf(Number(each))));
    if (known.some((place) => place !== undefined && place.frame === undefined && place.line === undefined)) {
      return said;
    }
    const texts = known.map((place) => (place === undefined ? '...' : inFile(place)));
    // `frames 4, 5` rather than `frame 4, frame 5`, if all are of one kind.
    const [kind = ''] = (texts[0] ?? '').split(' ');
    const bare = texts.map((each) => (each.startsWith(`${kind} `) ? each.slice(kind.length + 1) : undefined));
    const isOneKind = texts.every((each, index) => each === '...' || bare[index] !== undefined);
    if (!isOneKind || texts.length === 1) return texts.join(', ');
    return `${kind}s ${texts.map((each, index) => bare[index] ?? each).join(', ')}`;
  });
}

const inFile = (place: EventPlace): string =>
  place.file === undefined ? placeText(place) : `${placeText(place)} of ${place.file}`;
