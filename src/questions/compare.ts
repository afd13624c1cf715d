/**
 * Two sides, each a revision under settings: whose properties hold where, with an example for each difference; and what
 * each does that the other cannot.
 */
import {
  type Revision,
  revisions,
  type Scenario,
  type Settings,
  type Size,
  scenarios,
} from '../../model/index.ts';
import { ownPropertiesOf } from '../author/own.ts';
import { type Behaviour, type BehaviourVerdict, behaviourOf } from './behaviour.ts';
import { CHEAPEST } from './cheapest.ts';
import { type CheckedProperty, type CheckResult, check } from './check.ts';
import type { SharedComparison } from './compare-thread.ts';
import { comparisonConclusion } from './conclusion.ts';
import { type Limits, limitsOf } from './limits.ts';
import { doneWith, SecondThread } from './second-thread.ts';
import { UsageError } from './usage-error.ts';

/** What is compared, beside the settings, which depend on the scenario. */
export interface Side {
  /** What it is called in the result. */
  readonly name: string;
  readonly revision: Revision;
  /** How another thread comes by the revision; undefined for an author's own, which has a thread already. */
  readonly shipped?: { readonly name: string; readonly without: readonly string[] };
  /** Changes of settings and rules left out, as on the command line: of this side, shared or not. */
  readonly set: readonly string[];
  readonly without: readonly string[];
}

/** A revision as it is. */
export const sideOf = (revision: Revision, name = revision.name): Side => ({
  name,
  revision,
  ...(revisions.includes(revision) ? { shipped: { name: revision.name, without: [] } } : {}),
  set: [],
  without: [],
});

export interface ComparisonRequest extends Limits {
  readonly sides: readonly [Side, Side];
  readonly size: Size;
  /** The settings of each of the two: not every setting means something to both. */
  readonly scenarios: readonly Place[];
  /** All that an exploration can check, if none is named. */
  readonly properties?: readonly string[];
  /** Fields of messages that are not looked at where behaviours are compared. */
  readonly ignored?: readonly string[];
  /** Pairs of states at most for each direction of behaviours. */
  readonly pairs?: number;
}

export interface Place {
  readonly scenario: Scenario;
  readonly settings: readonly [Settings, Settings];
}

/** `unknown`: one of the two was not decided. */
export type Difference = 'same' | 'differs' | 'unknown';

/** One property in one scenario. */
export interface ComparedProperty {
  readonly scenario: string;
  readonly property: string;
  readonly difference: Difference;
  readonly first: CheckedProperty;
  readonly second: CheckedProperty;
}

/** The shortest counterexample to a property that one of the sides breaks and the other does not. */
export interface DistinguishingExample {
  readonly result: CheckResult;
  readonly property: CheckedProperty;
}

export interface Comparison {
  /** The names of the two sides. */
  readonly revisions: readonly [string, string];
  readonly sides: readonly [SideWords, SideWords];
  readonly size: Size;
  readonly verdict: 'same' | 'differs' | 'inconclusive';
  readonly rows: readonly ComparedProperty[];
  /** One for each property that differs anywhere. */
  readonly examples: readonly DistinguishingExample[];
  /** Of each scenario the two checks; fewer if it was interrupted. */
  readonly results: readonly (readonly [CheckResult, CheckResult])[];
  /** Of each scenario, what the first does that the second cannot, and the other way round. */
  readonly behaviours: readonly Behaviour[];
  /** Over all scenarios; `none`: neither does what the other cannot. */
  readonly behaviour: BehaviourVerdict;
  /** What it comes to, in one sentence. */
  readonly conclusion: string;
}

/** A side as it was asked for. */
export interface SideWords {
  readonly revision: string;
  readonly set: readonly string[];
  readonly without: readonly string[];
}

/** What the two sides are called: the revision, and what only that side has. */
export function sideNames(
  sides: readonly [Omit<Side, 'name'>, Omit<Side, 'name'>],
): readonly [string, string] {
  const [first, second] = sides;
  const nameOf = (own: Omit<Side, 'name'>, other: Omit<Side, 'name'>): string =>
    [own.revision.name, ...own.set.filter((change) => !other.set.includes(change))].join(' ');
  return [nameOf(first, second), nameOf(second, first)];
}

/** One exploration, or one direction of the comparison of behaviours. Jobs do not depend on one another. */
export type ComparisonJob =
  | { readonly kind: 'check'; readonly place: number; readonly side: 0 | 1 }
  | { readonly kind: 'behaviour'; readonly place: number; readonly side: 0 | 1 };

