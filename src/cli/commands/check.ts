/** `ipsecha check`: explores, and says what holds, what breaks, and how. */

import { Option } from 'commander';
import {
  type Revision,
  revisions,
  type Scenario,
  type Settings,
  type Size,
  settingsFor,
} from '../../../model/index.ts';
import { filesReadFor, modulesOf } from '../../author/ledger.ts';
import { ownPropertiesOf } from '../../author/own.ts';
import { isRevisionFile, revisionOf } from '../../author/revision-file.ts';
import type { ExplorationProgress, ReductionName } from '../../explore/options.ts';
import { WholeFile } from '../../explore/whole-file.ts';
import { buildDigest } from '../../questions/build.ts';
import {
  boundsOf,
  type CheckResult,
  check,
  checkedProperties,
  checkedPropertyNamed,
  settingsWith,
  takes,
  withoutRule,
  worst,
} from '../../questions/check.ts';
import { type LeftOut, leftOutConclusion } from '../../questions/conclusion.ts';
import { checkDocument } from '../../questions/document.ts';
import { judgingWords } from '../../questions/limits.ts';
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
  truth,
} from '../../questions/shape.ts';
import { isOf, type Shard } from '../../questions/shard.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { type Weakest, weakest } from '../../questions/weakest.ts';
import { checkSheets, renderCheck, renderChecks } from '../../report/check.ts';
import { checkSuite } from '../../report/check-junit.ts';
import { checkResults, propertyRules } from '../../report/check-sarif.ts';
import { document, version } from '../../report/json.ts';
import { junitText } from '../../report/junit.ts';
import { sarifText } from '../../report/sarif.ts';
import type { Sheet } from '../../report/sheet.ts';
import { renderStatistics } from '../../report/statistics.ts';
import { wrap } from '../../report/text.ts';
import { renderWeakest } from '../../report/weakest.ts';
import { type DrawingOptions, drawing, drawingFiles, writeDrawings } from '../drawings.ts';
import { type Exit, exitForAll } from '../exit.ts';
import { helpText } from '../help.ts';
import {
  collect,
  type Define,
  ends,
  MOST_WORKERS,
  positive,
  reduction,
  SHARD,
  shard,
  WORKERS,
  whole,
} from '../options.ts';
import { outputs, writeOutput } from '../output-file.ts';
import { answer, type Printing, print, type Running, revisionInQuestion, scenariosOf } from '../question.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  drawing(command)
    .argument('[revision...]', 'revisions to check, by name or as files (all shipped ones, if none is named)')
    .option('--scenario <name>', 'scenario to explore; may be repeated (all, if none is named)', collect, [])
    .addOption(
      new Option('--size <size>', 'how large').choices(['small', 'medium', 'large']).default('small'),
    )
    .option('--property <id>', 'property to check; may be repeated (all, if none is named)', collect, [])
    .option('--set <key=value>', 'change a setting of the scenario; may be repeated', collect, [])
    .option('--without <rule>', 'leave a rule out; may be repeated', collect, [])
    .option(
      '--watch',
      'check one file again whenever it changes, or what it imports: each verdict as soon as it is known; what an edit cannot have changed is not explored again; Ctrl-C ends it',
    )
    .option(
      '--weakest',
      'for each violated property: the weakest network, the fewest failovers, members, requests ... that break it',
    )
    .option('--workers <n>', WORKERS, whole(1, MOST_WORKERS))
    .option(
      '--memory <GiB>',
      'end each exploration (inconclusive) before it takes more memory (4/5 of what is free)',
      positive,
    )
    .option('--time <seconds>', 'end each exploration (inconclusive) after this time', positive)
    .option('--shard <i/n>', SHARD, shard)
    .option(
      '--checkpoint <file>',
      'write where the exploration stands, once a minute and when it ends early (one revision in one scenario)',
    )
    .option('--resume <file>', 'go on from a checkpoint of the same exploration')
    .addOption(
      new Option(
        '--no-reduction <name>',
        'visit also what makes no difference: states that differ only in which member is which (symmetry), or in messages that nobody reacts to any more (dead-messages); may be repeated',
      )
        .argParser(reduction)
        .default([]),
    )
    .option(
      '--hash-compaction',
      'keep 64 bits of each state: less memory, but states can be left out, so nothing is said to hold; tells how likely that is',
    )
    .option('--stats', 'print all figures of the exploration')
    .option('--json', 'print one JSON document')
    .option('--junit <file>', 'write JUnit XML: a case for each property')
    .option('--sarif <file>', 'write SARIF 2.1.0')
    .addHelpText('after', helpText(`${WEAKEST}\n${PROGRAM}`))
    .action(ends(run));

