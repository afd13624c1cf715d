/**
 * The counter sync exchange of RFC 6311, 5.1: IKEV2_MESSAGE_ID_SYNC, both sides. The drafts before it share its
 * rules, apart from what protects sync requests against replay: nothing at first, then a Failover Count
 * (`failover-count.ts`), then M1 that must grow.
 *
 *     newly active member                                   peer
 *     HDR(0), SK {N(IKEV2_MESSAGE_ID_SYNC: nonce, M1, P1)}  -->
 *                             <--  HDR(0), SK {N(IKEV2_MESSAGE_ID_SYNC: nonce, P2, M2)}
 *
 * Here are the rules as a revision holds them. What they say stands in the order of the exchange: what both messages
 * have in common (`counter-sync-form.ts`), the request (`counter-sync-request.ts`), the response
 * (`counter-sync-response.ts`), and what the ends go on with (`counter-sync-adoption.ts`).
 */

import type { FailoverCounting } from '../ipsecha-01/failover-count.ts';
import { chooseM1, chooseP1, lowestM1, tellM1 } from './5.1-message-id-sync.ts';
import { adopt, dropPending, nonceMatches } from './counter-sync-adoption.ts';
import { hasMessageIdZero, isAlone, isNegotiated, isWellFormed } from './counter-sync-form.ts';
import { chooseM2, chooseP2, echoNonce, isStale } from './counter-sync-response.ts';

/** The rules of the counter sync exchange that all revisions with one have in common. */
export const syncExchange = {
  isNegotiated,
  isWellFormed,
  isAlone,
  hasMessageIdZero,
  lowestM1,
  chooseM1,
  chooseP1,
  tellM1,
  chooseP2,
  chooseM2,
  echoNonce,
  nonceMatches,
  adopt,
  dropPending,
};

/** The rules of the counter sync exchange of RFC 6311: M1 must grow. */
export const messageIdSync = { ...syncExchange, isStale };

/** What every revision with counter sync has. */
export type SyncExchange = {
  readonly [Slot in keyof typeof syncExchange]: (
    ...args: Parameters<(typeof syncExchange)[Slot]>
  ) => ReturnType<(typeof syncExchange)[Slot]>;
};

/** What protects sync requests against replay: M1 that must grow, or a Failover Count; what a revision lacks is absent. */
export type ReplayProtection = Partial<FailoverCounting> & {
  readonly isStale?: (...args: Parameters<typeof isStale>) => ReturnType<typeof isStale>;
};

/** The rules of counter sync, as a revision holds them. Each slot can be filled by another function of the same form. */
export type CounterSync = SyncExchange & ReplayProtection;
