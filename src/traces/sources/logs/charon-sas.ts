/**
 * Which IKE SA a line of charon's log is about. With `ike_name = yes` a line has its unique number; else the name of its
 * connection, or nothing: then there are two hosts, and as long as there is one IKE SA at a time between them they stand
 * for it. Where there are several at once, it cannot be known.
 */

import { withoutPort } from '../../common/address.ts';
import { BoundedMap, BoundedSet } from '../../common/bounded.ts';
import type { End } from '../../events/event.ts';

/** What is known of the line and of its thread. */
export interface About {
  /** The unique number of the IKE SA, or the name of its connection. */
  readonly sa: string | undefined;
  readonly hosts: string;
}

export const hostsOf = (one: string | undefined, other: string | undefined): string =>
  [one ?? '', other ?? ''].map(withoutPort).sort().join(' ');

interface Entry {
  /** After that, IKE_SA_INIT opens another one. */
  authenticated: boolean;
  /** It is gone, so that the next one comes after it, not beside it. */
  ended: boolean;
  /** Several at once. */
  mixed: boolean;
  /** The highest unique number that a text named. */
  highest: number | undefined;
  /** How often another one took its place. */
  round: number;
  role: End | undefined;
}

const isNumber = (sa: string): boolean => /^\d{1,15}$/u.test(sa);

export class CharonSas {
  readonly #entries = new BoundedMap<string, Entry>();
  /** Numbers for IKE SAs that have none. */
  readonly #numbers = new BoundedMap<string, number>();
  #last = 0;
  /** The last unique number that a text named without hosts. */
  #highest: number | undefined;
  /** A text named two IKE SAs at once, and not between which hosts. */
  #allMixed = false;
  /** How many have ended, and no other one has taken their place. */
  #ended = 0;
  /** Those that were spoken of since all ended, and those that were authenticated since all were mixed. */
  readonly #touched = new BoundedSet<Entry>();
  readonly #unmixed = new BoundedSet<Entry>();

  keyOf({ sa, hosts }: About): string {
    return sa ?? hosts;
  }

  /** The only IKE SA, or pair of hosts, that was spoken of. */
  get onlyOne(): string | undefined {
    const [first] = this.#entries.keys();
    return this.#entries.size === 1 ? first : undefined;
  }

  isMixed(key: string): boolean {
    if (isNumber(key)) return false;
    return this.#allMixed || this.#entries.get(key)?.mixed === true;
  }

  roleOf(key: string): End | undefined {
    return this.#entries.get(key)?.role;
  }

  setRole(key: string, role: End): void {
    this.#of(key).role = role;
  }

  /** IKE_SA_INIT: which end this one is, and whether this is another IKE SA than before. */
  opened(key: string, role: End): void {
    const entry = this.#of(key);
    if (entry.authenticated || entry.ended) {
      if (isNumber(key) || entry.ended) this.#next(entry);
      else entry.mixed = true;
    }
    entry.role = role;
  }

  /** IKE_SA_INIT was answered by a demand for a cookie or another group, and is made anew (RFC 7296, 2.6 and 1.2). */
  madeAnew(key: string): void {
    this.#next(this.#of(key));
  }

  authenticated(key: string): void {
    const entry = this.#of(key);
    entry.authenticated = true;
    if (!isNumber(key)) this.#unmixed.add(entry);
  }

  ended(key: string): void {
    this.#end(this.#of(key));
  }

  /** The daemon was started again. */
  allEnded(): void {
    for (const entry of this.#touched) this.#end(entry);
    this.#touched.clear();
  }

  /** Every IKE SA without a number: a new one takes the place of one of them, beside it for a while. */
  mixAll(): void {
    for (const entry of this.#unmixed) if (entry.authenticated) entry.mixed = true;
    this.#unmixed.clear();
  }

  /** A text names the IKE SA by its unique number, in a log whose lines have none. */
  named(key: string | undefined, unique: number): void {
    if (key === undefined) {
      const isNext = this.#ended > 0;
      this.#allMixed ||= this.#highest !== undefined && this.#highest !== unique && !isNext;
      this.#highest = unique;
      return;
    }
    const entry = this.#of(key);
    if (entry.highest === undefined || entry.highest === unique) entry.highest = unique;
    else if (unique > entry.highest && entry.ended) {
      entry.highest = unique;
    } else entry.mixed = true;
  }

  /**
   * Stands for the SPIs, which the log does not have: two halves that are the same, as no SPIs are. The unique number of
   * the IKE SA, or one of ours.
   */
  spisOf(key: string): string {
    const round = this.#entries.get(key)?.round ?? 0;
    if (isNumber(key) && round === 0) {
      const digits = BigInt(key).toString(16).padStart(16, '0').slice(-16);
      return `${digits}:${digits}`;
    }
    const name = `${key} ${round}`;
    const known = this.#numbers.get(name);
    if (known === undefined) this.#last += 1;
    const number = known ?? this.#last;
    this.#numbers.set(name, number);
    const digits = `f${number.toString(16).padStart(15, '0')}`;
    return `${digits}:${digits}`;
  }

  #end(entry: Entry): void {
    if (entry.ended) return;
    entry.ended = entry.authenticated || entry.role !== undefined || entry.highest !== undefined;
    if (entry.ended) this.#ended += 1;
  }

  #next(entry: Entry): void {
    if (entry.ended) this.#ended -= 1;
    entry.round += 1;
    entry.authenticated = false;
    entry.ended = false;
    entry.highest = undefined;
  }

  #of(key: string): Entry {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#touched.add(known);
      return known;
    }
    const entry: Entry = {
      authenticated: false,
      ended: false,
      mixed: false,
      highest: undefined,
      round: 0,
      role: undefined,
    };
    this.#entries.set(key, entry);
    this.#touched.add(entry);
    return entry;
  }
}
