/**
 * Judges ESP: no sequence number is sent twice on an SA. A number below the last one that was never seen is a
 * packet that was overtaken on its way, not a fault.
 *
 * Memory is bounded (`NumberMemory`): of the last 8.4 million numbers of all SAs it is known which packet had them,
 * of older ones only that they were used (`Intervals`). A packet with such an old number is an attacker's replay or
 * a sender's reuse; which of them is not known, and `missing` says so.
 */

import {
  type Endpoint,
  espSequenceUnique,
  isFreshNumber,
  type OutgoingSa,
  rfc6311,
  sendPacket,
} from '../../../model/index.ts';
import { add, emptySet } from '../../../model/state/number-set.ts';
import { isGroup } from '../common/address.ts';
import { BoundedSet } from '../common/bounded.ts';
import { fromHex } from '../common/octets.ts';
import type { EspMessage, MessageEvent } from '../events/event.ts';
import { placeText, whereIn } from '../events/places.ts';
import { digestOf, digestOfText } from './digest.ts';
import { Intervals } from './intervals.ts';
import { NumberMemory, USUAL_PAGES } from './number-memory.ts';

export interface EspEvent {
  readonly number: number;
  readonly event: MessageEvent & { readonly message: EspMessage };
}

/** A sequence number that was sent a second time, with other octets. */
export interface Reuse {
  readonly packet: EspEvent;
  /** The frame of the first packet with this number. */
  readonly firstFrame: number | undefined;
  /** The highest number sent before. */
  readonly highest: number | bigint;
}

export type EspVerdict =
  | { readonly kind: 'new' }
  /** The same octets again; so far behind the highest number. */
  | { readonly kind: 'repeated'; readonly behind: number }
  /**
   * The same packet but for its integrity value, or the same integrity value for other octets: one of the two is
   * not authentic, whatever the key.
   */
  | { readonly kind: 'altered' }
  | { readonly kind: 'reused'; readonly reuse: Reuse }
  /** Number 0 where numbers do not begin again: the first one of an SA is 1 (RFC 4303, 3.3.3). */
  | { readonly kind: 'zero'; readonly highest: number | bigint }
  /** The number was used before, or may have been, and its packet is not remembered. */
  | { readonly kind: 'forgotten'; readonly behind: number };

/**
 * One outgoing SA, or a span of its numbers: an extended number has 64 bits, and a double is exact to 53. So of those
 * whose upper halves have the same upper 12 bits each span is followed for itself, counted from its beginning.
 */
export interface TrackedEsp {
  readonly index: number;
  readonly spi: string;
  /** Which span it is, from 0: the upper 12 bits of the upper half. */
  readonly span: number;
  /** All spans of the SA, if it has several. */
  spans: Spans | null;
  /** The highest number sent. */
  last: number;
  /** The page of the last number, in `NumberMemory`. */
  page: number;
  /** Numbers whose packets are not remembered any more. */
  forgotten: Intervals | null;
  /** How often the numbers began again without their upper half being told: then it is taken to be one more. */
  rounds: number;
  /** When its last new number came; see `EspSas.now`. */
  at: number;
}

interface Spans {
  readonly by: Map<number, TrackedEsp>;
  latest: TrackedEsp;
}

/** Numbers on the wire have 32 bits. */
const ROUND = 2 ** 32;
/** So many upper halves make a span: with the lower half, 52 bits. */
const SPAN = 2 ** 20;

const spanOf = ({ upper = 0 }: EspMessage): number => Math.floor(upper / SPAN);

/** The whole number of a packet, as far as it is told; a bigint only where a double would not be exact. */
export const wholeNumber = ({ sequence, upper = 0 }: EspMessage): number | bigint =>
  inSpan(Math.floor(upper / SPAN), (upper % SPAN) * ROUND + sequence);

const inSpan = (span: number, number: number): number | bigint =>
  span < 2 ? span * SPAN * ROUND + number : BigInt(span) * BigInt(SPAN * ROUND) + BigInt(number);

/** So many packets with a number that was taken are remembered, for telling copies of them from further reuses. */
const MOST_REUSES = 65_536;

interface Forgotten {
  count: number;
  readonly first: EspEvent;
}

/**
 * What an SA is named by besides its SPI: its destination, its protocol if that is AH; and where the destination is a
 * group, its source, for each sender has numbers of its own (RFC 4301, 4.1; RFC 4303, 2.2).
 */
export function destinationOf({ destination = '', source, message }: EspEvent['event']): string {
  const to = message.protocol === undefined ? destination : `${message.protocol} ${destination}`;
  return source !== undefined && isGroup(destination) ? `${source} ${to}` : to;
}

