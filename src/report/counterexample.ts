/** A counterexample as a sequence chart: members and peer, messages, state syncs, failovers, counters. */
import {
  type Action,
  endOfBox,
  isActive,
  isMember,
  type Message,
  type Observation,
  type Value,
} from '../../model/index.ts';
import { type PropertyWords, wordsOf } from '../author/own.ts';
import type { Counterexample, Cycle, TakenStep } from '../explore/result.ts';
import { type MessageNumbers, messageNumbers, sentIn } from '../questions/run-steps.ts';
import type { Chart, Row } from './chart/chart.ts';
import { messageWords, roleWords, stateWords } from './words.ts';

type ModelCounterexample = Counterexample<Value, Message, Observation, Action>;
type ModelCycle = Cycle<Message>;
type ModelStep = TakenStep<Value, Message, Observation, Action>;

/**
 * @param names of the components, in the order of the states' values
 * @param propertyId of the property that is broken
 * @param own what it says, if a revision brings it along
 */
export function counterexampleChart(
  counterexample: ModelCounterexample,
  names: readonly string[],
  propertyId: string,
  title: string,
  own?: PropertyWords,
): Chart {
  const { steps, initial, depth, because, cycle } = counterexample;
  const property = wordsOf(propertyId, own);
  return runChart(
    {
      title,
      initial,
      steps,
      mark: cycle === undefined,
      ...(cycle === undefined
        ? {}
        : { turn: { at: cycle.start, row: cycleRow(counterexample, cycle, names) } }),
      foot: [
        `breaks ${propertyId} after ${depth} ${depth === 1 ? 'step' : 'steps'}: ${because}`,
        ...(cycle === undefined ? [] : [cycleWords(cycle, steps.length)]),
        ...(property === undefined
          ? []
          : [
              property.says,
              ...(property.rules.length === 0
                ? []
                : [`rules that are there for it: ${property.rules.join(', ')}`]),
            ]),
      ],
    },
    names,
  );
}

/**
 * Any run as a chart.
 *
 * @param run `mark`: whether its last step is what the reader has to look at; `turn`: a row that stands before a step
 * @param names of the components, in the order of the states' values
 */
export function runChart(
  run: {
    readonly title: string;
    readonly initial: readonly Value[];
    readonly steps: readonly ModelStep[];
    readonly mark: boolean;
    readonly turn?: { readonly at: number; readonly row: Row };
    readonly foot: readonly string[];
  },
  names: readonly string[],
): Chart {
  const { title, initial, steps, mark, turn, foot } = run;
  const lifelines = names.flatMap((name, index) => {
    const value = initial[index];
    return isMember(value)
      ? [{ id: name, label: name === 'peer' ? 'peer' : `member ${name}`, note: roleWords(value) }]
      : [];
  });
  const flights = messageNumbers(steps);
  const rowsFrom = (start: number, end: number): readonly Row[] =>
    steps.slice(start, end).flatMap((step, at) => rowsOf(step, start + at, steps, flights, names));
  const rows =
    turn === undefined
      ? rowsFrom(0, steps.length)
      : [...rowsFrom(0, turn.at), turn.row, ...rowsFrom(turn.at, steps.length)];
  return { title, lifelines, rows: mark ? markLast(rows) : rows, foot };
}

/** A row for the place where a run begins to go round, beside the box that sends something in vain, or else the one that acts next. */
export function cycleRow(
  { initial, steps }: Pick<ModelCounterexample, 'initial' | 'steps'>,
  { start, inVain }: ModelCycle,
  names: readonly string[],
): Row {
  const values = steps[start - 1]?.after ?? initial;
  const next = steps[start];
  const [message] = inVain;
  const at =
    message !== undefined
      ? activeIn(values, names, message.from)
      : next === undefined
        ? activeIn(values, names, 'cluster')
        : actorOf(next.action) || activeIn(values, names, 'cluster');
  const what =
    next === undefined ? 'from here on nothing more happens' : 'from here on the steps below repeat for ever';
  const again =
    message === undefined || next !== undefined ? '' : `, but that it sends again: ${messageWords(message)}`;
  return { kind: 'local', at, text: `${what}${again}`, step: start + 1, mark: 'bad' };
}

/** How the run goes on for ever, in a sentence. */
function cycleWords({ start, inVain }: ModelCycle, steps: number): string {
  const round =
    steps === start
      ? 'from here on nothing more happens, and nothing more has to'
      : `from here on ${steps === start + 1 ? `step ${steps} repeats` : `steps ${start + 1} to ${steps} repeat`} for ever`;
  const vain =
    inVain.length === 0
      ? ''
      : `; sent again and again, and taken by nobody: ${inVain.map(messageWords).join(', ')}`;
  return `${round}: what was sent once may be lost${vain}`;
}

