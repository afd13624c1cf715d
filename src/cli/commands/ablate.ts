/** `ipsecha ablate`: what each rule of a revision is there for. */
import { settingsFor } from '../../../model/index.ts';
import {
  type Ablation,
  type AblationPart,
  type AblationPlan,
  ablationOf,
  ablationParts,
  ablationPlan,
  baselinesOf,
  jobsIn,
} from '../../check/ablate.ts';
import { checkedPropertyNamed, settingsWith } from '../../check/check.ts';
import type { Joined } from '../../check/merge.ts';
import { revisionOf } from '../../check/revision-file.ts';
import { isOf } from '../../check/shard.ts';
import { renderAblation } from '../../report/ablation.ts';
import { EXIT, type Exit } from '../exit.ts';
import {
  answer,
  type Printing,
  print,
  type QuestionOptions,
  revisionInQuestion,
  scenariosOf,
} from '../question.ts';

export interface AblateOptions extends QuestionOptions {
  readonly property: readonly string[];
}

interface Answer {
  readonly ablation: Ablation;
  readonly parts: readonly AblationPart[];
}

export async function run(argument: string, options: AblateOptions): Promise<Exit> {
  const revision = await revisionOf(argument);
  const wanted = options.property.map(checkedPropertyNamed);
  const { shard } = options;
  const request = {
    revision,
    size: options.size,
    scenarios: scenariosOf(options).map((scenario) => ({
      scenario,
      settings: settingsWith(settingsFor(scenario, options.size, revision), options.set, revision),
    })),
    ...(wanted.length > 0 ? { properties: wanted } : {}),
    only: (job: number) => isOf(shard, job),
  };
  const plan = ablationPlan(request);
  return answer<Answer>(
    'ablate',
    options,
    async (running) => {
      const { baselines, parts } = await ablationParts({ ...request, ...running });
      return { ablation: ablationOf(plan, baselines, parts), parts };
    },
    printing,
    shard === undefined
      ? undefined
      : {
          shard,
          total: jobsIn(plan),
          question: {
            revision: await revisionInQuestion(argument),
            plan,
            properties: wanted,
            set: options.set,
          },
          jobs: ({ parts }) => parts.map((outcome) => ({ job: outcome.job, outcome })),
        },
  );
}

/** Prints the joined results of shards as the whole command would have. */
export function merged({ question, outcomes }: Joined, json: boolean): Exit {
  // Both are as this version wrote them: their digest was compared.
  const { plan } = question as { readonly plan: AblationPlan };
  const parts = outcomes as readonly AblationPart[];
  return print('ablate', { ablation: ablationOf(plan, baselinesOf(plan, parts), parts), parts }, printing, {
    json,
  });
}

const printing: Printing<Answer> = {
  documents: ({ ablation }) => [ablation],
  text: ({ ablation }, style) => renderAblation(ablation, style),
  // Of what was asked here: of a shard, its own jobs.
  exitOf: ({ parts }) =>
    parts.every(({ cell }) => cell.inconclusive.length === 0) ? EXIT.ok : EXIT.inconclusive,
};
