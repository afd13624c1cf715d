/**
 * For which settings do properties hold? The check, for every combination of swept settings: an answer for each
 * property, and one for all of them together.
 */
import {
  type Revision,
  type Scenario,
  type SettingSpec,
  type Settings,
  type ShortForm,
  type Size,
  settingSpecs,
  shortForms,
} from '../../model/index.ts';
import { type CheckVerdict, check, settingsWith, worst } from './check.ts';
import { type Limits, limitsOf } from './limits.ts';
import { UsageError } from './usage-error.ts';

/** A setting with the values that it takes in turn. */
export interface Sweep {
  readonly setting: string;
  readonly values: readonly (string | number)[];
}

/** Values of the swept settings, in the order of the sweeps. */
export type Combination = readonly (string | number)[];

/** More combinations than this are refused. */
export const MOST_COMBINATIONS = 500;

export interface SynthesisRequest extends Limits {
  readonly revision: Revision;
  /** One or more. */
  readonly properties: readonly string[];
  readonly size: Size;
  readonly sweeps: readonly Sweep[];
  /** With the settings that are not swept. */
  readonly scenarios: readonly { readonly scenario: Scenario; readonly settings: Settings }[];
  /** Only these jobs are done, by their numbers: of each scenario in turn, every combination. All, if nothing is said. */
  readonly only?: (job: number) => boolean;
}

/** What the jobs of a synthesis are about. */
export interface SynthesisPlan {
  readonly revision: string;
  readonly properties: readonly string[];
  readonly size: Size;
  readonly sweeps: readonly Sweep[];
  readonly scenarios: readonly string[];
}

/** What came out of one job: of each property, in their order. */
export interface SynthesisPart {
  readonly job: number;
  readonly cells: readonly SynthesisCell[];
}

export interface SynthesisCell {
  readonly combination: Combination;
  readonly verdict: CheckVerdict;
  readonly because?: string;
  /** Length of the shortest counterexample. */
  readonly depth?: number;
  readonly states: number;
  readonly seconds: number;
}

export interface SynthesisTable {
  readonly scenario: string;
  /** Fewer than there are combinations if it was interrupted. */
  readonly cells: readonly SynthesisCell[];
  /** Where it holds, in words. */
  readonly summary: string;
}

export interface Synthesis {
  readonly revision: string;
  /** `a and b`, if it is about several together. */
  readonly property: string;
  /** Those that it is about together; absent if it is one. */
  readonly all?: readonly string[];
  readonly size: Size;
  readonly sweeps: readonly Sweep[];
  readonly tables: readonly SynthesisTable[];
  readonly verdict: 'conclusive' | 'inconclusive';
}

/**
 * What `--over` says: `bump=0..6,members=2..4`, `state-sync=any|never`, `retry=*`.
 *
 * @throws UsageError for an unknown setting or value, one that does not apply to the revision, an empty range,
 *   a setting given twice, or too many combinations
 */
export function sweepsOf(over: string, base: Settings, revision: Revision): readonly Sweep[] {
  const sweeps = over.split(',').map((part) => sweepOf(part.trim(), base, revision));
  const twice = sweeps.find(({ setting }, at) => sweeps.findIndex((each) => each.setting === setting) !== at);
  if (twice !== undefined) {
    throw new UsageError(`--over ${over}: '${twice.setting}' is given twice`, 'name each setting once');
  }
  const count = sweeps.reduce((product, { values }) => product * values.length, 1);
  if (count > MOST_COMBINATIONS) {
    throw new UsageError(
      `--over ${over}: ${count.toLocaleString('en')} combinations are too many`,
      `at most ${MOST_COMBINATIONS} are explored: narrow a range, or sweep fewer settings`,
    );
  }
  return sweeps;
}

function sweepOf(part: string, base: Settings, revision: Revision): Sweep {
  const [key = '', text, ...rest] = part.split('=');
  const form = shortForms.find((each) => each.key === key);
  if (form !== undefined) return sweepOfForm(form, part, text, base, revision);
  const spec = settingSpecs.find((each) => each.key === key);
  if (spec !== undefined && (text === undefined || text === '' || rest.length > 0)) {
    throw new UsageError(
      `--over ${part}: a swept setting is given as KEY=VALUES`,
      `for example --over ${key}=${exampleOf(spec)}`,
    );
  }
  // What --set refuses is refused here too, in the same words: unknown settings, those that do not apply, values.
  const values = spec === undefined || text === undefined ? [''] : valuesOf(spec, text);
  return {
    setting: key,
    values: values.map((value) => {
      const settings = settingsWith(base, [`${key}=${value}`], revision);
      return spec === undefined ? value : settings[spec.field];
    }),
  };
}

