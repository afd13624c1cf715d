/**
 * What a search knows of its system: everything that has an id, and what rules and monitors have been asked.
 *
 * It only ever grows, and only when it is asked to learn. The steps of states are taken from tables of it
 * (`step-tables.ts`), whose arrays are in memory that other threads can see.
 */
import { canonicalText } from './canonical.ts';
import { CheckpointError } from './checkpoint.ts';
import { DeadMessages } from './dead-messages.ts';
import { type MakeInts, sharedInts } from './growing-ints.ts';
import { LocalSteps } from './local-steps.ts';
import { MessageSets } from './message-sets.ts';
import { MonitorTable } from './monitor-table.ts';
import type { Options } from './options.ts';
import type { RowLayout } from './row-layout.ts';
import { type StepTables, stepTables } from './step-tables.ts';
import { Symmetry } from './symmetry.ts';
import type { Monitor, System } from './system.ts';
import { type Learner, NO_MESSAGE } from './taker.ts';
import type { SavedView } from './view.ts';
import { type SavedVocabulary, Vocabulary } from './vocabulary.ts';

/** In a checkpoint. Of what rules say there is a digest: they are asked again. */
export interface SavedKnowledge {
  /** What holds values of the system, which can look like anything. */
  readonly values: {
    readonly vocabulary: SavedVocabulary;
    readonly monitors: readonly (readonly unknown[])[];
  };
  readonly views: readonly SavedView[];
  /** SHA-256 of what the rules said. */
  readonly said: string;
  readonly sets: readonly Int32Array[];
}

export class Knowledge<C, M, O, A> {
  readonly words: Vocabulary<C, M, O, A>;
  readonly steps: LocalSteps<C, M, O, A>;
  readonly monitors: readonly MonitorTable<O>[];
  /** The sets of messages that states have. */
  readonly sets: MessageSets;
  /** The reductions that are made; null: not this one. */
  readonly symmetry: Symmetry | null;
  readonly dead: DeadMessages<C, M, O, A> | null;
  readonly #system: System<C, M, O, A>;
  /** How many arrays have been made so far. */
  #arrays = 0;
  /** The last tables, and what they were made of. */
  #made: { readonly tables: StepTables; readonly layout: RowLayout; readonly arrays: number } | undefined;

  constructor(
    system: System<C, M, O, A>,
    monitors: readonly Monitor<O>[],
    { checkPurity = false, noReductions = [] }: Pick<Options, 'checkPurity' | 'noReductions'>,
  ) {
    this.#system = system;
    const { components, interchangeable, isObsolete } = system;
    const make: MakeInts = (length) => {
      this.#arrays++;
      return sharedInts(length);
    };
    this.sets = new MessageSets(make);
    this.symmetry =
      interchangeable === undefined || noReductions.includes('symmetry')
        ? null
        : new Symmetry(interchangeable, components);
    const interned = this.symmetry?.representatives(components.length) ?? components.map((_, i) => i);
    this.words = new Vocabulary(system, interned);
    this.dead =
      isObsolete === undefined || noReductions.includes('dead-messages')
        ? null
        : new DeadMessages(system, this.words, interned, make);
    this.steps = new LocalSteps(system, this.words, checkPurity, this.symmetry, this.dead, make);
    this.monitors = monitors.map((monitor) => new MonitorTable(monitor, this.words, make));
  }

  /** Bytes in typed arrays. */
  get bytes(): number {
    const parts = [this.sets, this.steps, ...this.monitors];
    return parts.reduce((sum, part) => sum + part.bytes, this.dead?.bytes ?? 0);
  }

  /** How many ids each field of a row may have: components, monitors, the set of messages. */
  get sizes(): readonly number[] {
    return [
      ...this.words.components.map((component) => component.size),
      ...this.monitors.map((monitor) => monitor.size),
      this.sets.size,
    ];
  }

  /** The fields of the initial states. */
  initial(): readonly (readonly number[])[] {
    return this.#system.initial.map((values) => {
      const ids = [
        ...values.map((value, i) => this.words.components[i]!.idOf(value)),
        ...this.monitors.map((monitor) => monitor.initial),
        NO_MESSAGE,
      ];
      this.symmetry?.sort(ids);
      return ids;
    });
  }

  /**
   * Asks the rules about all that is new in a state.
   *
   * @param ids - of its components
   * @param sent - its set of messages
   */
  learn(ids: Int32Array, sent: Int32Array): void {
    const { steps } = this;
    for (const view of steps.views) {
      const known = view.tuples.find(ids);
      const tuple = known < 0 ? steps.learnTuple(view, ids) : known;
      if (!view.receives) continue;
      for (let w = 0; w < sent.length; w++) {
        const untried = sent[w]! & ~view.triedOf(tuple, w);
        if (untried !== 0) steps.learnMessages(view, tuple, ids, w, untried);
      }
    }
  }

  /**
   * Learns moves of monitors and new sets of messages.
   *
   * @param note - told whenever there is more to know
   */
  learner(note: () => void): Learner {
    const { monitors, sets } = this;
    return {
      moveOf: (monitor, state, list) => {
        const table = monitors[monitor]!;
        const next = table.learn(state, list);
        note();
        return { next, moves: table.moves };
      },
      setOf: (set) => {
        const id = sets.idOf(set);
        note();
        return { id, sets: sets.index };
      },
    };
  }

  /** Makes room for all messages that there are by now. */
  makeRoom(): void {
    const { sets, words } = this;
    if (!sets.fits(words.messages.size)) {
      sets.widen(words.messages.size);
      for (const view of this.steps.views) view.widen(sets.words);
    }
    this.dead?.refresh(sets.words);
  }

  /**
   * All of it as tables, for rows that lie so. Valid until something is learnt. They are the same as the last time if
   * no array was replaced: then what has been learnt since is in the arrays that they have.
   */
  tables(layout: RowLayout): StepTables {
    const arrays = this.#arrays;
    if (this.#made?.layout !== layout || this.#made.arrays !== arrays) {
      this.#made = { tables: this.#newTables(layout), layout, arrays };
    }
    return this.#made.tables;
  }

  #newTables(layout: RowLayout): StepTables {
    const { steps, monitors, sets, dead, symmetry } = this;
    const { views, blocks, code } = steps;
    const components = this.#system.components.length;
    return stepTables({ components, layout, views, blocks, code, monitors, sets, dead, symmetry });
  }

  save(): SavedKnowledge {
    return {
      values: { vocabulary: this.words.save(), monitors: this.monitors.map(({ states }) => states) },
      views: this.steps.views.map((view) => view.save()),
      said: this.steps.digest(),
      sets: this.sets.save(),
    };
  }

  /** @throws CheckpointError if the rules do not say what they said when it was saved */
  restore(saved: SavedKnowledge): void {
    const { words, sets, steps } = this;
    words.restore(saved.values.vocabulary);
    this.monitors.forEach((monitor, m) => {
      monitor.restore(saved.values.monitors[m]!);
    });
    sets.restore(saved.sets, words.messages.size);
    const known = canonicalText(words.save());
    steps.views.forEach((view, v) => {
      view.widen(sets.words);
      steps.restore(view, saved.views[v]!);
    });
    if (canonicalText(words.save()) !== known || steps.digest() !== saved.said) {
      throw new CheckpointError('the rules are not those of the exploration that the checkpoint is of');
    }
  }
}
