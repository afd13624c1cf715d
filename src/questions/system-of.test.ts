/** What the explorer is told of a system, and takes for granted. */
import { expect, test } from 'vitest';
import { revisions, scenarios, settingsFor } from '../../model/index.ts';
import { explore } from '../explore/explore.ts';
import { systemOf } from './system-of.ts';

test.each(revisions.map((revision) => [revision.name, revision] as const))(
  'what %s returns is plain data, and need not be looked through',
  async (_, revision) => {
    const scenario = scenarios.find(({ name }) => name === 'shared-state')!;
    const system = systemOf(revision, settingsFor(scenario, 'small', revision));
    expect(system.isPlain).toBe(true);
    const { statistics } = await explore(system);
    // Whatever is not plain data would be thrown here.
    const { statistics: looked } = await explore({ ...system, isPlain: false });
    expect([statistics.complete, statistics.states]).toEqual([true, looked.states]);
  },
);

test('what is exported elsewhere is looked through', () => {
  const [revision] = revisions;
  const changed = { ...revision!, name: 'changed' };
  expect(systemOf(changed, settingsFor(scenarios[0]!, 'small', changed)).isPlain).toBe(false);
});
