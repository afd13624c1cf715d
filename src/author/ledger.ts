/**
 * What the rules of an author's file were asked, and what they said: each distinct question once. Before anything is
 * said of the revision, all of it is asked again, in another order and in a fresh realm.
 */
import { canonicalText } from '../explore/canonical.ts';
import { Unanswered } from '../explore/defect.ts';
import { sha256 } from '../explore/host.ts';
import { isSameStructure } from '../explore/structure.ts';
import { shown } from '../questions/shown.ts';
import { UsageError } from '../questions/usage-error.ts';
import type { Again, Question, Reply } from './protocol.ts';

/** Where everything can be asked again: the file loaded anew. */
export interface FreshRealm {
  readonly outline: { readonly modules: Readonly<Record<string, string>> };
  askAgain(questions: readonly Question[]): Promise<Again>;
  close?(): void;
}

/** A question, and what the rule said. */
export interface Said extends Question {
  readonly value: unknown;
}

export class Ledger {
  /** As the user gave it. */
  readonly file: string;
  /** SHA-256 of all modules that were loaded for the revision, and of what these read, by their paths seen from the file. */
  readonly modules: Readonly<Record<string, string>>;
  /** All files that were read for it. */
  readonly files: readonly string[];
  /** What the file exports, without its functions: the names of these, and all that is data. */
  readonly shape: unknown;
  readonly #fresh: () => Promise<FreshRealm>;
  readonly #end: () => void;
  #realm: Promise<FreshRealm> | undefined;
  #said: Said[] = [];
  #asked = 0;
  #isExpecting = false;
  readonly #slots = new Map<string, (...args: readonly unknown[]) => unknown>();
  #takenDown: Set<Said> | undefined;

  constructor(
    file: string,
    { modules, files = [], shape }: Pick<Ledger, 'modules'> & Partial<Pick<Ledger, 'files' | 'shape'>>,
    fresh: () => Promise<FreshRealm>,
    end: () => void = () => undefined,
  ) {
    this.file = file;
    this.modules = modules;
    this.files = files;
    this.shape = shape;
    this.#fresh = fresh;
    this.#end = end;
  }

  /** Distinct questions that have been asked again. */
  get confirmed(): number {
    return this.#asked;
  }

  /** Ends the threads of the file: its rules answer no more. */
  close(): void {
    this.#end();
    void this.#realm?.then(
      (realm) => realm.close?.(),
      () => undefined,
    );
  }

  /** Takes note of what a rule said when it was asked something for the first time. */
  note(slot: string, args: readonly unknown[], value: unknown): Said {
    const said = { slot, args, value };
    this.#said.push(said);
    this.asked(said);
    return said;
  }

  /** It is asked, again or for the first time. */
  asked(said: Said): void {
    this.#takenDown?.add(said);
  }

  /**
   * From now on, and until this is called once more, all is taken down that rules are asked.
   *
   * @returns the questions from then on, each once, in the order in which they come up first, as long as they do
   */
  takeDown(): Iterable<Said> {
    this.#takenDown = new Set();
    return this.#takenDown;
  }

  /**
   * Whether the rules say the same when they are asked all this in this order. They are asked no further than to the
   * first one that says something else, fails, or does not answer.
   */
  saysTheSame(earlier: Iterable<Said>): boolean {
    for (const { slot, args, value } of earlier) {
      try {
        const rule = this.#slots.get(slot);
        if (rule === undefined || !isSameStructure(rule(...args), value)) return false;
      } catch (error) {
        if (error instanceof UsageError || error instanceof Unanswered) return false;
        throw error;
      }
    }
    return true;
  }

  /** There is a rule of the author's that may be asked. */
  expect(slot: string, rule: (...args: readonly unknown[]) => unknown): void {
    this.#isExpecting = true;
    this.#slots.set(slot, rule);
  }

  /** Begins to load the file anew, so that nobody has to wait for that later; if there is something to ask. */
  prepare(): void {
    if (!this.#isExpecting) return;
    this.#realm ??= this.#fresh();
    this.#realm.catch(() => undefined);
  }

  /**
   * Asks again all that has not been asked again yet.
   *
   * @returns why it cannot be done; undefined if it was done
   * @throws UsageError if a rule says something else than before
   */
  async confirm(): Promise<string | undefined> {
    const said = this.#said;
    if (said.length === 0) return undefined;
    this.prepare();
    let again: Again;
    try {
      const realm = (await this.#realm) as FreshRealm;
      this.#mustBeTheSame(realm.outline.modules);
      again = await realm.askAgain(said.map(({ slot, args }) => ({ slot, args })));
    } catch (error) {
      if (error instanceof UsageError && error.message.startsWith(CHANGED)) throw error;
      return error instanceof Error ? error.message : String(error);
    }
    said.forEach((each, index) => {
      this.#mustAgree(each, again.replies[index]);
    });
    if (again.keeps !== undefined) {
      throw new UsageError(
        `${this.file}: ${again.keeps}`,
        'a rule is a pure function: what it returns depends on its arguments alone, so it keeps nothing between two calls',
      );
    }
    if (again.isCut === true) return 'it can reach more than can be looked through for what it keeps';
    this.#asked += said.length;
    this.#said = this.#said.slice(said.length);
    return undefined;
  }

  #mustBeTheSame(modules: Readonly<Record<string, string>>): void {
    const names = new Set([...Object.keys(modules), ...Object.keys(this.modules)]);
    const other = [...names].find((name) => modules[name] !== this.modules[name]);
    if (other === undefined) return;
    throw new UsageError(
      `${CHANGED}${this.file}: ${other} is not what it was when it was loaded`,
      'leave the files as they are until the run has ended, and begin anew',
    );
  }

  #mustAgree({ slot, args, value }: Said, reply: Reply | undefined): void {
    if (
      reply !== undefined &&
      'value' in reply &&
      !('second' in reply) &&
      isSameStructure(reply.value, value)
    ) {
      return;
    }
    const now =
      reply === undefined
        ? 'nothing'
        : 'value' in reply
          ? shown('second' in reply ? reply.second : reply.value)
          : 'threw' in reply
            ? `an error (${reply.threw})`
            : reply.invisible;
    throw new UsageError(
      `${this.file}: ${slot} returned two results for the same values: ${shown(value)}, and then ${now}, when it was asked again in another order; for ${given(args)}`,
      'a rule is a pure function: what it returns depends on its arguments alone, and not on how often, when or in which order it is called',
    );
  }
}

