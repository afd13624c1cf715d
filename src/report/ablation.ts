/** What each rule is there for, for a terminal. */
import type { Ablation, AblationCell } from '../questions/ablate.ts';
import { boundsText } from './bounds.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';

export function renderAblation(result: Ablation, style: Terminal): string {
  const { revision, size, baselines, rules, breaksNothing, verdict } = result;
  const telling = rules.filter(({ rule }) => !breaksNothing.includes(rule));
  const lines = (text: string): readonly string[] => wrap(text, style.width);
  return [
    ...baselines.flatMap(({ scenario, bounds }) =>
      lines(`${revision}, ${scenario} (${size}): ${boundsText(bounds)}`),
    ),
    '',
    ...(telling.length === 0
      ? []
      : [
          drawTable(
            {
              head: ['without', 'scenario', 'breaks (in steps)'],
              rows: telling.flatMap(({ rule, cells }) =>
                cells.map((cell, index) => [index === 0 ? rule : '', cell.scenario, cellText(cell)]),
              ),
            },
            style,
          ),
        ]),
    ...nothingText(result).flatMap(lines),
    ...baselines.flatMap((baseline) => [
      ...(baseline.violated.length === 0
        ? []
        : lines(
            `broken with every rule in place, so not asked in ${baseline.scenario}: ${baseline.violated.join(', ')}`,
          )),
      ...(baseline.inconclusive.length === 0
        ? []
        : lines(
            `inconclusive with every rule in place in ${baseline.scenario}: ${baseline.inconclusive.join(', ')}`,
          )),
    ]),
    ...(verdict === 'conclusive' ? [] : lines(isUndecided(result) ? UNDECIDED : NOT_ALL)),
    '',
  ].join('\n');
}

/** Whether something was explored and not decided. */
const isUndecided = ({ baselines, rules }: Ablation): boolean =>
  baselines.some(({ inconclusive }) => inconclusive.length > 0) ||
  rules.some(({ cells }) => cells.some(({ inconclusive }) => inconclusive.length > 0));

const NOT_ALL = 'not every rule was left out in every scenario here';

const UNDECIDED =
  'inconclusive: a limit of time or memory was met, or a way out lies beyond the bounds, if there is one; more time (--time), a smaller size or other settings (--set) may tell';

/** More properties than this are counted rather than named. */
const MOST_NAMED = 3;

function cellText({ breaks, inconclusive }: AblationCell): Cell {
  const broken = breaks.map(({ property, depth }) => `${property} (${depth})`).join(', ');
  if (inconclusive.length > 0) {
    return {
      text: `${broken === '' ? '' : `${broken}; `}inconclusive: ${
        inconclusive.length > MOST_NAMED
          ? `${inconclusive.length} ${broken === '' ? '' : 'other '}properties`
          : inconclusive.join(', ')
      }`,
      tone: 'doubt',
    };
  }
  return broken === '' ? { text: 'nothing', tone: 'quiet' } : broken;
}

/** Rules without which nothing breaks; of those that never came into play, that says nothing. */
function nothingText({ breaksNothing, baselines, verdict }: Ablation): readonly string[] {
  if (breaksNothing.length === 0) {
    return verdict === 'conclusive' ? ['there is no rule that breaks nothing here'] : [];
  }
  const idle = breaksNothing.filter((rule) =>
    baselines.every(({ neverOccurred }) => neverOccurred.includes(rule)),
  );
  const seen = breaksNothing.filter((rule) => !idle.includes(rule));
  return [
    ...(seen.length === 0 ? [] : [`breaks nothing here: ${seen.join(', ')}`]),
    ...(idle.length === 0 ? [] : [`breaks nothing here, for it never came into play: ${idle.join(', ')}`]),
  ];
}
