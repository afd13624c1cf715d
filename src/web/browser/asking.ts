/** The worker as the page sees it: one puts a question, hears how far it is, and gets the answer, or stops it. */
import type { FromWorker, ToWorker } from '../requests.ts';

/** What went wrong, for a person. */
export class Refusal extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

interface Open<Far> {
  readonly tell: (howFar: Far) => void;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Refusal) => void;
  /** When it is given up, if no word comes. */
  timer: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Milliseconds without a word after which a question is given up, where rules of one's own are asked: one of them may
 * never come to an end.
 */
const PATIENCE = 20_000;

/** A question that was put. */
export interface Question<Answer> {
  readonly answer: Promise<Answer>;
  /** Asks for an end; a check then says how far it came. */
  readonly stop: () => void;
}

/** Something that is asked, by its kind. */
interface Asks {
  readonly kind: string;
}

export class Asking<Asked extends Asks, Answers extends Readonly<Record<Asked['kind'], unknown>>, Far> {
  readonly #program: string;
  readonly #asksOwn: (asked: Asked) => boolean;
  #worker: Worker | undefined;
  #next = 0;
  readonly #open = new Map<number, Open<Far>>();

  /**
   * @param program the text of the script of this page, which is the program of the worker as well
   * @param asksOwn whether rules of one's own are asked
   */
  constructor(program: string, asksOwn: (asked: Asked) => boolean = () => false) {
    this.#asksOwn = asksOwn;
    this.#program = URL.createObjectURL(new Blob([program], { type: 'text/javascript' }));
  }

  put<Kind extends Asked['kind']>(
    asked: Extract<Asked, { readonly kind: Kind }>,
    tell: (howFar: Far) => void = () => undefined,
  ): Question<Answers[Kind]> {
    const id = this.#next++;
    const answer = new Promise<Answers[Kind]>((resolve, reject) => {
      this.#open.set(id, { tell, resolve: resolve as Open<Far>['resolve'], reject, timer: undefined });
    });
    if (this.#asksOwn(asked)) this.#watch(id);
    this.#send({ id, asked });
    return { answer, stop: () => this.#send({ id, stop: true }) };
  }

  /** Gives the worker up if nothing is heard of a question for too long. */
  #watch(id: number): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    clearTimeout(open.timer);
    open.timer = setTimeout(
      () =>
        this.#end(`a rule has not answered after ${PATIENCE / 1000} s: does it ever end?`, 'mend the text'),
      PATIENCE,
    );
  }

  /** Ends the worker, and with it all that was asked. */
  #end(why: string, hint: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    const open = [...this.#open.values()];
    this.#open.clear();
    for (const { reject, timer } of open) {
      clearTimeout(timer);
      reject(new Refusal(why, hint));
    }
  }

  #send(message: ToWorker<Asked>): void {
    this.#worker ??= this.#begun();
    this.#worker.postMessage(message);
  }

  #begun(): Worker {
    const worker = new Worker(this.#program);
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker<unknown, Far>>) => {
      const open = this.#open.get(data.id);
      if (open === undefined) return;
      if ('progress' in data) {
        if (open.timer !== undefined) this.#watch(data.id);
        open.tell(data.progress);
      } else {
        clearTimeout(open.timer);
        this.#open.delete(data.id);
        if ('answer' in data) open.resolve(data.answer);
        else open.reject(new Refusal(data.error, data.hint));
      }
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.#end(
        `it has ended before it came to a verdict: ${event.message || 'the browser gave it no more memory'}`,
        'try something smaller here, or the same on the command line',
      );
    });
    return worker;
  }
}
