/**
 * What the rules can do, asked once for each tuple of values that they touch and, if they receive, each message.
 *
 * All rules that touch the same components form a group. A tuple of values of these has, for each rule that acts of
 * its own accord, an entry in the code. For messages it has a row of bits: which messages have been tried with it,
 * and which of these do something; what they do is found by tuple and message. Nothing is tried before a walk wants
 * it: most tuples of values that walks come by are met once, and with few of the rules and messages that there are.
 *
 * An entry of the code is
 *
 *     number of outcomes n, where each of them begins (n times), then per outcome:
 *       rule, label, list of observations, whether it consumes the message, number of writes w, number of messages m,
 *       w times (component, id), m times message
 *
 * Entry 0 is the empty one: nothing can be done. A component that keeps its value is not written.
 */
import { naming } from '../defect.ts';
import { evaluate } from '../evaluate.ts';
import { enlarged, GrowingInts } from '../growing-ints.ts';
import { Interner } from '../intern.ts';
import type { Outcome, StepRule, System } from '../system.ts';
import { TupleTable } from '../tuple-table.ts';
import { PairTable } from './pair-table.ts';

/** Where the parts of an outcome are, from its beginning. */
export const RULE = 0;
export const LABEL = 1;
export const LIST = 2;
export const CONSUMES = 3;
export const WRITES = 4;
export const MESSAGES = 5;
export const REST = 6;

/** What a step is counted as: its kind, and what else it is said to be. */
export interface Label {
  readonly kind: string;
  readonly tags: readonly string[];
}

/** Names of what a step is an instance of, besides its kind: what coverage is told of. */
export type Tagging<C, M, O, A> = (kind: string, outcome: Outcome<C, M, O, A>) => readonly string[];

/** What an interned value takes, about: its text, its objects, its place in the map. */
const BYTES_A_VALUE = 3000;

/** The rules that touch the same components. */
export class Group {
  readonly tuples: TupleTable;
  readonly fields: readonly number[];
  /** Indexes of the rules, those that receive nothing and those that receive a message. */
  readonly spontaneous: readonly number[];
  readonly receiving: readonly number[];
  /** For each tuple, the entry of each spontaneous rule plus one; 0 if it was not tried yet. */
  own: Int32Array = new Int32Array(0);
  /** Entry by tuple and message, of those that do something. */
  readonly entries = new PairTable();
  /** For each tuple and word of messages two integers: those tried, and those that do something. */
  rows: Int32Array = new Int32Array(0);
  words = 1;

  constructor(fields: readonly number[], spontaneous: readonly number[], receiving: readonly number[]) {
    this.tuples = new TupleTable(fields);
    this.fields = fields;
    this.spontaneous = spontaneous;
    this.receiving = receiving;
  }

  get receives(): boolean {
    return this.receiving.length > 0;
  }

  get bytes(): number {
    return this.tuples.bytes + this.own.byteLength + this.entries.bytes + this.rows.byteLength;
  }

  /** Makes room for all tuples, and for messages up to a word. */
  reserve(words: number): void {
    if (words > this.words) {
      const [had, has] = [this.words * 2, Math.max(words, this.words * 2) * 2];
      const old = this.rows;
      this.rows = new Int32Array(Math.max(this.tuples.count, 8) * has);
      for (let tuple = 0; tuple < this.tuples.count; tuple++) {
        this.rows.set(old.subarray(tuple * had, (tuple + 1) * had), tuple * has);
      }
      this.words = has / 2;
    }
    const { count } = this.tuples;
    const own = count * this.spontaneous.length;
    if (own > this.own.length) this.own = enlarged(this.own, own * 2);
    const rows = this.receives ? count * this.words * 2 : 0;
    if (rows > this.rows.length) this.rows = enlarged(this.rows, rows * 2);
  }
}

export class Moves<C, M, O, A> {
  readonly components: readonly Interner<C>[];
  readonly messages = new Interner<M>();
  readonly observations = new Interner<O>();
  readonly lists = new Interner<readonly number[]>();
  readonly labels: Interner<Label>;
  readonly groups: readonly Group[];
  /** The group of each rule. */
  readonly groupOf: readonly number[];
  /** Where a spontaneous rule is among those of its group. */
  readonly #placeOf: readonly number[];
  readonly #code = new GrowingInts();
  readonly #rules: readonly StepRule<C, M, O, A>[];
  readonly #tagging: Tagging<C, M, O, A>;
  #evaluations = 0;

