/** Judges sync requests and sync responses of an end (RFC 6311, 5.1). */
import {
  chooseM2,
  chooseP1,
  chooseP2,
  confirmsCounters,
  isStale,
  isWellFormed,
  leavesOpen,
  lowestM1,
  otherEnd,
  type Refused,
  type Request,
  type Revision,
  type RuleId,
  receive,
  type SyncRequest,
  type SyncResponse,
  syncNegotiated,
  syncWellFormed,
} from '../../../model/index.ts';
import { CONTRADICTION, type Contradiction } from '../findings/conviction.ts';
import { malformation, toAnswerSync, toSendSync, toTakeOver } from './attempts.ts';
import type { Desk } from './desk.ts';
import { adopt, answeredAt, type EndState, noteSync, noteSyncRequest, noteVoidSync } from './end-state.ts';
import { excuseOfSyncRequest, excuseOfSyncResponse, hasAnswered, sentLater } from './excuses.ts';
import { distinct, type Hypothesis } from './explanation.ts';
import type { NumberedIke } from './ike-event.ts';
import { type Form, isStatus } from './interpret.ts';
import { useUp } from './judge-ordinary.ts';
import { refuse, ruleBrokenBy } from './refusal.ts';
import { isAnnouncedOnly, OVERTAKEN } from './wording.ts';

export function judgeSyncRequest(
  desk: Desk,
  numbered: NumberedIke,
  own: EndState,
  request: SyncRequest,
  form: Form,
  asOrdinary: Request,
): void {
  const { explainer } = desk;
  const { revision, policies } = desk.reading;
  own.actsAsCluster = true;
  own.showsCluster = true;
  remarkOnOrder(desk, numbered, 'M1', request.m1);
  remarkOnOrder(desk, numbered, 'P1', request.p1);
  const malformed = malformation(revision, request, form);
  if (malformed !== null) {
    findMalformed(desk, numbered, own, malformed, 'sync request');
    noteVoidSync(own, request, ruleBrokenBy(malformed));
    // With a number of its own it is an ordinary request all the same, and uses the number up.
    if (request.id !== 0) useUp(desk, numbered, own, asOrdinary);
    return;
  }
  if (form.ignored !== null) {
    findMalformed(desk, numbered, own, refuse(isWellFormed.text.id, form.ignored), 'sync request');
  }
  const context = explainer.context(own);
  const ask = toSendSync(context, request);
  const retries = policies.retry === 'fresh' || !leavesOpen(revision, 'retry');
  const found = explainer.explain(own, {
    goingOn: retries ? (member, unsent) => (member.sync !== null ? ask(member, unsent) : []) : null,
    takingOver: desk.takeovers.of(
      numbered.number,
      `${own.end} ${policies.failoverCount} ${own.failoverCount}`,
      toTakeOver(context, request, own.failoverCount),
    ),
  });
  const excuse = excuseOfSyncRequest({ desk, own, found, attempt: ask, numbered, request });
  if (excuse === 'overtaken' || excuse === 'before the trace') {
    desk.account.missing.add(
      excuse === 'overtaken'
        ? `an observation at the end that sent the sync request with M1 ${request.m1} (event ${numbered.number}): it is in order if it was sent before the one with M1 ${sentLater(own, request)?.m1}, and overtaken on the way`
        : `what was before the trace: the sync request with M1 ${request.m1} at event ${numbered.number} may be a copy of one from before it`,
    );
    noteSyncRequest(own, request, numbered.number);
    return;
  }
  // Where nothing tells how far the end had come, it may be a copy of one that was answered before the trace began.
  const answeredBefore = desk.sawBeginning || own.requested.length > 0 ? [] : own.hypotheses;
  if (found.kind === 'explained') {
    if (isAnnouncedOnly(own, request)) {
      desk.account.remark(
        numbered,
        `M1 ${request.m1} of the ${own.end} is not above that of an earlier sync request: the members were not told of it (RFC6311-5.1-M1-SHARED, a SHOULD)`,
      );
      adopt(own, found.hypotheses, numbered.number);
    } else
      desk.accept(numbered, own, found, {
        contradictions: contradictionsOfRequest(desk, own, request),
      });
    if (answeredBefore.length > 0) {
      adopt(own, distinct([...own.hypotheses, ...answeredBefore]), numbered.number);
    }
    settleDoubts(desk, numbered, own, request);
    noteSyncRequest(own, request, numbered.number);
    return;
  }
  const rule = ruleBrokenBy(found.refusal);
  const isForbidden = syncNegotiated.rules.includes(rule);
  const property = isForbidden ? syncNegotiated.id : undefined;
  const what = `a sync request with M1 ${request.m1} and P1 ${request.p1} is sent`;
  desk.blame(numbered, own, found.refusal, what, {
    ...{ property, tried: found.tried },
    ...(isForbidden
      ? { conviction: desk.negotiation.isKnown ? CONTRADICTION : undefined }
      : { contradictions: contradictionsOfRequest(desk, own, request) }),
  });
  // What was not negotiated nobody may act on; other faults only the sender can know of.
  if (isForbidden) noteVoidSync(own, request, rule);
  else {
    adopt(
      own,
      explainer.reached(own).map((hypothesis) => asking(hypothesis, request)),
      numbered.number,
    );
    noteSyncRequest(own, request, numbered.number);
  }
}

