/**
 * The steps of ordinary IKE exchanges (RFC 7296, 2): requests, responses and retransmissions, with windows of 1 or
 * more. The rules that they are made of stand in the files of 1.4.1, 2.1, 2.2, 2.3 and 2.8.
 */
import type { Revision } from '../revisions/revision.ts';
import { type ActiveMember, type Answered, type Numbered, type SaState, under } from '../state/member.ts';
import type { Ask, Endpoint, Request, Response } from '../state/messages.ts';
import { type Content, MAX_MESSAGE_ID } from '../state/numbers.ts';
import { refused, type Step, taken } from '../state/step.ts';
import { closesDeleted } from './1.4.1-deleting-an-sa.ts';
import { answersOutstanding, isRetransmission } from './2.1-retransmission.ts';
import { messageIdExists, nextRequestId, responseId } from './2.2-message-ids.ts';
import { isExpected, windowHasRoom } from './2.3-window.ts';
import {
  afterRefusal,
  afterRekeying,
  canDo,
  isClosing,
  KEPT,
  keepRekeying,
  type RekeyingPolicies,
  withIkeSa,
} from './2.8-rekeying.ts';

/**
 * A box begins a new request of its own.
 *
 * @param asks what it asks, if it is more than an exchange for its own sake
 */
export function sendRequest(
  { ike }: Revision,
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
export function receiveRequest(
  revision: Revision,
  by: Endpoint,
  member: ActiveMember,
  request: Request,
  policies: RekeyingPolicies = KEPT,
): Step {
  const { ike } = revision;
  const { sa } = member;
  const { id, content } = request;
  const response = (answered: Answered): Response => ({
    kind: 'response',
    from: by,
    ...under(sa),
    id: ike.responseId(request),
    answers: content,
    ...(answered.refused === undefined ? {} : { refused: true }),
    ...(answered.later === undefined ? {} : { later: true }),
  });
  // 2.1: a retransmission is answered again, and nothing else happens.
  if (ike.isRetransmission(sa, request)) {
    const kept = sa.answered.find((each) => each.id === id) ?? request;
    return taken(member, [isRetransmission], { answer: 'again', sent: [response(kept)] });
  }
  // 2.3: anything but the next request is ignored.
  if (!ike.isExpected(sa, id)) {
    return refused(isExpected, `Message ID ${id} is not ${expectedWords(sa)}`);
  }
  const later = isClosing(sa, request.asks);
  const done = canDo(sa, request.asks) && !later;
  const answer: Answered = {
    ...{ id, content },
    ...(done ? {} : later ? { later: true } : { refused: true }),
  };
  const answered = {
    ...sa,
    ...afterAnswering(sa, answer),
    highestSeen: Math.max(sa.highestSeen, id),
  };
  const after = done
    ? keepRekeying(sa, afterRekeying(revision, answered, request.from, request, policies, by), request)
    : answered;
  const closes = request.asks?.kind === 'delete-child' ? [closesDeleted] : [];
  return taken(withIkeSa(member, after), [isExpected, responseId, ...closes], {
    answer: 'anew',
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
        ...(member.sync === null ? {} : { declared: member.sync.p1 }),
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
  revision: Revision,
  by: Endpoint,
  member: ActiveMember,
  response: Response,
  policies: RekeyingPolicies = KEPT,
): Step {
  const { ike } = revision;
  const { sa } = member;
  // Where ids are not compared (an ablation), the lowest is taken to be answered.
  const request = sa.outstanding.find(({ id }) => id === response.id) ?? sa.outstanding[0];
  if (request === undefined || !ike.answersOutstanding(sa, response.id)) {
    return refused(answersOutstanding, `no request ${response.id} of the ${by} waits for a response`);
  }
  // By number and content: where a number is used twice (an ablation), one of the two is still due.
  const outstanding = sa.outstanding.filter(
    ({ id, content }) => id !== request.id || content !== request.content,
  );
  const answered = { ...sa, outstanding };
  const after = response.refused
    ? afterRefusal(answered, request.asks)
    : response.later
      ? answered
      : afterRekeying(revision, answered, by, request, policies);
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
