/**
 * RFC 7296, 2.8, "Rekeying", as far as a failover can come between: what an end has once it knows of the new SA.
 * A member with an older snapshot holds an SA that the other end no longer has (RFC 6311, 8.3).
 */
import { newMemory } from '../machine/exchanges.ts';
import type { Revision } from '../revisions/revision.ts';
import type { Policies } from '../settings/settings.ts';
import {
  type ActiveMember,
  type Announced,
  establishedSa,
  freshChildSa,
  hasChildSa,
  type Numbered,
  owedDelta,
  type SaState,
} from '../state/member.ts';
import type { Ask, Endpoint } from '../state/messages.ts';
import type { Content, IkeSaName, Spi } from '../state/numbers.ts';

/** A name for an SA that is made by a request: no other request makes the same. */
const nameFor = (by: Endpoint, content: Content): IkeSaName & Spi => `${by}-${content}`;

/** Whether an end can do what it is asked. */
export const canDo = (sa: SaState, asks: Ask | undefined): boolean =>
  asks?.kind !== 'rekey-child' || hasChildSa(sa, asks.spi) !== undefined;

/** Whether the capabilities go over to a new IKE SA. */
export type RekeyingPolicies = Pick<Policies, 'capabilityAfterRekey'>;

/** Our reading of the text. */
export const KEPT: RekeyingPolicies = { capabilityAfterRekey: 'kept' };

const NOTHING: Announced = { own: false, other: false };

/** The state of an end once it has done what was asked by `by` in `request`. */
export function afterRekeying(
  revision: Pick<Revision, 'ike' | 'exchanges'>,
  sa: SaState,
  by: Endpoint,
  request: Numbered,
  { capabilityAfterRekey }: RekeyingPolicies = KEPT,
): SaState {
  const { asks, content } = request;
  if (asks?.kind === 'rekey-child') {
    const childSas = sa.childSas.map((child) =>
      child.spi === asks.spi ? freshChildSa(nameFor(by, content), child) : child,
    );
    return { ...sa, childSas };
  }
  if (asks?.kind !== 'rekey-ike') return sa;
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