  /** @param labels - kept by the caller, since these tables may be given up and begun anew */
  constructor(system: System<C, M, O, A>, tagging: Tagging<C, M, O, A>, labels: Interner<Label>) {
    this.#rules = system.rules;
    this.#tagging = tagging;
    this.labels = labels;
    this.components = system.components.map(() => new Interner<C>());
    this.groups = groupsOf(system.rules);
    this.groupOf = system.rules.map((_, rule) =>
      this.groups.findIndex(
        ({ spontaneous, receiving }) => spontaneous.includes(rule) || receiving.includes(rule),
      ),
    );
    this.#placeOf = system.rules.map((_, rule) =>
      this.groups[this.groupOf[rule]!]!.spontaneous.indexOf(rule),
    );
    this.lists.idOf([]);
    this.#code.push(0);
  }

  /** All entries. Replaced when one is added: do not hold it across that. */
  get code(): Int32Array {
    return this.#code.data;
  }

  /** Times that a rule was evaluated. */
  get evaluations(): number {
    return this.#evaluations;
  }

  /** What is held in memory, about. */
  get bytes(): number {
    const values = [...this.components, this.messages, this.observations, this.lists];
    return (
      this.groups.reduce((sum, group) => sum + group.bytes, this.#code.bytes) +
      values.reduce((sum, { size }) => sum + size * BYTES_A_VALUE, 0)
    );
  }

  /** The number of the tuple that these ids of all components have in a group. */
  tupleOf(group: Group, ids: Int32Array): number {
    const known = group.tuples.find(ids);
    if (known >= 0) return known;
    const tuple = group.tuples.add(ids);
    group.reserve(1);
    return tuple;
  }

  /** The entry of what a rule does of its own accord, tried if it was not yet. */
  ownEntryOf(rule: number, ids: Int32Array): number {
    const group = this.groups[this.groupOf[rule]!]!;
    const at = this.tupleOf(group, ids) * group.spontaneous.length + this.#placeOf[rule]!;
    const known = group.own[at]!;
    if (known > 0) return known - 1;
    const entry = this.#compile([rule], ids, undefined);
    group.own[at] = entry + 1;
    return entry;
  }

  /** The entry of what a message does, tried if it was not yet. */
  entryOf(group: Group, tuple: number, ids: Int32Array, message: number): number {
    const word = message >>> 5;
    const bit = 1 << (message & 31);
    group.reserve(word + 1);
    const at = (tuple * group.words + word) * 2;
    if ((group.rows[at]! & bit) !== 0) {
      return (group.rows[at + 1]! & bit) === 0 ? 0 : group.entries.find(tuple, message);
    }
    const entry = this.#compile(group.receiving, ids, message);
    group.rows[at]! |= bit;
    if (entry === 0) return 0;
    group.rows[at + 1]! |= bit;
    group.entries.add(tuple, message, entry);
    return entry;
  }

  /** The entry of what some rules do, all put together. */
  #compile(rules: readonly number[], ids: Int32Array, message: number | undefined): number {
    const outcomes: number[][] = [];
    for (const index of rules) {
      const rule = this.#rules[index]!;
      const values = rule.touches.map((component) => this.components[component]!.valueOf(ids[component]!));
      const received = message === undefined ? undefined : this.messages.valueOf(message);
      const result = evaluate(rule, values, received);
      this.#evaluations++;
      for (const outcome of result.outcomes) {
        outcomes.push(naming(`rule '${rule.kind}'`, () => this.#encode(rule, index, ids, outcome)));
      }
    }
    if (outcomes.length === 0) return 0;
    const start = this.#code.length;
    this.#code.push(outcomes.length);
    let at = start + 1 + outcomes.length;
    for (const outcome of outcomes) {
      this.#code.push(at);
      at += outcome.length;
    }
    for (const outcome of outcomes) for (const int of outcome) this.#code.push(int);
    return start;
  }

  #encode(
    rule: StepRule<C, M, O, A>,
    index: number,
    ids: Int32Array,
    outcome: Outcome<C, M, O, A>,
  ): number[] {
    const writes = rule.touches.flatMap((component, i) => {
      const interner = this.components[component]!;
      const value = outcome.values[i] as C;
      // The very same object, as rules return what they leave as it is.
      if (value === interner.valueOf(ids[component]!)) return [];
      const id = interner.idOf(value);
      return id === ids[component] ? [] : [component, id];
    });
    const sent = outcome.sent.map((message) => this.messages.idOf(message));
    return [
      index,
      this.labels.idOf({ kind: rule.kind, tags: this.#tagging(rule.kind, outcome) }),
      this.lists.idOf(outcome.observations.map((observation) => this.observations.idOf(observation))),
      outcome.consumes === true ? 1 : 0,
      writes.length / 2,
      sent.length,
      ...writes,
      ...sent,
    ];
  }
}

/** One group for each set of components that some rule touches, in the order of the rules. */
function groupsOf<C, M, O, A>(rules: readonly StepRule<C, M, O, A>[]): readonly Group[] {
  const sets = new Map<string, { fields: number[]; spontaneous: number[]; receiving: number[] }>();
  rules.forEach((rule, index) => {
    const fields = [...rule.touches].sort((a, b) => a - b);
    const set = sets.get(fields.join()) ?? { fields, spontaneous: [], receiving: [] };
    sets.set(fields.join(), set);
    (rule.receives ? set.receiving : set.spontaneous).push(index);
  });
  return [...sets.values()].map(
    ({ fields, spontaneous, receiving }) => new Group(fields, spontaneous, receiving),
  );
}
