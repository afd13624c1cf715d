/**
 * Judges ESP: no sequence number is sent twice on an SA. A number below the last one that was never seen is a
 * packet that was overtaken on its way, not a fault.
 */
import { type Endpoint, espSequenceUnique, type OutgoingSa, sendPacket } from '../../model/index.ts';
import type { EspMessage, MessageEvent } from './event.ts';

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
  readonly highest: number;
}

/** One outgoing SA: what the specification remembers of it, and the octets behind each number. */
interface Tracked {
  sa: OutgoingSa;
  numbers: unknown;
  readonly octets: Map<
    number,
    { readonly octets: string; readonly body: string | undefined; readonly frame: number | undefined }
  >;
}

export type EspVerdict =
  | { readonly kind: 'new' }
  /** The same octets again; so far behind the highest number. */
  | { readonly kind: 'repeated'; readonly behind: number }
  /** The same packet but for its integrity value, so one of the two is not authentic, whatever the key. */
  | { readonly kind: 'altered' }
  | { readonly kind: 'reused'; readonly reuse: Reuse };

/** Follows the ESP SAs of a trace, each named by its destination and SPI. */
export class EspSas {
  readonly #sas = new Map<string, Tracked>();

  get count(): number {
    return this.#sas.size;
  }

  take(packet: EspEvent, by: Endpoint): EspVerdict {
    const { message, octets = `event ${packet.number}`, octetsBeforeIntegrity, frame } = packet.event;
    const tracked = this.#of(packet.event);
    const number = message.sequence;
    const before = tracked.octets.get(number);
    if (before?.octets === octets) return { kind: 'repeated', behind: tracked.sa.last - number };
    if (
      before !== undefined &&
      octetsBeforeIntegrity !== undefined &&
      before.body === octetsBeforeIntegrity
    ) {
      return { kind: 'altered' };
    }
    const highest = tracked.sa.last;
    const step = sendPacket(by, tracked.sa, number, { content: octets });
    const observation = step.enabled
      ? step.observation
      : ({ kind: 'esp-sent', by, spi: message.spi, number, content: octets } as const);
    const seen = espSequenceUnique.watch.observe(tracked.numbers, observation);
    if (step.enabled) tracked.sa = step.sa;
    if (!seen.ok) return { kind: 'reused', reuse: { packet, firstFrame: before?.frame, highest } };
    tracked.numbers = seen.state;
    tracked.octets.set(number, { octets, body: octetsBeforeIntegrity, frame });
    return { kind: 'new' };
  }

  #of({ destination, message }: EspEvent['event']): Tracked {
    const key = `${destination ?? ''} ${message.spi}`;
    const known = this.#sas.get(key);
    if (known !== undefined) return known;
    const tracked: Tracked = {
      sa: { spi: message.spi, last: 0 },
      numbers: espSequenceUnique.watch.initial,
      octets: new Map(),
    };
    this.#sas.set(key, tracked);
    return tracked;
  }
}
