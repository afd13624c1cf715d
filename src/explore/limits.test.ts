import { expect, test } from 'vitest';
import { CompactStates } from './compact-states.ts';
import { twoPhaseCommit } from './examples/two-phase-commit.ts';
import { Exhausted, Holds } from './exhausted.ts';
import { explore } from './explore.ts';
import type { Completeness, PropertyResult } from './result.ts';
import { abortingAtLook } from './testing/aborting.ts';
import { exploreNaively } from './testing/naive-explorer.ts';

const system = twoPhaseCommit(5);

test.each([
  ['time', { seconds: 0 }],
  ['memory', { bytes: 1 }],
  ['interrupted', { signal: { aborted: true } }],
] as const)('stopped for %s before anything was done: nothing is known', async (reason, options) => {
  const { completeness, properties, statistics } = await explore(system, options);
  expect(completeness).toEqual({ kind: 'stopped', reason, completeDepth: 0 });
  expect(statistics).toMatchObject({ complete: false, states: 1, transitions: 0, depth: 0 });
  expect(properties.map(({ verdict }) => verdict)).toEqual(Array(4).fill('inconclusive'));
});

test('stopped half way: violations found count, nothing holds, progress is not judged', async () => {
  const { levels } = exploreNaively({ ...system, monitors: [], progress: [] });
  let foundViolation = false;
  for (const look of [2, 10, 20, 34]) {
    const { completeness, properties, statistics } = await explore(system, {
      signal: abortingAtLook(look),
    });
    if (completeness.kind !== 'stopped') throw new Error('it went to the end');
    expect(completeness.reason).toBe('interrupted');
    const known = levels.slice(0, completeness.completeDepth + 1).reduce((sum, states) => sum + states, 0);
    expect(statistics.states).toBeGreaterThanOrEqual(known);
    expect(statistics.depth).toBeLessThanOrEqual(completeness.completeDepth + 1);
    for (const { id, verdict } of properties) {
      if (id !== 'nobody-commits') expect(verdict).toBe('inconclusive');
    }
    const commits = properties.find(({ id }) => id === 'nobody-commits')!;
    if (commits.verdict === 'violated') {
      foundViolation = true;
      expect(commits.counterexample.depth).toBe(12);
    } else {
      expect(commits.verdict).toBe('inconclusive');
      expect(completeness.completeDepth).toBeLessThan(12);
    }
  }
  expect(foundViolation).toBe(true);
});

test('interrupted between two verdicts: safety is known, progress that was not judged yet is not', async () => {
  let looks = 0;
  const counting = {
    get aborted() {
      looks++;
      return false;
    },
  };
  await explore(system, { signal: counting });
  // The last look is before the last property of progress is judged.
  const { completeness, properties } = await explore(system, { signal: abortingAtLook(looks) });
  expect(completeness).toBeInstanceOf(Exhausted);
  expect(properties.slice(0, -1).map(({ verdict }) => verdict)).not.toContain('inconclusive');
  expect(properties.at(-1)).toMatchObject({
    verdict: 'inconclusive',
    because: 'all states were visited, but then, before it was judged, it was interrupted',
  });
});

test('says why it is inconclusive', async () => {
  const { properties } = await explore(system, { seconds: 0 });
  expect(properties).toMatchObject([
    { because: 'not violated so far; all up to depth 0 was visited, then the time was over' },
    {},
    {
      because:
        'can only be judged when all states are known; all up to depth 0 was visited, then the time was over',
    },
    {},
  ]);
});

test('limits that are not met change nothing', async () => {
  const { statistics, properties } = await explore(system, {
    seconds: 1000,
    bytes: 2 ** 40,
    signal: { aborted: false },
  });
  expect(statistics).toMatchObject({ complete: true, states: 8_832, transitions: 58_145 });
  expect(properties[0]).toMatchObject({ id: 'consistent', verdict: 'holds' });
});

test('the event loop has its turn, so a signal of another task is seen', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 1);
  const { completeness } = await explore(twoPhaseCommit(9), { properties: [], signal: controller.signal });
  expect(completeness).toMatchObject({ kind: 'stopped', reason: 'interrupted' });
});

test('stops when all properties are violated only if asked to', async () => {
  const options = { properties: ['nobody-commits'] };
  const whole = await explore(system, options);
  const short = await explore(system, { ...options, stopWhenAllViolated: true });
  expect(whole.completeness.kind).toBe('exhausted');
  expect(short.completeness).toMatchObject({ kind: 'stopped', reason: 'all-violated' });
  expect(short.statistics.states).toBeLessThan(whole.statistics.states);
  expect(short.properties).toEqual(whole.properties);
});

test('does not stop early while another property is open', async () => {
  for (const open of ['consistent', 'decision-possible']) {
    const { completeness } = await explore(system, {
      properties: ['nobody-commits', open],
      stopWhenAllViolated: true,
    });
    expect(completeness.kind).toBe('exhausted');
  }
});

test('a caller who asks for no property at all, but to stop when all are violated, is taken at the word', async () => {
  const { completeness } = await explore(system, { properties: [], stopWhenAllViolated: true });
  expect(completeness).toMatchObject({ reason: 'all-violated', completeDepth: 0 });
});

test('progress is reported at the end at least', async () => {
  const reports: unknown[] = [];
  await explore(system, { properties: [], onProgress: (report) => reports.push(report) });
  expect(reports.at(-1)).toMatchObject({ depth: 16, states: 8_832, transitions: 58_145, queue: 0 });
});

test('nothing holds without an exhausted exploration', () => {
  expect(() => Exhausted.of({ found: 8, expanded: 7, isExact: true })).toThrow(
    '1 states are still to be expanded',
  );
  const exhausted = Exhausted.of({ found: 8, expanded: 8, isExact: true });
  expect(new Holds('any', exhausted).after).toBe(exhausted);
  expect(JSON.stringify(new Holds('any', exhausted))).toBe('{"id":"any","verdict":"holds"}');

  // What the compiler must refuse; `tsc` fails if it does not.
  const stopped: Completeness = { kind: 'stopped', reason: 'time', completeDepth: 3 };
  // @ts-expect-error a literal is not an exhausted exploration
  const _faked: Exhausted = { kind: 'exhausted', states: 8 };
  // @ts-expect-error a literal does not hold
  const _verdict: PropertyResult<never, never, never, never> = { id: 'any', verdict: 'holds' };
  // @ts-expect-error nor does what was stopped
  const _stopped = (): Holds => new Holds('any', stopped);
  const compacted: Completeness = { kind: 'compacted', omissionProbability: 0 };
  // @ts-expect-error nor what may have left states out, however unlikely that is
  const _compacted = (): Holds => new Holds('any', compacted);
  const isExact: boolean = new CompactStates(1, []).isExact;
  // @ts-expect-error nor does a search that does not compare states in full give the right to it
  const _inexact = (): Exhausted => Exhausted.of({ found: 8, expanded: 8, isExact });
  // @ts-expect-error only `of` makes one
  const _made = (): Exhausted => new Exhausted(8);
});
