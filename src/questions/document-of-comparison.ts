/** The result of a comparison as it stands in `--json`: a contract, with a published schema. */

import type { Behaviour } from './behaviour.ts';
import type { CheckedProperty, CheckResult, CheckVerdict } from './check.ts';
import type { Comparison, Difference } from './compare.ts';
import { type CycleDocument, checkDocument, type StepDocument, stepDocument } from './document.ts';

interface VerdictDocument {
  readonly verdict: CheckVerdict;
  readonly because?: string;
  readonly depth?: number;
}

export interface ComparisonDocument extends Omit<Comparison, 'rows' | 'examples' | 'results' | 'behaviours'> {
  readonly explorations: readonly {
    readonly revision: string;
    readonly scenario: string;
    readonly bounds: CheckResult['bounds'];
    readonly states: number;
    readonly seconds: number;
    readonly complete: boolean;
  }[];
  readonly properties: readonly {
    readonly scenario: string;
    readonly property: string;
    readonly difference: Difference;
    /** In the order of `revisions`. */
    readonly verdicts: readonly [VerdictDocument, VerdictDocument];
  }[];
  readonly examples: readonly {
    readonly revision: string;
    readonly scenario: string;
    readonly property: string;
    readonly depth: number;
    readonly counterexample: readonly StepDocument[];
    readonly cycle?: CycleDocument;
  }[];
  readonly behaviours: readonly (Omit<Behaviour, 'run'> & {
    readonly depth?: number;
    /** The last step is what the other revision cannot do. */
    readonly run?: readonly StepDocument[];
    readonly instead?: readonly StepDocument[];
  })[];
}

export function comparisonDocument({
  rows,
  examples,
  results,
  behaviours,
  ...rest
}: Comparison): ComparisonDocument {
  return {
    ...rest,
    explorations: results.flat().map(({ revision, scenario, bounds, statistics }) => ({
      revision,
      scenario,
      bounds,
      states: statistics.states,
      seconds: statistics.seconds,
      complete: statistics.complete,
    })),
    properties: rows.map(({ scenario, property, difference, first, second }) => ({
      scenario,
      property,
      difference,
      verdicts: [verdictDocument(first), verdictDocument(second)],
    })),
    examples: examples.map(({ result, property }) => {
      const written = checkDocument({ ...result, properties: [property] }).properties[0];
      return {
        revision: result.revision,
        scenario: result.scenario,
        property: property.id,
        depth: written?.depth ?? 0,
        counterexample: written?.counterexample ?? [],
        ...(written?.cycle === undefined ? {} : { cycle: written.cycle }),
      };
    }),
    behaviours: behaviours.map(({ run, ...behaviour }) =>
      run === undefined
        ? behaviour
        : {
            ...behaviour,
            depth: run.steps.length,
            run: run.steps.map((step) => stepDocument(step, run.places)),
            instead: run.instead.map((step) => stepDocument(step, run.places)),
          },
    ),
  };
}

const verdictDocument = ({ verdict, because, counterexample }: CheckedProperty): VerdictDocument => ({
  verdict,
  ...(because === undefined ? {} : { because }),
  ...(counterexample === undefined ? {} : { depth: counterexample.depth }),
});
