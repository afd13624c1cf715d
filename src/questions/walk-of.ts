/** Where one can walk a run that was found: its address, for whoever links to it. */
import {
  type Revision,
  revisions,
  type Settings,
  scenarios,
  settingSpecs,
  settingsFor,
  type Value,
} from '../../model/index.ts';
import {
  type CheckedProperty,
  type CheckResult,
  revisionNamed,
  scenarioNamed,
  settingsWith,
  takes,
  withoutRule,
} from './check.ts';
import { type ModelStep, namedRun } from './run-steps.ts';
import { systemOf } from './system-of.ts';
import type { WalkAddress, WalkSubject } from './walk-address.ts';

/** What a result is of; undefined if its revision is none that is shipped, nor one of these without some rules. */
export function subjectOf({ revision, scenario, size, bounds }: CheckResult): WalkSubject | undefined {
  const [name = '', ...without] = revision.split(' without ');
  const named = revisions.find((each) => each.name === name);
  const found = scenarios.find((each) => each.name === scenario);
  if (named === undefined || found === undefined) return undefined;
  const usual = settingsFor(found, size, named);
  const set = settingSpecs.flatMap(({ key, field }) => {
    const value = bounds[key];
    return value === undefined || value === usual[field] ? [] : [`${key}=${value}`];
  });
  return { revision: name, scenario, size, set, without };
}

/** The counterexample of a property, at its last step; undefined if there is none, or none of a shipped revision. */
export function walkOf(
  result: CheckResult,
  { id, counterexample }: Pick<CheckedProperty, 'id' | 'counterexample'>,
): WalkAddress | undefined {
  const subject = subjectOf(result);
  if (subject === undefined || counterexample === undefined) return undefined;
  const { initial, steps, cycle } = counterexample;
  return {
    ...walkOfSteps(subject, initial, steps),
    property: id,
    ...(cycle === undefined ? {} : { loop: cycle.start }),
  };
}

/**
 * Any run, at its last step.
 *
 * @throws RangeError if it is no run of the subject
 */
export function walkOfSteps(
  subject: WalkSubject,
  initial: readonly Value[],
  steps: readonly ModelStep[],
): WalkAddress {
  const { revision, settings } = builtFrom(subject);
  const run = namedRun(systemOf(revision, settings), initial, steps);
  return { ...subject, ...run, at: run.steps.length };
}

/**
 * The revision and the settings of a subject.
 *
 * @param own the revision, if it is not a shipped one
 * @throws UsageError if there is none such
 */
export function builtFrom(
  { revision: name, scenario: inScenario, size, set, without }: WalkSubject,
  own?: Revision,
): {
  readonly named: Revision;
  readonly revision: Revision;
  readonly settings: Settings;
} {
  const named = own ?? revisionNamed(name);
  const scenario = scenarioNamed(inScenario);
  return {
    named,
    revision: without.reduce(withoutRule, named),
    settings: settingsWith(settingsFor(scenario, size, named), set, named),
  };
}

/** What a command explores, as far as it is of a shipped revision: what stands behind `ipsecha check`, for instance. */
export function subjectOfCommand(command: string): WalkSubject | undefined {
  const [, revision = ''] = /^(?:check|ablate|synthesise|simulate|compare) (\S+)/.exec(command) ?? [];
  const [, scenario = scenarios[0]?.name ?? ''] = / --scenario (\S+)/.exec(command) ?? [];
  const named = revisions.find(({ name }) => name === revision);
  if (named === undefined || scenarios.every(({ name }) => name !== scenario)) return undefined;
  const all = (option: string): readonly string[] =>
    [...command.matchAll(new RegExp(` --${option} (\\S+)`, 'g'))].map(([, value = '']) => value);
  const lowest = all('over')
    .flatMap((over) => over.replaceAll("'", '').split(','))
    .map((sweep) => sweep.replace(/(?:\.\.|\|).*$/, ''))
    .filter((change) => !change.endsWith('*'));
  return {
    revision,
    scenario,
    size: 'small',
    set: [...all('set'), ...lowest].filter((change) => takes(named, change)),
    without: all('without'),
  };
}
