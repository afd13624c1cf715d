/**
 * Ablation: a revision with one rule replaced by its absence, so that one can ask what the rule is there for.
 */

import type { RuleId } from '../catalogue.ts';
import type { OrdinaryEsp } from '../rfc4303/3-esp-packets.ts';
import type { ReplayCounterSync } from '../rfc6311/5.2-replay-counter-sync.ts';
import type { CounterSync } from '../rfc6311/counter-sync.ts';
import type { OrdinaryIke } from '../rfc7296/2-requests-and-responses.ts';
import type { Revision } from './revision.ts';

/** What fills the slots of a rule, in one part of a revision. */
type Absence =
  | { readonly ike: Partial<OrdinaryIke> }
  | { readonly esp: Partial<OrdinaryEsp> }
  | { readonly counterSync: Partial<CounterSync> }
  | { readonly replaySync: Partial<ReplayCounterSync> };

/**
 * What remains when a rule is left out. Not listed: rules on the form of messages, which the model's own boxes never
 * break.
 */
const absences: Readonly<Partial<Record<RuleId, Absence>>> = {
  // Requests are processed whatever their number.
  'RFC7296-2.3-EXPECTED-ID': { ike: { isExpected: () => true } },
  // A retransmission is not known as one.
  'RFC7296-2.1-RETRANSMISSION': { ike: { isRetransmission: () => false } },
  // Whatever response comes first is taken.
  'RFC7296-2.1-RESPONSE-MATCH': { ike: { answersOutstanding: (sa) => sa.outstanding.length > 0 } },
  // Every new request has the number 0.
  'RFC7296-2.2-NEXT-ID': { ike: { nextRequestId: () => 0 } },
  // What is known to have been used does not count: M1 is only advanced from 0.
  'RFC6311-5.1-M1-FRESH': { counterSync: { lowestM1: () => 0 } },
  // As many requests under way as one likes.
  'RFC7296-2.3-WINDOW': { ike: { windowHasRoom: () => true } },
  // Every response has the number 0.
  'RFC7296-2.2-RESPONSE-ID': { ike: { responseId: () => 0 } },
  // After the last number comes the first.
  'RFC7296-2.2-NO-WRAP': { ike: { messageIdExists: () => true } },
  'RFC4303-3.3.3-NEVER-REPEAT': { esp: { isFreshNumber: () => true } },
  // The counter stays where it is.
  'RFC4303-3.3.3-NEXT-NUMBER': { esp: { nextNumber: (sa) => sa.last } },
  'RFC4303-3.4.3-ANTI-REPLAY': { esp: { isNewInWindow: () => true } },
  // The upper half is taken for 0.
  'RFC4303-2.2.1-ESN': { esp: { inferNumber: (_window, _size, lower) => lower } },
  // What one end announced, or neither, is used all the same.
  'RFC6311-5-NEGOTIATED': { counterSync: { isNegotiated: () => true } },
  'RFC6311-5-REPLAY-NEGOTIATED': { replaySync: { isReplaySyncNegotiated: () => true } },
  'RFC6311-5.2-OWN-BUMP': { replaySync: { ownBump: (sent) => sent } },
  'RFC6311-5.2-PEER-DELTA': { replaySync: { peerDelta: (sent) => sent } },
  'RFC6311-5.2-IN-WINDOW': { replaySync: { windowAfterFailover: (window) => window } },
  'RFC6311-5.2-ONCE': { replaySync: { deltaOfRepeated: (delta) => delta } },
  'RFC6311-5.2-NO-CYCLE': { replaySync: { mayAdvanceTo: () => true } },
  'RFC6311-5.2-BUMP-SHARED': { replaySync: { tellBump: (known) => known } },
  'RFC6311-5.1-M1-BUMP': { counterSync: { chooseM1: (lowest) => lowest } },
  'RFC6311-5.1-P1': { counterSync: { chooseP1: () => 0 } },
  'RFC6311-5.1-M1-SHARED': { counterSync: { tellM1: (snapshot) => snapshot } },
  'RFC6311-5.1-DROP-STALE': { counterSync: { isStale: () => false } },
  // The peer only repeats what it was told.
  'RFC6311-5.1-P2': { counterSync: { chooseP2: (_sa, p1) => p1 } },
  'RFC6311-5.1-M2': { counterSync: { chooseM2: (sa) => sa.expectedReceive } },
  // The response carries a nonce that nobody sent.
  'RFC6311-5.1-NONCE-ECHO': { counterSync: { echoNonce: () => -1 } },
  'RFC6311-5.1-NONCE-CHECK': { counterSync: { nonceMatches: () => true } },
  'RFC6311-5.1-ADOPT': { counterSync: { adopt: (sa) => sa } },
  'RFC6311-8.1-PENDING-IKE': { counterSync: { dropPending: (sa) => sa } },
  // Every sync request carries the count that was known before the failover.
  'IPSECHA01-FC-CARRY': { counterSync: { nextCount: (known) => known } },
  'IPSECHA01-FC-OBSERVED': { counterSync: { isObserved: () => false } },
  // Nobody tells anybody: each member counts for itself.
  'IPSECHA01-FC-MEMBERS': { counterSync: { hearsCount: () => false } },
  // Nothing is taken for observed.
  'IPSECHA01-FC-INITIAL': { counterSync: { initialCount: () => -1 } },
};

/** Ids of the rules that can be left out of a revision. */
export const ablatable = (revision: Revision): readonly string[] =>
  Object.entries(absences)
    .filter(([, absence]) => isPartOf(revision, absence))
    .map(([id]) => id);

/** Whether the revision has what is to be replaced. */
function isPartOf({ counterSync, replaySync }: Revision, absence: Absence): boolean {
  if ('ike' in absence || 'esp' in absence) return true;
  const [part, slots] =
    'counterSync' in absence ? [counterSync, absence.counterSync] : [replaySync, absence.replaySync];
  return part !== null && Object.keys(slots).every((slot) => slot in part);
}

/** The revision without a rule; undefined if the rule is not part of it, or shapes no step. */
export function without(revision: Revision, ruleId: string): Revision | undefined {
  const absence = Object.entries(absences).find(([id]) => id === ruleId)?.[1];
  if (absence === undefined || !isPartOf(revision, absence)) return undefined;
  const name = `${revision.name} without ${ruleId}`;
  const { ike, esp, counterSync, replaySync } = revision;
  if ('ike' in absence) return { ...revision, name, ike: { ...ike, ...absence.ike } };
  if ('esp' in absence) return { ...revision, name, esp: { ...esp, ...absence.esp } };
  if ('counterSync' in absence) {
    return counterSync === null
      ? undefined
      : { ...revision, name, counterSync: { ...counterSync, ...absence.counterSync } };
  }
  return replaySync === null
    ? undefined
    : { ...revision, name, replaySync: { ...replaySync, ...absence.replaySync } };
}
