/**
 * Rekeying (RFC 7296, 2.8), as far as a failover can come between: what an end has once it knows of the new SA.
 * Who has a snapshot from before holds an SA that the other end has no more (RFC 6311, 8.3).
 */
import { freshChildSa } from './esp.ts';
import { type ActiveMember, establishedSa, hasChildSa, type Numbered, type SaState } from './member.ts';
import type { Ask, Content, Endpoint, IkeMessage } from './messages.ts';
import { rule } from './rules/rule.ts';

/** RFC 6311, 8.3. Whether a message belongs to an IKE SA that the box has. */
export const isOfThisIkeSa = rule(
  {
    id: 'RFC6311-8.3-INCONSISTENT',
    document: 'RFC6311',
    section: '8.3',
    level: 'open',
    actor: 'both',
    confidence: 'D',
    title: 'An SA that one end lacks is established anew',
    says: 'If the snapshot of the newly active member lacks an SA that the peer has, since a rekeying was not synced, the two ends cannot agree under it: messages and packets of an SA that is not there are dropped, and the SA is established anew.',
  },
  (sa: SaState, message: IkeMessage): boolean => sa.ikeSa === message.ikeSa,
);

/** A name for an SA that is made by a request: no other request makes the same. */
const nameFor = (by: Endpoint, content: Content): string => `${by}-${content}`;

/** Whether an end can do what it is asked. */
export const canDo = (sa: SaState, asks: Ask | undefined): boolean =>
  asks?.kind !== 'rekey-child' || hasChildSa(sa, asks.spi) !== undefined;

/** The state of an end once it has done what was asked by `by` in `request`. */
export function afterRekeying(sa: SaState, by: Endpoint, request: Numbered): SaState {
  const { asks, content } = request;
  if (asks?.kind === 'rekey-child') {
    const childSas = sa.childSas.map((child) =>
      child.spi === asks.spi ? freshChildSa(nameFor(by, content), child) : child,
    );
    return { ...sa, childSas };
  }
  if (asks?.kind !== 'rekey-ike') return sa;
  return {
    // The counters of the new IKE SA start at 0; what was negotiated stays, and so do the Child SAs.
    ...establishedSa(sa.announced),
    announcedReplayCounters: sa.announcedReplayCounters,
    window: sa.window,
    ikeSa: nameFor(by, content),
    failoverCount: sa.failoverCount,
    failoverCountSeen: sa.failoverCountSeen,
    childSas: sa.childSas,
  };
}

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
