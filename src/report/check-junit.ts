/** Results of checks as suites of JUnit: a suite for each exploration, a case for each property. */
import type { CheckedProperty, CheckResult } from '../questions/check.ts';
import { drawChart } from './chart/draw.ts';
import { counterexampleChart } from './counterexample.ts';
import type { Outcome, TestSuite } from './junit.ts';

export const checkSuite = (result: CheckResult): TestSuite => ({
  name: `${result.revision}, ${result.scenario} (${result.size})`,
  seconds: result.statistics.seconds,
  cases: result.properties.map((property) => ({
    name: property.id,
    className: `check.${result.revision}.${result.scenario}`,
    outcome: outcomeOf(property, result),
  })),
});

function outcomeOf(
  { id, verdict, because = '', counterexample, own }: CheckedProperty,
  result: CheckResult,
): Outcome {
  if (verdict === 'holds') return { kind: 'passed' };
  if (verdict === 'inconclusive') {
    return { kind: 'error', type: 'inconclusive', says: because || 'inconclusive', details: because };
  }
  return {
    kind: 'failed',
    type: id,
    says: `${because}${counterexample === undefined ? '' : ` (in ${counterexample.depth} steps)`}`,
    details:
      counterexample === undefined
        ? because
        : drawChart(counterexampleChart(counterexample, result.places, id, '', own), {
            width: 120,
            colour: false,
            unicode: true,
          }),
  };
}
