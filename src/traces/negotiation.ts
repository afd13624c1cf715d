/** What both ends announced in IKE_AUTH (RFC 6311, 5), as far as it was seen. */
import { type Announced, type Endpoint, otherEnd } from '../../model/index.ts';
import type { End, IkeMessage } from './event.ts';
import { NOTIFY, notifications } from './interpret.ts';

type Extension = 'messageIdSyncSupported' | 'replayCounterSyncSupported';

export class Negotiation {
  readonly #wireEnd: (end: Endpoint) => End;
  /** By extension and end; absent where nothing was seen. */
  readonly #announced = new Map<string, boolean>();

  constructor(wireEnd: (end: Endpoint) => End) {
    this.#wireEnd = wireEnd;
  }

  /** Notes a message of IKE_AUTH. One that cannot be read may have announced anything. */
  note({ payloads }: IkeMessage, from: End): void {
    for (const extension of ['messageIdSyncSupported', 'replayCounterSyncSupported'] as const) {
      const key = `${extension} ${from}`;
      const says = payloads === undefined || notifications(payloads, NOTIFY[extension]).length > 0;
      this.#announced.set(key, says || this.#announced.get(key) === true);
    }
  }

  /** What an end knows to have been announced by itself and by the other. What was not seen is taken for granted. */
  of(extension: Extension, end: Endpoint): Announced {
    const says = (each: Endpoint): boolean =>
      this.#announced.get(`${extension} ${this.#wireEnd(each)}`) ?? true;
    return { own: says(end), other: says(otherEnd(end)) };
  }
}
