/**
 * A thread's share of a batch: chunk by chunk, it takes the steps of states that nobody has begun with.
 *
 * Which thread takes which chunk is chance, and so is where in the batch the successors of a state stand. But the
 * batch says for each state where they are, and whoever inserts or numbers them goes by the order of the states.
 */
import type { Batch } from './batch.ts';
import { readRow } from './row-table.ts';
import {
  BEAT,
  CHUNK,
  FIRST,
  FULL,
  NEXT,
  REGION,
  SETS,
  type SharedInts,
  STATES,
  WORDS,
} from './shared-job.ts';
import type { Taker } from './taker.ts';

/** Integers that each thread has for open sets: where they do not suffice, states are left. */
export const ROOM_FOR_SETS = 2 ** 16;

/** @param index - of the thread */
export function takeShare(
  control: SharedInts,
  index: number,
  taker: Taker,
  batch: Batch,
  blocks: readonly Int32Array[],
): void {
  const first = control[FIRST]!;
  const states = control[STATES]!;
  const region = control[REGION]!;
  const words = control[WORDS]!;
  taker.limitSets(control[SETS]!);
  batch.fillRegion(index * region, (index + 1) * region);
  batch.fillSets(index * ROOM_FOR_SETS, (index + 1) * ROOM_FOR_SETS);
  for (;;) {
    const from = Atomics.add(control, NEXT, 1) * CHUNK;
    if (from >= states) break;
    control[BEAT + index]!++;
    const begin = batch.count;
    for (let place = from; place < Math.min(from + CHUNK, states); place++) {
      readRow(words, blocks, first + place, taker.row);
      taker.load();
      // Where that is not possible, the state is left to the search.
      taker.take(first + place, batch, place);
    }
    batch.hash(begin, words);
  }
  if (batch.isFull) control[FULL] = 1;
}
