/**
 * What rules do, found out once for each tuple of values that they touch and, if they receive, each message.
 *
 * The readable rules are slow and the same local question comes back in very many global states; so it is put
 * to a rule once, and its answer is kept as code (`step-code.ts`), found through views (`view.ts`).
 */

import type { DeadMessages } from './dead-messages.ts';
import { naming } from './defect.ts';
import { evaluate } from './evaluate.ts';
import { type MakeInts, plainInts } from './growing-ints.ts';
import { sha256 } from './host.ts';
import { type CodedOutcome, StepCode } from './step-code.ts';
import { checkSymmetry, type Symmetry } from './symmetry.ts';
import type { Outcome, StepRule, System } from './system.ts';
import { Blocks, type SavedView, View } from './view.ts';
import type { Vocabulary } from './vocabulary.ts';

export class LocalSteps<C, M, O, A> {
  readonly views: readonly View[];
  readonly blocks: Blocks;
  readonly code: StepCode;
  readonly #system: System<C, M, O, A>;
  readonly #words: Vocabulary<C, M, O, A>;
  readonly #checkPurity: boolean;
  #evaluations = 0;

  readonly #symmetry: Symmetry | null;
  readonly #dead: DeadMessages<C, M, O, A> | null;

  constructor(
    system: System<C, M, O, A>,
    words: Vocabulary<C, M, O, A>,
    checkPurity: boolean,
    symmetry: Symmetry | null = null,
    dead: DeadMessages<C, M, O, A> | null = null,
    make: MakeInts = plainInts,
  ) {
    this.code = new StepCode(make);
    this.#system = system;
    this.#symmetry = symmetry;
    this.#dead = dead;
    this.#words = words;
    this.#checkPurity = checkPurity;
    this.blocks = new Blocks(make);
    this.views = viewsOf(system.rules, this.blocks, make);
  }

  /** Times that a rule was evaluated. */
  get evaluations(): number {
    return this.#evaluations;
  }

  get bytes(): number {
    return this.views.reduce((sum, view) => sum + view.bytes, this.code.bytes + this.blocks.bytes);
  }

