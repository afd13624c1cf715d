/**
 * The weakest settings that still break a property: the weakest network, and the fewest failovers, members,
 * requests and so on.
 *
 * One setting after the other, in the order of `components`, takes the weakest value with which the property is
 * still violated; this is done again until nothing changes. What comes out is a local minimum: no single setting can
 * be weakened further, with the others as they are. Two at once might be, and another order might end elsewhere.
 */
import {
  appliesTo,
  networks,
  type Revision,
  type Scenario,
  type Settings,
  type Size,
  settingSpecs,
  settingsFor,
} from '../../model/index.ts';
import { boundsOf, type CheckResult, type CheckVerdict, check } from './check.ts';
import { type Limits, limitsOf } from './limits.ts';

/** What is weakened, in this order: by the names of the settings, all of them bounds or powers of the environment. */
export const components = [
  'network',
  'failovers',
  'members',
  'requests',
  'packets',
  'peer-failovers',
  'peer-members',
  'retries',
  'rekey',
  'child-sas',
  'window',
] as const;

export interface WeakestRequest extends Limits {
  readonly revision: Revision;
  readonly scenario: Scenario;
  readonly size: Size;
  /** With which the property is violated. */
  readonly settings: Settings;
  readonly property: string;
  /** Other revisions, one of which may bring the property along. */
  readonly beside?: readonly Revision[];
  /** Names of the settings that the user chose: of these, what follows others (`bump`, `delta`) stays as it is. */
  readonly chosen: readonly string[];
}

/** One setting: what it was, what is enough, and what is not. */
export interface Weakened {
  readonly setting: string;
  readonly from: string | number;
  readonly to: string | number;
  /** Every value that is weaker still, the weakest first, with what became of the property there. */
  readonly weaker: readonly Weaker[];
}

export interface Weaker {
  readonly value: string | number;
  readonly verdict: Exclude<CheckVerdict, 'violated'>;
  readonly because?: string;
}

export interface Weakest {
  readonly property: string;
  readonly settings: readonly Weakened[];
  /** The check of this property alone at the weakest settings, with a shortest counterexample. */
  readonly result: CheckResult;
  /** What of the settings is not as the scenario has it: `key=value`, as `--set` takes it. */
  readonly changes: readonly string[];
  readonly explorations: number;
  /** `minimal`: no single setting can be weaker. Otherwise some weaker value was not decided, or not tried at all. */
  readonly verdict: 'minimal' | 'inconclusive';
}

/**
 * Weakens the settings.
 *
 * @returns undefined if the property was not seen to be violated with the settings that were given, which can only
 *   be if a limit was met
 */
export async function weakest(request: WeakestRequest): Promise<Weakest | undefined> {
  const { revision, scenario, size, property, settings: start } = request;
  const known = new Map<string, CheckResult>();
  const tried = (settings: Settings): CheckResult | undefined => known.get(JSON.stringify(settings));
  const explore = async (settings: Settings, what: string): Promise<CheckResult> => {
    const before = tried(settings);
    if (before !== undefined) return before;
    const result = await check({
      revision,
      scenario,
      size,
      settings,
      properties: [property],
      ...(request.beside === undefined ? {} : { beside: request.beside }),
      stopWhenAllViolated: true,
      ...limitsOf(request, `${revision.name} ${scenario.name}, weakest for ${property}: ${what}`),
    });
    known.set(JSON.stringify(settings), result);
    return result;
  };

  const first = await explore(start, 'as it is');
  if (first.verdict !== 'violated') return undefined;
  const weakened = components.flatMap((key) => {
    const spec = settingSpecs.find((each) => each.key === key);
    return spec === undefined || !appliesTo(spec, revision) ? [] : [{ key, field: spec.field, spec }];
  });
  const follow = followers(request);
  const isStopped = (): boolean => request.signal?.aborted === true;
  let at = start;
  for (let changed = true; changed && !isStopped(); ) {
    changed = false;
    for (const { key, field } of weakened) {
      for (const value of weakerThan(key, at[field])) {
        if (isStopped()) break;
        const candidate = follow({ ...at, [field]: value });
        const result = await explore(candidate, `${key}=${value}`);
        if (result.verdict !== 'violated') continue;
        at = candidate;
        changed = true;
        break;
      }
    }
  }
  const result = tried(at) ?? first;
  const settings = weakened.map(
    ({ key, field }): Weakened => ({
      setting: key,
      from: start[field],
      to: at[field],
      weaker: weakerThan(key, at[field]).map((value) => {
        const there = tried(follow({ ...at, [field]: value }))?.properties[0];
        return there === undefined || there.verdict === 'violated'
          ? { value, verdict: 'inconclusive', because: 'it was not tried, for it was interrupted' }
          : {
              value,
              verdict: there.verdict,
              ...(there.because === undefined ? {} : { because: there.because }),
            };
      }),
    }),
  );
  const isDecided = settings.every(({ weaker }) => weaker.every(({ verdict }) => verdict === 'holds'));
  const usual = boundsOf(revision, settingsFor(scenario, size, revision));
  return {
    property,
    settings,
    result,
    changes: Object.entries(result.bounds).flatMap(([key, value]) =>
      usual[key] === value ? [] : [`${key}=${value}`],
    ),
    explorations: known.size,
    verdict: isDecided ? 'minimal' : 'inconclusive',
  };
}

/** The values of a setting that are weaker than this one, the weakest first. */
function weakerThan(key: string, value: string | number): readonly (string | number)[] {
  if (key === 'network')
    return networks.slice(
      0,
      networks.findIndex((each) => String(each) === value),
    );
  // Rekeying the IKE SA is not more than rekeying a Child SA: another thing.
  if (key === 'rekey') return value === 'none' ? [] : value === 'both' ? ['none', 'child', 'ike'] : ['none'];
  const spec = settingSpecs.find((each) => each.key === key);
  if (spec?.values !== 'number' || typeof value !== 'number') return [];
  const { least } = spec;
  return Array.from({ length: Math.max(0, value - least) }, (_, index) => least + index);
}

/**
 * What goes along with what is weakened, as it does in the scenarios: the bump with the requests and the delta with
 * the packets, if they were equal ("covers every one") and are not chosen; and where no packets are sent, nothing is
 * negotiated about their counters.
 */
function followers({ settings, chosen }: WeakestRequest): (settings: Settings) => Settings {
  const bump = settings.bump === settings.requests && !chosen.includes('bump');
  const delta = settings.delta === settings.packets && !chosen.includes('delta');
  const negotiates = settings.packets > 0 && !chosen.includes('replay-counter-sync');
  return (weaker) => ({
    ...weaker,
    ...(bump ? { bump: weaker.requests } : {}),
    ...(delta ? { delta: weaker.packets } : {}),
    ...(negotiates && weaker.packets === 0 ? { replayCounterSync: 'neither' } : {}),
  });
}
