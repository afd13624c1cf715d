/**
 * The anti-replay window of an incoming SA (RFC 4303, 3.4.3), as a value.
 */
import type { SequenceNumber } from './numbers.ts';

/** What a receiver remembers of the numbers that came. */
export interface ReplayWindow {
  /** The highest number that was accepted, or that is taken to have been; 0 before the first. */
  readonly highest: SequenceNumber;
  /** The numbers in the window that were accepted, lowest first. Others may still come. */
  readonly seen: readonly SequenceNumber[];
  /** Whether the next packet that comes sets it, whatever its number is (RFC 6027, 3.5); absent if not. */
  readonly learns?: true;
}

/** Before the first packet. */
export const emptyWindow: ReplayWindow = { highest: 0, seen: [] };

/** Whether a number lies to the left of the window: it is too old to tell whether it came before. */
export const isBehind = (window: ReplayWindow, size: number, number: SequenceNumber): boolean =>
  number <= window.highest - size;

/** Whether a number was accepted before. */
export const wasSeen = (window: ReplayWindow, number: SequenceNumber): boolean =>
  window.seen.includes(number);

/** The window once a number was accepted. */
export function accepted(window: ReplayWindow, size: number, number: SequenceNumber): ReplayWindow {
  if (window.learns) return { highest: number, seen: [number] };
  const highest = Math.max(window.highest, number);
  const seen = [...new Set([...window.seen, number])].filter((each) => each > highest - size);
  return { highest, seen: seen.sort((a, b) => a - b) };
}

/**
 * The window, moved up so that nothing up to `number` is accepted any longer; unchanged if it is there already.
 * All numbers that stay in it count as seen.
 */
export function closedUpTo(window: ReplayWindow, size: number, number: SequenceNumber): ReplayWindow {
  const highest = Math.max(window.highest, number);
  const closed = Array.from({ length: Math.min(size, number) }, (_, index) => number - index);
  const seen = [...new Set([...window.seen, ...closed])].filter((each) => each > highest - size);
  return { highest, seen: seen.sort((a, b) => a - b) };
}
