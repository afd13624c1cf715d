/**
 * Takes random walks through one revision in one scenario, far beyond what can be exhausted. They can find that a
 * property is violated; that it holds they can never tell.
 */
import {
  type Action,
  type Message,
  type Observation,
  properties,
  type Revision,
  type Scenario,
  type Settings,
  type Size,
  safetyProperties,
  type Value,
} from '../../model/index.ts';
import { type PropertyWords, wordsOfOwn } from '../author/own.ts';
import type { Outcome } from '../explore/system.ts';
import { type Path, pathText } from '../explore/walk/path.ts';
import { counterexampleOf, stepsOf } from '../explore/walk/retell.ts';
import { type Times, type WalksResult, walk } from '../explore/walk/walks.ts';
import { boundsOf, type ModelCounterexample, nothingToBreak } from './check.ts';
import { namesHint, orDidYouMean } from './closest.ts';
import { neverOccurred } from './never-occurred.ts';
import { type ModelSystem, systemOf } from './system-of.ts';
import { UsageError } from './usage-error.ts';

/** There is no `holds`: walks prove nothing. */
export type SimulateVerdict = 'violated' | 'inconclusive';

/** A counterexample that walks came by. */
export interface WalkFound {
  readonly counterexample: ModelCounterexample;
  /** Number of the walk that came by it first, from 1, and after how many steps; absent if a path was given. */
  readonly walk?: number;
  readonly foundAfter?: number;
  /** The shortened way, for `--replay`. */
  readonly path: string;
}

export interface SimulatedProperty {
  readonly id: string;
  readonly verdict: SimulateVerdict;
  readonly because: string;
  readonly found?: WalkFound;
  /** What it says, if the revision brings it along. */
  readonly own?: PropertyWords;
}

export interface SimulateStatistics
  extends Pick<WalksResult, 'walks' | 'steps' | 'longest' | 'endedEarly' | 'unanswered'> {
  readonly seconds: number;
  readonly stepsPerSecond: number;
  /** Why there were no more walks. */
  readonly stopped: WalksResult['stopped'];
  /** In how many walks there was a failover (or a split, with actives=2), a counter sync that was accepted, a violation. */
  readonly interesting: { readonly failover: number; readonly sync: number; readonly violation: number };
  /** By kind of step, and by rule that shaped a step. */
  readonly kinds: Readonly<Record<string, Times>>;
  readonly rules: Readonly<Record<string, Times>>;
  /** Times that a rule of the system was evaluated, and that the tables were given up since they were full. */
  readonly evaluations: number;
  readonly restarts: number;
}

export interface SimulateResult {
  readonly revision: string;
  readonly scenario: string;
  readonly size: Size;
  readonly bounds: Readonly<Record<string, string | number>>;
  readonly seed: number;
  readonly depth: number;
  readonly verdict: SimulateVerdict;
  readonly properties: readonly SimulatedProperty[];
  readonly statistics: SimulateStatistics;
  readonly places: readonly string[];
  readonly neverOccurred: readonly string[];
}

export interface SimulateRequest {
  readonly revision: Revision;
  readonly scenario: Scenario;
  readonly size: Size;
  readonly settings: Settings;
  /** Ids of safety properties; all if absent. */
  readonly properties?: readonly string[];
  readonly seed: number;
  /** Steps of a walk at most. */
  readonly depth: number;
  readonly walks?: number;
  readonly seconds?: number;
  readonly signal?: { readonly aborted: boolean };
  readonly onProgress?: (progress: {
    readonly walks: number;
    readonly steps: number;
    readonly seconds: number;
    readonly violated: number;
  }) => void;
}

/** Progress properties: what can happen after a state, no single walk can tell. */
export const PROGRESS: readonly string[] = properties
  .map(({ id }) => id)
  .filter((id) => !safetyProperties.some((property) => property.id === id));

const SYNC = 'a counter sync is accepted';
const TAKE_OVER = 'a member takes over';

/** Steps in which a member takes over: from one that has failed, or from one that goes on (actives=2). */
const isTakeOver = (kind: string): boolean => kind === 'failover' || kind === 'split';

const tagsOf = (
  kind: string,
  { action, observations }: Outcome<Value, Message, Observation, Action>,
): readonly string[] => [
  ...action.rules,
  ...(observations.some((each) => each.kind === 'sync-request-accepted' || each.kind === 'delta-applied')
    ? [SYNC]
    : []),
  ...(isTakeOver(kind) ? [TAKE_OVER] : []),
];

