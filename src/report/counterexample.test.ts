import { expect, test } from 'vitest';
import { rfc6311, type Settings, scenarios } from '../../model/index.ts';
import { check } from '../questions/check.ts';
import { counterexampleChart } from './counterexample.ts';

async function chartOf(changes: Partial<Settings>) {
  const scenario = scenarios[0]!;
  const settings = { ...scenario.sizes.small, requests: 0, bump: 0, ...changes };
  const properties = ['recovery-fair'];
  const result = await check({ revision: rfc6311, scenario, size: 'small', settings, properties });
  const { counterexample } = result.properties[0]!;
  return counterexampleChart(counterexample!, result.places, 'recovery-fair', 'a run');
}

test('a run that stays where it is ends with what is sent in vain, beside who sends it', async () => {
  const { rows, foot } = await chartOf({});
  expect(rows.at(-1)).toEqual({
    kind: 'local',
    at: 'B',
    text: 'from here on nothing more happens, but that it sends again: sync request M1=0 P1=0',
    step: 3,
    mark: 'bad',
  });
  expect(rows.filter((row) => 'mark' in row)).toHaveLength(1);
  expect(foot[1]).toBe(
    'from here on nothing more happens, and nothing more has to: what was sent once may be lost; sent again and again, and taken by nobody: sync request M1=0 P1=0',
  );
});

test('a run that goes round says where it begins to, and by which steps', async () => {
  const { rows, foot } = await chartOf({ network: 'fifo' });
  const begins = rows.findIndex((row) => 'mark' in row);
  expect(rows[begins]).toMatchObject({
    at: 'B',
    text: 'from here on the steps below repeat for ever',
    step: 4,
  });
  expect(rows.slice(begins + 1).map(({ kind, step }) => [kind, step])).toEqual([
    ['local', 4],
    ['send', 4],
    ['receive', 5],
  ]);
  expect(foot[1]).toMatch(/^from here on steps 4 to 5 repeat for ever: /);
  expect((await chartOf({ network: 'no-replay' })).foot[1]).toMatch(
    /^from here on step 3 repeats for ever: /,
  );
});

test('a member that begins its sync later says so, and until then that it has yet to', async () => {
  const { rows } = await chartOf({ syncTrigger: 'lazy' });
  expect(rows).toContainEqual({ kind: 'local', at: 'B', text: 'begins its sync', step: 2 });
  expect(rows).toContainEqual({
    kind: 'state',
    notes: { B: 'sends 0, expects 0, has yet to begin its sync' },
    step: 1,
  });
});
