/**
 * What a box does with a message that arrives, whatever the message is, and with what an application wants.
 */

import { match } from 'ts-pattern';
import { withCounters } from '../ipsecha-00/per-sa-counters.ts';
import type { Revision } from '../revisions/revision.ts';
import { receivePacket } from '../rfc4303/3.4.3-sequence-number-verification.ts';
import { adopt, receiveSyncRequest, receiveSyncResponse } from '../rfc6311/5.1-message-id-sync.ts';
import { rekeysAfterSkip, withDelta } from '../rfc6311/5.2-replay-counter-sync.ts';
import { beginsSync } from '../rfc6311/7-implementation-details.ts';
import { looksAtOrdinary } from '../rfc6311/8.1-messages-outside-the-window.ts';
import { isOfThisIkeSa } from '../rfc6311/8.3-inconsistent-sas.ts';
import { isRetransmission } from '../rfc7296/2.1-retransmission.ts';
import { deletesOld, dueDelete, type RekeyingPolicies } from '../rfc7296/2.8-rekeying.ts';
import { receiveRequest, receiveResponse, sendRequest } from '../rfc7296/2-requests-and-responses.ts';
import { type Policies, type Settings, usual } from '../settings/settings.ts';
import { type ActiveMember, hasChildSa, isReplaced, under } from '../state/member.ts';
import { type Ask, type Endpoint, type IkeMessage, isAddressedTo, type Message } from '../state/messages.ts';
import type { Content } from '../state/numbers.ts';
import { noStep, refused, type Step, taken } from '../state/step.ts';

/**
 * An application at the active member wants an exchange. It has to wait while the counters are being synced, since
 * only from the response on is the next Message ID known (RFC 6311, 5.1); unless the member goes by its own M1. One
 * that has yet to ask does so first (7).
 */
export function beginRequest(
  revision: Revision,
  by: Endpoint,
  member: ActiveMember,
  content: Content,
  asks?: Ask,
  { ikeWhileSyncing }: SendingPolicies = usual,
): Step {
  const { sa, sync } = member;
  if (member.yetToAsk) return refused(beginsSync, 'it has yet to ask for the counters');
  if (sync === null) return sendRequest(revision, by, member, content, asks);
  if (ikeWhileSyncing !== 'process-and-send') {
    return refused(adopt, 'its sync request is not answered yet, so M2 is not known');
  }
  // M1 is what it said it would send next.
  const announced = { ...sa, expectedSend: Math.max(sa.expectedSend, sync.m1) };
  return sendRequest(revision, by, { ...member, sa: announced }, content, asks);
}

/** What matters to an end that wants to send a request of its own. */
export type SendingPolicies = Pick<Policies, 'ikeWhileSyncing'>;

/** A request that was under way at a sync is sent again, under a new Message ID (no text says so: `pending`). */
export function sendAgain(
  revision: Revision,
  by: Endpoint,
  member: ActiveMember,
  policies: SendingPolicies = usual,
): Step | null {
  const [content, ...again] = member.sa.again;
  if (content === undefined) return null;
  return beginRequest(revision, by, { ...member, sa: { ...member.sa, again } }, content, undefined, policies);
}

/** The newly active member sends the delta in a request of its own, as soon as the window has room (RFC 6311, 5.2). */
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
  if (hasChildSa(member.sa, due.spi) === undefined || isReplaced(member.sa, due)) {
    return taken(after, [rekeysAfterSkip]);
  }
  return beginRequest(revision, by, after, due.content, { kind: 'rekey-child', spi: due.spi });
}

/**
 * The end that had a Child SA replaced deletes the old one (RFC 7296, 2.8), or the one that is redundant (2.8.1), as soon as the window has room: whichever of
 * its members is active by then, if that knows of both. Null if none is to be deleted.
 */
export function deleteOld(
  revision: Revision,
  by: Endpoint,
  member: ActiveMember,
  content: Content,
  policies: SendingPolicies & Pick<Settings, 'lowestNonce'> = usual,
): Step | null {
  const old = dueDelete(revision, by, member.sa, policies.lowestNonce);
  if (old === undefined) return null;
  const step = beginRequest(revision, by, member, content, { kind: 'delete-child', spi: old.spi }, policies);
  return step.enabled ? { ...step, rules: [...step.rules, deletesOld.text.id] } : step;
}

/** What a box goes by when a message arrives. */
export type ReceivingPolicies = Omit<Policies, 'bump' | 'p1Ahead' | 'delta' | 'ownBump' | 'windowMove'> &
  RekeyingPolicies;

/** A message of the other end arrives at the active member. */
export function receive(
  revision: Revision,
  policies: ReceivingPolicies,
  by: Endpoint,
  member: ActiveMember,
  message: Message,
): Step {
  if (!isAddressedTo(by, message)) return noStep(`the message was sent by the ${by} itself`);
  const { ikeWhileSyncing, espWhileSyncing } = policies;
  const isLookedAt = (whileSyncing: Parameters<typeof looksAtOrdinary>[1]): boolean =>
    revision.counterSync?.looksAtOrdinary(member, whileSyncing) ?? true;
  const heldBack = (): Step => refused(looksAtOrdinary, 'its sync request is not answered yet');
  if (message.kind === 'esp') {
    return isLookedAt(espWhileSyncing) ? receivePacket(revision, policies, by, member, message) : heldBack();
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
      isLookedAt(ikeWhileSyncing)
        ? withDelta(
            revision,
            by,
            member,
            request,
            receiveRequest(revision, by, declared(revision, member), request, policies),
          )
        : heldBack(),
    )
    .with({ kind: 'response' }, (response) =>
      isLookedAt(ikeWhileSyncing) ? receiveResponse(revision, by, member, response, policies) : heldBack(),
    )
    .with({ kind: 'own' }, ({ name }) => noStep(`no rule knows messages of the kind ${name}`))
    .exhaustive();
}

/** A member that waits for the response to its sync request has the window that it declared (RFC 6311, 8.1). */
const declared = ({ counterSync }: Revision, member: ActiveMember): ActiveMember =>
  counterSync === null || member.sync === null
    ? member
    : { ...member, sa: counterSync.declareWindow(member.sa, member.sync.p1) };

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
