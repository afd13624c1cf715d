/**
 * The other threads (`worker.ts`) as the search sees them: it gives them jobs and waits for them.
 *
 * The search waits without returning to the event loop, so it does not hear of a thread that has ended. But a thread
 * at work shows that it is alive every few thousand rows; and one that has not done so for long is given up.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { sharedInts } from './growing-ints.ts';
import {
  BEAT,
  CLOSE,
  CONTROL_SIZE,
  DONE,
  FAILED,
  FAILED_FOR_MEMORY,
  JOB,
  KIND,
  SENT,
  type Sent,
  type SharedInts,
  type ThreadData,
} from './shared-job.ts';
import { changesSoon } from './wait.ts';

/** A thread has failed or ended: the exploration cannot go on. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
}

/**
 * Looks at a thread that shows no sign of life until it is given up, and milliseconds between them. Looks are counted,
 * and not time, which goes on also while the whole process is stopped.
 */
const MOST_LOOKS = 120;
const BETWEEN_LOOKS = 250;

/** They live until they are closed, and do not keep the process alive. */
export class Workers {
  /** See `shared-job.ts`. */
  readonly control: SharedInts;
  readonly #threads: readonly Worker[];
  readonly #looks: number;
  #isClosed = false;
  #failure: string | undefined;

  private constructor(control: SharedInts, threads: readonly Worker[], looks: number) {
    this.control = control;
    this.#threads = threads;
    this.#looks = looks;
    for (const thread of threads) {
      thread.unref();
      thread.on('error', (error) => {
        this.#failure ??= error instanceof Error ? error.message : String(error);
      });
      thread.on('exit', () => {
        if (!this.#isClosed) this.#failure ??= 'it has ended';
      });
    }
  }

  /**
   * Starts so many threads.
   *
   * @param looks - how often to look for a sign of life of a thread
   * @throws WorkerFailure if one does not start
   */
  static async start(count: number, looks = MOST_LOOKS): Promise<Workers> {
    const control = sharedInts(CONTROL_SIZE);
    const threads = Array.from({ length: count }, (_, i) => {
      const workerData: ThreadData = { control, index: i + 1, threads: count + 1 };
      return new Worker(workerProgram(), { workerData, eval: true });
    });
    try {
      await Promise.all(threads.map((thread) => once(thread, 'message')));
    } catch (error) {
      for (const thread of threads) void thread.terminate();
      throw new WorkerFailure(`a thread did not start: ${error instanceof Error ? error.message : error}`);
    }
    return new Workers(control, threads, looks);
  }

  /** How many they are, without that of the search. */
  get count(): number {
    return this.#threads.length;
  }

  send(message: Sent): void {
    for (const thread of this.#threads) thread.postMessage(message);
    this.control[SENT]!++;
  }

  /**
   * What the control block says, and what was sent, is a job of this kind. All jobs but the last one must be done.
   *
   * @returns its number
   */
  begin(kind: number): number {
    const job = Atomics.load(this.control, JOB) + 1;
    this.control[KIND + (job & 1)] = kind;
    Atomics.store(this.control, JOB, job);
    Atomics.notify(this.control, JOB);
    return job;
  }

  /**
   * Waits until all have done a job.
   *
   * @throws WorkerFailure if one of them will not
   * @throws RangeError if one of them got no more memory, as for memory of our own
   */
  wait(job: number): void {
    const { control } = this;
    for (let thread = 1; thread <= this.#threads.length; thread++) this.#waitFor(thread, job);
    const failure = Atomics.load(control, FAILED);
    if (failure === 0) return;
    if (failure === FAILED_FOR_MEMORY)
      throw new RangeError('Array buffer allocation failed in another thread');
    throw new WorkerFailure('a thread has failed');
  }

  #waitFor(thread: number, job: number): void {
    const { control } = this;
    let beat = Atomics.load(control, BEAT + thread);
    for (let looks = 0; ; ) {
      const done = Atomics.load(control, DONE + thread);
      if (done >= job) return;
      if (this.#failure !== undefined) throw failed(this.#failure);
      if (changesSoon(control, DONE + thread, done)) continue;
      if (Atomics.wait(control, DONE + thread, done, BETWEEN_LOOKS) !== 'timed-out') continue;
      const now = Atomics.load(control, BEAT + thread);
      looks = now === beat ? looks + 1 : 0;
      beat = now;
      if (looks >= this.#looks) throw failed('it shows no sign of life');
    }
  }

  /** Ends them when they have done what they are at. */
  close(): void {
    this.#isClosed = true;
    this.begin(CLOSE);
  }

  /** Ends one (1, 2 ...) at once, as if something had killed it. */
  async kill(thread: number): Promise<void> {
    await this.#threads[thread - 1]!.terminate();
  }
}

const failed = (why: string): WorkerFailure => new WorkerFailure(`a thread has failed: ${why}`);

/** What a thread runs: `worker.ts`; run from source, by the loader of TypeScript, which a thread needs for itself. */
function workerProgram(): string {
  const isSource = import.meta.url.endsWith('.ts');
  const program = JSON.stringify(new URL(isSource ? './worker.ts' : './worker.js', import.meta.url).href);
  if (!isSource) return `import(${program})`;
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${loader}).then(({ tsImport }) => tsImport(${program}, ${program}))`;
}
