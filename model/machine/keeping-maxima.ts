/** What a member makes of a state sync that may be older than what it knows (`state-sync-receipt=keep-maximum`). */
import type { ChildSa, SaState } from '../state/member.ts';

/**
 * The newer of the two states, with the higher of each counter, and of all that the member was told: M1 and P1, the
 * Failover Count, the ESP counters. Counters of another IKE SA say nothing; then the copy counts.
 */
export function keepingMaxima(known: SaState, copy: SaState): SaState {
  if (known.ikeSa !== copy.ikeSa) return copy;
  const newer = isBehind(copy, known) ? known : copy;
  const higher = (of: (sa: SaState) => number): number => Math.max(of(known), of(copy));
  const m1Seen = higher((sa) => sa.m1Seen ?? -1);
  const ivsSpent = higher((sa) => sa.ivsSpent ?? 0);
  const expectedReceive = higher((sa) => sa.expectedReceive);
  const p1Sent = higher((sa) => sa.p1Sent ?? 0);
  const { p1Sent: _, ...rest } = newer;
  return {
    ...rest,
    expectedSend: higher((sa) => sa.expectedSend),
    expectedReceive,
    highestSeen: higher((sa) => sa.highestSeen),
    m1Sent: higher((sa) => sa.m1Sent),
    failoverCount: higher((sa) => sa.failoverCount),
    failoverCountSeen: higher((sa) => sa.failoverCountSeen),
    ...(m1Seen < 0 ? {} : { m1Seen }),
    ...(ivsSpent === 0 ? {} : { ivsSpent }),
    ...(p1Sent > expectedReceive ? { p1Sent } : {}),
    childSas: newer.childSas.map((child) => {
      const other = (newer === known ? copy : known).childSas.find(({ spi }) => spi === child.spi);
      return other === undefined ? child : withHigherNumbers(child, other);
    }),
  };
}

/** Whether the counters of IKE show one state to be older than another. What a member was told shows nothing. */
const isBehind = (one: SaState, other: SaState): boolean =>
  one.expectedSend < other.expectedSend ||
  one.expectedReceive < other.expectedReceive ||
  one.highestSeen < other.highestSeen;

/** A Child SA that sends no number again, nor accepts one, that one of the two states has as used. */
function withHigherNumbers(child: ChildSa, other: ChildSa): ChildSa {
  const { replayWindow } = child;
  const highest = Math.max(child.received.highest, other.received.highest);
  const seen = [...new Set([...child.received.seen, ...other.received.seen])];
  return {
    ...child,
    sent: Math.max(child.sent, other.sent),
    received: {
      ...child.received,
      highest,
      seen: seen.filter((number) => number > highest - replayWindow).sort((a, b) => a - b),
    },
  };
}
