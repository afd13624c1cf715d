/** What the thread with an author's file and everybody else say to one another. */

/** The parts of a revision that hold slots. */
export const PARTS = ['ike', 'esp', 'counterSync', 'replaySync'] as const;
export type Part = (typeof PARTS)[number];

/** Fields of the control block, which both sides see. */
export const ASKED = 0;
export const ANSWERED = 1;
/** While many questions are asked, for the first time or again: how many have been. */
export const AGAIN = 2;
export const CONTROL_SIZE = 3;

export interface ThreadData {
  /** The file, as an absolute path, and as the user gave it. */
  readonly path: string;
  readonly file: string;
  readonly control: Int32Array<SharedArrayBuffer>;
  /** Whether the thread only asks again what another one was asked. */
  readonly isFresh: boolean;
  /** What the thread says and hears while it waits for questions. */
  readonly port: import('node:worker_threads').MessagePort;
}

/** What a slot of the file's revision is. */
export type SlotSource =
  /** One of a shipped revision, as it is: the revision, the part and the slot there. */
  | { readonly shipped: readonly [string, Part, string] }
  /** The author's, with the text of the rule if it embodies one of the specification. */
  | { readonly own: true; readonly text?: unknown };

/** A revision as it is told to the others. */
export interface RevisionOutline {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  /** Absent if that is all that its rules leave open. */
  readonly policies?: readonly string[];
  readonly parts: Readonly<Record<Part, Readonly<Record<string, SlotSource>> | null>>;
  /** Exchanges, properties and scenarios as plain data (`further.ts`). */
  readonly further: unknown;
  /** All files that were read for it. */
  readonly files: readonly string[];
  /** SHA-256 of all modules that were loaded for it, and of what these read, by their paths seen from the file. */
  readonly modules: Readonly<Record<string, string>>;
}

export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** What was found when the file was loaded. */
export type Loaded =
  | {
      readonly outline: RevisionOutline;
      /** What the system calls the thread, where it tells. */
      readonly task?: string;
    }
  | { readonly refused: Refusal };

/** A slot, `counterSync.adopt`, and what it is called with. */
export interface Question {
  readonly slot: string;
  readonly args: readonly unknown[];
}

export type Reply =
  /** It was asked twice in a row; `second` is what it returned then, if that is something else. */
  | { readonly value: unknown; readonly second?: unknown }
  /** It threw: what, and where. */
  | { readonly threw: string; readonly place: string; readonly hint?: string }
  /** It returned what nobody can see. */
  | { readonly invisible: string };

/** What is said when everything was asked again. */
export interface Again {
  readonly replies: readonly Reply[];
  /** A slot that keeps something from one question to the next, if one was found, and what. */
  readonly keeps?: string;
  /** Whether they can reach more than was looked through. */
  readonly isCut?: boolean;
}
