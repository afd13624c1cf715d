/** What a second thread does for a comparison: the jobs that nobody has taken yet. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Settings, type Size, scenarios } from '../../model/index.ts';
import { revisionNamed, withoutRule } from './check.ts';
import {
  type ComparisonRequest,
  comparisonJobs,
  comparisonOutcome,
  type Place,
  type Side,
} from './compare.ts';
import { type Controlled, claim, endOf } from './second-thread.ts';

/** A comparison as it can be handed to a thread: without functions. */
export interface SharedComparison {
  readonly sides: readonly Omit<Side, 'revision'>[];
  readonly places: readonly { readonly scenario: string; readonly settings: readonly [Settings, Settings] }[];
  readonly size: Size;
  readonly properties?: readonly string[];
  readonly ignored?: readonly string[];
  readonly pairs?: number;
  readonly seconds?: number;
  readonly bytes?: number;
  /** Numbers of the jobs that are to be done, what takes longest first. */
  readonly wanted: readonly number[];
}

const { control, sides, places, wanted, ...rest } = workerData as SharedComparison & Controlled;

const sideOf = (side: Omit<Side, 'revision'>): Side => {
  const { name, without } = side.shipped!;
  return { ...side, revision: without.reduce(withoutRule, revisionNamed(name)) };
};

const placeOf = ({ scenario, settings }: SharedComparison['places'][number]): Place => ({
  scenario: scenarios.find(({ name }) => name === scenario)!,
  settings,
});

const signal = endOf(control);

const request: ComparisonRequest = {
  ...rest,
  sides: [sideOf(sides[0]!), sideOf(sides[1]!)],
  scenarios: places.map(placeOf),
  signal,
};

const jobs = comparisonJobs(places.length);
for (const job of wanted) {
  if (signal.aborted) break;
  if (!claim(control, job)) continue;
  parentPort?.postMessage({ job, outcome: await comparisonOutcome(request, jobs[job]!) });
}
