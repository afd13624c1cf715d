import { describe, expect, test } from 'vitest';
import { ikev2, rfc6311, scenarios } from '../../model/index.ts';
import { type CheckVerdict, settingsWith } from './check.ts';
import { combinationsOf, type Sweep, type Synthesis, summaryOf, sweepsOf, synthesise } from './synthesise.ts';
import { UsageError } from './usage-error.ts';

const scenario = scenarios[0]!;
const { small } = scenario.sizes;

describe('what is swept', () => {
  test.each([
    ['bump=0..2', [{ setting: 'bump', values: [0, 1, 2] }]],
    ['bump=3', [{ setting: 'bump', values: [3] }]],
    ['bump=0|4', [{ setting: 'bump', values: [0, 4] }]],
    ['retry=*', [{ setting: 'retry', values: ['same', 'fresh'] }]],
    ['members=*', [{ setting: 'members', values: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }]],
    [
      'state-sync=any|never, bump=1..1',
      [
        { setting: 'state-sync', values: ['any', 'never'] },
        { setting: 'bump', values: [1] },
      ],
    ],
  ])('%s', (over, sweeps) => {
    expect(sweepsOf(over, small, rfc6311)).toEqual(sweeps);
  });

  test.each([
    ['', "unknown setting ''"],
    ['bumps=0..2', "unknown setting 'bumps'"],
    ['bump', '--over bump: a swept setting is given as KEY=VALUES'],
    ['bump=', '--over bump=: a swept setting is given as KEY=VALUES'],
    ['bump=1=2', '--over bump=1=2: a swept setting is given as KEY=VALUES'],
    ['bump=6..0', '--over bump=6..0: the range is empty'],
    ['bump=few', '--over bump=few: not a range of numbers'],
    ['bump=-1..2', '--over bump=-1..2: not a range of numbers'],
    ['bump=0..99999999999', "setting 'bump' cannot be '99999999999'"],
    ['members=1..3', "setting 'members' cannot be '1'"],
    ['members=2..13', "setting 'members' cannot be '13'"],
    ['retry=same|often', "setting 'retry' cannot be 'often'"],
    ['retry=same|same', '--over retry=same|same: a value is given twice'],
    ['bump=0..1,bump=2', "'bump' is given twice"],
    ['bump=*', '1,001 combinations are too many'],
    ['bump=0..100,members=2..6', '505 combinations are too many'],
  ])('%s is refused', (over, message) => {
    expect(() => sweepsOf(over, small, rfc6311)).toThrow(message);
    expect(() => sweepsOf(over, small, rfc6311)).toThrow(UsageError);
  });

  test('what does not apply to the revision is refused', () => {
    expect(() => sweepsOf('bump=0..1', small, ikev2)).toThrow("setting 'bump' does not apply to ikev2");
  });

  test('in every combination, the last fastest', () => {
    expect(combinationsOf(sweepsOf('bump=0..1,retry=*', small, rfc6311))).toEqual([
      [0, 'same'],
      [0, 'fresh'],
      [1, 'same'],
      [1, 'fresh'],
    ]);
  });
});

describe('where it holds, in words', () => {
  const letters: Readonly<Record<string, CheckVerdict>> = { h: 'holds', v: 'violated', i: 'inconclusive' };
  const summary = (verdicts: string, values: Sweep['values'] = [...verdicts].map((_, index) => index + 1)) =>
    summaryOf(
      [{ setting: 'bump', values }],
      [...verdicts].map((letter, index) => ({
        combination: [values[index]!],
        verdict: letters[letter]!,
        states: 0,
        seconds: 0,
      })),
    );

  test.each([
    ['vvh', 'holds from bump=3 on (as far as 3), and for none below'],
    ['vhh', 'holds from bump=2 on (as far as 3), and for none below'],
    ['hhv', 'holds from bump=1 up to 2, and for none above (as far as 3)'],
    ['hvh', 'the smallest bump that holds is 1, but not all larger ones do'],
    ['vhv', 'the smallest bump that holds is 2, but not all larger ones do'],
    ['hhh', 'holds for every bump from 1 to 3'],
    ['h', 'holds for the one combination'],
    ['vv', 'holds for none of 2 combinations'],
    ['vih', 'the smallest bump known to hold is 3; 1 of 3 inconclusive'],
    ['ii', 'known to hold for none of 2 combinations; 2 of 2 inconclusive'],
    ['', 'nothing was explored'],
  ])('%s: %s', (verdicts, words) => {
    expect(summary(verdicts)).toBe(words);
  });

  test('values with gaps, and names, have no from where on', () => {
    expect(summary('vh', [0, 4])).toBe('holds for 1 of 2 combinations');
    expect(summary('vh', ['same', 'fresh'])).toBe('holds for 1 of 2 combinations');
    expect(summary('hh', ['same', 'fresh'])).toBe('holds for all 2 combinations');
  });
});

