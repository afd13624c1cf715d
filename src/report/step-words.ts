/** A step in a sentence, for lists of what can be done and for readers who cannot see a chart. */
import { match } from 'ts-pattern';
import { type Action, isMember, type Message } from '../../model/index.ts';
import { type MessageNumbers, type ModelStep, messageNumbers, sentIn } from '../questions/run-steps.ts';
import { messageWords } from './words.ts';

/** How a box is called in a sentence: `member A`, `the peer`. */
export const boxWords = (name: string): string => (name === 'peer' ? 'the peer' : `member ${name}`);

/**
 * What happens in a step: `member A sends (3) request 1 b`. Messages have the numbers that they have in the chart.
 *
 * @param before the steps before it in the run
 * @param names of the components, in the order of the states' values
 */
export function stepWords(
  step: Pick<ModelStep, 'action' | 'sent' | 'after'>,
  before: readonly Pick<ModelStep, 'action' | 'sent'>[],
  names: readonly string[],
): string {
  const numberOf = messageNumbers([...before, step]);
  const sent = sentIn(step).map((message) => numbered(message, numberOf));
  const { action } = step;
  const again = before.some((each) => isArrivalOfSame(each.action, action)) ? ' once more' : '';
  const told = match(action)
    .with({ kind: 'request' }, { kind: 'packet' }, { kind: 'rekey-child' }, { kind: 'rekey-ike' }, ({ by }) =>
      sentBy(by, 'sends', sent),
    )
    .with({ kind: 'again' }, ({ by }) => sentBy(by, 'sends under a new Message ID what was under way', sent))
    .with({ kind: 'tell-delta' }, ({ by }) => sentBy(by, 'asks for the delta in a request of its own', sent))
    .with({ kind: 'rekey-after' }, ({ by }) => sentBy(by, 'rekeys after its takeover', sent))
    .with({ kind: 'delete-old' }, ({ by }) =>
      sentBy(by, 'deletes a Child SA that another one replaces', sent),
    )
    .with({ kind: 'receive' }, ({ by, message }) => {
      const taken = `${boxWords(by)} takes ${numbered(message, numberOf)}${again}`;
      return sent.length === 0 ? taken : `${taken}, and sends ${sent.join(' and ')}`;
    })
    .with(
      { kind: 'drop' },
      ({ by, message }) => `${boxWords(by)} drops ${numbered(message, numberOf)}${again}`,
    )
    .with({ kind: 'lose' }, ({ message }) => `${numbered(message, numberOf)} is lost`)
    .with({ kind: 'state-sync' }, ({ from, to }) => `${boxWords(from)} copies its state to ${boxWords(to)}`)
    .with(
      { kind: 'send-state-sync' },
      ({ from, to }) =>
        `${boxWords(from)} sends a copy of its state to ${boxWords(to)}, which is still under way`,
    )
    .with({ kind: 'receive-state-sync' }, ({ by }) => `the copy of the state reaches ${boxWords(by)}`)
    .with({ kind: 'failover' }, ({ from, to }) => {
      const value = step.after[names.indexOf(from)];
      const gone = isMember(value) && value.role === 'standby' ? 'gives up its role' : 'fails';
      const over = `${boxWords(from)} ${gone}, and ${boxWords(to)} takes over`;
      return sent.length === 0 ? over : `${over} and sends ${sent.join(' and ')}`;
    })
    .with({ kind: 'split' }, ({ from, to }) => {
      const over = `${boxWords(to)} takes over, and ${boxWords(from)} goes on`;
      return sent.length === 0 ? over : `${over}; sent is ${sent.join(' and ')}`;
    })
    .with(
      { kind: 'step-down' },
      ({ from, to }) => `${boxWords(from)} gives up its role, and ${boxWords(to)} alone is active`,
    )
    .with({ kind: 'ask' }, ({ by }) => sentBy(by, 'begins its sync', sent))
    .with({ kind: 'retry' }, ({ by }) => sentBy(by, 'begins its sync anew', sent))
    .with({ kind: 'begin' }, ({ by, name }) => sentBy(by, `begins ${name} by itself`, sent))
    .with({ kind: 'tell-sync' }, ({ by }) => `${boxWords(by)} tells the others what its sync request says`)
    .with(
      { kind: 'tell-bump' },
      ({ by }) => `${boxWords(by)} tells the others how far it advanced the ESP counters`,
    )
    .with({ kind: 'send' }, ({ by }) => sentBy(by, 'sends what it had yet to send', sent))
    .with({ kind: 'retransmit' }, ({ by }) => sentBy(by, 'sends again', sent))
    .exhaustive();
  return told.charAt(0).toUpperCase() + told.slice(1);
}

const numbered = (message: Message, numberOf: MessageNumbers): string =>
  `(${numberOf(message)}) ${messageWords(message)}`;

const sentBy = (by: string, what: string, sent: readonly string[]): string =>
  sent.length === 0
    ? `${boxWords(by)} ${what}`
    : `${boxWords(by)} ${what}${what.startsWith('sends') && what.length < 12 ? ' ' : ': '}${sent.join(' and ')}`;

/** Whether the same box received the same message in both. */
const isArrivalOfSame = (earlier: Action, action: Action): boolean =>
  (action.kind === 'receive' || action.kind === 'drop') &&
  (earlier.kind === 'receive' || earlier.kind === 'drop') &&
  earlier.by === action.by &&
  JSON.stringify(earlier.message) === JSON.stringify(action.message);
