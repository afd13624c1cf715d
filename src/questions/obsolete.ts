/**
 * Which messages a place of the model will never react to again. The explorer drops what is obsolete for all places,
 * and checks all that is said here against what the rules do (`explore/dead-messages.ts`); so this file may be wrong
 * for a revision, but no verdict can be wrong because of it.
 *
 * What makes messages obsolete is that counters only go up: ids that are used, windows that have moved on, M1 and
 * Failover Counts that were seen, nonces that are not waited for any more.
 */
import {
  type ActiveMember,
  COUNTS,
  type Composition,
  type Endpoint,
  type EspPacket,
  isMember,
  type Member,
  type Message,
  type Nonce,
  nonceOf,
  oldLivesOn,
  otherEnd,
  type Request,
  type Response,
  type Revision,
  receivingOf,
  type SaState,
  type Settings,
  type StandbyMember,
  type SyncRequest,
  type Value,
} from '../../model/index.ts';
import { askAhead } from '../author/ledger.ts';
import type { ObsoleteQuestion } from '../explore/system.ts';

/** Whether a place with a value will never react to a message again; undefined where nothing is known to be so. */
export function obsoleteMessages(
  revision: Revision,
  settings: Settings,
  { places }: Composition,
): ((message: Message, value: Value, place: number) => boolean) | undefined {
  // Ids of an IKE SA that replaces another begin anew.
  if (settings.rekey !== 'none') return undefined;
  // A Child SA that an end no longer has may still be there in a snapshot, beside the one that replaced it.
  if (oldLivesOn(settings) && settings.afterFailover === 'rekey') return undefined;
  return (message, value, index) => {
    const place = places[index];
    if (place?.what === 'member')
      return !isMember(value) || !matters(revision, settings, place.end, value, message);
    if (place?.what === 'count' && place.of === 'sync requests') {
      const asks = place.name === COUNTS.syncRequests ? 'cluster' : 'peer';
      // The nonces of the response of the other end; an exchange of the revision's own may say them in any message.
      const nonces =
        message.kind === 'sync-response' && message.from === otherEnd(asks) ? [message.nonce] : [];
      return ![...nonces, ...noncesHeld(revision, message)].some((nonce) =>
        isYetToBeAsked(settings, asks, nonce, value),
      );
    }
    return true;
  };
}

/** Asks a revision's own exchanges ahead what `obsoleteMessages` will ask them of these; undefined if it has none. */
export function obsoleteAhead(
  revision: Revision,
  settings: Settings,
  { places }: Composition,
): ((questions: readonly ObsoleteQuestion<Value, Message>[]) => void) | undefined {
  const { exchanges } = revision;
  if (exchanges === undefined) return undefined;
  return (questions) => {
    const bySlot = new Map<object, (readonly unknown[])[]>();
    for (const [message, member, index] of questions) {
      const place = places[index];
      if (place?.what !== 'member' || !isMember(member) || !isAsked(place.end, member, message)) continue;
      const obsolete = receivingOf(exchanges, message)?.obsolete;
      if (obsolete === undefined) continue;
      const asked = bySlot.get(obsolete) ?? [];
      asked.push([member, message, !mattersByRules(revision, settings, member, message)]);
      bySlot.set(obsolete, asked);
    }
    for (const [slot, asked] of bySlot) askAhead(slot, asked);
  };
}

/** Whether a member may react to a message at all. */
const isAsked = (end: Endpoint, member: Member, message: Message): member is ActiveMember | StandbyMember =>
  message.from !== end && member.role !== 'down' && member.role !== 'closed';

/** Whether its nonce is that of a sync request that an end may still make: nonces are given out in their order. */
function isYetToBeAsked(settings: Settings, by: Endpoint, nonce: Nonce, made: Value): boolean {
  if (typeof made !== 'number') return true;
  const failovers = by === 'cluster' ? settings.failovers : settings.peerFailovers;
  const most = Math.max(made, failovers + settings.retries);
  return Array.from({ length: most - made }, (_, index) => nonceOf(by, made + index)).includes(nonce);
}

