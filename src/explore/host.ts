/**
 * What the explorer asks of the program that it runs in, apart from threads (`workers.ts`) and files (`checkpoint.ts`):
 * here of Node.js. Whoever has none can put other modules in the place of these three.
 */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';

/** Returns to the event loop: somebody may be waiting for a word. */
export const breathe = (): Promise<void> => setImmediate();

/** Takes up texts one after the other, and says in hexadecimal digits what they come to. */
export interface Digest {
  update(text: string): Digest;
  digest(): string;
}

/** SHA-256. */
export function sha256(): Digest {
  const hash = createHash('sha256');
  const taking: Digest = {
    update(text) {
      hash.update(text);
      return taking;
    },
    digest: () => hash.digest('hex'),
  };
  return taking;
}

/** Bytes of the whole process. */
export const bytesUsed = (): number => process.memoryUsage.rss();

/** Bytes that the machine has left for it. */
export const bytesFree = (): number => process.availableMemory();

/** How far the heap of values is filled: from 0 to 1. */
export function heapFilled(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used / limit;
}

/** Memory that other threads can see. */
export const sharedMemory = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);
