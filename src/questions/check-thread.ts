/** What a second thread does of many checks: those that nobody has taken yet, from the last on. */
import { parentPort, workerData } from 'node:worker_threads';
import { settingsFor } from '../../model/index.ts';
import { check, revisionNamed, scenarioNamed } from './check.ts';
import { type Controlled, claim, endOf } from './second-thread.ts';

/** Checks of shipped revisions in shipped scenarios, at size small. */
export interface SharedChecks {
  readonly places: readonly { readonly revision: string; readonly scenario: string }[];
}

const { places, control } = workerData as SharedChecks & Controlled;
const signal = endOf(control);

for (const [job, place] of [...places.entries()].toReversed()) {
  if (signal.aborted) break;
  if (!claim(control, job)) continue;
  const revision = revisionNamed(place.revision);
  const scenario = scenarioNamed(place.scenario);
  const settings = settingsFor(scenario, 'small', revision);
  parentPort?.postMessage({
    job,
    outcome: await check({ revision, scenario, size: 'small', settings, signal }),
  });
}
