/**
 * ESP traffic of a Child SA: sequence numbers and the anti-replay window (RFC 4303, 2.2, 3.3.3 and 3.4.3).
 *
 * First the rules, one small function each; then the steps of a box that are made of them.
 */

import { rule } from '../rule.ts';
import { type ActiveMember, type ChildSa, hasChildSa, type SaState, withChildSa } from '../state/member.ts';
import type { Content, Endpoint, EspPacket } from '../state/messages.ts';
import { accepted, isBehind, type ReplayWindow, wasSeen } from '../state/replay-window.ts';
import { type Observation, type Refused, refused, type Step, taken } from '../state/step.ts';

/** The largest sequence number without ESN, 2^32 - 1. */
export const MAX_SEQUENCE_NUMBER = 0xffff_ffff;

/**
 * The largest extended sequence number that we count to, 2^53 - 1. RFC 4303 has 2^64 - 1; numbers beyond what can
 * be held exactly are refused rather than rounded.
 */
export const MAX_EXTENDED_SEQUENCE_NUMBER = Number.MAX_SAFE_INTEGER;

/** How many numbers the lower half of an extended sequence number has: only that half is in the packet. */
const LOWER_HALF = 2 ** 32;

/** An outgoing SA: the sequence number of the last packet sent, 0 before the first. */
export interface OutgoingSa {
  readonly spi: string;
  readonly last: number;
  /** Whether it uses extended sequence numbers. */
  readonly esn?: boolean;
}

/** The largest sequence number of an SA. */
export const largestNumber = (esn: boolean): number =>
  esn ? MAX_EXTENDED_SEQUENCE_NUMBER : MAX_SEQUENCE_NUMBER;

/** RFC 4303, 3.3.3. The number of a new packet. */
export const nextNumber = rule(
  {
    id: 'RFC4303-3.3.3-NEXT-NUMBER',
    document: 'RFC4303',
    section: '3.3.3',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'A packet has the next sequence number of its SA',
    says: 'The counter of an SA starts at 0 and is incremented for each packet, so that the first one has the number 1.',
  },
  (sa: OutgoingSa): number => sa.last + 1,
);

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
    says: 'Sequence numbers of an SA start at 1 and increase; no number is sent twice, and the counter does not cycle: before that, the SA is rekeyed or closed (after a failover: RFC 6311, 5.2, the member skips what may have been used). Gaps are allowed.',
  },
  (sa: OutgoingSa, number: number): boolean => number > sa.last && number <= largestNumber(sa.esn === true),
);

/** RFC 4303, 3.4.3. Whether a number may be that of a new packet. */
export const isNewInWindow = rule(
  {
    id: 'RFC4303-3.4.3-ANTI-REPLAY',
    document: 'RFC4303',
    section: '3.4.3',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'No packet is accepted twice',
    says: 'A packet is accepted only if its number is above the window, or in it and not seen before; what is behind the window is dropped, even if it never came (RFC 6311, 8.2 accepts that).',
  },
  (window: ReplayWindow, size: number, number: number): boolean =>
    !isBehind(window, size, number) && !wasSeen(window, number),
);

/** RFC 4303, 2.2.1. The whole number of a packet of which only the lower half came. */
export const inferNumber = rule(
  {
    id: 'RFC4303-2.2.1-ESN',
    document: 'RFC4303',
    section: '2.2.1',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'The upper half of an extended sequence number is inferred',
    says: 'With ESN only the lower 32 bits are sent. The receiver takes the upper half that puts the number nearest to its window: in it, or above it by less than 2^32. The integrity value covers the whole number, so a wrong guess is noticed and the packet dropped.',
  },
  (window: ReplayWindow, size: number, lower: number): number => {
    const bottom = window.highest - size + 1;
    const upper = Math.floor(Math.max(bottom, 0) / LOWER_HALF) * LOWER_HALF;
    return upper + lower >= bottom ? upper + lower : upper + lower + LOWER_HALF;
  },
);

