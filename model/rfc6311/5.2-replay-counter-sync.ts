/**
 * RFC 6311, 5.2, "Processing Rules for IPsec Replay Counter Synchronization": after a failover, all outgoing ESP
 * counters are advanced past whatever may have been used: the newly active member's own by itself, the peer's by a
 * delta that it is sent, beside IKEV2_MESSAGE_ID_SYNC or in a request of its own.
 *
 * First the rules, one small function each; then what becomes of the Child SAs, and what a peer does with a delta.
 */
import type { ReplayCounterSync } from '../catalogue.ts';
import { afterCountersAsked, countersSent } from '../ipsecha-00/per-sa-counters.ts';
import { confirmDelta } from '../ipsecha-01/solution.ts';
import type { Revision } from '../revisions/revision.ts';
import { rule } from '../rule.ts';
import type { Policies } from '../settings/settings.ts';
import type { ChildSa, SaState } from '../state/member.ts';
import type { Endpoint, Request, SyncRequest } from '../state/messages.ts';
import { largestNumber, type MessageId } from '../state/numbers.ts';
import { closedUpTo, type ReplayWindow } from '../state/replay-window.ts';
import type { Step } from '../state/step.ts';

/** RFC 6311, 5.2. An outgoing counter of the member that took over. */
export const ownBump = rule(
  {
    id: 'RFC6311-5.2-OWN-BUMP',
    part: 'replaySync',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'B',
    title: 'The newly active member advances its own outgoing counters',
    says: 'The newly active member raises its outgoing sequence numbers of all Child SAs beyond anything that the failed member can have used. No message is needed for it.',
    returns: 'number',
    seenBy: 'nobody',
    absent: (sent) => sent,
  },
  (sent: number, delta: number): number => sent + delta,
);

/** RFC 6311, 5.2. An outgoing counter of the peer, once it was told the delta. */
export const peerDelta = rule(
  {
    id: 'RFC6311-5.2-PEER-DELTA',
    part: 'replaySync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'B',
    title: 'The peer adds the delta to its outgoing counters',
    says: 'The receiver of IPSEC_REPLAY_COUNTER_SYNC adds the delta to its outgoing sequence numbers of all Child SAs under the IKE SA.',
    returns: 'number',
    seenBy: 'contents',
    convictedBy: 'either',
    absent: (sent) => sent,
  },
  (sent: number, delta: number): number => sent + delta,
);

/** RFC 6311, 5.2. What the member that took over accepts from then on. */
export const windowAfterFailover = rule(
  {
    id: 'RFC6311-5.2-IN-WINDOW',
    part: 'replaySync',
    level: 'open',
    actor: 'newly active member',
    confidence: 'D',
    title: 'The incoming windows of the newly active member',
    says: 'Until the peer has applied the delta, the newly active member cannot tell a replay from a fresh packet. What it does, the text leaves open: it moves its windows up by the delta, and so drops whatever the peer sends before it applies the delta; or it keeps the windows of its snapshot.',
    returns: 'value',
    seenBy: 'nobody',
    absent: (window) => window,
  },
  (window: ReplayWindow, size: number, delta: number, inWindow: Policies['inWindow']): ReplayWindow =>
    inWindow === 'advance' ? closedUpTo(window, size, window.highest + delta) : window,
);

/** RFC 6311, 5.2. How far the counters are advanced when a request that was answered comes again. */
export const deltaOfRepeated = rule(
  {
    id: 'RFC6311-5.2-ONCE',
    part: 'replaySync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'D',
    title: 'A retransmission does not add the delta twice',
    says: 'A request that is sent again, and answered by the response that was kept, does not advance the counters a second time.',
    returns: 'number',
    seenBy: 'contents',
    convictedBy: 'either',
    absent: (delta) => delta,
  },
  (_delta: number): number => 0,
);

/** RFC 6311, 5.2. Whether a counter may be advanced to a number. */
export const mayAdvanceTo = rule(
  {
    id: 'RFC6311-5.2-NO-CYCLE',
    part: 'replaySync',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'A counter is not advanced past its maximum',
    says: 'Where the delta would take a counter past its maximum, it is not advanced: the Child SA is closed, and has to be established anew.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'either',
    leavesNoMark: true,
    absent: () => true,
  },
  (number: number, largest: number): boolean => number <= largest,
);

/** RFC 6311, 5.2. What the other members know once one of them took over. */
export const tellBump = rule(
  {
    id: 'RFC6311-5.2-BUMP-SHARED',
    part: 'replaySync',
    level: 'open',
    actor: 'newly active member',
    confidence: 'D',
    title: 'The other members are told how far the counters were advanced',
    says: 'The newly active member advances its counters beyond what its predecessors can have used; so whoever takes over from it has to know how far. Whether the other members are told, the text leaves open.',
    returns: 'value',
    seenBy: 'nobody',
    leavesNoMark: true,
    absent: (known) => known,
  },
  (known: ChildSa, told: ChildSa): ChildSa => ({
    ...known,
    sent: Math.max(known.sent, told.sent),
    received: closedUpTo(known.received, known.replayWindow, told.received.highest),
  }),
);

