import { describe, expect, test } from 'vitest';
import { ablatable, ikev2, rfc6311, scenarios } from '../../model/index.ts';
import { ablate } from './ablate.ts';
import { settingsWith } from './check.ts';

const single = scenarios.find(({ name }) => name === 'single-failover')!;
const place = (...changes: readonly string[]) => ({
  scenario: single,
  settings: settingsWith(single.sizes.small, changes, rfc6311),
});
const small = place('requests=1', 'bump=1');

describe('ablation', () => {
  test('says what breaks without a rule, soonest first, and what breaks nothing', async () => {
    const result = await ablate({
      revision: rfc6311,
      size: 'small',
      scenarios: [place('requests=1', 'bump=1')],
    });
    const broken = (rule: string) =>
      result.rules
        .find((each) => each.rule === rule)
        ?.cells[0]?.breaks.map(({ property, depth }) => [property, depth]);
    expect(result.rules.map(({ rule }) => rule)).toEqual(ablatable(rfc6311));
    expect(result.verdict).toBe('conclusive');
    expect(result.rules.every(({ cells }) => cells.every(({ complete }) => complete))).toBe(true);
    expect(broken('RFC6311-5.1-DROP-STALE')).toEqual([
      ['sync-request-once', 3],
      ['recovery-possible', 4],
    ]);
    expect(broken('RFC6311-5.1-M1-BUMP')?.map(([, depth]) => depth)).toEqual([2, 3]);
    expect(result.breaksNothing).toContain('RFC6311-5.1-P1');
    expect(result.breaksNothing).not.toContain('RFC6311-5.1-M2');
  });

  test('ends an exploration as soon as everything that can break has broken', async () => {
    const properties = ['sync-request-once'];
    const scenarios = [place('requests=2', 'bump=2')];
    const { rules } = await ablate({ revision: rfc6311, size: 'small', scenarios, properties });
    const states = (rule: string): number => rules.find((each) => each.rule === rule)!.cells[0]!.states;
    // Without the rule, far more than this is reachable.
    expect(states('RFC6311-5.1-DROP-STALE')).toBeLessThan(states('RFC6311-5.1-P1'));
  });

  test('asks only what holds with all rules in place', async () => {
    const { baselines, rules } = await ablate({
      revision: ikev2,
      size: 'small',
      scenarios: [{ scenario: single, settings: { ...single.sizes.small, requests: 1 } }],
      properties: ['request-at-most-once'],
    });
    expect(baselines[0]).toMatchObject({ violated: ['request-at-most-once'], holds: [] });
    expect(rules.flatMap(({ cells }) => cells.flatMap(({ breaks }) => breaks))).toEqual([]);
  });

  test('that meets a limit says inconclusive, never that nothing breaks', async () => {
    const result = await ablate({ revision: rfc6311, size: 'small', scenarios: [small], seconds: 1e-9 });
    expect(result.verdict).toBe('inconclusive');
    expect(result.breaksNothing).toEqual([]);
    expect(result.rules.every(({ cells }) => cells[0]!.inconclusive.length > 0)).toBe(true);
    expect(result.baselines[0]!.inconclusive).not.toEqual([]);
  });

  test('that is interrupted has what there is', async () => {
    const signal = { aborted: false };
    const result = await ablate({
      revision: rfc6311,
      size: 'small',
      scenarios: [small],
      signal,
      tell: (what) => {
        if (what.startsWith('4 of ')) signal.aborted = true;
      },
    });
    expect(result.verdict).toBe('inconclusive');
    expect(result.rules).toHaveLength(3);
    expect(result.rules.every(({ cells }) => cells.length === 1)).toBe(true);
  });
});