describe('where two numbers decide, in one sentence', () => {
  /** The summary for bump down and lag across. */
  const summary = (
    holds: (bump: number, lag: number) => boolean | undefined,
    others: Sweep[] = [],
    lags: readonly number[] = [1, 2, 3],
  ) => {
    const sweeps = [{ setting: 'bump', values: [0, 1, 2, 3] }, { setting: 'lag', values: lags }, ...others];
    const cells = combinationsOf(sweeps).map((combination) => {
      const held = holds(Number(combination[0]), Number(combination[1]));
      const verdict = held === undefined ? 'inconclusive' : held ? 'holds' : 'violated';
      return { combination, verdict, states: 0, seconds: 0 } as const;
    });
    return summaryOf(sweeps, cells);
  };

  test('one is as large as the other, or by so much larger', () => {
    expect(summary((bump, lag) => bump >= lag)).toBe(
      'holds where bump is at least lag, and only there: 6 of 12 combinations',
    );
    expect(summary((bump, lag) => bump >= lag + 1)).toBe(
      'holds where bump is at least lag plus 1, and only there: 3 of 12 combinations',
    );
    expect(summary((bump, lag) => bump >= lag - 2)).toBe(
      'holds where bump is at least lag less 2, and only there: 11 of 12 combinations',
    );
    expect(summary((bump, lag) => lag >= bump)).toBe(
      'holds where lag is at least bump, and only there: 9 of 12 combinations',
    );
  });

  test('whatever the others are, and whatever values lie between', () => {
    const compare = { setting: 'm1-compare', values: ['highest-seen', 'earlier-syncs'] };
    expect(summary((bump, lag) => bump >= lag, [compare])).toBe(
      'holds where bump is at least lag, and only there: 12 of 24 combinations',
    );
    expect(summary((bump, lag) => bump >= lag, [], [1, 3])).toBe(
      'holds where bump is at least lag, and only there: 4 of 8 combinations',
    );
  });

  test('else no law is claimed', () => {
    for (const holds of [
      (bump: number) => bump >= 2,
      (bump: number, lag: number) => bump >= lag && !(bump === 3 && lag === 1),
      (bump: number, lag: number) => bump * 2 >= lag,
      (bump: number, lag: number) => (bump === 0 && lag === 3 ? undefined : bump >= lag),
    ]) {
      expect(summary(holds)).not.toContain('and only there');
    }
    // From 0 to 5 nothing says what is right between.
    expect(summary((bump, lag) => bump >= lag, [], [0, 5])).not.toContain('and only there');
  });
});

describe('synthesis', () => {
  const request = {
    revision: rfc6311,
    properties: ['message-id-monotonicity'],
    size: 'small',
    sweeps: sweepsOf('bump=0..2,requests=1..2', small, rfc6311),
    scenarios: [{ scenario, settings: small }],
  } as const;

  test('checks every combination, and stops at the first counterexample', async () => {
    const [{ tables, verdict }] = (await synthesise(request)) as [Synthesis];
    expect(verdict).toBe('conclusive');
    expect(tables[0]!.cells.map(({ combination, depth }) => [...combination, depth])).toEqual([
      [0, 1, undefined],
      [0, 2, 5],
      [1, 1, undefined],
      [1, 2, undefined],
      [2, 1, undefined],
      [2, 2, undefined],
    ]);
    expect(tables[0]!.summary).toBe(
      'holds where bump is at least requests less 1, and only there: 5 of 6 combinations',
    );
    expect(tables[0]!.cells[1]!.states).toBeLessThan(tables[0]!.cells[3]!.states);
  });

  test('that meets a limit, or is interrupted, is inconclusive', async () => {
    expect(await synthesise({ ...request, seconds: 1e-9 })).toMatchObject([{ verdict: 'inconclusive' }]);
    const stopped = await synthesise({ ...request, signal: { aborted: true } });
    expect(stopped).toMatchObject([{ verdict: 'inconclusive', tables: [] }]);
  });

  test('of several properties says where each holds, and where all do', async () => {
    const properties = ['message-id-monotonicity', 'counters-never-regress'];
    const sweeps = sweepsOf('bump=0..2', small, rfc6311);
    const settings = settingsWith(small, ['requests=2'], rfc6311);
    const found = await synthesise({ ...request, properties, sweeps, scenarios: [{ scenario, settings }] });
    expect(found.map(({ property, tables }) => [property, tables[0]?.summary])).toEqual([
      [properties[0], 'holds from bump=1 on (as far as 2), and for none below'],
      [properties[1], 'holds from bump=2 on (as far as 2), and for none below'],
      [properties.join(' and '), 'holds from bump=2 on (as far as 2), and for none below'],
    ]);
    const [, , together] = found;
    expect(together?.all).toEqual(properties);
    expect(together?.tables[0]?.cells.map(({ because, depth }) => [because, depth])).toEqual([
      ['violated: message-id-monotonicity, counters-never-regress', 2],
      ['violated: counters-never-regress', expect.any(Number)],
      [undefined, undefined],
    ]);
  });

  test('of a property that nothing can break says so, and not that a setting keeps it', async () => {
    const settings = settingsWith(small, ['requests=1'], rfc6311);
    const sweeps = sweepsOf('bump=0..1', small, rfc6311);
    const asked = { ...request, sweeps, scenarios: [{ scenario, settings }] };
    const properties = ['esp-sequence-unique', 'sync-well-formed'];
    const [one, other, both] = await synthesise({ ...asked, properties });
    expect(one?.tables[0]?.summary).toBe('there is nothing to break: no packets are sent');
    expect(other?.tables[0]?.summary).toContain('there is nothing to break');
    expect(both?.tables[0]?.summary).toBe(`${one?.tables[0]?.summary}; ${other?.tables[0]?.summary}`);
    const mixed = ['esp-sequence-unique', 'sync-request-once'];
    const found = await synthesise({ ...asked, properties: mixed });
    expect(found.at(-1)?.tables[0]?.summary).toBe('holds for every bump from 0 to 1');
  });
});
