/** Which rule a fault points at, and what is said of it. */
import {
  nextRequestId,
  type Refused,
  type RuleId,
  type SaState,
  type SyncRequest,
  windowHasRoom,
} from '../../../model/index.ts';
import type { EndState } from './end-state.ts';
import { refuse } from './refusal.ts';
import type { Broken } from './watching.ts';

export const OVERTAKEN =
  'can have been sent before messages that were seen earlier, and been overtaken on the way; then it is in order';

/** An M1 that an earlier sync request announced, and that no request has used yet. */
export function isAnnouncedOnly(own: EndState, { m1 }: SyncRequest): boolean {
  const used = Math.max(-1, ...own.requests.keys());
  return m1 > used && own.syncs.some((each) => each.kind === 'sync-request' && each.m1 >= m1);
}

/** Why a request after a sync of the end itself is wrong, if that is what is wrong with it; and what it took. */
export function whyAfterSync(
  own: EndState,
  other: EndState,
  id: number,
): { readonly refusal: Refused; readonly p2?: number } | null {
  const asked = own.syncs.findLast((each) => each.kind === 'sync-request');
  if (asked === undefined) return null;
  const answers = other.syncs.filter((each) => each.kind === 'sync-response');
  const answer = answers.findLast(({ nonce }) => nonce === asked.nonce);
  const wrong = answers.find(({ nonce, m2 }) => nonce !== asked.nonce && m2 === id);
  if (wrong !== undefined && !own.requests.has(id)) {
    const because = `M2 ${id} is that of a response with another nonce`;
    return { refusal: refuse('RFC6311-5.1-NONCE-CHECK', because), p2: wrong.p2 };
  }
  if (answer === undefined || [...own.requests.keys()].some((used) => used >= answer.m2)) return null;
  const because = `the response to its sync request says M2 ${answer.m2}`;
  return { refusal: refuse(nextRequestId.text.id, because) };
}

/**
 * What an end could have sent, from the states in which it could have been.
 *
 * @param sendWindow how many requests it may have under way
 * @param used the highest Message ID of the requests that it was seen to send, -1 for none: M1 has to be above it
 */
export function allowedFrom(states: readonly SaState[], sendWindow: number, used: number): string {
  const free = states.filter((sa) => windowHasRoom({ ...sa, window: sendWindow }));
  const sends = either((free.length > 0 ? free : states).map((sa) => sa.expectedSend));
  const waits = either(states.flatMap((sa) => sa.outstanding.map(({ id }) => id)));
  const request =
    free.length > 0
      ? `request ${sends}`
      : `request ${waits} again (the same octets), and request ${sends} once it is answered`;
  const expects = either(states.map((sa) => sa.expectedReceive));
  const m1 = used < 0 ? sends : `${used + 1}`;
  return `${request}; the response to request ${expects}; after a failover a sync request with M1 of at least ${m1}`;
}

/** The rule that a broken property points at, by what broke it. */
export function ruleOf({ property, observation }: Broken): RuleId {
  if (property.id !== 'counters-never-regress') return property.rules[0] ?? 'RFC7296-2.2-NEXT-ID';
  if (observation.kind === 'sync-request-sent') return 'RFC6311-5.1-M1-FRESH';
  if (observation.kind === 'request-processed') return 'RFC7296-2.3-EXPECTED-ID';
  if (observation.kind === 'sync-request-accepted') return 'RFC6311-5.1-M2';
  if (observation.kind === 'sync-response-accepted') return nextRequestId.text.id;
  return 'RFC7296-2.2-NEXT-ID';
}

/** `4`, `4 or 5`. */
const either = (numbers: readonly number[]): string =>
  [...new Set(numbers)].sort((a, b) => a - b).join(' or ');

/** `event 4`, `events 4, 5, 6, ..., 20`. */
export const list = (what: string, numbers: readonly number[]): string => {
  const shown = numbers.length > 4 ? [...numbers.slice(0, 3), '...', numbers.at(-1)] : numbers;
  return `${what}${numbers.length > 1 ? 's' : ''} ${shown.join(', ')}`;
};
