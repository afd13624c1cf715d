import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fingerprint, omissionProbability } from './compact-states.ts';
import { syncModel } from './examples/sync-model.ts';
import { twoPhaseCommit } from './examples/two-phase-commit.ts';
import { explore } from './explore.ts';
import { type Options, REDUCTIONS } from './options.ts';
import { abortingAtLook } from './testing/aborting.ts';

test('fingerprints of rows that differ little are as different as random numbers', () => {
  const rows = 1_000_000;
  const prints = new Int32Array(2);
  const halves: [Set<number>, Set<number>] = [new Set(), new Set()];
  const whole = new Set<bigint>();
  for (let n = 0; n < rows; n++) {
    fingerprint(
      Int32Array.of(0, n % 100, 0, Math.floor(n / 100) % 100, Math.floor(n / 10_000)),
      0,
      5,
      prints,
      0,
    );
    halves[0].add(prints[0]!);
    halves[1].add(prints[1]!);
    whole.add((BigInt(prints[0]!) << 32n) | BigInt(prints[1]! >>> 0));
  }
  expect(whole.size).toBe(rows);
  // Of random halves about rows^2 / 2^33, which is 116, would be there twice.
  for (const { size } of halves) {
    expect(rows - size).toBeGreaterThan(70);
    expect(rows - size).toBeLessThan(170);
  }
});

test('each bit of a row changes about half of the bits of its fingerprint', () => {
  const [before, after] = [new Int32Array(2), new Int32Array(2)];
  for (let word = 0; word < 3; word++) {
    for (let bit = 0; bit < 32; bit++) {
      let changed = 0;
      for (let n = 0; n < 200; n++) {
        const row = Int32Array.of(n, n * n, -n);
        fingerprint(row, 0, 3, before, 0);
        row[word]! ^= 1 << bit;
        fingerprint(row, 0, 3, after, 0);
        for (const i of [0, 1]) for (let x = before[i]! ^ after[i]!; x !== 0; x &= x - 1) changed++;
      }
      expect(changed / 200, `bit ${bit} of word ${word}`).toBeGreaterThan(28);
      expect(changed / 200, `bit ${bit} of word ${word}`).toBeLessThan(36);
    }
  }
});

test.each([
  ['nothing reduced', { noReductions: REDUCTIONS }],
  ['reduced', {}],
] as const)(
  'visits what an exact search visits, and does not say that anything holds: %s',
  async (_, options) => {
    const system = syncModel({ members: 2, failovers: 2, requests: 3, bump: 1 });
    const exact = await explore(system, options);
    const compact = await explore(system, { ...options, hashCompaction: true });
    const { states, transitions, depth, steps } = exact.statistics;
    const omission = omissionProbability(states);
    expect(compact.statistics).toMatchObject({ states, transitions, depth, steps, complete: false });
    expect(compact.statistics.omissionProbability).toBe(omission);
    expect(exact.statistics.omissionProbability).toBeUndefined();
    expect(compact.completeness).toEqual({ kind: 'compacted', omissionProbability: omission });
    expect(exact.properties.map(({ verdict }) => verdict)).toEqual(['holds']);
    expect(compact.properties).toMatchObject([
      {
        verdict: 'inconclusive',
        because: `not violated so far; all states found were visited, but with a probability of up to ${omission.toExponential(1)} some were left out (hash compaction)`,
      },
    ]);
  },
);

test('what is violated is violated, by the same run; progress is not judged', async () => {
  const system = twoPhaseCommit(6, 'abort-after-prepared');
  const exact = await explore(system);
  const compact = await explore(system, { hashCompaction: true });
  const broken = exact.properties.filter(
    (property) => property.verdict === 'violated' && system.monitors.some(({ id }) => id === property.id),
  );
  expect(broken.length).toBeGreaterThan(0);
  for (const property of broken) expect(compact.properties).toContainEqual(property);
  for (const { id } of system.progress) {
    const judged = compact.properties.find((property) => property.id === id);
    expect(judged).toMatchObject({ verdict: 'inconclusive' });
  }
});

test('rows of expanded states are not kept, and it goes on from a checkpoint', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'compact-'));
  const file = join(directory, 'checkpoint');
  const system = twoPhaseCommit(7);
  const common: Options = { hashCompaction: true, properties: ['consistent'] };
  const whole = await explore(system, common);
  expect(whole.statistics).toMatchObject({ states: 296_448 });
  // Of the 8 bytes of a fingerprint, its slot of 4 bytes, and little more.
  expect(whole.statistics.bytesPerState).toBeLessThan(8 + 4 / whole.statistics.load + 3.4);
  try {
    for (let pieces = 1; ; pieces++) {
      const piece = await explore(system, {
        ...common,
        signal: abortingAtLook(301),
        checkpoint: { file, seconds: 1000 },
        ...(existsSync(file) ? { resume: file } : {}),
      });
      if (piece.completeness.kind === 'stopped') continue;
      expect(pieces).toBeGreaterThan(2);
      expect(piece.properties).toEqual(whole.properties);
      const { states, transitions, depth } = whole.statistics;
      expect(piece.statistics).toMatchObject({ states, transitions, depth });
      break;
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}, 120_000);
