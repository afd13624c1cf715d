/** Where the counters of a new IKE SA stand. */
import type { End, IkeMessage } from '../events/event.ts';

/** Where the counter of an end's own requests stands; `unseen` if the last one was sent before the trace begins. */
export interface Shown {
  readonly id: number;
  readonly unseen: boolean;
}

/** IKE_SA_INIT, or IKE_SESSION_RESUME in its place (RFC 5723, 4.3.2), which JSON Lines name by its number. */
export const opensIkeSa = ({ exchange }: Pick<IkeMessage, 'exchange'>): boolean =>
  exchange === 'IKE_SA_INIT' || exchange === '38';

/** A new SA begins with IKE_SA_INIT, the initiator's request 0; the responder's own requests start at 0 too. */
export const startOf = (end: End, first: IkeMessage): Shown => ({
  id: 0,
  unseen: end === 'initiator' && first.response,
});
