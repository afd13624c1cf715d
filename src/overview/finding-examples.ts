/**
 * For each finding the run that shows it: the shortest counterexample of its first command that finds something broken;
 * where nothing breaks, the shortest run up to the step that the finding names.
 */

import { fileURLToPath } from 'node:url';
import {
  type Action,
  type Message,
  type Observation,
  type Revision,
  scenarios,
  settingsFor,
  type Value,
} from '../../model/index.ts';
import { ledgersOf } from '../author/ledger.ts';
import { isRevisionFile, revisionOf } from '../author/revision-file.ts';
import { findStep } from '../explore/find-step.ts';
import type { TakenStep } from '../explore/result.ts';
import {
  type CheckedProperty,
  type CheckResult,
  check,
  scenarioNamed,
  settingsWith,
  withoutRule,
} from '../questions/check.ts';
import { type Limits, limitsOf } from '../questions/limits.ts';
import { systemOf } from '../questions/system-of.ts';
import { type DrawnStep, drawnStep, type FindingRun, findingRunsIn, findingsByIdIn } from './finding-runs.ts';

/** A finding, and what is drawn of it. */
export type FindingExample = {
  /** `F-01` and so on. */
  readonly finding: string;
  /** The command, without `ipsecha`. */
  readonly command: string;
} & (
  | {
      /** Something breaks. */
      readonly kind: 'counterexample';
      readonly property: string;
      readonly result: CheckResult;
      readonly checked: CheckedProperty;
    }
  | {
      /** Nothing breaks: a shortest run up to the step. */
      readonly kind: 'step';
      readonly draws: DrawnStep;
      readonly initial: readonly Value[];
      readonly steps: readonly TakenStep<Value, Message, Observation, Action>[];
      readonly places: readonly string[];
    }
);

/** What is explored to draw a command of a finding. */
interface ExploredRun {
  readonly finding: string;
  readonly command: string;
  readonly revision: string;
  readonly scenario: string;
  /** The values of `--set`. */
  readonly changes: readonly string[];
  /** The values of `--without`. */
  readonly without: readonly string[];
}

/** One in which nothing breaks, and the step up to which it is drawn. */
export interface DrawnRun extends ExploredRun {
  readonly steps: DrawnStep;
}

/** Of each finding that names a step to draw: the command that names it. */
export const drawnRuns = (text: string): readonly DrawnRun[] =>
  [...findingsByIdIn(text)].flatMap(([finding, part]) =>
    findingRunsIn(part).flatMap(({ command, draws }) => {
      const steps = draws === undefined ? undefined : drawnStep(draws);
      const { revision, scenario } = partsOf(command, '(?:check|ablate)');
      return steps === undefined || revision === undefined || scenario === undefined
        ? []
        : [{ finding, command, revision, scenario, ...changesOf(command), steps }];
    }),
  );

/** One that finds something broken, and what breaks in it. */
export interface BrokenRun extends ExploredRun {
  readonly property: string;
  /** In how many steps; undefined where the text does not say: of a sweep. */
  readonly depth: number | undefined;
}

/** The first command of each finding that finds something broken, as `docs/findings.md` has it. */
export const brokenRuns = (text: string): readonly BrokenRun[] =>
  [...findingsByIdIn(text)].flatMap(([finding, part]) =>
    findingRunsIn(part)
      .flatMap((run) => brokenCheck(finding, run) ?? brokenSweep(finding, run) ?? [])
      .slice(0, 1),
  );

/** Of `check`: the first property that is violated, in the first scenario where one is. */
function brokenCheck(finding: string, { command, found }: FindingRun): BrokenRun | undefined {
  const { revision, scenario: named } = partsOf(command, 'check');
  // One after another in the order of the list, if none is named.
  const ofEach = named === undefined ? found.split('; ') : [found];
  const at = ofEach.findIndex((each) => VIOLATED.test(each));
  const [, property, depth] = VIOLATED.exec(ofEach[at] ?? '') ?? [];
  const scenario = named ?? scenarios[at]?.name;
  if (revision === undefined || scenario === undefined || property === undefined) return undefined;
  return { finding, command, revision, scenario, ...changesOf(command), property, depth: Number(depth) };
}

const VIOLATED = /(?:^|, )([a-z-]+) (\d+)/;

