/** What logs that have one record for each message have in common: which end this one is, and the event itself. */
import { BoundedMap } from '../../common/bounded.ts';
import type { End, MessageEvent } from '../../events/event.ts';
import type { EventSink } from '../source.ts';

export interface LoggedMessage {
  readonly time: number | undefined;
  /** Both SPIs, or what stands for them. */
  readonly sa: string;
  readonly event: 'sent' | 'received' | 'dropped';
  /** Addresses with ports, as far as they are told: this end, and the other. */
  readonly local: string | undefined;
  readonly peer: string | undefined;
  /** The end that sent it, if the message itself says so. */
  readonly from?: End | undefined;
  readonly exchange: string;
  readonly response: boolean;
  readonly id: number;
}

export class MessageTeller {
  readonly #observer: string;
  readonly #sink: EventSink;
  /** Which end of an IKE SA this one is. */
  readonly #roles = new BoundedMap<string, End>();
  count = 0;

  constructor(observer: string, sink: EventSink) {
    this.#observer = observer;
    this.#sink = sink;
  }

  setRole(sa: string, role: End): void {
    this.#roles.set(sa, role);
  }

  tell({ time, sa, event, local, peer, from, exchange, response, id }: LoggedMessage): void {
    const isSent = event === 'sent';
    if (exchange === 'IKE_SA_INIT') this.setRole(sa, isSent === response ? 'responder' : 'initiator');
    const own = this.#roles.get(sa);
    const sender = from ?? (own === undefined ? undefined : isSent ? own : otherEnd(own));
    const [source, destination] = isSent ? [local, peer] : [peer, local];
    this.count += 1;
    const message: MessageEvent = {
      ...(time !== undefined && { time }),
      observer: this.#observer,
      sa,
      event,
      ...(sender !== undefined && { from: sender }),
      ...(source !== undefined && { source }),
      ...(destination !== undefined && { destination }),
      message: { kind: 'ike', exchange, response, id },
      // What an end has made itself, or taken apart, is authentic; no octets are told.
      integrity: exchange === 'IKE_SA_INIT' ? 'unchecked' : 'good',
    };
    this.#sink.take(message);
  }
}

const otherEnd = (end: End): End => (end === 'initiator' ? 'responder' : 'initiator');

/** Numbers for IKE SAs of which a log has no SPIs: two halves that are the same, as no SPIs are. */
export class StandIns {
  readonly #numbers = new BoundedMap<string, number>();
  #last = 0;
  readonly #letter: string;

  /** @param letter a hexadecimal digit, by which those of one format differ from those of another */
  constructor(letter: string) {
    this.#letter = letter;
  }

  of(name: string): string {
    const known = this.#numbers.get(name);
    if (known === undefined) this.#last += 1;
    const number = known ?? this.#last;
    this.#numbers.set(name, number);
    const digits = `${this.#letter}${number.toString(16).padStart(15, '0')}`;
    return `${digits}:${digits}`;
  }
}

/** Whether an SA is named by something that stands for its SPIs, which holds in one log alone. */
export const isStandIn = (sa: string): boolean => sa.slice(0, 16) === sa.slice(17);
