/** A second thread for a comparison (`compare-thread.ts`): it does jobs from the last on, while this one begins at the first. */
import { Worker } from 'node:worker_threads';
import type { Settings, Size } from '../../model/index.ts';
import type { ComparisonOutcome, ComparisonRequest, Side } from './compare.ts';

/** A comparison as it can be handed to a thread: without functions. */
export interface SharedComparison {
  readonly sides: readonly Omit<Side, 'revision'>[];
  readonly places: readonly { readonly scenario: string; readonly settings: readonly [Settings, Settings] }[];
  readonly size: Size;
  readonly properties?: readonly string[];
  readonly ignored?: readonly string[];
  readonly seconds?: number;
  readonly bytes?: number;
  /** Numbers of the jobs that are to be done. */
  readonly wanted: readonly number[];
  /** A place for each job, 1 once somebody has taken it; and one more, 1 once all is to end. */
  readonly control: Int32Array<SharedArrayBuffer>;
}

/** Takes a job, if nobody has. */
export const claim = (control: SharedComparison['control'], job: number): boolean =>
  Atomics.compareExchange(control, job, 0, 1) === 0;

/** Milliseconds between two looks whether it was interrupted. */
const LOOK = 50;

export class SecondThread {
  readonly #worker: Worker;
  readonly #control: SharedComparison['control'];
  readonly #outcomes = new Map<number, ComparisonOutcome>();
  readonly #ended: Promise<void>;

  private constructor(shared: SharedComparison) {
    this.#control = shared.control;
    this.#worker = new Worker(program(), { eval: true, workerData: shared });
    this.#worker.on('message', ({ job, outcome }: { job: number; outcome: ComparisonOutcome }) => {
      this.#outcomes.set(job, outcome);
    });
    this.#ended = new Promise((resolve) => {
      // What it did not do is done by whoever asked.
      this.#worker.on('error', () => resolve());
      this.#worker.on('exit', () => resolve());
    });
  }

  /** Of a request whose sides are shipped. */
  static start(request: ComparisonRequest, jobs: number, wanted: readonly number[]): SecondThread {
    const { sides, scenarios, size, properties, ignored, seconds, bytes } = request;
    return new SecondThread({
      sides: sides.map(({ revision: _, ...side }) => side),
      places: scenarios.map(({ scenario, settings }) => ({ scenario: scenario.name, settings })),
      size,
      wanted,
      ...(properties === undefined ? {} : { properties }),
      ...(ignored === undefined ? {} : { ignored }),
      ...(seconds === undefined ? {} : { seconds }),
      ...(bytes === undefined ? {} : { bytes }),
      control: new Int32Array(new SharedArrayBuffer(4 * (jobs + 1))),
    });
  }

  /** Whether this job is still to be done; from now on nobody else does it. */
  claim(job: number): boolean {
    return claim(this.#control, job);
  }

  /** Waits for what the thread still does. */
  async outcomes(isStopped: () => boolean): Promise<ReadonlyMap<number, ComparisonOutcome>> {
    const look = (): void => {
      if (isStopped()) Atomics.store(this.#control, this.#control.length - 1, 1);
    };
    look();
    const timer = setInterval(look, LOOK);
    await this.#ended;
    clearInterval(timer);
    return this.#outcomes;
  }
}

/** What the thread runs: `compare-thread.ts`; from source, with the loader of TypeScript. */
function program(): string {
  const isSource = import.meta.url.endsWith('.ts');
  const thread = JSON.stringify(
    new URL(isSource ? './compare-thread.ts' : './compare-thread.js', import.meta.url).href,
  );
  if (!isSource) return `import(${thread})`;
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return `import(${loader}).then(({ register }) => { register(); return import(${thread}); })`;
}
