/**
 * What `check --watch` begins while the command itself is still being loaded, which takes as long: the author's file is
 * loaded in its threads.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BegunThreads } from '../author/revision-file.ts';
import { type Ended, PATIENCE, RuleThread } from '../author/rule-thread.ts';
import { namedIn, type State, stateOf } from './watched-files.ts';

/** A file that is being loaded. */
export interface Begun extends BegunThreads {
  /** The file and what it names, as it was before anything was read. */
  readonly files: readonly string[];
  readonly state: State;
  /** From now on this ends the loading. */
  endWith(signal: Ended): void;
}

let begun: (Begun & { readonly file: string }) | undefined;

/**
 * Begins to load the file that a command line names, if it names only one and is not about help.
 *
 * @returns what ends it, if the command has not taken it
 */
export function begin(words: readonly string[]): () => void {
  const named = words.filter((word) => /^[^-].*\.(?:ts|mts|js|mjs)$/.test(word));
  const [file] = named;
  const isHelp = words.some((word) => word === '--help' || word === '-h');
  if (file === undefined || named.length > 1 || isHelp || !existsSync(file)) return () => undefined;
  const path = resolve(file);
  const files = namedIn(path);
  const state = stateOf(files);
  let ends: Ended = { aborted: false };
  const signal: Ended = {
    get aborted() {
      return ends.aborted;
    },
  };
  const start = (isFresh: boolean): Promise<RuleThread> => {
    const thread = RuleThread.start(path, file, isFresh, PATIENCE, signal);
    // Whoever takes it is told.
    thread.catch(() => undefined);
    return thread;
  };
  const [thread, second] = [start(false), start(true)];
  const endWith = (other: Ended): void => {
    ends = other;
  };
  begun = { file, thread, second, files, state, endWith };
  return () => {
    if (begun !== undefined) endWith({ aborted: true });
  };
}

/** What was begun of a file; nobody else gets it. */
export function takeBegun(file: string): Begun | undefined {
  const taken = begun?.file === file ? begun : undefined;
  if (taken !== undefined) begun = undefined;
  return taken;
}
