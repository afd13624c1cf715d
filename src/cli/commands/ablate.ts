/** `ipsecha ablate`: what each rule of a revision is there for. */
import { settingsFor } from '../../../model/index.ts';
import { ablate } from '../../check/ablate.ts';
import { checkedPropertyNamed, settingsWith } from '../../check/check.ts';
import { revisionOf } from '../../check/revision-file.ts';
import { renderAblation } from '../../report/ablation.ts';
import { EXIT, type Exit } from '../exit.ts';
import { answer, type QuestionOptions, scenariosOf } from '../question.ts';

export interface AblateOptions extends QuestionOptions {
  readonly property: readonly string[];
}

export async function run(argument: string, options: AblateOptions): Promise<Exit> {
  const revision = await revisionOf(argument);
  const wanted = options.property.map(checkedPropertyNamed);
  const places = scenariosOf(options).map((scenario) => ({
    scenario,
    settings: settingsWith(settingsFor(scenario, options.size, revision), options.set, revision),
  }));
  return answer(
    'ablate',
    options,
    (running) =>
      ablate({
        revision,
        size: options.size,
        scenarios: places,
        ...(wanted.length > 0 ? { properties: wanted } : {}),
        ...running,
      }),
    {
      document: (result) => result,
      text: renderAblation,
      exitOf: ({ verdict }) => (verdict === 'conclusive' ? EXIT.ok : EXIT.inconclusive),
    },
  );
}
