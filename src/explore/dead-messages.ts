/**
 * A message that nothing can react to any more is dropped from the set of messages.
 *
 * The system declares `isObsolete(message, value, component)`: a component with this value does not react to the
 * message, and never will. A message that is obsolete for all components of a state is dead. Two local facts make
 * it right to drop it, and both are checked, at the end of every exploration, for all that was met in it:
 *
 * 1. A rule that receives is not enabled, nor cut off by a bound, by a message that is obsolete for all components
 *    that it touches.
 * 2. A message that is obsolete for all components that a step touches, before it, is so after it.
 *
 * So what is dead is received in no step (1) and stays dead (2, since a step leaves alone what it does not touch):
 * a state with it and the same state without it have the same future. Monitors see observations, and predicates see
 * components; so neither can tell them apart either. This is a bisimulation: verdicts, and lengths of shortest
 * counterexamples, stay what they are. A declaration that breaks one of the facts is a defect of the system.
 */
import { DeclarationDefect, SystemDefect } from './defect.ts';
import { GrowingInts, type MakeInts, plainInts } from './growing-ints.ts';
import type { ObsoleteQuestion, StepRule, System } from './system.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * Drops from a set what is dead in a state. Returns how many messages that were.
 *
 * @param alive - for each component, the messages that are not obsolete: as many words for each value as the set has
 */
export function dropDead(alive: readonly Int32Array[], set: Int32Array, ids: Int32Array): number {
  let dropped = 0;
  for (let w = 0; w < set.length; w++) {
    if (set[w] === 0) continue;
    let living = 0;
    for (let c = 0; c < alive.length; c++) living |= alive[c]![ids[c]! * set.length + w]!;
    const dead = set[w]! & ~living;
    if (dead === 0) continue;
    set[w] = set[w]! & living;
    for (let rest = dead; rest !== 0; rest &= rest - 1) dropped++;
  }
  return dropped;
}

export class DeadMessages<C, M, O, A> {
  /** For each component, the messages that are not obsolete: as many words for each value as a set has. */
  readonly alive: Int32Array[];
  readonly #isObsolete: (message: M, value: C, component: number) => boolean;
  readonly #isAskedOf: System<C, M, O, A>['isAskedOf'];
  readonly #words: Vocabulary<C, M, O, A>;
  readonly #rules: readonly StepRule<C, M, O, A>[];
  /** The component that is asked for each: of those that are interchangeable, the first. */
  readonly #asked: readonly number[];
  /** Words of a set of messages. */
  #width = 1;
  /** Messages and, for each component, values that `alive` covers. */
  #messages = 0;
  readonly #values: number[];
  /** Steps for the second fact: rule, then ids of what it touches before and after. */
  readonly #steps = new GrowingInts();
  readonly #make: MakeInts;

  constructor(
    system: System<C, M, O, A>,
    words: Vocabulary<C, M, O, A>,
    asked: readonly number[],
    make: MakeInts = plainInts,
  ) {
    this.#make = make;
    if (system.isObsolete === undefined) throw new SystemDefect('no message is declared obsolete');
    this.#isObsolete = system.isObsolete;
    this.#isAskedOf = system.isAskedOf;
    this.#words = words;
    this.#rules = system.rules;
    this.#asked = asked;
    this.alive = system.components.map(() => make(0));
    this.#values = system.components.map(() => 0);
  }

