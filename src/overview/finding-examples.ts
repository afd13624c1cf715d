/** For each finding the run that shows it: the shortest counterexample of its first command that finds something broken. */

import { settingsFor } from '../../model/index.ts';
import {
  type CheckedProperty,
  type CheckResult,
  check,
  scenarioNamed,
  settingsWith,
  withoutRule,
} from '../check/check.ts';
import { type Limits, limitsOf } from '../check/limits.ts';
import { revisionOf } from '../check/revision-file.ts';

/** A finding, and what is drawn of it. */
export interface FindingExample {
  /** `F-01` and so on. */
  readonly finding: string;
  /** The command, without `ipsecha`. */
  readonly command: string;
  readonly property: string;
  readonly result: CheckResult;
  readonly checked: CheckedProperty;
}

/** A command that finds something broken: what is checked, and what breaks in how many steps. */
export interface BrokenRun {
  readonly finding: string;
  readonly command: string;
  readonly revision: string;
  readonly scenario: string;
  readonly changes: readonly string[];
  readonly without: readonly string[];
  readonly property: string;
  readonly depth: number;
}

/** The first command of each finding that finds something broken, as `docs/findings.md` has it. */
export const brokenRuns = (text: string): readonly BrokenRun[] =>
  text.split(/\n### /).flatMap((part) => {
    const [, finding] = /^(F-\d+): /.exec(part) ?? [];
    if (finding === undefined) return [];
    const runs = [...part.matchAll(/^\$ ipsecha (check .+)\nwith .*\nfinds (.+)$/gm)];
    return runs.flatMap(([, command = '', found = '']) => runOf(finding, command, found) ?? []).slice(0, 1);
  });

function runOf(finding: string, command: string, found: string): BrokenRun | undefined {
  const [, revision] = /^check (\S+)/.exec(command) ?? [];
  const [, scenario] = / --scenario (\S+)/.exec(command) ?? [];
  const [, property, depth] = /(?:^|, )([a-z-]+) (\d+)/.exec(found) ?? [];
  if (revision === undefined || scenario === undefined || property === undefined) return undefined;
  const all = (option: string): readonly string[] =>
    [...command.matchAll(new RegExp(` --${option} (\\S+)`, 'g'))].map(([, value = '']) => value);
  return {
    finding,
    command,
    revision,
    scenario,
    changes: all('set'),
    without: all('without'),
    property,
    depth: Number(depth),
  };
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
    const named = await revisionOf(run.revision);
    const revision = run.without.reduce(withoutRule, named);
    const scenario = scenarioNamed(run.scenario);
    const result = await check({
      revision,
      scenario,
      size: 'small',
      settings: settingsWith(settingsFor(scenario, 'small', named), run.changes, named),
      properties: [property],
      stopWhenAllViolated: true,
      ...limitsOf(limits, finding),
    });
    const [checked] = result.properties;
    if (checked?.counterexample?.depth === depth)
      examples.push({ finding, command, property, result, checked });
    else
      surprises.push(`${finding}: ${property} is not violated in ${depth} steps, as docs/findings.md says`);
  }
  return { examples, surprises };
}
