/**
 * RFC 7296, 2.8, "Rekeying", as far as a failover can come between: what an end has once it knows of the new SA.
 * A member with an older snapshot holds an SA that the other end no longer has (RFC 6311, 8.3).
 */
import { newMemory } from '../machine/exchanges.ts';
import type { Revision } from '../revisions/revision.ts';
import { rule } from '../rule.ts';
import type { Policies, Settings } from '../settings/settings.ts';
import {
  type ActiveMember,
  type Announced,
  type ChildSa,
  establishedSa,
  freshChildSa,
  hasChildSa,
  isReplaced,
  type Numbered,
  owedDelta,
  type SaState,
} from '../state/member.ts';
import type { Ask, Endpoint } from '../state/messages.ts';
import type { Content, IkeSaName, Spi } from '../state/numbers.ts';
import { afterDelete } from './1.4.1-deleting-an-sa.ts';
import { collides } from './2.8.1-simultaneous-child-sa-rekeying.ts';

/** RFC 7296, 2.8, paragraph 3. Whether an end deletes a Child SA that was replaced. */
export const deletesOld = rule(
  {
    id: 'RFC7296-2.8-DELETE-OLD',
    part: 'ike',
    level: 'stated',
    actor: 'initiator',
    confidence: 'A',
    title: 'The old Child SA is deleted once the new one is there',
    says: 'A Child SA is rekeyed by an equivalent new one; once that is established, the old one is deleted: by the end that asked for the rekeying, as 2.8.1 says of the one that survives. How long it waits, and that the member that takes over deletes what its predecessor had replaced, is our reading.',
    returns: 'truth',
    // An exchange that deletes can be seen; that none follows may be the end of the trace.
    seenBy: 'nobody',
    leavesNoMark: true,
    // Both go on with it for ever.
    absent: () => false,
  },
  (end: Endpoint, askedBy: Endpoint): boolean => end === askedBy,
);

/** RFC 7296, 2.8, paragraph 10. Whether an end sends on a Child SA that is there. */
export const sendsOn = rule(
  {
    id: 'RFC7296-2.8-OLD-UNTIL-READY',
    part: 'ike',
    level: 'stated',
    actor: 'responder',
    confidence: 'A',
    title: 'The responder goes on sending on the old Child SA until the other end shows that it is ready',
    says: 'When a Child SA is rekeyed, the responder sends on the old one until something valid has come on the new one, or a request to close the old one. It receives on the new one from its response on. (One paragraph earlier it may send on the new one as soon as it has answered, and may put that off; we take the statement on rekeying for the one that counts there.)',
    returns: 'truth',
    seenBy: 'nobody',
    leavesNoMark: true,
    // It sends on the new one as soon as it has answered.
    absent: () => true,
  },
  (isConfirmed: boolean): boolean => isConfirmed,
);

/** A name for an SA that is made by a request: no other request makes the same. */
const nameFor = (by: Endpoint, content: Content): IkeSaName & Spi => `${by}-${content}`;

/** Whether an end can do what it is asked. */
export const canDo = (sa: SaState, asks: Ask | undefined): boolean =>
  asks?.kind !== 'rekey-child' || hasChildSa(sa, asks.spi) !== undefined;

/** Whether an end cannot do for now what it is asked: it is closing the Child SA that is to be rekeyed (2.25.1). */
export const isClosing = (sa: SaState, asks: Ask | undefined): boolean =>
  asks?.kind === 'rekey-child' && isBeingDeleted(sa, asks.spi);

const isBeingDeleted = (sa: SaState, spi: Spi): boolean =>
  sa.outstanding.some(({ asks }) => asks?.kind === 'delete-child' && asks.spi === spi);

/**
 * Whether the capabilities go over to a new IKE SA; and whether an old Child SA lives on, with what is known of each
 * Child SA beside its counters.
 */
export type RekeyingPolicies = Pick<Policies, 'capabilityAfterRekey'> &
  Partial<Pick<Settings, 'rekeyOld' | 'rekeyBy' | 'esn' | 'replayWindow'>>;

/** Whether an old Child SA lives on until its DELETE: where both ends rekey, there is no other way. */
export const oldLivesOn = ({ rekeyOld, rekeyBy }: Partial<Pick<Settings, 'rekeyOld' | 'rekeyBy'>>): boolean =>
  rekeyOld === 'until-delete' || rekeyBy === 'both';

/** Our reading of the text. */
export const KEPT: RekeyingPolicies = { capabilityAfterRekey: 'kept' };

const NOTHING: Announced = { own: false, other: false };

/**
 * The state of an end once it has done what was asked by `by` in `request`.
 *
 * @param at the end whose state it is
 */
export function afterRekeying(
  revision: Pick<Revision, 'ike' | 'exchanges'>,
  sa: SaState,
  by: Endpoint,
  request: Numbered,
  policies: RekeyingPolicies = KEPT,
  at: Endpoint = by,
): SaState {
  const { asks, content } = request;
  if (asks?.kind === 'rekey-child') {
    const spi = nameFor(by, content);
    return oldLivesOn(policies)
      ? withBoth(sa, asks.spi, spi, policies, by, at)
      : {
          ...sa,
          childSas: sa.childSas.map((child) => (child.spi === asks.spi ? freshChildSa(spi, child) : child)),
        };
  }
  if (asks?.kind === 'delete-child') return afterDelete(revision, sa, at, by, asks.spi);
  if (asks?.kind !== 'rekey-ike') return sa;
  const { capabilityAfterRekey } = policies;
  const isKept = capabilityAfterRekey === 'kept';
  return {
    // The counters of the new IKE SA start at 0; the Child SAs stay.
    ...establishedSa(isKept ? sa.announced : NOTHING),
    announcedReplayCounters: isKept ? sa.announcedReplayCounters : NOTHING,
    ...newMemory(revision),
    window: revision.ike.windowOfNewSa(sa.window),
    ikeSa: nameFor(by, content),
    failoverCount: sa.failoverCount,
    failoverCountSeen: sa.failoverCountSeen,
    childSas: sa.childSas,
  };
}

