/**
 * One walk under way: the global state as integers, what of it can be done next, and the doing.
 *
 * Nothing is found out that is not asked for: a rule that acts of its own accord is drawn, and drawn again if it
 * cannot act. Messages are not drawn blindly, since most of them are too old for anybody: those known to do nothing
 * are left out. The messages that can be received are kept twice: in the order in which they were sent, which is
 * what choices are told by, and as bits.
 */

import type { StepRule } from '../system.ts';
import { CONSUMES, LABEL, LIST, MESSAGES, type Moves, REST, RULE, WRITES } from './moves.ts';
import type { Random } from './random.ts';
import { VIOLATED, type Watch } from './watch.ts';

/** No message. */
export const NONE = -1;

const KNOWN = 0;
const UNTRIED = 1;
/** What a message that does something weighs. */
const WEIGHT = 16;
/** Slots of the wheel that kinds are drawn from: a power of two. */
const WHEEL = 256;

export class WalkState<C, M, O, A> {
  readonly moves: Moves<C, M, O, A>;
  readonly watches: readonly Watch<O>[];
  /** Monitors that saw their property violated in the last step, as a set of bits. */
  violated = 0;

  readonly #ids: Int32Array;
  readonly #states: Int32Array;
  readonly #receiving: readonly number[];
  /** By kind, the rules that act of their own accord. */
  readonly #ownRules: readonly (readonly number[])[];
  /** Indexes into `#ownRules`, each as often as it is to be drawn. */
  readonly #wheel = new Uint16Array(WHEEL);
  /** Kinds that are left out, and kinds that are impossible since the values of the components are what they are. */
  readonly #leftOut: Uint8Array;
  readonly #dead: Uint8Array;
  #deadKinds = 0;
  /** The tuple of each receiving group, since the last step. */
  readonly #tuples: Int32Array;
  #stale = true;

  /** Messages in the order in which they were sent. */
  #order: number[] = [];
  /** The same as bits; and the words of it that may not be 0. */
  #bits = new Int32Array(64);
  #words: number[] = [];
  #inWords = new Uint8Array(64);

  constructor(
    moves: Moves<C, M, O, A>,
    watches: readonly Watch<O>[],
    rules: readonly StepRule<C, M, O, A>[],
  ) {
    this.moves = moves;
    this.watches = watches;
    const { groups } = moves;
    this.#ids = new Int32Array(moves.components.length);
    this.#states = new Int32Array(watches.length);
    this.#receiving = groups.flatMap((group, g) => (group.receives ? [g] : []));
    this.#tuples = new Int32Array(groups.length);
    const byKind = new Map<string, number[]>();
    rules.forEach(({ kind, receives }, rule) => {
      if (!receives) byKind.set(kind, [...(byKind.get(kind) ?? []), rule]);
    });
    this.#ownRules = [...byKind.values()];
    this.#leftOut = new Uint8Array(this.#ownRules.length);
    this.#dead = new Uint8Array(this.#ownRules.length);
  }

  /** How many kinds of steps are taken of one's own accord. */
  get ownKinds(): number {
    return this.#ownRules.length;
  }

  /** How often each of these kinds is to be drawn, compared with the others; those with 0 never are. */
  weigh(weights: readonly number[]): void {
    const sum = weights.reduce((a, b) => a + b, 0);
    weights.forEach((weight, kind) => {
      this.#leftOut[kind] = weight === 0 ? 1 : 0;
    });
    if (sum === 0) return;
    let before = 0;
    let slot = 0;
    weights.forEach((weight, kind) => {
      before += weight;
      for (const end = Math.round((before / sum) * WHEEL); slot < end; slot++) this.#wheel[slot] = kind;
    });
  }

  /** Begins anew from the given values. */
  begin(values: readonly C[]): void {
    this.#ids.set(this.#idsOf(values));
    this.watches.forEach((watch, m) => {
      this.#states[m] = watch.initial;
    });
    for (const word of this.#words) {
      this.#bits[word] = 0;
      this.#inWords[word] = 0;
    }
    this.#words = [];
    this.#order = [];
    this.violated = 0;
    this.#stale = true;
  }

