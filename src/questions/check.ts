/** Checks one revision in one scenario: runs the explorer and puts its result in the words of the contract. */
import {
  type Action,
  ablatable,
  appliesTo,
  type Message,
  type Observation,
  type OwnProperty,
  progressProperties,
  properties,
  type Revision,
  revisions,
  type Scenario,
  type SettingSpec,
  type Settings,
  type ShortForm,
  type Size,
  safetyProperties,
  settingSpecs,
  shortForms,
  specsOfShortForm,
  type Value,
  without,
} from '../../model/index.ts';
import { confirmed, ledgersOf } from '../author/ledger.ts';
import { ownPropertiesOf, type PropertyWords, scenariosWith, wordsOfOwn } from '../author/own.ts';
import { CheckpointError } from '../explore/checkpoint.ts';
import { DeclarationDefect, runBefore } from '../explore/defect.ts';
import { explore } from '../explore/explore.ts';
import {
  type CheckpointOptions,
  type ExplorationProgress,
  type Options,
  REDUCTIONS,
  type ReductionName,
} from '../explore/options.ts';
import type { Counterexample, Exploration } from '../explore/result.ts';
import { WorkerFailure } from '../explore/workers.ts';
import { namesHint, orDidYouMean } from './closest.ts';
import { neverOccurred } from './never-occurred.ts';
import { type ModelSystem, systemOf } from './system-of.ts';
import { UsageError } from './usage-error.ts';

export type CheckVerdict = 'holds' | 'violated' | 'inconclusive';
export type ModelCounterexample = Counterexample<Value, Message, Observation, Action>;

export interface CheckedProperty {
  readonly id: string;
  readonly verdict: CheckVerdict;
  /** Why it is violated or inconclusive. */
  readonly because?: string;
  readonly counterexample?: ModelCounterexample;
  /** What it says, if a revision brings it along. */
  readonly own?: PropertyWords;
}

export interface CheckResult {
  readonly revision: string;
  readonly scenario: string;
  readonly size: Size;
  /** The settings that were explored, by their names on the command line. */
  readonly bounds: Readonly<Record<string, string | number>>;
  readonly verdict: CheckVerdict;
  readonly properties: readonly CheckedProperty[];
  readonly statistics: Exploration<Value, Message, Observation, Action>['statistics'];
  /** Names of the boxes and counts, in the order in which states list them. */
  readonly places: readonly string[];
  /** Kinds of steps and rules of the revision that never came into play: what is said of them is vacuous. */
  readonly neverOccurred: readonly string[];
}

export interface CheckRequest {
  readonly revision: Revision;
  readonly scenario: Scenario;
  readonly size: Size;
  readonly settings: Settings;
  /** All, if none is named: ours and those that the revisions bring along. */
  readonly properties?: readonly string[];
  /** Other revisions whose own properties are checked as well. */
  readonly beside?: readonly Revision[];
  readonly seconds?: number;
  readonly bytes?: number;
  /** Threads, and the number of states from which on there are more than one; results do not depend on them. */
  readonly workers?: number;
  readonly threadsFrom?: number;
  /** Stop when every property to check is a safety property and violated: nothing is left to find. */
  readonly stopWhenAllViolated?: boolean;
  /** As in `Options` of the explorer. */
  readonly checkpoint?: CheckpointOptions;
  readonly resume?: string;
  readonly identity?: Readonly<Record<string, string>>;
  /** Keep 64 bits of each state: then nothing is said to hold. */
  readonly hashCompaction?: boolean;
  /** Reductions that are not to be made. */
  readonly noReductions?: readonly ReductionName[];
  readonly signal?: { readonly aborted: boolean };
  readonly onProgress?: (progress: ExplorationProgress) => void;
}

/** The properties that an exploration can check. */
export const checkedProperties: readonly string[] = [
  ...safetyProperties.map(({ id }) => id),
  ...progressProperties.map(({ id }) => id),
];

/** The same, and what revisions bring along. */
export const checkedPropertiesOf = (own: readonly OwnProperty[]): readonly string[] => [
  ...safetyProperties.map(({ id }) => id),
  ...own.map(({ id }) => id),
  ...progressProperties.map(({ id }) => id),
];

