/** How much memory an exploration may have, and whether what it is about to do has room in it. */
import { bytesFree, bytesUsed, heapFilled } from './host.ts';

/** The part of what the machine has free that an exploration takes if nothing is said. */
const SHARE = 0.8;
/** The part of the heap that may be filled with values before the exploration ends. */
const SHARE_OF_HEAP = 0.85;

export class MemoryLimit {
  /** Bytes of the process. */
  readonly bytes: number;

  /** @param bytes - what was asked for */
  constructor(bytes: number | undefined) {
    this.bytes = bytes ?? bytesUsed() + SHARE * bytesFree();
  }

  /**
   * Whether there is room for more.
   *
   * @param tables - bytes of tables that are there; of those that were just made, the process may not have used much
   * @param more - bytes that come on top at the worst moment
   */
  suffices(tables: number, more: number): boolean {
    if (Math.max(tables, bytesUsed()) + more > this.bytes) return false;
    return heapFilled() <= SHARE_OF_HEAP;
  }
}

/** Whether an array was too large for the machine, or for Node.js. */
export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof RangeError &&
  /^(array buffer allocation failed|invalid typed array length)/i.test(error.message);