/** Numbers that look as if their octets stood in the order of a little-endian host. */
function remarkOnOrder({ account }: Desk, numbered: NumberedIke, name: string, number: number): void {
  const octets = Array.from({ length: 4 }, (_, index) => Math.floor(number / 256 ** index) % 256);
  const swapped = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  if (number < 2 ** 24 || swapped >= 2 ** 16) return;
  account.remark(
    numbered,
    `${name} ${number} is ${swapped} with its octets swapped: is it in network order?`,
  );
}

const highest = (set: EndState['requested']): number => set.at(-1)?.[1] ?? -1;

/**
 * What an end said before that a sync request of it contradicts: M1 a number that it has used, P1 lower than one that it
 * told. A sync request that was answered before it was seen is a copy of one that was not captured.
 */
function contradictionsOfRequest(
  desk: Desk,
  own: EndState,
  { nonce, m1, p1 }: SyncRequest,
): readonly Contradiction[] {
  const other = desk.ends[otherEnd(own.end)];
  if (other.syncs.some((each) => each.kind === 'sync-response' && each.nonce === nonce)) return [];
  // If one that was not captured made the numbers jump, this may be a copy of it.
  if (!desk.sawBeginning || !own.requestsInSequence) return [];
  const used = highest(own.requested);
  const told = own.syncs.flatMap((each) => (each.kind === 'sync-request' && each.p1 > p1 ? [each.p1] : []));
  return [
    ...(m1 <= used ? [inOrder(lowestM1.text.id, `M1 is ${m1}, and it had used up to ${used}`)] : []),
    ...(told.length > 0
      ? [inOrder(chooseP1.text.id, `P1 is ${p1}, and P1 ${told.at(-1)} was sent before`)]
      : []),
  ];
}

const inOrder = (rule: RuleId, because: string): Contradiction => ({
  rule,
  because,
  conviction: { kind: 'order' },
});
const byItself = (rule: RuleId, because: string): Contradiction => ({
  rule,
  because,
  conviction: CONTRADICTION,
});

/** The same of a sync response: of the request that it answers, and of what the end sent before. */
function contradictionsOfResponse(
  own: EndState,
  { firstSeen }: EndState,
  asked: readonly SyncRequest[],
  requests: readonly SyncRequest[],
  { nonce, m2, p2 }: SyncResponse,
): readonly Contradiction[] {
  const answered = own.syncs.flatMap((each) => (each.kind === 'sync-response' ? [each] : []));
  if (answered.some((each) => each.nonce === nonce)) {
    return [byItself(isStale.text.id, 'the sync request was answered before, with other octets')];
  }
  const lowest = (numbers: readonly number[]): number => Math.min(...numbers, Number.POSITIVE_INFINITY);
  const [m1, p1] = [lowest(asked.map((each) => each.m1)), lowest(asked.map((each) => each.p1))];
  if (asked.length === 0) return [];
  // Of two messages of one end, that which was seen later was not always sent later. But what answers a request was sent
  // after that passed the tap, and what was seen before that was sent before.
  const since = Math.min(...asked.map((each) => firstSeen.get(`sync ${each.nonce}`) ?? 0));
  const before = (what: string): boolean => (own.seenAt.get(what) ?? since) < since;
  // M1 has to be above every one that the end answered before, and so has what answers it.
  const others = requests.filter((each) => answered.some((response) => response.nonce === each.nonce));
  const isSame = asked.every((each) => others.some((other) => other.m1 === each.m1));
  const isOld = asked.every((each) =>
    others.some((other) => other.m1 >= each.m1 && answeredAt(own, other.nonce) < since),
  );
  const [taken, used] = [highest(own.responded), highest(own.requested)];
  const stale = `M1 ${m1} is not above that of one that was answered`;
  return [
    ...(isSame ? [byItself(isStale.text.id, stale)] : isOld ? [inOrder(isStale.text.id, stale)] : []),
    ...(m2 < m1
      ? [byItself(chooseM2.text.id, `M2 is ${m2}, which has to be at least M1 ${m1}`)]
      : m2 <= taken && before(`response ${taken}`)
        ? [inOrder(chooseM2.text.id, `M2 is ${m2}, and request ${taken} was answered before`)]
        : []),
    ...(p2 < p1
      ? [byItself(chooseP2.text.id, `P2 is ${p2}, which has to be at least P1 ${p1}`)]
      : p2 <= used && before(`request ${used}`)
        ? [inOrder(chooseP2.text.id, `P2 is ${p2}, and it had used up to ${used}`)]
        : []),
  ];
}

