/**
 * The end of the counter sync exchange (RFC 6311, 5.1 and 8.1): which response the newly active member takes, the
 * counters that it goes on with, and what becomes of requests that were under way at either end.
 *
 * First the rules, one small function each; then the step that is made of them.
 */

import type { MessageId } from '../rfc7296/2.2-message-ids.ts';
import { under } from '../rfc7296/2-requests-and-responses.ts';
import { rule } from '../rule.ts';
import type { Policies } from '../settings/policies.ts';
import type { ActiveMember, SaState } from '../state/member.ts';
import type { Content, Endpoint, Nonce, SyncResponse } from '../state/messages.ts';
import { refused, type Step, taken } from '../state/step.ts';
import type { CounterSync } from './counter-sync.ts';
import { hasMessageIdZero, isAlone, isWellFormed } from './counter-sync-form.ts';

/** RFC 6311, 5.1. Whether a response belongs to the sync request that waits. */
export const nonceMatches = rule(
  {
    id: 'RFC6311-5.1-NONCE-CHECK',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'C',
    title: 'A response with another nonce is dropped silently',
    says: 'A sync response whose nonce is not the one that was sent is dropped silently.',
  },
  (pending: { readonly nonce: Nonce }, response: { readonly nonce: Nonce }): boolean =>
    pending.nonce === response.nonce,
);

/** RFC 6311, 5.1. The counters of the newly active member after the exchange. */
export const adopt = rule(
  {
    id: 'RFC6311-5.1-ADOPT',
    document: 'RFC6311',
    section: '5.1',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'C',
    title: 'After the exchange the member sends with M2 and expects P2',
    says: 'From the response on, the Message ID of its next request is M2 and it expects P2 from the peer.',
  },
  (sa: SaState, response: { readonly p2: MessageId; readonly m2: MessageId }): SaState => ({
    ...sa,
    expectedSend: response.m2,
    expectedReceive: response.p2,
    highestSeen: Math.max(sa.highestSeen, response.p2 - 1),
  }),
);

/** RFC 6311, 8.1. What becomes of requests that were under way, and of the responses that were kept. */
export const dropPending = rule(
  {
    id: 'RFC6311-8.1-PENDING-IKE',
    document: 'RFC6311',
    section: '8.1',
    level: 'open',
    actor: 'both',
    confidence: 'D',
    title: 'Requests under way at the sync',
    says: 'After the exchange neither end waits for a response to an earlier request, nor answers retransmissions of one. Whether a request that was under way is given up, or sent again under a new Message ID, the text leaves open.',
  },
  (sa: SaState, pending: Policies['pending']): SaState => ({
    ...sa,
    outstanding: [],
    answered: [],
    again: pending === 'send-again' ? [...sa.again, ...ordinary(sa)] : [],
  }),
);

/** The contents of the requests under way that ask nothing beyond themselves: others are begun anew, if at all. */
const ordinary = (sa: SaState): readonly Content[] =>
  sa.outstanding.flatMap(({ content, asks }) => (asks === undefined ? [content] : []));
/** A sync response arrives at a member. */
export function receiveSyncResponse(
  rules: CounterSync,
  policies: Pick<Policies, 'pending'>,
  by: Endpoint,
  member: ActiveMember,
  response: SyncResponse,
): Step {
  const pending = member.sync;
  if (pending === null) return refused(nonceMatches, `no sync request of the ${by} waits for a response`);
  if (!rules.isWellFormed(response)) return refused(isWellFormed, 'the notification is malformed');
  if (!rules.isAlone(response)) return refused(isAlone, `it also holds ${response.otherPayloads.join(', ')}`);
  if (!rules.hasMessageIdZero(response)) return refused(hasMessageIdZero, `its Message ID is ${response.id}`);
  if (!rules.nonceMatches(pending, response))
    return refused(nonceMatches, 'its nonce is not the one that was sent');
  const adopted = rules.adopt(member.sa, response);
  return taken(
    { ...member, sa: rules.dropPending(adopted, policies.pending), sync: null },
    [isWellFormed, isAlone, hasMessageIdZero, nonceMatches, adopt, dropPending],
    {
      observations: [
        {
          kind: 'sync-response-accepted',
          by,
          ...under(member.sa),
          nonce: response.nonce,
          pending: pending.nonce,
          p2: adopted.expectedReceive,
          m2: adopted.expectedSend,
        },
      ],
    },
  );
}
