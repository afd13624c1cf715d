/**
 * The thread in which an author's file is loaded, and in which alone its rules run. So a rule that never ends can be
 * ended, and nothing that the file does to its surroundings reaches the explorer.
 *
 * First it tells what the revision is; then it answers one question after the other, as long as there are any, without
 * ever coming back to its event loop. A fresh one is asked again all that another one was asked.
 */

import { createRequire, register } from 'node:module';
import { dirname, relative, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  MessageChannel,
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import * as model from '../../model/index.ts';
import { invisibleIn } from '../explore/visible.ts';
import { waitForChange } from '../explore/wait.ts';
import { UsageError } from '../questions/usage-error.ts';
import { asked, copied, ownCopy } from './answering.ts';
import { UnknownField } from './arguments.ts';
import { asRule, beginLoading, confine, endLoading, Impurity } from './confined.ts';
import { asData, furtherSlots } from './further.ts';
import { answerOnce, answerTwice, type Slot } from './guard.ts';
import { differenceOf, isCut, type Keeping, keepingOf } from './keeps.ts';
import { loadingHooks, MARK, notLoaded, placeIn } from './loading.ts';
import { IS_ONE_SCOPE } from './model-url.ts';
import { taskOfThread } from './processor-time.ts';
import {
  AGAIN,
  type Again,
  ANSWERED,
  ASKED,
  type Loaded,
  PARTS,
  type Part,
  type Question,
  type Reply,
  type RevisionOutline,
  type SlotSource,
  type ThreadData,
} from './protocol.ts';
import { readRevision } from './revision-in.ts';
import { digestOfFile, type Surroundings } from './surroundings.ts';
import { thrown } from './thrown.ts';

const { path, file, control, isFresh, port } = workerData as ThreadData;

/** The slots of the shipped revisions, from before the file is loaded. */
const shipped = new Map<unknown, readonly [string, Part, string]>(
  model.revisions.flatMap((revision) =>
    PARTS.flatMap((part) =>
      Object.entries(revision[part] ?? {}).map(([name, slot]: [string, unknown]) => [
        slot,
        [revision.name, part, name] as const,
      ]),
    ),
  ),
);

/** From before the file is loaded. */
const task = taskOfThread();

/** Where the files that were loaded are named. */
const { port1: names, port2: namesFrom } = new MessageChannel();
const slots = new Map<string, Slot>();
const files = new Set<string>();

let hasSaid = false;

/** By this name what stands in one scope with it is known. */
async function threadProgram(): Promise<void> {
  process.on('unhandledRejection', (reason) => refuse(...notLoaded(reason, file, path)));
  process.on('uncaughtException', (error) => refuse(...notLoaded(error, file, path)));
  register(`data:text/javascript,${encodeURIComponent(loadingHooks)}`, {
    parentURL: import.meta.url,
    data: { port: namesFrom },
    transferList: [namesFrom],
  });
  const { cache } = createRequire(import.meta.url);
  confine();
  const clone = structuredClone;
  // A copy of what a rule is given is as good as a new state.
  globalThis.structuredClone = (value, options) => clone(copied(value), options) as typeof value;
  const keeping = isFresh
    ? keepingOf(
        [model],
        IS_ONE_SCOPE
          ? [
              ['findRule', model.findRule],
              ['threadProgram', threadProgram],
            ]
          : [],
      )
    : undefined;
  let outline: RevisionOutline;
  // What was loaded until here is ours.
  namesOf(names);
  const required = new Set(Object.keys(cache));
  beginLoading();
  try {
    const exports: unknown = await import(`${pathToFileURL(path).href}${MARK}`);
    for (const name of namesOf(names)) files.add(name);
    for (const name of Object.keys(cache)) if (!required.has(name)) files.add(name);
    const fields =
      typeof exports === 'object' && exports !== null ? (exports as Record<string, unknown>) : {};
    const revision = readRevision(fields, file);
    // What it rejects without waiting for it is noticed now.
    await setImmediate();
    outline = outlineOf(revision, endLoading());
  } catch (error) {
    if (error instanceof UsageError) refuse(error.message, error.hint);
    else refuse(...notLoaded(error, file, path));
    return;
  }
  say({ outline, ...task });
  if (keeping !== undefined) serveAgain(keeping);
  else serve();
}

function say(loaded: Loaded): void {
  if (hasSaid) return;
  hasSaid = true;
  parentPort?.postMessage(loaded);
}

function refuse(message: string, hint: string): void {
  say({ refused: { message, hint } });
}

function namesOf(from: MessagePort): readonly string[] {
  const found: string[] = [];
  for (;;) {
    const received = receiveMessageOnPort(from) as { readonly message: string } | undefined;
    if (received === undefined) return found;
    const [url = ''] = received.message.split('?');
    if (url.startsWith('file:')) found.push(fileURLToPath(url));
  }
}

function outlineOf(revision: model.Revision, read: Surroundings): RevisionOutline {
  const partOf = (part: Part): Readonly<Record<string, SlotSource>> | null => {
    const rules = revision[part];
    if (rules === null) return null;
    return Object.fromEntries(
      Object.entries(rules as unknown as Readonly<Record<string, Slot>>).map(
        ([name, slot]): [string, SlotSource] => {
          const whose = shipped.get(slot);
          slots.set(`${part}.${name}`, slot);
          if (whose !== undefined) return [name, { shipped: whose }];
          const text: unknown = 'text' in slot ? slot.text : undefined;
          return [name, { own: true, ...(isText(text) ? { text } : {}) }];
        },
      ),
    );
  };
  const { name, title, source, policies } = revision;
  const [ike, esp, counterSync, replaySync] = PARTS.map(partOf) as [never, never, never, never];
  for (const [slot, own] of furtherSlots(revision)) slots.set(slot, own);
  return {
    name,
    title,
    source,
    ...(policies === undefined ? {} : { policies }),
    parts: { ike, esp, counterSync, replaySync },
    further: asData(revision),
    files: [...files, ...read.files],
    modules: sorted({
      ...read.digests(dirname(path)),
      ...Object.fromEntries(
        [...files].map((each) => [relative(dirname(path), each).split(sep).join('/'), digestOfFile(each)]),
      ),
    }),
  };
}

const sorted = (digests: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1)));

