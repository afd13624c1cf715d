/**
 * One order for what several observers saw: that of their clocks, except where it cannot be. Nobody receives a message
 * before it is sent, nobody answers a request before, and each observer saw what it saw in its own order.
 */
import type { MessageEvent } from '../events/event.ts';
import { isMessage, isSighting, keyOf, type Placed, type Stream } from './streams.ts';

export function inOrder(streams: readonly Stream[], kept: ReadonlySet<Placed>): readonly Placed[] {
  const emitter = new Emitter(streams, kept);
  const all = streams.flatMap((stream, of) =>
    stream.placed.filter((placed) => kept.has(placed)).map((placed) => ({ placed, of })),
  );
  // Without a time, an event follows the one before it in its own file.
  const times = new Map<Placed, number>();
  for (const { placed } of streams) {
    let last = Number.NEGATIVE_INFINITY;
    for (const each of placed) {
      last = Number.isNaN(each.time) ? last : Math.max(last, each.time);
      times.set(each, last);
    }
  }
  const timeOf = (placed: Placed): number => times.get(placed) ?? 0;
  for (const { placed, of } of all.toSorted(
    (one, other) =>
      timeOf(one.placed) - timeOf(other.placed) || one.of - other.of || one.placed.index - other.placed.index,
  )) {
    emitter.emit(placed, of, 0);
  }
  return emitter.order;
}

/** What is put before another has causes of its own; deeper than this they are not followed. */
const DEEPEST = 64;

class Emitter {
  readonly order: Placed[] = [];
  readonly #streams: readonly Stream[];
  readonly #kept: ReadonlySet<Placed>;
  readonly #emitted = new Set<Placed>();
  /** How many events of each stream are done with. */
  readonly #next: number[];
  /** The first sighting of a message, and of the request that a response answers. */
  readonly #sightings = new Map<string, { readonly placed: Placed; readonly of: number }>();

  constructor(streams: readonly Stream[], kept: ReadonlySet<Placed>) {
    this.#streams = streams;
    this.#kept = kept;
    this.#next = streams.map(() => 0);
    for (const [of, { placed }] of streams.entries()) {
      for (const each of placed) {
        if (!kept.has(each) || !isSighting(each.event)) continue;
        for (const key of [keyOf(each.event), requestKey(each.event)]) {
          const before = this.#sightings.get(key);
          if (before === undefined || each.time < before.placed.time) {
            this.#sightings.set(key, { placed: each, of });
          }
        }
      }
    }
  }

  /** Emits an event after what must have come before it. */
  emit(placed: Placed, of: number, depth: number): void {
    if (this.#emitted.has(placed) || depth > DEEPEST) return;
    // First what its own observer saw before.
    const before = this.#streams[of]?.placed ?? [];
    for (let at = this.#next[of] ?? 0; at < placed.index; at += 1) {
      this.#next[of] = Math.max(this.#next[of] ?? 0, at + 1);
      const earlier = before[at];
      if (earlier !== undefined && this.#kept.has(earlier)) this.#one(earlier, depth + 1);
    }
    this.#one(placed, depth);
  }

  #one(placed: Placed, depth: number): void {
    if (this.#emitted.has(placed)) return;
    this.#emitted.add(placed);
    const { event } = placed;
    if (isMessage(event)) {
      const cause = isSighting(event) ? answeredKey(event) : keyOf(event);
      const sighting = cause === undefined ? undefined : this.#sightings.get(cause);
      if (sighting !== undefined) this.emit(sighting.placed, sighting.of, depth + 1);
    }
    this.order.push(placed);
  }
}

/** Names a request by what its response tells of it. */
function requestKey({ sa, from, message }: MessageEvent): string {
  return message.kind === 'ike' && !message.response
    ? `request ${sa} ${from} ${message.exchange} ${message.id}`
    : '';
}

function answeredKey({ sa, from, message }: MessageEvent): string | undefined {
  if (message.kind !== 'ike' || !message.response || from === undefined) return undefined;
  const other = from === 'initiator' ? 'responder' : 'initiator';
  return `request ${sa} ${other} ${message.exchange} ${message.id}`;
}
