/** `ipsecha ablate`: what each rule of a revision is there for. */
import { settingsFor } from '../../../model/index.ts';
import { revisionOf } from '../../author/revision-file.ts';
import {
  type Ablation,
  type AblationPart,
  type AblationPlan,
  ablationOf,
  ablationParts,
  ablationPlan,
  baselinesOf,
  jobsIn,
} from '../../questions/ablate.ts';
import { checkedPropertyNamed, settingsWith } from '../../questions/check.ts';
import type { Joined } from '../../questions/merge.ts';
import { amount, list, mustBePart, notPart, record, text, truth } from '../../questions/shape.ts';
import { isOf } from '../../questions/shard.ts';
import { renderAblation } from '../../report/ablation.ts';
import { document } from '../../report/json.ts';
import { EXIT, type Exit } from '../exit.ts';
import { helpText } from '../help.ts';
import { collect, type Define, ends, exploring, SHARD, shard } from '../options.ts';
import { mustNotBePrintedOnto } from '../output-file.ts';
import {
  answer,
  type Printing,
  print,
  type QuestionOptions,
  revisionInQuestion,
  scenariosOf,
} from '../question.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  exploring(command)
    .argument('<revision>', 'name of a revision, or a file that exports one')
    .option('--property <id>', 'property to look at; may be repeated (all, if none is named)', collect, [])
    .option('--shard <i/n>', SHARD, shard)
    .addHelpText(
      'after',
      helpText('\nEnds in 0 if everything was explored, in 3 if something is inconclusive.'),
    )
    .action(ends(run));

export interface AblateOptions extends QuestionOptions {
  readonly property: readonly string[];
}

interface Answer {
  readonly ablation: Ablation;
  readonly parts: readonly AblationPart[];
}

export async function run(argument: string, options: AblateOptions): Promise<Exit> {
  mustNotBePrintedOnto([argument]);
  const revision = await revisionOf(argument);
  const wanted = options.property.map((id) => checkedPropertyNamed(id, [revision]));
  const { shard } = options;
  const request = {
    revision,
    size: options.size,
    scenarios: scenariosOf(options, [revision]).map((scenario) => ({
      scenario,
      settings: settingsWith(settingsFor(scenario, options.size, revision), options.set, revision),
    })),
    ...(wanted.length > 0 ? { properties: wanted } : {}),
    only: (job: number) => isOf(shard, job),
  };
  const plan = ablationPlan(request);
  return answer<Answer>(
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
            revision: revisionInQuestion(argument, revision),
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
  mustBePart(questionShape, question, 'question');
  mustBePart(list(partShape, 1), outcomes, 'outcomes');
  const { plan } = question as { readonly plan: AblationPlan };
  const parts = outcomes as readonly AblationPart[];
  const { rules, scenarios } = plan;
  if (parts.length !== jobsIn(plan)) throw notPart(`a question of ${jobsIn(plan)} jobs has ${parts.length}`);
  const misplaced = parts.find(
    ({ job, cell, baseline }, at) =>
      job !== at ||
      cell.scenario !== scenarios[at % scenarios.length] ||
      baseline.scenario !== cell.scenario ||
      rules[Math.floor(at / scenarios.length)] === undefined,
  );
  if (misplaced !== undefined) throw notPart(`job ${misplaced.job} is of another place`);
  return print({ ablation: ablationOf(plan, baselinesOf(plan, parts), parts), parts }, printing, {
    json,
  });
}

const questionShape = record({
  plan: record({ revision: text, size: text, scenarios: list(text, 1), rules: list(text, 1) }),
});

const partShape = record({
  job: amount,
  baseline: record({
    scenario: text,
    bounds: record({}),
    holds: list(text),
    violated: list(text),
    inconclusive: list(text),
    neverOccurred: list(text),
    states: amount,
    seconds: amount,
  }),
  cell: record({
    scenario: text,
    breaks: list(record({ property: text, depth: amount, because: text })),
    inconclusive: list(text),
    complete: truth,
    states: amount,
    seconds: amount,
  }),
});

const printing: Printing<Answer> = {
  json: ({ ablation }, beside) => document('ablate', [ablation], beside),
  text: ({ ablation }, style) => renderAblation(ablation, style),
  // Of what was asked here: of a shard, its own jobs.
  exitOf: ({ parts }) =>
    parts.every(({ cell }) => cell.inconclusive.length === 0) ? EXIT.ok : EXIT.inconclusive,
};
