/**
 * A hot-standby cluster: state sync and failover. At most one member is active.
 */
import { type CounterSync, sendSyncRequest } from './counter-sync.ts';
import { afterStateSync, afterTakeover, countFailover } from './failover-count.ts';
import { type ActiveMember, establishedSa, type Member, type SaState } from './member.ts';
import type { Endpoint } from './messages.ts';
import type { Policies } from './policies.ts';
import type { Revision } from './revisions/revision.ts';
import { type Step, taken } from './step.ts';

/** What a state sync hands over. What the active member still waits for in a sync of its own is not part of it. */
export const snapshotOf = (member: ActiveMember): SaState => member.sa;

/** A standby, or a member that comes back, receives a state sync and holds the snapshot from then on. */
export const receiveStateSync = (
  { counterSync }: Revision,
  { failoverCount }: Pick<Policies, 'failoverCount'>,
  member: Member,
  snapshot: SaState,
): Extract<Member, { role: 'standby' }> => ({
  role: 'standby',
  snapshot:
    counterSync === null
      ? snapshot
      : afterStateSync(counterSync, failoverCount, countKnownTo(member), snapshot),
});

/** Who went down forgot what it had counted, and begins again with what it knew when the SA was established. */
const countKnownTo = (member: Member): number =>
  (member.role === 'standby' ? member.snapshot : establishedSa()).failoverCount;

/**
 * A member becomes active with the snapshot that it holds. With counter sync it first asks the peer for the
 * counters; without, or where it was not negotiated, it just goes on (RFC 6027, 3.3).
 */
export function takeOver(
  revision: Revision,
  by: Endpoint,
  snapshot: SaState,
  policies: Pick<Policies, 'bump'>,
  nonce: number,
): Step {
  const { counterSync } = revision;
  if (counterSync === null || !counterSync.isNegotiated(snapshot)) return goOn(snapshot);
  const counted = countFailover(counterSync, snapshot);
  const step = sendSyncRequest(counterSync, by, counted, { nonce, bump: policies.bump });
  if (!step.enabled || counterSync.nextCount === undefined) return step;
  const count = counted.failoverCount;
  return { ...step, observations: [...step.observations, { kind: 'failover-counted', by, count }] };
}

/** A member becomes active and goes on from its snapshot as if nothing had happened. */
export const goOn = (snapshot: SaState): Step => taken({ role: 'active', sa: snapshot, sync: null }, []);

/** The other members, once the newly active one has sent `m1`. */
export const afterTelling = (rules: CounterSync, member: Member, m1: number): Member =>
  member.role === 'standby' ? { role: 'standby', snapshot: rules.tellM1(member.snapshot, m1) } : member;

/** The other members, once the newly active one has sent `count`. */
export const afterCounting = (
  rules: CounterSync,
  policy: Policies['failoverCount'],
  member: Member,
  count: number,
): Member =>
  member.role === 'standby'
    ? { role: 'standby', snapshot: afterTakeover(rules, policy, member.snapshot, count) }
    : member;