const CHANGED = 'edited while it was run: ';

/** Arguments, as they are shown in an error. */
export const given = (args: readonly unknown[]): string => `(${args.map((arg) => shown(arg)).join(', ')})`;

type AsksAhead = (questions: readonly (readonly unknown[])[]) => void;

/** How slots that are from a file are asked many questions at once. */
const ahead = new WeakMap<object, AsksAhead>();

export function canBeAskedAhead<T extends object>(slot: T, ask: AsksAhead): T {
  ahead.set(slot, ask);
  return slot;
}

/**
 * Puts questions to a slot that it will be asked one by one: if it is from a file, all at once, so that its answers are
 * there. What comes of them shows when it is asked.
 */
export function askAhead(slot: object, questions: readonly (readonly unknown[])[]): void {
  ahead.get(slot)?.(questions);
}

/** The ledgers of the files that functions, and records of them, are from. */
const ledgers = new WeakMap<object, Ledger>();

/** A function, or a record of such, that is from a file. */
export function fromFile<T extends object>(slot: T, ledger: Ledger): T {
  ledgers.set(slot, ledger);
  return slot;
}

/** The exchanges, properties and scenarios of a revision that is from a file. */
export function ofFile<T extends object>(further: T, ledger: Ledger): T {
  for (const part of Object.values(further)) {
    if (typeof part === 'object' && part !== null) fromFile(part as object, ledger);
  }
  return further;
}

/** The ledgers of all files that slots of a revision are from. */
export function ledgersOf(revision: object): readonly Ledger[] {
  const found = new Set<Ledger>();
  for (const part of Object.values(revision)) {
    if (typeof part !== 'object' || part === null) continue;
    const whole = ledgers.get(part);
    if (whole !== undefined) found.add(whole);
    for (const slot of Object.values(part as object)) {
      const ledger = typeof slot === 'function' ? ledgers.get(slot) : undefined;
      if (ledger !== undefined) found.add(ledger);
    }
  }
  return [...found];
}

/** All files that were read for a revision: nothing is written to them. */
export const filesReadFor = (revision: object): readonly string[] =>
  ledgersOf(revision).flatMap(({ files }) => files);

/**
 * SHA-256 of all modules that were loaded for the file of a revision, of what these read, and of their names; undefined if it is from no
 * file. A file whose rules are all taken over is its own all the same.
 */
export function modulesOf(revision: object): string | undefined {
  const found = ledgersOf(revision).map(({ modules }) => modules);
  return found.length === 0 ? undefined : sha256().update(canonicalText(found)).digest();
}

/**
 * Asks again all that the files of some revisions were asked, for an answer that cannot be left open.
 *
 * @throws UsageError if a rule says something else than before, or if it cannot be asked again
 */
export async function mustBeConfirmed(...those: readonly object[]): Promise<void> {
  const why = await confirmed(...those);
  if (why !== undefined)
    throw new UsageError(why, 'the file has to be such that it can be loaded a second time');
}

/** Asks again all that the files of some revisions were asked; why it cannot be done, or undefined. */
export async function confirmed(...those: readonly object[]): Promise<string | undefined> {
  for (const ledger of new Set(those.flatMap((each) => ledgersOf(each)))) {
    const why = await ledger.confirm();
    if (why !== undefined)
      return `purity not checked: ${ledger.file} could not be asked again for certain: ${why}`;
  }
  return undefined;
}
