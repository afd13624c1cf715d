/** The result of a comparison as it stands in `--json`: a contract, with a published schema. */

import type { CheckedProperty } from './check.ts';
import type { Comparison } from './compare.ts';
import { checkDocument, stepDocument } from './document.ts';

export function comparisonDocument({ rows, examples, results, behaviours, ...rest }: Comparison) {
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
      verdicts: [verdictDocument(first), verdictDocument(second)] as const,
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

const verdictDocument = ({ verdict, because, counterexample }: CheckedProperty) => ({
  verdict,
  ...(because === undefined ? {} : { because }),
  ...(counterexample === undefined ? {} : { depth: counterexample.depth }),
});
