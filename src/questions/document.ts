/** The result of a check as it stands in `--json`: a contract, with a published schema. */
import type { Action, Message } from '../../model/index.ts';
import type { StepDocument } from '../contracts/parts.ts';
import type { Cycle } from '../explore/result.ts';
import type { CheckResult, ModelCounterexample } from './check.ts';
import { coveredWords } from './covered.ts';
import { outsideWords } from './outside.ts';

/** Who acts in a step: the box, the member that takes over, or the network. */
export const actorOf = (action: Action): string =>
  'by' in action ? action.by : 'to' in action ? action.to : 'network';

export function checkDocument({ places, properties, ...result }: CheckResult) {
  const covered = coveredWords(result.bounds);
  const outside = outsideWords(result.bounds);
  return {
    ...result,
    ...(covered === undefined ? {} : { covered }),
    ...(outside === undefined ? {} : { outside }),
    properties: properties.map(({ counterexample, ...property }) => ({
      ...property,
      ...(counterexample === undefined ? {} : runDocument(counterexample, places)),
    })),
  };
}

const runDocument = (counterexample: ModelCounterexample, places: readonly string[]) => ({
  depth: counterexample.depth,
  counterexample: stepDocuments(counterexample, places),
  ...(counterexample.cycle === undefined ? {} : { cycle: cycleDocument(counterexample.cycle) }),
});

const cycleDocument = ({ start, inVain }: Cycle<Message>) => ({ start, inVain: inVain.map(messageDocument) });

/** A message with the names of its fields. */
const messageDocument = (message: Message): Readonly<Record<string, unknown>> => ({ ...message });

/** A step of a run, with the names of the places in the order of its values. */
export function stepDocument(
  { action, sent, before, after }: ModelCounterexample['steps'][number],
  places: readonly string[],
): StepDocument {
  return {
    actor: actorOf(action),
    action: action.kind,
    ...('message' in action ? { message: messageDocument(action.message) } : {}),
    sent: (action.sent ?? sent).map(messageDocument),
    rules: action.rules,
    changes: Object.fromEntries(
      places.flatMap((place, index) =>
        JSON.stringify(before[index]) === JSON.stringify(after[index])
          ? []
          : [[place, { before: before[index], after: after[index] }]],
      ),
    ),
  };
}

/** The steps of a counterexample; `places` are the names of boxes and counts, in the order of the states. */
export const stepDocuments = (
  { steps }: ModelCounterexample,
  places: readonly string[],
): readonly StepDocument[] => steps.map((step) => stepDocument(step, places));
