/**
 * The results of shards, written down so that they can be joined, and joined again: nothing may be missing, nothing
 * be there twice, and all must be of the same question, asked of the same version of the tool.
 */
import { createHash } from 'node:crypto';
import { canonicalText } from '../explore/canonical.ts';
import { MOST_SHARDS, type Shard } from './shard.ts';
import { UsageError } from './usage-error.ts';

/** What a shard adds to the document of its command, under `shard`. */
export interface ShardRecord extends Shard {
  /** How many jobs the whole question has. */
  readonly total: number;
  /** The question, without what bounds each exploration; shards of other questions are refused. */
  readonly question: Readonly<Record<string, unknown>>;
  /** What came out of each job, as the report wants it. */
  readonly jobs: readonly { readonly job: number; readonly outcome: unknown }[];
  /** Of all the above: a file that was cut off or edited is not joined. */
  readonly digest: string;
}

/** A file that holds the document of a shard. */
export interface ShardFile {
  readonly file: string;
  readonly text: string;
}

export interface Joined {
  readonly command: string;
  /** As the command wrote it. */
  readonly question: unknown;
  /** Of every job, in their order. */
  readonly outcomes: readonly unknown[];
}

/** The record of a shard. */
export function shardRecord(
  shard: Shard,
  total: number,
  question: Readonly<Record<string, unknown>>,
  jobs: ShardRecord['jobs'],
): ShardRecord {
  // As it will be read again: what JSON leaves out is not there.
  const { index, of } = shard;
  const record = plain({ index, of, total, question, jobs });
  return { ...record, digest: digestOf(record) };
}

/** The SHA-256 of plain data, by its canonical text. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(canonicalText(value)).digest('hex');

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

interface Read {
  readonly file: string;
  readonly command: string;
  readonly version: string;
  readonly record: ShardRecord;
}

/**
 * Joins the documents of all shards of a question.
 *
 * @param version of this tool
 * @param build digest of what decides verdicts here (`build.ts`), which the shards have in their question
 * @throws UsageError if a file is not a whole document of a shard, if the files are of several questions or of
 *   another version, or if jobs are missing or there twice
 */
export function joined(files: readonly ShardFile[], version: string, build?: string): Joined {
  const shards = files.map(readShard);
  const [first, ...others] = shards;
  if (first === undefined) throw new UsageError('no files to merge', 'name the --json results of all shards');
  for (const { file, version: theirs } of shards) {
    if (theirs !== version) {
      throw new UsageError(
        `${file} is of version ${theirs}, this is ${version}`,
        'run all shards, and merge them, with the same version',
      );
    }
  }
  const theirs = first.record.question['build'];
  if (build !== undefined && theirs !== build) {
    throw new UsageError(
      `${first.file} is of another text of this version: build ${typeof theirs === 'string' ? theirs.slice(0, 12) : 'not given'}, this is ${build.slice(0, 12)}`,
      'run all shards, and merge them, with the same text of the program',
    );
  }
  for (const other of others) {
    const difference = differenceOf(first, other);
    if (difference !== undefined) {
      throw new UsageError(
        `${first.file} and ${other.file} are not of the same question: ${difference}`,
        'merge shards of one command with the same arguments',
      );
    }
  }
  const outcomes = new Map<number, { readonly file: string; readonly outcome: unknown }>();
  for (const { file, record } of shards) {
    for (const { job, outcome } of record.jobs) {
      const before = outcomes.get(job);
      if (before !== undefined) {
        throw new UsageError(
          `job ${job + 1} of ${record.total} is there twice: in ${before.file} and in ${file}`,
          'name each shard once',
        );
      }
      outcomes.set(job, { file, outcome });
    }
  }
  const { total, of } = first.record;
  const jobs = Array.from({ length: total }, (_, job) => job);
  const missing = jobs.filter((job) => !outcomes.has(job));
  if (missing.length > 0) throw gap(missing, total, of, shards);
  return {
    command: first.command,
    question: first.record.question,
    outcomes: jobs.map((job) => outcomes.get(job)?.outcome),
  };
}

