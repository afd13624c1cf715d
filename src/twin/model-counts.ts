/** What the explorer counts of the model, in a configuration of the twin. */
import type { Revision } from '../../model/index.ts';
import {
  type CheckResult,
  check,
  revisionNamed,
  scenarioNamed,
  settingsWith,
  withoutRule,
} from '../questions/check.ts';
import type { TwinOptions } from './promela.ts';

/** Every state is visited, and nothing is reduced; of another revision, if one is given. */
export function modelCounts(options: TwinOptions, other?: Revision): Promise<CheckResult> {
  const { members, requests, failovers, retries, bump, stateSync, property } = options;
  const revision = other ?? options.without.reduce(withoutRule, revisionNamed(options.revision));
  const scenario = scenarioNamed('single-failover');
  const changes = [
    ...[`members=${members}`, `requests=${requests}`, `failovers=${failovers}`, `state-sync=${stateSync}`],
    ...(revision.counterSync === null
      ? []
      : [`bump=${bump}`, `retries=${retries}`, `retry=${retries > 0 ? 'fresh' : 'same'}`]),
  ];
  return check({
    revision,
    scenario,
    size: 'small',
    settings: settingsWith(scenario.sizes.small, changes, revision),
    properties: [property],
    noReductions: ['symmetry', 'dead-messages'],
  });
}