/** The rules of ESP, as a revision holds them. */
export const ordinaryEsp = { nextNumber, isFreshNumber, isNewInWindow, inferNumber };

/** Each slot can be filled by another function of the same form. */
export type OrdinaryEsp = {
  readonly [Slot in keyof typeof ordinaryEsp]: (
    ...args: Parameters<(typeof ordinaryEsp)[Slot]>
  ) => ReturnType<(typeof ordinaryEsp)[Slot]>;
};

/** A packet leaves with the given sequence number. */
export function sendPacket(
  by: Endpoint,
  sa: OutgoingSa,
  number: number,
  {
    content = number,
    rules = ordinaryEsp,
  }: { readonly content?: Content; readonly rules?: OrdinaryEsp } = {},
): { readonly enabled: true; readonly sa: OutgoingSa; readonly observation: Observation } | Refused {
  if (!rules.isFreshNumber(sa, number)) {
    return {
      enabled: false,
      rule: isFreshNumber.text.id,
      because: `sequence number ${number} is not above ${sa.last}, the last that was sent`,
    };
  }
  return {
    enabled: true,
    sa: { ...sa, last: number },
    observation: { kind: 'esp-sent', by, spi: sa.spi, number, content },
  };
}

/** An application at the active member sends a packet over one of the Child SAs. */
export function beginPacket(
  rules: OrdinaryEsp,
  by: Endpoint,
  member: ActiveMember,
  child: ChildSa,
  content: Content,
): Step {
  const sa = { spi: child.spi, last: child.sent, esn: child.esn };
  const next = rules.nextNumber(sa);
  const sent = sendPacket(by, sa, next, { content, rules });
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

/** Whether the next packet of a Child SA at one end is accepted at the other. */
export function getsThrough(rules: OrdinaryEsp, from: ChildSa, to: ChildSa): boolean {
  const number = from.sent + 1;
  const inferred = to.esn ? rules.inferNumber(to.received, to.replayWindow, number % LOWER_HALF) : number;
  return inferred === number && rules.isNewInWindow(to.received, to.replayWindow, number);
}

/** A packet of the other end arrives. */
export function receivePacket(
  rules: OrdinaryEsp,
  by: Endpoint,
  member: ActiveMember,
  packet: EspPacket,
): Step {
  const { sa } = member;
  const child = hasChildSa(sa, packet.spi);
  if (child === undefined) return unknownSa(packet);
  const { received, replayWindow: size } = child;
  const lower = packet.number % LOWER_HALF;
  const number = child.esn ? rules.inferNumber(received, size, lower) : packet.number;
  if (number !== packet.number) {
    return refused(inferNumber, `it is taken for number ${number}, and its integrity value does not fit`);
  }
  if (!rules.isNewInWindow(received, size, number)) {
    return refused(
      isNewInWindow,
      wasSeen(received, number)
        ? `number ${number} was seen before`
        : `number ${number} is behind the window, which ends at ${received.highest}`,
    );
  }
  return taken(
    { ...member, sa: withChildSa(sa, { ...child, received: accepted(received, size, number) }) },
    [...(child.esn ? [inferNumber] : []), isNewInWindow],
    { observations: [{ kind: 'esp-accepted', by, spi: child.spi, number, content: packet.content }] },
  );
}

const unknownSa = ({ spi }: EspPacket): Refused => ({
  enabled: false,
  rule: 'RFC6311-8.3-INCONSISTENT',
  because: `there is no Child SA ${spi}`,
});

/** A Child SA that was just established; with `first`, its counters start there instead of at 0. */
export const freshChildSa = (
  spi: string,
  {
    esn = false,
    replayWindow = 64,
    first = 0,
  }: { readonly esn?: boolean; readonly replayWindow?: number; readonly first?: number } = {},
): ChildSa => ({ spi, esn, replayWindow, sent: first, received: { highest: first, seen: [] } });

/** The Child SAs of an IKE SA, by their SPIs. */
export const spisOf = (sa: SaState): readonly string[] => sa.childSas.map(({ spi }) => spi);
