/**
 * The counters that ends tell of their ESP SAs (`ip -s xfrm state`): what they say by themselves and against each other.
 *
 * An outgoing counter that one and the same observer sees go back is an SA that will send numbers a second time. So is a
 * sender whose counter is below what its receiver has: either it began again, or its counter was read before. The
 * second is ruled out by times, and by the receiver's own word that it dropped packets whose numbers had come before.
 */
import { withoutPort } from '../common/address.ts';
import { BoundedMap } from '../common/bounded.ts';
import { CappedSet } from '../common/capped-set.ts';
import type { EspEvent } from './esp-sas.ts';

interface Reading {
  readonly packet: EspEvent;
  readonly number: bigint;
}

/** A fault of the sender, at the event that shows it. */
export interface CounterFault {
  readonly packet: EspEvent;
  readonly message: string;
  readonly allowed: string;
}

/** So many remarks are kept. */
const MOST_REMARKS = 100;

/** So many things that are missing. */
const MOST_MISSING = 100;

/** Both halves: a double would run numbers together. */
const numberOf = ({ event: { message } }: EspEvent): bigint =>
  (BigInt(message.upper ?? 0) << 32n) + BigInt(message.sequence);

const keyOf = ({ event }: EspEvent): string => `${withoutPort(event.destination ?? '')} ${event.message.spi}`;

export class EspCounters {
  /** The last outgoing counter of each SA by observer, and the highest incoming one. */
  readonly #sent = new BoundedMap<string, Map<string, Reading>>();
  readonly #received = new BoundedMap<string, Reading>();
  readonly #back = new BoundedMap<string, string>(MOST_REMARKS);
  readonly #dropped = new Map<string, string>();

  /** @returns a counter that went back */
  take(packet: EspEvent): CounterFault | undefined {
    const key = keyOf(packet);
    const number = numberOf(packet);
    const { event } = packet;
    const reading = { packet, number };
    if (event.event === 'sent') {
      const byObserver = this.#sent.get(key) ?? new Map<string, Reading>();
      this.#sent.set(key, byObserver);
      const before = byObserver.get(event.observer ?? '');
      byObserver.set(event.observer ?? '', reading);
      if (before === undefined || before.number <= number) return undefined;
      return {
        packet,
        message: `the outgoing counter of SPI ${event.message.spi} goes back from ${before.number} to ${number}: numbers ${number + 1n} to ${before.number} are sent a second time`,
        allowed: `a counter of ${before.number} or more`,
      };
    }
    const { source, destination, observer, message } = event;
    if (message.replays !== undefined && this.#dropped.size < MOST_REMARKS) {
      this.#dropped.set(
        `${key} ${observer}`,
        `${observer ?? 'the receiver'} dropped ${message.replays} packets of SPI ${message.spi} from ${source} to ${destination} as replays: their numbers had come before, or were too old`,
      );
    }
    const before = this.#received.get(key);
    if (before === undefined || before.number <= number) {
      this.#received.set(key, reading);
    } else if (before.packet.event.observer === event.observer) {
      this.#back.set(
        key,
        `the incoming counter of SPI ${event.message.spi} of ${event.observer ?? event.destination ?? 'its receiver'} goes back from ${before.number} to ${number}: it takes packets with the numbers between once more`,
      );
      if (event.message.replays !== undefined) this.#received.set(key, reading);
    }
    return undefined;
  }

  get remarks(): readonly string[] {
    return [...this.#dropped.values(), ...this.#back.values()];
  }

  /** Senders that are below their receivers; what would have to be known where that may be due to the time of reading. */
  result(): { readonly faults: readonly CounterFault[]; readonly missing: readonly string[] } {
    const faults: CounterFault[] = [];
    const missing = new CappedSet(MOST_MISSING);
    for (const [key, received] of this.#received) {
      const { event } = received.packet;
      for (const sent of this.#sent.get(key)?.values() ?? []) {
        if (sent.number >= received.number) continue;
        const { spi, replays = 0 } = event.message;
        const said = `SPI ${spi}: its sender has sent ${sent.number}, its receiver has received ${received.number}`;
        if (replays > 0 || isAfter(sent.packet, received.packet)) {
          const dropped = replays > 0 ? `, and has dropped ${replays} as replays` : '';
          faults.push({
            packet: sent.packet,
            message: `${said}${dropped}: the sender began again, and what it sends up to ${received.number} is dropped`,
            allowed: `a counter of ${received.number} or more`,
          });
        } else {
          missing.add(`${said}: read at the same time, that shows a sender that began again`);
        }
      }
    }
    return { faults, missing: missing.list() };
  }
}

/** Whether a reading is known to be later than another. */
const isAfter = (one: EspEvent, other: EspEvent): boolean =>
  one.event.time !== undefined && other.event.time !== undefined && one.event.time >= other.event.time;
