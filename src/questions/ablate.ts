/**
 * Ablation: each rule of a revision is left out in turn. What holds with the rule and breaks without it is what
 * the rule is there for, as far as the scenario shows.
 */
import {
  ablatable,
  findRule,
  type Revision,
  type RuleId,
  type Scenario,
  type Settings,
  type Size,
} from '../../model/index.ts';
import { type CheckResult, check, checkedPropertiesOf, withoutRule } from './check.ts';
import { type Limits, limitsOf } from './limits.ts';

export interface AblationRequest extends Limits {
  readonly revision: Revision;
  readonly size: Size;
  readonly scenarios: readonly { readonly scenario: Scenario; readonly settings: Settings }[];
  /** All that an exploration can check, if none is named. */
  readonly properties?: readonly string[];
  /** Only these jobs are done, by their numbers in `ablationPlan`; all, if nothing is said. */
  readonly only?: (job: number) => boolean;
}

/** The jobs of an ablation: each rule in each scenario, none depending on another. */
export interface AblationPlan {
  readonly revision: string;
  readonly size: Size;
  readonly scenarios: readonly string[];
  readonly rules: readonly RuleId[];
}

/** What came out of one job. Each comes with the baseline that it was held against. */
export interface AblationPart {
  readonly job: number;
  readonly baseline: Baseline;
  readonly cell: AblationCell;
}

/** The revision with all of its rules in one scenario. */
export interface Baseline {
  readonly scenario: string;
  readonly bounds: CheckResult['bounds'];
  /** What can break: only this is asked of the revision without a rule. */
  readonly holds: readonly string[];
  /** What is broken with all rules in place. */
  readonly violated: readonly string[];
  /** What was not decided before a limit was met. */
  readonly inconclusive: readonly string[];
  /** Rules that never came into play, so that leaving them out says nothing. */
  readonly neverOccurred: readonly string[];
  readonly states: number;
  readonly seconds: number;
}

/** The revision without one rule in one scenario. */
export interface AblationCell {
  readonly scenario: string;
  /** The properties that hold with the rule and not without it, the shortest counterexample first. */
  readonly breaks: readonly { readonly property: string; readonly depth: number; readonly because: string }[];
  /** The properties of which it is not known whether the absence breaks them. */
  readonly inconclusive: readonly string[];
  /** Whether every reachable state was visited, or else everything broke. */
  readonly complete: boolean;
  readonly states: number;
  readonly seconds: number;
}

export interface AblatedRule {
  readonly rule: RuleId;
  readonly title: string;
  /** By scenario; fewer than there are scenarios if it was interrupted. */
  readonly cells: readonly AblationCell[];
}

export interface Ablation {
  readonly revision: string;
  readonly size: Size;
  readonly baselines: readonly Baseline[];
  readonly rules: readonly AblatedRule[];
  /** Rules without which nothing breaks, in any of the scenarios; all of it was explored. */
  readonly breaksNothing: readonly string[];
  readonly verdict: 'conclusive' | 'inconclusive';
}

/** Leaves out every rule that can be left out, in every scenario. */
export async function ablate(request: AblationRequest): Promise<Ablation> {
  const { baselines, parts } = await ablationParts(request);
  return ablationOf(ablationPlan(request), baselines, parts);
}

/** The jobs: of each rule in turn, every scenario. */
export const ablationPlan = ({ revision, size, scenarios }: AblationRequest): AblationPlan => ({
  revision: revision.name,
  size,
  scenarios: scenarios.map(({ scenario }) => scenario.name),
  rules: ablatable(revision),
});

/** How many jobs there are. */
export const jobsIn = ({ rules, scenarios }: AblationPlan): number => rules.length * scenarios.length;

/** Does the jobs, and first the baselines that they need; what there is of it, if it is interrupted. */
export async function ablationParts(
  request: AblationRequest,
): Promise<{ readonly baselines: readonly Baseline[]; readonly parts: readonly AblationPart[] }> {
  const { revision, size, signal } = request;
  const { rules, scenarios } = ablationPlan(request);
  const jobs = rules
    .flatMap((rule, row) =>
      request.scenarios.map((place, column) => ({ rule, place, job: row * scenarios.length + column })),
    )
    .filter(({ job }) => request.only?.(job) ?? true);
  const places = request.scenarios.filter((place) => jobs.some((job) => job.place === place));
  const total = places.length + jobs.length;
  let begun = 0;
  const limits = (what: string, { scenario }: { readonly scenario: Scenario }) => {
    begun += 1;
    return limitsOf(request, `${begun} of ${total}, ${what}, ${scenario.name}`);
  };
  const baselines: Baseline[] = [];
  for (const place of places) {
    if (signal?.aborted === true) break;
    const properties = request.properties ?? checkedPropertiesOf(revision.properties ?? []);
    const bounds = limits(revision.name, place);
    baselines.push(baselineOf(await check({ revision, size, ...place, properties, ...bounds })));
  }
  const parts: AblationPart[] = [];
  for (const { rule, place, job } of jobs) {
    const baseline = baselines.find(({ scenario }) => scenario === place.scenario.name);
    if (baseline === undefined || signal?.aborted === true) break;
    const bounds = limits(`without ${rule}`, place);
    const cell = await cellOf(withoutRule(revision, rule), size, place, baseline, bounds);
    parts.push({ job, baseline, cell });
  }
  return { baselines, parts };
}

