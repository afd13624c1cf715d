/** In which scenario, by which property and how soon a flaw is found, where nothing is chosen but the scenario. */
import { type Revision, rfc6311, type Scenario, scenarios, settingsFor } from '../../model/index.ts';
import { type CheckResult, check } from '../questions/check.ts';
import type { Flaw } from './flaws.ts';

/** A property that holds without the flaw, broken with it. */
export interface FoundFlaw {
  readonly flaw: string;
  readonly scenario: string;
  readonly property: string;
  /** Length of the shortest counterexample. */
  readonly depth: number;
  /** What the exploration for this property took. */
  readonly seconds: number;
}

/** A scenario, and what holds of RFC 6311 in it: only that can tell a flaw. */
export interface Place {
  readonly scenario: Scenario;
  readonly states: number;
  readonly holds: readonly string[];
}

const explored = (
  revision: Revision,
  scenario: Scenario,
  properties?: readonly string[],
): Promise<CheckResult> =>
  check({
    revision,
    scenario,
    size: 'small',
    settings: settingsFor(scenario, 'small', revision),
    ...(properties === undefined ? {} : { properties, stopWhenAllViolated: true }),
  });

/** All scenarios at their default size, those with the fewest states first. */
export async function places(tell: (what: string) => void = () => undefined): Promise<readonly Place[]> {
  const found: Place[] = [];
  for (const scenario of scenarios) {
    tell(`rfc6311, ${scenario.name}`);
    const { properties, statistics } = await explored(rfc6311, scenario);
    const holds = properties.flatMap(({ id, verdict }) => (verdict === 'holds' ? [id] : []));
    found.push({ scenario, states: statistics.states, holds });
  }
  return found.sort((a, b) => a.states - b.states);
}

/** What finds a flaw in the first of some places where anything does; undefined if nothing does. */
export async function find(
  { name, revision }: Flaw,
  those: readonly Place[],
): Promise<FoundFlaw | undefined> {
  for (const { scenario, holds } of those) {
    const [first] = brokenIn(await explored(revision, scenario, holds));
    if (first !== undefined) return foundBy(name, revision, scenario, first);
  }
  return undefined;
}

/** The same, where it is known already. */
export async function foundBy(
  flaw: string,
  revision: Revision,
  scenario: Scenario,
  property: string,
): Promise<FoundFlaw | undefined> {
  const { properties, statistics } = await explored(revision, scenario, [property]);
  const depth = properties[0]?.counterexample?.depth;
  return depth === undefined
    ? undefined
    : { flaw, scenario: scenario.name, property, depth, seconds: Math.ceil(statistics.seconds * 10) / 10 };
}

/** What is broken, the shortest counterexample first. */
const brokenIn = ({ properties }: CheckResult): readonly string[] =>
  properties
    .flatMap(({ id, counterexample }) =>
      counterexample === undefined ? [] : [{ id, depth: counterexample.depth }],
    )
    .sort((a, b) => a.depth - b.depth)
    .map(({ id }) => id);
