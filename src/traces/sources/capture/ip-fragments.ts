/**
 * Fragments of IP packets, collected until they are a whole one.
 *
 * Sources: RFC 791 section 3.2, RFC 8200 section 4.5, RFC 5722 (packets whose fragments overlap are dropped).
 */

import { BoundedMap } from '../../common/bounded.ts';
import { copyOf, type Reading } from '../../common/octets.ts';
import { sha256 } from '../../crypto/primitives.ts';
import type { FrameOf } from './frames.ts';
import { afterExtensions, type FragmentPlace, type Inside } from './ip.ts';

/** How many incomplete packets are kept at once. */
export const MOST_INCOMPLETE_PACKETS = 64;
/** Of how many complete packets the fragments are remembered. */
const MOST_WHOLE = 256;
/** No IP packet is larger. */
const LARGEST_PACKET = 65_535;
/** Fragments begin at multiples of so many octets, and all but the last end at one. */
const UNIT = 8;
/** How long a receiver waits for the rest of a packet, in seconds (RFC 8200 section 4.5). */
const PATIENCE = 60;

interface Piece extends Readonly<FrameOf> {
  readonly offset: number;
  readonly octets: Uint8Array;
}

interface Incomplete {
  readonly begun: number;
  readonly first: Inside;
  readonly pieces: Piece[];
  /** The same by their places. */
  readonly byOffset: Map<number, Piece>;
  /** For each eight octets of the packet, in which all fragments begin, whether they are there. */
  readonly taken: Uint8Array;
  /** Where the last piece ends. */
  reach: number;
  /** Length of the whole, once the last fragment was seen. */
  total: number | undefined;
  length: number;
}

/** A frame whose fragment never became part of a whole packet. */
export interface LeftOverFragment {
  readonly at: FrameOf;
  readonly reason: string;
  /** Between which hosts it was sent, sorted. */
  readonly hosts: readonly [string, string];
}

/** What became of a fragment. */
export type Collected =
  | { readonly kind: 'waits' }
  /** The same octets in the same place as before. */
  | { readonly kind: 'known' }
  | { readonly kind: 'whole'; readonly inside: Reading<Inside>; readonly frames: number };

export class IpFragments {
  readonly #incomplete = new Map<string, Incomplete>();
  #leftOver: LeftOverFragment[] = [];
  /** The pieces of packets that are complete, for telling copies of them. */
  readonly #whole = new BoundedMap<string, ReadonlySet<string>>(MOST_WHOLE);
  /** Number of frames with copies of fragments whose packet was complete already. */
  copies = 0;

  /**
   * @param frame in which it came
   */
  add({ file, number, time }: FrameOf, inside: Inside, place: FragmentPlace): Collected {
    const key = [inside.source, inside.destination, inside.protocol, place.id].join(' ');
    const waiting = this.#waitingFor(key, inside, time);
    const { octets } = inside;
    const { offset } = place;
    const end = offset + octets.length;
    // A copy: the frame lies in a buffer that is used again.
    const piece = { file, number, time, offset, octets: copyOf(octets) };
    const known = waiting.byOffset.get(offset);
    if (known !== undefined && Buffer.compare(known.octets, octets) === 0) return { kind: 'known' };
    const problem = problemOf(waiting, piece, place.more);
    waiting.pieces.push(piece);
    if (problem !== undefined) {
      this.#drop(key, waiting, problem);
      return { kind: 'waits' };
    }
    waiting.byOffset.set(offset, piece);
    waiting.taken.fill(1, offset / UNIT, Math.ceil(end / UNIT));
    waiting.reach = Math.max(waiting.reach, end);
    waiting.length += octets.length;
    if (!place.more) waiting.total = end;
    if (waiting.total === undefined || waiting.length < waiting.total) return { kind: 'waits' };
    this.#incomplete.delete(key);
    this.#noteWhole(key, waiting);
    return { kind: 'whole', inside: joined(waiting), frames: waiting.pieces.length };
  }

