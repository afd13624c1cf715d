/** Judges ordinary requests and responses of an end, replay counter sync on its own among them. */
import {
  isStandaloneInOrder,
  type Message,
  nextRequestId,
  otherEnd,
  type Request,
} from '../../../model/index.ts';
import { has } from '../../../model/state/number-set.ts';
import { CONTRADICTION, type Conviction, isFar } from '../findings/conviction.ts';
import { isRequestWithinReach, toAnswer, toSendRequest } from './attempts.ts';
import type { Desk } from './desk.ts';
import { adopt, type EndState, inboxFrom, noteRequest, noteResponses } from './end-state.ts';
import { beforeResponse, excuseOfRequest, excuseOfResponse } from './excuses.ts';
import { isClean } from './explainer.ts';
import type { Explained, Unexplained } from './explanation.ts';
import type { NumberedIke } from './ike-event.ts';
import { LARGE_WINDOW } from './negotiation.ts';
import { refuse, ruleBrokenBy } from './refusal.ts';
import { OVERTAKEN, whyAfterSync } from './wording.ts';

const BY_NUMBERS: Conviction = { kind: 'numbers' };

const WINDOW = 'RFC7296-2.3-WINDOW';

export function judgeRequest(desk: Desk, numbered: NumberedIke, own: EndState, request: Request): void {
  const { explainer, account } = desk;
  const { id } = request;
  const before = account.count;
  const context = explainer.context(own);
  const attempt = toSendRequest(context, request);
  const isWithinReach = isRequestWithinReach(context, request);
  const found = withWindowsAssumed(
    desk,
    numbered,
    own,
    request,
    explainer.explain(own, { ...desk.attempts(own, attempt), isWithinReach }),
  );
  const isFirst = !has(own.requested, id);
  // Two requests of one end with one number contradict each other, whatever was not captured.
  const proof = isFirst
    ? { conviction: BY_NUMBERS }
    : { conviction: CONTRADICTION, first: own.seenAt.get(`request ${id}`) };
  const excuse = excuseOfRequest({ desk, own, found, attempt, isWithinReach, request });
  if (excuse === 'overtaken') account.remark(numbered, `request ${id} of the ${own.end} ${OVERTAKEN}`);
  else if (excuse === 'before the trace' || excuse === 'forgotten') {
    account.missing.add(tooOld(numbered, `request ${id}`));
  } else if (excuse === 'left open') {
    account.remark(
      numbered,
      `the ${own.end} sends request ${id} before its sync request is answered: no text forbids it (ike-while-syncing: process-and-send)`,
    );
    const early = beforeResponse(desk, own, request);
    if (early !== undefined) desk.accept(numbered, own, early);
  } else if (found.kind === 'explained') desk.accept(numbered, own, found, proof);
  else {
    const sync = whyAfterSync(own, desk.ends[otherEnd(own.end)], id);
    // A number that was used for another request is not the next one, whatever else is known.
    const refusal = isFirst
      ? found.refusal
      : refuse(nextRequestId.text.id, `request ${id} was sent before, with other octets`);
    desk.blame(numbered, own, sync?.refusal ?? refusal, `request ${id} is sent`, {
      ...{ tried: found.tried, ...proof },
      ...lacksBefore(desk, own, id),
    });
    explainer.suppose(numbered.number, own, {
      endsSync: true,
      sa: ({ outstanding }) => ({
        expectedSend: id + 1,
        outstanding: [
          ...outstanding.filter((each) => each.id < id && each.id > id - desk.windowFor(own.end)),
          { id, content: request.content },
        ],
        ...(sync?.p2 === undefined ? {} : { expectedReceive: sync.p2 }),
      }),
    });
  }
  noteRequest(own, request, numbered.number);
  const mayBeOld = excuse === 'before the trace' || excuse === 'forgotten';
  desk.unanswered.sent(numbered, request, mayBeOld || account.count > before);
}

/** What would have to be missing for a request to be in order. */
function lacksBefore(desk: Desk, own: EndState, id: number): { readonly lacks?: string } {
  const other = otherEnd(own.end);
  const [, highest] = own.requested.at(-1) ?? [0, -1];
  if (highest + 1 < id) {
    const from = highest + 1 === id - 1 ? `request ${id - 1}` : `requests ${highest + 1} to ${id - 1}`;
    return { lacks: `${from} of the ${own.end}` };
  }
  const waited = [...own.requests.keys()].findLast(
    (each) => each < id && !has(desk.ends[other].responded, each),
  );
  return waited === undefined ? {} : { lacks: `response ${waited} of the ${other}` };
}

const tooOld = ({ number }: NumberedIke, what: string): string =>
  `what was before event ${number}, so far back: its ${what} may be a copy of an old one, or late`;

/**
 * Where the sizes of the windows are not known, nobody is blamed for having several requests under way; nor, by what
 * a tap saw, for a gap that requests may fill which were lost before it.
 */