export const protocolOf = ({ message }: EspEvent['event']): 'AH' | 'ESP' =>
  message.protocol === 'ah' ? 'AH' : 'ESP';

/** Follows the SAs of ESP and AH of a trace, each named by its destination and SPI. */
export class EspSas {
  readonly #sas = new Map<number, TrackedEsp>();
  #index = 0;
  #count = 0;
  /** How many were forgotten, having been idle for long. */
  forgotten = 0;
  /** Called when any SA is forgotten: whoever holds one must ask for it again. */
  onForget: () => void = () => {};
  /** The time, in whole seconds of a clock that runs with the source; stands still where nothing is ever forgotten. */
  now = 0;
  /** By destination, and there by SPI. */
  readonly #byName = new Map<string, Map<string, TrackedEsp>>();
  readonly #memory: NumberMemory;
  /** Second packets under one number: `SA NUMBER BODY TAIL`. */
  readonly #reuses = new BoundedSet<string>(MOST_REUSES);
  #forgotten: Forgotten | undefined;
  #begunAgain: EspEvent | undefined;

  /** @param pages how many numbers are remembered, in pages of 32; a power of two */
  constructor(pages = USUAL_PAGES) {
    this.#memory = new NumberMemory(pages, (sa, first, mask) => this.#forget(sa, first, mask));
  }

  get count(): number {
    return this.#count;
  }

  /** What would have to be known for a verdict on every packet. */
  get missing(): readonly string[] {
    const missing: string[] = [];
    if (this.#forgotten !== undefined) {
      const { count, first } = this.#forgotten;
      missing.push(
        `the octets of ESP packets: ${count} ${count === 1 ? 'has a number that was' : 'have numbers that were'} used before by a packet whose octets are not known (any more), so that a replay cannot be told from a reuse (the first: ${placeOf(first)})`,
      );
    }
    if (this.#begunAgain !== undefined) {
      missing.push(
        `whether extended sequence numbers are in use: the numbers of an ESP SA begin again (${placeOf(this.#begunAgain)})`,
      );
    }
    return missing;
  }

  take(packet: EspEvent, by: Endpoint): EspVerdict {
    const { event } = packet;
    const { message, frame = 0 } = event;
    // An SA that was just made has sent nothing.
    if (message.counter === true && message.sequence === 0 && (message.upper ?? 0) === 0)
      return { kind: 'new' };
    const first = this.saOf(destinationOf(event), message.spi);
    const sa = this.#spanOf(first, spanOf(message));
    if (message.counter === true) return this.#counted(sa, packet);
    if (event.octets === undefined && event.event !== 'sent') return this.#withoutOctets(sa, packet);
    const number = this.#numberOf(sa, packet);
    const memory = this.#memory;
    const [body, tail] = digestsOf(packet);
    const page = this.#pageOf(sa, number);
    const behind = isLatest(first, sa) ? sa.last - number : FAR_BEHIND;
    if (page >= 0 && memory.wasSeen(page, number)) {
      const sameBody = memory.bodyIs(page, number, body);
      const sameTail = memory.tailIs(page, number, tail);
      if (sameBody && sameTail) return { kind: 'repeated', behind };
      if (sameBody || sameTail) return { kind: 'altered' };
      if (this.#isCopyOfReuse(`${sa.index} ${number} ${body} ${tail}`)) return { kind: 'repeated', behind };
      if (!isSecond(by, sa, number, packet)) return { kind: 'new' };
      const firstFrame = memory.frameOf(page, number);
      return {
        kind: 'reused',
        reuse: { packet, firstFrame: firstFrame === 0 ? undefined : firstFrame, highest: highestOf(first) },
      };
    }
    if (sa.forgotten !== null && sa.forgotten.has(number) !== 'no') {
      return this.#notKnown(packet, behind);
    }
    const { last } = sa;
    this.note(sa, number, body, tail, frame);
    return number === 0 && isZero(last, packet)
      ? { kind: 'zero', highest: first.spans === null ? last : highestOf(first) }
      : { kind: 'new' };
  }

  /** Whether these very octets were a reuse before: then this is a copy of it. Notes them if not. */
  #isCopyOfReuse(key: string): boolean {
    if (this.#reuses.has(key)) return true;
    this.#reuses.add(key);
    return false;
  }

  /**
   * A packet whose octets were not told. Of the same number again nothing can be said: it may be a copy. A sender's
   * own word is another matter: no packet of ESP is sent twice on purpose.
   */
  #withoutOctets(sa: TrackedEsp, packet: EspEvent): EspVerdict {
    const number = this.#numberOf(sa, packet);
    const behind = sa.last - number;
    const seen = this.#wasSeen(sa, number) || (sa.forgotten !== null && sa.forgotten.has(number) !== 'no');
    // The receiving end tells of what the network made of it, which is nobody's fault.
    if (packet.event.event !== 'seen') return seen ? { kind: 'repeated', behind } : { kind: 'new' };
    if (seen) return this.#notKnown(packet, behind);
    const digest = digestOfText(`event ${packet.number}`);
    this.note(sa, number, digest, digest, packet.event.frame ?? 0);
    return { kind: 'new' };
  }

