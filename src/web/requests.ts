/** What the page asks its worker for, and what the worker says. All of it is plain data. */

import type { Value } from '../../model/index.ts';
import type { Part } from '../author/protocol.ts';
import type { CheckResult } from '../questions/check.ts';
import type { ModelStep, NamedRun } from '../questions/run-steps.ts';
import type { WalkSubject } from '../questions/walk-address.ts';

/** A revision of one's own, as text. */
export interface OwnText {
  /** What it is called in messages. */
  readonly file: string;
  readonly text: string;
}

/** What is explored; with the text of the revision, if that is none that is shipped. */
export interface AskedSubject extends WalkSubject {
  readonly own?: OwnText;
}

/** Whether a text is a revision, and which. */
export interface LoadAsked {
  readonly kind: 'load';
  readonly own: OwnText;
}

/** What a page has to know of a revision of one's own. */
export interface OwnOutline {
  readonly name: string;
  readonly title: string;
  readonly source: string;
  readonly policies?: readonly string[];
  /** Names of the slots of each part; null where the text has none. */
  readonly slots: Readonly<Record<Part, readonly string[] | null>>;
}

/** A check of all properties, or of one. */
export interface CheckAsked {
  readonly kind: 'check';
  readonly subject: AskedSubject;
  readonly property?: string;
}

/** A run, followed step by step, and what else was possible. */
export interface FollowAsked {
  readonly kind: 'follow';
  readonly subject: AskedSubject;
  readonly run: NamedRun;
}

/** The shortest way on from the end of a run. */
export interface FindAsked {
  readonly kind: 'find';
  readonly subject: AskedSubject;
  readonly run: NamedRun;
  /** To a violation of one of these properties, or to where the two ends are in step. */
  readonly to: { readonly violationOf: readonly string[] } | 'in step';
}

export type Asked = LoadAsked | CheckAsked | FollowAsked | FindAsked;

/** A step that can be taken. */
export interface Choice {
  /** Its name in an address. */
  readonly name: string;
  readonly words: string;
  readonly violates: readonly Broken[];
  /** Whether nothing is other after it than before. */
  readonly isIdle: boolean;
}

export interface Broken {
  readonly id: string;
  readonly because: string;
}

export interface Walked {
  readonly places: readonly string[];
  readonly initial: readonly Value[];
  readonly steps: readonly ModelStep[];
  /** What each step is, in a sentence. */
  readonly words: readonly string[];
  /** What each step violates that was not violated before. */
  readonly violates: readonly (readonly Broken[])[];
  /** Of each state, that of the beginning first: what can be done there. */
  readonly choices: readonly (readonly Choice[])[];
  /** Of each state: the settings that alone forbid something there. */
  readonly boundedBy: readonly (readonly string[])[];
  /** Of each state: whether the two ends are in step. */
  readonly inStep: readonly boolean[];
  /** How many initial states there are. */
  readonly starts: number;
  /** The first step that could not be followed, by its name. */
  readonly unknown?: string;
}

export interface Checked {
  readonly result: CheckResult;
  /** The shortest run that violates each property, by the property. */
  readonly runs: Readonly<Record<string, NamedRun>>;
}

export type WayFound =
  | { readonly kind: 'found'; readonly steps: readonly string[]; readonly states: number }
  | { readonly kind: 'none'; readonly states: number; readonly boundedBy: readonly string[] }
  | { readonly kind: 'stopped'; readonly states: number };

export interface Answers {
  readonly load: OwnOutline;
  readonly check: Checked;
  readonly follow: Walked;
  readonly find: WayFound;
}

/** To the worker. */
export type ToWorker<What> =
  | { readonly id: number; readonly asked: What }
  /** An answer is no longer wanted. */
  | { readonly id: number; readonly stop: true };

/** How far it is: states found, and how deep, where that is known; what is being done, if not looking for states. */
export interface HowFar {
  readonly states: number;
  readonly depth?: number;
  readonly stage?: string;
}

/** From the worker. */
export type FromWorker<Answer, Far> =
  | { readonly id: number; readonly progress: Far }
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly error: string; readonly hint?: string };
