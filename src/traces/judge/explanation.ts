/**
 * The search for an explanation of one message of an end: from which of the states in which the end can be, by steps
 * of the specification, does the message follow? In between there may be steps that nobody saw: messages that
 * arrived or were lost, and failovers to a member with an older state. Unseen arrivals are supposed only where the
 * next message of the end needs them; that loses nothing, since a message that was sent may arrive at any later
 * time.
 */
import {
  type ActiveMember,
  type Ask,
  beginRequest,
  type Content,
  type Endpoint,
  goOn,
  isSyncing,
  leavesOpen,
  type Message,
  type PendingSync,
  type Policies,
  type Refused,
  type Request,
  type Revision,
  receive,
  type SaState,
  type Step,
  type Taken,
} from '../../../model/index.ts';
import { textOf } from '../common/text-of.ts';
import type { Effort } from './effort.ts';
import { type Broken, forgive, initialWatch, observe, type Properties, type Watched } from './watching.ts';

/** A possible state of the active member of an end, and what the properties remember of the end. */
export interface Hypothesis {
  readonly member: ActiveMember;
  readonly watched: Watched;
  /**
   * What the end sent in a step of which its own log told, and nobody saw yet: a step of the specification takes a
   * request and answers it, where a log has two lines.
   */
  readonly unsent: readonly Message[];
}

/** A state in which the end once was: what a standby may hold as its snapshot. */
export interface PastState {
  readonly sa: SaState;
  readonly sync: PendingSync | null;
  /** The event that led to it. */
  readonly event: number;
}

/** A longest explained prefix: a way of getting to the message that does not get beyond it, and why not. */
export interface Tried {
  /** Whether the active member goes on, or another one takes over. */
  readonly way: 'goes on' | 'takes over';
  /** If another one takes over: the events after which the states are that it may have held. */
  readonly events: readonly number[];
  readonly refusal: Refused;
}

export interface Explained {
  readonly kind: 'explained';
  readonly hypotheses: readonly Hypothesis[];
  /** Properties that the best explanation breaks. */
  readonly broken: readonly Broken[];
  /** The snapshots from which it works, if an unseen failover is needed. */
  readonly failoverFrom: readonly PastState[] | null;
  readonly tried: readonly Tried[];
}

export interface Unexplained {
  readonly kind: 'unexplained';
  /** The first condition that failed, on the most charitable state. */
  readonly refusal: Refused;
  readonly tried: readonly Tried[];
}

/** What an end may have received: all that the other end was seen to send. */
export interface Inbox {
  readonly requests: ReadonlyMap<number, readonly Request[]>;
  readonly responses: ReadonlyMap<number, readonly Message[]>;
  readonly syncs: readonly Message[];
}

/** A step that makes the seen message, with what is then still to be seen of the end. */
export type Made = Taken & { readonly unsent?: readonly Message[] };

/** Tries to make the seen message from a state: ways in which it works, or why not. */
export type Attempt = (member: ActiveMember, unsent: readonly Message[]) => readonly (Made | Refused)[];

/** How a message that was seen can have been sent. */
export interface Attempts {
  /** From the state of the active member; null if that cannot be. */
  readonly goingOn: Attempt | null;
  /**
   * As the first act of a newly active member, from its snapshot; null if the message cannot be one, absent
   * if the member just goes on.
   */
  readonly takingOver?: ((snapshot: SaState) => readonly (Made | Refused)[]) | null;
  /**
   * Whether it may be made from a state, or from one that arrivals of ordinary messages lead to: a cheap look at its
   * counters, so that a message is not tried from hundreds of states that are far behind. Absent if that cannot be told.
   */
  readonly isWithinReach?: (sa: SaState) => boolean;
  /** Whether the message is a response: a member that takes over may answer before it asks, if it asks late (RFC 6311, 7). */
  readonly answers?: true;
  /** The state whose refusal is told: the one before any unseen arrival, or the latest (the default). */
  readonly blame?: 'now' | 'latest';
}

export interface Context {
  readonly revision: Revision;
  readonly policies: Policies;
  readonly properties: Properties;
  readonly end: Endpoint;
  /** How many requests the other end lets it have under way (its SET_WINDOW_SIZE). */
  readonly sendWindow: number;
  /** How many of them may have been lost before anybody saw them, ahead of one that was seen. */
  readonly mostLost: number;
  /** Whether the end's own log tells of its failovers, and of none that is still to show: then one is a last resort. */
  readonly tellsOfFailovers: boolean;
  /** What may still be spent on steps that nobody saw. */
  readonly effort: Effort;
}

