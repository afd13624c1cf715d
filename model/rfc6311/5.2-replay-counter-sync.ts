/**
 * RFC 6311, 5.2, "Processing Rules for IPsec Replay Counter Synchronization": after a failover, all outgoing ESP
 * counters are advanced past whatever may have been used: the newly active member's own by itself, the peer's by a
 * delta that it is sent, beside IKEV2_MESSAGE_ID_SYNC or in a request of its own. Section 2 counts the replay
 * counter of AH among these counters: it has the same rules, so ESP stands for both here.
 *
 * First the rules, one small function each; then what becomes of the Child SAs, and what a peer does with a delta.
 * What the newly active member accepts meanwhile is in section 8.2.
 */
import type { ReplayCounterSync } from '../catalogue.ts';
import { afterCountersAsked, countersSent } from '../ipsecha-00/per-sa-counters.ts';
import { confirmDelta } from '../ipsecha-01/solution.ts';
import type { Revision } from '../revisions/revision.ts';
import { rule } from '../rule.ts';
import type { Advances, Policies } from '../settings/settings.ts';
import type { ActiveMember, ChildSa, SaState } from '../state/member.ts';
import type { Endpoint, Request, SyncRequest } from '../state/messages.ts';
import { largestNumber, type MessageId } from '../state/numbers.ts';
import { closedUpTo } from '../state/replay-window.ts';
import { type Step, taken } from '../state/step.ts';

/** RFC 6311, 5.2, paragraph 1. An outgoing counter of the member that took over. */
export const ownBump = rule(
  {
    id: 'RFC6311-5.2-OWN-BUMP',
    part: 'replaySync',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'A',
    title: 'The newly active member advances its own outgoing counters',
    says: 'Upon failover the newly active member advances the replay counters that it sends with, of all Child SAs as we read it, so that the peer does not drop its packets as replays. How far is its estimate, from bandwidth and the frequency of state syncs; where that is difficult, a very large number. This needs no message, and no announcement by either end.',
    formerly:
      'It asked for a number beyond anything that the failed member can have used; the text asks for an estimate.',
    returns: 'number',
    seenBy: 'nobody',
    absent: (sent) => sent,
  },
  (sent: number, bump: number): number => sent + bump,
);

/** RFC 6311, 5.2, paragraph 1. Whether the Child SAs are rekeyed after a failover. */
export const rekeysAfterSkip = rule(
  {
    id: 'RFC6311-5.2-REKEY-AFTER-SKIP',
    part: 'replaySync',
    level: 'SHOULD',
    actor: 'newly active member',
    confidence: 'A',
    title: 'A very large skip is followed by a rekeying',
    says: 'Where no estimate was possible and a counter was advanced by a very large number, a rekeying follows shortly, so that the counter never overflows. (RFC 6027, 3.5 names a rekeying of all Child SAs after a failover as a way out of its own, whatever the skip was. The text does not say how large is very large, nor how soon is shortly; that the newly active member begins it is our reading.)',
    returns: 'truth',
    // An exchange that rekeys can be seen; that none follows may be the end of the trace.
    seenBy: 'nobody',
    leavesNoMark: true,
    absent: () => false,
  },
  (afterFailover: Policies['afterFailover']): boolean => afterFailover === 'rekey',
);

/** RFC 6311, 5.2, paragraph 3. Whether the delta beside a Message ID notification is added. */
export const addsDeltaOf = rule(
  {
    id: 'RFC6311-5.2-ORDER',
    part: 'replaySync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'Of the two notifications in one message, the one on Message IDs is processed first',
    says: 'Where IPSEC_REPLAY_COUNTER_SYNC comes beside IKEV2_MESSAGE_ID_SYNC, the peer processes the latter first; if that has the message dropped as a replay, the whole message is dropped, and the delta with it.',
    returns: 'truth',
    // A trace shows a delta that is added twice; that is a matter of ONCE.
    seenBy: 'nobody',
    leavesNoMark: true,
    // Whatever becomes of the Message IDs.
    absent: () => true,
  },
  (messageIds: 'accepted' | 'dropped'): boolean => messageIds === 'accepted',
);

/** RFC 6311, 5.2, paragraph 3. An outgoing counter of the peer, once it has the delta. */
export const peerDelta = rule(
  {
    id: 'RFC6311-5.2-PEER-DELTA',
    part: 'replaySync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'The peer adds the delta to its outgoing counters',
    says: 'The peer advances its outgoing replay counters of all Child SAs of the IKE SA by the amount that the cluster asks for, in whichever message it asks (5.2 has the MUST for the message with both notifications; 6.4 states it of each).',
    returns: 'number',
    seenBy: 'contents',
    convictedBy: 'complete observation',
    absent: (sent) => sent,
  },
  (sent: number, delta: number): number => sent + delta,
);

