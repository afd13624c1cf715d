/**
 * Fragments of IKE messages, collected until they are a whole one.
 *
 * Source: RFC 7383 sections 2.5 (Encrypted Fragment payload) and 2.6 (receiving fragments).
 */

import { BoundedMap } from '../../common/bounded.ts';
import { exchangeName } from '../../events/names.ts';
import type { FrameOf } from './frames.ts';
import type { IkeHeader } from './ike.ts';

/** One fragment whose integrity value is right, or cannot be checked. */
export interface Fragment {
  /** The frame that it came in. */
  readonly at: FrameOf;
  /** Fragment Number, 1 to `total`. */
  readonly number: number;
  /** Total Fragments. */
  readonly total: number;
  /** Type of the payload that stands first in the message; only the first fragment tells. */
  readonly first: number;
  /** Initialization vector, ciphertext and integrity value. */
  readonly octets: Uint8Array;
  /** The whole message that the fragment came in. */
  readonly message: Uint8Array;
  /** Of that message: of the whole, of what stands before its integrity value, and of that value. */
  readonly digest: string;
  readonly body: string;
  readonly tail: string;
}

/** A frame with a fragment that never became part of a whole message. */
export interface LeftOver {
  readonly at: FrameOf;
  readonly reason: string;
  /** The IKE SA. */
  readonly sa: string;
}

/** What is remembered of a message under its Message ID. */
interface Known {
  /** In how many fragments it came first; 1 if it was whole. */
  readonly total: number;
  /** The digest that it has in events. */
  readonly octets: string;
  /** A digest of its plaintext, with keys. */
  readonly plain: string | undefined;
  /** What its fragments are known by: digests of them, of their bodies, and their integrity values. */
  readonly marks: Set<string>;
}

interface Incomplete {
  readonly sa: string;
  /** Such as `IKE_AUTH request 1`. */
  readonly name: string;
  readonly total: number;
  readonly byNumber: Map<number, Fragment>;
}

/** How many incomplete messages are kept at once, so that a capture full of first fragments takes no memory. */
export const MOST_INCOMPLETE = 64;

/** The largest Total Fragments that is collected: at 576 octets each, far more than any message has. */
export const MOST_FRAGMENTS = 1024;

/** How many octets of fragments are kept at once. */
export const MOST_FRAGMENT_OCTETS = 16 * 1024 * 1024;

/** Of how many messages it is remembered in which fragments they came. */
const MOST_KNOWN = 1024;
/** How many marks are kept of one: those of a message in as many fragments as are joined at most. */
const MOST_MARKS = 3 * MOST_FRAGMENTS;

/** Collects the fragments of the messages of a capture, in whatever order they come. */
export class Fragments {
  /** In the order in which they began. */
  readonly #incomplete = new Map<string, Incomplete>();
  readonly #known = new BoundedMap<string, Known>(MOST_KNOWN);
  #dropped: LeftOver[] = [];
  #counted = 0;
  #octets = 0;

  /** Number of frames that are part of another frame's message, or were passed over. */
  get counted(): number {
    return this.#counted;
  }

  /** Passes over a fragment whose integrity value is wrong: it is nobody's. */
  passOver(): void {
    this.#counted += 1;
  }

  /**
   * Adds a fragment to those of its message. As a receiver does (RFC 7383 section 2.6), it passes over another
   * fragment of the same number, and one of fewer in total; one of more in total begins the message anew, for
   * its sender has found the path to take only smaller ones. What comes after the last is a retransmission,
   * collected for itself; if it stays incomplete, it is a copy and no hole.
   *
   * @returns all the fragments in the order of their numbers if this was the last to be missing
   */
  add(header: IkeHeader, fragment: Fragment): readonly Fragment[] | undefined {
    const key = keyOf(header);
    if (this.#isMixed(key, fragment)) {
      this.#counted += 1;
      return undefined;
    }
    const { byNumber, total } = this.#collected(key, header, fragment.total);
    if (fragment.total < total || byNumber.has(fragment.number)) {
      this.#counted += 1;
      return undefined;
    }
    byNumber.set(fragment.number, fragment);
    this.#octets += fragment.message.length;
    if (byNumber.size < total) {
      if (this.#octets > MOST_FRAGMENT_OCTETS) {
        this.#dropOldest(`their fragments have more than ${MOST_FRAGMENT_OCTETS} octets`);
      }
      return undefined;
    }
    this.#forget(key, byNumber);
    this.#counted += total - 1;
    return [...byNumber.values()].sort((one, other) => one.number - other.number);
  }

  /** The fragments of the messages that were given up since this was last asked. */
  takeLeftOver(): readonly LeftOver[] {
    const taken = this.#dropped;
    if (taken.length > 0) this.#dropped = [];
    return taken;
  }

