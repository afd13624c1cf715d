/**
 * Ordinary IKE exchanges: requests, responses, retransmissions (RFC 7296, 2.1 to 2.3), with windows of 1 or more.
 *
 * First the rules, one small function each; then the steps of a box that are made of them.
 */

import { rule } from '../rule.ts';
import type { ActiveMember, Answered, Numbered, SaState } from '../state/member.ts';
import {
  type Ask,
  type Content,
  type Endpoint,
  otherEnd,
  type Request,
  type Response,
} from '../state/messages.ts';
import { refused, type Step, taken } from '../state/step.ts';
import { MAX_MESSAGE_ID, type MessageId, messageIdExists } from './2.2-message-ids.ts';
import { afterRefusal, afterRekeying, canDo, keepRekeying, withIkeSa } from './2.8-rekeying.ts';

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
    says: 'A new request is less than the size of the window above the lowest one that is not answered: with a window of 1, no new request is sent before the last one is answered.',
  },
  (sa: SaState): boolean => {
    const [lowest] = sa.outstanding;
    return lowest === undefined || sa.expectedSend < lowest.id + sa.window;
  },
);

/** RFC 7296, 2.3. Whether a request of the other end is one that is expected. */
export const isExpected = rule(
  {
    id: 'RFC7296-2.3-EXPECTED-ID',
    document: 'RFC7296',
    section: '2.3',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'Only an expected request is processed',
    says: 'A request whose Message ID is outside the window (with a window of 1: not the next one expected) is not processed, nor is one with a Message ID that was answered.',
  },
  (sa: SaState, id: MessageId): boolean =>
    id >= sa.expectedReceive &&
    id < sa.expectedReceive + sa.window &&
    !sa.answered.some((request) => request.id === id),
);

