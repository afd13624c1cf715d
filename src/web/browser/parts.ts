/** The parts of the page that tell of one step: its rules, what else is possible, what each box knows. */
import {
  type Action,
  canBeLeftOut,
  findRule,
  isMember,
  type Revision,
  safetyProperties,
  type Value,
} from '../../../model/index.ts';
import type { WalkAddress } from '../../questions/walk-address.ts';
import { boxFacts, changesOf } from '../../report/box-facts.ts';
import { boxWords } from '../../report/step-words.ts';
import type { Choice, FindAsked, Walked } from '../requests.ts';
import { type Content, fill, make } from './elements.ts';

/** The rules that shape a step, in our wording, each with the way to its page and to its text. */
export function showRules(
  element: HTMLElement,
  { revision, without }: WalkAddress,
  known: readonly Revision[],
  step: { readonly action: Action } | undefined,
  leaveOut: (rule: string) => void,
): void {
  const rules = step?.action.rules ?? [];
  const base = known.find(({ name }) => name === revision);
  fill(
    element,
    rules.length === 0
      ? make(
          'p',
          { class: 'quiet' },
          step === undefined ? 'No step was taken yet.' : 'No rule shapes this step.',
        )
      : make(
          'ul',
          { class: 'rules' },
          rules.map((id) => {
            const entry = findRule(id);
            const canGo = base !== undefined && canBeLeftOut(base, id) && !without.includes(id);
            return make(
              'li',
              {},
              make('a', { href: `${id}.html` }, make('code', {}, id)),
              entry === undefined
                ? undefined
                : [
                    ' ',
                    make('span', { class: 'chip' }, entry.level),
                    make('p', {}, entry.says),
                    make(
                      'p',
                      { class: 'try' },
                      entry.link === null ? undefined : [make('a', { href: entry.link }, 'The text'), ' '],
                      canGo &&
                        make(
                          'button',
                          { type: 'button', 'data-key': `without-${id}`, onclick: () => leaveOut(id) },
                          'Walk this run without the rule',
                        ),
                    ),
                  ],
            );
          }),
        ),
  );
}

interface Shown {
  readonly choices: readonly Choice[];
  readonly none: string;
  /** The step that the run takes. */
  readonly run?: string | undefined;
  readonly boundedBy?: readonly string[];
  readonly take: (name: string) => void;
}

/** What is possible; what would change nothing is folded away. */
export function showChoices(element: HTMLElement, { choices, none, run, boundedBy = [], take }: Shown): void {
  const item = ({ name, words, violates }: Choice): HTMLElement =>
    make(
      'li',
      {},
      make(
        'button',
        { type: 'button', 'data-key': name, onclick: () => take(name) },
        words,
        name === run && make('small', {}, 'the next step of this run'),
        violates.map(({ id }) => make('small', { class: 'bad-text' }, `✗ breaks ${id}`)),
      ),
    );
  const isShown = ({ isIdle, name }: Choice): boolean => !isIdle || name === run;
  const idle = choices.filter((choice) => !isShown(choice));
  fill(
    element,
    choices.length === 0 && make('p', { class: 'quiet' }, none),
    make('ul', { class: 'choices' }, choices.filter(isShown).map(item)),
    idle.length > 0 &&
      make(
        'details',
        {},
        make('summary', {}, `${idle.length} more that ${idle.length === 1 ? 'changes' : 'change'} nothing`),
        make('ul', { class: 'choices' }, idle.map(item)),
      ),
    boundedBy.length > 0 &&
      make('p', { class: 'quiet' }, `More would be possible with larger settings: ${boundedBy.join(', ')}.`),
  );
}

/** Where to go from here. */
export function showFind(
  element: HTMLElement,
  { property }: WalkAddress,
  isInStep: boolean,
  find: (to: FindAsked['to']) => void,
): void {
  const all = safetyProperties.map(({ id }) => id);
  const chosen = all.includes(property ?? '') ? property : undefined;
  const select = make(
    'select',
    { 'data-key': 'find-property', 'aria-label': 'which property is to be violated' },
    make('option', { value: '' }, 'any safety property'),
    all.map((id) => make('option', { value: id, selected: id === chosen }, id)),
  );
  fill(
    element,
    make(
      'p',
      { class: 'quiet' },
      isInStep ? 'The two ends are in step here.' : 'The two ends are not in step here.',
    ),
    make(
      'div',
      { class: 'find' },
      select,
      make(
        'button',
        {
          type: 'button',
          'data-key': 'find-violation',
          onclick: () => find({ violationOf: select.value === '' ? all : [select.value] }),
        },
        'to a violation',
      ),
      make(
        'button',
        { type: 'button', 'data-key': 'find-in-step', onclick: () => find('in step') },
        'back in step',
      ),
    ),
    make('p', { id: 'found', role: 'status' }),
  );
}

