/**
 * The first draft of the working group (draft-ietf-ipsecme-ipsecha-protocol-00) synced the counters of each Child SA
 * in both directions, where all later texts have one delta for all: the slides of October 2010 list the delta as new.
 */
import type { ReplayCounterSync } from '../catalogue.ts';
import type { Revision } from '../revisions/revision.ts';
import { rule } from '../rule.ts';
import type { ChildSa, SaState } from '../state/member.ts';
import type { SaCounter, SyncResponse } from '../state/messages.ts';
import type { SequenceNumber } from '../state/numbers.ts';
import { closedUpTo, type ReplayWindow } from '../state/replay-window.ts';
import type { Step } from '../state/step.ts';

/** RFC 6311 has one delta for all; the first draft had the counters of each Child SA in both directions. */
export const countersReceived = (sa: SaState): readonly SaCounter[] =>
  sa.childSas.map(({ spi, received }) => ({ spi, number: received.highest }));

export const countersSent = (sa: SaState): readonly SaCounter[] =>
  sa.childSas.map(({ spi, sent }) => ({ spi, number: sent }));

/** The slides, "Major Differences from Previous Versions". An outgoing counter of the peer, once it was asked. */
export const sendBeyond = rule(
  {
    id: 'IPSECHA00-SA-COUNTERS-SENT',
    part: 'replaySync',
    optional: true,
    slide: 'Major Differences from Previous Versions',
    level: 'MUST',
    actor: 'peer',
    confidence: 'D',
    title: 'The peer sends no number that the other end reports as received',
    says: 'Where the sync request carries the last number received on each Child SA, the peer goes on above it. The slides imply that the first draft had counters for each Child SA, for they list the single delta as new; what an end makes of them is our reading.',
    returns: 'number',
    seenBy: 'nobody',
    leavesNoMark: true,
    absent: (sent) => sent,
  },
  (sent: SequenceNumber, received: SequenceNumber): SequenceNumber => Math.max(sent, received),
);

/** The slides, "Major Differences from Previous Versions". What the newly active member accepts, once it was answered. */
export const acceptBeyond = rule(
  {
    id: 'IPSECHA00-SA-COUNTERS-ACCEPTED',
    part: 'replaySync',
    optional: true,
    slide: 'Major Differences from Previous Versions',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'D',
    title: 'The newly active member accepts no number that the peer reports as sent',
    says: 'Where the sync response carries the last number sent on each Child SA, the newly active member closes its windows up to it, so that no packet from before the failover is accepted again. What an end makes of these counters is our reading.',
    returns: 'value',
    seenBy: 'nobody',
    leavesNoMark: true,
    absent: (window) => window,
  },
  (window: ReplayWindow, size: number, sent: SequenceNumber): ReplayWindow => closedUpTo(window, size, sent),
);

/** The first draft. What a peer goes on with, once it was asked. */
export const afterCountersAsked = (
  rules: ReplayCounterSync,
  sa: SaState,
  received: readonly SaCounter[],
): SaState => ({
  ...sa,
  childSas: sa.childSas.map((child) => ({
    ...child,
    sent: rules.sendBeyond?.(child.sent, numberOf(received, child)) ?? child.sent,
  })),
});

/** The first draft. What a member goes on with, once it was answered. */
export const afterCountersAnswered = (
  rules: ReplayCounterSync,
  sa: SaState,
  sent: readonly SaCounter[],
): SaState => ({
  ...sa,
  childSas: sa.childSas.map((child) => ({
    ...child,
    received:
      rules.acceptBeyond?.(child.received, child.replayWindow, numberOf(sent, child)) ?? child.received,
  })),
});

const numberOf = (counters: readonly SaCounter[], { spi }: ChildSa): number =>
  counters.find((each) => each.spi === spi)?.number ?? 0;

/** The first draft: what the peer says it has sent is no longer accepted. */
export const withCounters = ({ replaySync }: Revision, { perSa }: SyncResponse, step: Step): Step =>
  step.enabled && perSa !== undefined && replaySync !== null
    ? { ...step, member: { ...step.member, sa: afterCountersAnswered(replaySync, step.member.sa, perSa) } }
    : step;