/** In what two shards differ that have to be of the same question; undefined if in nothing. */
function differenceOf(first: Read, other: Read): string | undefined {
  if (first.command !== other.command) return `${first.command} and ${other.command}`;
  const [a, b] = [first.record, other.record];
  if (a.of !== b.of) return `one is of ${a.of} shards, the other of ${b.of}`;
  const keys = [...new Set([...Object.keys(a.question), ...Object.keys(b.question)])];
  const key = keys.find((each) => textOf(a.question[each]) !== textOf(b.question[each]));
  if (key !== undefined) return `${key} is ${textOf(a.question[key])} and ${textOf(b.question[key])}`;
  return a.total === b.total ? undefined : `one has ${a.total} jobs in all, the other ${b.total}`;
}

const textOf = (value: unknown): string => (value === undefined ? 'not given' : canonicalText(value));

function gap(missing: readonly number[], total: number, of: number, shards: readonly Read[]): UsageError {
  const here = new Set(shards.map(({ record }) => record.index));
  const absent = [...new Set(missing.map((job) => (job % of) + 1))].sort((a, b) => a - b);
  const never = absent.filter((index) => !here.has(index));
  const partial = absent.filter((index) => here.has(index));
  const list = (indexes: readonly number[]): string =>
    `${indexes
      .slice(0, 10)
      .map((index) => `${index}/${of}`)
      .join(', ')}${indexes.length > 10 ? ` and ${indexes.length - 10} more` : ''}`;
  const what = [
    ...(never.length === 0 ? [] : [`nothing of shard ${list(never)}`]),
    ...(partial.length === 0 ? [] : [`only a part of shard ${list(partial)}, which was interrupted`]),
  ].join('; ');
  return new UsageError(
    `${missing.length} of ${total} jobs are missing: ${what}`,
    `run what is missing: --shard ${absent[0] ?? 1}/${of} --json`,
  );
}

function readShard({ file, text }: ShardFile): Read {
  const wrong = (what: string, hint: string): UsageError => new UsageError(`${file}: ${what}`, hint);
  const again = 'name what a command printed with --shard I/N --json';
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw wrong(
      text.trim() === '' ? 'the file is empty' : `not JSON: ${error instanceof Error ? error.message : ''}`,
      again,
    );
  }
  if (!isRecord(document) || document['tool'] !== 'ipsecha') throw wrong('not a result of ipsecha', again);
  const { command, version, shard } = document;
  if (typeof command !== 'string' || typeof version !== 'string')
    throw wrong('not a result of ipsecha', again);
  if (shard === undefined) throw wrong(`a result of ipsecha ${command}, but not of a shard`, again);
  if (!isShardRecord(shard)) throw wrong('what is under shard is not complete', 'run that shard again');
  const { index, of, total } = shard;
  if (of < 1 || of > MOST_SHARDS || index < 1 || index > of || total < 1) {
    throw wrong(`shard ${index}/${of} of ${total} jobs is none`, 'run that shard again');
  }
  const { digest, ...rest } = shard;
  if (digestOf(rest) !== digest) {
    throw wrong('not as it was written: its digest is another', 'run that shard again');
  }
  const foreign = shard.jobs.find(
    ({ job }) => job < 0 || job >= shard.total || job % shard.of !== shard.index - 1,
  );
  if (foreign !== undefined) throw wrong(`job ${foreign.job} is not of this shard`, 'run that shard again');
  return { file, command, version, record: shard };
}

function isShardRecord(value: unknown): value is ShardRecord {
  return (
    isRecord(value) &&
    ['index', 'of', 'total'].every((key) => Number.isSafeInteger(value[key])) &&
    isRecord(value['question']) &&
    typeof value['digest'] === 'string' &&
    Array.isArray(value['jobs']) &&
    value['jobs'].every(
      (job: unknown) => isRecord(job) && Number.isSafeInteger(job['job']) && 'outcome' in job,
    )
  );
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
