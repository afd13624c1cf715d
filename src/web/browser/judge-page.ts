/** The page that judges captures: takes files, shows what is said of them, and lets one go through their events. */
import { Asking, type Question, Refusal } from './asking.ts';
import { at, fill, make } from './elements.ts';
import type { HowRead, JudgeAnswers, JudgeAsks, JudgedFiles } from './judging.ts';

/** Pixels of a column of the chart, and of its edges: see `report/chart/svg.ts`. */
const COLUMN = 7.4;
const EDGES = 30;

/** Files that are keys, if they are dropped among others. */
const IS_KEYS = /\.csv$/i;

export function showJudging(): void {
  new JudgePage(new Asking(at('program').textContent ?? ''));
}

/** An event of one of the traces, from 1. */
interface Place {
  readonly trace: number;
  readonly event: number;
}

class JudgePage {
  readonly #asking: Asking<JudgeAsks, JudgeAnswers, HowRead>;
  #files: readonly File[] = [];
  #keys: readonly File[] = [];
  #judged: JudgedFiles | undefined;
  #place: Place = { trace: 0, event: 1 };
  #running: Question<unknown> | undefined;

  constructor(asking: Asking<JudgeAsks, JudgeAnswers, HowRead>) {
    this.#asking = asking;
    const [traces, keys] = [at('traces') as HTMLInputElement, at('keys') as HTMLInputElement];
    traces.addEventListener('change', () => this.#take([...(traces.files ?? [])], this.#keys));
    keys.addEventListener('change', () => this.#take(this.#files, [...(keys.files ?? [])]));
    at('asked').addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#running === undefined) void this.#judge();
      else this.#running.stop();
    });
    addEventListener('keydown', (event) => this.#key(event));
    addEventListener('resize', () => void this.#look());
    this.#letDrop();
    // What the browser filled in again when the page was loaded anew.
    this.#take([...(traces.files ?? [])], [...(keys.files ?? [])]);
  }

  /** Files can be dropped anywhere: a page that is missed by a hand's breadth must not be left for the file. */
  #letDrop(): void {
    const field = at('drop');
    for (const kind of ['dragenter', 'dragover'] as const)
      addEventListener(kind, (event) => {
        event.preventDefault();
        field.classList.add('over');
      });
    addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) field.classList.remove('over');
    });
    addEventListener('drop', (event) => {
      event.preventDefault();
      field.classList.remove('over');
      const dropped = [...(event.dataTransfer?.files ?? [])];
      const keys = dropped.filter(({ name }) => IS_KEYS.test(name));
      const files = dropped.filter(({ name }) => !IS_KEYS.test(name));
      // Keys alone are those of what was given before.
      this.#take(files.length === 0 ? this.#files : files, keys.length === 0 ? this.#keys : keys);
      if (this.#files.length > 0) void this.#judge();
    });
  }

  #take(files: readonly File[], keys: readonly File[]): void {
    this.#files = files;
    this.#keys = keys;
    const named = (all: readonly File[]): string => all.map(({ name }) => name).join(', ');
    const parts = [
      files.length === 0 ? '' : `To be judged: ${named(files)}.`,
      keys.length === 0 ? '' : `Keys: ${named(keys)}.`,
    ];
    fill(at('given'), parts.filter((part) => part !== '').join(' '));
    this.#button();
  }

  #button(): void {
    const button = at('judge') as HTMLButtonElement;
    button.disabled = this.#files.length === 0;
    button.textContent = this.#running === undefined ? 'Judge' : 'Stop';
  }

  async #judge(): Promise<void> {
    this.#running?.stop();
    const ticked = (id: string): boolean => (at(id) as HTMLInputElement).checked;
    const question = this.#asking.put(
      {
        kind: 'judge',
        files: this.#files,
        keys: this.#keys,
        revision: (at('revision') as HTMLSelectElement).value,
        complete: ticked('complete'),
        each: ticked('each'),
      },
      ({ file, read, total }) => {
        if (this.#running !== question) return;
        const share = total === undefined || total === 0 ? '' : `: ${Math.floor((100 * read) / total)} %`;
        fill(at('progress'), `reads ${file}${share}`);
      },
    );
    this.#running = question;
    this.#button();
    fill(at('progress'), 'begins');
    fill(at('problem'));
    fill(at('verdicts'));
    at('walk').hidden = true;
    this.#judged = undefined;
    try {
      const judged = await question.answer;
      if (this.#running !== question) return;
      this.#judged = judged;
      fill(
        at('problem'),
        judged.problems.map((problem) => make('p', { class: 'outcome doubt' }, problem)),
      );
      // Markup of the report, in which every text was escaped.
      at('verdicts').innerHTML = judged.markup;
      await this.#go(this.#firstPlace(judged));
    } catch (error) {
      if (this.#running !== question) return;
      const hint = error instanceof Refusal && error.hint !== undefined ? error.hint : '';
      const said = error instanceof Error ? error.message : String(error);
      fill(
        at('problem'),
        make('p', { class: 'outcome bad' }, said.includes(hint) ? said : `${said}\n${hint}`),
      );
    }
    fill(at('progress'));
    this.#running = undefined;
    this.#button();
  }

  /** The first finding; else the first event of the first trace that has any. */
  #firstPlace({ traces }: JudgedFiles): Place {
    const trace = Math.max(
      0,
      traces.findIndex(({ findings }) => findings.length > 0),
    );
    return { trace, event: traces[trace]?.findings[0]?.event ?? 1 };
  }

  async #go(place: Place): Promise<void> {
    const trace = this.#judged?.traces[place.trace];
    at('walk').hidden = trace === undefined || trace.events === 0;
    if (trace === undefined || place.event < 1 || place.event > trace.events) return;
    this.#place = place;
    await this.#look();
  }

  async #look(): Promise<void> {
    const place = this.#place;
    const traces = this.#judged?.traces ?? [];
    const trace = traces[place.trace];
    if (trace === undefined || trace.events === 0) return;
    const chart = at('chart');
    const columns = Math.max(40, Math.floor((chart.clientWidth - EDGES) / COLUMN));
    const looked = await this.#asking.put({ kind: 'look', ...place, columns }).answer;
    // The reader has gone on.
    if (place !== this.#place || this.#judged?.traces !== traces) return;
    this.#bar();
    fill(at('step'), looked.words);
    // Markup of the report, as above.
    chart.innerHTML = looked.chart;
    at('findings').innerHTML = looked.findings;
    for (const band of chart.querySelectorAll<SVGElement>('.band')) {
      const event = Number(band.dataset['step']);
      band.classList.toggle('here', event === place.event);
      band.addEventListener('click', () => void this.#go({ ...place, event }));
    }
  }

  #bar(): void {
    const { trace: index, event } = this.#place;
    const traces = this.#judged?.traces ?? [];
    const trace = traces[index];
    if (trace === undefined) return;
    const to = (key: string, text: string, wanted: number | undefined): HTMLButtonElement =>
      make(
        'button',
        {
          type: 'button',
          'data-key': key,
          disabled: wanted === undefined || wanted < 1 || wanted > trace.events || wanted === event,
          onclick: () => void this.#go({ trace: index, event: wanted ?? event }),
        },
        text,
      );
    const marked = trace.findings.map((finding) => finding.event).sort((one, other) => one - other);
    fill(
      at('bar'),
      traces.length > 1 && this.#chooser(index),
      to('first', '⏮ Beginning', 1),
      to('back', '◀ Back', event - 1),
      make(
        'p',
        { class: 'where-at' },
        `Event ${event.toLocaleString('en')} of ${trace.events.toLocaleString('en')}`,
      ),
      to('on', 'Next ▶', event + 1),
      to('last', 'End ⏭', trace.events),
      to(
        'finding-before',
        '◀ Finding',
        marked.findLast((at) => at < event),
      ),
      to(
        'finding-next',
        'Finding ▶',
        marked.find((at) => at > event),
      ),
    );
  }

  #chooser(index: number): HTMLElement {
    const traces = this.#judged?.traces ?? [];
    const choice = make(
      'select',
      {
        'aria-label': 'Trace',
        'data-key': 'trace',
        onchange: () => void this.#go({ trace: Number(choice.value), event: 1 }),
      },
      traces.map(({ files }, each) =>
        make('option', { value: each, selected: each === index }, files.join(', ')),
      ),
    );
    return choice;
  }

  /** One event on or back by the arrow keys, wherever one is but in a field. */
  #key(event: KeyboardEvent): void {
    const { key, target } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (target instanceof Element && target.closest('input,select,textarea') !== null) return;
    const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (by === 0 || this.#judged === undefined) return;
    event.preventDefault();
    void this.#go({ ...this.#place, event: this.#place.event + by });
  }
}
