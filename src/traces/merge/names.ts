/**
 * One name for an IKE SA of which several logs tell. A log without SPIs has names of its own, which in another log are
 * those of other IKE SAs: two logs tell of the same one if they have the SPI of a Child SA in common, or if each tells of
 * one alone between the same two hosts, at its two ends or in two members of a cluster that have one address.
 */

import { withoutPort } from '../common/address.ts';
import type { Event, MessageEvent } from '../events/event.ts';
import { opensIkeSa } from '../judge/start.ts';
import { isStandIn } from '../sources/logs/message-teller.ts';
import { isMessage, type Stream } from './streams.ts';

interface Known {
  readonly stream: number;
  readonly sa: string;
  readonly children: Set<string>;
  /** Both hosts, in order. */
  hosts: string;
  /** The address of the end whose log it is. */
  local: string;
  /** Whether the log has its beginning. */
  opened: boolean;
}

export function joinNames(streams: readonly Stream[]): void {
  const all = streams.map((stream, n) => [...standInsOf(stream, n).values()]);
  const alike = new Alike(all.flat());
  const names = new Map<Known, string>();
  const taken = new Map<string, number>();
  for (const [n, ofStream] of all.entries()) {
    const changed = new Map<string, string>();
    for (const known of ofStream) {
      const same = alike.before(known);
      const name = (same === undefined ? undefined : names.get(same)) ?? freshName(known.sa, taken);
      names.set(known, name);
      if (name !== known.sa) changed.set(known.sa, name);
    }
    for (const known of ofStream) alike.add(known);
    if (changed.size > 0) rename(streams[n], changed);
  }
}

function rename(stream: Stream | undefined, names: ReadonlyMap<string, string>): void {
  for (const placed of stream?.placed ?? []) {
    const name = names.get(placed.event.sa ?? '');
    if (name !== undefined) placed.event = { ...placed.event, sa: name };
  }
}

/** The name itself, unless another log has it for another IKE SA. */
function freshName(sa: string, taken: Map<string, number>): string {
  const times = taken.get(sa) ?? 0;
  taken.set(sa, times + 1);
  if (times === 0) return sa;
  const digits = `${(9 - (times % 3)).toString(16)}${times.toString(16).padStart(3, '0')}${sa.slice(4, 16)}`;
  return `${digits}:${digits}`;
}

function standInsOf({ placed }: Stream, stream: number): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  for (const { event } of placed) {
    const { sa } = event;
    if (sa === undefined || !isStandIn(sa) || !isMessage(event)) continue;
    let entry = known.get(sa);
    if (entry === undefined) {
      entry = { stream, sa, children: new Set(), hosts: '', local: '', opened: isInit(event) };
      known.set(sa, entry);
    }
    if (event.message.kind === 'esp') entry.children.add(event.message.spi);
    const { source, destination } = event;
    if (entry.hosts !== '' || source === undefined || destination === undefined) continue;
    entry.hosts = [source, destination].map(withoutPort).sort().join(' ');
    entry.local = localOf(event) ?? '';
  }
  return known;
}

const isInit = ({ message }: MessageEvent): boolean => message.kind === 'ike' && opensIkeSa(message);

/** The address of the end that tells of a message. */
export function localOf(event: Event): string | undefined {
  if (!isMessage(event) || event.event === 'seen') return undefined;
  const own = event.event === 'sent' ? event.source : event.destination;
  return own === undefined ? undefined : withoutPort(own);
}

/** The IKE SAs of the streams before, by that by which they are known again: one of each stream is enough. */
class Alike {
  /** In the order of all. */
  readonly #places: ReadonlyMap<Known, number>;
  /** How many IKE SAs a stream has between two hosts. */
  readonly #between = new Map<string, number>();
  readonly #byChild = new Map<string, Known>();
  readonly #byHosts = new Map<string, Known[]>();

  constructor(all: readonly Known[]) {
    this.#places = new Map(all.map((known, place) => [known, place]));
    for (const known of all) this.#between.set(pairOf(known), 1 + (this.#between.get(pairOf(known)) ?? 0));
  }

  add(known: Known): void {
    for (const spi of known.children) if (!this.#byChild.has(spi)) this.#byChild.set(spi, known);
    if (this.#isOnly(known)) {
      this.#byHosts.set(known.hosts, [...(this.#byHosts.get(known.hosts) ?? []), known]);
    }
  }

  /** The first of another stream that is the same one. */
  before(known: Known): Known | undefined {
    const between = this.#isOnly(known) ? (this.#byHosts.get(known.hosts) ?? []) : [];
    const found = [
      ...[...known.children].flatMap((spi) => this.#byChild.get(spi) ?? []),
      // Two logs of one end: the second goes on where the first ends, or is that of a member that took over.
      ...between.filter((other) => known.local !== other.local || !(known.opened && other.opened)),
    ];
    return found.toSorted((one, other) => this.#placeOf(one) - this.#placeOf(other))[0];
  }

  #isOnly(known: Known): boolean {
    return known.hosts !== '' && this.#between.get(pairOf(known)) === 1;
  }

  #placeOf(known: Known): number {
    return this.#places.get(known) ?? 0;
  }
}

const pairOf = ({ stream, hosts }: Known): string => `${stream} ${hosts}`;
