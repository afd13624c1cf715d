/** RFC 6311, 6.4, "The IPSEC_REPLAY_COUNTER_SYNC Notification": its form, which the model's own boxes never break. */
import { rule } from '../rule.ts';

/** RFC 6311, 6.4. Whether the notification has a delta of the right size. */
export const hasDelta = rule(
  {
    id: 'RFC6311-6.4-FORMAT',
    part: 'replaySync',
    level: 'stated',
    actor: 'cluster',
    confidence: 'A',
    title: 'The notification has a delta of 8 octets with ESN, else of 4',
    says: 'IPSEC_REPLAY_COUNTER_SYNC has Protocol ID 0, SPI size 0 and the delta: 8 octets if the Child SAs of the IKE SA use extended sequence numbers, otherwise 4.',
    formerly:
      'It was a MUST, and took either size whatever the Child SAs use; the text has no keyword there, and ties the size to their extended sequence numbers.',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'contradiction',
    leavesNoMark: true,
    absent: null,
  },
  ({
    octets,
    esn,
  }: {
    /** Octets of its data. */
    readonly octets: number;
    /** Whether the Child SAs use extended sequence numbers; absent if that is not known: then either size will do. */
    readonly esn?: boolean;
  }): boolean => (esn === undefined ? octets === 4 || octets === 8 : octets === (esn ? 8 : 4)),
);

/** RFC 6311, 6.4. Whether one delta can be said for all Child SAs of an IKE SA. */
export const isAllOrNone = rule(
  {
    id: 'RFC6311-6.4-ALL-OR-NO-ESN',
    part: 'replaySync',
    level: 'stated',
    actor: 'both',
    confidence: 'A',
    title: 'All Child SAs of an IKE SA use extended sequence numbers, or none does',
    says: 'The size of the delta goes by the ESN bit of the Child SAs, so either all Child SAs of an IKE SA use extended sequence numbers, or none does. (Only where replay counter sync is to be used, as we read it.)',
    returns: 'truth',
    // It is in the transforms of the SA payloads, which our events leave out.
    seenBy: 'nobody',
    leavesNoMark: true,
    absent: null,
  },
  (childSas: readonly { readonly esn: boolean }[]): boolean =>
    childSas.every(({ esn }) => esn === childSas[0]?.esn),
);

/** RFC 6311, 6.4. Whether a message may have the notification, by the end that sends it. */
export const isSentByCluster = rule(
  {
    id: 'RFC6311-6.4-CLUSTER-ONLY',
    part: 'replaySync',
    optional: true,
    level: 'stated',
    actor: 'peer',
    confidence: 'A',
    title: 'Only the cluster sends IPSEC_REPLAY_COUNTER_SYNC',
    says: 'IPSEC_REPLAY_COUNTER_SYNC is sent by the cluster only: in requests of a newly active member, and never in a response. Where both ends are clusters, either may send it as such a member. (The figures of the slides have it in both directions.)',
    returns: 'truth',
    seenBy: 'contents',
    convictedBy: 'contradiction',
    leavesNoMark: true,
    absent: null,
  },
  (message: { readonly response: boolean }): boolean => !message.response,
);
