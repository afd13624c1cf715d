import { describe, expect, test } from 'vitest';
import { digestOf, joined, type ShardRecord, shardRecord } from './merge.ts';
import { isOf, shardOf } from './shard.ts';
import { UsageError } from './usage-error.ts';

const VERSION = '1.2.3';
const question = { revisions: ['rfc6311'], set: ['bump=0'] };

const record = (index: number, of = 3, jobs?: readonly number[], asked: ShardRecord['question'] = question) =>
  shardRecord(
    { index, of },
    7,
    asked,
    (jobs ?? [0, 1, 2, 3, 4, 5, 6].filter((job) => isOf({ index, of }, job))).map((job) => ({
      job,
      outcome: `outcome ${job}`,
    })),
  );

const file = (shard: unknown, name = 'a.json', command = 'check', version = VERSION) => ({
  file: name,
  text: JSON.stringify({ tool: 'ipsecha', version, command, results: [], shard }),
});

const all = [file(record(2), 'b.json'), file(record(3), 'c.json'), file(record(1), 'a.json')];

const refusal = (files: Parameters<typeof joined>[0]): string => {
  try {
    joined(files, VERSION);
  } catch (error) {
    if (error instanceof UsageError) return `${error.message}; ${error.hint}`;
    throw error;
  }
  return 'not refused';
};

describe('a shard', () => {
  test.each(['', '1', '0/3', '4/3', '1/0', '-1/3', '1/3/5', 'a/b', '1.5/3', '1/1000000'])(
    '%s is refused',
    (text) => {
      expect(() => shardOf(text)).toThrow(UsageError);
    },
  );

  test('is one of a partition: each job is of exactly one', () => {
    for (const of of [1, 2, 3, 7, 50]) {
      const shards = Array.from({ length: of }, (_, index) => shardOf(`${index + 1}/${of}`));
      for (let job = 0; job < 20; job++) {
        expect(shards.filter((shard) => isOf(shard, job))).toHaveLength(1);
      }
    }
    expect(isOf(undefined, 5)).toBe(true);
  });
});

describe('merging', () => {
  test('puts the jobs of all shards in their order, whatever the order of the files', () => {
    expect(joined(all, VERSION)).toEqual({
      command: 'check',
      question,
      outcomes: [0, 1, 2, 3, 4, 5, 6].map((job) => `outcome ${job}`),
    });
  });

  test('takes shards that have nothing to do', () => {
    const shards = Array.from({ length: 9 }, (_, index) => file(record(index + 1, 9), `${index}.json`));
    expect(joined(shards, VERSION).outcomes).toHaveLength(7);
  });

  test('refuses gaps, and says what to run', () => {
    expect(refusal(all.slice(1))).toBe(
      '2 of 7 jobs are missing: nothing of shard 2/3; run what is missing: --shard 2/3 --json',
    );
    expect(refusal([...all.slice(1), file(record(2, 3, [1]), 'b.json')])).toContain(
      '1 of 7 jobs are missing: only a part of shard 2/3, which was interrupted',
    );
  });

  test('refuses what is there twice', () => {
    expect(refusal([...all, file(record(2), 'again.json')])).toContain(
      'job 2 of 7 is there twice: in b.json and in again.json',
    );
  });

  test('refuses shards of several questions, commands, partitions and versions', () => {
    const odd = file(record(2, 3, undefined, { ...question, set: [] }), 'b.json');
    expect(refusal([odd, ...all.slice(1)])).toContain(
      'b.json and c.json are not of the same question: set is [] and ["bump=0"]',
    );
    expect(refusal([file(record(2), 'b.json', 'ablate'), ...all.slice(1)])).toContain('ablate and check');
    expect(refusal([file(record(2, 4), 'b.json'), ...all.slice(1)])).toContain('one is of 4 shards');
    expect(refusal([file(record(2), 'b.json', 'check', '1.2.2'), ...all.slice(1)])).toContain(
      'b.json is of version 1.2.2, this is 1.2.3',
    );
  });

  test.each([
    ['nothing', '', 'the file is empty'],
    ['half a file', all[0]!.text.slice(0, 100), 'not JSON'],
    ['something else', '[1, 2]', 'not a result of ipsecha'],
    [
      'no shard',
      JSON.stringify({ tool: 'ipsecha', version: VERSION, command: 'check', results: [] }),
      'not of a shard',
    ],
    [
      'an incomplete record',
      file({ ...record(2), total: 'seven' }).text,
      'what is under shard is not complete',
    ],
    ['a changed outcome', all[0]!.text.replace('outcome 1', 'outcome 9'), 'not as it was written'],
    ['a foreign job', file(record(2, 3, [0])).text, 'job 0 is not of this shard'],
  ])('refuses %s, and names the file', (_, text, message) => {
    expect(refusal([{ file: 'odd.json', text }, ...all.slice(1)])).toContain(`odd.json`);
    expect(refusal([{ file: 'odd.json', text }, ...all.slice(1)])).toContain(message);
  });
});

test.each([
  ['no jobs', { total: 0, jobs: [] }],
  ['a shard of none', { index: 0 }],
  ['more shards than there can be', { of: 1e9 }],
  ['part of a job', { total: 0.5 }],
])('a part with %s is none, whatever its digest', (_, changes) => {
  const { digest: _digest, ...whole } = record(1, 1);
  const changed = { ...whole, ...changes };
  expect(refusal([file({ ...changed, digest: digestOf(changed) })])).toMatch(/is none|not complete/);
});

test('shards of another build of the same version are refused', () => {
  expect(() => joined(all, VERSION, 'abc')).toThrow('is of another text of this version');
});
