/**
 * A revision of one's own from a file: loaded as it is, TypeScript or JavaScript, in a thread of its own, and held to
 * what a revision is. Every mistake is said with the file and the slot, never with a stack trace.
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type PolicyField, type Revision, revisions } from '../../model/index.ts';
import { revisionNamed } from '../questions/check.ts';
import { UsageError } from '../questions/usage-error.ts';
import { type Further, withSlots } from './further.ts';
import { guardedSlot, type Slot } from './guard.ts';
import { fromFile, Ledger, ofFile } from './ledger.ts';
import { PARTS, type Part, type SlotSource } from './protocol.ts';
import { TEMPLATE } from './revision-in.ts';
import { type Ended, PATIENCE, type Patience, RuleThread } from './rule-thread.ts';
import { writtenAt } from './written-at.ts';

export { slotNames } from './revision-in.ts';

/** Whether an argument is a file rather than the name of a shipped revision. */
export const isRevisionFile = (argument: string): boolean =>
  /\.(?:ts|mts|js|mjs)$/.test(argument) || argument.includes('/') || argument.includes('\\');

/** The thread of a file, and the one in which all is asked again. */
export interface BegunThreads {
  readonly thread: Promise<RuleThread>;
  readonly second: Promise<RuleThread>;
}

/** How a file is loaded. */
export interface Loading {
  /** Once it is aborted, the file is loaded no further. */
  readonly signal?: Ended;
  /** Whether the thread in which all is asked again is started at once, since there will be much to do when it is needed. */
  readonly ahead?: boolean;
  /** The threads of this very file, if they were started already; they have a signal of their own. */
  readonly begun?: BegunThreads | undefined;
}

/**
 * The revision that an argument means: a shipped one by its name, or the one that a file exports.
 *
 * @throws UsageError if there is no such revision, or the file does not hold one
 */
export async function revisionOf(
  argument: string,
  patience: Patience = PATIENCE,
  { signal, ahead = false, begun }: Loading = {},
): Promise<Revision> {
  if (!isRevisionFile(argument)) return revisionNamed(argument);
  const path = pathOf(argument);
  const start = (isFresh: boolean): Promise<RuleThread> =>
    RuleThread.start(path, argument, isFresh, patience, signal);
  const second = begun?.second ?? (ahead ? start(true) : undefined);
  // Whoever waits for it is told.
  second?.catch(() => undefined);
  const endSecond = (): void => {
    void second?.then(
      (started) => started.close(),
      () => undefined,
    );
  };
  const thread = await (begun?.thread ?? start(false)).catch((error: unknown) => {
    endSecond();
    throw error;
  });
  const fresh = (): Promise<RuleThread> => second ?? RuleThread.start(path, argument, true, patience);
  const end = (): void => {
    thread.close();
    endSecond();
  };
  try {
    return revisionFrom(thread, path, argument, fresh, end);
  } catch {
    end();
    throw new UsageError(
      `${argument} cannot be loaded: it changes what is there for all that runs beside it`,
      'leave the objects of the language, such as Array.prototype, as they are',
    );
  }
}

/** The revision that a thread has told of: what is the author's is asked there. */
function revisionFrom(
  thread: RuleThread,
  path: string,
  argument: string,
  fresh: () => Promise<RuleThread>,
  end: () => void,
): Revision {
  const { files, modules, ...shape } = thread.outline;
  const ledger = new Ledger(argument, { files, modules, shape }, fresh, end);
  const { name, title, source, policies, parts, further } = thread.outline;
  const written = (slot: string) => (): string => writtenAt(slot, thread.outline.files, path, argument);
  const slotOf = (part: Part, slot: string, what: SlotSource): unknown => {
    const named = `${part}.${slot}`;
    // What is taken over is not the author's: it is asked here.
    if ('shipped' in what) return shippedSlot(...what.shipped);
    const ask = (args: readonly unknown[]) => thread.ask({ slot: named, args }, `${argument}: ${named}`);
    return guardedSlot(ask, named, argument, ledger, what.text, undefined, written(named));
  };
  const partOf = (part: Part): unknown => {
    const slots = parts[part];
    if (slots === null) return null;
    const own = Object.entries(slots).map(([slot, what]) => [slot, slotOf(part, slot, what)] as const);
    return fromFile(Object.fromEntries(own), ledger);
  };
  const [ike, esp, counterSync, replaySync] = PARTS.map(partOf) as [
    Revision['ike'],
    Revision['esp'],
    Revision['counterSync'],
    Revision['replaySync'],
  ];
  const declared = (further as Further).exchanges ?? {};
  const own = withSlots(further, (named) => {
    const ask = (args: readonly unknown[]) => thread.ask({ slot: named, args }, `${argument}: ${named}`);
    const askAll = (all: readonly (readonly unknown[])[]) =>
      thread.askAll(
        all.map((args) => ({ slot: named, args })),
        `${argument}: ${named}`,
      );
    return guardedSlot(ask, named, argument, ledger, undefined, declared, written(named), askAll);
  });
  return {
    ...ofFile(own, ledger),
    name,
    title,
    source,
    // They were looked at where the file was loaded.
    ...(policies === undefined ? {} : { policies: policies as readonly PolicyField[] }),
    ike,
    esp,
    counterSync,
    replaySync,
  };
}

/** The slot of a shipped revision that a file took over. */
function shippedSlot(name: string, part: Part, slot: string): unknown {
  const slots = (revisionNamed(name)[part] ?? {}) as Readonly<Record<string, Slot>>;
  return slots[slot];
}

function pathOf(argument: string): string {
  const path = resolve(argument);
  if (!existsSync(path)) {
    throw new UsageError(
      `there is no file ${argument}`,
      `a revision is named (${revisions.map(({ name }) => name).join(', ')}) or given as a file, .ts or .js`,
    );
  }
  if (!statSync(path).isFile() || !/\.(?:ts|mts|js|mjs)$/.test(path)) {
    throw new UsageError(`${argument} is not a TypeScript or JavaScript file`, TEMPLATE);
  }
  return path;
}