/** RFC 7296, 2.1. Whether a request is a retransmission of one whose response is kept. */
export const isRetransmission = rule(
  {
    id: 'RFC7296-2.1-RETRANSMISSION',
    document: 'RFC7296',
    section: '2.1',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'A retransmission is octet-identical and gets the same response',
    says: 'A request with the octets of one that was answered is a retransmission: it is not processed again, and is answered by the response that was kept, as are those to the last requests, as many as the window holds. Other octets under a used number are not a retransmission, and are ignored.',
  },
  (sa: SaState, request: Numbered): boolean =>
    sa.answered.some(({ id, content }) => id === request.id && content === request.content),
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

/** RFC 7296, 2.1. Whether a response is taken as the answer to an outstanding request. */
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
  (sa: SaState, id: MessageId): boolean => sa.outstanding.some((request) => request.id === id),
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

/** The IKE SA that a message is sent under. */
export const under = ({ ikeSa }: Pick<SaState, 'ikeSa'>): { readonly ikeSa?: string } =>
  ikeSa === undefined ? {} : { ikeSa };

/**
 * A box begins a new request of its own.
 *
 * @param asks what it asks, if it is more than an exchange for its own sake
 */
export function sendRequest(
  ike: OrdinaryIke,
  by: Endpoint,
  member: ActiveMember,
  content: Content,
  asks?: Ask,
): Step {
  const { sa } = member;
  if (!ike.windowHasRoom(sa)) {
    return refused(windowHasRoom, `request ${sa.outstanding[0]?.id} is not answered yet`);
  }
  const next = ike.nextRequestId(sa);
  if (!ike.messageIdExists(next)) return refused(messageIdExists, 'every Message ID has been used');
  // Where nothing is said of the end (an ablation), 32 bits begin again.
  const id = next > MAX_MESSAGE_ID ? next - MAX_MESSAGE_ID - 1 : next;
  const numbered: Numbered = asks === undefined ? { id, content } : { id, content, asks };
  const outstanding = [...sa.outstanding, numbered];
  const lowest = outstanding[0]?.id ?? id;
  return taken(
    { ...member, sa: { ...sa, expectedSend: id + 1, outstanding } },
    [nextRequestId, windowHasRoom],
    {
      sent: [requestOf(by, sa, numbered)],
      observations: [{ kind: 'request-sent', by, ...under(sa), id, content, lowest, window: sa.window }],
    },
  );
}

/** A request as it is on the wire, the first time and whenever it is sent again. */
export const requestOf = (by: Endpoint, sa: SaState, { id, content, asks }: Numbered): Request => ({
  kind: 'request',
  from: by,
  ...under(sa),
  id,
  content,
  ...(asks === undefined ? {} : { asks }),
});

/** A request of the other end arrives. */
export function receiveRequest(ike: OrdinaryIke, by: Endpoint, member: ActiveMember, request: Request): Step {
  const { sa } = member;
  const { id, content } = request;
  const response = (answered: Answered): Response => ({
    kind: 'response',
    from: by,
    ...under(sa),
    id: ike.responseId(request),
    answers: content,
    ...(answered.refused === undefined ? {} : { refused: true }),
  });
  // 2.1: a retransmission is answered again, and nothing else happens.
  if (ike.isRetransmission(sa, request)) {
    const kept = sa.answered.find((each) => each.id === id) ?? request;
    return taken(member, [isRetransmission], { sent: [response(kept)] });
  }
  // 2.3: anything but the next request is ignored.
  if (!ike.isExpected(sa, id)) {
    return refused(isExpected, `Message ID ${id} is not ${expectedWords(sa)}`);
  }
  const done = canDo(sa, request.asks);
  const answer: Answered = done ? { id, content } : { id, content, refused: true };
  const answered = {
    ...sa,
    ...afterAnswering(sa, answer),
    highestSeen: Math.max(sa.highestSeen, id),
  };
  const after = done ? keepRekeying(sa, afterRekeying(answered, request.from, request), request) : answered;
  return taken(withIkeSa(member, after), [isExpected, responseId], {
    sent: [response(answer)],
    observations: [
      {
        kind: 'request-processed',
        by,
        ...under(sa),
        id,
        content,
        expected: sa.expectedReceive,
        window: sa.window,
      },
    ],
  });
}

/** What an end expects and keeps once it has answered a request: nothing beyond the window behind the highest one. */
function afterAnswering(sa: SaState, request: Answered): Pick<SaState, 'expectedReceive' | 'answered'> {
  const answered = [...sa.answered.filter(({ id }) => id !== request.id), request].sort(
    (a, b) => a.id - b.id,
  );
  const isInWindow = request.id >= sa.expectedReceive && request.id < sa.expectedReceive + sa.window;
  // Where the window does not matter (an ablation), it goes on from whatever came.
  let expectedReceive = isInWindow ? sa.expectedReceive : request.id + 1;
  while (answered.some(({ id }) => id === expectedReceive)) expectedReceive++;
  const highest = Math.max(...answered.map(({ id }) => id));
  return { expectedReceive, answered: answered.filter(({ id }) => id > highest - sa.window) };
}

const expectedWords = ({ expectedReceive, window }: SaState): string =>
  window === 1
    ? `the expected ${expectedReceive}`
    : `one of the expected ${expectedReceive} to ${expectedReceive + window - 1}`;

/** A response of the other end arrives. */
export function receiveResponse(
  ike: OrdinaryIke,
  by: Endpoint,
  member: ActiveMember,
  response: Response,
): Step {
  const { sa } = member;
  // Where ids are not compared (an ablation), the lowest is taken to be answered.
  const request = sa.outstanding.find(({ id }) => id === response.id) ?? sa.outstanding[0];
  if (request === undefined || !ike.answersOutstanding(sa, response.id)) {
    return refused(answersOutstanding, `no request ${response.id} of the ${by} waits for a response`);
  }
  const outstanding = sa.outstanding.filter((each) => each !== request);
  const answered = { ...sa, outstanding };
  const after = response.refused
    ? afterRefusal(answered, request.asks)
    : afterRekeying(answered, by, request);
  return taken(withIkeSa(member, after), [answersOutstanding], {
    observations: [
      {
        kind: 'response-taken',
        by,
        id: response.id,
        request: request.content,
        answers: response.answers,
      },
    ],
  });
}

/** A message that came from the end itself is none of its business (the network may return it). */
export const isAddressedTo = (end: Endpoint, message: { readonly from: Endpoint }): boolean =>
  message.from === otherEnd(end);
