/**
 * A hot-standby cluster: state sync and failover. At most one member is active.
 */
import type { CounterSync, ReplayCounterSync } from '../catalogue.ts';
import { countersReceived } from '../ipsecha-00/per-sa-counters.ts';
import {
  afterStateSync,
  afterTakeover,
  countBeforeFirst,
  countFailover,
  countFresh,
} from '../ipsecha-01/failover-count.ts';
import type { Revision } from '../revisions/revision.ts';
import { type SyncChoice, sendSyncRequest } from '../rfc6311/5.1-message-id-sync.ts';
import { afterOwnBump, afterTellingBump, ownBump } from '../rfc6311/5.2-replay-counter-sync.ts';
import { windowAfterFailover } from '../rfc6311/8.2-pending-ipsec-messages.ts';
import { advancesOf, type Policies } from '../settings/settings.ts';
import {
  type ActiveMember,
  dueRekeyings,
  type Member,
  owedDelta,
  type PendingSync,
  type SaState,
  type StandbyMember,
} from '../state/member.ts';
import type { Endpoint } from '../state/messages.ts';
import type { Nonce } from '../state/numbers.ts';
import { type Step, taken } from '../state/step.ts';
import { keepingMaxima } from './keeping-maxima.ts';

/** What a member does with a state sync. */
export type StateSyncPolicies = Pick<Policies, 'failoverCount' | 'firstCount' | 'stateSyncReceipt'>;

/** A standby, or a member that comes back, receives a state sync and holds the snapshot from then on. */
export function receiveStateSync(
  { counterSync }: Revision,
  { failoverCount, firstCount, stateSyncReceipt }: StateSyncPolicies,
  member: Member,
  copy: SaState,
): StandbyMember {
  const snapshot =
    counterSync === null
      ? copy
      : afterStateSync(
          counterSync,
          failoverCount,
          countKnownTo(counterSync, firstCount, member),
          // RFC 6311, 5: the peer's capabilities are part of the state.
          counterSync.shareCapabilities(copy),
        );
  return {
    role: 'standby',
    snapshot:
      stateSyncReceipt === 'keep-maximum' && member.role === 'standby'
        ? keepingMaxima(member.snapshot, snapshot)
        : snapshot,
  };
}

/** A member that went down has lost its count, and begins again with the one that it had when the SA was established. */
const countKnownTo = (rules: CounterSync, first: Policies['firstCount'], member: Member): number =>
  member.role === 'standby' ? member.snapshot.failoverCount : countBeforeFirst(rules, first);

/** The policies that a newly active member goes by. */
export type TakeOverPolicies = Pick<
  Policies,
  | 'bump'
  | 'p1Ahead'
  | 'delta'
  | 'ownBump'
  | 'windowMove'
  | 'inWindow'
  | 'afterFailover'
  | 'counterForm'
  | 'syncTrigger'
>;

/**
 * A member becomes active with the snapshot that it holds, its ESP counters advanced. With counter sync it asks the
 * peer for the counters, at once or later (RFC 6311, 7); without, or where it was not negotiated, it just goes on
 * (RFC 6027, 3.3). The delta for the peer's ESP counters goes with the sync request, or else into a request of its own.
 *
 * @returns `closed` if its counters leave no room for a sync request: the SA has to be established anew
 */
export function takeOver(
  revision: Revision,
  by: Endpoint,
  snapshot: SaState,
  policies: TakeOverPolicies,
  nonce: Nonce,
): Step | 'closed' {
  const { counterSync, replaySync } = revision;
  const sa = bumped(replaySync, snapshot, policies);
  const syncs = counterSync?.isNegotiated(snapshot) === true;
  const step = !syncs
    ? goOn(sa)
    : counterSync.beginsSync(policies.syncTrigger, 'takeover')
      ? askForCounters(revision, counterSync, by, sa, policies, nonce)
      : taken({ role: 'active', sa, sync: null, yetToAsk: true }, []);
  if (step === 'closed' || !step.enabled || replaySync === null) return step;
  const { own, window } = advancesOf(policies);
  const rules = [
    ...step.rules,
    ...(own === 0 ? [] : [ownBump.text.id]),
    ...(window === 0 && policies.inWindow !== 'learn' ? [] : [windowAfterFailover.text.id]),
  ];
  // The first draft had no such request: its counters only went beside Message IDs.
  const owes = !syncs && policies.counterForm === 'delta' && replaySync.isReplaySyncNegotiated(snapshot);
  return {
    ...step,
    rules,
    member: {
      ...step.member,
      ...(owes ? { owed: owedDelta(policies.delta, nonce) } : {}),
      ...(replaySync.rekeysAfterSkip(policies.afterFailover) && step.member.sa.childSas.length > 0
        ? { rekeys: dueRekeyings(step.member.sa, nonce) }
        : {}),
    },
  };
}

