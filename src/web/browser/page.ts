/** The page: what it shows follows from its address, and whatever one does changes the address. */
import { findRule, progressProperties, type Revision, revisions, scenarios } from '../../../model/index.ts';
import { addressOf, addressText, type WalkAddress, type WalkSubject } from '../../questions/walk-address.ts';
import type {
  Answers,
  Asked,
  AskedSubject,
  Checked,
  HowFar,
  OwnOutline,
  OwnText,
  Walked,
} from '../requests.ts';
import { Asking, type Question, Refusal } from './asking.ts';
import { drawChart } from './chart.ts';
import { at, fill, make } from './elements.ts';
import { fitting, showForm } from './form.ts';
import { showOwn, standIn } from './own.ts';
import { showBoxes, showChoices, showFind, showList, showOther, showRules } from './parts.ts';
import { showVerdicts } from './verdicts.ts';

/** What is shown first where no address says anything else. */
const FIRST: WalkAddress = {
  revision: revisions[0]?.name ?? '',
  scenario: scenarios[0]?.name ?? '',
  size: 'small',
  set: [],
  without: [],
  start: 0,
  steps: [],
  at: 0,
};

export function showPage(): void {
  const page = new Page(
    new Asking(
      at('program').textContent ?? '',
      (asked) => asked.kind === 'load' || asked.subject.own !== undefined,
    ),
  );
  addEventListener('hashchange', () => void page.open());
  addEventListener('keydown', (event) => page.key(event));
  addEventListener('resize', () => page.draw());
  showOwn((own) => page.take(own));
  void page.open();
}

class Page {
  readonly #asking: Asking<Asked, Answers, HowFar>;
  #address = FIRST;
  #walked: Walked | undefined;
  #checked: Checked | undefined;
  /** What goes the same steps beside it. */
  #other: Walked | undefined;
  /** A revision of one's own: its text, and what is known of it here. */
  #own: { readonly text: OwnText; readonly revision: Revision } | undefined;
  #running: Question<unknown> | undefined;
  /** Counts what was asked, so that an answer that comes too late is not shown. */
  #asked = 0;

  constructor(asking: Asking<Asked, Answers, HowFar>) {
    this.#asking = asking;
  }

  /** Shows what the address of the page says. */
  async open(): Promise<void> {
    const hash = location.hash.replace(/^#/, '');
    if (hash === addressText(this.#address) && this.#walked !== undefined) return;
    const read = hash === '' ? FIRST : addressOf(hash);
    if ('wrong' in read) {
      fill(at('problem'), make('p', { class: 'outcome bad' }, `The address cannot be read: ${read.wrong}.`));
      if (this.#walked === undefined) await this.#go(FIRST, 'stay');
      return;
    }
    if (read.steps.length === 0) this.#only = read.property;
    await this.#go(read, 'stay');
    if (read.steps.length > 0) showRunTitle();
  }

  /**
   * Goes to a run, or to a place in it.
   *
   * @param how whether the browser's way back leads to what is shown now (`push`) or not (`replace`); `stay`: the
   *   address is there already
   */
  async #go(address: WalkAddress, how: 'push' | 'replace' | 'stay'): Promise<void> {
    const before = this.#address;
    if (subjectText(before) !== subjectText(address)) {
      this.#checked = undefined;
      this.#running?.stop();
      fill(at('progress'));
    }
    this.#address = address;
    const isSameRun =
      this.#walked !== undefined && addressText({ ...before, at: 0 }) === addressText({ ...address, at: 0 });
    const { other, scenario, size } = address;
    if (!isSameRun) {
      const asked = ++this.#asked;
      try {
        const walked = await this.#asking.put({ kind: 'follow', subject: this.#asks(address), run: address })
          .answer;
        this.#other =
          other === undefined
            ? undefined
            : await this.#asking.put({
                kind: 'follow',
                subject: this.#asks({ ...other, scenario, size }),
                run: { start: address.start, steps: address.steps.slice(0, walked.steps.length) },
              }).answer;
        if (asked !== this.#asked) return;
        this.#take(walked);
      } catch (error) {
        if (asked !== this.#asked) return;
        this.#refuse(error);
        return;
      }
    }
    this.#remember(how);
    this.#show();
  }

  /** What was walked; if a step of the address is not possible, the run ends before it. */
  #take(walked: Walked): void {
    this.#walked = walked;
    const { unknown, steps } = walked;
    if (unknown === undefined) {
      fill(at('problem'));
      return;
    }
    const { loop: _, property: __, ...address } = this.#address;
    const all = address.steps;
    this.#address = {
      ...address,
      steps: all.slice(0, steps.length),
      at: Math.min(address.at, steps.length),
    };
    fill(
      at('problem'),
      make(
        'p',
        { class: 'outcome doubt' },
        `Step ${steps.length + 1} of ${all.length}, `,
        make('code', {}, unknown),
        ', is not possible here: this is where the run parts from the one before, or from the one of the address.',
      ),
    );
  }

  #refuse(error: unknown): void {
    const hint = error instanceof Refusal ? error.hint : undefined;
    fill(
      at('problem'),
      make(
        'p',
        { class: 'outcome bad' },
        `${error instanceof Error ? error.message : String(error)}.${hint === undefined ? '' : ` ${hint}.`}`,
      ),
    );
    this.#form();
  }

