/** Which faults a validator catches, for a terminal. */
import type { MutationTally } from '../generate/mutate.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';

export function renderMutations(tallies: readonly MutationTally[], style: Terminal): string {
  const reasons = tallies.filter(
    ({ unseen, missed, otherwise }) => unseen !== undefined && missed + otherwise > 0,
  );
  const faults = tallies.filter(
    ({ unseen, missed, otherwise }) => unseen === undefined && missed + otherwise > 0,
  );
  const idle = tallies.filter(({ tried }) => tried === 0);
  return [
    drawTable(
      {
        head: ['fault', 'what is done', 'tried', 'caught', 'named otherwise', 'missed', 'rule'],
        align: ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
        rows: tallies.map((tally) => [
          tally.mutation,
          tally.does,
          String(tally.tried),
          ...[tally.caught, tally.otherwise, tally.missed].map((number, column) =>
            cell(number, column > 0 && number > 0, tally),
          ),
          ruleText(tally),
        ]),
      },
      style,
    ),
    ...wrap(
      'caught: a rule that is right for the fault was named; of a fault with no rule: the trace still conforms',
      style.width,
    ),
    ...reasons.flatMap(({ mutation, unseen = '' }) =>
      wrap(`${mutation} cannot always be seen: ${unseen}`, style.width),
    ),
    ...faults.flatMap(({ mutation, example }) =>
      wrap(
        `${mutation} was not told rightly, and there is no reason for it${example === undefined ? '' : `: see trace ${example.trace} of ${example.scenario}`}`,
        style.width,
      ),
    ),
    ...(idle.length === 0
      ? []
      : wrap(`nothing to try it on: ${idle.map(({ mutation }) => mutation).join(', ')}`, style.width)),
    '',
  ].join('\n');
}

const cell = (number: number, isWrong: boolean, { unseen }: MutationTally): Cell =>
  isWrong ? { text: String(number), tone: unseen === undefined ? 'bad' : 'doubt' } : String(number);

const ruleText = ({ by, rules }: MutationTally): string =>
  rules.length === 0
    ? 'none'
    : Object.entries(by)
        .sort(([, a], [, b]) => b - a)
        .map(([rule, times]) => `${rule} (${times})`)
        .join(', ');