/** Of `synthesise`: the property with the first value that is swept, where it is not said to hold for that. */
function brokenSweep(finding: string, { command, found }: FindingRun): BrokenRun | undefined {
  const { revision, scenario } = partsOf(command, 'synthesise');
  const [, property] = / --property (\S+)/.exec(command) ?? [];
  const [, over] = / --over (\S+)/.exec(command) ?? [];
  if (revision === undefined || scenario === undefined || property === undefined || over === undefined)
    return undefined;
  if (!/for none (?:of|below)/.test(found)) return undefined;
  const { changes, without } = changesOf(command);
  const lowest = over.split(',').map((sweep) => sweep.replace(/(?:\.\.|\|).*$/, ''));
  return {
    finding,
    command,
    revision,
    scenario,
    changes: [...changes, ...lowest],
    without,
    property,
    depth: undefined,
  };
}

const partsOf = (
  command: string,
  verb: string,
): { readonly revision?: string; readonly scenario?: string } => {
  const [, revision] = new RegExp(`^${verb} (\\S+)`).exec(command) ?? [];
  const [, scenario] = / --scenario (\S+)/.exec(command) ?? [];
  return { ...(revision !== undefined && { revision }), ...(scenario !== undefined && { scenario }) };
};

function changesOf(command: string): Pick<ExploredRun, 'changes' | 'without'> {
  const all = (option: string): readonly string[] =>
    [...command.matchAll(new RegExp(` --${option} (\\S+)`, 'g'))].map(([, value = '']) => value);
  return { changes: all('set'), without: all('without') };
}

/** Computes the example of each finding anew, and says where it is not as it was written down. */
export async function findingExamples(
  text: string,
  limits: Limits,
): Promise<{ readonly examples: readonly FindingExample[]; readonly surprises: readonly string[] }> {
  const examples: FindingExample[] = [];
  const surprises: string[] = [];
  for (const run of brokenRuns(text)) {
    if (limits.signal?.aborted === true) break;
    const { finding, command, property, depth } = run;
    const scenario = scenarioNamed(run.scenario);
    const result = await ofRevision(run.revision, (named) =>
      check({
        revision: run.without.reduce(withoutRule, named),
        scenario,
        size: 'small',
        settings: settingsWith(settingsFor(scenario, 'small', named), run.changes, named),
        properties: [property],
        stopWhenAllViolated: true,
        ...limitsOf(limits, finding),
      }),
    );
    const [checked] = result.properties;
    const found = checked?.counterexample?.depth;
    if (checked !== undefined && found !== undefined && (depth === undefined || found === depth))
      examples.push({ kind: 'counterexample', finding, command, property, result, checked });
    else {
      const how = depth === undefined ? 'violated' : `violated in ${depth} steps`;
      surprises.push(`${finding}: ${property} is not ${how}, as docs/findings.md says`);
    }
  }
  for (const run of drawnRuns(text)) {
    if (limits.signal?.aborted === true) break;
    const { finding, command, steps: draws } = run;
    limits.tell?.(finding);
    const scenario = scenarioNamed(run.scenario);
    const { found, places } = await ofRevision(run.revision, async (named) => {
      const system = systemOf(
        run.without.reduce(withoutRule, named),
        settingsWith(settingsFor(scenario, 'small', named), run.changes, named),
      );
      const step = await findStep(system, ({ action }) => isDrawn(draws, action), limits);
      return { found: step, places: system.components };
    });
    if (found.kind === 'found') {
      const { initial, steps } = found;
      examples.push({ kind: 'step', finding, command, draws, initial, steps, places });
    } else surprises.push(`${finding}: no run was found up to the step that docs/findings.md has drawn`);
  }
  return { examples, surprises };
}

/** Asks something of a revision, and ends the threads of its file, if it has one: a text may name many. */
async function ofRevision<Answer>(
  argument: string,
  ask: (revision: Revision) => Promise<Answer>,
): Promise<Answer> {
  // A file that a text names lies beside that text, wherever the command is given.
  const revision = await revisionOf(
    isRevisionFile(argument) ? fileURLToPath(new URL(`../../${argument}`, import.meta.url)) : argument,
  );
  try {
    return await ask(revision);
  } finally {
    for (const ledger of ledgersOf(revision)) ledger.close();
  }
}

const isDrawn = ({ rule, alone, place }: DrawnStep, action: Action): boolean =>
  action.rules.some((each) => each === rule) &&
  (!alone || action.rules.length === 1) &&
  (place === undefined || placeOf(action) === place.replace(/^member /, ''));

const placeOf = (action: Action): string | undefined =>
  'by' in action ? action.by : 'to' in action ? action.to : undefined;