  #remember(how: 'push' | 'replace' | 'stay'): void {
    const hash = `#${addressText(this.#address)}`;
    if (location.hash === hash) return;
    // An address that could not be followed to its end becomes that of what is shown.
    if (how === 'push') history.pushState(null, '', hash);
    else if (how === 'replace' || location.hash !== '') history.replaceState(null, '', hash);
  }

  /** Takes a revision of one's own; the run stays what it is, as far as it is possible there. */
  async take(text: OwnText): Promise<OwnOutline> {
    const outline = await this.#asking.put({ kind: 'load', own: text }).answer;
    this.#own = { text, revision: standIn(outline) };
    this.#walked = undefined;
    this.#checked = undefined;
    const { property: _, loop: __, ...address } = this.#address;
    await this.#go({ ...address, ...fitting({ ...address, revision: outline.name }, this.#known) }, 'push');
    return outline;
  }

  get #known(): readonly Revision[] {
    return this.#own === undefined ? revisions : [...revisions, this.#own.revision];
  }

  /** What is asked about, with the text of one's own revision if it is that. */
  #asks(subject: WalkSubject): AskedSubject {
    const own = this.#own;
    return { ...subjectOf(subject), ...(own?.revision.name === subject.revision ? { own: own.text } : {}) };
  }

  /** One step on or back by the arrow keys, wherever one is but in a field. */
  key(event: KeyboardEvent): void {
    const { key, target } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (target instanceof Element && target.closest('input,select,textarea') !== null) return;
    const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    this.#stepTo(this.#address.at + by);
  }

  #stepTo(to: number): void {
    const { steps } = this.#address;
    if (to < 0 || to > steps.length || to === this.#address.at) return;
    void this.#go({ ...this.#address, at: to }, 'replace');
  }

  /** Takes a step after so many, whatever came there before. */
  #takeStep(after: number, name: string): void {
    const { steps } = this.#address;
    if (steps[after] === name) {
      this.#stepTo(after + 1);
      return;
    }
    const { property: _, loop: __, ...address } = this.#address;
    void this.#go({ ...address, steps: [...steps.slice(0, after), name], at: after + 1 }, 'push');
  }

  /** Another subject: the run stays what it is, as far as it is possible there; in another scenario it begins anew. */
  #change(subject: WalkSubject & { readonly property?: string | undefined }): void {
    const { property: wanted, ...what } = subject;
    const before = this.#address;
    const other = before.other === undefined ? {} : { other: before.other };
    const run =
      subject.scenario === before.scenario && subject.size === before.size
        ? { start: before.start, steps: before.steps, at: before.at }
        : { start: 0, steps: [], at: 0 };
    void this.#go(
      { ...what, ...run, ...other, ...(wanted === undefined ? {} : { property: wanted }) },
      'push',
    );
  }

  async #check(): Promise<void> {
    this.#running?.stop();
    const { property } = this.#address;
    const only = this.#only;
    const question = this.#asking.put(
      {
        kind: 'check',
        subject: this.#asks(this.#address),
        ...(only === undefined ? {} : { property: only }),
      },
      ({ states, depth, stage }) => {
        if (this.#running !== question) return;
        fill(
          at('progress'),
          stage ?? `${states.toLocaleString('en')} states${depth === undefined ? '' : `, depth ${depth}`}`,
        );
      },
    );
    this.#running = question;
    this.#checked = undefined;
    fill(at('progress'), 'begins');
    this.#form();
    this.#verdicts();
    try {
      const checked = await question.answer;
      if (this.#running !== question) return;
      this.#checked = checked;
      fill(at('progress'));
      const shown = property === undefined ? undefined : checked.runs[property];
      if (shown !== undefined && this.#address.steps.length === 0) void this.#openRun(property ?? '');
    } catch (error) {
      if (this.#running !== question) return;
      fill(at('progress'));
      this.#refuse(error);
    }
    this.#running = undefined;
    this.#form();
    this.#verdicts();
  }

  /** The one property that is to be checked; undefined: all are. */
  #only: string | undefined;

  /** The shortest run that violates a property, at its end. */
  async #openRun(property: string): Promise<void> {
    const run = this.#checked?.runs[property];
    const found = this.#checked?.result.properties.find(({ id }) => id === property)?.counterexample;
    if (run === undefined || found === undefined) return;
    const { loop: _, ...address } = this.#address;
    const { cycle } = found;
    await this.#go(
      {
        ...address,
        ...run,
        property,
        ...(cycle === undefined ? {} : { loop: cycle.start }),
        at: run.steps.length,
      },
      'push',
    );
    showRunTitle();
  }

  async #find(to: 'in step' | { readonly violationOf: readonly string[] }): Promise<void> {
    const { at: here, steps, start } = this.#address;
    const subject = this.#asks(this.#address);
    const result = at('found');
    const question = this.#asking.put(
      { kind: 'find', subject, run: { start, steps: steps.slice(0, here) }, to },
      ({ states }) => fill(result, `${states.toLocaleString('en')} states looked at `, stop),
    );
    const stop = make('button', { type: 'button', onclick: () => question.stop() }, 'Stop');
    const asked = this.#asked;
    fill(result, 'looking ', stop);
    try {
      const found = await question.answer;
      // The reader has gone elsewhere.
      if (asked !== this.#asked || here !== this.#address.at) return;
      const states = `${found.states.toLocaleString('en')} states`;
      if (found.kind === 'stopped') fill(result, `Stopped after ${states}: nothing is known.`);
      else if (found.kind === 'none') {
        const within =
          found.boundedBy.length === 0
            ? ''
            : ` More would be possible beyond the bounds that were met: ${found.boundedBy.join(', ')}.`;
        fill(
          result,
          to === 'in step'
            ? `There is no way: none of the ${states} that can be reached from here is one in which the two ends are in step. Failovers, state syncs and new requests were left out, as the property recovery-possible has it.${within}`
            : `No way on from here breaks it: all ${states} that can be reached from here were looked at.${within}`,
        );
      } else if (found.steps.length === 0) fill(result, 'The two ends are in step here.');
      else {
        const { property: _, loop: __, ...address } = this.#address;
        const only = to === 'in step' || to.violationOf.length > 1 ? undefined : to.violationOf[0];
        await this.#go(
          {
            ...address,
            ...(only === undefined ? {} : { property: only }),
            steps: [...steps.slice(0, here), ...found.steps],
          },
          'push',
        );
        fill(
          at('found'),
          `Found: ${found.steps.length} more ${found.steps.length === 1 ? 'step' : 'steps'}, and there is no shorter way. Go on with the arrow keys.`,
        );
      }
    } catch (error) {
      this.#refuse(error);
    }
  }

  #show(): void {
    this.#form();
    this.#verdicts();
    this.#showRun();
  }

  #form(): void {
    showForm(at('subject'), this.#address, this.#known, this.#only, this.#running !== undefined, {
      change: (subject) => this.#change(subject),
      only: (property) => {
        this.#only = property;
        this.#form();
      },
      check: () => void this.#check(),
      stop: () => this.#running?.stop(),
      beside: (other) => {
        const { other: _, ...address } = this.#address;
        void this.#go({ ...address, ...(other === undefined ? {} : { other }) }, 'push');
      },
    });
  }

  #verdicts(): void {
    showVerdicts(
      at('verdicts'),
      this.#checked,
      this.#own?.revision.name === this.#address.revision,
      (property) => void this.#openRun(property),
    );
  }

  #showRun(): void {
    const walked = this.#walked;
    if (walked === undefined) return;
    const address = this.#address;
    const { at: here, steps, start } = address;
    fill(
      at('about'),
      ...aboutOf(address),
      startPiece(walked, start, (to) => this.#change0(to)),
    );
    const go = (label: string, key: string, to: number): HTMLButtonElement =>
      make(
        'button',
        {
          type: 'button',
          'data-key': key,
          disabled: to < 0 || to > steps.length || to === here,
          onclick: () => this.#stepTo(to),
        },
        label,
      );
    fill(
      at('bar'),
      go('« Beginning', 'first', 0),
      go('← Back', 'back', here - 1),
      make(
        'span',
        { class: 'where-at' },
        here === 0 ? `Beginning, ${steps.length} steps` : `Step ${here} of ${steps.length}`,
      ),
      go('Forward →', 'forward', here + 1),
      go('End »', 'last', steps.length),
      make('a', { href: `#${addressText(address)}`, 'data-key': 'link' }, 'Link to this step'),
    );
    // What a run without progress shows is not seen by a step: it is so from its last one on.
    const stuck = progressProperties.find(({ id }) => here === steps.length && id === address.property);
    const broken = [
      ...(here === 0 ? [] : (walked.violates[here - 1] ?? [])),
      ...(stuck === undefined ? [] : [{ id: stuck.id, because: stuck.stuck }]),
    ];
    fill(
      at('step'),
      here === 0
        ? 'Beginning: the SA is established, nothing has been sent.'
        : `${here}. ${walked.words[here - 1]}`,
      broken.map(({ id, because }) => make('span', { class: 'bad' }, `✗ breaks ${id}: ${because}`)),
    );
    showRules(at('rules'), address, this.#known, here === 0 ? undefined : walked.steps[here - 1], (rule) =>
      this.#change({ ...subjectOf(address), without: [...address.without, rule] }),
    );
    showChoices(at('instead'), {
      choices:
        here === 0 ? [] : (walked.choices[here - 1] ?? []).filter(({ name }) => name !== steps[here - 1]),
      none: here === 0 ? 'No step was taken yet.' : 'Nothing else was possible.',
      take: (name) => this.#takeStep(here - 1, name),
    });
    showChoices(at('next'), {
      choices: walked.choices[here] ?? [],
      none: 'Nothing more can happen.',
      run: steps[here],
      boundedBy: walked.boundedBy[here] ?? [],
      take: (name) => this.#takeStep(here, name),
    });
    showFind(at('find'), address, walked.inStep[here] === true, (to) => void this.#find(to));
    showBoxes(at('state'), walked, here);
    showList(at('list'), walked, here, address.loop, (to) => this.#stepTo(to));
    this.draw();
  }

  #change0(start: number): void {
    const { property: _, loop: __, ...address } = this.#address;
    void this.#go({ ...address, start, steps: [], at: 0 }, 'push');
  }

  draw(): void {
    const [walked, other] = [this.#walked, this.#other];
    if (walked === undefined) return;
    const go = (to: number): void => this.#stepTo(to);
    at('walking').classList.toggle('two', other !== undefined);
    at('other').hidden = other === undefined;
    drawChart(at('chart'), walked, this.#address, go);
    if (other === undefined || this.#address.other === undefined) return;
    showOther(at('other-about'), this.#address.other, walked, other);
    const { at: here } = this.#address;
    drawChart(at('other-chart'), other, { at: Math.min(here, other.steps.length) }, go);
  }
}

/** To the run, for eyes and for the keyboard. */
function showRunTitle(): void {
  const title = at('run-title');
  title.scrollIntoView();
  title.focus({ preventScroll: true });
}

const subjectOf = ({ revision, scenario, size, set, without }: WalkSubject): WalkSubject => ({
  revision,
  scenario,
  size,
  set,
  without,
});

const subjectText = (subject: WalkSubject): string => JSON.stringify(subjectOf(subject));

/** What the run is of, and the command that says the same. */
function aboutOf(address: WalkAddress): readonly (Node | string)[] {
  const { revision, scenario, size, set, without, property, loop, steps } = address;
  const command = [
    `npx ipsecha check ${revision} --scenario ${scenario}`,
    ...(size === 'small' ? [] : [`--size ${size}`]),
    ...set.map((change) => `--set ${change}`),
    ...without.map((rule) => `--without ${rule}`),
    ...(property === undefined ? [] : [`--property ${property}`]),
  ].join(' ');
  return [
    ...(property === undefined || steps.length === 0
      ? []
      : [
          'A shortest run that breaks ',
          make('a', { href: `${property}.html` }, make('code', {}, property)),
          '. ',
        ]),
    ...(loop === undefined
      ? []
      : [
          loop < steps.length
            ? `From step ${loop + 1} on it repeats for ever. `
            : 'After its last step nothing more happens. ',
        ]),
    ...(without.length === 0
      ? []
      : ['Left out: ', ...without.map((id) => make('code', { title: findRule(id)?.title }, `${id} `))]),
    'On the command line: ',
    make('code', {}, command),
    ' ',
  ];
}

/** Where the initial state is one of several, which one. */
const startPiece = ({ starts }: Walked, start: number, choose: (start: number) => void): Node | undefined =>
  starts < 2
    ? undefined
    : make(
        'label',
        {},
        'What the ends announced in IKE_AUTH',
        make(
          'select',
          {
            'data-key': 'start',
            onchange: ({ target }) => choose(Number((target as HTMLSelectElement).value)),
          },
          Array.from({ length: starts }, (_, index) =>
            make(
              'option',
              { value: index, selected: index === start },
              `possibility ${index + 1} of ${starts}`,
            ),
          ),
        ),
      );