/** A state of an end that asks for the counters, whether or not it may ask so. */
const asking = (hypothesis: Hypothesis, { nonce, m1, p1 }: SyncRequest): Hypothesis => ({
  ...hypothesis,
  member: {
    ...hypothesis.member,
    sa: { ...hypothesis.member.sa, m1Sent: m1 },
    sync: { nonce, m1, p1 },
  },
});

/** The answers to a sync request that the specification would have allowed. */
function answersTo(desk: Desk, own: EndState, asked: readonly SyncRequest[]): string {
  const { revision, policies } = desk.reading;
  const answers = own.hypotheses.flatMap(({ member }) =>
    asked.flatMap((request) => {
      const step = receive(revision, policies, own.end, member, request);
      const [sent] = step.enabled && step.answer === 'anew' ? step.sent : [];
      return sent?.kind === 'sync-response' ? [`P2 ${sent.p2} and M2 of at least ${sent.m2}`] : [];
    }),
  );
  return answers.length === 0
    ? 'no new answer to this sync request'
    : `a sync response with ${[...new Set(answers)].join(', or ')} and the nonce of the request; or none`;
}

/** Sync responses that may still turn out to be in order. */
const MOST_DOUBTS = 4;

/**
 * Where both ends are clusters, sync requests may cross: an end that asked counts its own M1 in the P2 that it answers,
 * and a tap at the other end may see the answer first. Then the answer is in order.
 */
function settleDoubts(desk: Desk, numbered: NumberedIke, own: EndState, request: SyncRequest): void {
  const context = desk.explainer.context(own);
  const watched = own.hypotheses[0]?.watched;
  for (const { response, asked, from, finding } of own.doubts) {
    const attempt = toAnswerSync(context, asked, response);
    const made = from.flatMap((hypothesis): readonly Hypothesis[] =>
      attempt(asking(hypothesis, request).member, []).flatMap((step) =>
        step.enabled ? [{ ...hypothesis, member: step.member, watched: watched ?? hypothesis.watched }] : [],
      ),
    );
    if (made.length === 0) continue;
    desk.account.takeBack(finding);
    desk.account.remark(
      numbered,
      `the sync request with M1 ${request.m1} of the ${own.end} was sent before its sync response with P2 ${response.p2}, which counts it, and was overtaken on the way`,
    );
    adopt(own, distinct([...own.hypotheses, ...made]), numbered.number);
  }
  own.doubts = [];
}

/** As a receiver takes it: without notifications that it has to ignore (RFC 7296, 3.10.1), whoever sent them. */
export function asReceived(revision: Revision, { delta, ...response }: SyncResponse): SyncResponse {
  return {
    ...response,
    ...(delta === undefined || !confirmsCounters(revision) ? {} : { delta }),
    otherPayloads: response.otherPayloads.filter((name) => !isStatus(name)),
  };
}