/** What each box knows after a step; what the step changed is marked, with what was there before. */
export function showBoxes(element: HTMLElement, { places, initial, steps }: Walked, here: number): void {
  const now = here === 0 ? initial : (steps[here - 1]?.after ?? initial);
  const before = here === 0 ? initial : (steps[here - 1]?.before ?? initial);
  const boxes = places.flatMap((name, index) =>
    isMember(now[index]) ? [boxTable(capital(boxWords(name)), rowsOf(before[index], now[index]))] : [],
  );
  const others = places.flatMap((name, index) => {
    if (isMember(now[index])) return [];
    return rowsOf(before[index], now[index]).map((row) => ({ ...row, about: name }));
  });
  fill(element, boxes, others.length === 0 ? undefined : boxTable('Counted so far', others));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const rowsOf = (before: Value | undefined, after: Value | undefined) => changesOf(before, after);

const boxTable = (caption: string, rows: ReturnType<typeof rowsOf>): HTMLElement =>
  make(
    'table',
    {},
    make('caption', {}, caption),
    make(
      'tbody',
      {},
      rows.map(({ about, before, after }) => {
        const isChanged = before !== after;
        return make(
          'tr',
          { class: isChanged ? 'changed' : '' },
          make('th', { scope: 'row' }, about),
          make(
            'td',
            {},
            after ?? 'nothing any more',
            isChanged && make('span', { class: 'was' }, before === undefined ? 'new' : `was: ${before}`),
          ),
        );
      }),
    ),
  );

/** The run as a list: for those who cannot see the chart, and for whoever wants to copy it. */
export function showList(
  element: HTMLElement,
  { words, violates }: Walked,
  here: number,
  loop: number | undefined,
  go: (to: number) => void,
): void {
  const entry = (index: number, contents: Content): HTMLElement =>
    make(
      'li',
      {},
      make(
        'button',
        {
          type: 'button',
          'data-key': `step-${index}`,
          'aria-current': index === here ? 'step' : undefined,
          onclick: () => go(index),
        },
        contents,
      ),
    );
  element.setAttribute('start', '0');
  fill(
    element,
    entry(0, 'Beginning'),
    words.map((sentence, index) =>
      entry(index + 1, [
        loop === index ? '(from here on for ever) ' : '',
        sentence,
        (violates[index] ?? []).map(({ id, because }) =>
          make('span', { class: 'bad-text' }, ` ✗ breaks ${id}: ${because}`),
        ),
      ]),
    ),
  );
}

/** How far something else goes the same steps, and what is other there. */
export function showOther(
  element: HTMLElement,
  { revision, set, without }: NonNullable<WalkAddress['other']>,
  walked: Walked,
  other: Walked,
): void {
  const differs = partingOf(walked, other);
  const goes = other.words.length;
  const here = other.words[differs];
  const isStuck = goes < walked.words.length;
  fill(
    element,
    make(
      'p',
      {},
      make('code', {}, [revision, ...set, ...without.map((rule) => `without ${rule}`)].join(' ')),
      ': ',
      here !== undefined && `the first difference is in step ${differs + 1}. Here: ${here}. `,
      isStuck
        ? `They part at step ${goes + 1}, which is not possible here.`
        : here === undefined
          ? 'all these steps are possible, and each does the same.'
          : 'All these steps are possible.',
    ),
    isStuck && [
      make('p', {}, 'Possible instead:'),
      make(
        'ul',
        {},
        (other.choices[goes] ?? []).flatMap(({ words, isIdle }) => (isIdle ? [] : [make('li', {}, words)])),
      ),
    ],
  );
}

/** The first step that is not the same in both, from 0; the number of steps if there is none. */
export function partingOf(one: Walked, other: Walked): number {
  const at = one.words.findIndex(
    (words, index) =>
      words !== other.words[index] ||
      one.places.some(
        (name, place) =>
          JSON.stringify(boxFacts(one.steps[index]?.after[place])) !==
          JSON.stringify(boxFacts(other.steps[index]?.after[other.places.indexOf(name)])),
      ),
  );
  return at < 0 ? one.words.length : at;
}
