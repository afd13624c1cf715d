/** IKE messages as events of a trace, numbered. */
import type { End, IkeMessage, MessageEvent } from './event.ts';

/** An event with its number in the file. */
export interface NumberedIke {
  readonly number: number;
  readonly event: MessageEvent & { readonly message: IkeMessage; readonly from: End };
}

/** Equal for equal octets. Without octets (JSON Lines), equal for equal contents. */
export const contentOf = (event: NumberedIke['event']): string =>
  event.octets ?? JSON.stringify([event.from, event.message]);

/** Its frame, if it has one, as part of a finding. */
export const frameOf = (numbered: NumberedIke | undefined): { frame: number } | Record<never, never> =>
  numbered?.event.frame === undefined ? {} : { frame: numbered.event.frame };
