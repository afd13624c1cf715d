/**
 * RFC 7296, 2.8.1, "Simultaneous Child SA Rekeying": both ends ask to rekey one Child SA, and each answers the other, so
 * that there are two new ones. Nonces are not modelled: whose exchange has the lowest of the four is a setting.
 */
import { rule } from '../rule.ts';
import type { ChildSa, SaState } from '../state/member.ts';
import type { Endpoint } from '../state/messages.ts';

/** RFC 7296, 2.8.1, paragraph 2. Whether an end closes one of two Child SAs that replace the same one. */
export const closesRedundant = rule(
  {
    id: 'RFC7296-2.8.1-LOWEST-NONCE',
    part: 'ike',
    level: 'SHOULD',
    actor: 'initiator',
    confidence: 'A',
    title: 'Of two Child SAs made at once, the one with the lowest nonce is closed',
    says: 'Where both ends rekey one Child SA at once, the new one that was made with the lowest of the four nonces is redundant, and the end that asked for it closes it; the end that asked for the other one deletes the old one.',
    returns: 'truth',
    seenBy: 'nobody',
    leavesNoMark: true,
    // Both new ones stay, and each end deletes the old one.
    absent: () => false,
  },
  (end: Endpoint, askedBy: Endpoint, lowest: Endpoint): boolean => end === askedBy && askedBy === lowest,
);

/** Whether the other end had the same Child SA replaced by another one. */
export const collides = ({ childSas }: SaState, { replaces }: Pick<ChildSa, 'replaces'>): boolean =>
  replaces !== undefined &&
  childSas.some(({ replaces: other }) => other?.spi === replaces.spi && other.by !== replaces.by);