/** Walks through a revision under the given settings. */
export async function simulate(request: SimulateRequest): Promise<SimulateResult> {
  const { revision, settings, seed, depth } = request;
  const system = systemOf(revision, settings);
  const { violations, ...walks } = await walk(system, {
    seed,
    depth,
    properties: watchedOf(request),
    tagging: tagsOf,
    ...(request.walks === undefined ? {} : { walks: request.walks }),
    ...(request.seconds === undefined ? {} : { seconds: request.seconds }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
  });
  const { [SYNC]: sync, [TAKE_OVER]: takeOver, ...rules } = walks.tags;
  const found = violations.map(({ property, walk: number, step, path }): readonly [string, WalkFound] => [
    property,
    { ...retold(system, path, property), walk: number, foundAfter: step },
  ]);
  return resultOf(request, system, new Map(found), {
    walks: walks.walks,
    steps: walks.steps,
    longest: walks.longest,
    endedEarly: walks.endedEarly,
    seconds: walks.seconds,
    stepsPerSecond: Math.round(walks.steps / Math.max(walks.seconds, 1e-6)),
    stopped: walks.stopped,
    ...(walks.unanswered === undefined ? {} : { unanswered: walks.unanswered }),
    interesting: {
      failover: takeOver?.walks ?? 0,
      sync: sync?.walks ?? 0,
      violation: walks.violatingWalks,
    },
    kinds: walks.kinds,
    rules,
    evaluations: walks.evaluations,
    restarts: walks.restarts,
  });
}

/**
 * Follows one path, as an earlier simulation told it, under the same revision and settings.
 *
 * @throws UsageError if it cannot be followed
 */
export function replay(request: SimulateRequest, path: Path): SimulateResult {
  const { revision, settings } = request;
  const system = systemOf(revision, settings);
  const steps = stepsOf(system, path);
  if (steps.length < path.choices.length) {
    throw new UsageError(
      `only ${steps.length} of the ${path.choices.length} steps of this path can be taken`,
      'a path is for the revision, scenario, size and settings with which it was found',
    );
  }
  const found = watchedOf(request).flatMap((property): readonly (readonly [string, WalkFound])[] => {
    const length = violatedAfter(system, path, property);
    if (length === undefined) return [];
    return [[property, retold(system, { ...path, choices: path.choices.slice(0, length) }, property)]];
  });
  const times = (names: readonly string[]): Readonly<Record<string, Times>> =>
    Object.fromEntries(
      [...new Set(names)].map((name) => [
        name,
        { steps: names.filter((each) => each === name).length, walks: 1 },
      ]),
    );
  const kinds = steps.map(({ kind }) => kind);
  return resultOf(request, system, new Map(found), {
    walks: 1,
    steps: steps.length,
    longest: steps.length,
    endedEarly: 0,
    seconds: 0,
    stepsPerSecond: 0,
    stopped: 'walks',
    interesting: {
      failover: kinds.some(isTakeOver) ? 1 : 0,
      sync: steps.some((step) => tagsOf(step.kind, { ...step, values: [] }).includes(SYNC)) ? 1 : 0,
      violation: found.length > 0 ? 1 : 0,
    },
    kinds: { ...Object.fromEntries(system.rules.map(({ kind }) => [kind, NEVER])), ...times(kinds) },
    rules: times(steps.flatMap(({ action }) => action.rules)),
    evaluations: 0,
    restarts: 0,
  });
}

const NEVER: Times = { steps: 0, walks: 0 };

const watchedOf = ({ properties, revision }: SimulateRequest): readonly string[] =>
  watchable(revision).filter((id) => properties?.includes(id) ?? true);

/** Ids of the safety properties, with those that a revision brings along. */
const watchable = ({ properties = [] }: Pick<Revision, 'properties'>): readonly string[] =>
  [...safetyProperties, ...properties].map(({ id }) => id);

const monitorOf = (system: ModelSystem, property: string) => {
  const monitor = system.monitors.find(({ id }) => id === property);
  if (monitor === undefined) throw new RangeError(`no monitor for '${property}'`);
  return monitor;
};

const retold = (system: ModelSystem, path: Path, property: string): WalkFound => ({
  counterexample: counterexampleOf(system, path, monitorOf(system, property)),
  path: pathText(path),
});

/** The number of steps after which a path violates a property, if it does. */
function violatedAfter(system: ModelSystem, path: Path, property: string): number | undefined {
  const monitor = monitorOf(system, property);
  let state: unknown = monitor.initial;
  for (const [index, { observations }] of stepsOf(system, path).entries()) {
    for (const observation of observations) {
      const seen = monitor.observe(state, observation);
      if (!seen.ok) return index + 1;
      state = seen.state;
    }
  }
  return undefined;
}

function resultOf(
  request: SimulateRequest,
  system: ModelSystem,
  found: ReadonlyMap<string, WalkFound>,
  statistics: SimulateStatistics,
): SimulateResult {
  const { revision, scenario, size, settings, seed, depth } = request;
  const judged = watchedOf(request).map((id): SimulatedProperty => {
    const violation = found.get(id);
    const words = wordsOfOwn(revision.properties ?? [], id);
    const own = words === undefined ? {} : { own: words };
    if (violation !== undefined) {
      const { because } = violation.counterexample;
      return { id, verdict: 'violated', because, found: violation, ...own };
    }
    const because =
      nothingToBreak(revision, settings, id) ??
      `${statistics.steps.toLocaleString('en')} steps without a violation; not exhaustive${
        statistics.unanswered === undefined ? '' : `; then ${statistics.unanswered}`
      }`;
    return { id, verdict: 'inconclusive', because, ...own };
  });
  return {
    revision: revision.name,
    scenario: scenario.name,
    size,
    bounds: boundsOf(revision, settings),
    seed,
    depth,
    verdict: judged.some(({ verdict }) => verdict === 'violated') ? 'violated' : 'inconclusive',
    properties: judged,
    statistics,
    places: system.components,
    neverOccurred: neverOccurred(revision, settings, {
      actions: Object.keys(statistics.rules).map((rule) => ({ action: { rules: [rule] } })),
      statistics: {
        steps: Object.fromEntries(Object.entries(statistics.kinds).map(([kind, { steps }]) => [kind, steps])),
      },
    }),
  };
}

/**
 * The safety property with this id.
 *
 * @throws UsageError if there is none, or if it is one of progress, which walks cannot judge
 */
export function simulatedPropertyNamed(id: string, revision: Pick<Revision, 'properties'> = {}): string {
  const known = watchable(revision);
  if (known.includes(id)) return id;
  throw new UsageError(
    PROGRESS.includes(id)
      ? `property '${id}' is of progress, which walks cannot judge`
      : `unknown property '${id}'${orDidYouMean(id, known)}`,
    PROGRESS.includes(id)
      ? 'ipsecha check judges it'
      : namesHint('properties', id, known, 'ipsecha properties'),
  );
}
