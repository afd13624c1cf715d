/** What a second thread does for a comparison: the jobs that nobody has taken yet, from the last on. */
import { parentPort, workerData } from 'node:worker_threads';
import { scenarios } from '../../model/index.ts';
import { revisionNamed, withoutRule } from './check.ts';
import {
  type ComparisonRequest,
  comparisonJobs,
  comparisonOutcome,
  type Place,
  type Side,
} from './compare.ts';
import { claim, type SharedComparison } from './second-thread.ts';

const { control, sides, places, wanted, ...rest } = workerData as SharedComparison;

const sideOf = (side: Omit<Side, 'revision'>): Side => {
  const { name, without } = side.shipped!;
  return { ...side, revision: without.reduce(withoutRule, revisionNamed(name)) };
};

const placeOf = ({ scenario, settings }: SharedComparison['places'][number]): Place => ({
  scenario: scenarios.find(({ name }) => name === scenario)!,
  settings,
});

const signal = {
  get aborted(): boolean {
    return Atomics.load(control, control.length - 1) === 1;
  },
};

const request: ComparisonRequest = {
  ...rest,
  sides: [sideOf(sides[0]!), sideOf(sides[1]!)],
  scenarios: places.map(placeOf),
  signal,
};

const jobs = comparisonJobs(places.length);
for (const job of wanted.toReversed()) {
  if (signal.aborted) break;
  if (!claim(control, job)) continue;
  parentPort?.postMessage({ job, outcome: await comparisonOutcome(request, jobs[job]!) });
}
