/** IKE messages as events of a trace, numbered. */
import type { End, IkeMessage, MessageEvent } from '../events/event.ts';
import { type Where, whereIn } from '../events/places.ts';

/** An event with its number in the file. */
export interface NumberedIke {
  readonly number: number;
  readonly event: MessageEvent & { readonly message: IkeMessage; readonly from: End };
}

/** Equal for equal octets. Without octets (JSON Lines), equal for equal contents. */
export const contentOf = (event: NumberedIke['event']): string =>
  event.octets ?? JSON.stringify([event.from, event.message]);

/** Where and when it was seen, as part of a finding. */
export const whereOf = (numbered: NumberedIke | undefined): Where =>
  numbered === undefined ? {} : whereIn(numbered.event);