  /** The ids of the values of an initial state, found once. */
  #idsOf(values: readonly C[]): readonly number[] {
    const known = this.#initial.get(values);
    if (known !== undefined) return known;
    const ids = values.map((value, component) => this.moves.components[component]!.idOf(value));
    this.#initial.set(values, ids);
    return ids;
  }
  readonly #initial = new Map<readonly C[], readonly number[]>();

  /** Ids of the values of all components. */
  get ids(): Int32Array {
    return this.#ids;
  }

  /** Messages that can be received, in the order in which they were sent. */
  get messages(): readonly number[] {
    return this.#order;
  }

  /**
   * The code of a step that can be taken, and the message that it receives (`NONE` if it receives none).
   *
   * @param receives - how often a message is received rather than something done of one's own accord, in eighths
   * @returns code 0 if no step is possible
   */
  draw(random: Random, receives: number): { readonly at: number; readonly message: number } {
    const messages = this.#order.length > 0;
    const isFirst = messages && random.below(8) < receives;
    if (isFirst) {
      const received = this.#drawReceived(random);
      if (received.at !== 0) return received;
    }
    this.#drawn.at = this.#drawOwn(random);
    this.#drawn.message = NONE;
    return this.#drawn.at === 0 && messages && !isFirst ? this.#drawReceived(random) : this.#drawn;
  }

  /** Where the code of an outcome begins that receives nothing; 0 if there is none. */
  #drawOwn(random: Random): number {
    const kinds = this.#ownRules.length;
    if (this.#stale) this.#lookUp();
    while (this.#deadKinds < kinds) {
      const kind = this.#aliveFrom(this.#wheel[random.next() & (WHEEL - 1)]!);
      const rules = this.#ownRules[kind]!;
      // From a random rule on, the first that can act.
      let place = random.below(rules.length);
      for (let tries = 0; tries < rules.length; tries++) {
        const entry = this.moves.ownEntryOf(rules[place]!, this.#ids);
        if (entry !== 0) return this.#outcomeOf(entry, random);
        if (++place === rules.length) place = 0;
      }
      this.#dead[kind] = 1;
      this.#deadKinds++;
    }
    return 0;
  }

  /** The first kind from this one on that is not known to be impossible. */
  #aliveFrom(kind: number): number {
    const dead = this.#dead;
    let alive = kind;
    while (dead[alive] === 1) alive = alive + 1 === dead.length ? 0 : alive + 1;
    return alive;
  }

  #outcomeOf(entry: number, random: Random): number {
    const { code } = this.moves;
    const outcomes = code[entry]!;
    return code[entry + 1 + (outcomes === 1 ? 0 : random.below(outcomes))]!;
  }

  /**
   * A message that something can be done with, and the code of what; `NONE` if there is no such message.
   *
   * Trying costs much more than walking on, and most tries would be in vain. So a group counts by the messages that
   * are known to do something in it, and by those not tried only as long as few were in vain; of these, those sent
   * last are tried first.
   */
  #drawReceived(random: Random): { readonly at: number; readonly message: number } {
    if (this.#stale) this.#lookUp();
    for (;;) {
      let sum = 0;
      for (const g of this.#receiving) sum += this.#weightOf(g);
      if (sum === 0) return NOTHING;
      let left = random.below(sum);
      let g = -1;
      for (const each of this.#receiving) {
        g = each;
        const weight = this.#weightOf(each);
        if (left < weight) break;
        left -= weight;
      }
      const known = this.#count(g, KNOWN);
      const untried = this.#count(g, UNTRIED);
      const takesKnown = known > 0 && (untried === 0 || random.below(8) > 0);
      const message = takesKnown ? this.#nth(g, random.below(known)) : this.#lateUntried(g, random);
      const entry = this.moves.entryOf(this.moves.groups[g]!, this.#tuples[g]!, this.#ids, message);
      if (entry === 0) continue;
      this.#drawn.at = this.#outcomeOf(entry, random);
      this.#drawn.message = message;
      return this.#drawn;
    }
  }
  readonly #drawn = { at: 0, message: NONE };

  /** Every way in which a rule can be taken: pairs of code and message, messages in the order of sending. */
  waysOf(rule: number): readonly { readonly at: number; readonly message: number }[] {
    const g = this.moves.groupOf[rule]!;
    const group = this.moves.groups[g]!;
    const ways: { at: number; message: number }[] = [];
    const collect = (entry: number, message: number): void => {
      const { code } = this.moves;
      for (let i = 1; i <= code[entry]!; i++) {
        const at = code[entry + i]!;
        if (code[at + RULE] === rule) ways.push({ at, message });
      }
    };
    if (!group.receiving.includes(rule)) collect(this.moves.ownEntryOf(rule, this.#ids), NONE);
    else {
      if (this.#stale) this.#lookUp();
      for (const message of this.#order) {
        collect(this.moves.entryOf(group, this.#tuples[g]!, this.#ids, message), message);
      }
    }
    return ways;
  }

  /**
   * Takes an outcome.
   *
   * @param at - where its code begins
   * @returns whether anything changed
   */
  take(at: number, message: number): boolean {
    const { code } = this.moves;
    const list = code[at + LIST]!;
    const writes = code[at + WRITES]!;
    const messages = code[at + MESSAGES]!;
    let changed = writes > 0 || list !== 0;
    if (code[at + CONSUMES] === 1 && message !== NONE) {
      this.#remove(message);
      changed = true;
    }
    let from = at + REST;
    const afterWrites = from + 2 * writes;
    for (; from < afterWrites; from += 2) this.#ids[code[from]!] = code[from + 1]!;
    for (const end = from + messages; from < end; from++) if (this.#send(code[from]!)) changed = true;
    if (writes > 0) this.#stale = true;
    this.violated = 0;
    if (list !== 0) this.#observe(list);
    return changed;
  }

  /** What the step is counted as. */
  labelOf(at: number): number {
    return this.moves.code[at + LABEL]!;
  }

  #observe(list: number): void {
    const states = this.#states;
    for (let m = 0; m < states.length; m++) {
      const before = states[m]!;
      if (before === VIOLATED) continue;
      const after = this.watches[m]!.after(before, list);
      states[m] = after;
      if (after === VIOLATED) this.violated |= 1 << m;
    }
  }

  /** What is known of the values that there were before holds no more. */
  #lookUp(): void {
    this.#stale = false;
    this.#dead.set(this.#leftOut);
    this.#deadKinds = 0;
    for (let kind = 0; kind < this.#dead.length; kind++) this.#deadKinds += this.#dead[kind]!;
    for (const g of this.#receiving) {
      this.#tuples[g] = this.moves.tupleOf(this.moves.groups[g]!, this.#ids);
    }
  }

  /** How often something is received in a group, compared with others. */
  #weightOf(g: number): number {
    const untried = this.#count(g, UNTRIED);
    const known = this.#count(g, KNOWN) * WEIGHT;
    if (untried === 0) return known;
    const inVain = 1 + this.#order.length - untried - known / WEIGHT;
    return known + Math.max(1, Math.floor((WEIGHT * 4) / (inVain * inVain)));
  }

  /** How many of the messages are known to do something in a group, or were not tried in it. */
  #count(g: number, which: typeof KNOWN | typeof UNTRIED): number {
    const words = this.#words;
    let count = 0;
    for (let i = 0; i < words.length; i++) count += bitCount(this.#bitsOf(g, words[i]!, which));
    return count;
  }

  /** The one of those known to do something with `left` others before it. */
  #nth(g: number, left: number): number {
    let before = left;
    for (const word of this.#words) {
      let bits = this.#bitsOf(g, word, KNOWN);
      const count = bitCount(bits);
      if (before >= count) {
        before -= count;
        continue;
      }
      for (; before > 0; before--) bits &= bits - 1;
      return word * 32 + 31 - Math.clz32(bits & -bits);
    }
    throw new RangeError(`there are no ${left + 1} messages that do something`);
  }

  /** One of those not tried in a group; more likely one that was sent late. There has to be one. */
  #lateUntried(g: number, random: Random): number {
    let message = NONE;
    for (let i = this.#order.length - 1; i >= 0; i--) {
      const each = this.#order[i]!;
      if ((this.#bitsOf(g, each >>> 5, UNTRIED) & (1 << (each & 31))) === 0) continue;
      message = each;
      if (random.below(2) === 0) break;
    }
    return message;
  }

  /** The messages of a word that are known to do something in a group, or were not tried in it. */
  #bitsOf(g: number, word: number, which: typeof KNOWN | typeof UNTRIED): number {
    const group = this.moves.groups[g]!;
    const bits = this.#bits[word]!;
    if (word >= group.words) return which === KNOWN ? 0 : bits;
    const at = (this.#tuples[g]! * group.words + word) * 2;
    return which === KNOWN ? bits & group.rows[at + 1]! : bits & ~group.rows[at]!;
  }

  /** Whether it was not there. */
  #send(message: number): boolean {
    const word = message >>> 5;
    const bit = 1 << (message & 31);
    if (word >= this.#bits.length) this.#widen(word + 1);
    if ((this.#bits[word]! & bit) !== 0) return false;
    this.#bits[word]! |= bit;
    if (this.#inWords[word] === 0) {
      this.#inWords[word] = 1;
      this.#words.push(word);
    }
    this.#order.push(message);
    return true;
  }

  #remove(message: number): void {
    this.#bits[message >>> 5]! &= ~(1 << (message & 31));
    this.#order.splice(this.#order.indexOf(message), 1);
  }

  #widen(words: number): void {
    const [bits, inWords] = [new Int32Array(words * 2), new Uint8Array(words * 2)];
    bits.set(this.#bits);
    inWords.set(this.#inWords);
    this.#bits = bits;
    this.#inWords = inWords;
  }
}

const NOTHING = { at: 0, message: NONE } as const;

function bitCount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
