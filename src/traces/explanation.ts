/**
 * The states in which one end of an IKE SA can be, given what it was seen to do.
 *
 * Every step in here is the specification's own (`model/`). What a tap cannot see is searched for: messages
 * that arrived or were lost, and failovers to a member with an older state. Unseen arrivals are supposed only
 * where the next message of the end needs them; that loses nothing, since a message that was sent may arrive
 * at any later time.
 */
import {
  type ActiveMember,
  beginRequest,
  type Content,
  type Endpoint,
  goOn,
  isSyncing,
  type Message,
  type Observation,
  type PendingSync,
  type Policies,
  type Refused,
  type Revision,
  receive,
  type SafetyProperty,
  type SaState,
  type Taken,
} from '../../model/index.ts';

/** A possible state of the active member of an end, and what the properties remember of the end. */
export interface Hypothesis {
  readonly member: ActiveMember;
  readonly watched: readonly unknown[];
}

/** A state in which the end once was: what a standby may hold as its snapshot. */
export interface PastState {
  readonly sa: SaState;
  readonly sync: PendingSync | null;
  /** The event that led to it. */
  readonly event: number;
}

export interface Broken {
  readonly property: SafetyProperty;
  readonly because: string;
  readonly observation: Observation;
}

export interface Explained {
  readonly kind: 'explained';
  readonly hypotheses: readonly Hypothesis[];
  /** Properties that the best explanation breaks. */
  readonly broken: readonly Broken[];
  /** The snapshots from which it works, if an unseen failover is needed. */
  readonly failoverFrom: readonly PastState[] | null;
}

export interface Unexplained {
  readonly kind: 'unexplained';
  /** The first condition that failed, on the most charitable state. */
  readonly refusal: Refused;
}

/** What an end may have received: all that the other end was seen to send. */
export interface Inbox {
  readonly requests: ReadonlyMap<number, readonly Content[]>;
  readonly responses: ReadonlyMap<number, readonly Message[]>;
  readonly syncs: readonly Message[];
}

/** Tries to make the seen message from a state: ways in which it works, or why not. */
export type Attempt = (member: ActiveMember) => readonly (Taken | Refused)[];

/** How a message that was seen can have been sent. */
export interface Attempts {
  /** From the state of the active member. */
  readonly goingOn: Attempt;
  /**
   * As the first act of a newly active member, from its snapshot; null if the message cannot be one, absent
   * if the member just goes on.
   */
  readonly takingOver?: Attempt | null;
  /** The state whose refusal is told: the one before any unseen arrival, or the latest (the default). */
  readonly blame?: 'now' | 'latest';
}

export interface Context {
  readonly revision: Revision;
  readonly policies: Policies;
  readonly properties: readonly SafetyProperty[];
  readonly end: Endpoint;
}

/** Unseen steps in a row that are tried: an answer, and a sync with a request lost on either side of it. */
const MOST_UNSEEN = 4;

/** The content of a request that was sent and not seen. */
export const unseenRequest = (id: number): Content => `(request ${id}, not seen)`;

export function explain(
  context: Context,
  now: readonly Hypothesis[],
  past: readonly PastState[],
  inbox: Inbox,
  attempts: Attempts,
): Explained | Unexplained {
  /** The first condition that fails on the state that comes nearest: the last one of those reached. */
  let refusal: Refused | undefined;
  let best: Explained | undefined;
  /** Tries every state; true if one explains the message and breaks nothing. */
  const tryFrom = (states: readonly Origin[], attempt: Attempt): boolean => {
    for (const { hypothesis, snapshot } of states) {
      const steps = attempt(hypothesis.member);
      for (const step of steps) {
        if (step.enabled) best = better(best, explained(context, hypothesis, snapshot, step));
      }
      const first = steps.find((step) => !step.enabled);
      const nearer = snapshot === null && attempts.blame !== 'now';
      if (first !== undefined && (nearer || refusal === undefined)) refusal = first;
    }
    return best !== undefined && best.broken.length === 0;
  };

  // 1. The active member goes on.
  const reached = afterUnseenArrivals(context, now, inbox);
  if (tryFrom(reached.map(withoutFailover), attempts.goingOn) && best !== undefined) return best;
  // A request of its own may have been lost before the tap; it shows once a sync has made the end give it up.
  if (inbox.syncs.some(({ kind }) => kind === 'sync-request')) {
    const before = refusal;
    const further = afterUnseenArrivals(context, now, inbox, { requests: true });
    if (tryFrom(further.map(withoutFailover), attempts.goingOn) && best !== undefined) return best;
    refusal = before;
  }
  // What follows from a fault that was told is no new one.
  const said = refusal;
  const forgiven = afterUnseenArrivals(context, now, inbox, { forgiving: true });
  if (tryFrom(forgiven.map(withoutFailover), attempts.goingOn) && best !== undefined) return best;
  refusal = said;
  if (attempts.takingOver === null) return best ?? unexplained(refusal);
  // 2. Another member takes over, with a state in which the end once was.
  const watched = now[0]?.watched ?? initialWatch(context.properties);
  const takeovers = past.flatMap((snapshot): readonly Origin[] => {
    const step = goOn(snapshot.sa);
    return step.enabled ? [{ hypothesis: { member: step.member, watched }, snapshot }] : [];
  });
  if (attempts.takingOver !== undefined) tryFrom(takeovers, attempts.takingOver);
  else {
    tryFrom(
      takeovers.flatMap(({ hypothesis, snapshot }) =>
        afterUnseenArrivals(context, [hypothesis], inbox).map((later) => ({ hypothesis: later, snapshot })),
      ),
      attempts.goingOn,
    );
    // Where counter sync was negotiated, a newly active member does not just go on. If that shows in nothing
    // but this message, it is the message that is not allowed.
    if (best !== undefined && best.failoverFrom !== null && best.broken.length === 0 && syncs(context, now)) {
      return unexplained(refusal);
    }
  }
  return best ?? unexplained(refusal);
}

