/** Everything that has an id: the values of each component, messages, lists of observations, labels, bounds. */
import { SystemDefect } from './defect.ts';
import { Interner } from './intern.ts';
import type { System } from './system.ts';

/** What a transition is counted as. */
export interface Label {
  /** Index into `Vocabulary.kinds`. */
  readonly kind: number;
  /** Id in `Vocabulary.actions`. */
  readonly action: number;
}

/** A setting that alone forbids further outcomes of a kind of step. */
export interface Bound {
  readonly kind: number;
  readonly setting: string;
}

/** Sets of bounds are bits of one integer. */
const MOST_BOUNDS = 31;

export interface SavedVocabulary {
  readonly components: readonly (readonly unknown[])[];
  readonly messages: readonly unknown[];
  readonly observations: readonly unknown[];
  readonly actions: readonly unknown[];
  readonly lists: readonly unknown[];
  readonly labels: readonly unknown[];
  readonly bounds: readonly unknown[];
}

export class Vocabulary<C, M, O, A> {
  /** Kinds of steps, in the order of the rules. */
  readonly kinds: readonly string[];
  readonly components: readonly Interner<C>[];
  readonly messages: Interner<M>;
  readonly observations: Interner<O>;
  readonly actions: Interner<A>;
  /** Lists of observation ids, as a step makes them; list 0 is the empty one. */
  readonly lists = new Interner<readonly number[]>(true);
  readonly labels = new Interner<Label>(true);
  readonly bounds = new Interner<Bound>(true);

  /** @param interned - for each component, the one whose values it is interned with: itself, or one before it */
  constructor(system: System<C, M, O, A>, interned: readonly number[]) {
    const { isPlain, rules } = system;
    this.kinds = [...new Set(rules.map(({ kind }) => kind))];
    this.messages = new Interner(isPlain);
    this.observations = new Interner(isPlain);
    this.actions = new Interner(isPlain);
    const components: Interner<C>[] = [];
    for (const [index, other] of interned.entries()) {
      components.push(other === index ? new Interner<C>(isPlain) : components[other]!);
    }
    this.components = components;
    this.lists.idOf([]);
  }

  /** All values, in the order of their ids. */
  save(): SavedVocabulary {
    const { components, messages, observations, actions, lists, labels, bounds } = this;
    return {
      components: components.map(({ values }) => values),
      messages: messages.values,
      observations: observations.values,
      actions: actions.values,
      lists: lists.values,
      labels: labels.values,
      bounds: bounds.values,
    };
  }

  /** Gives values that were saved their ids again. Only values that come first may be there. */
  restore(saved: SavedVocabulary): void {
    const all: readonly (readonly [Interner<unknown>, readonly unknown[]])[] = [
      ...this.components.map((interner, i) => [interner, saved.components[i] ?? []] as const),
      [this.messages, saved.messages],
      [this.observations, saved.observations],
      [this.actions, saved.actions],
      [this.lists, saved.lists],
      [this.labels, saved.labels],
      [this.bounds, saved.bounds],
    ];
    for (const [interner, values] of all) for (const value of values) interner.idOf(value);
  }

  /** The set of bounds that has just this one. */
  bound(kind: number, setting: string): number {
    const id = this.bounds.idOf({ kind, setting });
    if (id >= MOST_BOUNDS) throw new SystemDefect(`more than ${MOST_BOUNDS} pairs of a kind and its bound`);
    return 1 << id;
  }

  /** The bounds in a set. */
  boundsIn(set: number): readonly Bound[] {
    const found: Bound[] = [];
    for (let id = 0; id < this.bounds.size; id++) if ((set >>> id) & 1) found.push(this.bounds.valueOf(id));
    return found;
  }

  /** The id of a list of observations. */
  listOf(observations: readonly O[]): number {
    return this.lists.idOf(observations.map((observation) => this.observations.idOf(observation)));
  }
}
