/** RFC 4303, 2.2.1, "Extended (64-bit) Sequence Number", with appendix A2: only the lower half is in the packet. */
import { rule } from '../rule.ts';
import type { SequenceNumber } from '../state/numbers.ts';
import type { ReplayWindow } from '../state/replay-window.ts';

/** How many numbers the lower half of an extended sequence number has. */
const LOWER_HALF = 2 ** 32;

/** The part of a number that is in the packet. */
export const lowerHalf = (number: SequenceNumber): number => number % LOWER_HALF;

/** RFC 4303, 2.2.1. The whole number of a packet that brought only the lower half. */
export const inferNumber = rule(
  {
    id: 'RFC4303-2.2.1-ESN',
    part: 'esp',
    level: 'MUST',
    actor: 'both',
    confidence: 'C',
    title: 'The upper half of an extended sequence number is inferred',
    says: 'With ESN only the lower 32 bits are sent. The receiver takes the upper half that puts the number nearest to its window: in it, or above it by less than 2^32. The integrity value covers the whole number, so a wrong guess is noticed and the packet dropped.',
    returns: 'number',
    seenBy: 'nobody',
    // The upper half is taken for 0.
    absent: (_window, _size, lower) => lower,
  },
  (window: ReplayWindow, size: number, lower: number): SequenceNumber => {
    const bottom = window.highest - size + 1;
    const upper = Math.floor(Math.max(bottom, 0) / LOWER_HALF) * LOWER_HALF;
    return upper + lower >= bottom ? upper + lower : upper + lower + LOWER_HALF;
  },
);
