/**
 * Z3, compiled to WebAssembly (npm `z3-solver`). Loaded when it is first needed: it has 35 MB. It keeps threads
 * of its own, which keep the process alive: whoever has asked it anything calls `closeZ3` in the end.
 */
import { setTimeout } from 'node:timers/promises';
import type { Context, Z3HighLevel, Z3LowLevel } from 'z3-solver';
import type { Answer } from './solver.ts';
import { z3Program } from './z3-program.ts';

export interface Z3 {
  readonly version: string;
  /**
   * Is there a case in which all that the text asserts is true? `unknown` after so many milliseconds, or when
   * `signal` was aborted. Throws if the text is not SMT-LIB.
   */
  readonly check: (text: string, milliseconds: number, signal?: AbortSignal) => Promise<Answer>;
}

/** Milliseconds: about 24 days, which fit into 31 bits. */
const LONGEST = 2 ** 31 - 1;

interface Loaded {
  readonly z3: Z3;
  readonly close: () => Promise<void>;
}

let loading: Promise<Loaded> | null = null;

/** Z3, loaded if it is not yet. Throws if that is impossible. */
export async function openZ3(): Promise<Z3> {
  loading ??= load();
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

async function load(): Promise<Loaded> {
  const { init, killThreads, overrides } = await z3Program();
  let closed = false;
  // A thread that is ended as it goes back to its pool may still say so: that is no news to users.
  const complain = (...words: unknown[]) => {
    if (!closed) console.error(...words);
  };
  const api = await init({ printErr: complain, ...overrides });
  const context = api.Context('ipsecha');
  const { PThread: threads }: { readonly PThread: Threads } = api.em;
  // One question at a time: the binding allows no more.
  let last: Promise<unknown> = Promise.resolve();
  return {
    z3: {
      version: versionOf(api),
      check: (text, milliseconds, signal) => {
        const answer = last.then(() => check(context, threads, text, milliseconds, signal));
        last = answer.catch(() => undefined);
        return answer;
      },
    },
    close: async () => {
      await last;
      closed = true;
      await killThreads(api.em);
    },
  };
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
async function idle(threads: Threads, thread: unknown): Promise<void> {
  while (threads.runningWorkers.includes(thread)) await setTimeout(1);
}

async function check(
  context: Context<'ipsecha'>,
  threads: Threads,
  text: string,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  if (milliseconds < 1 || signal?.aborted) return { result: 'unknown' };
  const solver = new context.Solver();
  solver.set('timeout', Math.min(Math.ceil(milliseconds), LONGEST));
  solver.fromString(text);
  // Within a level of its own it goes straight to the core: the tactics that it would try first take much longer.
  solver.push();
  const interrupt = () => context.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    const busy = [...threads.runningWorkers];
    const asked = solver.check();
    const thread = await begun(threads, busy);
    const result = await asked.finally(() => idle(threads, thread));
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
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

const versionOf = ({ Z3 }: Z3HighLevel & Z3LowLevel): string => {
  const { major, minor, build_number: build } = Z3.get_version();
  return `${major}.${minor}.${build}`;
};
