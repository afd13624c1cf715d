/**
 * Ordinary IKE exchanges: requests, responses, retransmissions (RFC 7296, 2.1 to 2.3), with a window of 1.
 *
 * First the rules, one small function each; then the steps of a box that are made of them.
 */
import { type MessageId, messageIdExists } from './counters.ts';
import type { ActiveMember, Numbered, SaState } from './member.ts';
import { type Content, type Endpoint, otherEnd, type Request, type Response } from './messages.ts';
import { rule } from './rules/rule.ts';
import { refused, type Step, taken } from './step.ts';

/** RFC 7296, 2.2. The Message ID of a new request. */
export const nextRequestId = rule(
  {
    id: 'RFC7296-2.2-NEXT-ID',
    document: 'RFC7296',
    section: '2.2',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'A new request has the next Message ID of its sender',
    says: 'Each end counts its own requests from 0 (IKE_SA_INIT); a new request has the next number, so no number is used for two different requests.',
  },
  (sa: SaState): MessageId => sa.expectedSend,
);

/** RFC 7296, 2.3. Whether a new request may be sent now. */
export const windowHasRoom = rule(
  {
    id: 'RFC7296-2.3-WINDOW',
    document: 'RFC7296',
    section: '2.3',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'No request beyond the window',
    says: 'With a window of 1, no new request is sent before the last one is answered.',
  },
  (sa: SaState): boolean => sa.outstanding === null,
);

/** RFC 7296, 2.3. Whether a request of the other end is the one that is expected. */
export const isExpected = rule(
  {
    id: 'RFC7296-2.3-EXPECTED-ID',
    document: 'RFC7296',
    section: '2.3',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'Only the expected request is processed',
    says: 'A request whose Message ID is outside the window (with a window of 1: not the next one expected) is not processed.',
  },
  (sa: SaState, id: MessageId): boolean => id === sa.expectedReceive,
);

/** RFC 7296, 2.1. Whether a request is a retransmission of the one that was answered last. */
export const isRetransmission = rule(
  {
    id: 'RFC7296-2.1-RETRANSMISSION',
    document: 'RFC7296',
    section: '2.1',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'A retransmission is octet-identical and gets the same response',
    says: 'A request with the octets of the last one is a retransmission: it is not processed again, and is answered by the response that was kept. Other octets under a used number are not a retransmission, and are ignored.',
  },
  (sa: SaState, request: Numbered): boolean =>
    sa.answered !== null && sa.answered.id === request.id && sa.answered.content === request.content,
);

/** RFC 7296, 2.2. The Message ID of a response. */
export const responseId = rule(
  {
    id: 'RFC7296-2.2-RESPONSE-ID',
    document: 'RFC7296',
    section: '2.2',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'A response has the Message ID of its request',
    says: 'The response to a request carries the same Message ID as the request.',
  },
  (request: Numbered): MessageId => request.id,
);

/** RFC 7296, 2.1. Whether a response is taken as the answer to the outstanding request. */
export const answersOutstanding = rule(
  {
    id: 'RFC7296-2.1-RESPONSE-MATCH',
    document: 'RFC7296',
    section: '2.1',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'A response is matched by its Message ID',
    says: 'A response is taken as the answer to the outstanding request with its Message ID; a response to no outstanding request is ignored.',
  },
  (sa: SaState, id: MessageId): boolean => sa.outstanding !== null && sa.outstanding.id === id,
);

/** The rules of ordinary IKE, as a revision holds them. */
export const ordinaryIke = {
  messageIdExists,
  nextRequestId,
  windowHasRoom,
  isExpected,
  isRetransmission,
  responseId,
  answersOutstanding,
};

/** Each slot can be filled by another function of the same form. */
export type OrdinaryIke = {
  readonly [Slot in keyof typeof ordinaryIke]: (
    ...args: Parameters<(typeof ordinaryIke)[Slot]>
  ) => ReturnType<(typeof ordinaryIke)[Slot]>;
};

/** A box begins a new request of its own. */
export function sendRequest(ike: OrdinaryIke, by: Endpoint, member: ActiveMember, content: Content): Step {
  const { sa } = member;
  if (!ike.windowHasRoom(sa)) {
    return refused(windowHasRoom, `request ${sa.outstanding?.id} is not answered yet`);
  }
  const id = ike.nextRequestId(sa);
  if (!ike.messageIdExists(id)) return refused(messageIdExists, 'every Message ID has been used');
  const request: Request = { kind: 'request', from: by, id, content };
  return taken(
    { ...member, sa: { ...sa, expectedSend: id + 1, outstanding: { id, content } } },
    [nextRequestId, windowHasRoom],
    { sent: [request], observations: [{ kind: 'request-sent', by, id, content }] },
  );
}

/** A request of the other end arrives. */
export function receiveRequest(ike: OrdinaryIke, by: Endpoint, member: ActiveMember, request: Request): Step {
  const { sa } = member;
  const { id, content } = request;
  const response: Response = { kind: 'response', from: by, id: ike.responseId(request), answers: content };
  // 2.1: a retransmission is answered again, and nothing else happens.
  if (ike.isRetransmission(sa, request)) return taken(member, [isRetransmission], { sent: [response] });
  // 2.3: anything but the next request is ignored.
  if (!ike.isExpected(sa, id)) {
    return refused(isExpected, `Message ID ${id} is not the expected ${sa.expectedReceive}`);
  }
  return taken(
    {
      ...member,
      sa: {
        ...sa,
        expectedReceive: id + 1,
        answered: { id, content },
        highestSeen: Math.max(sa.highestSeen, id),
      },
    },
    [isExpected, responseId],
    { sent: [response], observations: [{ kind: 'request-processed', by, id, content }] },
  );
}

/** A response of the other end arrives. */
export function receiveResponse(
  ike: OrdinaryIke,
  by: Endpoint,
  member: ActiveMember,
  response: Response,
): Step {
  const { sa } = member;
  if (sa.outstanding === null || !ike.answersOutstanding(sa, response.id)) {
    return refused(answersOutstanding, `no request ${response.id} of the ${by} waits for a response`);
  }
  return taken({ ...member, sa: { ...sa, outstanding: null } }, [answersOutstanding], {
    observations: [
      {
        kind: 'response-taken',
        by,
        id: response.id,
        request: sa.outstanding.content,
        answers: response.answers,
      },
    ],
  });
}

/** A message that came from the end itself is none of its business (the network may return it). */
export const isAddressedTo = (end: Endpoint, message: { readonly from: Endpoint }): boolean =>
  message.from === otherEnd(end);
