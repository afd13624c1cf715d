/**
 * Whether a peer adds the delta that it was told (RFC 6311, 5.2): from its answer on, every packet that it sends has a
 * number above what it had sent plus the delta, and the delta is added once.
 *
 * A packet that was sent before may arrive after the answer. So a number that is too low is a finding only where the
 * packet would have been under way for too long: a second by the observer's clock, or without one, 64 packets (the
 * usual anti-replay window) after the answer. And an answer may be overtaken by packets that were sent after it: what
 * is above the number at the request plus the delta may have the delta in it already.
 */
import {
  type Content,
  deltaOfRepeated,
  largestNumber,
  type Nonce,
  peerDelta,
  type Revision,
  type RuleId,
} from '../../../model/index.ts';
import { withoutPort } from '../common/address.ts';
import type { End } from '../events/event.ts';
import type { DeltaTold } from '../judge/ike-sa.ts';
import { destinationOf, type EspEvent, protocolOf, wholeNumber } from './esp-sas.ts';

/** Seconds, and packets, for which a packet may be under way. */
const LONGEST = 1;
const MOST_UNDER_WAY = 64;

/** A jump by a delta as small as this may as well be packets that were not seen. */
const SMALL = 1000;

export type DeltaVerdict =
  | { readonly kind: 'remark'; readonly message: string }
  | {
      readonly kind: 'finding';
      readonly rule: RuleId;
      readonly property?: string;
      readonly message: string;
      readonly allowed: string;
      /** What has to be so for it to be a fault, where packets that were not captured may explain it. */
      readonly condition?: string;
    };

/** A delta that the sender of an SA answered. */
interface Due {
  readonly told: DeltaTold;
  /** The highest number that was seen before: what is sent from then on is above this plus the delta. */
  readonly floor: number;
  readonly delta: number;
  /** Packets since. */
  since: number;
  /** Whether a packet above the floor came: then it was added. */
  added: boolean;
  /** Whether the fault was told. */
  found: boolean;
  /** The highest number when the request was seen again; null if it was not. */
  askedAgainAt: number | null;
}

interface Followed {
  /** The IKE SA, if the event names it. */
  readonly sa: string | undefined;
  /** The host that it is sent to. */
  readonly to: string;
  highest: number;
  /** Whether the upper half of any of its numbers was told. */
  extended: boolean;
  /** By request that told a delta: the highest number that was surely sent before the delta was added. */
  readonly before: Map<Content | Nonce, Asked>;
  due: Due | null;
}

interface Asked {
  readonly delta: number;
  highest: number;
}

/** Requests with a delta that are followed at once; who asks more often than that has other worries. */
const MOST_ASKED = 8;

/** Who was told a delta: the Child SAs of an IKE SA, from one end to the other. */
export interface ToldTo {
  readonly sa: string;
  /** The end, and its host and that of the other end; empty where no addresses were seen. */
  readonly end: End;
  readonly host: string;
  readonly to: string;
}

export class EspDeltas {
  /** Whether any delta may ever be told: else there is nothing to follow. */
  isExpected = false;
  readonly #revision: Revision;
  readonly #asked = new Map<Content | Nonce, number>();
  /** By sender (its host, or else its end), and there by destination and SPI. */
  readonly #sas = new Map<string, Map<string, Followed>>();

  constructor(revision: Revision) {
    this.#revision = revision;
  }

