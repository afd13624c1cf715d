/**
 * Several observers' views of one run as one trace: captures of several taps, accounts of members, logs.
 *
 * A message that two of them saw was sent once: it is one event, at the observer that saw it first. What an end says of a
 * message that it received, accepted or dropped stays an event of its own, and is told of the very octets that a tap
 * saw, where the end's log has none.
 */
import type { Event } from '../events/event.ts';
import { agree } from './agree.ts';
import { alignClocks, type Clock } from './clocks.ts';
import { completeAll } from './complete.ts';
import { joinNames } from './names.ts';
import { inOrder } from './order.ts';
import { isMessage, isSighting, keyOf, type Place, type Placed, type Stream, streamsOf } from './streams.ts';

export interface Merged {
  readonly events: readonly Event[];
  /** The file of each event. */
  readonly files: readonly string[];
  readonly remarks: readonly string[];
}

/** Clocks that differ by less than this, in seconds, are not spoken of. */
const TOLD = 0.5;

/** A log that tells the time of day alone begins in 1970: more than ten years apart. */
const UNDATED = 10 * 365 * 86_400;

const apartBy = (seconds: number): string =>
  `${Math.abs(seconds).toFixed(3)} s ${seconds > 0 ? 'behind' : 'ahead of'} that of the first observer`;

/** Two sightings further apart than this, in seconds, are two sendings. */
const SAME = 1;

export interface TraceToMerge {
  readonly file: string;
  readonly events: readonly Event[];
  /** The file of each event, and all of them, if one tap wrote several one after the other. */
  readonly files?: readonly string[];
  readonly names?: readonly string[];
}

export function mergeTraces(traces: readonly TraceToMerge[]): Merged {
  // The observer with the most octets is the one that others are compared with.
  const streams = traces
    .flatMap(({ file, events, files }) => streamsOf(file, events, files))
    .toSorted((one, other) => withOctets(other) - withOctets(one));
  const clocks = alignClocks(streams);
  joinNames(streams);
  agree(streams);
  completeAll(streams);
  const kept = keptOf(
    streams,
    traces.flatMap(({ file, names }) => names ?? [file]),
  );
  const order = inOrder(streams, kept);
  return {
    events: order.map(({ event: { frame, line, ...event }, time, shown }) => ({
      ...event,
      ...(shown.frame !== undefined && { frame: shown.frame }),
      ...(shown.line !== undefined && { line: shown.line }),
      ...(!Number.isNaN(time) && { time }),
    })),
    files: order.map(({ shown }) => shown.file),
    remarks: clocks.flatMap((clock) => remarkOn(clock, streams)),
  };
}

const withOctets = ({ placed }: Stream): number =>
  placed.filter(({ event }) => isMessage(event) && event.octetsBeforeIntegrity !== undefined).length;

/**
 * All events but the second and later sightings of one sending by other observers.
 *
 * @param order the files as they were named
 */
function keptOf(streams: readonly Stream[], order: readonly string[]): ReadonlySet<Placed> {
  const kept = new Set(streams.flatMap(({ placed }) => placed));
  const sightings = new Map<string, Map<Stream, Placed[]>>();
  for (const stream of streams) {
    for (const placed of stream.placed) {
      if (!isSighting(placed.event)) continue;
      const key = keyOf(placed.event);
      const byStream = sightings.get(key) ?? new Map<Stream, Placed[]>();
      sightings.set(key, byStream);
      const seen = byStream.get(stream);
      if (seen === undefined) byStream.set(stream, [placed]);
      else seen.push(placed);
    }
  }
  for (const byStream of sightings.values()) {
    let sendings: readonly Placed[] = [];
    for (const seen of byStream.values()) {
      const { pairs, alone } = pairsOf(sendings, seen);
      const joined = pairs.map(([same, placed]) => {
        const later = isNearer(placed, same) ? same : placed;
        const nearer = later === same ? placed : same;
        kept.delete(later);
        nearer.shown = shownOf(order, same, placed);
        return nearer;
      });
      sendings = [...joined, ...alone].toSorted((one, other) => one.time - other.time);
    }
  }
  return kept;
}

/**
 * Sightings of the same octets by two observers, each in order of time: which of them are of one sending, and which
 * stay alone. A network's duplicate and an attacker's replay are sendings of their own: each is joined to one.
 */
function pairsOf(some: readonly Placed[], others: readonly Placed[]) {
  const pairs: (readonly [Placed, Placed])[] = [];
  const alone: Placed[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [one, other] = [some[i], others[j]];
    if (one === undefined || other === undefined) break;
    const apart = other.time - one.time;
    // Without times, the first is joined to the first.
    if (apart > SAME) {
      alone.push(one);
      i += 1;
    } else if (apart < -SAME) {
      alone.push(other);
      j += 1;
    } else {
      pairs.push([one, other]);
      i += 1;
      j += 1;
    }
  }
  return { pairs, alone: [...alone, ...some.slice(i), ...others.slice(j)] };
}

/** Who sent it knows best when; among taps, the one that saw it first is nearer to the sender. */
function isNearer(one: Placed, other: Placed): boolean {
  const isSent = ({ event }: Placed): boolean => event.event === 'sent';
  return isSent(one) === isSent(other) ? one.time < other.time : isSent(one);
}

/** Where a reader should look for a message: in the first file named that has it as a frame. */
function shownOf(order: readonly string[], one: Placed, other: Placed): Place {
  const [best = one.shown] = [one.shown, other.shown].toSorted(
    (a, b) =>
      Number(a.frame === undefined) - Number(b.frame === undefined) ||
      order.indexOf(a.file) - order.indexOf(b.file),
  );
  return best;
}

function remarkOn({ stream, offset }: Clock, streams: readonly Stream[]): readonly string[] {
  const name = `${stream.observer === '' ? 'events' : stream.observer} in ${stream.file}`;
  if (stream === streams[0] || stream.placed.length === 0) return [];
  if (offset === undefined) {
    return [`${name}: no message in common with the others; its clock is taken to be theirs`];
  }
  const drift = offset.last - offset.first;
  // Less than this is the time that messages take.
  if (Math.abs(offset.first) < TOLD && Math.abs(drift) < TOLD) return [];
  const [apart] = Math.abs(offset.first) > UNDATED ? ['has no date'] : [`is ${apartBy(offset.first)}`];
  const later = Math.abs(drift) < TOLD ? '' : `, and ${apartBy(offset.last)} at the end`;
  return [`${name}: its clock ${apart}${later}; it is set by the messages in common`];
}
