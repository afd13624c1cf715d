/** What is to be checked: revision, scenario, size, settings, rules that are left out, property. */
import {
  ablatable,
  appliesTo,
  findRule,
  properties,
  type Revision,
  type Scenario,
  type SettingSpec,
  scenarios,
  settingSpecs,
  settingsFor,
} from '../../../model/index.ts';
import { checkedProperties } from '../../questions/check.ts';
import type { WalkAddress, WalkSubject } from '../../questions/walk-address.ts';
import { fill, make } from './elements.ts';

export interface FormActions {
  readonly change: (subject: WalkSubject) => void;
  readonly only: (property: string | undefined) => void;
  readonly check: () => void;
  readonly stop: () => void;
  /** Another one to go the same steps beside it; undefined: none. */
  readonly beside: (other: WalkAddress['other']) => void;
}

export function showForm(
  form: HTMLElement,
  subject: WalkAddress,
  known: readonly Revision[],
  only: string | undefined,
  isRunning: boolean,
  { change, only: chooseOnly, check, stop, beside }: FormActions,
): void {
  const what: WalkSubject = {
    revision: subject.revision,
    scenario: subject.scenario,
    size: subject.size,
    set: subject.set,
    without: subject.without,
  };
  const revision = known.find(({ name }) => name === what.revision);
  const scenario = scenarios.find(({ name }) => name === what.scenario);
  const open = new Set(
    [...form.querySelectorAll<HTMLElement>('details[open]')].map((each) => each.dataset['part']),
  );
  fill(
    form,
    make(
      'div',
      { class: 'fields' },
      choice(
        'Revision',
        'revision',
        known.map(({ name }) => name),
        what.revision,
        (name) => change(fitting({ ...what, revision: name }, known)),
      ),
      choice(
        'Scenario',
        'scenario',
        scenarios.map(({ name }) => name),
        what.scenario,
        (name) => change({ ...what, scenario: name }),
      ),
      choice('Size', 'size', ['small', 'medium', 'large'], what.size, (size) =>
        change({ ...what, size: size as WalkSubject['size'] }),
      ),
      choice(
        'Property',
        'property',
        ['all properties', ...checkedProperties],
        only ?? 'all properties',
        (id) => chooseOnly(id === 'all properties' ? undefined : id),
      ),
      make(
        'button',
        { type: 'button', class: 'main', 'data-key': 'check', disabled: isRunning, onclick: check },
        'Check',
      ),
      make('button', { type: 'button', 'data-key': 'stop', disabled: !isRunning, onclick: stop }, 'Stop'),
    ),
    make(
      'p',
      { class: 'quiet' },
      revision === undefined ? '' : `${revision.title}. `,
      scenario === undefined ? '' : `${scenario.title}: ${scenario.about} `,
      only === undefined ? '' : (properties.find(({ id }) => id === only)?.says ?? ''),
    ),
    make(
      'div',
      { class: 'fields' },
      choice(
        'Beside it, on the same steps',
        'beside',
        ['nothing', ...known.map(({ name }) => name)],
        subject.other?.revision ?? 'nothing',
        (name) => beside(name === 'nothing' ? undefined : { revision: name, set: [], without: [] }),
      ),
      make(
        'button',
        {
          type: 'button',
          'data-key': 'pin',
          onclick: () => beside({ revision: what.revision, set: what.set, without: what.without }),
        },
        'Put this one beside, with its settings and rules',
      ),
    ),
    revision !== undefined && scenario !== undefined
      ? [
          folded(
            'settings',
            what.set.length === 0 ? 'Settings: those of the scenario' : `Settings: ${what.set.join(' ')}`,
            open,
            settingsPiece(revision, scenario, what, change),
          ),
          folded(
            'rules',
            what.without.length === 0 ? 'Rules: none is left out' : `Left out: ${what.without.join(', ')}`,
            open,
            rulesPiece(revision, what, change),
          ),
        ]
      : undefined,
  );
}

/** What another revision has no place for is left out. */
export function fitting(subject: WalkSubject, known: readonly Revision[]): WalkSubject {
  const revision = known.find(({ name }) => name === subject.revision);
  if (revision === undefined) return subject;
  const rules = ablatable(revision);
  return {
    ...subject,
    without: subject.without.filter((id) => rules.some((each) => each === id)),
    set: subject.set.filter((change) =>
      settingSpecs.some((spec) => change.startsWith(`${spec.key}=`) && appliesTo(spec, revision)),
    ),
  };
}

const folded = (
  part: string,
  summary: string,
  open: ReadonlySet<string | undefined>,
  content: Node,
): HTMLElement =>
  make(
    'details',
    { 'data-part': part, open: open.has(part) },
    make('summary', { 'data-key': `part-${part}` }, summary),
    content,
  );

const choice = (
  label: string,
  key: string,
  values: readonly string[],
  chosen: string,
  choose: (value: string) => void,
): HTMLElement =>
  make(
    'label',
    {},
    make('span', {}, label),
    make(
      'select',
      {
        id: key,
        'data-key': key,
        onchange: ({ target }) => choose((target as HTMLSelectElement).value),
      },
      values.map((value) => make('option', { value, selected: value === chosen }, value)),
    ),
  );

function settingsPiece(
  revision: Revision,
  scenario: Scenario,
  subject: WalkSubject,
  change: FormActions['change'],
): HTMLElement {
  const usual = settingsFor(scenario, subject.size, revision);
  const set = new Map(subject.set.map((each) => each.split('=', 2) as [string, string]));
  const choose = (spec: SettingSpec, value: string): void => {
    const others = subject.set.filter((each) => !each.startsWith(`${spec.key}=`));
    const isUsual = value === String(usual[spec.field]);
    change({ ...subject, set: isUsual ? others : [...others, `${spec.key}=${value}`] });
  };
  return make(
    'div',
    { class: 'settings' },
    settingSpecs
      .filter((spec) => appliesTo(spec, revision))
      .map((spec) => {
        const value = set.get(spec.key) ?? String(usual[spec.field]);
        const common = {
          id: `set-${spec.key}`,
          'data-key': `set-${spec.key}`,
          title: spec.meaning,
          onchange: ({ target }: Event) => choose(spec, (target as HTMLInputElement).value),
        };
        return make(
          'label',
          { class: set.has(spec.key) ? 'changed' : '' },
          make('span', {}, make('a', { href: `settings.html#setting-${spec.key}` }, spec.key)),
          spec.values !== 'number'
            ? make(
                'select',
                common,
                spec.values.map((each) => make('option', { value: each, selected: each === value }, each)),
              )
            : spec.follows === undefined
              ? make('input', { ...common, type: 'number', min: spec.least, max: spec.most, value })
              : make('input', { ...common, type: 'text', size: 8, value }),
        );
      }),
  );
}

const rulesPiece = (revision: Revision, subject: WalkSubject, change: FormActions['change']): HTMLElement =>
  make(
    'div',
    { class: 'ticks' },
    ablatable(revision).map((id) =>
      make(
        'label',
        { class: 'tick' },
        make('input', {
          type: 'checkbox',
          'data-key': `rule-${id}`,
          checked: subject.without.includes(id),
          onchange: ({ target }) =>
            change({
              ...subject,
              without: (target as HTMLInputElement).checked
                ? [...subject.without, id]
                : subject.without.filter((each) => each !== id),
            }),
        }),
        make('span', {}, make('code', {}, id), ` ${findRule(id)?.title ?? ''}`),
      ),
    ),
  );