/** A short form is swept under its own name: each of its values sets several settings. */
function sweepOfForm(
  { key, values }: ShortForm,
  part: string,
  text: string | undefined,
  base: Settings,
  revision: Revision,
): Sweep {
  const names = Object.keys(values);
  if (text === undefined || text === '') {
    throw new UsageError(
      `--over ${part}: a swept setting is given as KEY=VALUES`,
      `for example --over ${key}=${names.join('|')}`,
    );
  }
  const swept = text === '*' ? names : distinct({ key }, text.split('|'));
  // What --set refuses is refused here too.
  for (const value of swept) settingsWith(base, [`${key}=${value}`], revision);
  return { setting: key, values: swept };
}

function valuesOf(spec: SettingSpec, text: string): readonly string[] {
  if (spec.values !== 'number') return text === '*' ? spec.values : distinct(spec, text.split('|'));
  const range = text === '*' ? [spec.least, spec.most] : /^(\d+)\.\.(\d+)$/.exec(text)?.slice(1).map(Number);
  const [from, to] = range ?? [];
  // One value, or several.
  if (from === undefined || to === undefined) {
    if (/^\d+(\|\d+)*$/.test(text)) return distinct(spec, text.split('|'));
    throw new UsageError(
      `--over ${spec.key}=${text}: not a range of numbers`,
      `for example --over ${spec.key}=${exampleOf(spec)}`,
    );
  }
  if (from > to) {
    throw new UsageError(
      `--over ${spec.key}=${text}: the range is empty`,
      `for example --over ${spec.key}=${to}..${from}`,
    );
  }
  // The ends are looked at before a range is written out that nobody can have meant.
  if (to > spec.most) return [String(to)];
  return Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
}

function distinct(spec: Pick<SettingSpec, 'key'>, values: readonly string[]): readonly string[] {
  if (new Set(values).size === values.length) return values;
  throw new UsageError(`--over ${spec.key}=${values.join('|')}: a value is given twice`, 'name each once');
}

const exampleOf = (spec: SettingSpec): string =>
  spec.values === 'number' ? `${spec.least}..${Math.min(spec.most, spec.least + 4)}` : spec.values.join('|');

/** Every combination of the values, the last sweep fastest. */
export const combinationsOf = (sweeps: readonly Sweep[]): readonly Combination[] =>
  sweeps.reduce<readonly Combination[]>(
    (combinations, { values }) => combinations.flatMap((each) => values.map((value) => [...each, value])),
    [[]],
  );

/** Checks the properties for every combination of the swept settings, in every scenario. */
export const synthesise = async (request: SynthesisRequest): Promise<readonly Synthesis[]> =>
  synthesesOf(synthesisPlan(request), await synthesisParts(request));

export const synthesisPlan = ({
  revision,
  properties,
  size,
  sweeps,
  scenarios,
}: SynthesisRequest): SynthesisPlan => ({
  revision: revision.name,
  properties,
  size,
  sweeps,
  scenarios: scenarios.map(({ scenario }) => scenario.name),
});

/** Does the jobs; what there is of them, if it is interrupted. */
export async function synthesisParts(request: SynthesisRequest): Promise<readonly SynthesisPart[]> {
  const { revision, properties: wanted, size, sweeps } = request;
  const jobs = request.scenarios
    .flatMap((place) => combinationsOf(sweeps).map((combination) => ({ ...place, combination })))
    .map((each, job) => ({ ...each, job }))
    .filter(({ job }) => request.only?.(job) ?? true);
  const parts: SynthesisPart[] = [];
  for (const { scenario, settings, combination, job } of jobs) {
    if (request.signal?.aborted === true) break;
    const changes = sweeps.map(({ setting }, index) => `${setting}=${combination[index]}`);
    const { properties, statistics } = await check({
      revision,
      scenario,
      size,
      settings: settingsWith(settings, changes, revision),
      properties: wanted,
      stopWhenAllViolated: true,
      ...limitsOf(request, `${parts.length + 1} of ${jobs.length}, ${scenario.name} ${changes.join(' ')}`),
    });
    const cells = wanted.flatMap((id) => {
      const found = properties.find((property) => property.id === id);
      if (found === undefined) return [];
      const { verdict, because, counterexample } = found;
      return [
        {
          combination,
          verdict,
          ...(because === undefined ? {} : { because }),
          ...(counterexample === undefined ? {} : { depth: counterexample.depth }),
          states: statistics.states,
          seconds: statistics.seconds,
        },
      ];
    });
    parts.push({ job, cells });
  }
  return parts;
}

