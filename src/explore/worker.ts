/** What a thread does beside the search: its share of each batch, of the steps and of the set of states. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { Batch } from './batch.ts';
import { Inserter } from './inserter.ts';
import {
  BATCH,
  BEAT,
  CLOSE,
  DONE,
  EXPANDED,
  FAILED,
  FAILED_FOR_MEMORY,
  FAILED_OTHERWISE,
  INSERT,
  INSERTED,
  JOB,
  KIND,
  KNOWN,
  LAYOUT,
  SENT,
  type Sent,
  type SharedInts,
  TAKE,
  type ThreadData,
  WORDS,
} from './shared-job.ts';
import { takeShare } from './shared-take.ts';
import { Taker } from './taker.ts';
import { waitForChange } from './wait.ts';

class Worker {
  readonly #control: SharedInts;
  readonly #index: number;
  readonly #inserter: Inserter;
  readonly #blocks: Int32Array[] = [];
  readonly #batches: Batch[] = [];
  #taker: Taker | undefined;
  #received = 0;

  constructor({ control, index, threads }: ThreadData) {
    this.#control = control;
    this.#index = index;
    this.#inserter = new Inserter(index, threads, () => {
      control[BEAT + index]!++;
    });
  }

  /** Does jobs until there are no more. */
  run(): void {
    const control = this.#control;
    for (let job = 0; ; ) {
      waitForChange(control, JOB, job);
      job++;
      const kind = control[KIND + (job & 1)]!;
      if (kind === CLOSE) return;
      try {
        this.#work(kind);
      } catch (error) {
        const isMemory = error instanceof RangeError && /allocation|array length/i.test(error.message);
        if (!isMemory) console.error(error);
        Atomics.store(control, FAILED, isMemory ? FAILED_FOR_MEMORY : FAILED_OTHERWISE);
      }
      Atomics.store(control, DONE + this.#index, job);
      Atomics.notify(control, DONE + this.#index);
    }
  }

  #work(kind: number): void {
    const control = this.#control;
    while (this.#received < control[SENT]!) this.#receive();
    if (kind === TAKE && this.#taker !== undefined) {
      const batch = this.#batches[control[BATCH]!]!;
      takeShare(control, this.#index, this.#taker, batch, this.#blocks);
    }
    if (kind === INSERT) {
      this.#inserter.insert(this.#batches[control[INSERTED]!]!, control[EXPANDED]!, {
        blocks: this.#blocks,
        count: control[KNOWN]!,
        words: control[WORDS]!,
        layout: control[LAYOUT]!,
      });
    }
  }

  #receive(): void {
    const received = receiveMessageOnPort(parentPort!) as { readonly message: Sent } | undefined;
    if (received === undefined) return;
    const { message } = received;
    this.#received++;
    switch (message.kind) {
      case 'block':
        this.#blocks[message.index] = message.rows;
        return;
      case 'batch':
        this.#batches[message.index] = new Batch(message.arrays);
        return;
      case 'tables': {
        const { tables, tallies, violatedFrom } = message;
        const tally = tallies[this.#index]!;
        this.#taker ??= new Taker(tables, tally, violatedFrom[this.#index]!, null);
        this.#taker.use(tables, tally);
      }
    }
  }
}

parentPort!.postMessage('ready');
new Worker(workerData as ThreadData).run();
