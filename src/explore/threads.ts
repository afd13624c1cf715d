/**
 * More threads for a search, once it is large enough to be worth it: starting them takes as long as hundreds of
 * thousands of states. They are started beside the search, which takes them on when they are ready; since only the
 * search gives numbers to states, nothing that is found depends on when that is.
 */
import type { Options } from './options.ts';
import type { Search } from './search.ts';
import { MOST_THREADS } from './shared-job.ts';
import { Workers } from './workers.ts';

/** States found when threads are started: some tenths of a second after the beginning. */
const FROM = 30_000;

export class Threads {
  readonly #count: number;
  readonly #from: number;
  #starting: Promise<void> | undefined;
  #ready: Workers | undefined;
  #failure: unknown;
  #isShared = false;
  #isClosed = false;

  constructor({
    workers = 1,
    threadsFrom = FROM,
    hashCompaction = false,
  }: Pick<Options, 'workers' | 'threadsFrom' | 'hashCompaction'>) {
    this.#count = hashCompaction ? 0 : Math.min(workers - 1, MOST_THREADS - 1);
    this.#from = threadsFrom;
  }

  /**
   * Starts threads, or lets the search have them, if it is time for it.
   *
   * @throws WorkerFailure if they do not start
   */
  async attend<C, M, O, A>(search: Search<C, M, O, A>): Promise<void> {
    if (this.#count < 1 || this.#isShared || search.table.count < this.#from) return;
    this.#starting ??= this.#start();
    // Who wants them from the beginning waits for them.
    if (this.#from === 0) await this.#starting;
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#ready === undefined) return;
    search.share(this.#ready);
    this.#isShared = true;
  }

  async #start(): Promise<void> {
    try {
      const threads = await Workers.start(this.#count);
      this.#ready = threads;
      if (this.#isClosed) threads.close();
    } catch (error) {
      this.#failure = error;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#ready?.close();
  }
}
