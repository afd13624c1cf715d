/** Attempts to make a message that was seen by a step of the specification: one function for each kind of message. */
import {
  type ActiveMember,
  afterStateSync,
  afterTakeover,
  type Content,
  type CounterSync,
  confirmsCounters,
  countFailover,
  type Endpoint,
  furtherPayloads,
  hasMessageIdZero,
  isAlone,
  isReplaySyncNegotiated,
  isWellFormed,
  type Message,
  nextCount,
  noStep,
  type Observation,
  type Refused,
  type Request,
  type Revision,
  receive,
  type SaState,
  type Step,
  type SyncRequest,
  type SyncResponse,
  sendSyncRequest,
  taken,
} from '../../../model/index.ts';
import {
  type Attempt,
  begin,
  type Context,
  type Inbox,
  type Made,
  receiveByAnyReading,
  unseenRequest,
} from './explanation.ts';
import type { Form } from './interpret.ts';
import { refuse } from './refusal.ts';

const NOT_IN_REVISION = noStep('this revision has no counter sync');

/**
 * An attempt to begin a request with this Message ID. With a window larger than 1, requests before it may have been
 * lost before anybody saw them; they show when they are sent again.
 */
export const toSendRequest =
  (context: Context, { id, content, asks }: Request): Attempt =>
  (member) => {
    const sent = member.sa.outstanding.find((each) => each.id === id);
    if (sent !== undefined && sent.content === unseenRequest(id)) {
      return [taken(withContent(member, id, content), [])];
    }
    if (sent !== undefined) {
      return [refuse('RFC7296-2.1-RETRANSMISSION', `request ${id} was sent before, with other octets`)];
    }
    const between = Math.min(Math.max(0, id - member.sa.expectedSend), context.mostLost);
    let step = begin(context, member, content, asks);
    const observations: Observation[] = [];
    for (let unseen = 0, from = member; unseen < between && step.enabled; unseen++) {
      const lost = begin(context, from, unseenRequest(from.sa.expectedSend));
      if (!lost.enabled) return [lost];
      observations.push(...lost.observations);
      from = lost.member;
      step = begin(context, from, content, asks);
    }
    if (!step.enabled) return [step];
    const request = step.sent[0];
    if (request?.kind === 'request' && request.id === id) {
      return [{ ...step, observations: [...observations, ...step.observations] }];
    }
    return [refuse('RFC7296-2.2-NEXT-ID', `the next Message ID of its sender is ${member.sa.expectedSend}`)];
  };

/** Whether a state has the number of a request to send, with those before it that may have been lost, or has it under way. */
export const isRequestWithinReach =
  ({ mostLost }: Context, { id }: Request) =>
  ({ expectedSend, outstanding }: SaState): boolean =>
    (expectedSend <= id && id <= expectedSend + mostLost) || outstanding.some((each) => each.id === id);

const withContent = (member: ActiveMember, id: number, content: Content): ActiveMember => ({
  ...member,
  sa: {
    ...member.sa,
    outstanding: member.sa.outstanding.map((each) => (each.id === id ? { ...each, content } : each)),
  },
});

/** An attempt to answer a request of the other end that has this Message ID, for the first time. */
export const toAnswer =
  (context: Context, inbox: Inbox, id: number): Attempt =>
  (member, unsent) => {
    // Its own log told already that it took the request: now the answer is seen.
    const told = unsent.findIndex((each) => each.kind === 'response' && each.id === id);
    if (told >= 0) return [{ ...taken(member, []), unsent: unsent.toSpliced(told, 1) }];
    return (inbox.requests.get(id) ?? []).map((request) => {
      const step = receive(context.revision, context.policies, context.end, member, request);
      return step.enabled && step.answer === 'again'
        ? refuse('RFC7296-2.1-RETRANSMISSION', `request ${id} was answered before, with other octets`)
        : step;
    });
  };

/** An attempt to ask for the counters with just this M1, P1, nonce and delta. */
export const toSendSync =
  (context: Context, seen: SyncRequest): Attempt =>
  ({ sa }) => {
    const rules = context.revision.counterSync;
    if (rules === null) return [NOT_IN_REVISION];
    // With the count of the failover, or counted anew: the slides do not say (fresh-count).
    return rules.nextCount === undefined || countFailover(rules, sa).failoverCount !== seen.failoverCount
      ? [syncStep(context, rules, sa, seen)]
      : [syncStep(context, rules, countFailover(rules, sa), seen)];
  };

