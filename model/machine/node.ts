/**
 * What a box does with a message that arrives, whatever the message is, and with what an application wants.
 */
import { match } from 'ts-pattern';
import type { Revision } from '../revisions/revision.ts';
import { receivePacket } from '../rfc4303/3-esp-packets.ts';
import {
  afterCountersAnswered,
  afterCountersAsked,
  afterPeerDelta,
  confirmDelta,
  countersSent,
  deltaOfRepeated,
  peerDelta,
} from '../rfc6311/5.2-replay-counter-sync.ts';
import { adopt, receiveSyncResponse } from '../rfc6311/counter-sync-adoption.ts';
import { receiveSyncRequest } from '../rfc6311/counter-sync-response.ts';
import { isOfThisIkeSa } from '../rfc7296/2.8-rekeying.ts';
import {
  isAddressedTo,
  isRetransmission,
  receiveRequest,
  receiveResponse,
  sendRequest,
  under,
} from '../rfc7296/2-requests-and-responses.ts';
import { rule } from '../rule.ts';
import type { Policies } from '../settings/policies.ts';
import { type ActiveMember, isSyncing } from '../state/member.ts';
import type {
  Ask,
  Content,
  Endpoint,
  IkeMessage,
  Message,
  Request,
  SyncRequest,
  SyncResponse,
} from '../state/messages.ts';
import { refused, type Step, taken } from '../state/step.ts';

/** RFC 6311, 8.1. Whether an ordinary message, or an ESP packet, is looked at now. */
export const looksAtOrdinary = rule(
  {
    id: 'RFC6311-8.1-WHILE-SYNCING',
    document: 'RFC6311',
    section: '8.1',
    level: 'open',
    actor: 'newly active member',
    confidence: 'D',
    title: 'Ordinary messages while the sync request is unanswered',
    says: 'What the newly active member does with requests, responses and ESP packets while its counters are not yet known, the text leaves open: hold them back, or process them with the counters of the snapshot.',
  },
  (member: ActiveMember, whileSyncing: Policies['whileSyncing']): boolean =>
    whileSyncing === 'process' || !isSyncing(member),
);

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
  return sendRequest(revision.ike, by, member, content, asks);
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

/** A message of the other end arrives at the active member. */
export function receive(
  revision: Revision,
  policies: Omit<Policies, 'bump' | 'delta'>,
  by: Endpoint,
  member: ActiveMember,
  message: Message,
): Step {
  if (!isAddressedTo(by, message)) return notForUs(by);
  if (message.kind === 'esp') {
    return looksAtOrdinary(member, policies.whileSyncing)
      ? receivePacket(revision.esp, by, member, message)
      : refused(looksAtOrdinary, 'its sync request is not answered yet');
  }
  if (!isOfThisIkeSa(member.sa, message)) return receiveUnderOther(by, member, message);
  const { ike, counterSync } = revision;
  return match(message)
    .with({ kind: 'sync-request' }, (request) =>
      counterSync === null
        ? unknownExchange()
        : withDelta(revision, by, request, receiveSyncRequest(counterSync, policies, by, member, request)),
    )
    .with({ kind: 'sync-response' }, (response) =>
      counterSync === null
        ? unknownExchange()
        : withCounters(response, receiveSyncResponse(counterSync, policies, by, member, response)),
    )
    .otherwise((ordinary) => {
      if (!looksAtOrdinary(member, policies.whileSyncing)) {
        return refused(looksAtOrdinary, 'its sync request is not answered yet');
      }
      return ordinary.kind === 'request'
        ? withDelta(revision, by, ordinary, receiveRequest(ike, by, member, ordinary))
        : receiveResponse(ike, by, member, ordinary);
    });
}

/** What a request asks of the outgoing ESP counters is done, if it was accepted; but only once (RFC 6311, 5.2). */
function withDelta(revision: Revision, by: Endpoint, request: Request | SyncRequest, step: Step): Step {
  const rules = revision.replaySync;
  if (!step.enabled || rules === null) return step;
  const { sa } = step.member;
  if (!rules.isReplaySyncNegotiated(sa)) return step;
  if (request.kind === 'sync-request' && request.perSa !== undefined) {
    const counted = afterCountersAsked(sa, request.perSa);
    const perSa = countersSent(counted);
    return {
      ...step,
      member: { ...step.member, sa: counted },
      sent: step.sent.map((message) => (message.kind === 'sync-response' ? { ...message, perSa } : message)),
    };
  }
  const asked = deltaIn(request);
  if (asked === undefined) return step;
  // A request that is answered again was processed before: nothing was accepted.
  const isFirst = step.observations.length > 0;
  const delta = isFirst ? asked : rules.deltaOfRepeated(asked);
  if (!isFirst && delta === 0) return { ...step, rules: [...step.rules, deltaOfRepeated.text.id] };
  const confirmed = rules.confirmDelta?.(delta);
  return {
    ...step,
    member: { ...step.member, sa: afterPeerDelta(rules, sa, delta) },
    sent: step.sent.map((message) =>
      message.kind === 'sync-response' && confirmed !== undefined
        ? { ...message, delta: confirmed }
        : message,
    ),
    observations: [
      ...step.observations,
      {
        kind: 'delta-applied',
        by,
        request: request.kind === 'request' ? request.content : request.nonce,
        announced: sa.announcedReplayCounters,
      },
    ],
    rules: [...step.rules, peerDelta.text.id, ...(confirmed === undefined ? [] : [confirmDelta.text.id])],
  };
}

const deltaIn = (request: Request | SyncRequest): number | undefined => {
  if (request.kind === 'sync-request') return request.delta;
  return request.asks?.kind === 'replay-counter-sync' ? request.asks.delta : undefined;
};

/** The first draft: what the peer says to have sent is not accepted any more. */
const withCounters = ({ perSa }: SyncResponse, step: Step): Step =>
  step.enabled && perSa !== undefined
    ? { ...step, member: { ...step.member, sa: afterCountersAnswered(step.member.sa, perSa) } }
    : step;

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
      sent: [{ kind: 'response', from: by, ...under(message), id, answers: content }],
    });
  }
  return refused(isOfThisIkeSa, `it belongs to ${ikeSaWords(message)}, which is not there`);
}

const ikeSaWords = ({ ikeSa }: IkeMessage): string =>
  ikeSa === undefined ? 'the first IKE SA' : `the IKE SA ${ikeSa}`;

const notForUs = (by: Endpoint): Step => ({
  enabled: false,
  rule: 'RFC7296-2.2-NEXT-ID',
  because: `the message was sent by the ${by} itself`,
});

const unknownExchange = (): Step => ({
  enabled: false,
  rule: 'RFC6311-5-NEGOTIATED',
  because: 'counter sync is not part of this revision, or was not negotiated',
});
