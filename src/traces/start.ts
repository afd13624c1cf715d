/** Where the counters of an IKE SA stand when the trace begins: at 0 for a new SA, anywhere in mid-session. */
import type { End } from './event.ts';
import type { NumberedIke } from './ike-event.ts';
import { interpret } from './interpret.ts';

/** Where the counter of an end's own requests stands; `unseen` if the last one was sent before the trace begins. */
export interface Shown {
  readonly id: number;
  readonly unseen: boolean;
}

/** A new SA begins with IKE_SA_INIT, the initiator's request 0; the responder's own requests start at 0 too. */
export const startOf = (wire: End, first: NumberedIke | undefined): Shown => ({
  id: 0,
  unseen: wire === 'initiator' && first?.event.message.response === true,
});

/** In mid-session: the first ordinary request or response, or else the first sync message, shows the counter. */
export function shownCounter(wire: End, events: readonly NumberedIke[]): Shown {
  let bySync: number | undefined;
  for (const { event } of events) {
    const meaning = interpret(event.message, 'peer');
    const own = event.from === wire;
    if (meaning.kind === 'sync-request' && own) bySync ??= meaning.message.m1;
    else if (meaning.kind === 'sync-response' && own) bySync ??= meaning.message.p2;
    else if (bySync !== undefined) break;
    else if (meaning.kind === 'request' && own) return { id: meaning.id, unseen: false };
    else if (meaning.kind === 'response' && !own) return { id: meaning.id, unseen: true };
  }
  return { id: bySync ?? 0, unseen: false };
}
