/**
 * The threads that insert states (`inserter.ts`), as the search sees them: it gives them jobs and waits for them.
 *
 * The search waits without returning to the event loop, so it does not hear of a thread that has ended. But a thread
 * at work shows that it is alive every few thousand rows; and one that has not done so for long is given up.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import {
  BEAT,
  CLOSED,
  controlSize,
  DONE,
  FAILED,
  FAILED_FOR_MEMORY,
  type InserterData,
  JOB,
  SENT,
  type Sent,
  type SharedInts,
} from './shared-job.ts';

/** A thread that inserts states has failed or ended: the exploration cannot go on. */
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
export class Inserters {
  readonly #control: SharedInts;
  readonly #threads: readonly Worker[];
  readonly #looks: number;
  #isClosed = false;
  #failure: string | undefined;

  private constructor(control: SharedInts, threads: readonly Worker[], looks: number) {
    this.#control = control;
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
  static async start(count: number, looks = MOST_LOOKS): Promise<Inserters> {
    const control: SharedInts = new Int32Array(new SharedArrayBuffer(4 * controlSize(count)));
    const threads = Array.from({ length: count }, (_, index) => {
      const workerData: InserterData = { control, index, inserters: count };
      return new Worker(inserterProgram(), { workerData, eval: true });
    });
    try {
      await Promise.all(threads.map((thread) => once(thread, 'message')));
    } catch (error) {
      for (const thread of threads) void thread.terminate();
      throw new WorkerFailure(
        `a thread that inserts states did not start: ${error instanceof Error ? error.message : error}`,
      );
    }
    return new Inserters(control, threads, looks);
  }

  get count(): number {
    return this.#threads.length;
  }

  set(field: number, value: number): void {
    this.#control[field] = value;
  }

  send(message: Sent): void {
    for (const thread of this.#threads) thread.postMessage(message);
    this.#control[SENT]!++;
  }

  /** All that was set and sent is a job. */
  begin(): void {
    Atomics.add(this.#control, JOB, 1);
    Atomics.notify(this.#control, JOB);
  }

  /**
   * Waits until all have done the last job.
   *
   * @throws WorkerFailure if one of them will not
   */
  wait(): void {
    const control = this.#control;
    const job = Atomics.load(control, JOB);
    for (let i = 0; i < this.#threads.length; i++) this.#waitFor(i, job);
    if (Atomics.load(control, FAILED) === 0) return;
    throw new WorkerFailure(
      Atomics.load(control, FAILED) === FAILED_FOR_MEMORY
        ? 'a thread that inserts states got no more memory'
        : 'a thread that inserts states has failed',
    );
  }

  #waitFor(thread: number, job: number): void {
    const control = this.#control;
    let beat = Atomics.load(control, BEAT + thread);
    for (let looks = 0; ; ) {
      const done = Atomics.load(control, DONE + thread);
      if (done === job) return;
      if (this.#failure !== undefined) throw failed(this.#failure);
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
    Atomics.store(this.#control, CLOSED, 1);
    this.begin();
  }

  /** Ends one at once, as if something had killed it. */
  async kill(thread: number): Promise<void> {
    await this.#threads[thread]!.terminate();
  }
}

const failed = (why: string): WorkerFailure =>
  new WorkerFailure(`a thread that inserts states has failed: ${why}`);

/** What a thread runs: the inserter; run from source, by the loader of TypeScript, which a thread needs for itself. */
function inserterProgram(): string {
  const isSource = import.meta.url.endsWith('.ts');
  const program = JSON.stringify(new URL(isSource ? './inserter.ts' : './inserter.js', import.meta.url).href);
  if (!isSource) return `import(${program})`;
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${loader}).then(({ tsImport }) => tsImport(${program}, ${program}))`;
}
