/** What `explore/host.ts` is in Node.js, in the worker of a page: it has neither files nor other threads. */
import type * as node from '../../../explore/host.ts';

/** Chromium has it; nobody else has to. */
interface HeapInfo {
  readonly memory?: { readonly usedJSHeapSize: number; readonly jsHeapSizeLimit: number };
}

const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.onmessage = () => waiting.shift()?.();

/** A message to oneself: comes after what has arrived meanwhile, and at once, as a timer of a page does not. */
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    waiting.push(resolve);
    port2.postMessage(null);
  });

/** Asked for by checkpoints alone, and a page writes none. */
const sha256 = (): never => {
  throw new Error('a page has no digest');
};

/** A page is not told what it takes: the tables of the search count, and no more. */
const bytesUsed = (): number => 0;

/** What tables may take in a page: browsers end a page that takes a few times as much. */
const bytesFree = (): number => 1.25 * 2 ** 30;

function heapFilled(): number {
  const { memory } = performance as HeapInfo;
  return memory === undefined ? 0 : memory.usedJSHeapSize / memory.jsHeapSizeLimit;
}

/** There is one thread, so nobody else has to see it; browsers withhold shared memory from most pages. */
const sharedMemory = (bytes: number): SharedArrayBuffer =>
  new ArrayBuffer(bytes) as unknown as SharedArrayBuffer;

export { breathe, bytesFree, bytesUsed, heapFilled, sha256, sharedMemory };

({ breathe, bytesFree, bytesUsed, heapFilled, sha256, sharedMemory }) satisfies typeof node;
