/** What there is to say of each thing that has a name: rules, properties, settings, scenarios, revisions. */
import {
  appliesTo,
  type CatalogueEntry,
  catalogue,
  confidenceSays,
  findRule,
  type PropertyText,
  properties,
  type Revision,
  revisions,
  type Scenario,
  type SettingSpec,
  type Settings,
  type ShortForm,
  type Size,
  scenarios,
  settingSpecs,
  settingsFor,
  shortForms,
  specsOfShortForm,
  usual,
} from '../../model/index.ts';
import { boundsOf } from './check.ts';
import { rulesIn } from './never-occurred.ts';

/** A line of facts: what it is about, and what it says. */
export type Fact = readonly [about: string, says: string];

export interface Explained {
  readonly kind: 'rule' | 'property' | 'setting' | 'scenario' | 'revision';
  readonly name: string;
  readonly title: string;
  /** In plain words; empty if the title says it all. */
  readonly says: string;
  readonly facts: readonly Fact[];
  /** Commands that tell more. */
  readonly commands: readonly string[];
}

/** Every name that can be explained. */
export const names = (): readonly string[] => [
  ...catalogue.map(({ id }) => id),
  ...properties.map(({ id }) => id),
  ...settingSpecs.map(({ key }) => key),
  ...shortForms.map(({ key }) => key),
  ...scenarios.map(({ name }) => name),
  ...revisions.map(({ name }) => name),
];

/** All that has this name: a scenario and a setting may share one. */
export function explained(name: string): readonly Explained[] {
  const rule = findRule(name);
  const property = properties.find(({ id }) => id === name);
  const setting = settingSpecs.find(({ key }) => key === name);
  const form = shortForms.find(({ key }) => key === name);
  const scenario = scenarios.find((each) => each.name === name);
  const revision = revisions.find((each) => each.name === name);
  return [
    ...(rule === undefined ? [] : [ofRule(rule)]),
    ...(property === undefined ? [] : [ofProperty(property)]),
    ...(scenario === undefined ? [] : [ofScenario(scenario)]),
    ...(setting === undefined ? [] : [ofSetting(setting)]),
    ...(form === undefined ? [] : [ofShortForm(form)]),
    ...(revision === undefined ? [] : [ofRevision(revision)]),
  ];
}

function ofRule(rule: CatalogueEntry): Explained {
  const serves = properties.filter((property) => property.rules.includes(rule.id)).map(({ id }) => id);
  const having = revisions.filter((revision) => rulesIn(revision).includes(rule.id));
  return {
    kind: 'rule',
    name: rule.id,
    title: rule.title,
    says: rule.says,
    facts: [
      ['where', `${rule.document} section ${rule.section}, ${rule.level}, kept by: ${rule.actor}`],
      ['confidence', `${rule.confidence}: ${confidenceSays[rule.confidence]}; wording ours`],
      ['function', `${rule.functionName} in ${rule.file}`],
      ['revisions', having.length === 0 ? 'in no slot of any' : listed(having.map(({ name }) => name))],
      ['properties', serves.length === 0 ? 'none rests on it directly' : listed(serves)],
      ...(rule.formerly === undefined ? [] : [['in 0.1.0', rule.formerly] as const]),
    ],
    commands: [],
  };
}

const ofProperty = (property: PropertyText): Explained => ({
  kind: 'property',
  name: property.id,
  title: property.title,
  says: property.says,
  facts: [['rules', listed(property.rules)]],
  commands: [],
});

const sizes: readonly Size[] = ['small', 'medium', 'large'];

