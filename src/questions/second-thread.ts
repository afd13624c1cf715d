/** A second thread for many jobs: it does those that this one has not taken yet. */
import { Worker } from 'node:worker_threads';
import { threadProgram } from '../explore/thread-program.ts';

/** A place for each job, 1 once somebody has taken it; and one more, 1 once all is to end. */
export type Control = Int32Array<SharedArrayBuffer>;

/** What the second thread does: a program of this folder. */
export type ThreadProgram = 'compare-thread' | 'check-thread';

/** What a program is started with, beside what it knows of its jobs. */
export interface Controlled {
  readonly control: Control;
}

/** What a program says of each job that it has done. */
export interface JobDone<Outcome> {
  readonly job: number;
  readonly outcome: Outcome;
}

/** Takes a job, if nobody has. */
export const claim = (control: Control, job: number): boolean =>
  Atomics.compareExchange(control, job, 0, 1) === 0;

/** Aborted once whoever started the second thread says so. */
export const endOf = (control: Control): { readonly aborted: boolean } => ({
  get aborted(): boolean {
    return Atomics.load(control, control.length - 1) === 1;
  },
});

/** Milliseconds between two looks whether it was interrupted. */
const LOOK = 50;

export class SecondThread<Outcome> {
  readonly #worker: Worker;
  readonly #control: Control;
  readonly #outcomes = new Map<number, Outcome>();
  readonly #ended: Promise<void>;

  /** @param shared what the program has to know, without functions */
  constructor(program: ThreadProgram, shared: object, jobs: number) {
    this.#control = new Int32Array(new SharedArrayBuffer(4 * (jobs + 1)));
    this.#worker = new Worker(threadProgram(import.meta.url, program), {
      eval: true,
      workerData: { ...shared, control: this.#control },
    });
    this.#worker.on('message', ({ job, outcome }: JobDone<Outcome>) => {
      this.#outcomes.set(job, outcome);
    });
    this.#ended = new Promise((resolve) => {
      // What it did not do is done by whoever asked.
      this.#worker.on('error', () => resolve());
      this.#worker.on('exit', () => resolve());
    });
  }

  /** Whether this job is still to be done; from now on nobody else does it. */
  claim(job: number): boolean {
    return claim(this.#control, job);
  }

  /** Waits for what the thread still does. */
  async outcomes(isStopped: () => boolean): Promise<ReadonlyMap<number, Outcome>> {
    const look = (): void => {
      if (isStopped()) Atomics.store(this.#control, this.#control.length - 1, 1);
    };
    look();
    const timer = setInterval(look, LOOK);
    await this.#ended;
    clearInterval(timer);
    return this.#outcomes;
  }

  /** Ends it at once, whatever it is doing: nobody waits for what it does any more. */
  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/**
 * Does jobs in their order, but for those that a second thread has taken; then waits for these, and does what it took and
 * did not do, if it failed. If one of them fails here, the other thread is ended.
 *
 * @param second undefined, if there is none
 * @returns what was done until `isStopped`, by the numbers of the jobs
 */
export async function doneWith<Outcome>(
  second: SecondThread<Outcome> | undefined,
  jobs: readonly number[],
  isStopped: () => boolean,
  outcomeOf: (job: number) => Promise<Outcome>,
): Promise<ReadonlyMap<number, Outcome>> {
  const outcomes = new Map<number, Outcome>();
  try {
    for (const job of jobs) {
      if (isStopped()) break;
      if (second?.claim(job) !== false) outcomes.set(job, await outcomeOf(job));
    }
  } catch (error) {
    await second?.end();
    throw error;
  }
  for (const [job, outcome] of (await second?.outcomes(isStopped)) ?? []) outcomes.set(job, outcome);
  for (const job of jobs) {
    if (!outcomes.has(job) && !isStopped()) outcomes.set(job, await outcomeOf(job));
  }
  return outcomes;
}
