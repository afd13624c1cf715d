/**
 * The Failover Count of the October 2010 revision (draft-ietf-ipsecme-ipsecha-protocol-01, known from its slides):
 * what protects sync requests against replay there. RFC 6311 has no such count; its M1 must grow instead.
 *
 * How the members of a cluster agree on the count, and what count a user assumes at first access, the slides list
 * as open issues: the first is a policy, the second a rule of its own.
 */
import type { CounterSync } from '../catalogue.ts';
import { rule } from '../rule.ts';
import type { Policies } from '../settings/settings.ts';
import type { SaState } from '../state/member.ts';

/** The slides, "Resistance to Replay Attacks". The count after a failover, which the sync request carries. */
export const nextCount = rule(
  {
    id: 'IPSECHA01-FC-CARRY',
    part: 'counterSync',
    optional: true,
    slide: 'Resistance to Replay Attacks',
    level: 'stated',
    actor: 'newly active member',
    confidence: 'B',
    title: 'A sync request carries the Failover Count, which grows with each failover',
    says: 'Every sync request carries the Failover Count. The slides do not say that each failover makes it grow by one, where it begins, or whether a sync request that replaces an unanswered one has a count of its own: the first is our reading, the others are settings (first-count, fresh-count).',
    formerly:
      'It was a MUST, and had a sync request that replaces an unanswered one carry the same count: the slides say neither.',
    returns: 'number',
    seenBy: 'contents',
    convictedBy: 'complete observation',
    // Every sync request carries the count that was known before the failover.
    absent: (known) => known,
  },
  (known: number): number => known + 1,
);

/** The slides, "Resistance to Replay Attacks". Whether a count in a sync request has been observed already. */
export const isObserved = rule(
  {
    id: 'IPSECHA01-FC-OBSERVED',
    part: 'counterSync',
    optional: true,
    slide: 'Resistance to Replay Attacks',
    level: 'SHOULD',
    actor: 'peer',
    confidence: 'B',
    title: 'A sync request with an observed Failover Count is discarded',
    says: 'The peer keeps its own copy of the Failover Count, verifies that of a sync request against it, and can discard a request whose count it has observed already. That this means each count that is lower than or equal to the highest one observed is our reading.',
    formerly: 'It was a MUST; the slides only say that a request with an observed count can be discarded.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'complete observation',
    absent: () => false,
  },
  (observed: number, count: number): boolean => count <= observed,
);

/** The slides, "Issues (2)". Whether another member hears of the count of the active one on an occasion. */
export const hearsCount = rule(
  {
    id: 'IPSECHA01-FC-MEMBERS',
    part: 'counterSync',
    optional: true,
    slide: 'Issues (2)',
    level: 'open',
    actor: 'cluster',
    confidence: 'D',
    title: 'How the members of a cluster agree on the Failover Count',
    says: 'How the Failover Count is synchronised between members, the slides leave open: all know the latest at once; or it travels with the state syncs, and is as old as they are; or each member counts its own takeovers, from what it knew when the SA was established.',
    returns: 'truth',
    seenBy: 'nobody',
    leavesNoMark: true,
    // The members do not inform one another: each counts for itself.
    absent: () => false,
  },
  (policy: Policies['failoverCount'], occasion: 'takeover' | 'state-sync'): boolean =>
    policy === 'shared' || (policy === 'in-state-sync' && occasion === 'state-sync'),
);

/** The slides, "Issues (2)". The count that a user takes for observed when it first accesses the cluster. */
export const initialCount = rule(
  {
    id: 'IPSECHA01-FC-INITIAL',
    part: 'counterSync',
    optional: true,
    slide: 'Issues (2)',
    level: 'open',
    actor: 'peer',
    confidence: 'D',
    title: 'At first access the peer assumes a Failover Count of 0',
    says: 'How a user learns the latest Failover Count at first access, the slides leave open; here it assumes 0. So the first failover of the SA is new to it if that carries 1, and is not if it carries 0 (first-count).',
    formerly: 'It took the first count to be 1 or more, which the slides do not say.',
    returns: 'number',
    seenBy: 'nobody',
    leavesNoMark: true,
    // Nothing is taken for observed.
    absent: () => -1,
  },
  (): number => 0,
);

/** The rules of the Failover Count, where a revision has them. */
export type FailoverCounting = Pick<CounterSync, 'nextCount' | 'isObserved' | 'hearsCount' | 'initialCount'>;

/**
 * What a member knows of its own cluster's count before the first failover: one less than what that is to carry, so
 * -1 where the first count is 0.
 */
export const countBeforeFirst = (
  rules: Pick<FailoverCounting, 'nextCount'>,
  first: Policies['firstCount'],
): number => (rules.nextCount !== undefined && first === 'zero' ? -1 : 0);

/** The state of an SA when it is established: its own count, and what of the other end's is taken for observed. */
export const withInitialCount = (
  rules: FailoverCounting,
  first: Policies['firstCount'],
  sa: SaState,
): SaState => ({
  ...sa,
  failoverCount: countBeforeFirst(rules, first),
  failoverCountSeen: rules.initialCount === undefined ? sa.failoverCountSeen : rules.initialCount(),
});

/** The state of a member that replaces its sync request by a new one: counted as a further failover, or not. */
export const countFresh = (rules: FailoverCounting, fresh: Policies['freshCount'], sa: SaState): SaState =>
  fresh === 'new' ? countFailover(rules, sa) : sa;

/** The state of a member after it took over: one failover more, where they are counted. */
export const countFailover = (rules: FailoverCounting, snapshot: SaState): SaState =>
  rules.nextCount === undefined
    ? snapshot
    : { ...snapshot, failoverCount: rules.nextCount(snapshot.failoverCount) };

/** What a standby knows once the newly active member has sent `count`. */
export const afterTakeover = (
  rules: FailoverCounting,
  policy: Policies['failoverCount'],
  snapshot: SaState,
  count: number,
): SaState =>
  rules.hearsCount?.(policy, 'takeover') === true
    ? { ...snapshot, failoverCount: Math.max(snapshot.failoverCount, count) }
    : snapshot;

/** What a member knows after a state sync: all of the active one's state, but its count only if that travels with it. */
export const afterStateSync = (
  rules: FailoverCounting,
  policy: Policies['failoverCount'],
  known: number,
  snapshot: SaState,
): SaState =>
  rules.hearsCount === undefined || rules.hearsCount(policy, 'state-sync')
    ? snapshot
    : { ...snapshot, failoverCount: known };
