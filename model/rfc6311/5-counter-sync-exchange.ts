/**
 * RFC 6311, 5, "SA Counter Synchronization Solution": when the exchange may be used. Each end announces in
 * IKE_AUTH what it supports, and sees what the other announces.
 *
 * First the rules, one small function each; then what both ends know after IKE_AUTH. What the exchange holds is in 5.1 and 5.2.
 */
import { rule } from '../rule.ts';
import type { Announced, SaState } from '../state/member.ts';
import type { Endpoint } from '../state/messages.ts';
import type { Nonce } from '../state/numbers.ts';

/** RFC 6311, 5. Whether sync messages may be used on this IKE SA. */
export const isNegotiated = rule(
  {
    id: 'RFC6311-5-NEGOTIATED',
    part: 'counterSync',
    level: 'stated',
    actor: 'both',
    confidence: 'A',
    title: 'Message ID sync only where both ends announced it',
    says: 'IKEV2_MESSAGE_ID_SYNC is used only where both ends announced IKEV2_MESSAGE_ID_SYNC_SUPPORTED in IKE_AUTH, for as long as the IKE SA lives. A receiver that did not announce it takes the notification for one of unknown type, and ignores it (RFC 7296, 3.10.1; our reading).',
    formerly:
      'It was a MUST for both notifications at once; the text has no keyword there, and each capability is negotiated for itself.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'either',
    // What one end announced, or neither, is used all the same.
    absent: () => true,
  },
  (sa: { readonly announced: Announced }): boolean => sa.announced.own && sa.announced.other,
);

/** RFC 6311, 5. Whether IPSEC_REPLAY_COUNTER_SYNC may be used on this IKE SA. */
export const isReplaySyncNegotiated = rule(
  {
    id: 'RFC6311-5-REPLAY-NEGOTIATED',
    part: 'replaySync',
    level: 'stated',
    actor: 'both',
    confidence: 'A',
    title: 'Replay counter sync only where both ends announced it',
    says: 'IPSEC_REPLAY_COUNTER_SYNC is used only where both ends announced IPSEC_REPLAY_COUNTER_SYNC_SUPPORTED in IKE_AUTH, for as long as the IKE SA lives. Either of the two capabilities can be announced without the other.',
    formerly: 'It was a MUST; the text has no keyword there.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'either',
    leavesNoMark: true,
    absent: () => true,
  },
  (sa: { readonly announcedReplayCounters: Announced }): boolean =>
    sa.announcedReplayCounters.own && sa.announcedReplayCounters.other,
);

/** RFC 6311, 5. Whether what the two ends of IKE_AUTH announced of one capability is in order. */
export const announcesOnlyIfAsked = rule(
  {
    id: 'RFC6311-5-RESPONDER-ONLY-IF-ASKED',
    part: 'counterSync',
    level: 'MUST',
    actor: 'responder of IKE_AUTH',
    confidence: 'A',
    title: 'The responder announces only what the initiator announced',
    says: 'The responder of IKE_AUTH does not announce a capability that the initiator has not announced.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'contradiction',
    leavesNoMark: true,
    // Where one end alone announces, it is the initiator: the boxes of the model never break it.
    absent: null,
  },
  ({ initiator, responder }: { readonly initiator: boolean; readonly responder: boolean }): boolean =>
    initiator || !responder,
);

/** RFC 6311, 5. What a state sync hands over of the peer's capabilities: the state with them. */
export const shareCapabilities = rule(
  {
    id: 'RFC6311-5-SHARED-CAPABILITY',
    part: 'counterSync',
    level: 'MUST',
    actor: 'cluster',
    confidence: 'A',
    title: 'All members know what the peer announced',
    says: 'What the peer announced in IKE_AUTH is part of the state of the IKE SA, and is shared among the members of the cluster.',
    returns: 'state',
    seenBy: 'nobody',
    leavesNoMark: true,
    // A standby takes the peer for one that announced nothing.
    absent: (sa) => ({
      ...sa,
      announced: { ...sa.announced, other: false },
      announcedReplayCounters: { ...sa.announcedReplayCounters, other: false },
    }),
  },
  (sa: SaState): SaState => sa,
);

/** RFC 6311, 5. Whether the peer responds to a sync request that it acts on. */
export const respondsToSync = rule(
  {
    id: 'RFC6311-5-RESPOND',
    part: 'counterSync',
    level: 'MUST',
    actor: 'peer',
    confidence: 'A',
    title: 'The peer responds to every sync message that the rules let it act on',
    says: 'The peer responds to every sync message, unless the rules have it dropped: also while a sync of its own is under way.',
    returns: 'truth',
    seenBy: 'nobody',
    leavesNoMark: true,
    // It takes the values over, and says nothing.
    absent: () => false,
  },
  (_request: { readonly nonce: Nonce }): boolean => true,
);

/** Which ends announce one of the two *_SUPPORTED notifications. */
export type Announcers = 'both' | 'cluster' | 'peer' | 'neither';

export const allAnnouncers: readonly Announcers[] = ['both', 'cluster', 'peer', 'neither'];

const announces = (announcers: Announcers, end: Endpoint): boolean =>
  announcers === 'both' || announcers === end;

/** What an end knows after IKE_AUTH to have been announced by itself and by the other. */
export const announcedTo = (end: Endpoint, announcers: Announcers): Announced => ({
  own: announces(announcers, end),
  other: announces(announcers, end === 'cluster' ? 'peer' : 'cluster'),
});

/** The state of an end after IKE_AUTH with these announcements. */
export const afterIkeAuth = (
  sa: SaState,
  end: Endpoint,
  messageIds: Announcers,
  replayCounters: Announcers,
): SaState => ({
  ...sa,
  announced: announcedTo(end, messageIds),
  announcedReplayCounters: announcedTo(end, replayCounters),
});
