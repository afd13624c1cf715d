/**
 * What can one system do that another cannot? A shortest run of the first that no run of the second looks like.
 *
 * Breadth first over pairs: a state of the first, and the set of all states in which the second can be after what
 * has been seen so far (the subset construction). A step of the first that looks like no step of the second from
 * any state of its set ends the search. If no such step is found, everything that the first does, the second does
 * too, as far as one can see.
 */

import { GrowingInts } from './growing-ints.ts';
import { breathe, bytesUsed } from './host.ts';
import { Interner } from './intern.ts';
import type { TakenStep } from './result.ts';
import { type Arc, type Seen, Stepper } from './stepper.ts';
import type { System } from './system.ts';
import { TupleTable } from './tuple-table.ts';

/** What a bystander sees, as plain data. */
export interface Visible<C, M, A> {
  /** Of an initial state: only initial states that look the same are compared. */
  readonly start: (values: readonly C[]) => unknown;
  /** Of a step. Every step is seen: give all that shall not be told apart the same label. */
  readonly label: (seen: Seen<M, A>) => unknown;
}

export interface DistinguishOptions {
  /** Pairs of states at most. */
  readonly pairs?: number;
  readonly seconds?: number;
  /** Of the whole process. */
  readonly bytes?: number;
  readonly signal?: { readonly aborted: boolean };
  readonly onProgress?: (progress: { readonly depth: number; readonly pairs: number }) => void;
}

export type Distinction<C, M, O, A> = {
  readonly pairs: number;
  readonly seconds: number;
} & (
  | {
      /** The last of the steps is what the second cannot do; none, if it is that the first can begin so. */
      readonly kind: 'distinguished';
      readonly initial: readonly C[];
      readonly steps: readonly TakenStep<C, M, O, A>[];
      /** What the second can do at that point: each step that looks different, from any state of its set. */
      readonly instead: readonly TakenStep<C, M, O, A>[];
    }
  /** Everything that the first does, the second does too. */
  | { readonly kind: 'included' }
  | {
      readonly kind: 'inconclusive';
      readonly because: 'time' | 'memory' | 'interrupted' | 'pairs' | 'bounds';
      /** No run of so many steps tells them apart. */
      readonly completeDepth: number;
    }
);

/** Pairs expanded between two looks at the clock. */
const PAIRS_AT_ONCE = 128;
const MOST_PAIRS = 2_000_000;

/** Looks for a shortest run of the first system that no run of the second looks like. */
export async function distinguish<C, M, O, A>(
  first: System<C, M, O, A>,
  second: System<C, M, O, A>,
  visible: Visible<C, M, A>,
  options: DistinguishOptions = {},
): Promise<Distinction<C, M, O, A>> {
  const search = new PairSearch(first, second, visible);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const { pairs: most = MOST_PAIRS } = options;
  for (;;) {
    const found = search.run(PAIRS_AT_ONCE);
    const so = { pairs: search.pairs, seconds: seconds() };
    if (found !== undefined) return { ...found, ...so };
    options.onProgress?.({ depth: search.depth, pairs: search.pairs });
    await breathe();
    const because = reasonToStop(options, so, most);
    if (because !== undefined) {
      return { kind: 'inconclusive', because, completeDepth: search.completeDepth, ...so };
    }
  }
}

function reasonToStop(
  { signal, seconds, bytes }: DistinguishOptions,
  so: { readonly pairs: number; readonly seconds: number },
  most: number,
): 'time' | 'memory' | 'interrupted' | 'pairs' | undefined {
  if (signal?.aborted === true) return 'interrupted';
  if (seconds !== undefined && so.seconds >= seconds) return 'time';
  if (bytes !== undefined && bytesUsed() > bytes) return 'memory';
  return so.pairs > most ? 'pairs' : undefined;
}

type Found<C, M, O, A> =
  | {
      kind: 'distinguished';
      initial: readonly C[];
      steps: TakenStep<C, M, O, A>[];
      instead: TakenStep<C, M, O, A>[];
    }
  | { kind: 'included' }
  | { kind: 'inconclusive'; because: 'bounds'; completeDepth: number };

class PairSearch<C, M, O, A> {
  readonly #first: Stepper<C, M, O, A>;
  readonly #second: Stepper<C, M, O, A>;
  /** Sets of states of the second system. */
  readonly #sets = new Interner<readonly number[]>();
  /** For each set, and each label, the set after it: -1 if no state allows it. */
  readonly #next: Map<number, number>[] = [];
  readonly #known = new TupleTable([0, 1]);
  /** Of each pair: the state of the first, the set of the second, the pair before, the arc from there. */
  readonly #rows = new GrowingInts();
  readonly #pair = new Int32Array(2);
  #head = 0;
  #depth = 0;
  #levelEnd = 0;
  /** The least depth at which a step may be one that only a bound forbids the second. */
  #cutOff = Number.POSITIVE_INFINITY;
  /** An initial state of the first that looks like none of the second. */
  #odd: number | undefined;

