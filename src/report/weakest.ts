/** The weakest settings that break a property, for a terminal. */
import { components, type Weakened, type Weakest } from '../questions/weakest.ts';
import { chartOf } from './check.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';

/**
 * @param asked the revision as it was asked for: by its name, or as a file
 * @param without rules that were left out
 */
export function renderWeakest(
  weakest: Weakest,
  style: Terminal,
  asked: string,
  without: readonly string[] = [],
): string {
  const { property, result, settings, explorations, verdict } = weakest;
  const lines = (text: string): readonly string[] => wrap(text, style.width);
  // What was as weak as can be from the beginning is told in one line.
  const told = settings.filter(({ from, to, weaker }) => from !== to || weaker.length > 0);
  const rest = settings.filter((each) => !told.includes(each));
  const shown = result.properties.find(({ id }) => id === property);
  return [
    ...lines(
      `${result.revision}, ${result.scenario} (${result.size}): the weakest settings that break ${property}`,
    ),
    '',
    drawTable(
      {
        head: ['setting', 'was', 'is enough', 'what is weaker'],
        align: ['left', 'right', 'right', 'left'],
        rows: told.map(({ setting, from, to, weaker }) => [
          setting,
          String(from),
          from === to ? String(to) : { text: String(to), tone: 'good' },
          weakerCell(weaker),
        ]),
      },
      style,
    ),
    ...(rest.length === 0
      ? []
      : [...lines(`as weak as can be: ${rest.map(({ setting, to }) => `${setting}=${to}`).join(' ')}`), '']),
    ...(shown?.counterexample === undefined
      ? []
      : [chartOf(result, { property: shown, counterexample: shown.counterexample }, style)]),
    ...lines(
      verdict === 'minimal'
        ? `no single setting can be weaker (${explorations} explorations; a local minimum: weakened in the order ${components.join(', ')}, and two at once were not tried)`
        : `weaker settings may break it too: not all were decided (${explorations} explorations); more time (--time) may tell`,
    ),
    ...lines(`to see it again: ${commandOf(weakest, asked, without)}`),
    '',
  ].join('\n');
}

function weakerCell(weaker: Weakened['weaker']): Cell {
  if (weaker.length === 0) return { text: 'nothing', tone: 'quiet' };
  const held = weaker.filter(({ verdict }) => verdict === 'holds').map(({ value }) => value);
  const open = weaker.filter(({ verdict }) => verdict === 'inconclusive');
  const text = [
    ...(held.length === 0 ? [] : [`holds with ${held.join(', ')}`]),
    ...open.map(
      ({ value, because }) => `inconclusive with ${value}${because === undefined ? '' : `: ${because}`}`,
    ),
  ].join('; ');
  return open.length === 0 ? text : { text, tone: 'doubt' };
}

/** The command that checks the property at the weakest settings. */
const commandOf = (
  { property, result, changes }: Weakest,
  asked: string,
  without: readonly string[],
): string =>
  [
    `ipsecha check ${asked} --scenario ${result.scenario}`,
    ...(result.size === 'small' ? [] : [`--size ${result.size}`]),
    ...without.map((rule) => `--without ${rule}`),
    `--property ${property}`,
    ...changes.map((change) => `--set ${change}`),
  ].join(' ');