/** RFC 6311, 7: a member that took over earlier begins its sync. Null if it has nothing to begin. */
export function askLater(
  revision: Revision,
  by: Endpoint,
  { sa, yetToAsk }: ActiveMember,
  policies: TakeOverPolicies,
  nonce: Nonce,
): Step | 'closed' | null {
  const { counterSync } = revision;
  if (yetToAsk === undefined || counterSync?.beginsSync(policies.syncTrigger, 'later') !== true) return null;
  return askForCounters(revision, counterSync, by, sa, policies, nonce);
}

/** @param known what the member knows, its ESP counters advanced */
function askForCounters(
  revision: Revision,
  counterSync: CounterSync,
  by: Endpoint,
  known: SaState,
  policies: TakeOverPolicies,
  nonce: Nonce,
): Step | 'closed' {
  const sa = countFailover(counterSync, known);
  if (!revision.ike.messageIdExists(counterSync.chooseM1(counterSync.lowestM1(sa), policies.bump)))
    return 'closed';
  if (!revision.ike.messageIdExists(counterSync.chooseP1(sa) + policies.p1Ahead)) return 'closed';
  const step = sendSyncRequest(revision, by, sa, syncChoice(revision, known, policies, nonce));
  return counterSync.nextCount === undefined ? step : counted(by, known, sa, step);
}

/** A step that sends a sync request with a count of its own. */
const counted = (by: Endpoint, before: SaState, { failoverCount: count }: SaState, step: Step): Step => {
  const known = before.failoverCount;
  return step.enabled
    ? { ...step, observations: [...step.observations, { kind: 'failover-counted', by, count, known }] }
    : step;
};

/** A newly active member replaces its unanswered sync request by a new one. */
export function askAnew(
  revision: Revision,
  counterSync: CounterSync,
  by: Endpoint,
  { sa: known }: ActiveMember,
  policies: TakeOverPolicies & Pick<Policies, 'freshCount'>,
  nonce: Nonce,
): Step {
  const sa = countFresh(counterSync, policies.freshCount, known);
  const choice = syncChoice(revision, known, policies, nonce);
  const step = sendSyncRequest(revision, by, sa, { ...choice, again: true });
  return sa.failoverCount === known.failoverCount ? step : counted(by, known, sa, step);
}

/** What a newly active member puts into its sync request. */
export const syncChoice = (
  { replaySync }: Revision,
  sa: SaState,
  { bump, p1Ahead, delta, counterForm }: Pick<TakeOverPolicies, 'bump' | 'p1Ahead' | 'delta' | 'counterForm'>,
  nonce: Nonce,
): SyncChoice => {
  if (replaySync === null || !replaySync.isReplaySyncNegotiated(sa)) return { nonce, bump, p1Ahead };
  return counterForm === 'per-sa'
    ? { nonce, bump, p1Ahead, perSa: countersReceived(sa) }
    : { nonce, bump, p1Ahead, delta };
};

/**
 * The own counters are advanced whatever was negotiated, for that needs no message (5.2). Windows are moved up only
 * where the peer will be asked to move on: else all that it sends would be dropped. To learn them needs no peer.
 */
function bumped(rules: ReplayCounterSync | null, sa: SaState, policies: TakeOverPolicies): SaState {
  if (rules === null) return sa;
  const { inWindow, counterForm } = policies;
  const isTold = counterForm === 'delta' && rules.isReplaySyncNegotiated(sa);
  return afterOwnBump(rules, sa, advancesOf(policies), isTold || inWindow === 'learn' ? inWindow : 'keep');
}

/** A member becomes active and goes on from its snapshot as if nothing had happened. */
export const goOn = (snapshot: SaState): Step => taken({ role: 'active', sa: snapshot, sync: null }, []);

/** The other members, once the newly active one has advanced its ESP counters. */
export const afterSharingBump = (rules: ReplayCounterSync, member: Member, sa: SaState): Member =>
  member.role === 'standby' ? { ...member, snapshot: afterTellingBump(rules, member.snapshot, sa) } : member;

/** The other members, once the newly active one has sent M1 and P1. */
export const afterTelling = (
  rules: CounterSync,
  member: Member,
  { m1, p1 }: Pick<PendingSync, 'm1' | 'p1'>,
): Member =>
  member.role === 'standby' ? { ...member, snapshot: rules.tellM1(member.snapshot, m1, p1) } : member;

/** The other members, once the newly active one has sent `count`. */
export const afterCounting = (
  rules: CounterSync,
  policy: Policies['failoverCount'],
  member: Member,
  count: number,
): Member =>
  member.role === 'standby'
    ? { ...member, snapshot: afterTakeover(rules, policy, member.snapshot, count) }
    : member;