/** Unseen steps in a row that are tried: an answer, and a sync with a request lost on either side of it. */
const MOST_UNSEEN = 4;

/** Further ones, where messages may have been lost before the tap. */
const MOST_LOST = 8;

/** The content of a request that was sent and not seen. */
export const unseenRequest = (id: number): Content => `(request ${id}, not seen)`;

export function explain(
  context: Context,
  now: readonly Hypothesis[],
  past: readonly PastState[],
  inbox: Inbox,
  attempts: Attempts,
): Explained | Unexplained {
  const search = new Search(context, now, inbox, attempts);
  if (attempts.goingOn !== null && search.goesOn(attempts.goingOn)) return search.result();
  if (attempts.takingOver === null) return search.result();
  return search.takesOver(past, attempts);
}

/** The ways in which one message can have been sent, in the order in which they are tried. */
class Search {
  readonly #context: Context;
  readonly #now: readonly Hypothesis[];
  readonly #inbox: Inbox;
  readonly #attempts: Attempts;
  readonly #best: Best;
  readonly #failures = new Failures();
  /** The first condition that fails on the state that comes nearest: the last one of those reached. */
  #refusal: Refused | undefined;
  #noting = true;

  constructor(context: Context, now: readonly Hypothesis[], inbox: Inbox, attempts: Attempts) {
    this.#context = context;
    this.#now = now;
    this.#inbox = inbox;
    this.#attempts = attempts;
    this.#best = new Best(context);
  }

