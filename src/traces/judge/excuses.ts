/**
 * Why a message that is no step from any state in which its sender can be is nobody's fault all the same. The excuses have
 * names and are tried in one order; whether one applies is a predicate for each kind of message, which changes nothing.
 *
 * That a message was not captured is an excuse as well, and no such predicate: whether it applies turns out only when the
 * trace has ended, so a finding that it would excuse stands under that condition (`findings/conviction.ts`).
 */
import { otherEnd, type Request, type SyncRequest, type SyncResponse } from '../../../model/index.ts';
import { has } from '../../../model/state/number-set.ts';
import { toSendRequest } from './attempts.ts';
import type { Desk } from './desk.ts';
import { type EndState, statesSince } from './end-state.ts';
import { isClean } from './explainer.ts';
import { type Attempt, type Attempts, dropsStale, type Explained, type Unexplained } from './explanation.ts';
import type { NumberedIke } from './ike-event.ts';
import { LARGE_WINDOW } from './negotiation.ts';
import { isAnnouncedOnly, whyAfterSync } from './wording.ts';

/** In the order in which they are tried. */
export const EXCUSES = [
  /** It was sent before messages that were seen earlier. */
  'overtaken',
  /** It is from before the trace begins, or answers what is. */
  'before the trace',
  /** What it refers to is too far back to be remembered. */
  'forgotten',
  /** No text forbids it, though the reading that is judged by does not do so. */
  'left open',
] as const;

export type Excuse = (typeof EXCUSES)[number];

/** When each excuse applies to a message of some kind; null if it never does. */
type ExcusesOf<Seen> = Readonly<Record<Excuse, ((seen: Seen) => boolean) | null>>;

/** A message for which no clean explanation was found. */
interface Unclean {
  readonly desk: Desk;
  /** Its sender. */
  readonly own: EndState;
  readonly found: Explained | Unexplained;
  /** The step by which it would have been sent. */
  readonly attempt: Attempt;
}

/** The first excuse that applies; none for a message that needs none. */
const firstOf =
  <Seen extends Unclean>(excuses: ExcusesOf<Seen>) =>
  (seen: Seen): Excuse | undefined =>
    isClean(seen.found) ? undefined : EXCUSES.find((name) => excuses[name]?.(seen) === true);

interface SeenRequest extends Unclean, Pick<Attempts, 'isWithinReach'> {
  readonly request: Request;
}

export const excuseOfRequest = firstOf<SeenRequest>({
  overtaken: ({ desk, own, request, attempt, isWithinReach }) =>
    !has(own.requested, request.id) && desk.explainer.wasPossible(own, own.past, attempt, isWithinReach),
  'before the trace': ({ desk, own, request: { id } }) =>
    !has(own.requested, id) && desk.isBefore(own.end, id),
  forgotten: ({ desk, own, request: { id } }) => {
    if (desk.forgotCopies && id <= own.forgotten.request) return true;
    const [, highest] = own.requested.at(-1) ?? [0, -1];
    return !has(own.requested, id) && own.forgotStates && id < highest;
  },
  'left open': ({ desk, own, request, found }) =>
    found.kind !== 'explained' &&
    whyAfterSync(own, desk.ends[otherEnd(own.end)], request.id) === null &&
    beforeResponse(desk, own, request) !== undefined,
});

/** How a member sends a request of its own, from M1 on, while its sync request is unanswered. */
export function beforeResponse({ explainer }: Desk, own: EndState, request: Request): Explained | undefined {
  if (!own.hypotheses.some(({ member }) => member.sync !== null)) return undefined;
  const context = explainer.context(own);
  const policies = { ...context.policies, ikeWhileSyncing: 'process-and-send' as const };
  const attempt = toSendRequest({ ...context, policies }, request);
  const found = explainer.explain(own, { goingOn: attempt, takingOver: null });
  return isClean(found) ? found : undefined;
}

interface SeenResponse extends Unclean {
  readonly id: number;
  /** The requests with its Message ID. */
  readonly asked: readonly Request[];
}

/** Whether the request that a response answers is one of which no octets need be known. */
const isUnknown = ({ desk, own, id, asked }: SeenResponse): boolean =>
  asked.length === 0 || (desk.isBefore(otherEnd(own.end), id) && !has(own.responded, id));

export const excuseOfResponse = firstOf<SeenResponse>({
  overtaken: (seen) => {
    const { desk, own, id, attempt } = seen;
    if (isUnknown(seen) || has(own.responded, id)) return false;
    const asked = desk.ends[otherEnd(own.end)].firstSeen.get(`request ${id}`) ?? 0;
    return desk.explainer.wasPossible(own, statesSince(own, asked), attempt);
  },
  'before the trace': (seen) => {
    const { desk, own, id } = seen;
    if (!isUnknown(seen)) return false;
    return desk.isBefore(otherEnd(own.end), id) || (!isForgotten(seen) && mayBeFromBefore(seen));
  },
  forgotten: (seen) => isForgotten(seen),
  'left open': null,
});

