/** `ipsecha synthesise`: for which settings properties hold, each and all together. */

import { scenarios, settingsFor } from '../../../model/index.ts';
import { revisionOf } from '../../author/revision-file.ts';
import { checkedPropertyNamed, settingsWith } from '../../questions/check.ts';
import type { Joined } from '../../questions/merge.ts';
import {
  amount,
  anything,
  list,
  mustBePart,
  notPart,
  oneOf,
  optional,
  record,
  text,
} from '../../questions/shape.ts';
import { isOf } from '../../questions/shard.ts';
import {
  combinationsOf,
  type Synthesis,
  type SynthesisPart,
  type SynthesisPlan,
  sweepsOf,
  synthesesOf,
  synthesisParts,
  synthesisPlan,
} from '../../questions/synthesise.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { document } from '../../report/json.ts';
import { renderSyntheses } from '../../report/synthesis.ts';
import { EXIT, type Exit } from '../exit.ts';
import { helpText } from '../help.ts';
import { type Define, ends, exploring, SHARD, shard } from '../options.ts';
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
    .requiredOption(
      '--property <id>',
      'a property; may be repeated: then each has its answer, and all of them together',
      (id: string, earlier: readonly string[] = []) => [...earlier, id],
    )
    .requiredOption(
      '--over <settings>',
      'what to sweep: bump=0..6,members=2..4 or state-sync=any|never or retry=* (all values)',
    )
    .option('--shard <i/n>', SHARD, shard)
    .addHelpText(
      'after',
      helpText(
        '\nEnds in 0 if every combination was decided, whether it holds or not; in 3 if some was not.',
      ),
    )
    .action(ends(run));

export interface SynthesiseOptions extends QuestionOptions {
  readonly property: readonly string[];
  readonly over: string;
}

export async function run(argument: string, options: SynthesiseOptions): Promise<Exit> {
  mustNotBePrintedOnto([argument]);
  const revision = await revisionOf(argument);
  const properties = [...new Set(options.property.map((id) => checkedPropertyNamed(id, [revision])))];
  const places = scenariosOf(options, [revision]).map((scenario) => ({
    scenario,
    settings: settingsWith(settingsFor(scenario, options.size, revision), options.set, revision),
  }));
  const sweeps = sweepsOf(options.over, scenarios[0]!.sizes[options.size], revision);
  const fixed = options.set.map((change) => change.split('=')[0]);
  const both = sweeps.find(({ setting }) => fixed.includes(setting));
  if (both !== undefined) {
    throw new UsageError(`'${both.setting}' is both set and swept`, 'give it to --set or to --over');
  }
  const { shard } = options;
  const request = {
    revision,
    properties,
    size: options.size,
    sweeps,
    scenarios: places,
    only: (job: number) => isOf(shard, job),
  };
  const plan = synthesisPlan(request);
  return answer<Answer>(
    options,
    async (running) => {
      const parts = await synthesisParts({ ...request, ...running });
      return { syntheses: synthesesOf(plan, parts), parts };
    },
    printing,
    shard === undefined
      ? undefined
      : {
          shard,
          total: places.length * combinationsOf(sweeps).length,
          question: { revision: revisionInQuestion(argument, revision), plan, set: options.set },
          jobs: ({ parts }) => parts.map((outcome) => ({ job: outcome.job, outcome })),
        },
  );
}

/** Prints the joined results of shards as the whole command would have. */
export function merged({ question, outcomes }: Joined, json: boolean): Exit {
  mustBePart(questionShape, question, 'question');
  mustBePart(list(partShape, 1), outcomes, 'outcomes');
  const { plan } = question as { readonly plan: SynthesisPlan };
  const parts = outcomes as readonly SynthesisPart[];
  const jobs = plan.scenarios.length * combinationsOf(plan.sweeps).length;
  if (parts.length !== jobs) throw notPart(`a question of ${jobs} jobs has ${parts.length}`);
  const uneven = parts.find(({ cells }) => cells.length !== plan.properties.length);
  if (uneven !== undefined) throw notPart(`job ${uneven.job} is not about all properties`);
  const misplaced = parts.find(({ job }, at) => job !== at);
  if (misplaced !== undefined) throw notPart(`job ${misplaced.job} is of another place`);
  return print({ syntheses: synthesesOf(plan, parts), parts }, printing, { json });
}

const questionShape = record({
  plan: record({
    revision: text,
    properties: list(text, 1),
    size: text,
    sweeps: list(record({ setting: text, values: list(anything, 1) }), 1),
    scenarios: list(text, 1),
  }),
});

const partShape = record({
  job: amount,
  cells: list(
    record({
      combination: anything,
      verdict: oneOf(['holds', 'violated', 'inconclusive']),
      because: optional(text),
      depth: optional(amount),
      states: amount,
      seconds: amount,
    }),
    1,
  ),
});

interface Answer {
  readonly syntheses: readonly Synthesis[];
  readonly parts: readonly SynthesisPart[];
}

const printing: Printing<Answer> = {
  json: ({ syntheses }, beside) => document('synthesise', syntheses.map(synthesisDocument), beside),
  text: ({ syntheses }, style) => renderSyntheses(syntheses, style),
  // Of what was asked here: of a shard, its own jobs.
  exitOf: ({ parts }) =>
    parts.every(({ cells }) => cells.every(({ verdict }) => verdict !== 'inconclusive'))
      ? EXIT.ok
      : EXIT.inconclusive,
};

/** Each combination by the names of its settings. */
const synthesisDocument = ({ tables, ...rest }: Synthesis) => ({
  ...rest,
  tables: tables.map(({ cells, ...table }) => ({
    ...table,
    cells: cells.map(({ combination, ...cell }) => ({
      settings: Object.fromEntries(
        rest.sweeps.map(({ setting }, index) => [setting, combination[index] ?? '']),
      ),
      ...cell,
    })),
  })),
});