  result(): Explained | Unexplained {
    const tried = this.#failures.list();
    const found = this.#best.explanation;
    return found === undefined
      ? { kind: 'unexplained', refusal: this.#refusal ?? NO_STATE, tried }
      : { ...found, tried };
  }

  /** 0 and 1: whether the active member goes on. */
  goesOn(attempt: Attempt): boolean {
    const [context, now, inbox] = [this.#context, this.#now, this.#inbox];
    // 0. Most often nothing has to be supposed. Only an arrival of a sync message could lead elsewhere.
    const quiet =
      now.length > 0 && !now.some(({ member }) => isSyncing(member)) && !inbox.syncs.some(isRequest);
    if (quiet && this.#tryFrom(now, null, attempt)) return true;
    // 1. The active member goes on.
    if (this.#tryFrom(afterUnseenArrivals(context, now, inbox), null, attempt)) return true;
    // A request of its own may have been lost before the tap, or its answer to one of the other end; it shows once a
    // sync has made an end give a request up.
    this.#noting = false;
    if (inbox.syncs.length > 0) {
      const before = this.#refusal;
      const further = afterUnseenArrivals(context, now, inbox, { losses: true });
      if (this.#tryFrom(further, null, attempt)) return true;
      this.#refusal = before;
    }
    // What follows from a fault that was told is no new one.
    const said = this.#refusal;
    const losses = inbox.syncs.length > 0 && !dropsStale(context.revision);
    const forgiven = afterUnseenArrivals(context, now, inbox, { forgiving: true, losses });
    if (this.#tryFrom(forgiven, null, attempt)) return true;
    this.#refusal = said;
    this.#noting = true;
    return false;
  }

  /** 2: another member takes over, with a state in which the end once was. */
  takesOver(past: readonly PastState[], attempts: Attempts): Explained | Unexplained {
    const [context, now, inbox] = [this.#context, this.#now, this.#inbox];
    const watched = now[0]?.watched ?? initialWatch(context.properties);
    const { goingOn, takingOver } = attempts;
    if (takingOver === null) return this.result();
    if (takingOver !== undefined) {
      for (const snapshot of past) this.#trySteps(takingOver(snapshot.sa), watched, NOTHING, snapshot);
      return this.result();
    }
    // Where enough is known of why not, states that are out of reach need no further look.
    const reach = inbox.syncs.length === 0 ? attempts.isWithinReach : undefined;
    for (const snapshot of past) {
      if (this.#failures.isFull && reach?.(snapshot.sa) === false) continue;
      const step = goOn(snapshot.sa);
      if (!step.enabled || goingOn === null) continue;
      if (!context.effort.spend(1)) break;
      const start = { member: step.member, watched, unsent: NOTHING };
      this.#tryFrom(afterUnseenArrivals(context, [start], inbox), snapshot, goingOn);
    }
    // Where counter sync was negotiated, a newly active member does not just go on. If that shows in nothing
    // but this message, it is the message that is not allowed.
    const found = this.#best.explanation;
    // Who has asked already is not lazy.
    const isLazy =
      attempts.answers === true &&
      context.policies.syncTrigger === 'lazy' &&
      !now.some(({ member }) => isSyncing(member));
    if (!isLazy && found?.failoverFrom != null && found.broken.length === 0 && syncs(context, now)) {
      return { kind: 'unexplained', refusal: this.#refusal ?? NO_STATE, tried: this.#failures.list() };
    }
    return this.result();
  }

  /**
   * Tries every state; true if one explains the message and breaks nothing.
   *
   * @param snapshot the state with which another member took over, if one did
   */
  #tryFrom(states: readonly Hypothesis[], snapshot: PastState | null, attempt: Attempt): boolean {
    for (const { member, watched, unsent } of states) {
      this.#trySteps(attempt(member, unsent), watched, unsent, snapshot);
    }
    return this.#best.isClean;
  }

  #trySteps(
    steps: readonly (Made | Refused)[],
    before: Watched,
    unsent: readonly Message[],
    snapshot: PastState | null,
  ): void {
    let first: Refused | undefined;
    let isAnyEnabled = false;
    for (const step of steps) {
      if (!step.enabled) {
        first ??= step;
        continue;
      }
      isAnyEnabled = true;
      const { watched, broken } = observe(this.#context.properties, before, step.observations);
      this.#best.consider(step.member, watched, step.unsent ?? unsent, broken, snapshot);
    }
    if (first === undefined) return;
    // Ways that suppose more than arrivals are not listed: nobody would look for them.
    if (this.#noting && !isAnyEnabled) this.#failures.note(first, snapshot);
    const nearer = snapshot === null && this.#attempts.blame !== 'now';
    if (nearer || this.#refusal === undefined) this.#refusal = first;
  }
}

const NOTHING: readonly Message[] = [];

const isRequest = ({ kind }: Message): boolean => kind === 'sync-request';

/** Whether M1 has to grow. Where it need not, a sync request that somebody replays may act again, and nobody sees it. */
export const dropsStale = ({ counterSync }: Revision): boolean => counterSync?.isStale !== undefined;

/** Ways that are listed of those that were tried. */
const MOST_TRIED = 12;

/** Collects the ways that do not get beyond a message: states that fail for the same reason are one. */
class Failures {
  readonly #ways = new Map<string, { readonly refusal: Refused; readonly events: Set<number> | null }>();

  note(refusal: Refused, snapshot: PastState | null): void {
    const key = `${snapshot === null} ${refusal.rule} ${refusal.because}`;
    const known = this.#ways.get(key);
    if (known === undefined) {
      this.#ways.set(key, { refusal, events: snapshot === null ? null : new Set([snapshot.event]) });
    } else if (snapshot !== null) known.events?.add(snapshot.event);
  }

  /** Whether no further way would be listed. */
  get isFull(): boolean {
    return this.#ways.size >= MOST_TRIED;
  }

  list(): readonly Tried[] {
    return [...this.#ways.values()].slice(0, MOST_TRIED).map(({ refusal, events }) => ({
      way: events === null ? 'goes on' : 'takes over',
      events: events === null ? [] : [...events].sort((a, b) => a - b),
      refusal,
    }));
  }
}

/** Whether a newly active member would have to sync first. */
const syncs = ({ revision }: Context, now: readonly Hypothesis[]): boolean =>
  now.some(({ member }) => revision.counterSync?.isNegotiated(member.sa) === true);

/** The most charitable ways of all that were considered: one, or several that are equally so. */
class Best {
  readonly #tellsOfFailovers: boolean;
  #cost = Number.POSITIVE_INFINITY;
  #broken: readonly Broken[] = [];
  #snapshots: PastState[] | null = null;
  /** The first one: mostly there is no other, and then it needs no key. */
  #first: Hypothesis | undefined;
  /** If there are several, by their keys: as many ways may lead to the same state as there are states to send it from. */
  #hypotheses = new Map<string, Hypothesis>();
  /** The last of them: to compare with these takes less than to make a key. */
  #lately: readonly Hypothesis[] = [];

  constructor({ tellsOfFailovers }: Context) {
    this.#tellsOfFailovers = tellsOfFailovers;
  }

  /** Considers a way in which the message can have been sent, and the state to which it leads. */
  consider(
    member: ActiveMember,
    watched: Watched,
    unsent: readonly Message[],
    broken: readonly Broken[],
    snapshot: PastState | null,
  ): void {
    const cost = broken.length * 2 + (snapshot === null ? 0 : this.#tellsOfFailovers ? 3 : 1);
    if (cost > this.#cost) return;
    if (cost < this.#cost) {
      this.#cost = cost;
      this.#broken = broken;
      this.#snapshots = snapshot === null ? null : [];
      this.#first = undefined;
      this.#hypotheses = new Map();
      this.#lately = [];
    }
    if (snapshot !== null) this.#snapshots?.push(snapshot);
    const isKnown = this.#lately.some(
      (each) => each.member === member && each.watched === watched && each.unsent === unsent,
    );
    if (isKnown) return;
    const hypothesis = { member, watched, unsent };
    this.#lately = [hypothesis, ...this.#lately].slice(0, LATELY);
    if (this.#first === undefined) {
      this.#first = hypothesis;
      return;
    }
    if (this.#hypotheses.size === 0) this.#hypotheses.set(keyOf(this.#first), this.#first);
    this.#hypotheses.set(keyOf(hypothesis), hypothesis);
  }

  /** Whether the message is explained, and nothing is broken by it. */
  get isClean(): boolean {
    return this.#first !== undefined && this.#broken.length === 0;
  }

  get explanation(): Omit<Explained, 'tried'> | undefined {
    if (this.#first === undefined) return undefined;
    return {
      kind: 'explained',
      hypotheses: this.#hypotheses.size === 0 ? [this.#first] : [...this.#hypotheses.values()],
      broken: this.#broken,
      failoverFrom: this.#snapshots === null ? null : [...this.#snapshots],
    };
  }
}

/** So many states are compared with a further one before its key is made. */
const LATELY = 16;

const NO_STATE: Refused = {
  enabled: false,
  rule: 'RFC7296-2.2-NEXT-ID',
  because: 'nothing that was seen before leads to it',
};

/**
 * The hypotheses, and those reached from them by arrivals that no tap sees; with `losses`, by requests and answers too
 * that were lost before it.
 */
export function afterUnseenArrivals(
  context: Context,
  from: readonly Hypothesis[],
  inbox: Inbox,
  unseen: { readonly losses?: boolean; readonly forgiving?: boolean } = {},
): readonly Hypothesis[] {
  const seen = new Distinct(from);
  const reached = [...from];
  let frontier = from;
  // With a larger window, all that is under way may have been answered; and each sync may cost a request.
  const most =
    MOST_UNSEEN +
    Math.max(0, ...from.map(({ member }) => member.sa.outstanding.length - 1)) +
    (unseen.losses === true ? Math.min(2 * inbox.syncs.length, MOST_LOST) : 0);
  for (let arrivals = 0; arrivals < most && frontier.length > 0; arrivals++) {
    const next: Hypothesis[] = [];
    for (const hypothesis of frontier) {
      const { member } = hypothesis;
      const lost = unseen.losses === true ? (inbox.requests.get(member.sa.expectedReceive) ?? []) : [];
      const arriving = [...awaited(member, inbox), ...lost];
      if (!context.effort.allows(arriving.length, reached.length + next.length)) return [...reached, ...next];
      const steps = arriving.flatMap((message) => receiveByAnyReading(context, member, message));
      if (unseen.losses === true) {
        steps.push(begin(context, member, unseenRequest(member.sa.expectedSend)));
      }
      for (const step of steps) {
        if (!step.enabled) continue;
        const { watched, broken } = observe(context.properties, hypothesis.watched, step.observations);
        // An unseen step that breaks a property is not charitable; it is supposed only where nothing else helps.
        if (broken.length > 0 && unseen.forgiving !== true) continue;
        const later = {
          ...hypothesis,
          member: step.member,
          watched: forgive(context.properties, watched, broken),
        };
        if (seen.adds(later)) next.push(later);
      }
    }
    reached.push(...next);
    frontier = next;
  }
  return reached;
}

/**
 * What a message does to a member, under each reading of what no clause says: what it adopts from a sync response, whether
 * its own M1 counts in its P2, and whether sync requests count in its M2. Almost always they agree.
 */
export function receiveByAnyReading(
  { revision, policies, end }: Context,
  member: ActiveMember,
  message: Message,
): readonly Step[] {
  return readingsFor(revision, policies, member, message).map((each) =>
    receive(revision, each, end, member, message),
  );
}

function readingsFor(
  revision: Revision,
  policies: Policies,
  { sa }: ActiveMember,
  message: Message,
): readonly Policies[] {
  if (message.kind === 'sync-response') {
    const falls = sa.expectedSend > message.m2 || sa.expectedReceive > message.p2;
    return falls && leavesOpen(revision, 'adopt')
      ? [
          { ...policies, adopt: 'maximum' },
          { ...policies, adopt: 'replace' },
        ]
      : [policies];
  }
  if (message.kind !== 'sync-request') return [policies];
  const p2: readonly Policies['p2Counts'][] =
    sa.m1Sent > sa.expectedSend && leavesOpen(revision, 'p2Counts')
      ? ['own-m1', 'used-only']
      : [policies.p2Counts];
  const m2: readonly Policies['m2Counts'][] = leavesOpen(revision, 'm2Counts')
    ? ['sync-requests', 'requests-only']
    : [policies.m2Counts];
  return p2.flatMap((p2Counts) => m2.map((m2Counts) => ({ ...policies, p2Counts, m2Counts })));
}

/** An end begins a request of its own, within the window that the other end granted (RFC 7296, 2.3). */
export function begin(context: Context, member: ActiveMember, content: Content, asks?: Ask): Step {
  const { sa } = member;
  const granted = sa.window === context.sendWindow ? member : withWindow(member, context.sendWindow);
  const step = beginRequest(context.revision, context.end, granted, content, asks, context.policies);
  return step.enabled && granted !== member ? { ...step, member: withWindow(step.member, sa.window) } : step;
}

const withWindow = (member: ActiveMember, window: number): ActiveMember => ({
  ...member,
  sa: { ...member.sa, window },
});

/**
 * Messages whose arrival changes the state without an answer that a tap would have to see. Of responses, those to the
 * lowest request that waits for one and was answered: the window moves with the lowest alone, so it does not matter
 * whether others came before.
 */
function awaited(member: ActiveMember, inbox: Inbox): readonly Message[] {
  const lowest = member.sa.outstanding.find(({ id }) => inbox.responses.has(id));
  return [
    ...(lowest === undefined ? [] : (inbox.responses.get(lowest.id) ?? [])),
    ...inbox.syncs.filter((message) => isRequest(message) || isSyncing(member)),
  ];
}

/** So many states are compared one by one before keys are made of all. */
const FEW = 32;

/** States of which each is another one: mostly they differ in their counters, and then no keys are needed. */
class Distinct {
  readonly #few: Hypothesis[];
  #keys: Set<string> | undefined;

  constructor(first: readonly Hypothesis[]) {
    this.#few = [...first];
  }

  /** Adds a state. @returns whether it was not there yet */
  adds(state: Hypothesis): boolean {
    if (this.#keys === undefined && this.#few.length < FEW) {
      if (this.#few.some((each) => mayBeSame(each, state) && keyOf(each) === keyOf(state))) return false;
      this.#few.push(state);
      return true;
    }
    this.#keys ??= new Set(this.#few.map(keyOf));
    const { size } = this.#keys;
    return this.#keys.add(keyOf(state)).size > size;
  }
}

const mayBeSame = ({ member: one }: Hypothesis, { member: other }: Hypothesis): boolean =>
  one.sa.expectedSend === other.sa.expectedSend &&
  one.sa.expectedReceive === other.sa.expectedReceive &&
  one.sa.outstanding.length === other.sa.outstanding.length &&
  (one.sync === null) === (other.sync === null);

function keyOf({ member, watched, unsent }: Hypothesis): string {
  const told = unsent.length === 0 ? '' : JSON.stringify(unsent);
  return `${textOf(member)} ${watched.states.map(textOfAny).join(' ')} ${told}`;
}

function textOfAny(state: unknown): string {
  return typeof state === 'object' && state !== null ? textOf(state) : JSON.stringify(state);
}

export const distinct = (hypotheses: readonly Hypothesis[]): readonly Hypothesis[] =>
  hypotheses.length < 2
    ? hypotheses
    : [...new Map(hypotheses.map((hypothesis) => [keyOf(hypothesis), hypothesis])).values()];