function isForgotten(seen: SeenResponse): boolean {
  const { desk, own, id } = seen;
  if (!desk.forgotCopies) return false;
  return id <= (isUnknown(seen) ? desk.ends[otherEnd(own.end)].forgotten.request : own.forgotten.response);
}

/**
 * Whether an end may have sent a request before the trace began, though it was seen to send a lower one: that may have
 * been sent again since, by whomever. A number that is far off is not excused.
 */
const mayBeFromBefore = ({ desk, own, id }: SeenResponse): boolean =>
  !desk.sawBeginning &&
  desk.ends[otherEnd(own.end)].hypotheses.some(({ member: { sa } }) => id < sa.expectedSend + LARGE_WINDOW);

interface SeenSyncRequest extends Unclean {
  readonly numbered: NumberedIke;
  readonly request: SyncRequest;
}

export const excuseOfSyncRequest = firstOf<SeenSyncRequest>({
  overtaken: ({ desk, own, numbered, request }) =>
    !isAnnouncedOnly(own, request) &&
    !dropsStale(desk.reading.revision) &&
    numbered.event.event === 'seen' &&
    sentLater(own, request) !== undefined,
  'before the trace': ({ desk, own, request }) =>
    !isAnnouncedOnly(own, request) && desk.isBefore(own.end, request.m1),
  forgotten: null,
  // An M1 that was announced only is left open as well, also where a step explains it (`isAnnouncedOnly`).
  'left open': ({ own, request, found }) => found.kind === 'explained' && isAnnouncedOnly(own, request),
});

/**
 * A sync request that was seen earlier and may have been sent later: one with a higher M1, before which no request was
 * seen that uses the M1 of this one. Where M1 has to grow, who sends such a one late has most likely made a mistake, and
 * nobody acts on it; so it is looked for only where it need not.
 */
export const sentLater = (own: EndState, { m1 }: SyncRequest): SyncRequest | undefined =>
  own.syncs.find((each): each is SyncRequest => {
    if (each.kind !== 'sync-request' || each.m1 <= m1 || own.forgotten.request >= m1) return false;
    const seen = own.firstSeen.get(`sync ${each.nonce}`) ?? 0;
    return [...own.requests.keys()].every(
      (id) => id < m1 || (own.firstSeen.get(`request ${id}`) ?? 0) > seen,
    );
  });

interface SeenSyncResponse extends Unclean {
  readonly numbered: NumberedIke;
  readonly response: SyncResponse;
  /** The sync requests of the other end, and those with the nonce of the response. */
  readonly requests: readonly SyncRequest[];
  readonly asked: readonly SyncRequest[];
}

export const excuseOfSyncResponse = firstOf<SeenSyncResponse>({
  overtaken: ({ desk, own, numbered, response: { nonce }, attempt }) => {
    if (hasAnswered(own, nonce)) return false;
    const asked = desk.ends[otherEnd(own.end)].firstSeen.get(`sync ${nonce}`) ?? numbered.number;
    return desk.explainer.wasPossible(own, statesSince(own, asked), attempt);
  },
  'before the trace': ({ desk, own, found, requests, asked, response }) =>
    found.kind !== 'explained' &&
    desk.beganInMidSession &&
    asked.length === 0 &&
    desk.ends[otherEnd(own.end)].voidSyncs.length === 0 &&
    requests.every((request) => mayBeOfAnother(desk, own, request, response)),
  forgotten: ({ desk, own, found, asked }) =>
    found.kind !== 'explained' && asked.length === 0 && desk.ends[otherEnd(own.end)].forgotSyncs,
  'left open': null,
});

/** Whether an end was seen to answer the sync request with a nonce. */
export const hasAnswered = (own: EndState, nonce: SyncRequest['nonce']): boolean =>
  own.syncs.some((each) => each.kind === 'sync-response' && each.nonce === nonce);

/**
 * Whether a response with an unknown nonce may answer a sync request from before the trace, and not this one: then M2
 * is below M1; or, where the beginning of the SA was not seen, it is another one than M1, or this one was answered.
 */
const mayBeOfAnother = (
  { sawBeginning }: Desk,
  own: EndState,
  { nonce, m1 }: SyncRequest,
  { m2 }: SyncResponse,
): boolean => m1 > m2 || (!sawBeginning && (m1 !== m2 || hasAnswered(own, nonce)));
