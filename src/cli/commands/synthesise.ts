/** `ipsecha synthesise`: for which settings a property holds. */
import { scenarios, settingsFor } from '../../../model/index.ts';
import { checkedPropertyNamed, settingsWith } from '../../check/check.ts';
import { revisionOf } from '../../check/revision-file.ts';
import { type Synthesis, sweepsOf, synthesise } from '../../check/synthesise.ts';
import { UsageError } from '../../check/usage-error.ts';
import { renderSynthesis } from '../../report/synthesis.ts';
import { EXIT, type Exit } from '../exit.ts';
import { answer, type QuestionOptions, scenariosOf } from '../question.ts';

export interface SynthesiseOptions extends QuestionOptions {
  readonly property: string;
  readonly over: string;
}

export async function run(argument: string, options: SynthesiseOptions): Promise<Exit> {
  const revision = await revisionOf(argument);
  const property = checkedPropertyNamed(options.property);
  const places = scenariosOf(options).map((scenario) => ({
    scenario,
    settings: settingsWith(settingsFor(scenario, options.size, revision), options.set, revision),
  }));
  const sweeps = sweepsOf(options.over, scenarios[0]!.sizes[options.size], revision);
  const fixed = options.set.map((change) => change.split('=')[0]);
  const both = sweeps.find(({ setting }) => fixed.includes(setting));
  if (both !== undefined) {
    throw new UsageError(`'${both.setting}' is both set and swept`, 'give it to --set or to --over');
  }
  return answer(
    'synthesise',
    options,
    (running) =>
      synthesise({ revision, property, size: options.size, sweeps, scenarios: places, ...running }),
    {
      document: synthesisDocument,
      text: renderSynthesis,
      exitOf: ({ verdict }) => (verdict === 'conclusive' ? EXIT.ok : EXIT.inconclusive),
    },
  );
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