const WEAKEST = `
--time and --memory bound each exploration, not the whole command. With --weakest each has 30 s, if --time says
nothing else.

--weakest begins with the settings in which the property is violated, and weakens one after the other: network
(reliable < fifo < no-replay < adversarial), failovers, members, requests, packets, peer-failovers, peer-members,
retries, rekey, child-sas, window; each to the least with which the property is still violated; and again, until no
single one can be weaker. bump goes with requests, and delta with packets, where the scenario has them equal (they
cover every request and packet), unless --set names them; where no packets are left, nothing is negotiated about
their counters.`;

const PROGRAM = `
A revision given as a file is a program that is run, with all that you may do. Its rules have to be pure functions: all
that they were asked is asked again before a verdict. What it prints goes to standard error.`;

export interface CheckOptions extends DrawingOptions {
  readonly scenario: readonly string[];
  readonly size: Size;
  readonly property: readonly string[];
  readonly set: readonly string[];
  readonly without: readonly string[];
  readonly weakest?: boolean;
  /** Whether it is to be checked again whenever the file changes. */
  readonly watch?: boolean;
  /** GiB for each exploration. */
  readonly memory?: number;
  /** Seconds for each exploration. */
  readonly time?: number;
  /** Threads for each exploration. */
  readonly workers?: number;
  readonly shard?: Shard;
  readonly checkpoint?: string;
  readonly resume?: string;
  readonly json?: boolean;
  readonly junit?: string;
  readonly sarif?: string;
  readonly stats?: boolean;
  readonly hashCompaction?: boolean;
  readonly reduction: readonly ReductionName[];
}

/** Seconds between two checkpoints. */
const CHECKPOINT_SECONDS = 60;

/** Seconds for each exploration of `--weakest`, if nothing is said: a weaker setting can be larger to explore. */
const WEAKEST_SECONDS = 30;

interface Job {
  /** The revision as it was asked for. */
  readonly asked: string;
  readonly revision: Revision;
  /** With the rules that are left out of it. */
  readonly whole: Revision;
  readonly scenario: Scenario;
  readonly settings: Settings;
}

/** What comes out of one job. */
interface Outcome {
  readonly job: number;
  readonly asked: string;
  readonly result: CheckResult;
  /** Of each property that is violated, if it was asked for. */
  readonly weakest?: readonly Weakest[];
  /** What it takes to say what comes of leaving rules out, if any are. */
  readonly leftOut?: LeftOut;
}

/** What is asked, as far as the report depends on it. */
type Question = Pick<CheckOptions, 'size' | 'without'> & {
  readonly revisions: readonly string[];
  readonly scenarios: readonly string[];
  readonly properties: readonly string[];
  /** Ids of those that the revisions bring along. */
  readonly own: readonly string[];
  readonly set: readonly string[];
  readonly weakest: boolean;
  readonly stats: boolean;
  readonly total: number;
};

export async function run(names: readonly string[], options: CheckOptions): Promise<Exit> {
  if (options.watch === true) return (await import('./check-watch.ts')).run(names, options);
  if (options.hashCompaction === true && (options.workers ?? 1) > 1) {
    throw new UsageError('--hash-compaction goes with one worker only', 'leave one of them out');
  }
  const chosen = await chosenOf(names, options);
  const whole = chosen.map(({ revision }) => revision);
  const wanted = options.property.map((id) => checkedPropertyNamed(id, whole));
  const jobs = jobsOf(chosen, options);
  if (jobs.length === 0) {
    throw new UsageError(
      `nothing to check: no shipped revision takes ${options.set.map((change) => `--set ${change}`).join(' ')}`,
      'leave one of them out, or name a revision: ipsecha scenarios lists the settings',
    );
  }
  await oneJobForCheckpoints(jobs, options);
  const read = [
    ...jobs.map(({ asked }) => asked).filter(isRevisionFile),
    ...jobs.flatMap(({ revision }) => filesReadFor(revision)),
  ];
  const { junit, sarif, checkpoint, resume } = options;
  const drawings = drawingFiles(options);
  const reports = outputs({ junit, sarif, checkpoint, ...drawings }, { inputs: read });
  // A checkpoint may take the place of the one that the run went on from; nothing else may.
  if (resume !== undefined) outputs({ junit, sarif, ...drawings }, { inputs: [resume] });
  if (checkpoint !== undefined) new WholeFile(checkpoint, { inputs: read, plain: true });
  const question: Question = {
    revisions: [...new Set(jobs.map(({ asked, revision }) => revisionInQuestion(asked, revision)))],
    scenarios: [...new Set(jobs.map(({ scenario }) => scenario.name))],
    size: options.size,
    properties: wanted,
    own: ownPropertiesOf(whole).map(({ id }) => id),
    set: options.set,
    without: options.without,
    weakest: options.weakest === true,
    stats: options.stats === true,
    total: jobs.length,
  };
  const { shard } = options;
  let found: readonly Outcome[] = [];
  const exit = await answer(
    options,
    async (running) => {
      found = await ask(jobs, options, wanted, running);
      return found;
    },
    printing(question),
    shard === undefined
      ? undefined
      : {
          shard,
          total: jobs.length,
          question,
          jobs: (outcomes) => outcomes.map((outcome) => ({ job: outcome.job, outcome })),
        },
  );
  // After the answer, which is not to be lost for want of room for them.
  writeReports(found, reports);
  writeDrawings('check', reports, () => sheetsOf(found), options);
  return exit;
}

