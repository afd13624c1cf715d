/**
 * One name for an IKE SA of which several logs tell. A log without SPIs has names of its own, which in another log are
 * those of other IKE SAs: two logs tell of the same one if they have the SPI of a Child SA in common, or if each tells of
 * one alone between the same two hosts, at its two ends or in two members of a cluster that have one address.
 */
import { withoutPort } from '../address.ts';
import type { Event, MessageEvent } from '../event.ts';
import { isStandIn } from '../sources/message-teller.ts';
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
  const all = streams.flatMap((stream, n) => [...standInsOf(stream, n).values()]);
  const names = new Map<Known, string>();
  const taken = new Map<string, number>();
  for (const [n, known] of all.entries()) {
    const same = all.slice(0, n).find((other) => other.stream !== known.stream && areSame(known, other, all));
    const name = same === undefined ? undefined : names.get(same);
    names.set(known, name ?? freshName(known.sa, taken));
  }
  for (const [known, name] of names) {
    if (name === known.sa) continue;
    for (const placed of streams[known.stream]?.placed ?? []) {
      if (placed.event.sa === known.sa) placed.event = { ...placed.event, sa: name };
    }
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

const isInit = ({ message }: MessageEvent): boolean =>
  message.kind === 'ike' && message.exchange === 'IKE_SA_INIT';

/** The address of the end that tells of a message. */
export function localOf(event: Event): string | undefined {
  if (!isMessage(event) || event.event === 'seen') return undefined;
  const own = event.event === 'sent' ? event.source : event.destination;
  return own === undefined ? undefined : withoutPort(own);
}

function areSame(one: Known, other: Known, all: readonly Known[]): boolean {
  for (const spi of one.children) if (other.children.has(spi)) return true;
  if (one.hosts === '' || one.hosts !== other.hosts) return false;
  const isOnly = (known: Known): boolean =>
    all.filter(({ stream, hosts }) => stream === known.stream && hosts === known.hosts).length === 1;
  if (!isOnly(one) || !isOnly(other)) return false;
  // Two logs of one end: the second goes on where the first ends, or is that of a member that took over.
  return one.local !== other.local || !(one.opened && other.opened);
}