/**
 * The state of an end that has the new Child SA, and the old one until its DELETE, which stands last from now on. Where
 * the old one is gone meanwhile, the new one is made all the same: the other end has it.
 */
function withBoth(
  sa: SaState,
  old: Spi,
  spi: Spi,
  { esn, replayWindow }: RekeyingPolicies,
  by: Endpoint,
  at: Endpoint,
): SaState {
  // A request that is processed twice (an ablation) makes no second one: it would have the same name.
  if (hasChildSa(sa, spi) !== undefined) return sa;
  const known = hasChildSa(sa, old);
  const like = known ?? { esn: esn === 'on', ...(replayWindow === undefined ? {} : { replayWindow }) };
  const made: ChildSa = {
    ...freshChildSa(spi, like),
    replaces: { spi: old, by },
    ...(at === by ? {} : { unconfirmed: true }),
  };
  return {
    ...sa,
    childSas:
      known === undefined
        ? [...sa.childSas, made]
        : [...sa.childSas.map((child) => (child === known ? made : child)), known],
  };
}

/**
 * The Child SA that an end has to delete next, and has not asked for yet: one that it had replaced, or one of two new
 * ones that is redundant (2.8.1). Undefined if there is none.
 *
 * @param lowestNonce whose exchange had the lowest nonce, where both ends rekeyed one Child SA at once
 */
export function dueDelete(
  { ike }: Pick<Revision, 'ike'>,
  end: Endpoint,
  sa: SaState,
  lowestNonce: Endpoint = 'peer',
): ChildSa | undefined {
  const isRedundant = (child: ChildSa): boolean =>
    child.replaces !== undefined &&
    collides(sa, child) &&
    ike.closesRedundant(end, child.replaces.by, lowestNonce);
  const isOld = ({ spi, replacedBy }: ChildSa): boolean =>
    (replacedBy !== undefined && ike.deletesOld(end, replacedBy)) ||
    sa.childSas.some(
      (made) => made.replaces?.spi === spi && ike.deletesOld(end, made.replaces.by) && !isRedundant(made),
    );
  return sa.childSas.find((child) => (isRedundant(child) || isOld(child)) && !isBeingDeleted(sa, child.spi));
}

/** The Child SAs over which an end sends: of one that was replaced, the new one as soon as it may. */
export const sendingChildSas = ({ ike }: Pick<Revision, 'ike'>, sa: SaState): readonly ChildSa[] => {
  const childSas = sa.childSas.filter(({ unconfirmed }) => ike.sendsOn(unconfirmed !== true));
  return childSas.filter((child) => !isReplaced({ ...sa, childSas }, child));
};

/**
 * A box whose IKE SA is as given from now on. A sync is of the Message IDs of one IKE SA (RFC 6311, 5.1), and those
 * of an IKE SA that replaces it begin at 0 at both ends (RFC 7296, 2.8 and 2.18): so the sync ends with the old one,
 * since there is nothing left to ask, and whatever is still said of it belongs to an SA that is not there.
 *
 * But the Child SAs go on under the new one, and so does what the peer has yet to learn of their counters: a delta that
 * went with the sync request goes into a request of its own (RFC 6311, 5.2).
 */
export function withIkeSa({ sync, ...member }: ActiveMember, sa: SaState): ActiveMember {
  if (sa.ikeSa === member.sa.ikeSa) return { ...member, sa, sync };
  const { owed: _owed, yetToAsk: _yetToAsk, ...rest } = member;
  // Where the capabilities end with the old one, nothing can be asked or said under the new one.
  if (isLost(member.sa.announcedReplayCounters, sa.announcedReplayCounters))
    return { ...rest, sa, sync: null };
  const kept = isLost(member.sa.announced, sa.announced) ? rest : member;
  if (sync === null) return { ...kept, sa, sync };
  const { delta, nonce } = sync;
  return {
    ...kept,
    sa,
    sync: null,
    ...(delta === undefined ? {} : { owed: owedDelta(delta, nonce) }),
  };
}

const isLost = (before: Announced, after: Announced): boolean => before.own && !after.own;

/** What an end keeps that answered: the request that replaced the IKE SA may be sent again under the old one. */
export const keepRekeying = (before: SaState, after: SaState, { id, content }: Numbered): SaState =>
  after.ikeSa === before.ikeSa
    ? after
    : {
        ...after,
        rekeyedBy: { id, content, ...(before.ikeSa === undefined ? {} : { ikeSa: before.ikeSa }) },
      };

/** The state of an end whose request cannot be done: the other end has no such Child SA, so it is gone. */
export const afterRefusal = (sa: SaState, asks: Ask | undefined): SaState =>
  asks?.kind === 'rekey-child' ? { ...sa, childSas: sa.childSas.filter(({ spi }) => spi !== asks.spi) } : sa;

/** Whether two ends have other SAs, so that something has to be established anew before they can agree. */
export const isInconsistent = (one: ActiveMember, other: ActiveMember): boolean =>
  one.sa.ikeSa !== other.sa.ikeSa;
