/**
 * Ablation: a revision with one rule replaced by its absence, so that one can ask what the rule is there for.
 */
import type { CounterSync } from '../counter-sync.ts';
import type { OrdinaryIke } from '../ike.ts';
import type { RuleId } from '../rules/catalogue.ts';
import type { Revision } from './revision.ts';

type Absence = { readonly ike: Partial<OrdinaryIke> } | { readonly counterSync: Partial<CounterSync> };

/**
 * What remains when a rule is left out. Not listed: rules on the form of messages and on negotiation, which the
 * model's own boxes never break, and those that say what a number is (windows, response ids, no wrapping).
 */
const absences: Readonly<Partial<Record<RuleId, Absence>>> = {
  // Requests are processed whatever their number.
  'RFC7296-2.3-EXPECTED-ID': { ike: { isExpected: () => true } },
  // A retransmission is not known as one.
  'RFC7296-2.1-RETRANSMISSION': { ike: { isRetransmission: () => false } },
  // Whatever response comes first is taken.
  'RFC7296-2.1-RESPONSE-MATCH': { ike: { answersOutstanding: (sa) => sa.outstanding !== null } },
  // Every new request has the number 0.
  'RFC7296-2.2-NEXT-ID': { ike: { nextRequestId: () => 0 } },
  // What is known to have been used does not count: M1 is only advanced from 0.
  'RFC6311-5.1-M1-FRESH': { counterSync: { lowestM1: () => 0 } },
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
const isPartOf = ({ counterSync }: Revision, absence: Absence): boolean =>
  'ike' in absence ||
  (counterSync !== null && Object.keys(absence.counterSync).every((slot) => slot in counterSync));

/** The revision without a rule; undefined if the rule is not part of it, or shapes no step. */
export function without(revision: Revision, ruleId: string): Revision | undefined {
  const absence = Object.entries(absences).find(([id]) => id === ruleId)?.[1];
  if (absence === undefined || !isPartOf(revision, absence)) return undefined;
  const name = `${revision.name} without ${ruleId}`;
  if ('ike' in absence) return { ...revision, name, ike: { ...revision.ike, ...absence.ike } };
  if (revision.counterSync === null) return undefined;
  return { ...revision, name, counterSync: { ...revision.counterSync, ...absence.counterSync } };
}