const unexplained = (refusal: Refused | undefined): Unexplained => ({
  kind: 'unexplained',
  refusal: refusal ?? NO_STATE,
});

/** Whether a newly active member would have to sync first. */
const syncs = ({ revision }: Context, now: readonly Hypothesis[]): boolean =>
  now.some(({ member }) => revision.counterSync?.isNegotiated(member.sa) === true);

/** A state to try, and the snapshot that a failover took it from, if one did. */
interface Origin {
  readonly hypothesis: Hypothesis;
  readonly snapshot: PastState | null;
}

const withoutFailover = (hypothesis: Hypothesis): Origin => ({ hypothesis, snapshot: null });

function explained(
  context: Context,
  hypothesis: Hypothesis,
  snapshot: PastState | null,
  step: Taken,
): Explained {
  const { watched, broken } = observe(context, hypothesis.watched, step);
  return {
    kind: 'explained',
    hypotheses: [{ member: step.member, watched }],
    broken,
    failoverFrom: snapshot === null ? null : [snapshot],
  };
}

/** The more charitable of two explanations; both, if they are equally so. */
function better(best: Explained | undefined, other: Explained): Explained {
  if (best === undefined) return other;
  const cost = ({ broken, failoverFrom }: Explained) => broken.length * 2 + (failoverFrom === null ? 0 : 1);
  if (cost(other) !== cost(best)) return cost(other) < cost(best) ? other : best;
  return {
    ...best,
    hypotheses: distinct([...best.hypotheses, ...other.hypotheses]),
    failoverFrom: best.failoverFrom === null ? null : [...best.failoverFrom, ...(other.failoverFrom ?? [])],
  };
}

const NO_STATE: Refused = {
  enabled: false,
  rule: 'RFC7296-2.2-NEXT-ID',
  because: 'nothing that was seen before leads to it',
};

/** The hypotheses, and those reached from them by arrivals (and requests) that no tap sees. */
export function afterUnseenArrivals(
  context: Context,
  from: readonly Hypothesis[],
  inbox: Inbox,
  unseen: { readonly requests?: boolean; readonly forgiving?: boolean } = {},
): readonly Hypothesis[] {
  const seen = new Set(from.map(keyOf));
  const reached = [...from];
  let frontier = from;
  for (let arrivals = 0; arrivals < MOST_UNSEEN && frontier.length > 0; arrivals++) {
    const next: Hypothesis[] = [];
    for (const hypothesis of frontier) {
      const { member } = hypothesis;
      const steps = awaited(member, inbox).map((message) =>
        receive(context.revision, context.policies, context.end, member, message),
      );
      if (unseen.requests === true)
        steps.push(
          beginRequest(context.revision, context.end, member, unseenRequest(member.sa.expectedSend)),
        );
      for (const step of steps) {
        if (!step.enabled) continue;
        const { watched, broken } = observe(context, hypothesis.watched, step);
        // An unseen step that breaks a property is not charitable; it is supposed only where nothing else helps.
        if (broken.length > 0 && unseen.forgiving !== true) continue;
        const later = { member: step.member, watched: forgive(context, watched, broken) };
        const key = keyOf(later);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(later);
      }
    }
    reached.push(...next);
    frontier = next;
  }
  return reached;
}

/** Messages whose arrival changes the state without an answer that a tap would have to see. */
const awaited = (member: ActiveMember, inbox: Inbox): readonly Message[] => [
  ...member.sa.outstanding.flatMap(({ id }) => inbox.responses.get(id) ?? []),
  ...inbox.syncs.filter((message) => message.kind === 'sync-request' || isSyncing(member)),
];

/** Feeds the observations of a step to the properties. What is broken does not count as remembered. */
export function observe(
  context: Context,
  watched: readonly unknown[],
  step: Pick<Taken, 'observations'>,
): { readonly watched: readonly unknown[]; readonly broken: readonly Broken[] } {
  const broken: Broken[] = [];
  const next = watched.map((state, index) => {
    const property = context.properties[index];
    if (property === undefined) return state;
    let current = state;
    for (const observation of step.observations) {
      const seen = property.watch.observe(current, observation);
      if (seen.ok) current = seen.state;
      else broken.push({ property, because: seen.because, observation });
    }
    return current;
  });
  return { watched: next, broken };
}

/** What was broken begins anew with what broke it, so that one fault is not told again and again. */
const forgive = (
  { properties }: Context,
  watched: readonly unknown[],
  broken: readonly Broken[],
): readonly unknown[] =>
  watched.map((state, index) => {
    const property = properties[index];
    const last = broken.findLast((each) => each.property === property);
    if (property === undefined || last === undefined) return state;
    const seen = property.watch.observe(property.watch.initial, last.observation);
    return seen.ok ? seen.state : state;
  });

export const initialWatch = (properties: readonly SafetyProperty[]): readonly unknown[] =>
  properties.map((property) => property.watch.initial);

const keyOf = (hypothesis: Hypothesis): string => JSON.stringify([hypothesis.member, hypothesis.watched]);

const distinct = (hypotheses: readonly Hypothesis[]): readonly Hypothesis[] => [
  ...new Map(hypotheses.map((hypothesis) => [keyOf(hypothesis), hypothesis])).values(),
];