/** What the results of jobs make of each property; and last, if there are several, of all together. */
export function synthesesOf(plan: SynthesisPlan, parts: readonly SynthesisPart[]): readonly Synthesis[] {
  const { properties } = plan;
  const each = properties.map((property, index) =>
    synthesisOf(
      plan,
      { property },
      parts.map(({ job, cells }) => ({ job, cell: cells[index]! })),
    ),
  );
  if (properties.length < 2) return each;
  const together = parts.map(({ job, cells }) => ({ job, cell: conjunction(properties, cells) }));
  return [...each, synthesisOf(plan, { property: properties.join(' and '), all: properties }, together)];
}

/** All properties in one cell: the shortest way to break any of them. */
function conjunction(properties: readonly string[], cells: readonly SynthesisCell[]): SynthesisCell {
  const [{ combination, states, seconds }] = cells as readonly [SynthesisCell];
  const verdict = worst(cells.map((cell) => cell.verdict));
  const reasons = cells.flatMap(({ because }) => because ?? []);
  const isVacuous = verdict === 'holds' && reasons.length === cells.length;
  const blamed = properties.filter((_, index) => cells[index]?.verdict === verdict);
  const depths = cells.flatMap(({ depth }) => depth ?? []);
  return {
    combination,
    verdict,
    ...(isVacuous ? { because: [...new Set(reasons)].join('; ') } : {}),
    ...(verdict === 'holds' ? {} : { because: `${verdict}: ${blamed.join(', ')}` }),
    ...(depths.length === 0 ? {} : { depth: Math.min(...depths) }),
    states,
    seconds,
  };
}

interface PartOfOne {
  readonly job: number;
  readonly cell: SynthesisCell;
}

/** A conclusive one only if no job is missing. */
function synthesisOf(
  { scenarios, properties: _, revision, ...rest }: SynthesisPlan,
  about: Pick<Synthesis, 'property' | 'all'>,
  parts: readonly PartOfOne[],
): Synthesis {
  const { length } = combinationsOf(rest.sweeps);
  const tables = scenarios.flatMap((scenario, index): readonly SynthesisTable[] => {
    const cells = parts.flatMap(({ job, cell }) => (Math.floor(job / length) === index ? [cell] : []));
    return cells.length === 0 ? [] : [{ scenario, cells, summary: summaryOf(rest.sweeps, cells) }];
  });
  const cells = tables.flatMap((table) => table.cells);
  const isWhole = cells.length === length * scenarios.length;
  return {
    revision,
    ...about,
    ...rest,
    tables,
    verdict:
      isWhole && cells.every(({ verdict }) => verdict !== 'inconclusive') ? 'conclusive' : 'inconclusive',
  };
}

/** Where the property holds, in one sentence. For a single range of numbers, from where on, if that is so. */
export function summaryOf(sweeps: readonly Sweep[], cells: readonly SynthesisCell[]): string {
  const count = (wanted: CheckVerdict): number => cells.filter(({ verdict }) => verdict === wanted).length;
  const [holds, doubtful] = [count('holds'), count('inconclusive')];
  const doubt = doubtful === 0 ? '' : `; ${doubtful} of ${cells.length} inconclusive`;
  const [sweep] = sweeps;
  const isRange = sweeps.length === 1 && sweep !== undefined && isConsecutive(sweep.values);
  if (cells.length === 0) return 'nothing was explored';
  if (holds === cells.length) {
    const vacuous = cells.flatMap(({ because }) => because ?? []);
    // What cannot be broken anywhere is no merit of a setting.
    if (vacuous.length === cells.length) return [...new Set(vacuous)].join('; ');
    return isRange && holds > 1
      ? `holds for every ${sweep.setting} from ${firstOf(cells[0])} to ${firstOf(cells.at(-1))}`
      : `holds for ${holds === 1 ? 'the one combination' : `all ${holds} combinations`}`;
  }
  if (holds === 0)
    return `${doubtful === 0 ? 'holds' : 'known to hold'} for none of ${cells.length} combinations${doubt}`;
  if (!isRange) {
    const law = lawOf(sweeps, cells);
    return law === undefined
      ? `holds for ${holds} of ${cells.length} combinations${doubt}${fromWhere(sweeps, cells)}`
      : `holds where ${lawWords(law)}, and only there: ${holds} of ${cells.length} combinations`;
  }
  const { setting } = sweep;
  // What is inconclusive could be either.
  const smallest = firstOf(cells.find(({ verdict }) => verdict === 'holds'));
  if (doubtful > 0) return `the smallest ${setting} known to hold is ${smallest}${doubt}`;
  const changes = cells.filter(({ verdict }, at) => at > 0 && verdict !== cells[at - 1]?.verdict);
  const [change] = changes;
  if (changes.length > 1 || change === undefined) {
    return `the smallest ${setting} that holds is ${smallest}, but not all larger ones do`;
  }
  if (change.verdict === 'holds') {
    return `holds from ${setting}=${smallest} on (as far as ${firstOf(cells.at(-1))}), and for none below`;
  }
  return `holds from ${setting}=${smallest} up to ${firstOf(cells[cells.indexOf(change) - 1])}, and for none above (as far as ${firstOf(cells.at(-1))})`;
}