  get bytes(): number {
    return this.alive.reduce((sum, { byteLength }) => sum + byteLength, this.#steps.bytes);
  }

  /** Takes note of a step that a rule was found to do. */
  note(rule: number, before: readonly number[], after: readonly number[]): void {
    this.#steps.push(rule);
    for (const id of before) this.#steps.push(id);
    for (const id of after) this.#steps.push(id);
  }

  /** Asks about values and messages that are new. */
  refresh(width: number): void {
    const { messages, components } = this.#words;
    const isWider = width !== this.#width;
    const hasNewMessages = messages.size > this.#messages;
    this.#isAskedOf?.(this.#questions());
    for (let c = 0; c < this.alive.length; c++) {
      const first = this.#asked[c]!;
      if (first !== c) {
        this.alive[c] = this.alive[first]!;
        continue;
      }
      const values = components[c]!.size;
      const known = this.#values[c]!;
      if (isWider || values * width > this.alive[c]!.length) this.#makeRoom(c, values, width);
      for (let value = hasNewMessages ? 0 : known; value < values; value++) {
        this.#ask(c, value, value < known ? this.#messages : 0, width);
      }
      this.#values[c] = values;
    }
    this.#messages = messages.size;
    this.#width = width;
  }

  /** All that is asked next. */
  #questions(): readonly ObsoleteQuestion<C, M>[] {
    const { messages, components } = this.#words;
    return this.alive.flatMap((_, c) => {
      if (this.#asked[c] !== c) return [];
      const known = this.#values[c]!;
      const first = messages.size > this.#messages ? 0 : known;
      return components[c]!.values.slice(first).flatMap((value, i) =>
        messages.values
          .slice(first + i < known ? this.#messages : 0)
          .map((message): ObsoleteQuestion<C, M> => [message, value, c]),
      );
    });
  }

  #makeRoom(component: number, values: number, width: number): void {
    const had = this.alive[component]!;
    const has = this.#make(2 * values * width);
    for (let value = 0; value < this.#values[component]!; value++) {
      const at = value * this.#width;
      has.set(had.subarray(at, at + this.#width), value * width);
    }
    this.alive[component] = has;
  }

  /** Asks about messages from `first` on. */
  #ask(component: number, value: number, first: number, width: number): void {
    const { messages, components } = this.#words;
    const alive = this.alive[component]!;
    const own = components[component]!.valueOf(value);
    for (let m = first; m < messages.size; m++) {
      if (this.#isObsolete(messages.valueOf(m), own, component)) continue;
      alive[value * width + (m >>> 5)]! |= 1 << (m & 31);
    }
  }

  /** Drops from a set what is dead in a state. Returns how many messages that were. */
  drop(set: Int32Array, ids: Int32Array): number {
    return dropDead(this.alive, set, ids);
  }

  /** @throws DeclarationDefect if the declaration breaks one of the two facts somewhere */
  check(tuplesOf: (rule: number) => Iterable<readonly number[]>): void {
    this.#rules.forEach((rule, index) => {
      if (rule.receives) for (const tuple of tuplesOf(index)) this.#checkIgnores(rule, tuple);
    });
    const { data, length } = this.#steps;
    for (let at = 0; at < length; ) {
      const rule = this.#rules[data[at]!]!;
      const { touches } = rule;
      for (let w = 0; w < this.#width; w++) {
        let before = 0;
        let after = 0;
        for (let i = 0; i < touches.length; i++) {
          const alive = this.alive[touches[i]!]!;
          before |= alive[data[at + 1 + i]! * this.#width + w]!;
          after |= alive[data[at + 1 + touches.length + i]! * this.#width + w]!;
        }
        const risen = after & ~before;
        if (risen !== 0) this.#tell(rule, w * 32 + 31 - Math.clz32(risen), 'a step makes it matter again');
      }
      at += 1 + 2 * touches.length;
    }
  }

  /** That a rule is not enabled by any message that is obsolete for all that it touches. */
  #checkIgnores(rule: Extract<StepRule<C, M, O, A>, { receives: true }>, ids: readonly number[]): void {
    const { components, messages } = this.#words;
    const values = rule.touches.map((component, i) => components[component]!.valueOf(ids[i]!));
    for (let m = 0; m < messages.size; m++) {
      const word = m >>> 5;
      const matters = rule.touches.some(
        (component, i) => (this.alive[component]![ids[i]! * this.#width + word]! >>> (m & 31)) & 1,
      );
      if (matters) continue;
      const { outcomes, boundedBy } = rule.step(values, messages.valueOf(m));
      if (outcomes.length > 0 || boundedBy !== undefined) this.#tell(rule, m, 'it can be received');
    }
  }

  #tell({ kind, touches }: StepRule<C, M, O, A>, message: number, why: string): never {
    const text = JSON.stringify(this.#words.messages.valueOf(message));
    throw new DeclarationDefect(
      `the message ${text} is declared obsolete for components ${touches.join(', ')}, but by rule '${kind}' ${why}`,
    );
  }
}
