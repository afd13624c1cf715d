/**
 * Fragments of IKE messages, collected until they are a whole one.
 *
 * Source: RFC 7383 sections 2.5 (Encrypted Fragment payload) and 2.6 (receiving fragments).
 */

import { exchangeName } from '../names.ts';
import type { IkeHeader } from './ike.ts';

/** One fragment whose integrity value is right, or cannot be checked. */
export interface Fragment {
  /** Number of its frame in the capture. */
  readonly frame: number;
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
  /** Of that message. */
  readonly digest: string;
}

/** A frame with a fragment that never became part of a whole message. */
export interface LeftOver {
  readonly frame: number;
  readonly reason: string;
}

interface Incomplete {
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

/** Collects the fragments of the messages of a capture, in whatever order they come. */
export class Fragments {
  /** In the order in which they began. */
  readonly #incomplete = new Map<string, Incomplete>();
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
   * collected for itself.
   *
   * @returns all the fragments in the order of their numbers if this was the last to be missing
   */
  add(header: IkeHeader, fragment: Fragment): readonly Fragment[] | undefined {
    const key = keyOf(header);
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
    const waiting = [...this.#incomplete.values()].flatMap((message) => leftOverOf(message));
    return [...this.takeLeftOver(), ...waiting];
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
    const begun = { name: nameOf(header), total, byNumber: new Map<number, Fragment>() };
    this.#incomplete.set(key, begun);
    return begun;
  }

  #dropOldest(why: string): void {
    for (const [key, message] of this.#incomplete) {
      for (const fragment of leftOverOf(message, `; ${why}`)) this.#dropped.push(fragment);
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

function leftOverOf({ name, total, byNumber }: Incomplete, why = ''): readonly LeftOver[] {
  const verb = byNumber.size === 1 ? 'was' : 'were';
  const reason = `${byNumber.size} of ${total} fragments of ${name} ${verb} seen${why}`;
  return [...byNumber.values()].map(({ frame }) => ({ frame, reason }));
}
