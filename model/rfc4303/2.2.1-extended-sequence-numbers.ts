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
    level: 'stated',
    actor: 'receiver',
    confidence: 'A',
    title: 'The upper half of an extended sequence number is inferred',
    says: 'With ESN only the lower 32 bits are sent. The receiver takes the upper half that puts the number between the bottom of its window and 2^32 - 1 above the bottom, that is up to 2^32 - W above the top of a window of W (A2.2; 3.4.3 compares with the top instead, and so takes late packets in the window for later ones). The integrity value covers the whole number, so a wrong inference is noticed and the packet dropped. Beyond the bound the two ends have lost each other, unless the receiver has the way back that A3 recommends.',
    formerly:
      'It gave 2^32 above the window as the bound up to which the upper half is inferred rightly; by A2.2 it is lower by the size of the window.',
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
