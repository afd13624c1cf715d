/** The thread of an author's file (`thread.ts`) as the others see it. */
import { once } from 'node:events';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { Unanswered } from '../explore/defect.ts';
import { threadProgram } from '../explore/thread-program.ts';
import { changesSoon } from '../explore/wait.ts';
import { UsageError } from '../questions/usage-error.ts';
import { processorTime } from './processor-time.ts';
import {
  AGAIN,
  type Again,
  ANSWERED,
  ASKED,
  CONTROL_SIZE,
  type Loaded,
  type Question,
  type Reply,
  type RevisionOutline,
  type ThreadData,
} from './protocol.ts';

/**
 * How long a file may take. All but processor time is counted in looks, none of which is counted while nothing runs
 * here: on a machine that is busy with something else, they take longer.
 */
export interface Patience {
  /** Until it is loaded. */
  readonly loading: number;
  /** Until a rule has answered: of the processor time of its thread, and at most so much of another kind. */
  readonly computing: number;
  readonly waiting: number;
}

/** What ends the loading of a file early. */
export interface Ended {
  readonly aborted: boolean;
}

/** In milliseconds. A rule takes microseconds; somebody may be using the processor for something else. */
export const PATIENCE: Patience = { loading: 60_000, computing: 2_000, waiting: 30_000 };

/** Milliseconds between two looks at a rule that has not answered at once. */
const LOOK = 20;

/** A thread can have as much memory as this, so that a rule that wants ever more ends by itself. */
const MOST_MEGABYTES = 1024;

export class RuleThread {
  readonly outline: RevisionOutline;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #patience: Patience;
  readonly #task: string | undefined;
  #asked = 0;
  /** Why it answers no more. */
  #ended: string | undefined;

  private constructor(
    { outline, task }: Extract<Loaded, { readonly outline: unknown }>,
    worker: Worker,
    port: MessagePort,
    control: Int32Array<SharedArrayBuffer>,
    patience: Patience,
  ) {
    this.outline = outline;
    this.#task = task;
    this.#worker = worker;
    this.#port = port;
    this.#control = control;
    this.#patience = patience;
    worker.on('error', (error) => {
      this.#ended ??= error instanceof Error ? error.message : String(error);
    });
    worker.on('exit', () => {
      this.#ended ??= 'its thread has ended';
    });
  }

  /**
   * Loads a file in a thread of its own, which does not keep the process alive.
   *
   * @param file as the user gave it
   * @param isFresh whether the thread is for asking again what another one was asked
   * @param signal once it is aborted, the file is loaded no further
   * @throws UsageError if it cannot be loaded, or holds no revision
   */
  static async start(
    path: string,
    file: string,
    isFresh = false,
    patience: Patience = PATIENCE,
    signal?: Ended,
  ): Promise<RuleThread> {
    const control = new Int32Array(new SharedArrayBuffer(4 * CONTROL_SIZE));
    const { port1, port2 } = new MessageChannel();
    const workerData: ThreadData = { path, file, control, isFresh, port: port2 };
    const worker = new Worker(threadProgram(import.meta.url, 'thread', true), {
      eval: true,
      execArgv: [],
      workerData,
      transferList: [port2],
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
    });
    try {
      const loaded = await loadedBy(worker, file, patience.loading, signal);
      if ('refused' in loaded) throw new UsageError(loaded.refused.message, loaded.refused.hint);
      worker.unref();
      port1.unref();
      return new RuleThread(loaded, worker, port1, control, patience);
    } catch (error) {
      void worker.terminate();
      throw error;
    }
  }

  /**
   * Asks a rule, and waits for what it says.
   *
   * @param whose the slot and the file, in words
   * @throws Unanswered if it does not say anything
   */
  ask(question: Question, whose: string): Reply {
    return this.#answerTo(question, whose) as Reply;
  }

  /**
   * Asks a rule many questions at once, which takes a fraction of the time: what takes longest is to hand one over.
   *
   * @throws Unanswered if it does not say anything to one of them
   */
  askAll(questions: readonly Question[], whose: string): readonly Reply[] {
    return this.#answerTo(questions, whose) as readonly Reply[];
  }