function rowsOf(
  step: ModelStep,
  at: number,
  steps: readonly ModelStep[],
  flights: MessageNumbers,
  names: readonly string[],
): readonly Row[] {
  const { action } = step;
  const actor = actorOf(action);
  const previous = steps[at - 1];
  const rows: Row[] = [];
  if (action.kind === 'state-sync') {
    rows.push({ kind: 'span', from: action.from, to: action.to, text: 'state sync', step: at + 1 });
  }
  if (action.kind === 'send-state-sync') {
    rows.push({
      kind: 'span',
      from: action.from,
      to: action.to,
      text: 'state sync, under way',
      step: at + 1,
    });
  }
  if (action.kind === 'receive-state-sync') {
    rows.push({ kind: 'local', at: actor, text: 'the state sync arrives', step: at + 1 });
  }
  if (action.kind === 'failover') {
    const before = step.after[names.indexOf(action.from)];
    const text = isMember(before) && before.role === 'standby' ? 'gives up its role' : 'fails';
    rows.push({ kind: 'stop', at: action.from, text, step: at + 1 });
    rows.push({ kind: 'start', at: action.to, text: 'takes over', step: at + 1 });
  }
  if (action.kind === 'split') {
    rows.push({ kind: 'local', at: action.from, text: 'goes on', step: at + 1 });
    rows.push({ kind: 'start', at: action.to, text: 'takes over', step: at + 1 });
  }
  if (action.kind === 'step-down') {
    rows.push({ kind: 'stop', at: action.from, text: 'gives up its role', step: at + 1 });
  }
  const next = steps[at + 1];
  if (action.kind === 'lose') {
    const label = `${messageWords(action.message)} is lost`;
    rows.push({ kind: 'local', at: activeAt(step, names, action.message.from), text: label, step: at + 1 });
  }
  if (action.kind === 'retransmit') {
    rows.push({ kind: 'local', at: actor, text: 'sends again', step: at + 1 });
  }
  if (action.kind === 'tell-sync' || action.kind === 'tell-bump') {
    const text =
      action.kind === 'tell-sync' ? 'tells the others M1 and P1' : 'tells the others its ESP counters';
    rows.push({ kind: 'local', at: actor, text, step: at + 1 });
  }
  if (action.kind === 'begin') {
    rows.push({ kind: 'local', at: actor, text: `begins ${action.name}`, step: at + 1 });
  }
  if (action.kind === 'ask') {
    rows.push({ kind: 'local', at: actor, text: 'begins its sync', step: at + 1 });
  }
  if (action.kind === 'receive' || action.kind === 'drop') {
    const { message } = action;
    const label = action.kind === 'drop' ? `${messageWords(message)}: dropped` : messageWords(message);
    if (previous === undefined || !arrivesNext(previous, step)) {
      const number = flights(message);
      rows.push({ kind: 'receive', at: actor, from: senderOf(message, steps), label, number, step: at + 1 });
    } else if (sentIn(step).length === 0)
      rows.push({ kind: 'local', at: actor, text: `takes ${label}`, step: at + 1 });
  }
  for (const message of sentIn(step)) {
    const label = messageWords(message);
    const number = flights(message);
    // One arrow, if the message arrives in the very next step.
    const direct = next !== undefined && isArrival(next, message) && arrivesNext(step, next);
    rows.push(
      direct
        ? { kind: 'message', from: actor, to: actorOf(next.action), label, number, step: at + 1 }
        : {
            kind: 'send',
            at: actor,
            towards: activeAt(step, names, message.from === 'peer' ? 'cluster' : 'peer'),
            label,
            number,
            step: at + 1,
          },
    );
  }
  const notes = Object.fromEntries(
    names.flatMap((name, index) => {
      const after = step.after[index];
      const changed = isMember(after) && JSON.stringify(after) !== JSON.stringify(step.before[index]);
      return changed && after.role !== 'down' ? [[name, stateWords(after)]] : [];
    }),
  );
  if (Object.keys(notes).length > 0) rows.push({ kind: 'state', notes, step: at + 1 });
  return rows;
}

/** Whether what a step sends is what the next step receives. */
const arrivesNext = (step: ModelStep, next: ModelStep): boolean =>
  sentIn(step).some((message) => isArrival(next, message));

/** Whether a step is the arrival of a message that is taken. */
const isArrival = ({ action }: ModelStep, message: Message): boolean =>
  action.kind === 'receive' && isSame(action.message, message);

/** The active box of an end, or the first of it if none is active. */
const activeAt = ({ before }: ModelStep, names: readonly string[], end: 'cluster' | 'peer'): string =>
  activeIn(before, names, end);

function activeIn(values: readonly Value[], names: readonly string[], end: 'cluster' | 'peer'): string {
  const boxes = names.filter((name, index) => isMember(values[index]) && endOfBox(name) === end);
  return boxes.find((name) => isActive(values[names.indexOf(name)])) ?? boxes[0] ?? '';
}

const isSame = (a: Message, b: Message): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whoever sent a message first; it may be down by now. */
function senderOf(message: Message, steps: readonly ModelStep[]): string {
  const first = steps.find((step) => sentIn(step).some((each) => isSame(each, message)));
  return first === undefined ? 'peer' : actorOf(first.action);
}

/** The box that acts: the one that takes over, in a failover. */
const actorOf = (action: Action): string => {
  if (action.kind === 'state-sync' || action.kind === 'send-state-sync') return action.from;
  if (action.kind === 'failover' || action.kind === 'split' || action.kind === 'step-down') return action.to;
  return 'by' in action ? action.by : '';
};

/** The last thing that happened is what breaks the property. */
function markLast(rows: readonly Row[]): readonly Row[] {
  const at = rows.findLastIndex((row) => row.kind !== 'state');
  return rows.map((row, index) =>
    index === at && row.kind !== 'state' ? { ...row, mark: 'bad' as const } : row,
  );
}