  constructor(first: System<C, M, O, A>, second: System<C, M, O, A>, { start, label }: Visible<C, M, A>) {
    const labels = new Interner<unknown>();
    this.#first = new Stepper(first, labels, label);
    this.#second = new Stepper(second, labels, label);
    const starts = this.#second
      .initial()
      .map((state) => ({ state, label: labels.idOf(start(this.#second.valuesOf(state))) }));
    for (const state of this.#first.initial()) {
      const own = labels.idOf(start(this.#first.valuesOf(state)));
      const alike = starts.filter((each) => each.label === own).map((each) => each.state);
      if (alike.length === 0) this.#odd ??= state;
      else this.#add(state, this.#setOf(alike), -1, -1);
    }
    this.#levelEnd = this.pairs;
  }

  get pairs(): number {
    return this.#known.count;
  }

  get depth(): number {
    return this.#depth;
  }

  /** No run of so many steps tells the systems apart. */
  get completeDepth(): number {
    return Math.min(this.#depth, this.#cutOff);
  }

  /** Expands up to so many pairs. */
  run(pairs: number): Found<C, M, O, A> | undefined {
    if (this.#odd !== undefined) {
      return { kind: 'distinguished', initial: this.#first.valuesOf(this.#odd), steps: [], instead: [] };
    }
    for (let i = 0; i < pairs; i++) {
      if (this.#head === this.pairs) {
        return this.#cutOff === Number.POSITIVE_INFINITY
          ? { kind: 'included' }
          : { kind: 'inconclusive', because: 'bounds', completeDepth: this.#cutOff };
      }
      if (this.#head === this.#levelEnd) {
        this.#depth++;
        this.#levelEnd = this.pairs;
      }
      const found = this.#expand(this.#head++);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #expand(pair: number): Found<C, M, O, A> | undefined {
    const [state, set] = this.#at(pair);
    for (const [index, arc] of this.#first.arcsFrom(state).entries()) {
      const next = this.#after(set, arc.label);
      if (next >= 0) this.#add(arc.target, next, pair, index);
      else if (this.#isBounded(set, this.#first.kindOf(arc)))
        this.#cutOff = Math.min(this.#cutOff, this.#depth);
      else return this.#told(pair, arc, set);
    }
    return undefined;
  }

  /** Whether the second system might do it too, were it not for a bound. */
  #isBounded(set: number, kind: string): boolean {
    return this.#sets.valueOf(set).some((state) => this.#second.isBounded(state, kind));
  }

  #after(set: number, label: number): number {
    const known = this.#next[set]!.get(label);
    if (known !== undefined) return known;
    const targets = new Map<number, number[]>();
    for (const state of this.#sets.valueOf(set)) {
      for (const arc of this.#second.arcsFrom(state)) {
        const list = targets.get(arc.label) ?? [];
        list.push(arc.target);
        targets.set(arc.label, list);
      }
    }
    for (const [each, states] of targets) {
      const next = this.#setOf(states);
      this.#next[set]!.set(each, next);
    }
    if (!targets.has(label)) this.#next[set]!.set(label, -1);
    return this.#next[set]!.get(label)!;
  }

  #setOf(states: readonly number[]): number {
    const set = this.#sets.idOf([...new Set(states)].sort((a, b) => a - b));
    this.#next[set] ??= new Map();
    return set;
  }

  #at(pair: number): readonly [number, number, number, number] {
    const { data } = this.#rows;
    const at = pair * 4;
    return [data[at]!, data[at + 1]!, data[at + 2]!, data[at + 3]!];
  }

  #add(state: number, set: number, parent: number, arc: number): void {
    this.#pair[0] = state;
    this.#pair[1] = set;
    if (this.#known.find(this.#pair) >= 0) return;
    this.#known.add(this.#pair);
    for (const part of [state, set, parent, arc]) this.#rows.push(part);
  }

  #told(pair: number, last: Arc, set: number): Found<C, M, O, A> {
    const steps = [this.#first.told(this.#at(pair)[0], last)];
    let at = pair;
    for (let [, , parent, arc] = this.#at(at); parent >= 0; [, , parent, arc] = this.#at(at)) {
      const [state] = this.#at(parent);
      steps.unshift(this.#first.told(state, this.#first.arcsFrom(state)[arc]!));
      at = parent;
    }
    const instead = new Map<number, TakenStep<C, M, O, A>>();
    for (const state of this.#sets.valueOf(set)) {
      for (const arc of this.#second.arcsFrom(state)) {
        if (!instead.has(arc.label)) instead.set(arc.label, this.#second.told(state, arc));
      }
    }
    return {
      kind: 'distinguished',
      initial: this.#first.valuesOf(this.#at(at)[0]),
      steps,
      instead: [...instead.values()],
    };
  }
}
