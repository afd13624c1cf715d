/**
 * ESP sequence numbers of one direction of a Child SA (RFC 4303, 2.2 and 3.3.3), on the sender's side.
 */
import type { Endpoint } from './messages.ts';
import { rule } from './rules/rule.ts';
import type { Observation, Refused } from './step.ts';

/** The largest sequence number without ESN, 2^32 - 1. */
export const MAX_SEQUENCE_NUMBER = 0xffff_ffff;

/** An outgoing SA: the sequence number of the last packet sent, 0 before the first. */
export interface OutgoingSa {
  readonly spi: string;
  readonly last: number;
}

/** RFC 4303, 3.3.3. Whether a sender may give this number to a new packet. */
export const isFreshNumber = rule(
  {
    id: 'RFC4303-3.3.3-NEVER-REPEAT',
    document: 'RFC4303',
    section: '3.3.3',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'No sequence number is sent twice',
    says: 'Sequence numbers of an SA start at 1 and increase; no number is sent twice, and the counter does not cycle (after a failover: RFC 6311, 5.2, the member skips what may have been used). Gaps are allowed.',
  },
  (sa: OutgoingSa, number: number): boolean => number > sa.last && number <= MAX_SEQUENCE_NUMBER,
);

/** A packet leaves with the given sequence number. */
export function sendPacket(
  by: Endpoint,
  sa: OutgoingSa,
  number: number,
): { readonly enabled: true; readonly sa: OutgoingSa; readonly observation: Observation } | Refused {
  if (!isFreshNumber(sa, number)) {
    return {
      enabled: false,
      rule: isFreshNumber.text.id,
      because: `sequence number ${number} is not above ${sa.last}, the last that was sent`,
    };
  }
  return {
    enabled: true,
    sa: { ...sa, last: number },
    observation: { kind: 'esp-sent', by, spi: sa.spi, number },
  };
}
