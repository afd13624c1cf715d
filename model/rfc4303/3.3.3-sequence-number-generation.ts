/**
 * RFC 4303, 3.3.3, "Sequence Number Generation": the counter of a sender.
 *
 * First the rules, one small function each; then the step of a box that is made of them.
 */
import type { Revision } from '../revisions/revision.ts';
import { sendsOn } from '../rfc7296/2.8-rekeying.ts';
import { rule } from '../rule.ts';
import { type ActiveMember, type ChildSa, withChildSa } from '../state/member.ts';
import type { Endpoint, EspPacket } from '../state/messages.ts';
import { type Content, largestNumber, type SequenceNumber, type Spi } from '../state/numbers.ts';
import { type Observation, type Refused, refused, type Step, taken } from '../state/step.ts';

/** An outgoing SA: the sequence number of the last packet sent, 0 before the first. */
export interface OutgoingSa {
  readonly spi: Spi;
  readonly last: SequenceNumber;
  /** Whether it uses extended sequence numbers. */
  readonly esn?: boolean;
}

/** RFC 4303, 3.3.3. The number of a new packet. */
export const nextNumber = rule(
  {
    id: 'RFC4303-3.3.3-NEXT-NUMBER',
    part: 'esp',
    level: 'MUST',
    actor: 'sender',
    confidence: 'A',
    title: 'A packet has the next sequence number of its SA',
    says: 'The counter of an SA starts at 0 and is incremented for each packet, so that the first one has the number 1 (2.2 has the MUST).',
    formerly: 'It was laid on both ends; the text lays it on the sender.',
    returns: 'number',
    seenBy: 'headers',
    convictedBy: 'contradiction',
    // The counter stays where it is.
    absent: (sa) => sa.last,
  },
  (sa: OutgoingSa): SequenceNumber => sa.last + 1,
);

/** RFC 4303, 3.3.3. Whether a sender may give this number to a new packet. */
export const isFreshNumber = rule(
  {
    id: 'RFC4303-3.3.3-NEVER-REPEAT',
    part: 'esp',
    level: 'MUST',
    actor: 'sender',
    confidence: 'A',
    title: 'No sequence number is sent twice',
    says: 'Sequence numbers of an SA start at 1 and increase; no number is sent twice, and the counter does not cycle: before that, a new SA takes its place. (That a counter may skip forward, RFC 6311 says, in 4 and 5.2; here it increases by one for each packet.)',
    formerly: 'It was laid on both ends; the text lays it on the sender.',
    returns: 'truth',
    seenBy: 'headers',
    convictedBy: 'contradiction',
    absent: () => true,
  },
  (sa: OutgoingSa, number: SequenceNumber): boolean =>
    number > sa.last && number <= largestNumber(sa.esn === true),
);

/** A packet leaves with the given sequence number. */
export function sendPacket(
  { esp }: Pick<Revision, 'esp'>,
  by: Endpoint,
  sa: OutgoingSa,
  number: SequenceNumber,
  content: Content = Number(number),
): { readonly enabled: true; readonly sa: OutgoingSa; readonly observation: Observation } | Refused {
  if (!esp.isFreshNumber(sa, number)) {
    return refused(
      isFreshNumber,
      `sequence number ${number} is not above ${sa.last}, the last that was sent`,
    );
  }
  return {
    enabled: true,
    sa: { ...sa, last: number },
    observation: { kind: 'esp-sent', by, spi: sa.spi, number, content },
  };
}

/** An application at the active member sends a packet over one of the Child SAs. */
export function beginPacket(
  revision: Pick<Revision, 'esp' | 'ike'>,
  by: Endpoint,
  member: ActiveMember,
  child: ChildSa,
  content: Content,
): Step {
  // RFC 7296, 2.8: what replaces another one has to wait.
  if (child.unconfirmed && !revision.ike.sendsOn(false)) {
    return refused(sendsOn, `the other end has not shown yet that it receives on ${child.spi}`);
  }
  const sa = { spi: child.spi, last: child.sent, esn: child.esn };
  const next = revision.esp.nextNumber(sa);
  const sent = sendPacket(revision, by, sa, next, content);
  if (!sent.enabled) return sent;
  // Where nothing is said of the end (an ablation), the counter begins again.
  const largest = largestNumber(child.esn);
  const cycles = next > largest;
  const number = cycles ? next - largest : next;
  const packet: EspPacket = { kind: 'esp', from: by, spi: child.spi, number, content };
  return taken(
    { ...member, sa: withChildSa(member.sa, { ...child, sent: number }) },
    [nextNumber, isFreshNumber],
    {
      sent: [packet],
      observations: [
        { kind: 'esp-sent', by, spi: child.spi, number, content, ...(cycles ? { cycles } : {}) },
      ],
    },
  );
}