const sheetsOf = (outcomes: readonly Outcome[]): readonly Sheet[] =>
  checkSheets(
    outcomes.map(({ result }) => result),
    conclusionOf(outcomes),
  );

/** What comes of leaving rules out; undefined if none is. */
const conclusionOf = (outcomes: readonly Outcome[]): string | undefined => {
  const without = outcomes.flatMap(({ leftOut }) => leftOut ?? []);
  return without.length === 0 ? undefined : leftOutConclusion(without);
};

/** What was found, for other tools. */
function writeReports(
  outcomes: readonly Outcome[],
  { junit, sarif }: ReturnType<typeof outputs<'junit' | 'sarif'>>,
): void {
  if (junit !== undefined) {
    const suites = outcomes.map(({ result }) => checkSuite(result));
    writeOutput(junit, junitText('ipsecha check', suites));
  }
  if (sarif !== undefined) {
    const found = outcomes.flatMap(({ result, asked }) =>
      checkResults(result, isRevisionFile(asked) ? asked : undefined),
    );
    writeOutput(sarif, sarifText(version, propertyRules(outcomes.map(({ result }) => result)), found));
  }
}

/** Prints the joined results of shards as the whole command would have. */
export function merged({ question, outcomes }: Joined, json: boolean): Exit {
  mustBePart(questionShape, question, 'question');
  const asked = question as Question;
  mustBePart(list(outcomeShape, 1), outcomes, 'outcomes');
  const parts = outcomes as readonly Outcome[];
  const places = asked.scenarios.length * asked.revisions.length;
  if (asked.total !== parts.length || places !== parts.length) {
    throw notPart(`a question of ${places} jobs has ${parts.length}, and says that it has ${asked.total}`);
  }
  const ids = asked.properties.length > 0 ? asked.properties : [...checkedProperties, ...asked.own];
  for (const [job, { result }] of parts.entries()) {
    const scenario = asked.scenarios[job % asked.scenarios.length];
    const found = result.properties.map(({ id }) => id);
    if (result.scenario !== scenario)
      throw notPart(`job ${job} is of ${result.scenario}, not of ${scenario}`);
    if (ids.length !== found.length || !ids.every((id) => found.includes(id))) {
      throw notPart(`job ${job} is about the properties ${found.join(', ')}, not ${ids.join(', ')}`);
    }
    if (result.verdict !== worst(result.properties.map(({ verdict }) => verdict))) {
      throw notPart(`job ${job} says ${result.verdict}, and its properties do not`);
    }
  }
  return print(parts, printing(asked), { json });
}

const questionShape = record({
  revisions: list(text, 1),
  scenarios: list(text, 1),
  properties: list(text),
  own: list(text),
  size: text,
  set: list(text),
  without: list(text),
  weakest: truth,
  stats: truth,
  total: amount,
});

const VERDICTS = oneOf(['holds', 'violated', 'inconclusive']);

const VERDICTS_OR_UNKNOWN = oneOf(['holds', 'violated', 'inconclusive', 'not checked']);

/** A run is told whole, or not at all. */
const exampleShape = record({
  depth: amount,
  because: text,
  initial: list(anything, 1),
  steps: list(record({ kind: text, action: record({}), before: list(anything), after: list(anything) })),
});

