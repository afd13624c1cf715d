/**
 * IPSEC_REPLAY_COUNTER_SYNC (RFC 6311, 5.2): after a failover, all outgoing ESP counters are advanced past
 * whatever may have been used: the newly active member's own by itself, the peer's by a delta that it is told,
 * beside IKEV2_MESSAGE_ID_SYNC or in a request of its own.
 *
 * First the rules, one small function each; then what becomes of the Child SAs.
 */
import { largestNumber } from '../rfc4303/3-esp-packets.ts';
import { rule } from '../rule.ts';
import type { Policies } from '../settings/policies.ts';
import type { Announced, ChildSa, SaState } from '../state/member.ts';
import type { SaCounter } from '../state/messages.ts';
import { closedUpTo, type ReplayWindow } from '../state/replay-window.ts';

/** RFC 6311, 5. Whether IPSEC_REPLAY_COUNTER_SYNC may be used on this IKE SA. */
export const isReplaySyncNegotiated = rule(
  {
    id: 'RFC6311-5-REPLAY-NEGOTIATED',
    document: 'RFC6311',
    section: '5',
    level: 'MUST',
    actor: 'both',
    confidence: 'B',
    title: 'No replay counter sync without negotiation',
    says: 'IPSEC_REPLAY_COUNTER_SYNC is neither sent, nor acted on, unless both ends announced IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED in IKE_AUTH. Either of the two notifications can be negotiated without the other.',
  },
  (sa: { readonly announcedReplayCounters: Announced }): boolean =>
    sa.announcedReplayCounters.own && sa.announcedReplayCounters.other,
);

/** RFC 6311, 5.2. An outgoing counter of the member that took over. */
export const ownBump = rule(
  {
    id: 'RFC6311-5.2-OWN-BUMP',
    document: 'RFC6311',
    section: '5.2',
    level: 'MUST',
    actor: 'newly active member',
    confidence: 'B',
    title: 'The newly active member advances its own outgoing counters',
    says: 'The newly active member raises its outgoing sequence numbers of all Child SAs beyond anything that the failed member can have used. No message is needed for it.',
  },
  (sent: number, delta: number): number => sent + delta,
);

/** RFC 6311, 5.2. An outgoing counter of the peer, once it was told the delta. */
export const peerDelta = rule(
  {
    id: 'RFC6311-5.2-PEER-DELTA',
    document: 'RFC6311',
    section: '5.2',
    level: 'MUST',
    actor: 'peer',
    confidence: 'B',
    title: 'The peer adds the delta to its outgoing counters',
    says: 'The receiver of IPSEC_REPLAY_COUNTER_SYNC adds the delta to its outgoing sequence numbers of all Child SAs under the IKE SA.',
  },
  (sent: number, delta: number): number => sent + delta,
);

/** RFC 6311, 5.2. What the member that took over accepts from then on. */
export const windowAfterFailover = rule(
  {
    id: 'RFC6311-5.2-IN-WINDOW',
    document: 'RFC6311',
    section: '5.2',
    level: 'open',
    actor: 'newly active member',
    confidence: 'D',
    title: 'The incoming windows of the newly active member',
    says: 'Until the peer has applied the delta, the newly active member cannot tell a replay from a fresh packet. What it does, the text leaves open: it moves its windows up by the delta, and so drops whatever the peer sends before it applies the delta; or it keeps the windows of its snapshot.',
  },
  (window: ReplayWindow, size: number, delta: number, inWindow: Policies['inWindow']): ReplayWindow =>
    inWindow === 'advance' ? closedUpTo(window, size, window.highest + delta) : window,
);

/** RFC 6311, 5.2. How far the counters are advanced when a request that was answered comes again. */
export const deltaOfRepeated = rule(
  {
    id: 'RFC6311-5.2-ONCE',
    document: 'RFC6311',
    section: '5.2',
    level: 'MUST',
    actor: 'peer',
    confidence: 'D',
    title: 'A retransmission does not add the delta twice',
    says: 'A request that is sent again, and answered by the response that was kept, does not advance the counters a second time.',
  },
  (_delta: number): number => 0,
);

/** RFC 6311, 5.2. Whether a counter may be advanced to a number. */
export const mayAdvanceTo = rule(
  {
    id: 'RFC6311-5.2-NO-CYCLE',
    document: 'RFC6311',
    section: '5.2',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'A counter is not advanced past its maximum',
    says: 'Where the delta would take a counter past its maximum, it is not advanced: the Child SA is closed, and has to be established anew.',
  },
  (number: number, largest: number): boolean => number <= largest,
);

/** RFC 6311, 5.2. What the other members know once one of them took over. */
export const tellBump = rule(
  {
    id: 'RFC6311-5.2-BUMP-SHARED',
    document: 'RFC6311',
    section: '5.2',
    level: 'open',
    actor: 'newly active member',
    confidence: 'D',
    title: 'The other members are told how far the counters were advanced',
    says: 'The newly active member advances its counters beyond what its predecessors can have used; so whoever takes over from it has to know how far. Whether the other members are told, the text leaves open.',
  },
  (known: ChildSa, told: ChildSa): ChildSa => ({
    ...known,
    sent: Math.max(known.sent, told.sent),
    received: closedUpTo(known.received, known.replayWindow, told.received.highest),
  }),
);

/** The slides, "Solution (1)". What the response says of the delta. */
export const confirmDelta = rule(
  {
    id: 'IPSECHA01-DELTA-CONFIRMED',
    document: 'IPSECHA01',
    section: 'Solution (1)',
    level: 'MAY',
    actor: 'peer',
    confidence: 'B',
    title: 'The sync response carries the notification as well',
    says: 'In the slides both directions of the exchange can carry IPSEC_REPLAY_COUNTER_SYNC. What it says in the response they do not tell; here it repeats the delta that was applied.',
  },
  (delta: number): number => delta,
);

/** The rules of replay counter sync, as a revision holds them. */
export const replayCounterSync = {
  isReplaySyncNegotiated,
  ownBump,
  peerDelta,
  windowAfterFailover,
  deltaOfRepeated,
  mayAdvanceTo,
  tellBump,
};

/** Each slot can be filled by another function of the same form. */
export type ReplayCounterSync = {
  readonly [Slot in keyof typeof replayCounterSync]: (
    ...args: Parameters<(typeof replayCounterSync)[Slot]>
  ) => ReturnType<(typeof replayCounterSync)[Slot]>;
} & {
  /** Absent where the response says nothing of the delta. */
  readonly confirmDelta?: (delta: number) => number;
};

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