  /** The fragments that were given up since this was last asked. */
  takeLeftOver(): readonly LeftOverFragment[] {
    const taken = this.#leftOver;
    if (taken.length > 0) this.#leftOver = [];
    return taken;
  }

  /** The capture has ended: what is incomplete stays so. */
  end(): readonly LeftOverFragment[] {
    for (const [key, waiting] of this.#incomplete) this.#giveUp(key, waiting, '');
    return this.takeLeftOver();
  }

  #waitingFor(key: string, first: Inside, time: number): Incomplete {
    const known = this.#incomplete.get(key);
    if (known !== undefined && !(time - known.begun > PATIENCE)) return known;
    if (known !== undefined) this.#giveUp(key, known, ` within ${PATIENCE} s`);
    const [oldest] = this.#incomplete;
    if (oldest !== undefined && this.#incomplete.size >= MOST_INCOMPLETE_PACKETS) {
      const why = `; it is the oldest of more than ${MOST_INCOMPLETE_PACKETS} incomplete packets`;
      this.#giveUp(oldest[0], oldest[1], why);
    }
    const begun: Incomplete = {
      begun: time,
      first: { ...first, octets: new Uint8Array() },
      pieces: [],
      byOffset: new Map(),
      taken: new Uint8Array(Math.ceil(LARGEST_PACKET / UNIT)),
      reach: 0,
      total: undefined,
      length: 0,
    };
    this.#incomplete.set(key, begun);
    return begun;
  }

  #giveUp(key: string, waiting: Incomplete, why: string): void {
    const { total, length } = waiting;
    const of = total === undefined ? '' : ` of ${total}`;
    const reason = `a fragment of an IP packet of which ${length}${of} octets came${why}`;
    this.#drop(key, waiting, reason);
  }

  #drop(key: string, { pieces, first: { source, destination } }: Incomplete, reason: string): void {
    this.#incomplete.delete(key);
    const whole = this.#whole.get(key);
    if (whole !== undefined && pieces.every((piece) => whole.has(digestOf(piece)))) {
      this.copies += pieces.length;
      return;
    }
    const hosts = source < destination ? ([source, destination] as const) : ([destination, source] as const);
    for (const { file, number, time } of pieces) {
      this.#leftOver.push({ at: { file, number, time }, reason, hosts });
    }
  }

  #noteWhole(key: string, { pieces }: Incomplete): void {
    this.#whole.set(key, new Set(pieces.map(digestOf)));
  }
}

function problemOf({ taken, reach, total }: Incomplete, piece: Piece, more: boolean): string | undefined {
  const { offset, octets } = piece;
  const end = offset + octets.length;
  if (end > LARGEST_PACKET) return `a fragment that ends at octet ${end} of an IP packet`;
  if (octets.length === 0) return 'a fragment of an IP packet without octets';
  const beyond = total === undefined ? !more && reach > end : end > total || (!more && end !== total);
  if (beyond) return 'fragments of an IP packet that do not agree on its length';
  const overlaps = taken.subarray(offset / UNIT, Math.ceil(end / UNIT)).includes(1);
  return overlaps ? 'fragments of an IP packet that overlap' : undefined;
}

/** The same for the same octets in the same place. */
const digestOf = ({ offset, octets }: Piece): string => `${offset} ${sha256(octets)}`;

/** The whole packet; the extension headers of IPv6 that were inside the fragments are taken off. */
function joined({ pieces, first }: Incomplete): Reading<Inside> {
  const inOrder = pieces.toSorted((one, other) => one.offset - other.offset);
  const octets = new Uint8Array(Buffer.concat(inOrder.map((piece) => piece.octets)));
  const { source, destination } = first;
  const inside = afterExtensions(first.protocol, octets);
  if ('reason' in inside) return inside;
  if (inside.value.fragment !== undefined) return { reason: 'a fragment of an IP packet in a fragment' };
  return { value: { source, destination, missing: 0, ...inside.value } };
}