export async function check(request: CheckRequest): Promise<CheckResult> {
  const { revision, scenario, size, settings, beside = [], ...options } = request;
  const own = ownPropertiesOf([revision, ...beside]);
  const system = systemOf(revision, settings, own);
  for (const ledger of ledgersOf(revision)) ledger.prepare();
  const exploration = await toldPlainly(
    exploreSoundly(system, { ...options, properties: request.properties ?? checkedPropertiesOf(own) }),
    system.components,
  );
  // A rule that did not answer has no thread any more, and what it did not say cannot be compared.
  const notPure = await confirmed(revision, ...beside);
  const judged = exploration.properties.map((property): CheckedProperty => {
    if (property.verdict === 'violated') {
      const { id, counterexample } = property;
      // What the explorer says of progress in its own words is said in those of the specification.
      const stuck = progressProperties.find((each) => each.id === id)?.stuck;
      const why = stuck ?? counterexample.because;
      const because = notPure === undefined ? why : `${why} (${notPure})`;
      return { id, verdict: 'violated', because, counterexample: { ...counterexample, because } };
    }
    if (property.verdict === 'holds' && notPure !== undefined) {
      return { id: property.id, verdict: 'inconclusive', because: notPure };
    }
    // What cannot happen at all is no merit of the revision.
    const because =
      property.verdict === 'holds' ? nothingToBreak(revision, settings, property.id) : undefined;
    return because === undefined ? property : { ...property, because };
  });
  const checked = judged.map((property): CheckedProperty => {
    const words = wordsOfOwn(own, property.id);
    return words === undefined ? property : { ...property, own: words };
  });
  return {
    revision: revision.name,
    scenario: scenario.name,
    size,
    bounds: boundsOf(revision, settings),
    verdict: worst(checked.map(({ verdict }) => verdict)),
    properties: checked,
    statistics: exploration.statistics,
    places: system.components,
    neverOccurred: neverOccurred(revision, settings, {
      ...exploration,
      received: exploration.actions.flatMap(({ action }) =>
        action.kind === 'receive' && action.message.kind === 'own' ? [action.message.name] : [],
      ),
    }),
  };
}

/**
 * Explores with reductions; without them, if the rules of the revision are not what is said of them in `obsolete.ts`.
 * That may be so of an author's own, or where a rule is left out; then it takes longer, and nothing else.
 */
async function exploreSoundly(
  system: ModelSystem,
  options: Options,
): Promise<Exploration<Value, Message, Observation, Action>> {
  const { resume, ...anew } = options;
  const unreduced: Options = {
    ...anew,
    noReductions: REDUCTIONS,
    identity: { ...options.identity, reductions: 'given up, since the rules are not what is said of them' },
  };
  try {
    return await explore(system, options);
  } catch (error) {
    if (error instanceof DeclarationDefect) return explore(system, unreduced);
    if (!(error instanceof CheckpointError) || resume === undefined) throw error;
    // The checkpoint may be one that was written after reductions had been given up.
    try {
      return await explore(system, { ...unreduced, resume });
    } catch (second) {
      throw second instanceof CheckpointError ? error : second;
    }
  }
}

/** What an exploration finds; errors that a user can mend are said as such. */
async function toldPlainly<T>(exploration: Promise<T>, places: readonly string[]): Promise<T> {
  try {
    return await exploration;
  } catch (error) {
    if (error instanceof UsageError) {
      const run = runBefore(error);
      if (run !== undefined) error.run = { ...run, places };
    }
    if (error instanceof CheckpointError) {
      throw new UsageError(error.message, 'begin anew without --resume, or name another file');
    }
    if (error instanceof WorkerFailure)
      throw new UsageError(error.message, 'try it again with fewer --workers');
    throw error;
  }
}

/** Why a property cannot be broken at all under these settings; undefined if it can. */
export function nothingToBreak(revision: Revision, settings: Settings, property: string): string | undefined {
  const because = properties.find(({ id }) => id === property)?.nothingToBreak?.(revision, settings);
  return because === undefined ? undefined : `there is nothing to break: ${because}`;
}

/** `violated` if anything is, else `inconclusive` if anything is, else `holds`. */
export const worst = (verdicts: readonly CheckVerdict[]): CheckVerdict =>
  verdicts.includes('violated') ? 'violated' : verdicts.includes('inconclusive') ? 'inconclusive' : 'holds';

/** The settings under their names on the command line; those that do not apply to the revision are left out. */
export const boundsOf = (revision: Revision, settings: Settings): Readonly<Record<string, string | number>> =>
  Object.fromEntries(
    settingSpecs.filter((spec) => appliesTo(spec, revision)).map(({ key, field }) => [key, settings[field]]),
  );

/** What a revision lacks that a setting is about. */
const lacks = ({ appliesTo: { has, lacks: lack } }: SettingSpec, revision: Revision): string => {
  if (revision.counterSync === null) return 'which has no counter sync';
  return has(revision) ? 'which does not leave it open' : lack;
};

/** Whether a change, as given, means anything for a revision; one of an unknown setting is not judged here. */
export function takes(revision: Revision, change: string): boolean {
  const name = change.split('=')[0];
  const form = shortForms.find(({ key }) => key === name);
  if (form !== undefined) return specsOfShortForm(form).some((spec) => appliesTo(spec, revision));
  const spec = settingSpecs.find(({ key }) => key === name);
  return spec === undefined || appliesTo(spec, revision);
}

/**
 * The settings of a scenario with some changed. The name of a short form stands for several settings; where one of
 * them is also given by its own name, the later change counts.
 *
 * @param changes as given: `key=value`
 * @throws UsageError for an unknown key or value, or a setting that does not apply
 */