/** What a rule says, to be sent: plain data. */
const isText = (text: unknown): boolean =>
  typeof text === 'object' && text !== null && invisibleIn(text) === undefined;

/** Answers questions, one at a time. */
function serve(): void {
  for (let number = 0; ; ) {
    number = waitForChange(control, ASKED, number);
    const received = receiveMessageOnPort(port) as
      | { readonly message: Question | readonly Question[] }
      | undefined;
    if (received !== undefined) port.postMessage(repliesTo(received.message));
    Atomics.store(control, ANSWERED, number);
    Atomics.notify(control, ANSWERED);
  }
}

function repliesTo(asked: Question | readonly Question[]): Reply | readonly Reply[] {
  if ('slot' in asked) return replyTo(asked, answerTwice);
  return asked.map((question) => {
    Atomics.add(control, AGAIN, 1);
    // What several of them hold in common is one object until it is copied.
    return replyTo(ownCopy(question), answerTwice);
  });
}

/** Answers all questions, in another order than they were asked in. */
function serveAgain(keeping: Keeping): void {
  parentPort?.on('message', (questions: readonly Question[]) => {
    const replies: Reply[] = [];
    // What the file has made for itself when it was loaded.
    const before = keeping.stateOf(slots);
    for (const index of shuffled(questions.length)) {
      Atomics.add(control, AGAIN, 1);
      // What several of them hold in common is one object until it is copied.
      replies[index] = replyTo(ownCopy(questions[index]!), answerOnce);
    }
    let keeps: string | undefined;
    const changed = differenceOf(before, keeping.stateOf(slots));
    if (changed !== undefined) keeps = `a rule keeps something: ${changed}`;
    const again: Again = { replies, ...(keeps === undefined ? {} : { keeps }), isCut: isCut(before) };
    parentPort?.postMessage(again);
  });
}

/** Numbers from 0, in an order that has nothing to do with that in which questions came up; the same every time. */
function shuffled(length: number): readonly number[] {
  const order = Array.from({ length }, (_, index) => length - 1 - index);
  let state = 6311;
  for (let i = length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

function replyTo({ slot, args }: Question, answer: typeof answerTwice): Reply {
  const rule = slots.get(slot);
  if (rule === undefined) return { threw: `there is no slot ${slot}`, place: '' };
  return asked(answer, rule, args, asRule, (error) => ({
    threw: thrown(error),
    place: placeIn(error, files, path, file),
    ...hintOf(error),
  }));
}

/** What kind of mistake was thrown; anything can be. */
function hintOf(error: unknown): { readonly hint?: string } {
  try {
    return error instanceof UnknownField || error instanceof Impurity ? { hint: error.name } : {};
  } catch {
    return {};
  }
}

await threadProgram();