/** RFC 6311, 5.2. Whether a message of a replay counter sync on its own is as one should be. */
export const isStandaloneInOrder = rule(
  {
    id: 'RFC6311-5.2-STANDALONE',
    part: 'replaySync',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'Replay counter sync on its own is an ordinary exchange',
    says: 'IPSEC_REPLAY_COUNTER_SYNC without IKEV2_MESSAGE_ID_SYNC is sent in an ordinary INFORMATIONAL request with the next Message ID of its sender, which is not zero; the response is empty.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'contradiction',
    leavesNoMark: true,
    absent: null,
  },
  (message: { readonly id: MessageId; readonly response: boolean; readonly payloads: number }): boolean =>
    message.id !== 0 && (!message.response || message.payloads === 0),
);

/** The Child SAs of the member that took over. Those whose counters are at their end are closed. */
export const afterOwnBump = (
  rules: ReplayCounterSync,
  sa: SaState,
  delta: number,
  inWindow: Policies['inWindow'],
): SaState =>
  advanced(rules, sa, (child) => ({
    ...child,
    sent: rules.ownBump(child.sent, delta),
    received: rules.windowAfterFailover(child.received, child.replayWindow, delta, inWindow),
  }));

/** The Child SAs of the peer, once it was told the delta. Those whose counters are at their end are closed. */
export const afterPeerDelta = (rules: ReplayCounterSync, sa: SaState, delta: number): SaState =>
  advanced(rules, sa, (child) => ({ ...child, sent: rules.peerDelta(child.sent, delta) }));

const advanced = (rules: ReplayCounterSync, sa: SaState, change: (child: ChildSa) => ChildSa): SaState => ({
  ...sa,
  childSas: sa.childSas.map(change).flatMap((child) => {
    const largest = largestNumber(child.esn);
    if (rules.mayAdvanceTo(child.sent, largest))
      return [child.sent > largest ? cycled(child, largest) : child];
    return [];
  }),
});

/** What becomes of a counter that is advanced past its maximum all the same. */
const cycled = (child: ChildSa, largest: number): ChildSa => ({ ...child, sent: child.sent - largest });

/** What another member knows of the Child SAs, once one took over and told it. */
export const afterTellingBump = (rules: ReplayCounterSync, snapshot: SaState, told: SaState): SaState => ({
  ...snapshot,
  childSas: snapshot.childSas.map((known) => {
    const child = told.childSas.find(({ spi }) => spi === known.spi);
    return child === undefined ? known : rules.tellBump(known, child);
  }),
});

/** What a request asks of the outgoing ESP counters is done, if it was accepted; but only once (RFC 6311, 5.2). */
export function withDelta(
  revision: Revision,
  by: Endpoint,
  request: Request | SyncRequest,
  step: Step,
): Step {
  const rules = revision.replaySync;
  if (!step.enabled || rules === null) return step;
  const { sa } = step.member;
  if (!rules.isReplaySyncNegotiated(sa)) return step;
  if (request.kind === 'sync-request' && request.perSa !== undefined) {
    const counted = afterCountersAsked(rules, sa, request.perSa);
    const perSa = countersSent(counted);
    return {
      ...step,
      member: { ...step.member, sa: counted },
      sent: step.sent.map((message) => (message.kind === 'sync-response' ? { ...message, perSa } : message)),
    };
  }
  const asked = deltaIn(request);
  if (asked === undefined) return step;
  // A request that is answered again was processed before.
  const isFirst = step.answer === 'anew';
  const delta = isFirst ? asked : rules.deltaOfRepeated(asked);
  if (!isFirst && delta === 0) return { ...step, rules: [...step.rules, deltaOfRepeated.text.id] };
  const confirmed = rules.confirmDelta?.(delta);
  return {
    ...step,
    member: { ...step.member, sa: afterPeerDelta(rules, sa, delta) },
    sent: step.sent.map((message) =>
      message.kind === 'sync-response' && confirmed !== undefined
        ? { ...message, delta: confirmed }
        : message,
    ),
    observations: [
      ...step.observations,
      {
        kind: 'delta-applied',
        by,
        request: request.kind === 'request' ? request.content : request.nonce,
        announced: sa.announcedReplayCounters,
      },
    ],
    rules: [...step.rules, peerDelta.text.id, ...(confirmed === undefined ? [] : [confirmDelta.text.id])],
  };
}

const deltaIn = (request: Request | SyncRequest): number | undefined => {
  if (request.kind === 'sync-request') return request.delta;
  return request.asks?.kind === 'replay-counter-sync' ? request.asks.delta : undefined;
};
