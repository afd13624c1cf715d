/** The result of a check as it stands in `--json`: a contract, with a published schema. */
import type { Action } from '../../model/index.ts';
import type { CheckResult } from './check.ts';

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
  readonly rules: readonly string[];
  /** What changed, by the name of the box or count. */
  readonly changes: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>;
}

export interface CheckDocument extends Omit<CheckResult, 'properties' | 'places'> {
  readonly properties: readonly {
    readonly id: string;
    readonly verdict: string;
    readonly because?: string;
    readonly depth?: number;
    readonly counterexample?: readonly StepDocument[];
  }[];
}

export function checkDocument({ places, properties, ...result }: CheckResult): CheckDocument {
  return {
    ...result,
    properties: properties.map(({ counterexample, ...property }) =>
      counterexample === undefined
        ? property
        : {
            ...property,
            depth: counterexample.depth,
            counterexample: counterexample.steps.map((step): StepDocument => {
              const { action } = step;
              return {
                actor: actorOf(action),
                action: action.kind,
                ...('message' in action ? { message: action.message } : {}),
                sent: action.sent ?? step.sent,
                rules: action.rules,
                changes: Object.fromEntries(
                  places.flatMap((place, index) => {
                    const [before, after] = [step.before[index], step.after[index]];
                    return JSON.stringify(before) === JSON.stringify(after)
                      ? []
                      : [[place, { before, after }]];
                  }),
                ),
              };
            }),
          },
    ),
  };
}
