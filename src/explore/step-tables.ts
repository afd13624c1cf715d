/**
 * All that is needed to take the steps of a state, as integers: what the rules and monitors have been asked so far.
 *
 * Nothing here is learnt by reading it, and there are no functions in it. So it can be sent to other threads, whose
 * arrays are then the same memory, if they were made shared: what is learnt later is there for them as well, but for
 * arrays that were replaced. Nobody may read while something is being learnt.
 */
import type { DeadMessages } from './dead-messages.ts';
import type { MessageSets } from './message-sets.ts';
import type { MonitorTable, Moves } from './monitor-table.ts';
import type { RowLayout } from './row-layout.ts';
import type { RowIndex } from './row-table.ts';
import type { StepCode } from './step-code.ts';
import type { Symmetry } from './symmetry.ts';
import type { TupleIndex } from './tuple-table.ts';
import type { Blocks, View } from './view.ts';

/** See `View`. */
export interface ViewTables {
  readonly tuples: TupleIndex;
  readonly receives: boolean;
  readonly stride: number;
  readonly records: Int32Array;
}

export interface StepTables {
  /** Number of components: in a row, the fields of the monitors come after theirs, then the set of messages. */
  readonly components: number;
  readonly layout: Pick<RowLayout, 'words' | 'word' | 'shift' | 'mask'>;
  readonly views: readonly ViewTables[];
  /** See `Blocks`. */
  readonly blocks: Int32Array;
  readonly code: Int32Array;
  readonly monitors: readonly Moves[];
  readonly sets: RowIndex;
  /** See `DeadMessages.alive`; null: nothing is dropped. */
  readonly alive: readonly Int32Array[] | null;
  /** See `Symmetry.groups`; null: nothing is sorted. */
  readonly groups: readonly Int32Array[] | null;
}

/** What a search has learnt, as tables. Valid until it learns more. */
export function stepTables(of: {
  readonly components: number;
  readonly layout: RowLayout;
  readonly views: readonly View[];
  readonly blocks: Blocks;
  readonly code: StepCode;
  readonly monitors: readonly Pick<MonitorTable<never>, 'moves'>[];
  readonly sets: MessageSets;
  readonly dead: Pick<DeadMessages<never, never, never, never>, 'alive'> | null;
  readonly symmetry: Symmetry | null;
}): StepTables {
  const { words, word, shift, mask } = of.layout;
  return {
    components: of.components,
    layout: { words, word, shift, mask },
    views: of.views.map(({ tuples, receives, stride, records }) => ({
      tuples: tuples.index,
      receives,
      stride,
      records,
    })),
    blocks: of.blocks.data,
    code: of.code.data,
    monitors: of.monitors.map(({ moves }) => moves),
    sets: { ...of.sets.index, blocks: [...of.sets.index.blocks] },
    alive: of.dead === null ? null : [...of.dead.alive],
    groups: of.symmetry?.groups ?? null,
  };
}

/** Whether whoever has one of them has the other one as well: the same arrays, and the same numbers beside them. */
export function areSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => areSame(one[key], other[key]));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
