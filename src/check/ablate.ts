/**
 * Ablation: each rule of a revision is left out in turn. What holds with the rule and breaks without it is what
 * the rule is there for, as far as the scenario shows.
 */
import {
  ablatable,
  findRule,
  type Revision,
  type Scenario,
  type Settings,
  type Size,
} from '../../model/index.ts';
import { type CheckResult, check, checkedProperties, withoutRule } from './check.ts';
import { type Limits, limitsOf } from './limits.ts';

export interface AblationRequest extends Limits {
  readonly revision: Revision;
  readonly size: Size;
  readonly scenarios: readonly { readonly scenario: Scenario; readonly settings: Settings }[];
  /** All that an exploration can check, if none is named. */
  readonly properties?: readonly string[];
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
  readonly rule: string;
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
  const { revision, size, signal } = request;
  const ids = ablatable(revision);
  const total = request.scenarios.length * (ids.length + 1);
  let begun = 0;
  const name = (what: string, { scenario }: { readonly scenario: Scenario }): string => {
    begun += 1;
    return `${begun} of ${total}, ${what}, ${scenario.name}`;
  };
  const baselines: Baseline[] = [];
  for (const place of request.scenarios) {
    if (signal?.aborted === true) break;
    const limits = limitsOf(request, name(revision.name, place));
    const properties = request.properties ?? checkedProperties;
    baselines.push(baselineOf(await check({ revision, size, ...place, properties, ...limits })));
  }
  const rules: AblatedRule[] = [];
  for (const rule of ids) {
    const cells: AblationCell[] = [];
    for (const [index, place] of request.scenarios.entries()) {
      const baseline = baselines[index];
      if (baseline === undefined || signal?.aborted === true) break;
      const limits = limitsOf(request, name(`without ${rule}`, place));
      cells.push(await cellOf(withoutRule(revision, rule), size, place, baseline, limits));
    }
    if (cells.length > 0) rules.push({ rule, title: findRule(rule)?.title ?? '', cells });
  }
  const whole = (cells: readonly AblationCell[]): boolean =>
    cells.length === request.scenarios.length && cells.every(({ inconclusive }) => inconclusive.length === 0);
  return {
    revision: revision.name,
    size,
    baselines,
    rules,
    breaksNothing: rules
      .filter(({ cells }) => whole(cells) && cells.every(({ breaks }) => breaks.length === 0))
      .map(({ rule }) => rule),
    verdict:
      rules.length === ids.length && rules.every(({ cells }) => whole(cells)) && baselines.every(isDecided)
        ? 'conclusive'
        : 'inconclusive',
  };
}

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