const resultShape = record({
  revision: text,
  scenario: text,
  size: text,
  bounds: record({}),
  verdict: VERDICTS,
  properties: list(
    (value, where) =>
      record({
        id: text,
        verdict: VERDICTS,
        because: optional(text),
        counterexample: isViolated(value) ? exampleShape : optional(exampleShape),
      })(value, where),
    1,
  ),
  statistics: record({
    states: amount,
    transitions: amount,
    depth: amount,
    seconds: amount,
    complete: truth,
  }),
  places: list(text, 1),
  neverOccurred: list(text),
});

const outcomeShape = record({
  job: amount,
  asked: text,
  result: resultShape,
  weakest: optional(list(record({ property: text, result: resultShape }))),
  leftOut: optional(
    record({
      revision: text,
      without: list(text, 1),
      scenario: text,
      broken: list(record({ id: text, withThem: VERDICTS_OR_UNKNOWN })),
      inconclusive: list(text),
    }),
  ),
});

function isViolated(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'verdict' in value && value.verdict === 'violated';
}

/** A revision, as it was asked for and as it is. */
type Chosen = Pick<Job, 'asked' | 'revision'>;

const chosenOf = async (names: readonly string[], options: CheckOptions): Promise<readonly Chosen[]> =>
  names.length > 0
    ? Promise.all(names.map(async (asked) => ({ asked, revision: await revisionOf(asked) })))
    : // With no revision named, those to which every given setting applies.
      revisions
        .filter((each) => options.set.every((change) => takes(each, change)))
        .map((revision) => ({ asked: revision.name, revision }));

/** Every revision in every scenario. Every setting is looked at before the first exploration begins. */
function jobsOf(chosen: readonly Chosen[], options: CheckOptions): readonly Job[] {
  const scenarios = scenariosOf(
    options,
    chosen.map(({ revision }) => revision),
  );
  return chosen.flatMap(({ asked, revision: whole }) => {
    const revision = options.without.reduce(withoutRule, whole);
    return scenarios.map((scenario) => ({
      asked,
      revision,
      whole,
      scenario,
      settings: settingsWith(settingsFor(scenario, options.size, revision), options.set, revision),
    }));
  });
}

async function ask(
  jobs: readonly Job[],
  options: CheckOptions,
  wanted: readonly string[],
  running: Running,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const all = jobs.map(({ revision }) => revision);
  for (const [job, { asked, ...what }] of jobs.entries()) {
    if (!isOf(options.shard, job)) continue;
    if (running.signal.aborted) break;
    const { tell, ...limits } = running;
    const result = await check({
      ...what,
      beside: all,
      size: options.size,
      ...(wanted.length > 0 ? { properties: wanted } : {}),
      ...limits,
      noReductions: options.reduction,
      ...(options.hashCompaction === true ? { hashCompaction: true } : {}),
      ...checkpointing({ asked, ...what }, options),
      onProgress: (progress) => tell(`${what.revision.name} ${what.scenario.name}: ${howFar(progress)}`),
    });
    outcomes.push({
      job,
      asked,
      result,
      ...(options.without.length === 0
        ? {}
        : { leftOut: await leftOutOf({ asked, ...what, beside: all }, result, options, running) }),
      ...(options.weakest === true
        ? { weakest: await weakestOf({ ...what, beside: all }, result, options, running) }
        : {}),
    });
  }
  return outcomes;
}

/**
 * What is broken without the rules, and what becomes of it with them. That takes another exploration, which is made of
 * small ones only, and not where the exploration stops and goes on.
 */
async function leftOutOf(
  { asked, scenario, beside, whole }: Job & { readonly beside: readonly Revision[] },
  result: CheckResult,
  { set, size, without, checkpoint, resume }: CheckOptions,
  running: Running,
): Promise<LeftOut> {
  const broken = result.properties.filter(({ verdict }) => verdict === 'violated').map(({ id }) => id);
  const isAsked = size === 'small' && [checkpoint, resume].every((each) => each === undefined);
  const { tell, ...limits } = running;
  const found =
    broken.length === 0 || !isAsked || running.signal.aborted
      ? undefined
      : await check({
          revision: whole,
          scenario,
          size,
          settings: settingsWith(settingsFor(scenario, size, whole), set, whole),
          beside,
          properties: broken,
          stopWhenAllViolated: true,
          ...limits,
          onProgress: (progress) =>
            tell(`with ${without.join(', ')}, ${asked} ${scenario.name}: ${howFar(progress)}`),
        });
  return {
    revision: whole.name,
    without,
    scenario: scenario.name,
    broken: broken.map((id) => ({
      id,
      withThem: found?.properties.find((each) => each.id === id)?.verdict ?? 'not checked',
    })),
    inconclusive: result.properties.filter(({ verdict }) => verdict === 'inconclusive').map(({ id }) => id),
  };
}

