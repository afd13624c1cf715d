/**
 * Two revisions side by side: whose properties hold where, with an example for each difference; and what each does
 * that the other cannot.
 */
import type { Revision, Scenario, Settings, Size } from '../../model/index.ts';
import { type Behaviour, type BehaviourVerdict, behaviourOf } from './behaviour.ts';
import { type CheckedProperty, type CheckResult, check } from './check.ts';
import { type Limits, limitsOf } from './limits.ts';
import { UsageError } from './usage-error.ts';

export interface ComparisonRequest extends Limits {
  readonly revisions: readonly [Revision, Revision];
  readonly size: Size;
  /** The settings of each of the two: not every setting means something to both. */
  readonly scenarios: readonly {
    readonly scenario: Scenario;
    readonly settings: readonly [Settings, Settings];
  }[];
  /** All that an exploration can check, if none is named. */
  readonly properties?: readonly string[];
  /** Fields of messages that are not looked at where behaviours are compared. */
  readonly ignored?: readonly string[];
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

/** The shortest counterexample to a property that one of the revisions breaks and the other does not. */
export interface DistinguishingExample {
  readonly result: CheckResult;
  readonly property: CheckedProperty;
}

export interface Comparison {
  readonly revisions: readonly [string, string];
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
}

/**
 * Compares the verdicts on two revisions, and what they do.
 *
 * @throws UsageError if both have the same name
 */
export async function compare(request: ComparisonRequest): Promise<Comparison> {
  const { revisions, size, signal } = request;
  const [first, second] = revisions;
  if (first.name === second.name) {
    throw new UsageError(`both revisions are named '${first.name}'`, 'name two that differ');
  }
  const results: (readonly [CheckResult, CheckResult])[] = [];
  for (const { scenario, settings } of request.scenarios) {
    const checked: CheckResult[] = [];
    for (const [index, revision] of revisions.entries()) {
      if (signal?.aborted === true) break;
      checked.push(
        await check({
          revision,
          scenario,
          size,
          settings: settings[index]!,
          beside: revisions,
          ...(request.properties === undefined ? {} : { properties: request.properties }),
          ...limitsOf(request, `${revision.name} ${scenario.name}`),
        }),
      );
    }
    const [one, other] = checked;
    if (one !== undefined && other !== undefined) results.push([one, other]);
  }
  const behaviours = await behavioursOf(request);
  const rows = results.flatMap(rowsOf);
  return {
    revisions: [first.name, second.name],
    size,
    verdict: verdictOf(rows, results.length === request.scenarios.length),
    rows,
    examples: examplesOf(rows, results),
    results,
    behaviours,
    behaviour: overall(behaviours, 2 * request.scenarios.length),
  };
}

/** Both directions in every scenario. */
async function behavioursOf(request: ComparisonRequest): Promise<readonly Behaviour[]> {
  const { ignored = [], properties: _, size: _size, scenarios, revisions, ...limits } = request;
  const found: Behaviour[] = [];
  for (const { scenario, settings } of scenarios) {
    const [one, other] = revisions.map((revision, index) => ({ revision, settings: settings[index]! }));
    if (one === undefined || other === undefined) break;
    for (const [of, against] of [
      [one, other],
      [other, one],
    ] as const) {
      if (limits.signal?.aborted === true) return found;
      found.push(await behaviourOf({ scenario: scenario.name, of, against, ignored, ...limits }));
    }
  }
  return found;
}

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