  /** Numbers up to this one were sent or received. Which packets had them is not told, so nothing is noted. */
  #counted(sa: TrackedEsp, { event: { message } }: EspEvent): EspVerdict {
    sa.last = Math.max(sa.last, ((message.upper ?? sa.rounds) % SPAN) * ROUND + message.sequence);
    return { kind: 'new' };
  }

  #notKnown(packet: EspEvent, behind: number): EspVerdict {
    if (this.#forgotten === undefined) this.#forgotten = { count: 1, first: packet };
    else this.#forgotten.count += 1;
    return { kind: 'forgotten', behind };
  }

  /** @param destination address with its port, as in an event; what `destinationOf` gives */
  saOf(destination: string, spi: string): TrackedEsp {
    let there = this.#byName.get(destination);
    const known = there?.get(spi);
    if (known !== undefined) return known;
    if (there === undefined) {
      there = new Map();
      this.#byName.set(destination, there);
    }
    const sa = this.#begin(spi, 0);
    this.#count += 1;
    there.set(spi, sa);
    return sa;
  }

  #begin(spi: string, span: number): TrackedEsp {
    const index = this.#index;
    // Never used twice: pages of the memory may still have it.
    this.#index += 1;
    const { now: at } = this;
    const sa = { index, spi, span, spans: null, last: 0, page: -1, forgotten: null, rounds: 0, at };
    this.#sas.set(index, sa);
    return sa;
  }

  #spanOf(first: TrackedEsp, span: number): TrackedEsp {
    if (span === 0) return first;
    first.spans ??= { by: new Map([[0, first]]), latest: first };
    const { spans } = first;
    const known = spans.by.get(span);
    if (known !== undefined) return known;
    const begun = this.#begin(first.spi, span);
    spans.by.set(span, begun);
    if (span > spans.latest.span) spans.latest = begun;
    return begun;
  }

  /**
   * Whether a number is plainly a new one: above all that were sent, and no round is in question. Then `note` is all
   * that there is to do; the specification allows any such number (RFC 4303, 3.3.3), and `take` would say so.
   */
  isAhead(sa: TrackedEsp, sequence: number): boolean {
    return sequence > sa.last && sa.rounds === 0 && sa.spans === null;
  }

  /** Remembers a number that is new. */
  note(sa: TrackedEsp, number: number, body: number, tail: number, frame: number): void {
    let page = this.#pageOf(sa, number);
    if (page < 0) {
      page = this.#memory.begin(sa.index, number);
      sa.page = page;
    }
    this.#memory.note(page, number, body, tail, frame);
    if (number > sa.last) sa.last = number;
    // Mostly it is there already, and nothing is written.
    if (sa.at !== this.now) sa.at = this.now;
  }

  /** How many SAs are remembered. */
  get remembered(): number {
    return this.#count - this.forgotten;
  }

  /**
   * Forgets the SAs that were idle for long: a number of theirs that comes later is as that of an SA never seen.
   *
   * @param before those whose last new number came before this time
   * @param most and of the others as many as there are more than so many, those that were idle for longest
   * @returns their destinations and SPIs
   */
  forget(before: number, most: number): readonly (readonly [destination: string, spi: string])[] {
    const all = [...this.#byName].flatMap(([destination, sas]) =>
      [...sas].map(([spi, sa]) => ({ destination, spi, at: this.#lastOf(sa) })),
    );
    const idle = all.filter(({ at }) => at < before);
    const surplus = all.length - idle.length - most;
    const gone =
      surplus <= 0 ? idle : all.toSorted((one, other) => one.at - other.at).slice(0, idle.length + surplus);
    for (const { destination, spi } of gone) {
      const there = this.#byName.get(destination);
      const sa = there?.get(spi);
      there?.delete(spi);
      if (there?.size === 0) this.#byName.delete(destination);
      for (const each of sa?.spans?.by.values() ?? (sa === undefined ? [] : [sa]))
        this.#sas.delete(each.index);
    }
    if (gone.length > 0) this.onForget();
    this.forgotten += gone.length;
    return gone.map(({ destination, spi }) => [destination, spi]);
  }

  #lastOf(sa: TrackedEsp): number {
    return sa.spans === null ? sa.at : Math.max(...[...sa.spans.by.values()].map(({ at }) => at));
  }

  #pageOf(sa: TrackedEsp, number: number): number {
    if (sa.page >= 0 && this.#memory.holds(sa.page, sa.index, number)) return sa.page;
    const page = this.#memory.find(sa.index, number);
    if (page >= 0) sa.page = page;
    return page;
  }

  /** The whole number of a packet, as far as it can be told (RFC 4303, 2.2.1). */
  #numberOf(sa: TrackedEsp, packet: EspEvent): number {
    const { sequence, upper } = packet.event.message;
    if (upper !== undefined) return (upper % SPAN) * ROUND + sequence;
    // Which of the spans it is in, nobody knows.
    if (sa.spans !== null) this.#begunAgain ??= packet;
    const number = sa.rounds * ROUND + sequence;
    // So far behind that a packet cannot be late.
    if (sa.last - number > ROUND / 2 && !this.#wasSeen(sa, number)) {
      this.#begunAgain ??= packet;
      sa.rounds += 1;
      return number + ROUND;
    }
    // A late packet of the round before.
    if (sa.rounds > 0 && number - sa.last > ROUND / 2) return number - ROUND;
    return number;
  }

  #wasSeen(sa: TrackedEsp, number: number): boolean {
    const page = this.#pageOf(sa, number);
    return page >= 0 && this.#memory.wasSeen(page, number);
  }

  #forget(index: number, first: number, mask: number): void {
    const sa = this.#sas.get(index);
    if (sa === undefined) return;
    sa.forgotten ??= new Intervals();
    // Runs of bits that are set.
    for (let bit = 0; bit < 32; bit += 1) {
      if ((mask & (1 << bit)) === 0) continue;
      let end = bit;
      while (end < 31 && (mask & (1 << (end + 1))) !== 0) end += 1;
      sa.forgotten.add(first + bit, first + end);
      bit = end;
    }
  }
}

