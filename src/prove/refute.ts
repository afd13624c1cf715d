/** A run of the model itself that breaks a property, where its proof fails: looked for within bounds, by exploration. */
import {
  type Message,
  type Observation,
  type Scenario,
  type Settings,
  safetyProperties,
  scenarios,
  settingSpecs,
  settingsFor,
  type Value,
} from '../../model/index.ts';
import type { Action } from '../../model/machine/composition.ts';
import { assumptions } from '../../proofs/assumptions.ts';
import { boxesIn, stepSeen } from '../../proofs/seen-runs.ts';
import { type Ghost, peerKind, type World } from '../../proofs/theorem.ts';
import { theorems, theoremsOfClusters } from '../../proofs/theorems.ts';
import type { Counterexample } from '../explore/result.ts';
import { type CheckResult, check, settingsWith, takes } from '../questions/check.ts';
import type { DerivedResult } from './derived.ts';
import { SEES_NOTHING } from './progress-proof.ts';

/** Where a run is looked for, in this order. */
const SCENARIOS: readonly string[] = [
  'simultaneous-failover',
  'single-failover',
  'packets-during-failover',
  'multiple-failover',
  'replay',
  'negotiation',
];

/**
 * With which further settings: first with the least numbers, for a theorem is about any and there runs are shortest
 * (`least.ts`); then as the scenario has them, and so that assumptions are kept.
 */
const TRIED: readonly Partial<Settings>[] = [
  { bump: 0, delta: 0 },
  {},
  { bump: 2, delta: 2 },
  { stateSync: 'each-step' },
];

/** Beyond what the lower half of an extended sequence number can tell. */
const FAR: Partial<Settings> = { delta: 2 ** 32 - 1 };

/** What a scenario may have otherwise than the theorem: bounds, of which a theorem has none, and what it is about any of. */
const OF_THE_SCENARIO: readonly (keyof Settings)[] = [
  'members',
  'failovers',
  'peerFailovers',
  'requests',
  'packets',
  'retries',
  'network',
  'stateSync',
  'bump',
  'delta',
  // Without packets they are idle.
  'childSas',
];

/** Packets of each end: enough to send one number twice. */
const PACKETS = 2;

/**
 * What of the settings of a theorem others have otherwise: else a run would be of something that it does not say.
 *
 * @param free further settings that a scenario may have otherwise
 */
const ofTheorem = (
  theorem: Settings,
  others: Settings,
  free: readonly (keyof Settings)[],
): readonly string[] => [
  ...(theorem.packets > 0 ? ['requests=0', `packets=${PACKETS}`] : others.packets > 0 ? ['packets=0'] : []),
  ...settingSpecs.flatMap(({ key, field }) => {
    const value = theorem[field];
    // A number that is not known stands for any.
    return [...OF_THE_SCENARIO, ...free].includes(field) ||
      typeof value === 'object' ||
      value === others[field]
      ? []
      : [`${key}=${value}`];
  }),
];

/** Both ends fail over in one of them, and in no other. */
const isTried = ({ name }: Scenario, { peerMembers }: Settings): boolean =>
  SCENARIOS.includes(name) && (name === 'simultaneous-failover') === peerMembers > 1;

export interface Refutation {
  readonly result: CheckResult;
  /** The command that finds it. */
  readonly command: string;
}

/** Null if none was found, which says nothing. */
export async function refutationOf(
  { property, assumptions: assumed, set, plain: { revision, settings: proved }, without }: DerivedResult,
  named: string,
  seconds: number,
  signal: { readonly aborted: boolean },
): Promise<Refutation | null> {
  const end = performance.now() + seconds * 1000;
  // A schedule takes no step by which a sync request is replaced: it says the same of clusters that never do.
  const isOfProgress = theorems.some((each) => each.property === property && each.progress !== undefined);
  const free: readonly (keyof Settings)[] = isOfProgress ? ['retry'] : [];
  const looked = new Set<string>();
  for (const further of proved.esn === 'on' ? [...TRIED, FAR] : TRIED) {
    for (const scenario of scenarios.filter((each) => isTried(each, proved))) {
      const left = (end - performance.now()) / 1000;
      if (left < 0.1 || signal.aborted) return null;
      const base = settingsFor(scenario, 'small', revision);
      const changes = [
        ...ofTheorem(
          proved,
          settingsWith(
            base,
            set.filter((change) => takes(revision, change)),
            revision,
          ),
          free,
        ),
        ...Object.entries(further).flatMap(([field, value]) => {
          const key = field === 'stateSync' ? 'state-sync' : field;
          // What bears on packets alone, or on requests, is not changed where there are none.
          if (field === (proved.packets > 0 ? 'bump' : 'delta')) return [];
          return set.some((change) => change.startsWith(`${key}=`)) ? [] : [`${key}=${value}`];
        }),
        ...set,
      ].filter((change) => takes(revision, change));
      const settings = settingsWith(base, changes, revision);
      const key = JSON.stringify(Object.entries(settings).sort());
      if (looked.has(key)) continue;
      looked.add(key);
      const result = await check({
        revision,
        scenario,
        size: 'small',
        settings,
        properties: [property],
        seconds: left,
        stopWhenAllViolated: true,
        signal,
      });
      const [found] = result.properties;
      const counterexample = found?.verdict === 'violated' ? found.counterexample : undefined;
      if (counterexample === undefined) continue;
      if (
        !keeps(
          counterexample,
          result.places,
          property,
          assumed.map(({ id }) => id),
          settings,
        )
      )
        continue;
      return {
        result,
        command: [
          `npx ipsecha check ${named} --scenario ${scenario.name} --property ${property}`,
          ...changes.map((change) => `--set ${change}`),
          ...without.map((rule) => `--without ${rule}`),
        ].join(' '),
      };
    }
  }
  return null;
}

/** Whether a run keeps the assumptions in each of its steps. */
function keeps(
  { steps }: Counterexample<Value, Message, Observation, Action>,
  places: readonly string[],
  property: string,
  assumed: readonly string[],
  settings: Settings,
): boolean {
  const all = peerKind(settings) === 'plain' ? theorems : theoremsOfClusters;
  const theorem = all.find((each) => each.property === property);
  if (theorem === undefined) return false;
  const watch =
    theorem.progress === undefined ? safetyProperties.find(({ id }) => id === property)?.watch : SEES_NOTHING;
  if (watch === undefined) return false;
  const chosen = assumptions.filter(({ id }) => assumed.includes(id));
  const ghosts: Readonly<Record<string, Ghost>> = theorem.ghosts;
  let memory = watch.initial;
  let known = Object.fromEntries(Object.entries(ghosts).map(([name, { initial }]) => [name, initial]));
  for (const { action, before, observations } of steps) {
    const values = new Map(places.map((name, index) => [name, before[index]]));
    const world: World = { ...boxesIn(values), memory, ghosts: known, any: -1, settings };
    const seen = stepSeen(action, values, settings.stateSync);
    if (!chosen.every(({ holds }) => holds(world, seen))) return false;
    for (const observation of observations) {
      const next = watch.observe(memory, observation);
      if (next.ok) memory = next.state;
      known = Object.fromEntries(
        Object.entries(ghosts).map(([name, { after }]) => [
          name,
          after(known[name] ?? null, observation, -1),
        ]),
      );
    }
  }
  return true;
}