/** The ablation that the results of jobs make: a conclusive one only if none is missing. */
export function ablationOf(
  plan: AblationPlan,
  baselines: readonly Baseline[],
  parts: readonly AblationPart[],
): Ablation {
  const { revision, size } = plan;
  const rules = plan.rules.flatMap((rule, row): readonly AblatedRule[] => {
    const cells = plan.scenarios.flatMap((_, column) =>
      parts.flatMap(({ job, cell }) => (job === row * plan.scenarios.length + column ? [cell] : [])),
    );
    return cells.length === 0 ? [] : [{ rule, title: findRule(rule)?.title ?? '', cells }];
  });
  const whole = (cells: readonly AblationCell[]): boolean =>
    cells.length === plan.scenarios.length && cells.every(({ inconclusive }) => inconclusive.length === 0);
  return {
    revision,
    size,
    baselines,
    rules,
    breaksNothing: rules
      .filter(({ cells }) => whole(cells) && cells.every(({ breaks }) => breaks.length === 0))
      .map(({ rule }) => rule),
    verdict:
      rules.length === plan.rules.length &&
      rules.every(({ cells }) => whole(cells)) &&
      baselines.every(isDecided)
        ? 'conclusive'
        : 'inconclusive',
  };
}

/**
 * One baseline for each scenario, from jobs that were done apart: with a limit of time they need not have got
 * equally far, and the one that got farthest is shown. Each cell was held against its own.
 */
export const baselinesOf = (plan: AblationPlan, parts: readonly AblationPart[]): readonly Baseline[] =>
  plan.scenarios.flatMap((scenario) =>
    parts
      .map(({ baseline }) => baseline)
      .filter((baseline) => baseline.scenario === scenario)
      .sort((a, b) => a.inconclusive.length - b.inconclusive.length)
      .slice(0, 1),
  );

const isDecided = ({ inconclusive }: Baseline): boolean => inconclusive.length === 0;

function baselineOf(result: CheckResult): Baseline {
  const having = (verdict: string): readonly string[] =>
    result.properties.filter((property) => property.verdict === verdict).map(({ id }) => id);
  return {
    scenario: result.scenario,
    bounds: result.bounds,
    holds: having('holds'),
    violated: having('violated'),
    inconclusive: having('inconclusive'),
    neverOccurred: result.neverOccurred,
    states: result.statistics.states,
    seconds: result.statistics.seconds,
  };
}

async function cellOf(
  revision: Revision,
  size: Size,
  place: { readonly scenario: Scenario; readonly settings: Settings },
  baseline: Baseline,
  limits: ReturnType<typeof limitsOf>,
): Promise<AblationCell> {
  // What is not known to hold with the rule can tell nothing without it.
  const undecided = baseline.inconclusive;
  if (baseline.holds.length === 0) {
    return {
      scenario: baseline.scenario,
      breaks: [],
      inconclusive: undecided,
      complete: true,
      states: 0,
      seconds: 0,
    };
  }
  const result = await check({
    revision,
    size,
    ...place,
    properties: baseline.holds,
    stopWhenAllViolated: true,
    ...limits,
  });
  return {
    scenario: result.scenario,
    breaks: result.properties
      .flatMap(({ id, because, counterexample }) =>
        counterexample === undefined
          ? []
          : [{ property: id, depth: counterexample.depth, because: because ?? counterexample.because }],
      )
      .sort((a, b) => a.depth - b.depth),
    inconclusive: [
      ...result.properties.filter(({ verdict }) => verdict === 'inconclusive').map(({ id }) => id),
      ...undecided,
    ],
    complete: result.statistics.complete || result.properties.every(({ verdict }) => verdict === 'violated'),
    states: result.statistics.states,
    seconds: result.statistics.seconds,
  };
}