/**
 * From which value of the first sweep on the property holds, for each combination of the others. Of numbers one
 * after the other only: the answer to "how large must it be?".
 */
export interface Threshold {
  /** Values of the other sweeps. */
  readonly others: Combination;
  /** `from`: holds from this value on, as far as was swept, and not for the one below; `all`: for every value. */
  readonly holds: { readonly from: number } | 'all' | 'more' | 'unknown';
}

/** The thresholds, if there are several sweeps and the first is a range of numbers; none otherwise. */
export function thresholdsOf(
  sweeps: readonly Sweep[],
  cells: readonly SynthesisCell[],
): readonly Threshold[] {
  const [first, ...others] = sweeps;
  if (first === undefined || others.length === 0 || first.values.length < 2 || !isConsecutive(first.values)) {
    return [];
  }
  return combinationsOf(others).map((combination): Threshold => {
    const verdicts = first.values.map(
      (value) =>
        cells.find(
          ({ combination: [at, ...rest] }) => at === value && rest.join('\n') === combination.join('\n'),
        )?.verdict,
    );
    const last = verdicts.findLastIndex((verdict) => verdict !== 'holds');
    const below = verdicts[last];
    const value = first.values[last + 1];
    if (last < 0) return { others: combination, holds: 'all' };
    if (below !== 'violated') return { others: combination, holds: 'unknown' };
    return { others: combination, holds: typeof value === 'number' ? { from: value } : 'more' };
  });
}

/** The same in a sentence. */
function fromWhere(sweeps: readonly Sweep[], cells: readonly SynthesisCell[]): string {
  const thresholds = thresholdsOf(sweeps, cells);
  const [first] = sweeps;
  if (thresholds.length === 0 || first === undefined) return '';
  const more = thresholds.filter(({ holds }) => holds === 'more').length;
  const last = first.values.at(-1);
  if (more > 0) {
    return `; no ${first.setting} up to ${last} is enough for ${more} of ${thresholds.length} combinations of the others`;
  }
  if (thresholds.some(({ holds }) => holds === 'unknown')) {
    const tooSmall = first.values.findIndex((value) =>
      cells.some(({ combination, verdict }) => combination[0] === value && verdict !== 'violated'),
    );
    return tooSmall < 1
      ? ''
      : `; no ${first.setting} up to ${first.values[tooSmall - 1]} is enough for any combination of the others`;
  }
  const most = Math.max(
    ...thresholds.map(({ holds }) => (typeof holds === 'object' ? holds.from : Number(first.values[0]))),
  );
  return `; from ${first.setting}=${most} on (as far as ${last}) for all combinations of the others`;
}

/** One setting is as large as another and `more`, or larger. */
export interface Law {
  readonly setting: string;
  readonly than: string;
  readonly more: number;
}

/**
 * The two swept numbers whose difference alone tells where the property holds: wherever it is `more` or above, and
 * nowhere below, whatever the other settings are. Undefined if there are no two such, or not all was decided.
 */
export function lawOf(sweeps: readonly Sweep[], cells: readonly SynthesisCell[]): Law | undefined {
  const numbers = sweeps.flatMap(({ setting, values }, at) =>
    values.length > 1 && values.every((value) => typeof value === 'number') ? [{ setting, at }] : [],
  );
  if (cells.length !== combinationsOf(sweeps).length) return undefined;
  if (cells.some(({ verdict }) => verdict === 'inconclusive')) return undefined;
  for (const one of numbers) {
    for (const other of numbers) {
      if (one === other) continue;
      const differences = (wanted: CheckVerdict): readonly number[] =>
        cells.flatMap(({ combination, verdict }) =>
          verdict === wanted ? [Number(combination[one.at]) - Number(combination[other.at])] : [],
        );
      const [more, below] = [Math.min(...differences('holds')), Math.max(...differences('violated'))];
      // Only if the very next one below is violated is it known that no smaller difference would do.
      if (more === below + 1) return { setting: one.setting, than: other.setting, more };
    }
  }
  return undefined;
}

const lawWords = ({ setting, than, more }: Law): string =>
  more === 0
    ? `${setting} is at least ${than}`
    : `${setting} is at least ${than} ${more > 0 ? 'plus' : 'less'} ${Math.abs(more)}`;

const firstOf = (cell: SynthesisCell | undefined): string | number => cell?.combination[0] ?? '';

const isConsecutive = (values: Sweep['values']): boolean =>
  values.every((value, at) => typeof value === 'number' && value === Number(values[0]) + at);