/** Further behind than anything is late. */
const FAR_BEHIND = Number.MAX_SAFE_INTEGER;

const isLatest = ({ spans }: TrackedEsp, sa: TrackedEsp): boolean => spans === null || spans.latest === sa;

const highestOf = (first: TrackedEsp): number | bigint => {
  const { span, last } = first.spans?.latest ?? first;
  return inSpan(span, last);
};

/**
 * Whether number 0 is one that no sender may give: nothing that the specification allows after `last`, nor its first.
 * Of an SA of which nothing was seen before, 0 may be the lower half of an extended number.
 */
const isZero = (last: number, { event: { message } }: EspEvent): boolean =>
  (message.upper === 0 || (message.upper === undefined && last > 0)) &&
  !isFreshNumber({ spi: message.spi, last: 0 }, message.sequence);

/** What the specification says of a number that was sent before: whether sending it breaks the property. */
function isSecond(by: Endpoint, { spi, last }: TrackedEsp, number: number, packet: EspEvent): boolean {
  const content = `event ${packet.number}`;
  const sa: OutgoingSa = { spi, last };
  const step = sendPacket(rfc6311, by, sa, number, content);
  const observation = step.enabled
    ? step.observation
    : ({ kind: 'esp-sent', by, spi, number, content } as const);
  const sent = { [`${by} ${spi}`]: add(emptySet, number) };
  return !espSequenceUnique.watch.observe(sent, observation).ok;
}

const placeOf = ({ number, event }: EspEvent): string =>
  `number ${event.message.sequence} of SPI ${event.message.spi}, ${placeText({ event: number, ...whereIn(event) })}`;

/** A digest that `quickDigest` made. */
const QUICK = /^quick:([0-9a-f]{8})/u;

/** The digest of octets before the integrity value, in the form in which an event can carry it within one run. */
export const quickDigest = (body: number): string => `quick:${(body >>> 0).toString(16).padStart(8, '0')}`;

/** 32 bits each of what stands before the integrity value, and of the integrity value. */
function digestsOf({ number, event }: EspEvent): readonly [body: number, tail: number] {
  const { octets = `event ${number}`, octetsBeforeIntegrity, integrityValue } = event;
  const quick = QUICK.exec(octetsBeforeIntegrity ?? octets)?.[1];
  const body =
    quick === undefined ? digestOfText(octetsBeforeIntegrity ?? octets) : Number.parseInt(quick, 16) | 0;
  if (octetsBeforeIntegrity === undefined || integrityValue === undefined)
    return [body, digestOfText(octets)];
  const value = quick === undefined ? undefined : fromHex(integrityValue);
  if (value === undefined) return [body, digestOfText(integrityValue)];
  return [body, digestOf(new DataView(value.buffer, value.byteOffset), 0, value.length)];
}
