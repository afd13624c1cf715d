/** `ipsecha synthesise`: for which settings a property holds. */
import { type Scenario, type Size, scenarios, settingsFor } from '../../../model/index.ts';
import { checkedPropertyNamed, scenarioNamed, settingsWith } from '../../check/check.ts';
import { revisionOf } from '../../check/revision-file.ts';
import { type Synthesis, sweepsOf, synthesise } from '../../check/synthesise.ts';
import { UsageError } from '../../check/usage-error.ts';
import { document, documentText } from '../../report/json.ts';
import { renderSynthesis } from '../../report/synthesis.ts';
import { progressLine, terminalOf } from '../../report/terminal.ts';
import { EXIT, type Exit } from '../exit.ts';
import { interruption } from '../interrupt.ts';

export interface SynthesiseOptions {
  readonly property: string;
  readonly over: string;
  readonly scenario: readonly string[];
  readonly size: Size;
  readonly set: readonly string[];
  readonly time: number;
  readonly memory?: number;
  readonly json?: boolean;
}

export async function run(argument: string, options: SynthesiseOptions): Promise<Exit> {
  const revision = await revisionOf(argument);
  const property = checkedPropertyNamed(options.property);
  const where: readonly Scenario[] =
    options.scenario.length > 0 ? options.scenario.map(scenarioNamed) : scenarios;
  const places = where.map((scenario) => ({
    scenario,
    settings: settingsWith(settingsFor(scenario, options.size, revision), options.set, revision),
  }));
  const sweeps = sweepsOf(options.over, scenarios[0]!.sizes[options.size], revision);
  const fixed = options.set.map((change) => change.split('=')[0]);
  const both = sweeps.find(({ setting }) => fixed.includes(setting));
  if (both !== undefined) {
    throw new UsageError(`'${both.setting}' is both set and swept`, 'give it to --set or to --over');
  }
  const stop = interruption();
  const line = progressLine(process.stderr);
  const result = await synthesise({
    revision,
    property,
    size: options.size,
    sweeps,
    scenarios: places,
    seconds: options.time,
    ...(options.memory === undefined ? {} : { bytes: options.memory * 2 ** 30 }),
    signal: stop,
    tell: (what) => line.update(what),
  }).finally(() => {
    line.done();
    stop.done();
  });
  if (options.json === true) {
    process.stdout.write(documentText(document('synthesise', [synthesisDocument(result)])));
  } else {
    process.stdout.write(renderSynthesis(result, terminalOf(process.stdout)));
    if (stop.aborted) process.stdout.write('interrupted: what is shown is what was found until then\n');
  }
  if (stop.aborted) return EXIT.interrupted;
  return result.verdict === 'conclusive' ? EXIT.ok : EXIT.inconclusive;
}

/** Each combination by the names of its settings. */
const synthesisDocument = ({ tables, ...rest }: Synthesis): object => ({
  ...rest,
  tables: tables.map(({ cells, ...table }) => ({
    ...table,
    cells: cells.map(({ combination, ...cell }) => ({
      settings: Object.fromEntries(rest.sweeps.map(({ setting }, index) => [setting, combination[index]])),
      ...cell,
    })),
  })),
});
