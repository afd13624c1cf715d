/**
 * How far the clocks of observers are apart, by the messages that two of them saw.
 *
 * A message takes its time from one to the other, so the difference of its two times is that of the clocks plus its
 * time under way in one direction, minus it in the other: half the sum of both is the clocks' own, if the ways take
 * equally long. Where all messages go one way, the time under way cannot be told from the clocks'.
 *
 * Clocks run at different speeds, too: seconds a day. So in long traces the difference is taken anew every so many
 * messages, and in a straight line between.
 */
import type { Event, MessageEvent } from '../events/event.ts';
import { indexOf, isMessage, keyOf, type Placed, type Stream } from './streams.ts';

/** Messages that are compared for one difference; fewer where there are no more. */
const BLOCK = 64;

export interface Clock {
  readonly stream: Stream;
  /** What is to be added to its times, in seconds, at its first event and at its last one. */
  readonly offset: { readonly first: number; readonly last: number } | undefined;
}

/** A time by the clock of the reference, for one by another clock. */
type Correction = (time: number) => number;

/** Sets the times of all events by the clock of the first stream, as far as they can be compared. */
export function alignClocks(streams: readonly Stream[]): readonly Clock[] {
  const [reference] = streams;
  if (reference === undefined) return [];
  const corrections = new Map<Stream, Correction>([[reference, (time) => time]]);
  const indexes = new Map(streams.map((stream) => [stream, indexOf(stream)]));
  // From one that is known to those that share messages with it, until no more are reached.
  for (let grown = true; grown; ) {
    grown = false;
    for (const stream of streams) {
      if (corrections.has(stream)) continue;
      const own = indexes.get(stream) ?? new Map();
      const [best] = [...corrections]
        .map(([known, correction]) => ({
          correction,
          anchors: anchorsOf(stream, own, indexes.get(known) ?? new Map()),
        }))
        .toSorted((one, other) => other.anchors.length - one.anchors.length);
      if (best === undefined || best.anchors.length === 0) continue;
      const points = pointsOf(best.anchors);
      corrections.set(stream, (time) => best.correction(time + secondsAt(points, time)));
      grown = true;
    }
  }
  return streams.map((stream): Clock => {
    const correction = corrections.get(stream);
    if (correction === undefined) return { stream, offset: undefined };
    const timed = stream.placed.filter(({ time }) => !Number.isNaN(time));
    const offsetAt = (placed: Placed | undefined): number =>
      placed === undefined ? 0 : correction(placed.time) - placed.time;
    const offset = { first: offsetAt(timed[0]), last: offsetAt(timed.at(-1)) };
    for (const placed of timed) placed.time = correction(placed.time);
    return { stream, offset };
  });
}

/** A message that both saw. */
interface Anchor {
  readonly time: number;
  /** What is to be added to have the time of the other, in seconds. */
  readonly difference: number;
  readonly direction: string;
}

function anchorsOf(
  stream: Stream,
  own: ReadonlyMap<string, readonly Placed[]>,
  other: ReadonlyMap<string, readonly Placed[]>,
): readonly Anchor[] {
  const anchors: Anchor[] = [];
  for (const { event, time } of stream.placed) {
    if (!isMessage(event)) continue;
    const key = keyOf(event);
    const [mine, theirs] = [own.get(key)?.[0], other.get(key)?.[0]];
    // What was sent again may have been seen once here and once there, and not be the same sending.
    if (mine === undefined || theirs === undefined || mine.event !== event) continue;
    if (!mayBeOne(event, theirs.event)) continue;
    const difference = (theirs.event.time ?? Number.NaN) - time;
    if (Number.isNaN(difference)) continue;
    anchors.push({ time, difference, direction: event.from ?? event.source ?? '' });
  }
  return anchors;
}

/** Two ends cannot both have sent a message, nor both have received it: then they are members, each with its own. */
function mayBeOne(one: Event, other: Event): boolean {
  if (!isMessage(one) || !isMessage(other)) return false;
  const sideOf = ({ event }: MessageEvent): string =>
    event === 'seen' || event === 'sent' ? event : 'received';
  return sideOf(one) === 'seen' || sideOf(one) !== sideOf(other);
}

interface Point {
  readonly time: number;
  readonly seconds: number;
}

/** The difference of the clocks, once for each block of messages. */
function pointsOf(anchors: readonly Anchor[]): readonly Point[] {
  const sorted = anchors.toSorted((one, other) => one.time - other.time);
  const blocks = Math.max(1, Math.floor(sorted.length / BLOCK));
  return Array.from({ length: blocks }, (_, n) => {
    // The last block takes the rest as well.
    const block = sorted.slice(n * BLOCK, n === blocks - 1 ? sorted.length : (n + 1) * BLOCK);
    const byDirection = new Map<string, number[]>();
    for (const { direction, difference } of block) {
      byDirection.set(direction, [...(byDirection.get(direction) ?? []), difference]);
    }
    const medians = [...byDirection.values()].map(median);
    return {
      time: median(block.map(({ time }) => time)),
      seconds: medians.reduce((sum, each) => sum + each, 0) / medians.length,
    };
  });
}

/** In a straight line between two points; before the first and after the last one, as there. */
function secondsAt(points: readonly Point[], time: number): number {
  let [low, high] = [0, points.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.time ?? 0) <= time) low = middle;
    else high = middle;
  }
  const [from, to] = [points[low], points[high]];
  if (from === undefined || to === undefined) return 0;
  const span = to.time - from.time;
  const share = span <= 0 ? 0 : Math.min(1, Math.max(0, (time - from.time) / span));
  return from.seconds + share * (to.seconds - from.seconds);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