export type ComparisonOutcome = CheckResult | Behaviour;

/** All jobs, in their order: it follows from the number of scenarios alone. */
export const comparisonJobs = (places: number): readonly ComparisonJob[] =>
  (['check', 'behaviour'] as const).flatMap((kind) =>
    Array.from({ length: places }, (_, place) => place).flatMap((place) => [
      { kind, place, side: 0 } as const,
      { kind, place, side: 1 } as const,
    ]),
  );

/** Does one job. */
export async function comparisonOutcome(
  request: ComparisonRequest,
  { kind, place, side }: ComparisonJob,
): Promise<ComparisonOutcome> {
  const { ignored = [], properties, size, scenarios: places, sides, ...limits } = request;
  const { scenario, settings } = places[place]!;
  if (kind === 'behaviour') {
    const [of, against] = [side, 1 - side].map((index) => {
      const { name, revision } = sides[index]!;
      return { name, revision, settings: settings[index]! };
    });
    return behaviourOf({ scenario: scenario.name, of: of!, against: against!, ignored, ...limits });
  }
  const { name, revision } = sides[side];
  const result = await check({
    revision,
    scenario,
    size,
    settings: settings[side],
    beside: sides.map((each) => each.revision),
    ...(properties === undefined ? {} : { properties }),
    ...limitsOf(request, `${name} ${scenario.name}`),
  });
  return { ...result, revision: name };
}

/** Compares the verdicts on two sides, and what they do. @throws UsageError if both have the same name */
export async function compare(request: ComparisonRequest): Promise<Comparison> {
  const { sides, size } = request;
  const [first, second] = sides;
  if (first.name === second.name) {
    throw new UsageError(
      `both sides are '${first.name}'`,
      'name two revisions that differ, or say what differs: --with REVISION --set KEY=VALUE (or --without RULE)',
    );
  }
  const jobs = comparisonJobs(request.scenarios.length);
  const outcomes = await outcomesOf(request, jobs);
  const of = (kind: ComparisonJob['kind'], place: number, side: 0 | 1): ComparisonOutcome | undefined =>
    outcomes[jobs.findIndex((job) => job.kind === kind && job.place === place && job.side === side)];
  const places = request.scenarios.map((_, place) => place);
  const results = places.flatMap((place) => {
    const [one, other] = [of('check', place, 0), of('check', place, 1)];
    return one === undefined || other === undefined
      ? []
      : [[one as CheckResult, other as CheckResult] as const];
  });
  const behaviours = places.flatMap((place) =>
    ([0, 1] as const).flatMap((side) => (of('behaviour', place, side) as Behaviour | undefined) ?? []),
  );
  const rows = results.flatMap(rowsOf);
  const comparison: Omit<Comparison, 'conclusion'> = {
    revisions: [first.name, second.name],
    sides: [wordsOf(first), wordsOf(second)],
    size,
    verdict: verdictOf(rows, results.length === request.scenarios.length),
    rows,
    examples: examplesOf(rows, results),
    results,
    behaviours,
    behaviour: overall(behaviours, 2 * request.scenarios.length),
  };
  return { ...comparison, conclusion: comparisonConclusion(comparison) };
}

const wordsOf = ({ revision, set, without }: Side): SideWords => ({
  revision: revision.name.split(' ')[0]!,
  set,
  without,
});

/** So many scenarios make it worth while to start another thread, and not to look long for each difference in behaviour. */
const MANY = 3;

/**
 * Pairs of states that are looked at for each direction of behaviours in many scenarios: one difference is enough to know
 * that there is one. Counted and not timed, so that what is found does not depend on the machine.
 */
const FIRST_LOOK = 1_000;

type Outcomes = readonly (ComparisonOutcome | undefined)[];

/**
 * The outcomes in the order of the jobs; of those that were not done, for it was interrupted, undefined. Differences in
 * behaviour are looked for shortly in each of many scenarios, and longer only if none was found anywhere.
 */
async function outcomesOf(request: ComparisonRequest, jobs: readonly ComparisonJob[]): Promise<Outcomes> {
  const all = jobs.map((_, index) => index);
  if (request.scenarios.length < MANY) return shared(request, jobs, all);
  const first = await shared({ ...request, pairs: FIRST_LOOK }, jobs, all);
  const behaviours = all.filter((index) => jobs[index]?.kind === 'behaviour');
  const open = behaviours.filter((index) => first[index]?.verdict === 'inconclusive');
  const longer =
    open.length === 0 || behaviours.some((index) => first[index]?.verdict === 'differs')
      ? []
      : await shared(request, jobs, open);
  return all.map((index) => longer[index] ?? first[index]);
}