function ofSetting(spec: SettingSpec): Explained {
  const having = revisions.filter((revision) => appliesTo(spec, revision));
  const swept =
    spec.values === 'number'
      ? `${spec.least}..${Math.min(spec.most, spec.least + 4)}`
      : spec.values.length > 3
        ? '*'
        : spec.values.join('|');
  // One value if all sizes have the same, else one for each.
  const of = (scenario: Scenario): string => {
    const values = sizes.map((size) => String(scenario.sizes[size][spec.field]));
    return new Set(values).size === 1 ? String(values[0]) : values.join(', ');
  };
  const byValue = new Map<string, string[]>();
  for (const scenario of scenarios)
    byValue.set(of(scenario), [...(byValue.get(of(scenario)) ?? []), scenario.name]);
  // What most scenarios have is told last, without naming them all.
  const groups = [...byValue].sort(([, a], [, b]) => a.length - b.length);
  return {
    kind: 'setting',
    name: spec.key,
    title: spec.meaning,
    says: '',
    facts: [
      ...(spec.values === 'number'
        ? [['values', `${spec.least} to ${spec.most}`] as const]
        : spec.values.map((value): Fact => [`${spec.key}=${value}`, valueSays(spec, value)])),
      ...shortForms
        .filter((form) => specsOfShortForm(form).includes(spec))
        .map(({ key }): Fact => ['short form', `${key} sets it, too`]),
      [
        'applies to',
        having.length === revisions.length ? 'every revision' : listed(having.map(({ name }) => name)),
      ],
      ...groups.map(
        ([values, where], index): Fact => [
          values,
          index === groups.length - 1 && groups.length > 1
            ? 'in all other scenarios (small, medium, large)'
            : groups.length === 1
              ? 'in every scenario (small, medium, large)'
              : `in ${listed(where)}`,
        ],
      ),
    ],
    commands: [
      `ipsecha synthesise ${having.at(-1)?.name ?? 'rfc6311'} --property recovery-possible --scenario ${scenarios[0]?.name} --over ${/[|*]/.test(swept) ? `'${spec.key}=${swept}'` : `${spec.key}=${swept}`}`,
    ],
  };
}

/** What a value means or which text says so; and whether it is the usual one. */
export const valueSays = (spec: Extract<SettingSpec, { says: unknown }>, value: string): string =>
  `${spec.says[value] ?? ''}${value === usual[spec.field] ? '; usual' : ''}`;

const ofShortForm = ({ key, meaning, values }: ShortForm): Explained => ({
  kind: 'setting',
  name: key,
  title: meaning,
  says: 'A short form, for --set and --over: it sets several settings at once.',
  facts: Object.entries(values).map(([value, set]): Fact => [`${key}=${value}`, shortFormSets(set)]),
  commands: [],
});

/** What a value of a short form sets, as it would stand on a command line. */
export const shortFormSets = (set: Partial<Settings>): string =>
  settingSpecs.flatMap(({ key, field }) => (field in set ? [`${key}=${set[field]}`] : [])).join(' ');

function ofScenario(scenario: Scenario): Explained {
  // Told are the settings in which scenarios differ; what all have alike is in the list of settings.
  const told = settingSpecs.filter(
    ({ field }) =>
      new Set(scenarios.flatMap((each) => sizes.map((size) => each.sizes[size][field]))).size > 1,
  );
  return {
    kind: 'scenario',
    name: scenario.name,
    title: scenario.title,
    says: scenario.about,
    facts: sizes.map(
      (size): Fact => [size, told.map(({ key, field }) => `${key}=${scenario.sizes[size][field]}`).join(' ')],
    ),
    commands: [`ipsecha check --scenario ${scenario.name}`],
  };
}

function ofRevision(revision: Revision): Explained {
  const before = revisions[revisions.indexOf(revision) - 1];
  const own = rulesIn(revision);
  const earlier = before === undefined ? [] : rulesIn(before);
  const added = own.filter((id) => !earlier.includes(id));
  const gone = earlier.filter((id) => !own.includes(id));
  const [first] = scenarios;
  const policies = first === undefined ? {} : boundsOf(revision, settingsFor(first, 'small', revision));
  const open = settingSpecs.filter(
    ({ key, field }) =>
      key in policies &&
      settingSpecs.some((spec) => spec.field === field && spec.policy && appliesTo(spec, revision)),
  );
  return {
    kind: 'revision',
    name: revision.name,
    title: revision.title,
    says: '',
    facts: [
      ['source', revision.source],
      ['leaves open', open.length === 0 ? 'nothing' : open.map(({ key }) => key).join(', ')],
      ...(before === undefined
        ? [['rules', listed(own)] as const]
        : [
            [`rules that ${before.name} has not`, added.length === 0 ? 'none' : listed(added)] as const,
            [`rules of ${before.name} only`, gone.length === 0 ? 'none' : listed(gone)] as const,
          ]),
    ],
    commands: [
      `ipsecha check ${revision.name}`,
      ...(before === undefined ? [] : [`ipsecha compare ${before.name} ${revision.name}`]),
    ],
  };
}

const listed = (words: readonly string[]): string => words.join(', ');
