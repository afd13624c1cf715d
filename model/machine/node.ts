/**
 * What a box does with a message that arrives, whatever the message is, and with what an application wants.
 */

import { match } from 'ts-pattern';
import { withCounters } from '../ipsecha-00/per-sa-counters.ts';
import type { Revision } from '../revisions/revision.ts';
import { receivePacket } from '../rfc4303/3.4.3-sequence-number-verification.ts';
import { adopt, receiveSyncRequest, receiveSyncResponse } from '../rfc6311/5.1-message-id-sync.ts';
import { rekeysAfterSkip, withDelta } from '../rfc6311/5.2-replay-counter-sync.ts';
import { looksAtOrdinary } from '../rfc6311/8.1-messages-outside-the-window.ts';
import { isOfThisIkeSa } from '../rfc6311/8.3-inconsistent-sas.ts';
import { isRetransmission } from '../rfc7296/2.1-retransmission.ts';
import { nextRequestId } from '../rfc7296/2.2-message-ids.ts';
import { receiveRequest, receiveResponse, sendRequest } from '../rfc7296/2-requests-and-responses.ts';
import type { Policies } from '../settings/settings.ts';
import { type ActiveMember, hasChildSa, isSyncing, under } from '../state/member.ts';
import { type Ask, type Endpoint, type IkeMessage, isAddressedTo, type Message } from '../state/messages.ts';
import type { Content } from '../state/numbers.ts';
import { refused, type Step, taken } from '../state/step.ts';

/**
 * An application at the active member wants an exchange. It has to wait while the counters are being synced:
 * only from the response on is the next Message ID known (RFC 6311, 5.1).
 */
export function beginRequest(
  revision: Revision,
  by: Endpoint,
  member: ActiveMember,
  content: Content,
  asks?: Ask,
): Step {
  if (isSyncing(member)) return refused(adopt, 'its sync request is not answered yet, so M2 is not known');
  return sendRequest(revision, by, member, content, asks);
}

/** A request that was under way at a sync is sent again, under a new Message ID (RFC 6311, 8.1). */
export function sendAgain(revision: Revision, by: Endpoint, member: ActiveMember): Step | null {
  const [content, ...again] = member.sa.again;
  if (content === undefined) return null;
  return beginRequest(revision, by, { ...member, sa: { ...member.sa, again } }, content);
}

/** The newly active member tells the delta in a request of its own, as soon as the window has room (RFC 6311, 5.2). */
export function tellDelta(revision: Revision, by: Endpoint, member: ActiveMember): Step | null {
  const { owed, ...rest } = member;
  if (owed === undefined) return null;
  return beginRequest(revision, by, rest, owed.content, {
    kind: 'replay-counter-sync',
    delta: owed.delta,
  });
}

/** The newly active member rekeys a Child SA after its takeover, as soon as the window has room (RFC 6311, 5.2). */
export function rekeyAfterTakeover(revision: Revision, by: Endpoint, member: ActiveMember): Step | null {
  const { rekeys, ...rest } = member;
  const [due, ...others] = rekeys ?? [];
  if (due === undefined) return null;
  const after = others.length === 0 ? rest : { ...rest, rekeys: others };
  // Another request replaced it, or closed it.
  if (hasChildSa(member.sa, due.spi) === undefined) return taken(after, [rekeysAfterSkip]);
  return beginRequest(revision, by, after, due.content, { kind: 'rekey-child', spi: due.spi });
}

/** A message of the other end arrives at the active member. */
export function receive(
  revision: Revision,
  policies: Omit<Policies, 'bump' | 'delta' | 'ownBump' | 'windowMove'>,
  by: Endpoint,
  member: ActiveMember,
  message: Message,
): Step {
  if (!isAddressedTo(by, message)) return refused(nextRequestId, `the message was sent by the ${by} itself`);
  const isLookedAt = revision.counterSync?.looksAtOrdinary(member, policies.whileSyncing) ?? true;
  const heldBack = (): Step => refused(looksAtOrdinary, 'its sync request is not answered yet');
  if (message.kind === 'esp') {
    return isLookedAt ? receivePacket(revision, policies, by, member, message) : heldBack();
  }
  if (!revision.ike.isOfThisIkeSa(member.sa, message)) return receiveUnderOther(by, member, message);
  return match(message)
    .with({ kind: 'sync-request' }, (request) =>
      withDelta(revision, by, member, request, receiveSyncRequest(revision, policies, by, member, request)),
    )
    .with({ kind: 'sync-response' }, (response) =>
      withCounters(revision, response, receiveSyncResponse(revision, policies, by, member, response)),
    )
    .with({ kind: 'request' }, (request) =>
      isLookedAt
        ? withDelta(revision, by, member, request, receiveRequest(revision, by, member, request))
        : heldBack(),
    )
    .with({ kind: 'response' }, (response) =>
      isLookedAt ? receiveResponse(revision, by, member, response) : heldBack(),
    )
    .exhaustive();
}

/** A message under an IKE SA that the box has not; or no more, but it still answers what replaced it. */
function receiveUnderOther(by: Endpoint, member: ActiveMember, message: IkeMessage): Step {
  const { rekeyedBy } = member.sa;
  if (
    message.kind === 'request' &&
    rekeyedBy !== null &&
    rekeyedBy.ikeSa === message.ikeSa &&
    rekeyedBy.id === message.id &&
    rekeyedBy.content === message.content
  ) {
    const { id, content } = message;
    return taken(member, [isRetransmission], {
      answer: 'again',
      sent: [{ kind: 'response', from: by, ...under(message), id, answers: content }],
    });
  }
  return refused(isOfThisIkeSa, `it belongs to ${ikeSaWords(message)}, which is not there`);
}

const ikeSaWords = ({ ikeSa }: IkeMessage): string =>
  ikeSa === undefined ? 'the first IKE SA' : `the IKE SA ${ikeSa}`;