function withWindowsAssumed(
  desk: Desk,
  { event }: NumberedIke,
  own: EndState,
  request: Request,
  found: Explained | Unexplained,
): Explained | Unexplained {
  const { explainer, negotiation } = desk;
  if (isClean(found) || negotiation.windowsKnown) return found;
  if (!found.tried.some(({ refusal }) => OF_WINDOWS.has(ruleBrokenBy(refusal)))) return found;
  const mostLost = event.event === 'seen' ? LARGE_WINDOW - 1 : 0;
  const context = { ...explainer.context(own), sendWindow: LARGE_WINDOW, mostLost };
  const attempt = toSendRequest(context, request);
  if (!isClean(explainer.explain(own, { goingOn: attempt, takingOver: null }))) return found;
  negotiation.assumeLargeWindows();
  desk.tellWindows();
  desk.account.missing.add(
    'the sizes of the IKE windows (SET_WINDOW_SIZE): several requests are under way at once, or were',
  );
  return explainer.explain(own, {
    goingOn: toSendRequest({ ...explainer.context(own), mostLost }, request),
    takingOver: null,
  });
}

/** What seems broken where a window is taken to be smaller than it is. */
const OF_WINDOWS: ReadonlySet<string> = new Set([WINDOW, 'RFC7296-2.2-NEXT-ID']);

export function judgeResponse(
  desk: Desk,
  numbered: NumberedIke,
  own: EndState,
  id: number,
): readonly Request[] {
  const { explainer, account } = desk;
  const other = desk.ends[otherEnd(own.end)];
  const asked = other.requests.get(id) ?? [];
  const attempt = toAnswer(explainer.context(own), inboxFrom(other), id);
  const found = explainer.explain(own, { ...desk.attempts(own, attempt), answers: true });
  const voided = isClean(found) ? undefined : other.voidSyncs.findLast((sync) => sync.id === id);
  if (voided?.rule === isStandaloneInOrder.text.id) {
    account.find(numbered, own.end, {
      rule: voided.rule,
      message: `the ${own.end} answers an IPSEC_REPLAY_COUNTER_SYNC on its own with Message ID ${id}, which is none that it can expect`,
      allowed: 'no answer',
      tried: found.tried,
    });
    return [];
  }
  if (voided !== undefined) {
    account.remark(
      numbered,
      `the ${own.end} answers a sync request that may not be acted on, without a sync message of its own`,
    );
    return [];
  }
  const excuse = excuseOfResponse({ desk, own, found, attempt, id, asked });
  if (excuse === 'before the trace' && !desk.isBefore(other.end, id)) {
    account.missing.add(
      `what was before the trace: response ${id} at event ${numbered.number} may answer a request from before it`,
    );
    if (other.hypotheses.every(({ member: { sa } }) => id >= sa.expectedSend)) {
      // Then the requests that were seen so far were old ones.
      desk.show(other.end, id, true);
      return judgeResponse(desk, numbered, own, id);
    }
  } else if (excuse === 'before the trace' || excuse === 'forgotten') {
    account.missing.add(tooOld(numbered, `response ${id}`));
  } else if (excuse === 'overtaken') {
    account.remark(numbered, `response ${id} of the ${own.end} ${OVERTAKEN}`);
  } else if (!isClean(found) && asked.length === 0) {
    if (other.requested.length === 0 && other.responded.length === 0 && other.syncs.length === 0) {
      account.oneDirection(other.end);
    }
    if (!isFar(id, other.requested.at(-1)?.[1] ?? -1)) other.requestsInSequence = false;
    const refusal = refuse('RFC7296-2.2-RESPONSE-ID', `no request ${id} was seen`);
    desk.blame(numbered, own, refusal, `response ${id} is sent`, {
      tried: found.tried,
      // After a sync the numbers go on from wherever M1 is.
      ...(desk.maySync(own) ? {} : { conviction: { kind: 'far', id } as const }),
      lacks: `request ${id} of the ${other.end}`,
    });
    return [];
  } else {
    const isFirst = !has(own.responded, id);
    const proof = isFirst
      ? { conviction: BY_NUMBERS }
      : { conviction: againBy(desk, own), first: own.seenAt.get(`response ${id}`) };
    // The one request with this number that was seen is answered a second time.
    const refusal =
      isFirst || asked.length !== 1
        ? null
        : refuse('RFC7296-2.1-RETRANSMISSION', `request ${id} was answered before, with other octets`);
    if (found.kind === 'explained') desk.accept(numbered, own, found, proof);
    else {
      const because = refusal ?? found.refusal;
      desk.blame(numbered, own, because, `response ${id} is sent`, { tried: found.tried, ...proof });
    }
  }
  noteAnswer(desk, numbered, own, id, asked);
  return asked;
}

/**
 * Two responses of one end with one number contradict each other, as two requests do; unless the end may have asked for
 * the counters in between, and the other one said a P2 that it had used: then that one is at fault.
 */
const againBy = (desk: Desk, own: EndState): Conviction =>
  desk.maySync(own) && !desk.isSingle(own) ? BY_NUMBERS : CONTRADICTION;

/** What was asked is answered, and the other end may receive the answer. */
function noteAnswer(
  desk: Desk,
  numbered: NumberedIke,
  own: EndState,
  id: number,
  asked: readonly Request[],
): void {
  desk.unanswered.answered(asked);
  const responses = asked.map(
    ({ content }): Message => ({ kind: 'response', from: own.end, id, answers: content }),
  );
  noteResponses(own, id, responses, numbered.number);
}

/** A request that is a finding for its form still uses its Message ID up. */
export function useUp(desk: Desk, numbered: NumberedIke, own: EndState, request: Request): void {
  const found = desk.explainer.explain(
    own,
    desk.attempts(own, toSendRequest(desk.explainer.context(own), request)),
  );
  if (found.kind === 'explained') adopt(own, found.hypotheses, numbered.number);
  noteRequest(own, request, numbered.number);
}
