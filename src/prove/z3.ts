/**
 * Z3, compiled to WebAssembly (npm `z3-solver`). Loaded when it is first needed: it has 35 MB. It keeps threads
 * of its own, which keep the process alive: whoever has asked it anything calls `closeZ3` in the end.
 */
import { setTimeout } from 'node:timers/promises';
import type { Context, Solver, Z3HighLevel, Z3LowLevel } from 'z3-solver';
import type { Answer } from './solver.ts';
import { z3Program } from './z3-program.ts';

export interface Z3 {
  readonly version: string;
  /**
   * Is there a case in which all that the text asserts is true? `unknown` after so many milliseconds, when
   * `signal` was aborted, or for want of memory. Throws if the text is not SMT-LIB.
   */
  readonly check: (text: string, milliseconds: number, signal?: AbortSignal) => Promise<Answer>;
}

/** Milliseconds: about 24 days, which fit into 31 bits. */
const LONGEST = 2 ** 31 - 1;

export interface Loaded {
  readonly z3: Z3;
  readonly close: () => Promise<void>;
}

let loading: Promise<Loaded> | null = null;

/** Z3, loaded if it is not yet. Throws if that is impossible. */
export async function openZ3(): Promise<Z3> {
  loading ??= loadZ3(z3Program);
  try {
    return (await loading).z3;
  } catch (error) {
    loading = null;
    throw error;
  }
}

/** Ends the threads of Z3, so that the process can end. Does nothing if it was never loaded. */
export async function closeZ3(): Promise<void> {
  const closing = loading;
  loading = null;
  if (closing !== null) await (await closing).close();
}

/** Z3 by itself, with what it is made of. */
export async function loadZ3(made: typeof z3Program): Promise<Loaded> {
  let program = await begin(made);
  // Its memory ends at 2 GiB. If what was asked earlier took it, a program that was begun anew can answer.
  const ask = async (question: Question, isAgain: boolean): Promise<Answer> => {
    const answer = await check(program, question);
    if (answer !== 'aborted') return answer;
    await program.end();
    program = await begin(made);
    return isAgain ? { result: 'unknown' } : ask(question, true);
  };
  // One question at a time: the binding allows no more.
  let last: Promise<unknown> = Promise.resolve();
  return {
    z3: {
      version: program.version,
      check: (text, milliseconds, signal) => {
        const answer = last.then(() => ask({ text, milliseconds, signal }, false));
        last = answer.catch(() => undefined);
        return answer;
      },
    },
    close: async () => {
      await last;
      await program.end();
    },
  };
}

/** Z3 as it runs, until it has no memory left. */
interface Program {
  readonly version: string;
  readonly context: Context<'ipsecha'>;
  readonly threads: Threads;
  /** Whether it has given up, as it does for want of memory: then it answers nothing any more. */
  readonly isAborted: () => boolean;
  readonly end: () => Promise<void>;
}

async function begin(made: typeof z3Program): Promise<Program> {
  const { init, killThreads, overrides } = await made();
  let [isAborted, isEnded] = [false, false];
  let onAbort = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    onAbort = () => {
      isAborted = true;
      resolve();
    };
  });
  // A thread that is ended as it goes back to its pool may still say so: that is no news to users, nor that it gave up.
  const complain = (...words: unknown[]) => {
    if (!isEnded && !isAborted) console.error(...words);
  };
  const api = await init({ printErr: complain, onAbort, ...overrides });
  const program: Emscripten = api.em;
  // One that has given up leaves its question without an end, and the binding lets no other program begin before that.
  const ask = program.async_call;
  program.async_call = (...question) =>
    Promise.race([
      ask(...question),
      aborted.then(() => {
        throw new Error('Z3 has no memory left');
      }),
    ]);
  return {
    version: versionOf(api),
    context: api.Context('ipsecha'),
    threads: program.PThread,
    isAborted: () => isAborted,
    end: async () => {
      isEnded = true;
      // What is collected later would be given back to a program that a thread, ended in the midst of it, may have left locked.
      for (const name of Object.keys(api.Z3)) Object.assign(api.Z3, { [name]: () => undefined });
      await killThreads(api.em);
    },
  };
}

/** What we need of the program that Emscripten made. */
interface Emscripten {
  readonly PThread: Threads;
  async_call: (...question: readonly unknown[]) => Promise<unknown>;
}

/** What Emscripten knows of its threads: each is a worker, and idle ones are not among these. */
interface Threads {
  readonly runningWorkers: readonly unknown[];
}

/** The thread that was begun since those were busy, before anything else happens but not at once; none if it cannot ask. */
async function begun(threads: Threads, busy: readonly unknown[]): Promise<unknown> {
  for (let turns = 0; turns < 1000; turns += 1) {
    const thread = threads.runningWorkers.find((each) => !busy.includes(each));
    if (thread !== undefined) return thread;
    await undefined;
  }
  return undefined;
}

/**
 * Waits until the thread that answered, or failed, has said all that it has to say. Its last word takes back a timer of ten minutes,
 * which keeps the process alive meanwhile: if the thread was ended before that, the process would go on for so long.
 */
async function idle(threads: Threads, thread: unknown, isAborted: () => boolean): Promise<void> {
  while (threads.runningWorkers.includes(thread) && !isAborted()) await setTimeout(1);
}

interface Question {
  readonly text: string;
  readonly milliseconds: number;
  readonly signal: AbortSignal | undefined;
}

async function check(
  { context, threads, isAborted }: Program,
  { text, milliseconds, signal }: Question,
): Promise<Answer | 'aborted'> {
  if (milliseconds < 1 || signal?.aborted) return { result: 'unknown' };
  const interrupt = () => context.interrupt();
  let solver: Solver<'ipsecha'> | undefined;
  try {
    solver = new context.Solver();
    solver.set('timeout', Math.min(Math.ceil(milliseconds), LONGEST));
    solver.fromString(text);
    // Within a level of its own it goes straight to the core: the tactics that it would try first take much longer.
    solver.push();
    signal?.addEventListener('abort', interrupt);
    const busy = [...threads.runningWorkers];
    const asked = solver.check();
    const thread = await begun(threads, busy);
    const result = await asked.finally(() => idle(threads, thread, isAborted));
    if (result !== 'sat') return { result };
    const model = solver.model();
    return {
      result,
      value: (constant) => {
        const value = model.eval(context.Int.const(constant), true);
        if (!context.isIntVal(value)) throw new Error(`Z3 gives no integer for ${constant}: ${value}`);
        return value.value();
      },
    };
  } catch (error) {
    // What it says as it gives up is no fault of the text.
    if (isAborted()) return 'aborted';
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    // What it has learnt is not wanted any more, and takes hundreds of megabytes.
    if (!isAborted()) solver?.release();
  }
}

const versionOf = ({ Z3 }: Z3HighLevel & Z3LowLevel): string => {
  const { major, minor, build_number: build } = Z3.get_version();
  return `${major}.${minor}.${build}`;
};