  #answerTo(question: Question | readonly Question[], whose: string): Reply | readonly Reply[] {
    if (this.#ended !== undefined) throw new Unanswered(`${whose} ${this.#ended}`);
    const control = this.#control;
    const before = this.#asked++;
    this.#port.postMessage(question);
    Atomics.store(control, ASKED, this.#asked | 0);
    Atomics.notify(control, ASKED);
    if (!changesSoon(control, ANSWERED, before | 0)) this.#waitFor(before | 0, whose);
    const received = receiveMessageOnPort(this.#port) as
      | { readonly message: Reply | readonly Reply[] }
      | undefined;
    if (received === undefined) throw new Unanswered(`${whose} has not answered`);
    return received.message;
  }

  #waitFor(before: number, whose: string): void {
    const { computing, waiting } = this.#patience;
    let began = processorTime(this.#task);
    let answered = Atomics.load(this.#control, AGAIN);
    for (let waited = 0; Atomics.wait(this.#control, ANSWERED, before, LOOK) === 'timed-out'; ) {
      const now = Atomics.load(this.#control, AGAIN);
      if (now !== answered) {
        // Of many questions, it is at another one.
        [answered, began, waited] = [now, processorTime(this.#task), 0];
        continue;
      }
      waited += LOOK;
      const busy = processorTime(this.#task) - began;
      if (busy < computing && waited < waiting) continue;
      this.#ended = `has not answered after ${(Math.max(waited, busy) / 1000).toFixed(1)} s: does it ever end?`;
      void this.#worker.terminate();
      throw new Unanswered(`${whose} ${this.#ended}`);
    }
  }

  /**
   * Asks all this again, in another order.
   *
   * @throws Unanswered if it does not come to an end
   */
  async askAgain(questions: readonly Question[]): Promise<Again> {
    if (this.#ended !== undefined) throw new Unanswered(this.#ended);
    const worker = this.#worker;
    worker.ref();
    // A thread is asked as often as somebody checks: what listens goes when it has heard.
    const heard = new AbortController();
    const told = once(worker, 'message', { signal: heard.signal });
    told.catch(() => undefined);
    const done = once(worker, 'exit', { signal: heard.signal });
    done.catch(() => undefined);
    worker.postMessage(questions);
    let seen = -1;
    let idle = 0;
    const stuck = new Promise<'stuck'>((resolve) => {
      const look = (): void => {
        const now = Atomics.load(this.#control, AGAIN);
        idle = now === seen ? idle + LOOK : 0;
        seen = now;
        if (idle >= this.#patience.waiting) resolve('stuck');
        else timer = setTimeout(look, LOOK);
      };
      let timer = setTimeout(look, LOOK);
      void Promise.race([told, done])
        .finally(() => clearTimeout(timer))
        .catch(() => undefined);
    });
    const ended = done.then(() => 'ended' as const);
    const first = await Promise.race([told, ended, stuck]).finally(() => heard.abort());
    if (Array.isArray(first)) {
      worker.unref();
      return (first as [Again])[0];
    }
    this.#ended ??= first === 'stuck' ? 'does not end' : 'its thread has ended';
    void worker.terminate();
    throw new Unanswered(this.#ended);
  }

  close(): void {
    this.#ended ??= 'it was ended';
    void this.#worker.terminate();
  }
}

/** What comes of loading a file. */
async function loadedBy(
  worker: Worker,
  file: string,
  milliseconds: number,
  signal: Ended | undefined,
): Promise<Loaded> {
  const refused = (message: string): Loaded => ({
    refused: {
      message: `${file} cannot be loaded: ${message}`,
      hint: 'it has to be an ES module that exports a revision and does nothing else',
    },
  });
  return new Promise((resolve) => {
    let looked = 0;
    const first = (loaded: Loaded): void => {
      clearInterval(looking);
      resolve(loaded);
    };
    // Whoever explores meanwhile hears nothing until it is done: that is not the file's fault.
    const looking = setInterval(() => {
      looked += LOOK;
      if (signal?.aborted === true) first(refused('it was ended before it was loaded'));
      else if (looked >= milliseconds)
        first(refused(`it has not come to an end after ${milliseconds / 1000} s`));
    }, LOOK);
    worker.once('message', (loaded: Loaded) => first(loaded));
    worker.once('error', (error: unknown) =>
      first(refused(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error))),
    );
    // What waits for ever keeps no thread alive.
    worker.once('exit', () => first(refused('it ends (process.exit), or awaits what never comes')));
  });
}