/** The same as the first act of a newly active member: where failovers are counted, this is one more. */
export const toTakeOver =
  (context: Context, seen: SyncRequest, highestCount: number | undefined): Attempt =>
  ({ sa }) => {
    const rules = context.revision.counterSync;
    if (rules === null) return [NOT_IN_REVISION];
    if (rules.nextCount === undefined) return [syncStep(context, rules, sa, seen)];
    return countsKnown(context, rules, sa, seen, highestCount).map((before) => {
      const each = countFailover(rules, before);
      const step = syncStep(context, rules, each, seen);
      if (!step.enabled) return step;
      const [count, known] = [each.failoverCount, before.failoverCount];
      const counted: Observation = { kind: 'failover-counted', by: context.end, count, known };
      return { ...step, observations: [...step.observations, counted] };
    });
  };

/**
 * The snapshot with each Failover Count that its holder may know, by the reading of how members agree on it. Failovers
 * whose sync requests nobody saw may have come between, so there may have been more than the highest that was seen.
 */
function countsKnown(
  { policies }: Context,
  rules: CounterSync,
  sa: SaState,
  { failoverCount = 1 }: SyncRequest,
  highest: number | undefined,
): readonly SaState[] {
  const fitting = failoverCount - 1;
  // Where the beginning was not seen, neither was the count of the failovers before; the first has 1 or 0 (first-count).
  if (highest === undefined || highest < 0 || fitting > highest) return [{ ...sa, failoverCount: fitting }];
  const counts = new Map<number, SaState>();
  // A member may have counted as many takeovers of its own as there were; only the fitting ones matter.
  for (const own of new Set([fitting, 0, highest])) {
    const synced = afterStateSync(rules, policies.failoverCount, own, sa);
    const known = afterTakeover(rules, policies.failoverCount, synced, highest);
    counts.set(known.failoverCount, known);
  }
  return [...counts.values()];
}

function syncStep(context: Context, rules: CounterSync, sa: SaState, seen: SyncRequest): Step {
  const p1Ahead = seen.p1 - rules.chooseP1(sa);
  if (p1Ahead < 0) {
    const because =
      (sa.p1Sent ?? 0) > sa.expectedReceive
        ? `P1 ${sa.p1Sent} was sent before`
        : `${sa.expectedReceive - 1} is known to have come from the other end`;
    return refuse('RFC6311-5.1-P1', because);
  }
  const bump = bumpFor(rules, rules.lowestM1(sa), seen.m1);
  // What was not negotiated is a fault of its own; the Message IDs are synced all the same.
  const delta = seen.delta !== undefined && negotiatesDelta(context, sa) ? { delta: seen.delta } : {};
  const step = sendSyncRequest(context.revision, context.end, sa, {
    nonce: seen.nonce,
    bump,
    p1Ahead,
    ...delta,
  });
  if (!step.enabled) return step;
  const sent = step.sent[0];
  if (sent?.kind !== 'sync-request') return NOT_IN_REVISION;
  if (sent.m1 !== seen.m1) {
    return refuse(
      'RFC6311-5.1-M1-BUMP',
      `M1 is ${seen.m1}, where ${sent.m1} is the lowest that may be chosen`,
    );
  }
  if (sent.failoverCount !== seen.failoverCount) {
    return refuse(
      nextCount.text.id,
      `its Failover Count is ${seen.failoverCount}, where that of this failover is ${sent.failoverCount}`,
    );
  }
  return step;
}

/** How far M1 was advanced. A revision may choose it in another way than by adding. */
function bumpFor(rules: CounterSync, lowest: number, m1: number): number {
  const bump = m1 - lowest;
  if (bump < 0) return bump;
  return Math.max(0, bump - (rules.chooseM1(lowest, bump) - m1));
}

/** Whether both ends announced IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED. */
const negotiatesDelta = ({ revision }: Context, sa: SaState): boolean =>
  revision.replaySync?.isReplaySyncNegotiated(sa) === true;

/** The condition that fails if IPSEC_REPLAY_COUNTER_SYNC may not be sent; null if it may. */
export function deltaRefusal({ revision }: Pick<Context, 'revision'>, sa: SaState): Refused | null {
  const rules = revision.replaySync;
  if (rules === null) {
    return refuse(isReplaySyncNegotiated.text.id, 'this revision has no replay counter sync');
  }
  return rules.isReplaySyncNegotiated(sa)
    ? null
    : refuse(isReplaySyncNegotiated.text.id, 'it was not announced by both ends in IKE_AUTH');
}

