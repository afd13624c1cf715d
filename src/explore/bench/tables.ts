/** The figures as tables in Markdown, put where `docs/performance.md` has places for them. */
import type { Figure, Figures } from './figures.ts';
import type { ProductFigure } from './product.ts';
import { TWICE } from './tools.ts';

/** Replaces what stands between the marks of each part by the part as it is now. */
export function withTables(markdown: string, figures: Figures): string {
  const parts: Readonly<Record<string, string>> = {
    machine: `Measured on ${figures.machine}, on ${figures.date}.`,
    yardstick: yardstick(figures),
    targets: targets(figures),
    product: product(figures.product),
  };
  return Object.entries(parts).reduce((text, [name, part]) => {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const from = text.indexOf(begin);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`docs/performance.md has no place for '${name}'`);
    return `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`;
  }, markdown);
}

const number = (n: number): string => n.toLocaleString('en');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** Transitions in a second of processor time, without the start of the process where that is known. */
export const rateOf = ({ counts, cpuSeconds }: Pick<Figure, 'counts' | 'cpuSeconds'>): number =>
  counts.transitions / (counts.cpuSeconds ?? cpuSeconds);

/** The same in millions; empty where a clock that ticks a hundred times a second tells no rate of a few ticks. */
export const millionsOf = (figure: Pick<Figure, 'counts' | 'cpuSeconds'>): string =>
  figure.cpuSeconds < 0.1 ? '' : (rateOf(figure) / 1e6).toFixed(2);

/** Transitions in a second by the clock, likewise. */
export const clockRateOf = ({ counts, seconds }: Figure): number =>
  counts.transitions / (counts.seconds ?? seconds);

function yardstick({ figures, tools }: Figures): string {
  const rows = figures.map((figure) => [
    figure.size,
    tools[figure.tool] ?? figure.tool,
    number(figure.counts.states),
    number(figure.counts.transitions),
    String(figure.counts.depth),
    figure.seconds.toFixed(2),
    figure.cpuSeconds.toFixed(2),
    millionsOf(figure),
    (figure.peakBytes / 2 ** 20).toFixed(0),
    (figure.peakBytes / figure.counts.states).toFixed(1),
    figure.load.toFixed(1),
  ]);
  return table(
    [
      'size',
      'tool',
      'states',
      'transitions',
      'depth',
      's',
      's of processor',
      'M transitions/s',
      'peak MiB',
      'bytes a state',
      'load',
    ],
    rows,
  );
}

/** What the engine was to reach, beside what it reaches, by the figures of one run each. */
function targets({ figures }: Figures): string {
  const at = (size: string, tool: string): Figure | undefined =>
    figures.find((figure) => figure.size === size && figure.tool === tool);
  const ratio = (
    what: string,
    wanted: number,
    size: string,
    tools: readonly [string, string],
    of: (figure: Figure) => number,
  ): readonly string[] => {
    const [first, second] = tools.map((tool) => at(size, tool));
    if (first === undefined || second === undefined) return [what, size, `${wanted}`, 'not measured', ''];
    const reached = of(first) / of(second);
    return [what, size, `${wanted}`, reached.toFixed(2), reached >= wanted ? 'met' : 'not met'];
  };
  const sooner = ({ seconds }: Figure): number => 1 / seconds;
  const cheaper = ({ cpuSeconds }: Figure): number => 1 / cpuSeconds;
  const large = at('large', 'engine');
  const both = at('large', TWICE);
  const allowed = large === undefined || both === undefined ? undefined : (2 * large.seconds) / both.seconds;
  const perState = large === undefined ? undefined : large.peakBytes / large.counts.states;
  return table(
    ['what', 'size', 'wanted', 'measured', ''],
    [
      ...['medium', 'large'].flatMap((size) => [
        ratio('transitions/s by the clock, beside SPIN', 1.3, size, ['engine', 'spin'], clockRateOf),
        ratio('the same by processor time', 1.3, size, ['engine', 'spin'], rateOf),
        ratio(
          'transitions/s by the clock, beside C (an aim, no target)',
          1,
          size,
          ['engine', 'c'],
          clockRateOf,
        ),
      ]),
      ratio('reduced: sooner than SPIN, by the clock', 30, 'large', ['engine-reduced', 'spin'], sooner),
      ratio('the same by processor time', 30, 'large', ['engine-reduced', 'spin'], cheaper),
      ratio('reduced: sooner than C, by the clock', 10, 'large', ['engine-reduced', 'c'], sooner),
      ratio('the same by processor time', 10, 'large', ['engine-reduced', 'c'], cheaper),
      ratio('two workers beside one, by the clock', 1.6, 'large', ['engine-two', 'engine'], clockRateOf),
      [
        'two explorations at once beside one after the other (what the machine allows)',
        'large',
        '',
        allowed?.toFixed(2) ?? 'not measured',
        '',
      ],
      [
        'bytes a state in all, at most',
        'large',
        '32',
        perState?.toFixed(1) ?? 'not measured',
        perState === undefined ? '' : perState <= 32 ? 'met' : 'not met',
      ],
    ],
  );
}

const product = (figures: readonly ProductFigure[]): string =>
  table(
    ['what', 'wanted', 'measured', '', 'load'],
    figures.map(({ what, target, measured, isMet, load }) => [
      what,
      target,
      measured,
      isMet === undefined ? '' : isMet ? 'met' : 'not met',
      load.toFixed(1),
    ]),
  );