  /** The capture has ended: what is not complete stays so. */
  end(): readonly LeftOver[] {
    const waiting = [...this.#incomplete].flatMap(([key, message]) => this.#leftOverOf(key, message));
    return [...this.takeLeftOver(), ...waiting];
  }

  /**
   * Notes a message that is whole, and says by which digest it is known. A message that came before under this Message
   * ID, in other fragments or in none, is the same if its plaintext is; without keys nothing tells them apart, and it is
   * taken to be.
   *
   * @param all its fragments; none if it came in one piece
   * @param octets its digest
   * @param plain a digest of its plaintext
   */
  identify(header: IkeHeader, all: readonly Fragment[], octets: string, plain?: string): string {
    const key = keyOf(header);
    const total = Math.max(1, all.length);
    const before = this.#known.get(key);
    const known: Known = before ?? { total, octets, plain, marks: new Set() };
    for (const { digest, body, tail } of all) {
      if (known.marks.size < MOST_MARKS) known.marks.add(digest).add(body).add(tail);
    }
    if (before === undefined) this.#known.set(key, known);
    const isOther = plain !== undefined && known.plain !== undefined && plain !== known.plain;
    return known.total === total || isOther ? octets : known.octets;
  }

  #isCopy(key: string, { digest, body, tail }: Fragment): boolean {
    const marks = this.#known.get(key)?.marks;
    return marks !== undefined && (marks.has(digest) || marks.has(body) || marks.has(tail));
  }

  /**
   * Whether a fragment is a late copy of a message that was whole, while another one under the same Message ID is
   * collected. The other way round, the copies that wait make room.
   */
  #isMixed(key: string, fragment: Fragment): boolean {
    const waiting = this.#incomplete.get(key);
    if (waiting === undefined || !this.#known.has(key)) return false;
    const areCopies = [...waiting.byNumber.values()].every((each) => this.#isCopy(key, each));
    const isCopy = this.#isCopy(key, fragment);
    if (areCopies && !isCopy) {
      this.#counted += waiting.byNumber.size;
      this.#forget(key, waiting.byNumber);
    }
    return isCopy && !areCopies;
  }

  /** The frames of a message that stays incomplete; none if all of them are copies of fragments of one that did not. */
  #leftOverOf(key: string, message: Incomplete, why = ''): readonly LeftOver[] {
    if ([...message.byNumber.values()].every((each) => this.#isCopy(key, each))) {
      this.#counted += message.byNumber.size;
      return [];
    }
    return leftOverOf(message, why);
  }

  /** The fragments to which one of a message of `total` fragments is to be added. */
  #collected(key: string, header: IkeHeader, total: number): Incomplete {
    const before = this.#incomplete.get(key);
    if (before !== undefined && before.total >= total) return before;
    if (before !== undefined) {
      this.#counted += before.byNumber.size;
      // So that one begun anew goes to the end.
      this.#forget(key, before.byNumber);
    }
    if (this.#incomplete.size === MOST_INCOMPLETE) {
      this.#dropOldest(`it is the oldest of more than ${MOST_INCOMPLETE} incomplete messages`);
    }
    const begun = { sa: saOf(header), name: nameOf(header), total, byNumber: new Map<number, Fragment>() };
    this.#incomplete.set(key, begun);
    return begun;
  }

  #dropOldest(why: string): void {
    for (const [key, message] of this.#incomplete) {
      for (const fragment of this.#leftOverOf(key, message, `; ${why}`)) this.#dropped.push(fragment);
      this.#forget(key, message.byNumber);
      return;
    }
  }

  #forget(key: string, fragments: ReadonlyMap<number, Fragment>): void {
    for (const { message } of fragments.values()) this.#octets -= message.length;
    this.#incomplete.delete(key);
  }
}

function keyOf({ initiatorSpi, responderSpi, fromInitiator, exchange, response, id }: IkeHeader): string {
  return [initiatorSpi, responderSpi, fromInitiator, exchange, response, id].join(' ');
}

function nameOf({ exchange, response, id }: IkeHeader): string {
  return `${exchangeName(exchange)} ${response ? 'response' : 'request'} ${id}`;
}

const saOf = ({ initiatorSpi, responderSpi }: IkeHeader): string => `${initiatorSpi}:${responderSpi}`;

function leftOverOf({ sa, name, total, byNumber }: Incomplete, why = ''): readonly LeftOver[] {
  const verb = byNumber.size === 1 ? 'was' : 'were';
  const reason = `${byNumber.size} of ${total} fragments of ${name} ${verb} seen${why}`;
  return [...byNumber.values()].map(({ at }) => ({ at, reason, sa }));
}
