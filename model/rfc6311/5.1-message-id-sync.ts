/**
 * The sync request (RFC 6311, 5.1): what the newly active member puts into it, and what it tells the other members.
 *
 * First the rules, one small function each; then the step that is made of them.
 */

import { nextCount } from '../ipsecha-01/failover-count.ts';
import { type MessageId, messageIdExists } from '../rfc7296/2.2-message-ids.ts';
import { under } from '../rfc7296/2-requests-and-responses.ts';
import { rule } from '../rule.ts';
import type { PendingSync, SaState } from '../state/member.ts';
import type { Endpoint, Nonce, SaCounter, SyncRequest } from '../state/messages.ts';
import { refused, type Step, taken } from '../state/step.ts';
import type { CounterSync } from './counter-sync.ts';
import { isNegotiated } from './counter-sync-form.ts';

/** RFC 6311, 5.1. The lowest M1 that the newly active member may send. */
export const lowestM1 = rule(
  {
    id: 'RFC6311-5.1-M1-FRESH',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'C',
    title: 'M1 is above every Message ID known to have been used',
    says: 'M1 is larger than any Message ID that the newly active member knows the cluster to have used, earlier sync requests included.',
  },
  (sa: SaState): MessageId => Math.max(sa.expectedSend, sa.m1Sent + 1),
);

/** RFC 6311, 5.1. How M1 is chosen. */
export const chooseM1 = rule(
  {
    id: 'RFC6311-5.1-M1-BUMP',
    document: 'RFC6311',
    section: '5.1',
    level: 'RECOMMENDED',
    actor: 'newly active member',
    confidence: 'C',
    title: 'M1 is advanced past what is known',
    says: 'M1 is at least the known value plus the size of the sender window, since the part of the state that was lost can hide that many requests.',
  },
  (lowest: MessageId, bump: number): MessageId => lowest + bump,
);

/** RFC 6311, 5.1. How P1 is chosen. */
export const chooseP1 = rule(
  {
    id: 'RFC6311-5.1-P1',
    document: 'RFC6311',
    section: '5.1',
    level: 'SHOULD',
    actor: 'newly active member',
    confidence: 'C',
    title: 'P1 is one more than the last Message ID known from the peer',
    says: 'P1 is one more than the last Message ID that the newly active member knows to have come from the peer; it may be higher.',
  },
  (sa: SaState): MessageId => Math.max(sa.expectedReceive, ...sa.answered.map(({ id }) => id + 1)),
);

/** RFC 6311, 5.1. What the other members know once a sync request was sent. */
export const tellM1 = rule(
  {
    id: 'RFC6311-5.1-M1-SHARED',
    document: 'RFC6311',
    section: '5.1',
    level: 'SHOULD',
    actor: 'newly active member',
    confidence: 'C',
    title: 'The other members are told the M1 that was sent',
    says: 'The newly active member tells the other members the M1 that it sent, so that a second failover does not send it again.',
  },
  (snapshot: SaState, m1: MessageId): SaState => ({ ...snapshot, m1Sent: Math.max(snapshot.m1Sent, m1) }),
);
/** What the newly active member is free to choose. */
export interface SyncChoice {
  /** Never sent before. */
  readonly nonce: Nonce;
  /** How far M1 is above the lowest that is allowed: 0 or more. */
  readonly bump: number;
  /** How far P1 is above what is known: 0 or more. */
  readonly p1Ahead?: number;
  /** Delta of the IPSEC_REPLAY_COUNTER_SYNC notification beside it; none if there is none. */
  readonly delta?: number;
  /** Counters of each Child SA instead of a delta, as in the first draft. */
  readonly perSa?: readonly SaCounter[];
}

/** A member that became active asks the peer for the counters; also again, with a new nonce and a higher M1. */
export function sendSyncRequest(rules: CounterSync, by: Endpoint, sa: SaState, choice: SyncChoice): Step {
  // 5: only what was negotiated is sent.
  if (!rules.isNegotiated(sa)) return refused(isNegotiated, 'it was not announced by both ends in IKE_AUTH');
  const lowest = rules.lowestM1(sa);
  // 5.1: M1 is above everything known to have been used.
  if (choice.bump < 0) {
    return refused(
      lowestM1,
      `M1 ${lowest + choice.bump} is below ${lowest}, the lowest that is not known to be used`,
    );
  }
  const m1 = rules.chooseM1(lowest, choice.bump);
  const p1 = rules.chooseP1(sa) + (choice.p1Ahead ?? 0);
  if (!messageIdExists(m1) || !messageIdExists(p1)) {
    return refused(messageIdExists, 'every Message ID has been used');
  }
  const { nonce, delta, perSa } = choice;
  const sync: PendingSync = {
    nonce,
    m1,
    p1,
    ...(delta === undefined ? {} : { delta }),
    ...(perSa === undefined ? {} : { perSa }),
  };
  const request = syncRequestOf(rules, by, sa, sync);
  return taken(
    { role: 'active', sa: { ...sa, m1Sent: m1 }, sync },
    [isNegotiated, lowestM1, chooseM1, chooseP1, ...(rules.nextCount === undefined ? [] : [nextCount])],
    {
      sent: [request],
      observations: [{ kind: 'sync-request-sent', by, ...under(sa), nonce, m1, announced: sa.announced }],
    },
  );
}

/** A sync request as it is on the wire, the first time and whenever it is sent again. */
export const syncRequestOf = (
  rules: CounterSync,
  by: Endpoint,
  sa: SaState,
  sync: PendingSync,
): SyncRequest => ({
  kind: 'sync-request',
  from: by,
  ...under(sa),
  id: 0,
  ...sync,
  // October 2010: the count of the failover, whose only request this need not be.
  ...(rules.nextCount === undefined ? {} : { failoverCount: sa.failoverCount }),
  wellFormed: true,
  otherPayloads: [],
});