/** Does some of the jobs, by their numbers; half of them in another thread, if that can do them. */
async function shared(
  request: ComparisonRequest,
  jobs: readonly ComparisonJob[],
  wanted: readonly number[],
): Promise<Outcomes> {
  const isStopped = (): boolean => request.signal?.aborted === true;
  const isShared = canBeShared(request) && !isStopped();
  // What takes longest comes first, so that both have done at about the same time.
  const inOrder = isShared
    ? wanted.toSorted((a, b) => costOf(request, jobs[b]!) - costOf(request, jobs[a]!))
    : wanted;
  const second = isShared
    ? new SecondThread<ComparisonOutcome>('compare-thread', sharedOf(request, inOrder), jobs.length)
    : undefined;
  const outcomes = await doneWith(second, inOrder, isStopped, (index) =>
    comparisonOutcome(request, jobs[index]!),
  );
  return jobs.map((_, index) => outcomes.get(index));
}

/** What takes longer has a higher one; a look at behaviours is short, whatever the scenario. */
const costOf = ({ scenarios: places }: ComparisonRequest, { kind, place }: ComparisonJob): number =>
  kind === 'behaviour' ? -1 : CHEAPEST.indexOf(places[place]!.scenario.name);

/** A request whose sides are shipped. */
function sharedOf(request: ComparisonRequest, wanted: readonly number[]): SharedComparison {
  const { sides, scenarios, size, properties, ignored, pairs, seconds, bytes } = request;
  return {
    sides: sides.map(({ revision: _, ...side }) => side),
    places: scenarios.map(({ scenario, settings }) => ({ scenario: scenario.name, settings })),
    size,
    wanted,
    ...(properties === undefined ? {} : { properties }),
    ...(ignored === undefined ? {} : { ignored }),
    ...(pairs === undefined ? {} : { pairs }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}

/** Whether another thread can do some of it: all there is to explore is shipped, and small enough for two at once. */
const canBeShared = ({ sides, scenarios: places, size, workers = 1 }: ComparisonRequest): boolean =>
  size === 'small' &&
  workers === 1 &&
  places.length >= MANY &&
  sides.every(({ shipped }) => shipped !== undefined) &&
  places.every(({ scenario }) => scenarios.includes(scenario)) &&
  ownPropertiesOf(sides.map(({ revision }) => revision)).length === 0;

function overall(behaviours: readonly Behaviour[], wanted: number): BehaviourVerdict {
  if (behaviours.some(({ verdict }) => verdict === 'differs')) return 'differs';
  return behaviours.length === wanted && behaviours.every(({ verdict }) => verdict === 'none')
    ? 'none'
    : 'inconclusive';
}
const rowsOf = ([one, other]: readonly [CheckResult, CheckResult]): readonly ComparedProperty[] =>
  one.properties.flatMap((first) => {
    const second = other.properties.find(({ id }) => id === first.id);
    return second === undefined
      ? []
      : [
          {
            scenario: one.scenario,
            property: first.id,
            difference: differenceOf(first, second),
            first,
            second,
          },
        ];
  });

function differenceOf(first: CheckedProperty, second: CheckedProperty): Difference {
  if (first.verdict === 'inconclusive' || second.verdict === 'inconclusive') return 'unknown';
  return first.verdict === second.verdict ? 'same' : 'differs';
}

function verdictOf(rows: readonly ComparedProperty[], whole: boolean): Comparison['verdict'] {
  if (rows.some(({ difference }) => difference === 'differs')) return 'differs';
  return whole && rows.every(({ difference }) => difference === 'same') ? 'same' : 'inconclusive';
}

function examplesOf(
  rows: readonly ComparedProperty[],
  results: Comparison['results'],
): readonly DistinguishingExample[] {
  const differing = rows.filter(({ difference }) => difference === 'differs');
  return [...new Set(differing.map(({ property }) => property))].flatMap((id) => {
    const candidates = differing
      .filter((row) => row.property === id)
      .flatMap((row): DistinguishingExample[] => {
        const pair = results.find(([one]) => one.scenario === row.scenario);
        if (pair === undefined) return [];
        return row.first.counterexample === undefined
          ? [{ result: pair[1], property: row.second }]
          : [{ result: pair[0], property: row.first }];
      })
      .sort((a, b) => depthOf(a.property) - depthOf(b.property));
    return candidates.slice(0, 1);
  });
}

const depthOf = ({ counterexample }: CheckedProperty): number =>
  counterexample?.depth ?? Number.POSITIVE_INFINITY;