/** @throws UsageError if checkpoints are asked for, but not of one exploration */
function oneJobForCheckpoints(
  jobs: readonly Job[],
  { checkpoint, resume, weakest: isWeakest }: CheckOptions,
): void {
  const option = checkpoint !== undefined ? '--checkpoint' : resume !== undefined ? '--resume' : undefined;
  if (option === undefined) return;
  if (jobs.length !== 1) {
    throw new UsageError(
      `${option} is for one exploration, and these are ${jobs.length}`,
      'name one revision and one --scenario',
    );
  }
  if (isWeakest === true) {
    throw new UsageError(
      `${option} is for one exploration, and --weakest makes many`,
      'leave one of them out',
    );
  }
}

/** Where checkpoints go and come from, and what they are of. */
function checkpointing(
  { asked, revision, scenario, settings }: Job,
  { checkpoint, resume, size, without }: CheckOptions,
) {
  return {
    ...(checkpoint === undefined ? {} : { checkpoint: { file: checkpoint, seconds: CHECKPOINT_SECONDS } }),
    ...(resume === undefined ? {} : { resume }),
    identity: {
      version,
      build: buildDigest(),
      revision: isRevisionFile(asked) ? asked : revision.name,
      // Of an author's own: a text is another one if anything that was loaded for it is.
      'modules of the revision': modulesOf(revision) ?? 'shipped',
      'left out of it': without.join(', ') || 'nothing',
      scenario: `${scenario.name}, ${size}`,
      ...Object.fromEntries(
        Object.entries(boundsOf(revision, settings)).map(([key, value]) => [`setting ${key}`, `${value}`]),
      ),
    },
  };
}

/** The weakest settings for each property that is violated. */
async function weakestOf(
  what: Omit<Job, 'asked'> & { readonly beside: readonly Revision[] },
  result: CheckResult,
  { set, size }: CheckOptions,
  running: Running,
): Promise<readonly Weakest[]> {
  const found: Weakest[] = [];
  const chosen = set.map((change) => change.split('=')[0] ?? '');
  for (const { id, verdict } of result.properties) {
    if (verdict !== 'violated' || running.signal.aborted) continue;
    const one = await weakest({ ...what, size, property: id, chosen, seconds: WEAKEST_SECONDS, ...running });
    if (one !== undefined) found.push(one);
  }
  return found;
}

const printing = (question: Question): Printing<readonly Outcome[]> => ({
  json: (outcomes, beside) =>
    document(
      'check',
      outcomes.map(({ result, weakest: all, leftOut }) => ({
        ...checkDocument(result),
        ...(leftOut === undefined ? {} : { conclusion: leftOutConclusion([leftOut]) }),
        ...(all === undefined
          ? {}
          : { weakest: all.map(({ result: there, ...rest }) => ({ ...rest, check: checkDocument(there) })) }),
      })),
      beside,
    ),
  text: (outcomes, style) => {
    const [only] = outcomes;
    return [
      question.total === 1 && only !== undefined
        ? renderCheck(
            only.result,
            style,
            question.properties.length === 1,
            [only.asked, ...question.without.map((rule) => `--without ${rule}`)].join(' '),
          )
        : renderChecks(
            outcomes.map(({ result }) => result),
            style,
          ),
      ...(question.stats ? outcomes.map(({ result }) => renderStatistics(result, style)) : []),
      ...outcomes.flatMap(({ weakest: all, asked }) =>
        (all ?? []).map((each) => renderWeakest(each, style, asked, question.without)),
      ),
      ...[conclusionOf(outcomes) ?? []].flat().map((text) => `${wrap(text, style.width).join('\n')}\n`),
    ].join('\n');
  },
  sheets: sheetsOf,
  exitOf: (outcomes) => exitForAll(outcomes.map(({ result }) => result.verdict)),
});

/** How far an exploration is, in one line. */
function howFar({ depth, states, seconds, queue, bytes, left, judging }: ExplorationProgress): string {
  if (judging !== undefined) return judgingWords(judging);
  const rate = Math.round(states / Math.max(seconds, 0.001));
  const mebibytes = Math.ceil(bytes / 2 ** 20);
  const [found, perSecond, waiting] = [states, rate, queue].map((n) => n.toLocaleString('en'));
  const done = `depth ${depth}, ${found} states, ${perSecond} states/s, ${waiting} in the queue, ${mebibytes} MiB`;
  if (left === undefined) return done;
  const toCome = Math.ceil((left * seconds) / Math.max(states - queue, 1));
  return `${done}, about ${toCome} s left`;
}