  /** A delta is asked for: from here on it may be added. */
  ask(asked: Content | Nonce, delta: number): void {
    this.#asked.set(asked, delta);
    const followed = [...this.#sas.values()].flatMap((sas) => [...sas.values()]);
    for (const { before, highest } of followed) before.set(asked, { delta, highest });
    if (this.#asked.size <= MOST_ASKED) return;
    const [oldest] = this.#asked.keys();
    if (oldest === undefined) return;
    this.#asked.delete(oldest);
    for (const { before } of followed) before.delete(oldest);
  }

  /** The delta was answered: from here on it is added. */
  tell(told: DeltaTold, { sa, end, host, to }: ToldTo): void {
    const rules = this.#revision.replaySync;
    if (rules === null) return;
    for (const followed of this.#sas.get(host === '' ? end : host)?.values() ?? []) {
      // Of packets without addresses only those are known to be meant that name their IKE SA.
      const isMeant = followed.sa === undefined ? host !== '' && followed.to === to : followed.sa === sa;
      if (!isMeant) continue;
      const { highest } = followed.before.get(told.asked) ?? followed;
      followed.before.delete(told.asked);
      const floor = rules.peerDelta(highest, told.delta);
      // A counter at its end is not advanced: the SA is closed instead.
      if (!rules.mayAdvanceTo(floor, largestNumber(followed.extended))) continue;
      followed.due = {
        told,
        floor,
        delta: floor - highest,
        since: 0,
        added: followed.highest > floor,
        found: false,
        askedAgainAt: null,
      };
    }
  }

  /** SAs that were idle for long, by destination and SPI. */
  forget(gone: readonly (readonly [destination: string, spi: string])[]): void {
    for (const [sender, sas] of this.#sas) {
      for (const [destination, spi] of gone) sas.delete(`${destination} ${spi}`);
      if (sas.size === 0) this.#sas.delete(sender);
    }
  }

  askedAgain(asked: Content | Nonce): void {
    for (const sas of this.#sas.values()) {
      for (const { due, highest } of sas.values()) {
        if (due?.told.asked === asked && due.added) due.askedAgainAt ??= highest;
      }
    }
  }

  /** A packet that was not seen before. */
  take(packet: EspEvent): readonly DeltaVerdict[] {
    if (!this.isExpected) return [];
    const { event } = packet;
    const number = wholeNumber(event.message);
    // Beyond what is counted exactly nothing is said.
    if (typeof number === 'bigint') return [];
    const followed = this.#of(event);
    followed.extended ||= event.message.upper !== undefined;
    const verdicts = followed.due === null ? [] : judge(followed.due, packet, number, followed.highest);
    followed.highest = Math.max(followed.highest, number);
    for (const asked of followed.before.values()) {
      if (number <= asked.highest + asked.delta) asked.highest = Math.max(asked.highest, number);
    }
    return verdicts;
  }

  #of(event: EspEvent['event']): Followed {
    const sender = event.source === undefined ? (event.from ?? '') : withoutPort(event.source);
    const sas = this.#sas.get(sender) ?? new Map<string, Followed>();
    this.#sas.set(sender, sas);
    const { destination, message, sa } = event;
    const key = `${destinationOf(event)} ${message.spi}`;
    const to = destination === undefined ? '' : withoutPort(destination);
    const known = sas.get(key);
    if (known !== undefined) return known;
    // What is first seen after a delta was asked for may have it in its first number.
    const before = new Map([...this.#asked].map(([asked, delta]) => [asked, { delta, highest: 0 }]));
    const followed: Followed = { sa, to, highest: 0, extended: false, before, due: null };
    sas.set(key, followed);
    return followed;
  }
}

function judge(
  due: Due,
  { event, number }: EspEvent,
  sequence: number,
  highest: number,
): readonly DeltaVerdict[] {
  due.since++;
  const { spi } = event.message;
  const { told, floor, delta } = due;
  if (sequence > floor) {
    const again = due.askedAgainAt;
    due.added = true;
    if (again === null || delta === 0 || sequence <= again + delta || highest > again + delta) return [];
    due.askedAgainAt = null;
    const message = `after the request that told delta ${delta} was seen again, ${protocolOf(event)} sequence numbers of SPI ${spi} jump from ${again} to ${sequence}: by the delta, a second time`;
    if (delta < SMALL) return [{ kind: 'remark', message: `${message}, or packets were not seen` }];
    return [
      {
        kind: 'finding',
        rule: deltaOfRepeated.text.id,
        property: 'delta-added-once',
        message,
        allowed: `numbers that go on from ${again}`,
        condition: `no packet with a number between ${again} and ${sequence} is missing`,
      },
    ];
  }
  if (due.found || !isTooLate(due, event.time)) return [];
  due.found = true;
  return [
    {
      kind: 'finding',
      rule: peerDelta.text.id,
      message: `${protocolOf(event)} sequence number ${sequence} of SPI ${spi} is sent after delta ${delta} was answered at event ${told.event}, ${number - told.event} events before; the delta takes it above ${floor}`,
      allowed: `any number above ${floor}`,
      // One that was sent before may have been replayed by anybody. What the log of the sender says it sent was not.
      ...(event.event === 'sent'
        ? {}
        : { condition: `packet ${sequence} is not missing before event ${told.event}` }),
    },
  ];
}

/** Whether a packet that was sent before the answer would have arrived by now. */
const isTooLate = ({ told, since }: Due, time: number | undefined): boolean =>
  time === undefined || told.time === undefined ? since > MOST_UNDER_WAY : time - told.time > LONGEST;
