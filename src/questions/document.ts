/** The result of a check as it stands in `--json`: a contract, with a published schema. */
import type { Action, RuleId } from '../../model/index.ts';
import type { PropertyWords } from '../author/own.ts';
import type { CheckResult, ModelCounterexample } from './check.ts';
import { coveredWords } from './covered.ts';
import { outsideWords } from './outside.ts';

/** Who acts in a step: the box, the member that takes over, or the network. */
export const actorOf = (action: Action): string =>
  'by' in action ? action.by : 'to' in action ? action.to : 'network';

/** One step of a counterexample. */
export interface StepDocument {
  readonly actor: string;
  readonly action: string;
  /** The message that was received, if one was. */
  readonly message?: object;
  readonly sent: readonly object[];
  readonly rules: readonly RuleId[];
  /** What changed, by the name of the box or count. */
  readonly changes: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;
}

/** How a run goes on for ever. */
export interface CycleDocument {
  /** The steps of the counterexample from this index on repeat; if there are none, nothing more happens. */
  readonly start: number;
  /** Messages that are sent again and again, and that nobody takes. */
  readonly inVain: readonly object[];
}

export interface CheckDocument extends Omit<CheckResult, 'properties' | 'places'> {
  /** Whether the bump covers all that a snapshot can lack, in a sentence; absent where there is nothing to cover. */
  readonly covered?: string;
  /** What the settings let happen that no text assumes, in a sentence; absent where there is nothing. */
  readonly outside?: string;
  readonly properties: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly because?: string;
    /** What it says, if a revision brings it along. */
    readonly own?: PropertyWords;
    readonly depth?: number;
    readonly counterexample?: readonly StepDocument[];
    readonly cycle?: CycleDocument;
  }[];
}

export function checkDocument({ places, properties, ...result }: CheckResult): CheckDocument {
  const covered = coveredWords(result.bounds);
  const outside = outsideWords(result.bounds);
  return {
    ...result,
    ...(covered === undefined ? {} : { covered }),
    ...(outside === undefined ? {} : { outside }),
    properties: properties.map(({ counterexample, ...property }) =>
      counterexample === undefined
        ? property
        : {
            ...property,
            depth: counterexample.depth,
            counterexample: stepDocuments(counterexample, places),
            ...(counterexample.cycle === undefined ? {} : { cycle: counterexample.cycle }),
          },
    ),
  };
}

/** A step of a run, with the names of the places in the order of its values. */
export function stepDocument(
  { action, sent, before, after }: ModelCounterexample['steps'][number],
  places: readonly string[],
): StepDocument {
  return {
    actor: actorOf(action),
    action: action.kind,
    ...('message' in action ? { message: action.message } : {}),
    sent: action.sent ?? sent,
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
