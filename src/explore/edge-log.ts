/**
 * The graph of the steps that count for a progress property, written down while the search goes on.
 *
 * States are expanded in the order of their numbers, so the targets of all of them stand in one list, and it
 * suffices to note where those of each state begin. Steps that change nothing are left out: they lead nowhere.
 * Beside the targets there is, per state, the set of bounds that cut steps off there.
 */
import type { Batch } from './batch.ts';
import { GrowingInts } from './growing-ints.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface SavedLog {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
  readonly bounds: Int32Array;
}

export class EdgeLog {
  /** Kinds of steps that do not count. */
  readonly without: ReadonlySet<string>;
  /** Where the targets of each expanded state begin. */
  readonly starts = new GrowingInts();
  readonly targets = new GrowingInts();
  /** For each expanded state the bounds of steps that count. */
  readonly bounds = new GrowingInts();
  /** For each label whether its steps count. */
  counting = new Uint8Array(0);
  /** The bounds of steps that count, of so many that have been looked at. */
  #countingBounds = 0;
  #bounds = 0;

  constructor(without: readonly string[]) {
    this.without = new Set(without);
  }

  get bytes(): number {
    return this.starts.bytes + this.targets.bytes + this.bounds.bytes;
  }

  /** Bytes that come on top while so many more edges are written down. */
  growth(edges: number): number {
    return [this.starts, this.targets, this.bounds].reduce((sum, list) => sum + list.growth(edges), 0);
  }

  /** All that there is of it. */
  save(): SavedLog {
    return { starts: this.starts.all, targets: this.targets.all, bounds: this.bounds.all };
  }

  restore({ starts, targets, bounds }: SavedLog): void {
    this.starts.restore(starts);
    this.targets.restore(targets);
    this.bounds.restore(bounds);
  }

  /** Takes note of labels and bounds that are new. */
  refresh(words: Pick<Vocabulary<never, never, never, never>, 'kinds' | 'labels' | 'bounds'>): void {
    const had = this.counting.length;
    if (had >= words.labels.size && this.#bounds === words.bounds.size) return;
    const counts = (kind: number) => !this.without.has(words.kinds[kind]!);
    if (had < words.labels.size) {
      const counting = new Uint8Array(words.labels.size);
      counting.set(this.counting);
      for (let id = had; id < counting.length; id++) {
        counting[id] = counts(words.labels.valueOf(id).kind) ? 1 : 0;
      }
      this.counting = counting;
    }
    for (; this.#bounds < words.bounds.size; this.#bounds++) {
      if (counts(words.bounds.valueOf(this.#bounds).kind)) this.#countingBounds |= 1 << this.#bounds;
    }
  }

  /** Takes the edges of the states of a batch whose successors have been inserted. */
  add({ states, starts, ends, bounds, labels, targets }: Batch): void {
    for (let i = 0; i < states; i++) {
      this.starts.push(this.targets.length);
      for (let at = starts[i]!; at < ends[i]!; at++) {
        if (this.counting[labels[at]!] === 1) this.targets.push(targets[at]!);
      }
      this.bounds.push(bounds[i]! & this.#countingBounds);
    }
  }
}
