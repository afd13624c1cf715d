import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { twoPhaseCommit } from './examples/two-phase-commit.ts';
import { explore } from './explore.ts';
import { isOutOfMemory, MemoryLimit } from './memory.ts';
import type { ExplorationProgress } from './options.ts';
import { leftAfter } from './run.ts';

test('what is left is told once levels grow smaller, and by how much they did', () => {
  expect(leftAfter([])).toBeUndefined();
  expect(leftAfter([1, 5])).toBeUndefined();
  expect(leftAfter([1, 5, 9])).toBeUndefined();
  expect(leftAfter([9, 5, 6])).toBeUndefined();
  expect(leftAfter([5, 9, 8])).toBeUndefined();
  // 100, then 50 + 25 + ...
  expect(leftAfter([1, 400, 200, 100])).toBe(100);
});

test('on the way down, what is left is told, and at the end it is nothing', async () => {
  const reports: ExplorationProgress[] = [];
  const { statistics } = await explore(twoPhaseCommit(7), {
    properties: [],
    onProgress: (report) => reports.push(report),
  });
  expect(reports.at(-1)).toMatchObject({ queue: 0, left: 0, states: statistics.states });
  for (const { left, queue } of reports) if (left !== undefined) expect(left).toBeGreaterThanOrEqual(queue);
});

/** In a process of its own: what earlier tests have left would make room. */
const TIGHT = `
  import { twoPhaseCommit } from './examples/two-phase-commit.ts';
  import { explore } from './explore.ts';
  const tables = [];
  const bytes = process.memoryUsage.rss() + 24 * 2 ** 20;
  const { completeness, statistics } = await explore(twoPhaseCommit(9), {
    properties: [],
    bytes,
    onProgress: (report) => tables.push(report.bytes),
  });
  console.log(JSON.stringify({ completeness, states: statistics.states, most: Math.max(...tables), bytes }));
`;

test('memory is looked at before tables grow: they stay below the limit', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', TIGHT],
    { cwd: new URL('.', import.meta.url) },
  );
  const { completeness, states, most, bytes } = JSON.parse(stdout);
  expect(completeness).toMatchObject({ kind: 'stopped', reason: 'memory' });
  expect(states).toBeGreaterThan(10);
  expect(most).toBeLessThan(bytes);
});

test('what would not fit is not begun', () => {
  const rss = process.memoryUsage.rss();
  const limit = new MemoryLimit(rss + 2 ** 30);
  expect(limit.suffices(0, 2 ** 28)).toBe(true);
  expect(limit.suffices(0, 2 ** 31)).toBe(false);
  expect(limit.suffices(rss + 2 ** 30, 1)).toBe(false);
  expect(new MemoryLimit(undefined).bytes).toBeGreaterThan(rss);
});

test('an array that is too large is told from other errors', () => {
  const errorOf = (make: () => unknown): unknown => {
    try {
      return make();
    } catch (error) {
      return error;
    }
  };
  expect(isOutOfMemory(errorOf(() => new Int32Array(2 ** 40)))).toBe(true);
  expect(isOutOfMemory(errorOf(() => new SharedArrayBuffer(2 ** 52)))).toBe(true);
  expect(isOutOfMemory(errorOf(() => new Array(-1)))).toBe(false);
  expect(isOutOfMemory(new RangeError('no value has the id 7'))).toBe(false);
  expect(isOutOfMemory(new Error('Array buffer allocation failed'))).toBe(false);
});
