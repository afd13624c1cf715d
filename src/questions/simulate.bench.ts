/**
 * How many steps a second walks take on the real model, with all monitors:
 *
 *     node --import tsx src/questions/simulate.bench.ts [SECONDS]
 *
 * Prints steps per second of wall-clock time and of processor time; the former says little on a busy machine.
 */
import { rfc6311, settingsFor } from '../../model/index.ts';
import { drawTable } from '../report/table.ts';
import { scenarioNamed, settingsWith } from './check.ts';
import { simulate } from './simulate.ts';

const seconds = Number(process.argv[2] ?? 10);
const CASES = [
  ['multiple-failover', []],
  ['packets-during-failover', []],
  ['combined', []],
  ['multiple-failover', ['members=6', 'failovers=9', 'requests=20', 'bump=20']],
] as const;

const rows: string[][] = [];
for (const [name, changes] of CASES) {
  const scenario = scenarioNamed(name);
  const settings = settingsWith(settingsFor(scenario, 'large', rfc6311), changes, rfc6311);
  const before = process.cpuUsage();
  const { statistics } = await simulate({
    ...{ revision: rfc6311, scenario, size: 'large', settings, seed: 1, depth: 200, seconds },
  });
  const { user, system } = process.cpuUsage(before);
  const perSecond = (time: number): string => Math.round(statistics.steps / time).toLocaleString('en');
  rows.push([
    [`${name} (large)`, ...changes].join(' '),
    statistics.steps.toLocaleString('en'),
    perSecond(statistics.seconds),
    perSecond((user + system) / 1e6),
    statistics.evaluations.toLocaleString('en'),
    String(statistics.restarts),
  ]);
}
process.stdout.write(
  drawTable({
    head: ['rfc6311', 'steps', 'steps/s', 'steps/s of processor time', 'rules evaluated', 'restarts'],
    align: ['left', 'right', 'right', 'right', 'right', 'right'],
    rows,
  }),
);