export function settingsWith(base: Settings, changes: readonly string[], revision: Revision): Settings {
  const changed = new Map(changes.flatMap((change) => settingsOf(change, revision)));
  return { ...base, ...Object.fromEntries(changed) };
}

type Changed = readonly [field: string, value: string | number];

function settingsOf(change: string, revision: Revision): readonly Changed[] {
  const [key = '', value, ...rest] = change.split('=');
  const form = shortForms.find((each) => each.key === key);
  const spec = settingSpecs.find((each) => each.key === key);
  const specs = form === undefined ? (spec === undefined ? [] : [spec]) : specsOfShortForm(form);
  const [first] = specs;
  if (first === undefined) {
    const keys = [...settingSpecs, ...shortForms].map((each) => each.key);
    throw new UsageError(
      `unknown setting '${key}'${orDidYouMean(key, keys)}`,
      namesHint('settings', key, keys, 'ipsecha scenarios'),
    );
  }
  if (value === undefined || rest.length > 0) {
    throw new UsageError(
      `--set ${change}: a setting is given as KEY=VALUE`,
      `for example --set ${key}=${form === undefined ? exampleOf(first) : Object.keys(form.values)[0]}`,
    );
  }
  if (!specs.some((each) => appliesTo(each, revision))) {
    throw new UsageError(
      `setting '${key}' does not apply to ${revision.name}, ${lacks(first, revision)}`,
      'leave it out, or name another revision',
    );
  }
  return form === undefined ? [[first.field, valueFor(first, value)]] : setBy(form, value, revision);
}

/** What a short form sets: those of its settings that apply to the revision. */
function setBy(form: ShortForm, value: string, revision: Revision): readonly Changed[] {
  const set = Object.entries(form.values).find(([name]) => name === value)?.[1];
  if (set === undefined) {
    throw new UsageError(
      `setting '${form.key}' cannot be '${value}'${orDidYouMean(value, Object.keys(form.values))}`,
      `its values are: ${Object.keys(form.values).join(', ')}`,
    );
  }
  return specsOfShortForm(form).flatMap((spec): readonly Changed[] => {
    const to = set[spec.field];
    return to !== undefined && appliesTo(spec, revision) ? [[spec.field, to]] : [];
  });
}

function valueFor(spec: SettingSpec, value: string): string | number {
  if (spec.values !== 'number') {
    if (spec.values.includes(value)) return value;
    throw new UsageError(
      `setting '${spec.key}' cannot be '${value}'${orDidYouMean(value, spec.values)}`,
      `its values are: ${spec.values.join(', ')}`,
    );
  }
  if (value === spec.follows) return value;
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (number >= spec.least && number <= spec.most) return number;
  throw new UsageError(
    `setting '${spec.key}' cannot be '${value}'`,
    `it is a whole number from ${spec.least} to ${spec.most}${spec.follows === undefined ? '' : `, or ${spec.follows}`}: ${spec.meaning}`,
  );
}

const exampleOf = (spec: SettingSpec): string | number =>
  spec.values === 'number' ? spec.least : (spec.values[0] ?? '');

/** @throws UsageError naming what there is */
export function revisionNamed(name: string): Revision {
  const found = revisions.find((revision) => revision.name === name);
  if (found !== undefined) return found;
  throw new UsageError(
    `unknown revision '${name}'${orDidYouMean(
      name,
      revisions.map((each) => each.name),
    )}`,
    `revisions are: ${revisions.map((each) => each.name).join(', ')}; or a file that exports one, as my-draft.ts`,
  );
}

/**
 * A scenario: a shipped one, or one that these revisions bring along.
 *
 * @throws UsageError naming what there is
 */
export function scenarioNamed(name: string, revisionsToo: readonly Revision[] = []): Scenario {
  const all = scenariosWith(revisionsToo);
  const found = all.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  const names = all.map((each) => each.name);
  throw new UsageError(
    `unknown scenario '${name}'${orDidYouMean(name, names)}`,
    namesHint('scenarios', name, names, 'ipsecha scenarios'),
  );
}

/**
 * A property that an exploration can check: one of ours, or one that these revisions bring along.
 *
 * @throws UsageError naming what there is
 */
export function checkedPropertyNamed(id: string, revisionsToo: readonly Revision[] = []): string {
  const ids = checkedPropertiesOf(ownPropertiesOf(revisionsToo));
  if (ids.includes(id)) return id;
  const known = properties.some((property) => property.id === id);
  throw new UsageError(
    known ? `property '${id}' is judged on traces only` : `unknown property '${id}'${orDidYouMean(id, ids)}`,
    namesHint('properties', id, ids, 'ipsecha properties'),
  );
}

/** @throws UsageError if the rule cannot be left out */
export function withoutRule(revision: Revision, id: string): Revision {
  const changed = without(revision, id);
  if (changed !== undefined) return changed;
  throw new UsageError(
    `${revision.name} cannot be checked without '${id}'${orDidYouMean(id, ablatable(revision))}`,
    namesHint('rules that can be left out of it', id, ablatable(revision), 'ipsecha rules'),
  );
}
