/**
 * Parts of a question that are explored elsewhere: by other processes, on other machines. A question is a list of
 * jobs that do not depend on one another, in an order that follows from the question alone; shard I of N takes every
 * N-th job from the I-th on.
 */
import { UsageError } from './usage-error.ts';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** More shards than this are taken for a slip of the pen. */
export const MOST_SHARDS = 100_000;

/**
 * What `--shard I/N` says.
 *
 * @throws UsageError unless I and N are whole numbers, and I is from 1 to N
 */
export function shardOf(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index >= 1 && shard.index <= shard.of && shard.of <= MOST_SHARDS) return shard;
  throw new UsageError(
    `--shard ${text}: not a shard`,
    `it is given as I/N with I from 1 to N, N at most ${MOST_SHARDS.toLocaleString('en')}: --shard 1/4, --shard 2/4, --shard 3/4, --shard 4/4`,
  );
}

/** Whether a job, by its number from 0, is of the shard; every job is, if there is none. */
export const isOf = (shard: Shard | undefined, job: number): boolean =>
  shard === undefined || job % shard.of === shard.index - 1;
