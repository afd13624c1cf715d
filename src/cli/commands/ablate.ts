/** `ipsecha ablate`: what each rule of a revision is there for. */
import { type Scenario, type Size, scenarios, settingsFor } from '../../../model/index.ts';
import { ablate } from '../../check/ablate.ts';
import { checkedPropertyNamed, scenarioNamed, settingsWith } from '../../check/check.ts';
import { revisionOf } from '../../check/revision-file.ts';
import { renderAblation } from '../../report/ablation.ts';
import { document, documentText } from '../../report/json.ts';
import { progressLine, terminalOf } from '../../report/terminal.ts';
import { EXIT, type Exit } from '../exit.ts';
import { interruption } from '../interrupt.ts';

export interface AblateOptions {
  readonly scenario: readonly string[];
  readonly size: Size;
  readonly property: readonly string[];
  readonly set: readonly string[];
  readonly time: number;
  readonly memory?: number;
  readonly json?: boolean;
}

export async function run(argument: string, options: AblateOptions): Promise<Exit> {
  const revision = await revisionOf(argument);
  const where: readonly Scenario[] =
    options.scenario.length > 0 ? options.scenario.map(scenarioNamed) : scenarios;
  const wanted = options.property.map(checkedPropertyNamed);
  const places = where.map((scenario) => ({
    scenario,
    settings: settingsWith(settingsFor(scenario, options.size, revision), options.set, revision),
  }));
  const stop = interruption();
  const line = progressLine(process.stderr);
  const result = await ablate({
    revision,
    size: options.size,
    scenarios: places,
    ...(wanted.length > 0 ? { properties: wanted } : {}),
    seconds: options.time,
    ...(options.memory === undefined ? {} : { bytes: options.memory * 2 ** 30 }),
    signal: stop,
    tell: (what) => line.update(what),
  }).finally(() => {
    line.done();
    stop.done();
  });
  if (options.json === true) process.stdout.write(documentText(document('ablate', [result])));
  else {
    process.stdout.write(renderAblation(result, terminalOf(process.stdout)));
    if (stop.aborted) process.stdout.write('interrupted: what is shown is what was found until then\n');
  }
  if (stop.aborted) return EXIT.interrupted;
  return result.verdict === 'conclusive' ? EXIT.ok : EXIT.inconclusive;
}
