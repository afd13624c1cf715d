/**
 * What it costs to ask everything again, of processor time, beside the run: `node --import tsx src/author/attack/cost.ts
 * FILE`.
 */
import { scenarios } from '../../../model/index.ts';
import { check, settingsWith } from '../../questions/check.ts';
import { confirmed, ledgersOf } from '../ledger.ts';
import { revisionOf } from '../revision-file.ts';

const [file = 'docs/examples/template-revision.ts'] = process.argv.slice(2);
const revision = await revisionOf(file);
const scenario = scenarios.find(({ name }) => name === 'single-failover');
if (scenario === undefined) throw new RangeError('there is no such scenario');
const settings = settingsWith(scenario.sizes.small, ['requests=4', 'bump=4'], revision);
const seconds = (): number => process.cpuUsage().user / 1e6;
const [ledger] = ledgersOf(revision);
if (ledger === undefined) throw new RangeError('the file has no rules of its own');
const confirm = ledger.confirm.bind(ledger);
let again = 0;
ledger.confirm = async () => {
  const began = seconds();
  const why = await confirm();
  again += seconds() - began;
  return why;
};
const began = seconds();
const { statistics } = await check({ revision, scenario, size: 'small', settings });
const whole = seconds() - began;
const why = await confirmed(revision);
process.stdout.write(
  `${statistics.states} states, ${ledger.confirmed} distinct questions; ${whole.toFixed(2)} s in all, ${again.toFixed(2)} s of it for asking them again${why ?? ''}\n`,
);
