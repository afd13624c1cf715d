/**
 * RFC 4303, 3.4.3, "Sequence Number Verification": the anti-replay window of a receiver.
 *
 * First the rule, then the step of a box that is made of it.
 */
import type { Revision } from '../revisions/revision.ts';
import { waitsForCounters } from '../rfc6311/8.2-pending-ipsec-messages.ts';
import { isOfThisIkeSa } from '../rfc6311/8.3-inconsistent-sas.ts';
import { rule } from '../rule.ts';
import type { Policies } from '../settings/settings.ts';
import { type ActiveMember, type ChildSa, confirmed, hasChildSa, withChildSa } from '../state/member.ts';
import type { Endpoint, EspPacket } from '../state/messages.ts';
import type { SequenceNumber } from '../state/numbers.ts';
import { accepted, isBehind, type ReplayWindow, wasSeen } from '../state/replay-window.ts';
import { refused, type Step, taken } from '../state/step.ts';
import { inferNumber, lowerHalf } from './2.2.1-extended-sequence-numbers.ts';

/** RFC 4303, 3.4.3. Whether a number may be that of a new packet. */
export const isNewInWindow = rule(
  {
    id: 'RFC4303-3.4.3-ANTI-REPLAY',
    part: 'esp',
    level: 'MUST',
    actor: 'receiver',
    confidence: 'A',
    title: 'No packet is accepted twice',
    says: 'A packet is accepted only if its number is above the window, or in it and not seen before; what is behind the window is dropped, even if it never came.',
    formerly:
      'It was laid on both ends, and had RFC 6311, 8.2 accept the loss of packets that are behind the window; 8.2 names a policy that accepts such packets instead.',
    returns: 'truth',
    seenBy: 'nobody',
    absent: () => true,
  },
  (window: ReplayWindow, size: number, number: SequenceNumber): boolean =>
    !isBehind(window, size, number) && !wasSeen(window, number),
);

/** A packet of the other end arrives. */
export function receivePacket(
  { esp, replaySync }: Revision,
  { inWindow }: Pick<Policies, 'inWindow'>,
  by: Endpoint,
  member: ActiveMember,
  packet: EspPacket,
): Step {
  const { sa } = member;
  const child = hasChildSa(sa, packet.spi);
  if (child === undefined) return refused(isOfThisIkeSa, `there is no Child SA ${packet.spi}`);
  const { received, replayWindow: size } = child;
  // 2.2.1: with ESN, the upper half is inferred.
  const number = child.esn ? esp.inferNumber(received, size, lowerHalf(packet.number)) : packet.number;
  if (number !== packet.number) {
    // What is old would be dropped anyway; what is new is lost by it.
    if (isNew(esp, child, packet.number)) {
      return taken(member, [inferNumber], {
        observations: [{ kind: 'esp-misread', by, spi: child.spi, number: packet.number, inferred: number }],
      });
    }
    return refused(inferNumber, `it is taken for number ${number}, and its integrity value does not fit`);
  }
  // 3.4.3: what was seen, or is behind the window, is dropped; unless RFC 6311, 8.2 has it accepted for now.
  if (!isNew(esp, child, number) && !replaySync?.acceptsOutside(waitsForCounters(member), inWindow)) {
    return refused(
      isNewInWindow,
      wasSeen(received, number)
        ? `number ${number} was seen before`
        : `number ${number} is behind the window, which ends at ${received.highest}`,
    );
  }
  // RFC 7296, 2.8: what comes on a new SA shows that the other end has it.
  const known = child.unconfirmed ? confirmed(child) : child;
  return taken(
    { ...member, sa: withChildSa(sa, { ...known, received: accepted(received, size, number) }) },
    [...(child.esn ? [inferNumber] : []), isNewInWindow],
    { observations: [{ kind: 'esp-accepted', by, spi: child.spi, number, content: packet.content }] },
  );
}

/** Whether a number is that of a new packet; any is, for a window that is yet to be learnt. */
const isNew = (esp: Revision['esp'], { received, replayWindow }: ChildSa, number: SequenceNumber): boolean =>
  received.learns === true || esp.isNewInWindow(received, replayWindow, number);

/** Whether the next packet of a Child SA at one end is accepted at the other. */
export function getsThrough({ esp }: Pick<Revision, 'esp'>, from: ChildSa, to: ChildSa): boolean {
  const number = from.sent + 1;
  const inferred = to.esn ? esp.inferNumber(to.received, to.replayWindow, lowerHalf(number)) : number;
  return inferred === number && isNew(esp, to, number);
}
