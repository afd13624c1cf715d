/**
 * Completes what an observer tells by what others know of the same messages: the octets and what is in them, the SPIs
 * of the IKE SA, which end sent them, the addresses. A log of charon has none of that.
 */
import { withoutPort } from '../common/address.ts';
import type { End, MessageEvent } from '../events/event.ts';
import { isMessage, keyOf, looseKey, type Placed, type Stream } from './streams.ts';

/** Completes each stream by those before it. */
export function completeAll(streams: readonly Stream[]): void {
  fillEnds(streams);
  const known = new Map<string, Placed[]>();
  for (const [n, stream] of streams.entries()) {
    if (n > 0) complete(stream, known);
    note(stream, known);
  }
}

/** Which end sent a message, by its addresses, where they are always those of one end. */
function fillEnds(streams: readonly Stream[]): void {
  const ends = new Map<string, End | 'both'>();
  const tell = (address: string | undefined, end: End): void => {
    if (address === undefined) return;
    const host = withoutPort(address);
    const known = ends.get(host);
    ends.set(host, known === undefined || known === end ? end : 'both');
  };
  for (const { event } of streams.flatMap(({ placed }) => placed)) {
    if (!isMessage(event) || event.from === undefined || event.message.kind !== 'ike') continue;
    tell(event.source, event.from);
    tell(event.destination, event.from === 'initiator' ? 'responder' : 'initiator');
  }
  for (const placed of streams.flatMap((stream) => stream.placed)) {
    const { event } = placed;
    if (!isMessage(event) || event.from !== undefined || event.source === undefined) continue;
    const from = ends.get(withoutPort(event.source));
    if (from !== undefined && from !== 'both') placed.event = { ...event, from };
  }
}

/** Adds what others may be completed by, in the order of the common clock. */
function note({ placed }: Stream, known: Map<string, Placed[]>): void {
  const touched = new Set<Placed[]>();
  for (const each of placed) {
    const { event } = each;
    if (!isMessage(event) || event.octets === undefined || event.integrity === 'bad') continue;
    for (const key of new Set([keyOf(event), looseKey(event)])) {
      const list = known.get(key) ?? [];
      known.set(key, list);
      list.push(each);
      touched.add(list);
    }
  }
  for (const list of touched) list.sort((one, other) => orderOf(one) - orderOf(other));
}

/** What has no time is last. */
const orderOf = ({ time }: Placed): number => (Number.isNaN(time) ? Number.MAX_VALUE : time);

function complete(stream: Stream, known: ReadonlyMap<string, readonly Placed[]>): void {
  const sas = new Map<string, Map<string, number>>();
  const pairs: { readonly placed: Placed; readonly same: MessageEvent }[] = [];
  for (const placed of stream.placed) {
    if (!isMessage(placed.event)) continue;
    const { octets } = placed.event;
    const same = nearest(placed, known.get(octets ?? looseKey(placed.event)) ?? []);
    if (same === undefined) continue;
    pairs.push({ placed, same });
    const { sa } = placed.event;
    if (sa === undefined || same.sa === undefined) continue;
    const counts = sas.get(sa) ?? new Map<string, number>();
    sas.set(sa, counts);
    counts.set(same.sa, (counts.get(same.sa) ?? 0) + 1);
  }
  for (const { placed, same } of pairs) {
    if (isMessage(placed.event)) placed.event = completed(placed.event, same);
  }
  for (const placed of stream.placed) {
    const counts = sas.get(placed.event.sa ?? '');
    const best = [...(counts ?? [])].toSorted(([, one], [, other]) => other - one)[0];
    if (best !== undefined) placed.event = { ...placed.event, sa: best[0] };
  }
}

/** The same message as others saw it: of those in order of time, the nearest. */
function nearest(placed: Placed, others: readonly Placed[]): MessageEvent | undefined {
  let [low, high] = [0, others.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = others[middle];
    if (other !== undefined && orderOf(other) < orderOf(placed)) low = middle + 1;
    else high = middle;
  }
  const apart = (other: Placed | undefined): number =>
    other === undefined ? Number.POSITIVE_INFINITY : Math.abs(orderOf(other) - orderOf(placed));
  const [before, after] = [others[low - 1], others[low]];
  const best = apart(before) <= apart(after) ? (before ?? after) : after;
  return best !== undefined && isMessage(best.event) ? best.event : undefined;
}

function completed(event: MessageEvent, same: MessageEvent): MessageEvent {
  const { message, octets, octetsBeforeIntegrity, integrityValue, source, destination } = same;
  // Payloads that this observer knows and the other does not are kept.
  const own = event.message.kind === 'ike' && message.kind === 'ike' && message.payloads === undefined;
  return {
    ...event,
    ...(same.sa !== undefined && { sa: same.sa }),
    ...(same.from !== undefined && { from: same.from }),
    ...(source !== undefined && { source }),
    ...(destination !== undefined && { destination }),
    message: own ? event.message : message,
    ...(octets !== undefined && { octets }),
    ...(octetsBeforeIntegrity !== undefined && { octetsBeforeIntegrity }),
    ...(integrityValue !== undefined && { integrityValue }),
  };
}
