/**
 * The events around those that are asked for, between the same two hosts: gathered in one pass over the events, so that
 * a trace need not be in memory for a chart of what went wrong in it.
 */
import { withoutPort } from '../common/address.ts';
import type { ClusterEvent, End, Event, MessageEvent } from './event.ts';

/** Events that are kept before and after one that is asked for. */
const BEFORE = 4;
const AFTER = 2;

export interface NearEvent {
  /** Number of the event in the trace, from 1. */
  readonly number: number;
  readonly event: Event;
}

export interface Neighbourhood {
  /** In the order in which they were observed; what was asked for is among them. */
  readonly events: readonly NearEvent[];
  /** The two hosts, or ends where no addresses were seen; who sent first is the first. */
  readonly hosts: readonly string[];
  /** Which of them is which end, as far as it was seen. */
  readonly ends: ReadonlyMap<End, string>;
}

/** What is known of two hosts. */
interface Pair {
  readonly hosts: string[];
  readonly ends: Map<End, string>;
  readonly last: NearEvent[];
  /** Neighbourhoods that still want events, and how many. */
  readonly open: { readonly events: NearEvent[]; wants: number }[];
}

export class Neighbourhoods {
  readonly #wanted: ReadonlySet<number>;
  readonly #pairs = new Map<string, Pair>();
  readonly #found = new Map<number, { readonly pair: Pair; readonly events: readonly NearEvent[] }>();
  #number = 0;

  /** @param wanted numbers of events, from 1 */
  constructor(wanted: Iterable<number>) {
    this.#wanted = new Set(wanted);
  }

  take(event: Event): void {
    const near = { number: ++this.#number, event };
    if ('message' in event) this.#add(this.#pairOf(event), near);
    // What a cluster tells of itself concerns all that it talks to.
    else for (const pair of this.#pairs.values()) this.#add(pair, near);
  }

  #add(pair: Pair, near: NearEvent): void {
    for (const each of pair.open) {
      each.events.push(near);
      each.wants--;
    }
    const still = pair.open.filter(({ wants }) => wants > 0);
    pair.open.splice(0, pair.open.length, ...still);
    if (this.#wanted.has(near.number) && !this.#found.has(near.number)) {
      const events = [...pair.last, near];
      pair.open.push({ events, wants: AFTER });
      this.#found.set(near.number, { pair, events });
    }
    pair.last.push(near);
    if (pair.last.length > BEFORE) pair.last.shift();
  }

  #pairOf(event: MessageEvent): Pair {
    const [from, to] = hostsOf(event);
    const [one, other] = from < to ? [from, to] : [to, from];
    // With its length, for there is nothing that a name cannot have in it.
    const key = `${one.length} ${one} ${other}`;
    const pair = this.#pairs.get(key) ?? { hosts: [from, to], ends: new Map(), last: [], open: [] };
    this.#pairs.set(key, pair);
    if (event.from !== undefined) pair.ends.set(event.from, from);
    return pair;
  }

  /** The neighbourhood of an event that was asked for and has come. */
  of(number: number): Neighbourhood | undefined {
    const found = this.#found.get(number);
    return found === undefined
      ? undefined
      : { events: found.events, hosts: found.pair.hosts, ends: found.pair.ends };
  }
}

/** Who sent a message and to whom: hosts, or ends where addresses were not seen. */
export function hostsOf({
  source,
  destination,
  from = 'initiator',
}: MessageEvent): readonly [string, string] {
  const other = from === 'initiator' ? 'responder' : 'initiator';
  const hosts = [
    source === undefined ? from : withoutPort(source),
    destination === undefined ? other : withoutPort(destination),
  ] as const;
  // Two programs of one host have ports at least.
  return hosts[0] === hosts[1] && source !== undefined && destination !== undefined
    ? [source, destination]
    : hosts;
}

/** The neighbourhoods of events, by their numbers. */
export function neighbourhoodsIn(events: Iterable<Event>, wanted: Iterable<number>): Neighbourhoods {
  const neighbourhoods = new Neighbourhoods(wanted);
  for (const event of events) neighbourhoods.take(event);
  return neighbourhoods;
}

export const isClusterEvent = (event: Event): event is ClusterEvent =>
  event.event === 'failover' || event.event === 'state-sync';
