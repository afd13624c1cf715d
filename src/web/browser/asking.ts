/** The worker as the page sees it: one puts a question, hears how far it is, and gets the answer, or stops it. */
import type { Answers, Asked, FromWorker, HowFar, ToWorker } from '../requests.ts';

/** What went wrong, for a person. */
export class Refusal extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

interface Open {
  readonly tell: (howFar: HowFar) => void;
  readonly resolve: (answer: Answers[keyof Answers]) => void;
  readonly reject: (error: Refusal) => void;
}

/** A question that was put. */
export interface Question<Answer> {
  readonly answer: Promise<Answer>;
  /** Asks for an end; a check then says how far it came. */
  readonly stop: () => void;
}

export class Asking {
  readonly #program: string;
  #worker: Worker | undefined;
  #next = 0;
  readonly #open = new Map<number, Open>();

  /** @param program the text of the script of this page, which is the program of the worker as well */
  constructor(program: string) {
    this.#program = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  }

  put<Kind extends Asked['kind']>(
    asked: Extract<Asked, { readonly kind: Kind }>,
    tell: (howFar: HowFar) => void = () => undefined,
  ): Question<Answers[Kind]> {
    const id = this.#next++;
    const answer = new Promise<Answers[Kind]>((resolve, reject) => {
      this.#open.set(id, { tell, resolve: resolve as Open['resolve'], reject });
    });
    this.#send({ id, asked });
    return { answer, stop: () => this.#send({ id, stop: true }) };
  }

  #send(message: ToWorker): void {
    this.#worker ??= this.#begun();
    this.#worker.postMessage(message);
  }

  #begun(): Worker {
    const worker = new Worker(this.#program);
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      const open = this.#open.get(data.id);
      if (open === undefined) return;
      if ('progress' in data) open.tell(data.progress);
      else {
        this.#open.delete(data.id);
        if ('answer' in data) open.resolve(data.answer);
        else open.reject(new Refusal(data.error, data.hint));
      }
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#worker = undefined;
      worker.terminate();
      const refusal = new Refusal(
        `the check has ended before it came to a verdict: ${event.message || 'the browser gave it no more memory'}`,
        'check a smaller scenario here, or check it on the command line',
      );
      for (const { reject } of this.#open.values()) reject(refusal);
      this.#open.clear();
    });
    return worker;
  }
}
