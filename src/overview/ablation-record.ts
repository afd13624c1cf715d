/**
 * What each rule is there for, as it was recorded in `docs/ablation.json` by `npm run record:ablation`: to leave out
 * every rule in every scenario takes minutes. Parts of the record are computed anew, by its test and for the site.
 */
import { readFile } from 'node:fs/promises';
import {
  ablatable,
  canBeLeftOut,
  ipsecha01,
  properties,
  type Revision,
  type RuleId,
  revisions,
  rfc6311,
  type Scenario,
  scenarios,
  settingsFor,
} from '../../model/index.ts';
import { type AblationCell, ablationParts, type Baseline } from '../questions/ablate.ts';
import { type CheckedProperty, type CheckResult, check, withoutRule } from '../questions/check.ts';
import { type Limits, limitsOf } from '../questions/limits.ts';

/** Beside the findings. */
export const RECORD = new URL('../../docs/ablation.json', import.meta.url);

/**
 * By revision, rule and scenario, at size `small`: the properties that hold with the rule and not without it, each
 * with the length of the shortest counterexample, or with `inconclusive`; empty if nothing breaks; `not used` if
 * nothing breaks and the rule never came into play. A scenario that is not in it was not recorded.
 */
export type RecordedAblation = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
>;

export const recordedAblation = async (): Promise<RecordedAblation> =>
  // It is part of the package; a test holds it to be complete.
  JSON.parse(await readFile(RECORD, 'utf8')) as RecordedAblation;

/** The rules that are left out of each revision: each rule of one text only, of the RFC if it has it. */
export const ablatedIn = (revision: Revision): readonly RuleId[] =>
  ablatable(revision).filter((id) => revisionFor(id) === revision);

/** The revision that a rule is left out of. */
export const revisionFor = (rule: string): Revision | undefined =>
  [rfc6311, ipsecha01, ...revisions].find((each) => canBeLeftOut(each, rule));

/** Revisions with rules that are left out of them. */
export const ablatedRevisions: readonly { readonly revision: Revision; readonly rules: readonly RuleId[] }[] =
  revisions
    .map((revision) => ({ revision, rules: ablatedIn(revision) }))
    .filter(({ rules }) => rules.length > 0);

/** The scenarios that the record tells of, for every rule. */
export const recordedScenarios = (record: RecordedAblation): readonly string[] =>
  scenarios
    .map(({ name }) => name)
    .filter((name) =>
      ablatedRevisions.every(({ revision, rules }) =>
        rules.every((rule) => record[revision.name]?.[rule]?.[name] !== undefined),
      ),
    );

/** The record with the cells of one scenario, by rule; rules and scenarios in their order, and only those there are. */
export const withScenario = (
  record: RecordedAblation,
  scenario: string,
  cells: ReadonlyMap<string, string>,
): RecordedAblation =>
  Object.fromEntries(
    ablatedRevisions.map(({ revision, rules }) => [
      revision.name,
      Object.fromEntries(
        rules.map((rule) => [
          rule,
          Object.fromEntries(
            scenarios.flatMap(({ name }) => {
              const said = name === scenario ? cells.get(rule) : record[revision.name]?.[rule]?.[name];
              return said === undefined ? [] : [[name, said]];
            }),
          ),
        ]),
      ),
    ]),
  );

/** Computes the record of some rules in one scenario. */
export async function recordOf(
  revision: Revision,
  scenario: Scenario,
  rules: readonly RuleId[],
  limits: Limits = {},
): Promise<readonly (readonly [rule: RuleId, said: string])[]> {
  const all = ablatable(revision);
  const { baselines, parts } = await ablationParts({
    ...limits,
    revision,
    size: 'small',
    scenarios: [{ scenario, settings: settingsFor(scenario, 'small', revision) }],
    only: (job) => rules.some((rule) => rule === all[job]),
  });
  return parts.flatMap(({ job, cell }) => {
    const rule = all[job];
    return rule === undefined ? [] : [[rule, cellText(rule, cell, baselines)] as const];
  });
}

