/** Results of checks as results of SARIF: one for each property, in the scenario that was explored. */
import { properties } from '../../model/index.ts';
import type { CheckResult } from '../questions/check.ts';
import { checkDocument } from '../questions/document.ts';
import type { SarifResult, SarifRule } from './sarif.ts';

/** Ours, and those that the revisions of some results bring along. */
export function propertyRules(results: readonly CheckResult[] = []): readonly SarifRule[] {
  const own = new Map(
    results.flatMap((result) =>
      result.properties.flatMap((property) =>
        property.own === undefined ? [] : [[property.id, { id: property.id, ...property.own }] as const],
      ),
    ),
  );
  return [...properties, ...own.values()].map(({ id, title, says }) => ({ id, title, says }));
}

const KINDS = { holds: 'pass', violated: 'fail', inconclusive: 'open' } as const;

/** @param file the revision's file, as the user named it; absent for a shipped one */
export function checkResults(result: CheckResult, file?: string): readonly SarifResult[] {
  const told = checkDocument(result).properties;
  return result.properties.map(({ id, verdict, because, counterexample }, index): SarifResult => {
    const where = `${result.revision}, ${result.scenario} (${result.size})`;
    const steps =
      counterexample === undefined ? '' : ` The shortest counterexample has ${counterexample.depth} steps.`;
    return {
      rule: id,
      kind: KINDS[verdict],
      message: verdict === 'holds' ? `${id} holds in ${where}.` : `${where}: ${because ?? verdict}.${steps}`,
      places: [{ ...(file === undefined ? {} : { file }), name: where, kind: 'module' }],
      properties: {
        verdict,
        bounds: result.bounds,
        ...(counterexample === undefined ? {} : { counterexample: told[index]?.counterexample }),
      },
    };
  });
}