/** The nonces in notifications of the revision's own. */
function noncesHeld({ exchanges }: Revision, message: Message): readonly Nonce[] {
  const notifications = exchanges?.notifications;
  if (notifications === undefined || message.kind === 'esp' || message.holds === undefined) return [];
  return Object.entries(message.holds).flatMap(([name, fields]) =>
    Object.entries(fields).flatMap(([field, value]) =>
      notifications[name]?.fields[field] === 'nonce' &&
      (typeof value === 'number' || typeof value === 'string')
        ? [value]
        : [],
    ),
  );
}

function matters(
  revision: Revision,
  settings: Settings,
  end: Endpoint,
  member: Member,
  message: Message,
): boolean {
  if (!isAsked(end, member, message)) return false;
  const byRules = () => mattersByRules(revision, settings, member, message);
  const receiving = revision.exchanges === undefined ? undefined : receivingOf(revision.exchanges, message);
  if (receiving === undefined) return byRules();
  // What is not said of it, nobody knows.
  const { obsolete } = receiving;
  return obsolete === undefined || !obsolete(member, message as never, !byRules());
}

function mattersByRules(
  revision: Revision,
  settings: Settings,
  member: ActiveMember | StandbyMember,
  message: Message,
): boolean {
  const sa = member.role === 'active' ? member.sa : member.snapshot;
  switch (message.kind) {
    case 'own':
      return false;
    case 'esp':
      // Where numbers come to their end, windows may be moved back; or a takeover may open them.
      return (
        settings.counters === 'near-maximum' || opensWindows(settings) || mayBeNew(revision, sa, message)
      );
    case 'request':
      return countersMayFall(revision, settings) || mayBeExpected(sa, message);
    case 'response':
      return countersMayFall(revision, settings) || mayBeWaitedFor(sa, message);
    case 'sync-request':
      return mayBeFresh(revision, settings, sa, message);
    case 'sync-response':
      return member.role === 'active' && (member.sync ?? member.answered)?.nonce === message.nonce;
  }
}

/** Without protection against replay, an old sync request between two clusters takes counters back. */
const countersMayFall = ({ counterSync }: Revision, { peerMembers }: Settings): boolean =>
  counterSync !== null &&
  counterSync.isStale === undefined &&
  counterSync.isObserved === undefined &&
  peerMembers > 1;

/** Whether a member that takes over may accept what it, or the member before it, had accepted. */
const opensWindows = ({ inWindow }: Settings): boolean =>
  inWindow === 'learn' || inWindow === 'accept-outside';

/** Unless the packet is behind the window, or was received. */
function mayBeNew({ esp }: Revision, { childSas }: SaState, { spi, number }: EspPacket): boolean {
  const child = childSas.find((each) => each.spi === spi);
  return child === undefined || esp.isNewInWindow(child.received, child.replayWindow, number);
}

/** Unless its id is past, and it is none of those that are answered again. */
const mayBeExpected = ({ expectedReceive, answered }: SaState, { id, content }: Request): boolean =>
  id >= expectedReceive || answered.some((each) => each.id === id && each.content === content);

/** Unless its id is past, and no request with it is under way. */
const mayBeWaitedFor = ({ expectedSend, outstanding }: SaState, { id }: Response): boolean =>
  id >= expectedSend || outstanding.some((request) => request.id === id);

/** Unless the revision protects against replay, and it is one of those refused; but it may be answered from cache. */
function mayBeFresh(
  { counterSync }: Revision,
  { m1Compare, staleSync }: Settings,
  sa: SaState,
  request: SyncRequest,
): boolean {
  if (counterSync === null) return false;
  if (staleSync === 'answer-from-cache' && sa.lastSync?.request.nonce === request.nonce) return true;
  const isRefused =
    counterSync.isStale?.(sa, request.m1, m1Compare) === true ||
    counterSync.isObserved?.(sa.failoverCountSeen, request.failoverCount ?? 0) === true;
  return !isRefused;
}
