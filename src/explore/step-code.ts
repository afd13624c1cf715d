/**
 * Outcomes of rules, written as integers that the search runs through without knowing a rule.
 *
 * An entry of the code is
 *
 *     number of outcomes, set of bounds, then per outcome:
 *       label, list of observations, number of writes w, number of message words n, message consumed (-1: none),
 *       w times (component, id), n times (word of the message set, bits)
 *
 * A component that keeps its value is not written. Entry 0 is the empty one: nothing is enabled.
 */
import { GrowingInts, type MakeInts, plainInts } from './growing-ints.ts';

export class StepCode {
  readonly #ints: GrowingInts;

  constructor(make: MakeInts = plainInts) {
    this.#ints = new GrowingInts(make);
    this.#ints.push(0);
    this.#ints.push(0);
  }

  /** All entries. Replaced when one is added: do not hold it across that. */
  get data(): Int32Array {
    return this.#ints.data;
  }

  get bytes(): number {
    return this.#ints.bytes;
  }

  /** Adds an entry. Returns where it begins, or 0 if there is nothing to tell. */
  add(outcomes: readonly CodedOutcome[], bounds: number): number {
    if (outcomes.length === 0 && bounds === 0) return 0;
    const start = this.#ints.length;
    this.#ints.push(outcomes.length);
    this.#ints.push(bounds);
    for (const outcome of outcomes) this.#addOutcome(outcome);
    return start;
  }

  /** Where an entry ends. */
  endOf(entry: number): number {
    const { data } = this;
    let at = entry + 2;
    for (let outcome = 0; outcome < data[entry]!; outcome++) at += 5 + 2 * (data[at + 2]! + data[at + 3]!);
    return at;
  }

  #addOutcome({ label, list, writes, messages, consumed }: CodedOutcome): void {
    const words = new Map<number, number>();
    for (const message of messages) {
      words.set(message >>> 5, (words.get(message >>> 5) ?? 0) | (1 << (message & 31)));
    }
    this.#ints.push(label);
    this.#ints.push(list);
    this.#ints.push(writes.length);
    this.#ints.push(words.size);
    this.#ints.push(consumed);
    for (const [component, id] of writes) {
      this.#ints.push(component);
      this.#ints.push(id);
    }
    for (const [word, bits] of words) {
      this.#ints.push(word);
      this.#ints.push(bits);
    }
  }
}

export interface CodedOutcome {
  readonly label: number;
  readonly list: number;
  /** Pairs of a component and its new id. */
  readonly writes: readonly (readonly [number, number])[];
  readonly messages: readonly number[];
  /** The message that leaves the set before those are added, or -1. */
  readonly consumed: number;
}
