/** `ipsecha synthesise`: for which settings a property holds. */
import { scenarios, settingsFor } from '../../../model/index.ts';
import { checkedPropertyNamed, settingsWith } from '../../check/check.ts';
import type { Joined } from '../../check/merge.ts';
import { revisionOf } from '../../check/revision-file.ts';
import { isOf } from '../../check/shard.ts';
import {
  combinationsOf,
  type Synthesis,
  type SynthesisPart,
  type SynthesisPlan,
  sweepsOf,
  synthesisOf,
  synthesisParts,
  synthesisPlan,
} from '../../check/synthesise.ts';
import { UsageError } from '../../check/usage-error.ts';
import { renderSynthesis } from '../../report/synthesis.ts';
import { EXIT, type Exit } from '../exit.ts';
import {
  answer,
  type Printing,
  print,
  type QuestionOptions,
  revisionInQuestion,
  scenariosOf,
} from '../question.ts';

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
  const { shard } = options;
  const request = {
    revision,
    property,
    size: options.size,
    sweeps,
    scenarios: places,
    only: (job: number) => isOf(shard, job),
  };
  const plan = synthesisPlan(request);
  return answer<Answer>(
    'synthesise',
    options,
    async (running) => {
      const parts = await synthesisParts({ ...request, ...running });
      return { synthesis: synthesisOf(plan, parts), parts };
    },
    printing,
    shard === undefined
      ? undefined
      : {
          shard,
          total: places.length * combinationsOf(sweeps).length,
          question: { revision: await revisionInQuestion(argument), plan, set: options.set },
          jobs: ({ parts }) => parts.map((outcome) => ({ job: outcome.job, outcome })),
        },
  );
}

/** Prints the joined results of shards as the whole command would have. */
export function merged({ question, outcomes }: Joined, json: boolean): Exit {
  // Both are as this version wrote them: their digest was compared.
  const { plan } = question as { readonly plan: SynthesisPlan };
  const parts = outcomes as readonly SynthesisPart[];
  return print('synthesise', { synthesis: synthesisOf(plan, parts), parts }, printing, { json });
}

interface Answer {
  readonly synthesis: Synthesis;
  readonly parts: readonly SynthesisPart[];
}

const printing: Printing<Answer> = {
  documents: ({ synthesis }) => [synthesisDocument(synthesis)],
  text: ({ synthesis }, style) => renderSynthesis(synthesis, style),
  // Of what was asked here: of a shard, its own jobs.
  exitOf: ({ parts }) =>
    parts.every(({ cell }) => cell.verdict !== 'inconclusive') ? EXIT.ok : EXIT.inconclusive,
};

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