/** Attempts to answer one of the sync requests with just this response. */
export const toAnswerSync =
  (context: Context, requests: readonly SyncRequest[], seen: SyncResponse): Attempt =>
  (member, unsent) => {
    // A request that was acted on twice, where the text allows it, has two answers.
    const told = unsent.flatMap((each, index): readonly (Made | Refused)[] => {
      if (each.kind !== 'sync-response' || each.nonce !== seen.nonce) return [];
      const made = { ...taken(withM2(member, seen), []), unsent: unsent.toSpliced(index, 1) };
      return [misfit(context.end, member, each, seen) ?? made];
    });
    if (told.length > 0) return [told.find(({ enabled }) => enabled) ?? told[0]!];
    const ways = requests.flatMap((request) =>
      receiveByAnyReading(context, member, request).map((step) => ({ request, step })),
    );
    return ways.map(({ request, step }): Made | Refused => {
      if (!step.enabled) return step;
      // From a cache come the same octets; these are others.
      if (step.answer === 'again') {
        return refuse('RFC6311-5.1-DROP-STALE', 'the sync request was answered before, with other octets');
      }
      const sent = step.sent[0];
      if (sent?.kind !== 'sync-response') return NOT_IN_REVISION;
      return (
        misfit(context.end, member, sent, seen, request) ?? { ...step, member: withM2(step.member, seen) }
      );
    });
  };

/** The first field of a sync response that is not as it should be. */
function misfit(
  by: Endpoint,
  { sa }: ActiveMember,
  sent: SyncResponse,
  seen: SyncResponse,
  request?: SyncRequest,
): Refused | null {
  if (sent.nonce !== seen.nonce) {
    return refuse('RFC6311-5.1-NONCE-ECHO', `the nonce of the request is ${sent.nonce}`);
  }
  if (sent.p2 !== seen.p2) {
    const why =
      request === undefined
        ? `which has to be ${sent.p2}`
        : `where P1 is ${request.p1} and the ${by} sends ${sa.expectedSend} next`;
    // An end that asks itself counts its own M1 (both ends may be clusters).
    const unless =
      seen.p2 > sent.p2
        ? `; only a sync request of the ${by} itself with M1 ${seen.p2}, which nobody saw, would explain it`
        : '';
    return refuse('RFC6311-5.1-P2', `P2 is ${seen.p2}, ${why}${unless}`);
  }
  if (seen.m2 < sent.m2) {
    return refuse('RFC6311-5.1-M2', `M2 is ${seen.m2}, which has to be at least ${sent.m2}`);
  }
  return null;
}

/** M2 may be higher than it has to be; the peer then expects just that. */
const withM2 = (member: ActiveMember, { m2 }: SyncResponse): ActiveMember => ({
  ...member,
  sa: { ...member.sa, expectedReceive: m2 },
});

/** An attempt to take a message of which the end's own log says that it was acted on. */
export const toAct =
  (context: Context, message: Message): Attempt =>
  (member, unsent) => {
    return receiveByAnyReading(context, member, message).map((step): Made | Refused => {
      if (!step.enabled) return step;
      return step.answer === 'again'
        ? refuse(
            'RFC7296-2.1-RETRANSMISSION',
            'it was acted on before: a copy is answered from the cache alone',
          )
        : { ...step, unsent: [...unsent, ...step.sent].slice(-MOST_UNSENT) };
    });
  };

/** Answers that were told of and not seen: those never seen were lost before the tap. */
const MOST_UNSENT = 8;

/** The first condition on the form of a sync message that fails. */
export function malformation(
  revision: Revision,
  message: SyncRequest | SyncResponse,
  form: Form,
): Refused | null {
  const { counterSync: rules } = revision;
  const confirms = confirmsCounters(revision);
  if (rules?.isWellFormed(message) === false) {
    return refuse(
      isWellFormed.text.id,
      `the notification is malformed: ${form.defect ?? 'its form is wrong'}`,
    );
  }
  if (rules?.isAlone(message, confirms) === false) {
    return refuse(isAlone.text.id, `it holds a further payload, ${furtherPayloads(message, confirms)}`);
  }
  if (rules?.hasMessageIdZero(message) === false) {
    return refuse(hasMessageIdZero.text.id, `its Message ID is ${message.id}, not 0`);
  }
  return null;
}