/** RFC 6311, 5.2. How far the counters are advanced when a request that was answered comes again. */
export const deltaOfRepeated = rule(
  {
    id: 'RFC6311-5.2-ONCE',
    part: 'replaySync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'A repeated request does not advance the counters again',
    says: 'An IPSEC_REPLAY_COUNTER_SYNC that comes again advances nothing: in a retransmitted request, which a responder ignores except that it sends its response again (RFC 7296, 2.1), or in a sync request that is stale (5.1).',
    formerly: 'It spoke of retransmissions alone; a stale sync request advances nothing either.',
    returns: 'number',
    seenBy: 'contents',
    convictedBy: 'complete observation',
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
    confidence: 'A',
    title: 'A counter is not advanced past its maximum',
    says: 'A counter never cycles (RFC 4303, 3.3.3, a MUST NOT); where the amount asked for would make it cycle, the MUST of 5.2 to advance it cannot be kept. The text does not say what is done instead; here the Child SA is closed, and a new one has to be set up (RFC 4303, 2.2).',
    formerly: 'It gave the closing of the Child SA as what the text asks for; that is our reading.',
    returns: 'truth',
    seenBy: 'contents',
    leavesNoMark: true,
    absent: () => true,
  },
  (number: number, largest: number): boolean => number <= largest,
);

/** RFC 6311, 5.2. What the other members know once one of them has taken over. */
export const tellBump = rule(
  {
    id: 'RFC6311-5.2-BUMP-SHARED',
    part: 'replaySync',
    level: 'open',
    actor: 'newly active member',
    confidence: 'D',
    title: 'The other members are informed how far the counters were advanced',
    says: 'The newly active member advances its counters beyond what its predecessors can have used; so a member that takes over from it has to know how far. No clause asks that the others are informed of it: 5.1 asks this of M1 and P1 only, though section 2 has failovers in succession in mind.',
    returns: 'value',
    seenBy: 'nobody',
    leavesNoMark: true,
    absent: (known) => known,
  },
  (known: ChildSa, used: ChildSa): ChildSa => ({
    ...known,
    sent: Math.max(known.sent, used.sent),
    received: closedUpTo(known.received, known.replayWindow, used.received.highest),
  }),
);

/** RFC 6311, 5, case 2. Whether a message of a replay counter sync on its own is as one should be. */
export const isStandaloneInOrder = rule(
  {
    id: 'RFC6311-5.2-STANDALONE',
    part: 'replaySync',
    level: 'stated',
    actor: 'both',
    confidence: 'A',
    title: 'Replay counter sync on its own is an ordinary exchange',
    says: 'IPSEC_REPLAY_COUNTER_SYNC without IKEV2_MESSAGE_ID_SYNC goes into an ordinary INFORMATIONAL exchange under the current Message ID, which, the text adds, is not zero; the response is empty, as the figure has it. (Section 5 says so, case 2, not 5.2. If it is the first request of an original responder, the current Message ID is zero, and both halves cannot be kept.)',
    formerly: 'It was a MUST of 5.2; section 5 says it, without a keyword.',
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
  { own, window }: Pick<Advances, 'own' | 'window'>,
  inWindow: Policies['inWindow'],
): SaState =>
  advanced(rules, sa, (child) => ({
    ...child,
    sent: rules.ownBump(child.sent, own),
    received: rules.windowAfterFailover(child.received, child.replayWindow, window, inWindow),
  }));

/** The Child SAs of the peer, once it has the delta. Those whose counters are at their end are closed. */
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

/** What another member knows of the Child SAs, once one has taken over and informed it. */
export const afterTellingBump = (rules: ReplayCounterSync, snapshot: SaState, used: SaState): SaState => ({
  ...snapshot,
  childSas: snapshot.childSas.map((known) => {
    const child = used.childSas.find(({ spi }) => spi === known.spi);
    return child === undefined ? known : rules.tellBump(known, child);
  }),
});

/** What a request asks of the outgoing ESP counters is done, if it was accepted; but only once (RFC 6311, 5.2). */
export function withDelta(
  revision: Revision,
  by: Endpoint,
  member: ActiveMember,
  request: Request | SyncRequest,
  step: Step,
): Step {
  const rules = revision.replaySync;
  if (rules === null) return step;
  // Paragraph 3: the notification on Message IDs comes first, and has the whole message dropped.
  if (!step.enabled)
    return rules.addsDeltaOf('dropped') ? withDeltaAlone(rules, by, member, request, step) : step;
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

/** What happens where the order of 5.2 is not kept: the delta of a sync request that is dropped is added all the same. */
function withDeltaAlone(
  rules: ReplayCounterSync,
  by: Endpoint,
  member: ActiveMember,
  request: Request | SyncRequest,
  step: Step,
): Step {
  const delta = deltaIn(request);
  if (request.kind !== 'sync-request' || delta === undefined || !rules.isReplaySyncNegotiated(member.sa)) {
    return step;
  }
  return taken({ ...member, sa: afterPeerDelta(rules, member.sa, delta) }, [peerDelta], {
    observations: [
      {
        kind: 'delta-applied',
        by,
        request: request.nonce,
        announced: member.sa.announcedReplayCounters,
      },
    ],
  });
}

const deltaIn = (request: Request | SyncRequest): number | undefined => {
  if (request.kind === 'sync-request') return request.delta;
  return request.asks?.kind === 'replay-counter-sync' ? request.asks.delta : undefined;
};
