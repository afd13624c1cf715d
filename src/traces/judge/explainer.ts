/** Searches the states of both ends of an IKE SA for an explanation of what one of them was seen to send. */
import {
  deltaAddedOnce,
  type Endpoint,
  leavesOpen,
  otherEnd,
  type Policies,
  type Revision,
  safetyProperties,
  syncRequestOnce,
} from '../../../model/index.ts';
import type { Allowance } from './effort.ts';
import { type Change, type EndState, inboxBefore, inboxFrom, suppose } from './end-state.ts';
import {
  type Attempt,
  type Attempts,
  afterUnseenArrivals,
  type Context,
  distinct,
  type Explained,
  explain,
  type Hypothesis,
  type PastState,
  type Unexplained,
} from './explanation.ts';
import { initialWatch, type Properties } from './watching.ts';

/** The text to judge by, and how to read what it leaves open. */
export interface Reading {
  readonly revision: Revision;
  readonly policies: Policies;
  /** How far each end is searched, if that is not as usual. */
  readonly allowance?: Allowance | undefined;
}

/** An explanation that needs no failover and breaks nothing. */
export const isClean = (found: Explained | Unexplained): found is Explained =>
  found.kind === 'explained' && found.broken.length === 0 && found.failoverFrom === null;

/** How many requests an end may have under way, and how many of them may be unseen. */
export type Window = Pick<Context, 'sendWindow' | 'mostLost'>;

export class Explainer {
  readonly #reading: Reading;
  readonly #properties: Properties;
  readonly #ends: Readonly<Record<Endpoint, EndState>>;
  readonly #windowFor: (end: Endpoint) => Window;

  /** `windowFor`: how many requests an end may have under way. */
  constructor(
    reading: Reading,
    ends: Readonly<Record<Endpoint, EndState>>,
    windowFor: (end: Endpoint) => Window,
  ) {
    this.#reading = reading;
    this.#properties = propertiesFor(reading);
    this.#ends = ends;
    this.#windowFor = windowFor;
  }

  /** Whether the end could have sent it from an earlier state: then it was sent before, and overtaken. */
  wasPossible(
    own: EndState,
    past: readonly PastState[],
    attempt: Attempt,
    isWithinReach?: Attempts['isWithinReach'],
  ): boolean {
    const other = this.#ends[otherEnd(own.end)];
    const context = this.context(own);
    const watched = own.hypotheses[0]?.watched ?? initialWatch(context.properties);
    const reach = other.syncs.length === 0 ? isWithinReach : undefined;
    return past.some(({ sa, sync, event }) => {
      if (sync === null && reach?.(sa) === false) return false;
      const state: Hypothesis = { member: { role: 'active', sa, sync }, watched, unsent: [] };
      if (attempt(state.member, []).some(({ enabled }) => enabled)) return true;
      // It was in this state until it next sent something; what arrived later cannot have mattered.
      const until = own.past.find((later) => later.event > event)?.event ?? Number.POSITIVE_INFINITY;
      const reached = afterUnseenArrivals(context, [state], inboxBefore(other, until), { forgiving: true });
      return reached.some(({ member }) => attempt(member, []).some(({ enabled }) => enabled));
    });
  }

  explain(own: EndState, attempts: Attempts): Explained | Unexplained {
    own.effort.earn();
    const context = this.context(own);
    const inbox = inboxFrom(this.#ends[otherEnd(own.end)]);
    const found = explain(context, own.hypotheses, own.takenFrom ?? own.past, inbox, attempts);
    if (own.otherwise.length === 0) return found;
    const { takingOver: _, ...goingOn } = attempts;
    const other = explain(context, own.otherwise, [], inbox, goingOn);
    if (isClean(other)) own.otherwise = other.hypotheses;
    // Where neither does without a fault, both are gone on from.
    else if (found.kind === 'explained' && found.broken.length === 0) own.otherwise = [];
    return isClean(other) && !isClean(found) ? other : found;
  }

  /** The states in which the end can be now, whatever arrived. */
  reached(own: EndState): readonly Hypothesis[] {
    const inbox = inboxFrom(this.#ends[otherEnd(own.end)]);
    const from = distinct([...own.hypotheses, ...own.otherwise]);
    return afterUnseenArrivals(this.context(own), from, inbox, { forgiving: true });
  }

  /** The most charitable states after a message that nothing explains. */
  suppose(event: number, own: EndState, change: Change): void {
    suppose(own, this.reached(own), change, event);
  }

  context({ end, takenFrom, failoverDue, effort }: EndState): Context {
    const { revision, policies } = this.#reading;
    const { sendWindow, mostLost } = this.#windowFor(end);
    const properties = this.#properties;
    const tellsOfFailovers = takenFrom !== null && !failoverDue;
    return { revision, policies, properties, end, sendWindow, mostLost, tellsOfFailovers, effort };
  }
}

/**
 * The properties that the text is there for. Who compares M1 with the Message ID expected next does not promise that
 * no sync request acts twice; nor does a text that protects sync requests by nothing.
 */
function propertiesFor({ revision, policies }: Reading): Properties {
  const { counterSync } = revision;
  const unprotected =
    counterSync !== null && counterSync.isStale === undefined && counterSync.isObserved === undefined;
  const loose = policies.m1Compare === 'next-expected' && leavesOpen(revision, 'm1Compare');
  if (!unprotected && !loose) return safetyProperties;
  return withoutOnce;
}

const withoutOnce: Properties = safetyProperties.map((property) =>
  property.id === syncRequestOnce.id || property.id === deltaAddedOnce.id ? null : property,
);
