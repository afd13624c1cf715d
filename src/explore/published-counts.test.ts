import { describe, expect, test } from 'vitest';
import { ewd840 } from './examples/ewd840.ts';
import { type SyncModelSize, syncModel } from './examples/sync-model.ts';
import { twoPhaseCommit } from './examples/two-phase-commit.ts';
import { explore } from './explore.ts';
import { REDUCTIONS } from './options.ts';
import { exploreNaively } from './testing/naive-explorer.ts';

describe('two-phase commit', () => {
  test.each([
    [1, 12, 19, 4],
    [2, 56, 153, 7],
    [3, 288, 1_145, 10],
    [4, 1_568, 8_257, 13],
    [5, 8_832, 58_145, 16],
    [6, 50_816, 402_305, 19],
    [7, 296_448, 2_744_705, 22],
  ])('%i resource managers', async (managers, states, transitions, depth) => {
    const { statistics, completeness } = await explore(twoPhaseCommit(managers), { properties: [] });
    expect(statistics).toMatchObject({ states, transitions, depth, complete: true });
    expect(completeness).toMatchObject({ kind: 'exhausted', states });
  });

  test('its monitors only see what the states know anyway: the counts stay', async () => {
    const { statistics, properties } = await explore(twoPhaseCommit(4));
    expect(statistics).toMatchObject({ states: 1_568, transitions: 8_257, depth: 13 });
    expect(properties.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'consistent holds',
      'nobody-commits violated',
      'decision-possible holds',
      'decision-without-aborts violated',
    ]);
  });

  test('every step is counted by its kind and its action', async () => {
    const { statistics, actions } = await explore(twoPhaseCommit(3), { properties: [] });
    expect(statistics.steps).toEqual({
      RMPrepare: 156,
      RMChooseToAbort: 156,
      RMRcvCommitMsg: 24,
      RMRcvAbortMsg: 648,
      TMRcvPrepared: 96,
      TMCommit: 1,
      TMAbort: 64,
    });
    expect(actions).toContainEqual({ action: 'RMRcvAbortMsg(2)', times: 216 });
    expect(actions.reduce((sum, { times }) => sum + times, 0)).toBe(1_145);
    expect(statistics.distinct).toMatchObject({ 'rm 0': 4, messages: 5, actions: 17 });
  });
});

describe('termination detection on a ring (EWD 840)', () => {
  test('3 nodes, as TLC counts: 302 states, 2,001 generated with the 192 initial ones', async () => {
    const system = ewd840(3, true);
    const { statistics } = await explore(system);
    expect(system.initial).toHaveLength(192);
    expect(statistics.states).toBe(302);
    expect(statistics.transitions + system.initial.length).toBe(2_001);
    expect(statistics.depth).toBe(8);
    expect(exploreNaively(system).depth).toBe(8);
  });

  test('3 nodes, one step for each guard that is true', async () => {
    const { statistics, properties } = await explore(ewd840(3, false));
    expect(statistics).toMatchObject({ states: 302, transitions: 1_625, depth: 8 });
    expect(properties).toMatchObject([{ id: 'termination-detected', verdict: 'holds' }]);
  });

  test('4 nodes, as TLC counts: 1,566 states, 15,986 generated with the 1,024 initial ones', async () => {
    const system = ewd840(4, true);
    const { statistics } = await explore(system);
    expect(statistics.states).toBe(1_566);
    expect(statistics.transitions + system.initial.length).toBe(15_986);
  });
});

describe('sync model', () => {
  const sized = (size: string): SyncModelSize => {
    const [members, failovers, requests, bump] = size.split(' ').map(Number);
    return { members: members!, failovers: failovers!, requests: requests!, bump: bump! };
  };

  test.each([
    ['2 1 1 1', 231, 639, 10],
    ['2 1 2 1', 2_788, 10_292, 16],
    ['2 1 1 0', 152, 468, 10],
    ['2 2 2 0', 7_638, 27_633, 18],
    ['2 2 2 1', 12_536, 36_285, 20],
    ['2 2 2 2', 7_555, 18_619, 20],
    ['2 4 1 1', 5_981, 12_062, 22],
    ['3 2 1 1', 8_760, 25_174, 16],
    ['2 3 2 1', 47_390, 125_334, 24],
    ['4 2 1 1', 60_996, 210_741, 17],
    ['2 2 3 1', 134_285, 469_288, 26],
  ])('%s', async (size, states, transitions, depth) => {
    const { statistics } = await explore(syncModel(sized(size)), { noReductions: REDUCTIONS });
    expect(statistics).toMatchObject({ states, transitions, depth, complete: true });
  });

  const kinds = [
    'SendC RecvC AgainC DoneC SendP RecvP AgainP DoneP Copy Fail SyncReq SyncRsp',
    '6 24 111 12 35 19 105 48 143 48 48 40',
    '10 240 2265 36 838 387 3871 1333 9258 2848 2592 1496',
    '15081 23547 88466 16047 26806 18383 99263 31531 100399 18554 15879 15332',
  ].map((line) => line.split(' '));

  test.each([
    ['2 1 1 1', 1],
    ['3 2 1 1', 2],
    ['2 2 3 1', 3],
  ])('steps by kind, %s', async (size, column) => {
    const { statistics } = await explore(syncModel(sized(size)), { noReductions: REDUCTIONS });
    expect(statistics.steps).toEqual(
      Object.fromEntries(kinds[0]!.map((kind, i) => [kind, Number(kinds[column]![i])])),
    );
  });

  test('rules are evaluated for tuples of values, not for states', async () => {
    const { statistics } = await explore(syncModel(sized('2 2 3 1')), { noReductions: REDUCTIONS });
    expect(statistics.evaluations).toBeLessThan(statistics.states / 2);
  });
});