  /** Adds the tuple that these ids of all components have in a view. Returns its number there. */
  learnTuple(view: View, ids: Int32Array): number {
    return view.addTuple(ids, this.#compile(view.spontaneous, ids, undefined));
  }

  /** Tries the messages of one word of the message set that have their bit in `bits`. */
  learnMessages(view: View, tuple: number, ids: Int32Array, word: number, bits: number): void {
    for (let rest = bits; rest !== 0; rest &= rest - 1) {
      const message = word * 32 + 31 - Math.clz32(rest & -rest);
      view.setDelivery(tuple, message, this.#compile(view.receiving, ids, message));
    }
  }

  /** Asks the rules again about all that they were asked when a view was saved. */
  restore(view: View, { count, tuples, tried }: SavedView): void {
    const ids = new Int32Array(this.#system.components.length);
    const { fields } = view.tuples;
    for (let n = 0; n < count; n++) {
      fields.forEach((field, i) => {
        ids[field] = tuples[n * fields.length + i]!;
      });
      const tuple = this.learnTuple(view, ids);
      if (!view.receives) continue;
      for (let w = 0; w < view.messageWords; w++) {
        this.learnMessages(view, tuple, ids, w, tried[n * view.messageWords + w]!);
      }
    }
  }

  /** SHA-256 of all that the rules have said, in ids: in the order of tuples and messages, not in that of questions. */
  digest(): string {
    const hash = sha256();
    const { data } = this.code;
    const note = (message: number, entry: number): void => {
      hash.update(`${message}:${entry === 0 ? '' : data.subarray(entry, this.code.endOf(entry)).join()};`);
    };
    for (const view of this.views) {
      hash.update(`view ${view.tuples.fields.join()}, ${view.tuples.count} tuples;`);
      for (let tuple = 0; tuple < view.tuples.count; tuple++) {
        note(-1, view.ownOf(tuple));
        if (!view.receives) continue;
        for (let word = 0; word < view.messageWords; word++) {
          const active = view.activeOf(tuple, word);
          // Which were tried is part of it: nothing is said of the others.
          hash.update(`tried ${view.triedOf(tuple, word)};`);
          for (let rest = active; rest !== 0; rest &= rest - 1) {
            const message = word * 32 + 31 - Math.clz32(rest & -rest);
            note(message, view.entryOf(tuple, message));
          }
        }
      }
    }
    return hash.digest();
  }

  /** For a rule, the ids of what it touches, in that order, of each tuple that there is. */
  *tuplesOf(rule: number): Iterable<readonly number[]> {
    const view = this.views.find(({ receiving, spontaneous }) =>
      [...receiving, ...spontaneous].includes(rule),
    )!;
    const fields = [...view.tuples.fields];
    const places = this.#system.rules[rule]!.touches.map((component) => fields.indexOf(component));
    for (const tuple of view.tuples.all()) yield places.map((place) => tuple[place]!);
  }

  /** The code entry of what some rules do, all put together. */
  #compile(rules: readonly number[], ids: Int32Array, message: number | undefined): number {
    const words = this.#words;
    const outcomes: CodedOutcome[] = [];
    let bounds = 0;
    for (const index of rules) {
      const rule = this.#system.rules[index]!;
      const values = rule.touches.map((component) => words.components[component]!.valueOf(ids[component]!));
      const received = message === undefined ? undefined : words.messages.valueOf(message);
      const result = evaluate(rule, values, received, this.#checkPurity);
      if (this.#checkPurity && this.#symmetry !== null) {
        const placed = new Map(rule.touches.map((component, i) => [component, values[i]!] as const));
        checkSymmetry(this.#system, this.#symmetry, rule, placed, received);
      }
      this.#evaluations++;
      const kind = words.kinds.indexOf(rule.kind);
      if (result.boundedBy !== undefined) bounds |= words.bound(kind, result.boundedBy);
      for (const outcome of result.outcomes) {
        const coded = naming(`rule '${rule.kind}'`, () => this.#encode(rule, kind, ids, message, outcome));
        outcomes.push(coded);
        if (this.#dead !== null) {
          const before = rule.touches.map((component) => ids[component]!);
          const after = rule.touches.map(
            (component, i) => coded.writes.find(([written]) => written === component)?.[1] ?? before[i]!,
          );
          this.#dead.note(index, before, after);
        }
      }
    }
    return this.code.add(outcomes, bounds);
  }

  #encode(
    rule: StepRule<C, M, O, A>,
    kind: number,
    ids: Int32Array,
    message: number | undefined,
    outcome: Outcome<C, M, O, A>,
  ): CodedOutcome {
    const words = this.#words;
    const writes = rule.touches.flatMap((component, i): [number, number][] => {
      const id = words.components[component]!.idOf(outcome.values[i] as C);
      return id === ids[component] ? [] : [[component, id]];
    });
    return {
      label: words.labels.idOf({ kind, action: words.actions.idOf(outcome.action) }),
      list: words.listOf(outcome.observations),
      writes,
      messages: outcome.sent.map((each) => words.messages.idOf(each)),
      consumed: outcome.consumes === true && message !== undefined ? message : -1,
    };
  }
}

/** One view for each set of components that some rule touches, in the order of the rules. */
function viewsOf<C, M, O, A>(
  rules: readonly StepRule<C, M, O, A>[],
  blocks: Blocks,
  make: MakeInts,
): readonly View[] {
  const groups = new Map<string, { fields: number[]; spontaneous: number[]; receiving: number[] }>();
  rules.forEach((rule, index) => {
    const fields = [...rule.touches].sort((a, b) => a - b);
    const key = fields.join();
    const group = groups.get(key) ?? { fields, spontaneous: [], receiving: [] };
    groups.set(key, group);
    (rule.receives ? group.receiving : group.spontaneous).push(index);
  });
  return [...groups.values()].map(
    (group) => new View(group.fields, group.spontaneous, group.receiving, 1, blocks, make),
  );
}
