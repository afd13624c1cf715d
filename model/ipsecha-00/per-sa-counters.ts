/**
 * The first draft of the working group (draft-ietf-ipsecme-ipsecha-protocol-00) synced the counters of each Child SA
 * in both directions, where all later texts have one delta for all: the slides of October 2010 list the delta as new.
 */
import type { ChildSa, SaState } from '../state/member.ts';
import type { SaCounter, SyncResponse } from '../state/messages.ts';
import { closedUpTo } from '../state/replay-window.ts';
import type { Step } from '../state/step.ts';
/** RFC 6311 has one delta for all; the first draft had the counters of each Child SA in both directions. */
export const countersReceived = (sa: SaState): readonly SaCounter[] =>
  sa.childSas.map(({ spi, received }) => ({ spi, number: received.highest }));

export const countersSent = (sa: SaState): readonly SaCounter[] =>
  sa.childSas.map(({ spi, sent }) => ({ spi, number: sent }));

/** The first draft. What a peer sends from then on: nothing that the other end says to have received. */
export const afterCountersAsked = (sa: SaState, received: readonly SaCounter[]): SaState => ({
  ...sa,
  childSas: sa.childSas.map((child) => ({ ...child, sent: Math.max(child.sent, numberOf(received, child)) })),
});

/** The first draft. What a member accepts from then on: nothing that the other end says to have sent. */
export const afterCountersAnswered = (sa: SaState, sent: readonly SaCounter[]): SaState => ({
  ...sa,
  childSas: sa.childSas.map((child) => ({
    ...child,
    received: closedUpTo(child.received, child.replayWindow, numberOf(sent, child)),
  })),
});

const numberOf = (counters: readonly SaCounter[], { spi }: ChildSa): number =>
  counters.find((each) => each.spi === spi)?.number ?? 0;

/** The first draft: what the peer says to have sent is not accepted any more. */
export const withCounters = ({ perSa }: SyncResponse, step: Step): Step =>
  step.enabled && perSa !== undefined
    ? { ...step, member: { ...step.member, sa: afterCountersAnswered(step.member.sa, perSa) } }
    : step;