function cellText(
  rule: string,
  { breaks, inconclusive }: AblationCell,
  baselines: readonly Baseline[],
): string {
  if (breaks.length === 0 && inconclusive.length === 0) {
    return baselines.every(({ neverOccurred }) => neverOccurred.includes(rule)) ? NOT_USED : '';
  }
  return [
    ...breaks.map(({ property, depth }) => `${property} ${depth}`),
    ...inconclusive.map((property) => `${property} inconclusive`),
  ].join(', ');
}

/** Said of a rule that never came into play, so that to leave it out says nothing. */
export const NOT_USED = 'not used';

/** What breaks without a rule in one scenario. */
export interface Breakage {
  readonly property: string;
  /** Steps of the shortest counterexample. */
  readonly depth: number;
}

/** What a cell of the record says that breaks. */
export const breakagesIn = (cell: string): readonly Breakage[] =>
  cell.split(', ').flatMap((part) => {
    const [property = '', depth = ''] = part.split(' ');
    return /^\d+$/.test(depth) ? [{ property, depth: Number(depth) }] : [];
  });

/** The most telling thing that breaks without a rule, and how. */
export interface RuleExample extends Breakage {
  readonly rule: string;
  readonly revision: string;
  readonly scenario: string;
  readonly result: CheckResult;
  readonly checked: CheckedProperty;
}

/** What is to be shown of each rule: of what rests on it directly, if anything of that breaks, the shortest. */
export const tellingBreakages = (
  record: RecordedAblation,
): readonly (Breakage & { readonly rule: string; readonly revision: string; readonly scenario: string })[] =>
  Object.entries(record).flatMap(([revision, rules]) =>
    Object.entries(rules).flatMap(([rule, cells]) =>
      Object.entries(cells)
        .flatMap(([scenario, cell]) =>
          breakagesIn(cell).map((breakage) => ({ ...breakage, rule, revision, scenario })),
        )
        .sort((a, b) => Number(restsOn(b, rule)) - Number(restsOn(a, rule)) || a.depth - b.depth)
        .slice(0, 1),
    ),
  );

const restsOn = ({ property }: Breakage, rule: string): boolean =>
  properties.find(({ id }) => id === property)?.rules.some((each) => each === rule) ?? false;

/** Computes the example of each rule anew, and says where it is not as it was recorded. */
export async function ruleExamples(
  record: RecordedAblation,
  limits: Limits,
): Promise<{ readonly examples: readonly RuleExample[]; readonly surprises: readonly string[] }> {
  const examples: RuleExample[] = [];
  const surprises: string[] = [];
  for (const telling of tellingBreakages(record)) {
    if (limits.signal?.aborted === true) break;
    const revision = revisions.find(({ name }) => name === telling.revision);
    const scenario = scenarios.find(({ name }) => name === telling.scenario);
    const where = `without ${telling.rule}, ${telling.scenario}`;
    if (revision === undefined || scenario === undefined) {
      surprises.push(`${where}: there is no such revision or scenario any more (docs/ablation.json)`);
      continue;
    }
    const result = await check({
      revision: withoutRule(revision, telling.rule),
      scenario,
      size: 'small',
      settings: settingsFor(scenario, 'small', revision),
      properties: [telling.property],
      stopWhenAllViolated: true,
      ...limitsOf(limits, where),
    });
    const [checked] = result.properties;
    const depth = checked?.counterexample?.depth;
    if (checked === undefined || depth !== telling.depth) {
      const found = depth === undefined ? checked?.verdict : `violated in ${depth} steps`;
      surprises.push(
        `${where}: ${telling.property} ${found ?? 'was not checked'}, in ${telling.depth} by docs/ablation.json`,
      );
    }
    if (checked?.counterexample !== undefined) examples.push({ ...telling, result, checked });
  }
  return { examples, surprises };
}
