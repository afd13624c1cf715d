/**
 * First requests of IKE_SA_INIT, which have no SPI of the responder yet: whether one is seen again, octet for octet. No
 * rule judges them, since they may be sent again with a cookie or another group (RFC 7296, 2.6 and 1.2).
 */

import { BoundedSet } from '../common/bounded.ts';
import type { MessageEvent } from '../events/event.ts';
import { opensIkeSa } from './start.ts';

/** So many are remembered. */
const MOST = 4096;

const NO_RESPONDER = ':0000000000000000';

export class FirstRequests {
  /** Those that were seen again before the SA had an answer, and after it. */
  retransmitted = 0;
  duplicated = 0;
  readonly #seen = new BoundedSet<string>(MOST);
  /** SPIs of initiators that had an answer. */
  readonly #answered = new BoundedSet<string>(MOST);

  note({ event, sa = '', octets, message }: MessageEvent): void {
    if (message.kind !== 'ike' || !opensIkeSa(message)) return;
    const initiator = sa.slice(0, 16);
    if (message.response) {
      if (!sa.endsWith(NO_RESPONDER)) this.#answered.add(initiator);
      return;
    }
    const isSighting = event === 'seen' || event === 'sent';
    if (!sa.endsWith(NO_RESPONDER) || octets === undefined || !isSighting) return;
    if (!this.#seen.has(octets)) this.#seen.add(octets);
    else if (this.#answered.has(initiator)) this.duplicated += 1;
    else this.retransmitted += 1;
  }
}