/** @returns the sync request that it answers, if it may have been acted on */
export function judgeSyncResponse(
  desk: Desk,
  numbered: NumberedIke,
  own: EndState,
  seen: SyncResponse,
  form: Form,
): SyncRequest | undefined {
  const { explainer } = desk;
  const { revision } = desk.reading;
  const malformed = malformation(revision, seen, form);
  if (malformed !== null) findMalformed(desk, numbered, own, malformed, 'sync response');
  const response = asReceived(revision, seen);
  if (malformation(revision, response, form) !== null) return undefined;
  const other = desk.ends[otherEnd(own.end)];
  const { syncs, voidSyncs } = other;
  const requests = syncs.filter((message): message is SyncRequest => message.kind === 'sync-request');
  const asked = requests.filter((request) => request.nonce === response.nonce);
  // What it took over from the request was remarked on there.
  const isNew = (number: number): boolean => requests.every(({ m1, p1 }) => m1 !== number && p1 !== number);
  if (isNew(response.m2)) remarkOnOrder(desk, numbered, 'M2', response.m2);
  if (isNew(response.p2)) remarkOnOrder(desk, numbered, 'P2', response.p2);
  const attempt = toAnswerSync(
    explainer.context(own),
    asked.length > 0 ? asked : requests.slice(-1),
    response,
  );
  const found = explainer.explain(own, { goingOn: attempt, takingOver: null, blame: 'now' });
  const contradictions = contradictionsOfResponse(own, other, asked, requests, response);
  const isFirst = !hasAnswered(own, response.nonce);
  // Two answers to one sync request break whichever rule the revision has for that.
  const proof = isFirst || asked.length === 0 ? { contradictions } : { conviction: CONTRADICTION };
  const excuse = excuseOfSyncResponse({
    ...{ desk, own, found, attempt, numbered, response, requests, asked },
  });
  if (excuse === 'overtaken') {
    desk.account.remark(numbered, `the sync response of the ${own.end} ${OVERTAKEN}`);
  } else if (found.kind === 'explained') desk.accept(numbered, own, found, proof);
  else if (excuse === 'before the trace') {
    desk.account.missing.add(
      `the sync request that the response at event ${numbered.number} answers: it may be from before the trace`,
    );
    desk.beginAnywhere(numbered.number);
    desk.show(own.end, response.p2, false);
  } else if (excuse === 'forgotten') {
    desk.account.missing.add(
      `the sync request that the response at event ${numbered.number} answers: it is too far back`,
    );
  } else {
    const acted =
      voidSyncs.find(({ nonce }) => nonce === response.nonce) ??
      (asked.length === 0 ? voidSyncs.at(-1) : undefined);
    const refusal =
      acted !== undefined
        ? refuse(acted.rule, 'the sync request that it answers may not be acted on')
        : requests.length > 0
          ? found.refusal
          : refuse('RFC7296-2.2-RESPONSE-ID', 'no sync request was seen that it could answer');
    const { p2, m2 } = response;
    const what = `a sync response with P2 ${p2} and M2 ${m2} is sent`;
    const finding = desk.blame(numbered, own, refusal, what, {
      tried: found.tried,
      ...(acted === undefined ? proof : { conviction: CONTRADICTION }),
      ...(asked.length === 0 ? { lacks: 'the sync request that it answers' } : {}),
      ...(asked.length === 0 ? {} : { allowed: answersTo(desk, own, asked) }),
    });
    if (finding !== undefined && refusal.rule === chooseP2.text.id && asked.length > 0) {
      own.doubts = [...own.doubts, { response, asked, from: own.hypotheses, finding }].slice(-MOST_DOUBTS);
    }
    // From here on it does what it announced. It may ask for the counters itself.
    explainer.suppose(numbered.number, own, {
      endsSync: false,
      sa: () => ({ expectedSend: p2, outstanding: [], expectedReceive: m2, highestSeen: m2 }),
    });
    // And who asked goes on by it, even if it may not have been asked so.
    if (acted !== undefined) {
      explainer.suppose(numbered.number, other, {
        endsSync: true,
        sa: () => ({ expectedSend: m2, outstanding: [], expectedReceive: p2 }),
      });
    }
  }
  noteSync(own, response, numbered.number);
  return asked[0];
}

export function findMalformed(
  desk: Desk,
  numbered: NumberedIke,
  own: EndState,
  malformed: Refused,
  what: string,
): void {
  desk.account.find(numbered, own.end, {
    rule: ruleBrokenBy(malformed),
    property: syncWellFormed.id,
    message: `${what} of the ${own.end}: ${malformed.because}`,
    allowed: `Message ID 0, and IKEV2_MESSAGE_ID_SYNC with ${
      desk.reading.revision.counterSync?.nextCount === undefined ? 12 : 16
    } octets of data as the only payload`,
  });
}
